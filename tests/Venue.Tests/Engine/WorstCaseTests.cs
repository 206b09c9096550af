using System.Diagnostics;
using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>What clients could do to make one command long: each ends, and costs little per event.</summary>
internal sealed class WorstCaseTests
{
    /// <summary>The bound that is promised; what is measured is a few microseconds, so that a busy machine does not matter.</summary>
    private const double MostMicrosecondsPerEvent = 1000;

    private const int Stops = 10_000;

    private readonly EventLog _log = new();
    private Commands _commands = null!;
    private VenueEngine<Recorder> _engine = null!;
    private int _nextID;

    [SetUp]
    public void A_rich_firm()
    {
        _log.Clear();
        _commands = new Commands();
        _engine = new VenueEngine<Recorder>(new EngineCapacity { Orders = 1 << 16, ClOrdIDs = 1 << 17, LevelPages = 1 << 13 }, _log.Recorder);
        _engine.Apply(_commands.Asset(1, "USD", 0));
        _engine.Apply(_commands.Asset(2, "X", 0));
        _engine.Apply(_commands.Instrument(new DefineInstrument
        {
            Instrument = 1, BaseAsset = 2, QuoteAsset = 1, TickMantissa = 1, LotMantissa = 1, LotAtoms = 1, TickLotAtoms = 1,
            MinLots = 1, MaxLots = 1 << 30, MaxPriceTicks = 1 << 20, Symbol = Text16.From("X-USD"),
        }));
        _engine.Apply(_commands.Firm(1, "firm"));
        _engine.Apply(_commands.Session(1, 1, "client"));
        _engine.Apply(_commands.Credit(1, 1, (Int128)1 << 100, "usd"));
        _engine.Apply(_commands.Credit(1, 2, (Int128)1 << 100, "x"));
    }

    [Test]
    public void Ten_thousand_stops_triggered_by_one_trade()
    {
        Enter(Side.Sell, 2 * Stops, 1000);
        for (var i = 0; i < Stops; i++) Enter(Side.Buy, 1, 0, OrdType.Stop, new OrderTerms { StopTicks = 1000 - (i % 7) });
        var events = Run(() => Enter(Side.Buy, 1, 1000));
        Assert.That(_engine.Trades, Is.EqualTo(Stops + 1));
        Assert.That(events, Is.GreaterThan(4 * Stops));
    }

    /// <summary>Each stop's trade is what triggers the next.</summary>
    [Test]
    public void A_cascade_of_ten_thousand_stops()
    {
        for (var i = 0; i <= Stops; i++) Enter(Side.Sell, 1, 1000 + i);
        for (var i = 0; i < Stops; i++) Enter(Side.Buy, 1, 0, OrdType.Stop, new OrderTerms { StopTicks = 1000 + i });
        var events = Run(() => Enter(Side.Buy, 1, 1000));
        Assert.That(_engine.Trades, Is.EqualTo(Stops + 1));
        Assert.That(events, Is.GreaterThan(5 * Stops));
    }

    [Test]
    public void An_iceberg_refreshed_ten_thousand_times()
    {
        Enter(Side.Sell, 10_001, 1000, OrdType.Limit, new OrderTerms { DisplayLots = 1 });
        Enter(Side.Sell, 1, 1000);
        Run(() => Enter(Side.Buy, 10_002, 1000));
        Assert.That(_engine.Trades, Is.EqualTo(10_002));
        Assert.That(_engine.OpenOrders, Is.Zero);
    }

    [Test]
    public void As_many_pegged_and_trailing_orders_as_may_follow()
    {
        Enter(Side.Buy, 1, 900);
        Enter(Side.Sell, 1, 1100);
        for (var i = 0; i < 1024; i++)
        {
            Enter(Side.Buy, 1, 1000, OrdType.Pegged, new OrderTerms { Instructions = OrderInstructions.PegPrimary, OffsetTicks = -(i % 50) });
            Enter(Side.Sell, 1, 0, OrdType.Stop, new OrderTerms { Instructions = OrderInstructions.TrailingStop, OffsetTicks = 100 + i, StopTicks = 1, Trigger = TriggerPrice.Quote });
        }
        Run(ticks => Enter(Side.Buy, 1, ticks), 950);
        _log.Clear();
        Enter(Side.Buy, 1, 1000, OrdType.Pegged, new OrderTerms { Instructions = OrderInstructions.PegPrimary });
        Assert.That(MemoryMarshal.Read<ExecReport>(_log.Bytes).Reason, Is.EqualTo(Reason.TooManyFollow));
        _log.Clear();
        Enter(Side.Sell, 1, 0, OrdType.Stop, new OrderTerms { Instructions = OrderInstructions.TrailingStop, OffsetTicks = 1, StopTicks = 1 });
        Assert.That(MemoryMarshal.Read<ExecReport>(_log.Bytes).Reason, Is.EqualTo(Reason.TooManyFollow));
    }

    [Test]
    public void Ten_thousand_orders_that_expire_at_once()
    {
        for (var i = 0; i < Stops; i++) Enter(Side.Buy, 1, 1 + i, OrdType.Limit, new OrderTerms { ExpireNs = 1_000_000_000_000 });
        _commands.LaterNs = 1_000_000_000_000;
        Run(() => _engine.Apply(Commands.Whole(in _commands.Begin<Tick>(CommandType.Tick, 0))));
        Assert.That(_engine.OpenOrders, Is.Zero);
    }

    [Test]
    public void A_price_of_ten_thousand_orders_shared_by_size()
    {
        ref var trading = ref _commands.Begin<DefineTrading>(CommandType.DefineTrading, 0);
        (trading.Instrument, trading.Allocation) = (1, Allocation.ProRata);
        _engine.Apply(Commands.Whole(in trading));
        for (var i = 0; i < Stops; i++) Enter(Side.Sell, 5, 1000);
        Run(lots => Enter(Side.Buy, lots, 1000), 1);
        // Nobody's share is a whole lot, so that the oldest trade: the third command meets what two are left of and the next.
        Assert.That(_engine.Trades, Is.EqualTo(6));
    }

    [Test]
    public void An_order_command_with_terms_allocates_nothing()
    {
        Enter(Side.Sell, 1_000_000, 1000, OrdType.Limit, new OrderTerms { DisplayLots = 1 });
        Enter(Side.Buy, 1, 990, OrdType.Pegged, new OrderTerms { Instructions = OrderInstructions.PegPrimary });
        for (var i = 0; i < 2000; i++) Round(i);
        _log.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Round(i);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Round(int i)
        {
            _log.Clear();
            Enter(Side.Buy, 3, 1000);
            Enter(Side.Buy, 1, 500 + (i % 50), OrdType.Limit, new OrderTerms { ExpireNs = long.MaxValue });
            Enter(Side.Sell, 1, 2000, OrdType.StopLimit, new OrderTerms { StopTicks = 400 });
            Enter(Side.Sell, 1, 500, OrdType.Limit, new OrderTerms { SelfTradeGroup = 1, SelfTradeMode = SelfTradeMode.CancelOldest });
        }
    }

    /// <summary>Runs a command of few events a few times, since the first runs code for the first time, and takes the quickest.</summary>
    private void Run(Action<int> command, int first)
    {
        var least = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            _log.Clear();
            var started = Stopwatch.GetTimestamp();
            command(first + i);
            least = Math.Min(least, Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }
        TestContext.Out.WriteLine($"{least:F0} us");
        Assert.That(least, Is.LessThan(MostMicrosecondsPerEvent));
        _engine.CheckInvariants();
    }

    /// <summary>Runs one command; returns how many events it gave.</summary>
    private int Run(Action command)
    {
        _log.Clear();
        var started = Stopwatch.GetTimestamp();
        command();
        var spent = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        var events = 0;
        for (var rest = _log.Bytes; rest.Length > 0; rest = rest[MemoryMarshal.Read<EventHeader>(rest).Length..]) events++;
        TestContext.Out.WriteLine($"{events} events in {spent:F0} us, {spent / events:F2} us each");
        Assert.That(spent / events, Is.LessThan(MostMicrosecondsPerEvent));
        _engine.CheckInvariants();
        return events;
    }

    private void Enter(Side side, long lots, long ticks, OrdType ordType = OrdType.Limit, OrderTerms terms = default)
    {
        ref var c = ref _commands.Begin<NewSpecialOrder>(CommandType.NewSpecialOrder, 1);
        MemoryMarshal.Write(MemoryMarshal.AsBytes(new Span<Text40>(ref c.Order.ClOrdID)), ++_nextID);
        MemoryMarshal.AsBytes(new Span<Text40>(ref c.Order.ClOrdID))[Text40.MaxLength] = sizeof(int);
        (c.Order.Instrument, c.Order.Side, c.Order.OrdType, c.Order.Lots, c.Order.PriceTicks, c.Terms) = (1, side, ordType, lots, ticks, terms);
        c.Order.TimeInForce = terms.ExpireNs == 0 ? TimeInForce.GoodTillCancel : TimeInForce.GoodTillDate;
        _engine.Apply(Commands.Whole(in c));
    }
}
