using House.Prepare;

namespace House.Demo;

/// <summary>
/// What every book in the house, outside and at the client should say, counted from a moment on: each party's own count
/// against the others'. Exact: nothing here is rounded.
/// </summary>
internal sealed class Books
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Stage _stage;
    private readonly Dictionary<(string Firm, string Asset), decimal> _start = [];
    private readonly decimal _houseCoins;
    private readonly long _receivedSats;
    private decimal _deposited, _depositedDollars, _withdrawn;

    /// <summary>Begins to count now; nothing may be under way.</summary>
    public Books(Stage stage)
    {
        _stage = stage;
        var state = stage.AwaitHedged();
        var cut = stage.Engine.Read();
        foreach (var firm in (string[])[Stage.Client, Stage.Other])
            foreach (var asset in (string[])[Stage.Base, Stage.Quote]) _start[(firm, asset)] = cut.Of(firm, asset);
        _houseCoins = cut.Of(Stage.House, Stage.Base) + stage.Exchanges.BridgeOwns(Stage.Base) - state.Of(Stage.Symbol).Position;
        _receivedSats = stage.Bitcoin.ReceivedSats(stage.Withdrawals);
    }

    /// <summary>The client paid coins in.</summary>
    public void Deposited(decimal bitcoin, decimal dollars) => (_deposited, _depositedDollars) = (_deposited + bitcoin, _depositedDollars + dollars);

    /// <summary>The client took coins out.</summary>
    public void Withdrew(decimal bitcoin) => _withdrawn += bitcoin;

    /// <summary>Each book against the others; waits while something is under way.</summary>
    /// <exception cref="StoryException">Some do not agree.</exception>
    public IReadOnlyList<string> Check()
    {
        List<string> faults = [], lines = [];
        // What is between two processes is on its way for a moment, and then it is not.
        var since = System.Diagnostics.Stopwatch.StartNew();
        do
        {
            faults.Clear();
            lines.Clear();
            Look(lines, faults);
            if (faults.Count > 0) Thread.Sleep(200);
        }
        while (faults.Count > 0 && since.Elapsed < Patience);
        return faults.Count == 0 ? lines : throw new StoryException($"the books do not agree:\n    {string.Join("\n    ", faults)}");
    }

    private void Look(List<string> lines, List<string> faults)
    {
        var reconciled = _stage.Custody.Reconcile();
        Say(reconciled.Agrees, $"ledger, engine and chains: {string.Join("; ", reconciled.Lines)}");
        var state = _stage.AwaitHedged();
        var bridge = state.Of(Stage.Symbol);
        var cut = _stage.Engine.Read();
        var coins = cut.Of(Stage.House, Stage.Base) + _stage.Exchanges.BridgeOwns(Stage.Base) - bridge.Position;
        Say(coins == _houseCoins, $"bridge: venue and exchanges hold {Stage.Text(coins + bridge.Position)} {Stage.Base}, {Stage.Text(_houseCoins)} before; exposure {Stage.Text(bridge.Position)}, band {Stage.Text(bridge.Band)}");
        Say(Math.Abs(bridge.Position) <= bridge.Band && state.Unknown == 0, $"bridge: inside its band, {state.Unknown} hedges of unknown outcome");
        foreach (var (firm, trader) in (ReadOnlySpan<(string, Trader)>)[(Stage.Client, _stage.Buyer), (Stage.Other, _stage.Seller)]) Count(cut, firm, trader, Say);
        var received = (_stage.Bitcoin.ReceivedSats(_stage.Withdrawals) - _receivedSats) / 100_000_000m;
        Say(received == _withdrawn, $"client's own wallet: received {Stage.Text(received)} {Stage.Base}, withdrew {Stage.Text(_withdrawn)}");
        var alarms = _stage.Custody.Alarms();
        var standing = alarms.Alarms.Where(a => a.Stands).Select(a => $"{a.Tag} {a.Subject}: {a.Text}").ToArray();
        Say(standing.Length == 0 && alarms.HaltedBecause.Length == 0, standing.Length == 0 && alarms.HaltedBecause.Length == 0 ? "custody: no alarm stands" : $"custody: {alarms.HaltedBecause} {string.Join("; ", standing)}");

        void Say(bool agrees, string text) => (agrees ? lines : faults).Add(text);
    }

    private void Count(VenueBooks.Cut cut, string firm, Trader trader, Action<bool, string> say)
    {
        var isClient = firm == Stage.Client;
        var coins = _start[(firm, Stage.Base)] + (isClient ? _deposited - _withdrawn : 0);
        var money = _start[(firm, Stage.Quote)] + (isClient ? _depositedDollars : 0);
        foreach (var fill in trader.Fills)
        {
            var sign = fill.Side == '1' ? 1 : -1;
            coins += sign * fill.Quantity;
            money -= sign * fill.Quantity * fill.Price + fill.Fee;
        }
        var (engineCoins, engineMoney) = (cut.Of(firm, Stage.Base), cut.Of(firm, Stage.Quote));
        say(coins == engineCoins && money == engineMoney,
            $"{firm}: by its own reports {Stage.Text(coins)} {Stage.Base} and {Stage.Text(money)} {Stage.Quote}, in the engine {Stage.Text(engineCoins)} and {Stage.Text(engineMoney)}");
    }
}
