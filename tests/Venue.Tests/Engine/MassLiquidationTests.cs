using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>One price puts ten thousand margin accounts under water: what becomes of them, in how small steps. How long a step takes is measured by `./run bench worst`.</summary>
internal sealed class MassLiquidationTests
{
    private const int Accounts = 10_000, Bob = Accounts + 1, Fund = Accounts + 2, Lots = 40;
    private const long WindowNs = 100_000_000;

    /// <summary>A command looks at 64 accounts and gives 16 a turn, whatever the price did.</summary>
    private const int LooksMax = 64, TurnsMax = 16;
    /// <summary>A slice that meets two orders: its report, three events and a level for each match, what is left of it; then the account's state and what the fund gives and takes.</summary>
    private const int EventsPerTurnMax = 13;

    private readonly EventLog _log = new();
    private Commands _commands = null!;
    private VenueEngine<Recorder> _engine = null!;

    [SetUp]
    public void Ten_thousand_accounts_that_owe()
    {
        _log.Clear();
        _commands = new Commands();
        _engine = new VenueEngine<Recorder>(new EngineCapacity { Orders = 1 << 15, ClOrdIDs = 1 << 17, LevelPages = 1 << 10 }, _log.Recorder);
        _engine.Apply(_commands.Asset(1, "USD", 0));
        _engine.Apply(_commands.Asset(2, "X", 0));
        _engine.Apply(_commands.Instrument(new DefineInstrument
        {
            Instrument = 1, BaseAsset = 2, QuoteAsset = 1, TickMantissa = 1, LotMantissa = 1, LotAtoms = 1, TickLotAtoms = 1, TakerFeePpm = 500,
            MinLots = 1, MaxLots = 1 << 30, MaxPriceTicks = 10_000, Symbol = Text16.From("X-USD"),
        }));
        for (var firm = 1; firm <= Fund; firm++)
        {
            _engine.Apply(_commands.Firm(firm, $"firm {firm}"));
            _engine.Apply(_commands.Session(firm, firm, $"client {firm}"));
        }
        _engine.Apply(_commands.Credit(Bob, 1, 1_000_000_000, "bob usd"));
        _engine.Apply(_commands.Credit(Bob, 2, Accounts * Lots, "bob x"));
        Apply((ref DefineMarginAsset c) => c.Asset = 1, CommandType.DefineMarginAsset);
        Apply((ref DefineMarginAsset c) => (c.Asset, c.Instrument, c.HaircutBps) = (2, 1, 1000), CommandType.DefineMarginAsset);
        Index(1000);
        Apply((ref DefineLiquidation c) => (c.Instrument, c.SliceLots, c.SlippageBps, c.OrdersMax, c.WindowNs) = (1, 20, 500, 1000, WindowNs), CommandType.DefineLiquidation);
        Enter(Bob, Side.Sell, Accounts * Lots, 1000);
        for (var firm = 1; firm <= Accounts; firm++)
        {
            var account = firm;
            // From comfortable to close: what they own themselves is 9,000 to 13,999 of 40,000.
            _engine.Apply(_commands.Credit(firm, 1, 9000 + firm % 5000, $"own {firm}"));
            Apply((ref SetCreditLine c) => (c.Firm, c.Asset, c.Amount) = (account, 1, new Amount(100_000)), CommandType.SetCreditLine);
            Apply((ref DefineMarginAccount c) => (c.Firm, c.ToldSession, c.InitialBps, c.MaintenanceBps) = (account, account, 1000, 500), CommandType.DefineMarginAccount);
            Enter(firm, Side.Buy, Lots, 1000);
        }
        while (_engine.HasMarginWork) Apply((ref ContinueMargin _) => { }, CommandType.ContinueMargin);
        Apply((ref DefineInsurance c) => c.Firm = Fund, CommandType.DefineInsurance);
        Assert.That(Enumerable.Range(1, Accounts).Count(firm => _engine.Margin(firm).State == MarginState.Healthy && _engine.Margin(firm).Debt.Atoms > 25_000), Is.EqualTo(Accounts));
    }

    /// <summary>The price falls by a quarter; those who buy stand just below. A fifth of the accounts is worth less than nothing at once.</summary>
    [Test]
    public void All_are_out_of_it_in_seconds_and_nothing_is_lost()
    {
        _engine.Apply(_commands.Credit(Fund, 1, 400_000_000, "fund"));
        for (var step = 0; step < 20; step++) Enter(Bob, Side.Buy, Accounts * Lots / 20, 748 - step);
        var seconds = Survive(750);
        var states = Enumerable.Range(1, Accounts).GroupBy(firm => _engine.Margin(firm).State).ToDictionary(group => group.Key, group => group.Count());
        TestContext.Out.WriteLine(string.Join(", ", states.Select(pair => $"{pair.Value} {pair.Key}")));
        Assert.That(states.Keys, Is.SubsetOf(new[] { MarginState.Healthy, MarginState.MarginCall, MarginState.Bankrupt }));
        Assert.That(states[MarginState.Bankrupt], Is.GreaterThan(100), "the fund was needed");
        Assert.That(_engine.IsFundExhausted, Is.False);
        Assert.That(_engine.Balance(Fund, 1).Available.Atoms > 0, Is.True);
        Assert.That(seconds, Is.LessThan(20), "by the venue's clock: a thousand orders in a tenth of a second");
        _engine.CheckInvariants();
    }

    [Test]
    public void A_fund_that_runs_dry_owes_nothing_and_gives_an_alarm()
    {
        _engine.Apply(_commands.Credit(Fund, 1, 1_000_000, "fund"));
        for (var step = 0; step < 20; step++) Enter(Bob, Side.Buy, Accounts * Lots / 20, 700 - step);
        Survive(700);
        Assert.That(_engine.IsFundExhausted, Is.True);
        Assert.That(_engine.Balance(Fund, 1).Available.Atoms >= 0, Is.True);
        var stranded = Enumerable.Range(1, Accounts).Count(firm => _engine.Margin(firm).State == MarginState.Stranded);
        TestContext.Out.WriteLine($"{stranded} stranded");
        Assert.That(stranded, Is.GreaterThan(100));
        Assert.That(_engine.HasMarginWork, Is.False, "nobody tries again before something changes");
        _engine.CheckInvariants();
    }

    /// <summary>Moves the index and goes on until there is nothing to do, no command with more events than a slice has; returns the seconds that it took by the venue's clock.</summary>
    private double Survive(long ticks)
    {
        var before = _commands.LaterNs + _commands.Seq * 1000;
        var (commands, events, most) = (0, 0, 0);
        Step(() => Index(ticks));
        while (_engine.HasMarginWork || (_engine.Liquidating > 0 && _engine.NextDueNs < long.MaxValue))
        {
            if (_engine.HasMarginWork) Step(() => Apply((ref ContinueMargin _) => { }, CommandType.ContinueMargin));
            else
            {
                // Nothing to do before the next window.
                _commands.LaterNs = _engine.NextDueNs - (_commands.Seq * 1000);
                Step(() => Apply((ref Tick _) => { }, CommandType.Tick));
            }
        }
        var seconds = (_commands.LaterNs + _commands.Seq * 1000 - before) / 1e9;
        TestContext.Out.WriteLine($"{commands} commands, {events} events, {most} of one at most, {_engine.Trades} trades; {seconds:F2} s by the venue's clock");
        Assert.That(most, Is.LessThanOrEqualTo(LooksMax + TurnsMax * EventsPerTurnMax));
        return seconds;

        void Step(Action command)
        {
            _log.Clear();
            command();
            var told = 0;
            for (var rest = _log.Bytes; rest.Length > 0; rest = rest[MemoryMarshal.Read<EventHeader>(rest).Length..]) told++;
            commands++;
            events += told;
            most = Math.Max(most, told);
        }
    }

    private delegate void Fill<T>(ref T command);

    private void Apply<T>(Fill<T> fill, CommandType type) where T : unmanaged
    {
        ref var c = ref _commands.Begin<T>(type, 0);
        fill(ref c);
        _engine.Apply(Commands.Whole(in c));
    }

    private void Index(long ticks) => Apply((ref SetIndexPrice c) => (c.Instrument, c.PriceTicks) = (1, ticks), CommandType.SetIndexPrice);

    private void Enter(int session, Side side, long lots, long ticks)
    {
        ref var c = ref _commands.Begin<NewOrder>(CommandType.NewOrder, session);
        c.ClOrdID = Text40.From($"{_commands.Seq}");
        (c.Instrument, c.Side, c.OrdType, c.TimeInForce, c.Lots, c.PriceTicks) = (1, side, OrdType.Limit, TimeInForce.GoodTillCancel, lots, ticks);
        _engine.Apply(Commands.Whole(in c));
    }
}
