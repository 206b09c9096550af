using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>What clients could do to make one command long: each ends, with no more events than what happened has. How long that takes is measured by `./run bench worst`.</summary>
internal sealed class WorstCaseTests
{
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
        Assert.That(events, Is.InRange(4 * Stops, 4 * Stops + 10), "each was triggered, and traded");
    }

    /// <summary>Each stop's trade is what triggers the next.</summary>
    [Test]
    public void A_cascade_of_ten_thousand_stops()
    {
        for (var i = 0; i <= Stops; i++) Enter(Side.Sell, 1, 1000 + i);
        for (var i = 0; i < Stops; i++) Enter(Side.Buy, 1, 0, OrdType.Stop, new OrderTerms { StopTicks = 1000 + i });
        var events = Run(() => Enter(Side.Buy, 1, 1000));
        Assert.That(_engine.Trades, Is.EqualTo(Stops + 1));
        Assert.That(events, Is.InRange(5 * Stops, 5 * Stops + 10), "each was triggered, and traded a price away");
    }

    [Test]
    public void An_iceberg_refreshed_ten_thousand_times()
    {
        Enter(Side.Sell, 10_001, 1000, OrdType.Limit, new OrderTerms { DisplayLots = 1 });
        Enter(Side.Sell, 1, 1000);
        Assert.That(Run(() => Enter(Side.Buy, 10_002, 1000)), Is.InRange(3 * 10_002, 3 * 10_002 + 10), "both reports and the trade");
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
        for (var ticks = 950; ticks < 955; ticks++) Assert.That(Run(() => Enter(Side.Buy, 1, ticks)), Is.EqualTo(2), "its report and its level: those that follow are hidden or asleep");
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
        Assert.That(Run(() => _engine.Apply(Commands.Whole(in _commands.Begin<Tick>(CommandType.Tick, 0)))), Is.EqualTo(2 * Stops), "its report and its level");
        Assert.That(_engine.OpenOrders, Is.Zero);
    }

    [Test]
    public void A_price_of_ten_thousand_orders_shared_by_size()
    {
        ref var trading = ref _commands.Begin<DefineTrading>(CommandType.DefineTrading, 0);
        (trading.Instrument, trading.Allocation) = (1, Allocation.ProRata);
        _engine.Apply(Commands.Whole(in trading));
        for (var i = 0; i < Stops; i++) Enter(Side.Sell, 5, 1000);
        for (var lots = 1; lots <= 5; lots++) Assert.That(Run(() => Enter(Side.Buy, lots, 1000)), Is.LessThan(10));
        // Nobody's share is a whole lot, so that the oldest trade: the third command meets what two are left of and the next.
        Assert.That(_engine.Trades, Is.EqualTo(6));
    }

    [Test]
    public void A_limit_counts_what_is_open_a_slice_a_command()
    {
        for (var i = 0; i < 200; i++) Enter(Side.Buy, 1, 1 + i % 50);
        Limit(200);
        var walk = _engine.WalkAt(0);
        Assert.That((_engine.Walks, walk.Session), Is.EqualTo((1, 0)), "one slice of them is counted; nobody's connection sets the pace");
        Assert.That(OpenAfter(() => Enter(Side.Buy, 1, 1)), Is.EqualTo(201), "what is counted so far leaves room");
        Continue(walk.Number);
        Limit(202);
        Assert.That((_engine.Walks, _engine.WalkAt(0).Number), Is.EqualTo((1, walk.Number)), "another number is no other count");
        while (_engine.Walks > 0) Continue(walk.Number);
        Assert.That(OpenAfter(() => Enter(Side.Buy, 1, 1)), Is.EqualTo(202));
        Assert.That(OpenAfter(() => Enter(Side.Buy, 1, 1)), Is.EqualTo(202), "all are counted");
        Limit(0);
        Limit(202);
        Assert.That(_engine.Walks, Is.EqualTo(1), "counted anew");
        Limit(0);
        Assert.That(_engine.Walks, Is.Zero, "nobody asks");

        int OpenAfter(Action command)
        {
            Run(command);
            return _engine.OpenOrders;
        }

        void Continue(long number) => Run(() =>
        {
            ref var c = ref _commands.Begin<ContinueWalk>(CommandType.ContinueWalk, 0);
            c.Walk = number;
            _engine.Apply(Commands.Whole(in c));
        });

        void Limit(int orders) => Run(() =>
        {
            ref var c = ref _commands.Begin<DefineLimits>(CommandType.DefineLimits, 0);
            (c.Firm, c.OpenOrdersMax) = (1, orders);
            _engine.Apply(Commands.Whole(in c));
        });
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

    /// <summary>Runs one command; returns how many events it gave.</summary>
    private int Run(Action command)
    {
        _log.Clear();
        command();
        var events = 0;
        for (var rest = _log.Bytes; rest.Length > 0; rest = rest[MemoryMarshal.Read<EventHeader>(rest).Length..]) events++;
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
