using System.Globalization;
using Custody.Host.Api;
using House.Prepare;

namespace House.Demo;

/// <summary>What goes wrong on purpose, each at a moment that the caller chooses, and each followed to its end.</summary>
internal sealed class Accidents(Stage stage, Books books)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Both networks of the sample are this deep before anything counts; chains.json has the same number.
    private const int Confirmations = 3;

    /// <summary>A block is reorganised away under a deposit that is not confirmed; the deposit comes again in another block and is credited once.</summary>
    public void Reorganise(decimal bitcoin)
    {
        var before = stage.Engine.Owns(Stage.Client, Stage.Base);
        var address = stage.Custody.AddressOf(SampleCustody.Bitcoin, stage.Names.Firm(Stage.Client));
        var paid = stage.Bitcoin.PayFromClient(address, bitcoin);
        var block = stage.Bitcoin.Mine(1)[0];
        Wait.For(() => stage.Custody.Deposit(paid)?.Status is "Seen" or "Confirming", Patience, () => $"custody does not see the deposit {paid}");
        stage.Say($"deposit of {Stage.Text(bitcoin)} {Stage.Base} seen in block {stage.Bitcoin.Height} {block[..12]}…, 1 of {Confirmations} confirmations");

        stage.Bitcoin.Invalidate(block);
        stage.Bitcoin.MineEmpty();
        stage.Bitcoin.MineEmpty();
        Wait.For(() => stage.Custody.Deposit(paid)?.Status == "TakenBack", Patience, () => $"custody does not take back the deposit {paid}, whose block is gone: {stage.Custody.Deposit(paid)?.Status}");
        if (stage.Engine.Owns(Stage.Client, Stage.Base) != before) throw new StoryException("the engine credited a deposit that no block holds");
        stage.Say("a longer branch without it took that block's place: taken back, nothing was credited");

        stage.Bitcoin.Mine(Confirmations);
        Wait.For(() => stage.Custody.Deposit(paid)?.Status == "Credited", Patience, () => $"custody does not credit the deposit {paid}: {stage.Custody.Deposit(paid)?.Status}");
        books.Deposited(bitcoin, 0);
        var now = stage.Engine.Owns(Stage.Client, Stage.Base);
        if (now != before + bitcoin) throw new StoryException($"the engine has {Stage.Text(now - before)} {Stage.Base} more for a deposit of {Stage.Text(bitcoin)}");
        stage.Say("included again, confirmed, credited once");
    }

    /// <summary>The client trades with the house, and the bridge is killed so long after, its hedge under way.</summary>
    /// <param name="side">'1' the client buys, '2' it sells.</param>
    /// <param name="quantity">Traded, in units of the base asset.</param>
    /// <param name="exchangeDelay">How slow both exchanges are with their next order.</param>
    /// <param name="killAfter">From the fill to the kill; null to wait until a hedge has been sent.</param>
    public void KillBridge(char side, decimal quantity, TimeSpan exchangeDelay, TimeSpan? killAfter)
    {
        var instrument = stage.AwaitQuotes().Of(Stage.Symbol);
        if (exchangeDelay > TimeSpan.Zero) stage.Exchanges.SlowNextOrder(exchangeDelay);
        var order = side == '1' ? Buy(quantity, instrument.Quote("ask").Price) : Sell(quantity, instrument.Quote("bid").Price);
        var pending = "";
        if (killAfter is { } delay)
        {
            Thread.Sleep(delay);
        }
        else
        {
            Wait.For(() => stage.Bridge.TryRead()?.Hedges(Stage.Symbol).FirstOrDefault(h => h.IsOpen) is { } hedge && (pending = $"hedge {hedge.ClientID} at {hedge.Exchange} is {hedge.State}") != "",
                Patience, () => "the bridge does not hedge its fill");
        }
        var back = stage.Kill("bridge");
        stage.Exchanges.Calm();
        stage.Say(string.Create(CultureInfo.InvariantCulture, $"{(side == '1' ? "bought" : "sold")} {Stage.Text(order.Filled)} {Stage.Base}; {(pending.Length > 0 ? pending : $"{killAfter?.TotalMilliseconds:0} ms later")}: bridge killed, up again after {back.TotalSeconds:0.0} s"));
        var state = stage.AwaitHedged();
        var last = state.Hedges(Stage.Symbol).Where(h => h.Filled > 0).MaxBy(h => h.ChangedNs);
        stage.Say($"asked the exchange what became of it; exposure {Stage.Text(state.Of(Stage.Symbol).Position)} {Stage.Base}{(last is null ? "" : $", last hedge {last.Side} {Stage.Text(last.Filled)} at {last.Exchange}")}");
    }

    /// <summary>A withdrawal is approved, and custody is killed so long after.</summary>
    /// <param name="bitcoin">Withdrawn.</param>
    /// <param name="killAfter">From the second approval to the kill.</param>
    public void KillCustody(decimal bitcoin, TimeSpan killAfter)
    {
        var withdrawal = Ask(bitcoin);
        foreach (var approver in SampleCustody.Approvers) withdrawal = stage.Custody.Approve(withdrawal, approver);
        Thread.Sleep(killAfter);
        var status = stage.Custody.Withdrawal(withdrawal.Nonce).Status;
        var back = stage.Kill("custody");
        stage.Say(string.Create(CultureInfo.InvariantCulture, $"withdrawal of {Stage.Text(bitcoin)} {Stage.Base} is {status.ToLowerInvariant()}: custody killed, up again after {back.TotalSeconds:0.0} s"));
        Settle(withdrawal, bitcoin);
        stage.Say("it went on from what was written down: paid once, settled");
    }

    /// <summary>Asks for a withdrawal to the client's own wallet.</summary>
    public WithdrawalState Ask(decimal bitcoin) => stage.Custody.Request(new WithdrawalRequest
    {
        Key = $"demo-{Guid.NewGuid():n}",
        Firm = stage.Names.Firm(Stage.Client),
        Chain = SampleCustody.Bitcoin,
        Asset = Stage.Base,
        Atoms = Units.ToAtoms(bitcoin, stage.Names.Decimals(Stage.Base)).ToString(CultureInfo.InvariantCulture),
        Destination = stage.Withdrawals,
        FeeMax = "100000",
        LifetimeSeconds = 3600,
    });

    /// <summary>Waits until an approved withdrawal is in the network, mines, and follows it until it is settled.</summary>
    /// <returns>The transaction.</returns>
    public string Settle(WithdrawalState withdrawal, decimal bitcoin)
    {
        Await("Broadcast");
        Wait.For(() => stage.Bitcoin.Waiting().Contains(stage.Custody.Withdrawal(withdrawal.Nonce).TxId), Patience, () => $"the node does not have the transaction of withdrawal {withdrawal.Nonce}");
        stage.Bitcoin.Mine(Confirmations);
        Await("Settled");
        books.Withdrew(bitcoin);
        return stage.Custody.Withdrawal(withdrawal.Nonce).TxId;

        void Await(string status) => Wait.For(() => stage.Custody.Withdrawal(withdrawal.Nonce).Status == status, Patience, () =>
        {
            var now = stage.Custody.Withdrawal(withdrawal.Nonce);
            return $"withdrawal {withdrawal.Nonce} is {now.Status} and not {status} {now.Reason}";
        });
    }

    /// <summary>The client buys of the house, a little above its quote so that a quote that moves is still met.</summary>
    public OwnOrder Buy(decimal quantity, decimal ask) => Trade('1', quantity, ask * 1.002m);

    /// <summary>The client sells to the house.</summary>
    public OwnOrder Sell(decimal quantity, decimal bid) => Trade('2', quantity, bid * 0.998m);

    private OwnOrder Trade(char side, decimal quantity, decimal limit)
    {
        // A quote that is being replaced leaves the book empty for a moment: what was not met is tried again.
        for (var tries = 0; ; tries++)
        {
            var order = stage.Buyer.Place(side, Stage.Symbol, quantity, Math.Round(limit, 1), '3');
            if (order.Filled > 0) return order;
            if (tries == 5) throw new StoryException($"nothing traded at {Stage.Text(Math.Round(limit, 1))}: {order.Text}");
            stage.AwaitQuotes();
        }
    }
}
