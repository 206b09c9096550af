using System.Diagnostics;
using System.Globalization;
using House.Prepare;

namespace House.Demo;

/// <summary>The whole story, step by step with its numbers: money in over two chains, quotes, trades, hedges, settlement, money out, accidents.</summary>
internal sealed class Story
{
    private const decimal Bitcoin = 2m, Dollars = 50_000m;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), SlowHedge = TimeSpan.FromSeconds(1);

    private readonly Stage _stage;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private Books _books = null!;
    private Accidents _accidents = null!;

    public Story(Stage stage) => _stage = stage;

    /// <summary>Plays all of it.</summary>
    /// <exception cref="StoryException">It went otherwise than it should, or the books do not agree.</exception>
    public void Play()
    {
        _stage.AwaitQuotes();
        FillTreasury();
        _books = new Books(_stage);
        _accidents = new Accidents(_stage, _books);
        MoneyIn();
        OutsideLiquidity();
        Trades();
        Ledger();
        MoneyOut();
        Accident();
        Step("All books, each party's own count against the others'");
        foreach (var line in _books.Check()) _stage.Say(line);
    }

    private void Step(string title) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_since.Elapsed.TotalSeconds,5:0.0} s  {title}"));

    /// <summary>The house pays network fees: its treasury needs coins of both chains.</summary>
    private void FillTreasury()
    {
        var (needsBitcoin, needsEther) = (_stage.Custody.Ledger("treasury//BTC") < 10_000_000, _stage.Custody.Ledger("treasury//ETH") <= 0);
        if (!needsBitcoin && !needsEther) return;
        Step("The house fills its treasury, which pays the fees of the networks");
        List<string> paid = [];
        if (needsBitcoin) paid.Add(_stage.Bitcoin.PayFromMiner(_stage.Custody.AddressOf(SampleCustody.Bitcoin, 0), 1));
        if (needsEther) paid.Add(_stage.Ethereum.PayEther(_stage.Custody.AddressOf(SampleCustody.Ethereum, 0), Units.ToAtoms(5, 18)));
        _stage.Bitcoin.Mine(3);
        _stage.Ethereum.Mine(3);
        foreach (var each in paid) Await(each, "Credited");
        _stage.Say("1 BTC and 5 ETH");
    }

    private void MoneyIn()
    {
        var firm = _stage.Names.Firm(Stage.Client);
        var before = (_stage.Engine.Owns(Stage.Client, Stage.Base), _stage.Engine.Owns(Stage.Client, Stage.Quote));
        Step($"1  {Stage.Client} pays in: {Stage.Text(Bitcoin)} BTC on the Bitcoin node, {Stage.Text(Dollars)} USDC (an ERC-20) on the Ethereum node");
        var (bitcoin, ethereum) = (_stage.Custody.AddressOf(SampleCustody.Bitcoin, firm), _stage.Custody.AddressOf(SampleCustody.Ethereum, firm));
        _stage.Ethereum.Mint(_stage.Ethereum.Client, Units.ToAtoms(Dollars, 6));
        var (coins, dollars) = (_stage.Bitcoin.PayFromClient(bitcoin, Bitcoin), _stage.Ethereum.PayDollars(ethereum, Units.ToAtoms(Dollars, 6)));
        _stage.Say($"to {bitcoin} (2 of 3 keys, in three tokens of the HSM)");
        _stage.Say($"to {ethereum}");
        _stage.Bitcoin.Mine(1);
        Wait.For(() => _stage.Custody.Deposit(coins) is not null && _stage.Custody.Deposit(dollars) is not null, Patience, () => "custody does not see the deposits");
        if (before != (_stage.Engine.Owns(Stage.Client, Stage.Base), _stage.Engine.Owns(Stage.Client, Stage.Quote))) throw new StoryException("credited before it was confirmed");
        _stage.Say("custody sees both after 1 block and waits for 3: nothing is credited");
        _stage.Bitcoin.Mine(2);
        _stage.Ethereum.Mine(2);
        var since = Stopwatch.StartNew();
        Await(coins, "Credited");
        Await(dollars, "Credited");
        _books.Deposited(Bitcoin, Dollars);
        _stage.Say(string.Create(CultureInfo.InvariantCulture, $"3 confirmations: booked, and credited in the engine {since.Elapsed.TotalSeconds:0.0} s later: {Stage.Client} has {Stage.Text(_stage.Engine.Owns(Stage.Client, Stage.Base))} BTC, {Stage.Text(_stage.Engine.Owns(Stage.Client, Stage.Quote))} USDC"));
    }

    private void OutsideLiquidity()
    {
        Step("2  Two outside exchanges, one over WebSocket and one over FIX, become one quote");
        var instrument = _stage.AwaitQuotes().Of(Stage.Symbol);
        foreach (var book in instrument.Books) _stage.Say($"{book.Exchange,-8} {Stage.Text(book.Bid)} / {Stage.Text(book.Ask)}, book {book.State}");
        var (bid, ask) = (instrument.Quote("bid"), instrument.Quote("ask"));
        _stage.Say($"quoted   {Stage.Text(bid.Price)} x {Stage.Text(bid.Leaves)} / {Stage.Text(ask.Price)} x {Stage.Text(ask.Leaves)} in the venue, after costs and markup");
    }

    private void Trades()
    {
        Step($"3  {Stage.Client} trades over FIX: with the house's quotes, and with {Stage.Other}");
        var top = _stage.Buyer.Top(Stage.Symbol);
        // Slow for once, so that whoever looks at the desk sees the exposure come and go.
        _stage.Exchanges.SlowNextOrder(SlowHedge);
        Tell("bought", _accidents.Buy(0.3m, top.Ask), "of the house");
        Hedged("bought");
        Tell("sold", _accidents.Sell(0.2m, _stage.Buyer.Top(Stage.Symbol).Bid), "to the house");
        Hedged("sold");
        top = _stage.Buyer.Top(Stage.Symbol);
        var resting = _stage.Seller.Place('2', Stage.Symbol, 0.1m, Math.Round((top.Bid + top.Ask) / 2, 1), '1');
        Tell("bought", _accidents.Buy(0.1m, top.Ask), $"of {Stage.Other}, between the house's quotes");
        _stage.Seller.AwaitEnd(resting);
    }

    private void Tell(string did, OwnOrder order, string of)
    {
        foreach (var fill in order.Fills) _stage.Say($"{did} {Stage.Text(fill.Quantity)} BTC at {Stage.Text(fill.Price)} {of}, fee {Stage.Text(fill.Fee)} USDC");
    }

    private void Hedged(string did)
    {
        if (did == "bought") Step("4  What the house sold it has to have: exposure and hedges (the exchanges answer the first one only after 1 s, to be seen at the desk)");
        var state = _stage.AwaitHedged();
        _stage.Exchanges.Calm();
        if (state.Hedges(Stage.Symbol).Where(h => h.Filled > 0).MaxBy(h => h.IntentNs) is not { } hedge) throw new StoryException("the exposure went away and no hedge is known");
        _stage.Say(string.Create(CultureInfo.InvariantCulture, $"hedge {hedge.Side} {Stage.Text(hedge.Filled)} BTC at {hedge.Exchange}, the better one after costs, done {(hedge.ChangedNs - hedge.IntentNs) / 1e6:0} ms after it was written down; exposure {Stage.Text(state.Of(Stage.Symbol).Position)}, band {Stage.Text(state.Of(Stage.Symbol).Band)}"));
    }

    private void Ledger()
    {
        Step("5  The trades in the ledger: ledger and engine at one cut");
        foreach (var line in _books.Check().Take(1)) _stage.Say(line);
        _stage.Say($"ledger: {Stage.Client} owns {Stage.Text(Units.FromAtoms(_stage.Custody.Ledger($"firm/{_stage.Names.Firm(Stage.Client)}/BTC"), 8))} BTC, {Stage.Text(Units.FromAtoms(_stage.Custody.Ledger($"firm/{_stage.Names.Firm(Stage.Client)}/USDC"), 6))} USDC; fees taken {Stage.Text(Units.FromAtoms(_stage.Custody.Ledger("fees//USDC"), 6))} USDC");
    }

    private void MoneyOut()
    {
        Step($"6  {Stage.Client} withdraws 1 BTC");
        var before = _stage.Custody.Ledger($"firm/{_stage.Names.Firm(Stage.Client)}/BTC");
        var withdrawal = _accidents.Ask(1);
        _stage.Say($"asked for: {withdrawal.Nonce[..8]}… to {_stage.Withdrawals}, which is on the whitelist");
        withdrawal = _stage.Custody.Approve(withdrawal, SampleCustody.Approvers[0]);
        _stage.Say($"{SampleCustody.Approvers[0]} approves: {withdrawal.Approvers.Count} of {withdrawal.ApprovalsRequired}, it waits");
        withdrawal = _stage.Custody.Approve(withdrawal, SampleCustody.Approvers[1]);
        _stage.Say($"{SampleCustody.Approvers[1]} approves: {withdrawal.Approvers.Count} of {withdrawal.ApprovalsRequired}; the signer checks policy and transaction itself and asks the HSM");
        var transaction = _accidents.Settle(withdrawal, 1);
        var moved = Units.FromAtoms(before - _stage.Custody.Ledger($"firm/{_stage.Names.Firm(Stage.Client)}/BTC"), 8);
        if (moved != 1) throw new StoryException($"the ledger moved {Stage.Text(moved)} BTC for a withdrawal of 1");
        _stage.Say($"transaction {transaction[..16]}… mined and confirmed; the ledger shows it once: -1 BTC");
    }

    private void Accident()
    {
        Step("7  Accidents");
        _accidents.Reorganise(0.25m);
        _accidents.KillBridge('1', 0.2m, TimeSpan.FromSeconds(2), null);
        _accidents.KillCustody(0.1m, TimeSpan.FromMilliseconds(100));
    }

    private void Await(string txID, string status) =>
        Wait.For(() => _stage.Custody.Deposit(txID)?.Status == status, Patience, () => $"the deposit {txID} is {_stage.Custody.Deposit(txID)?.Status ?? "not seen"} and not {status}");
}
