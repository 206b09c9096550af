using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>The ladder: a command with every fault at once, of which one is fixed per row; the next reason must come out.</summary>
internal sealed class RefusalTests
{
    private readonly EventLog _log = new();
    private Commands _commands = null!;
    private VenueEngine<Recorder> _engine = null!;

    private delegate void Fix<T>(ref T command);

    /// <summary>Session 1 has "used" and the open orders "mine" (buy 2 at 100) and "last"; the venue then holds all it can.</summary>
    [SetUp]
    public void A_full_venue()
    {
        _log.Clear();
        _commands = new Commands();
        _engine = new VenueEngine<Recorder>(new EngineCapacity { Orders = 3, ClOrdIDs = 40, LevelPages = 1 }, _log.Recorder);
        _engine.Apply(_commands.Asset(1, "USD", 0));
        _engine.Apply(_commands.Asset(2, "X", 0));
        _engine.Apply(_commands.Instrument(Definition(1, "X-USD")));
        _engine.Apply(_commands.Instrument(Definition(2, "X2-USD")));
        _engine.Apply(_commands.Firm(1, "alice"));
        _engine.Apply(_commands.Session(1, 1, "alice"));
        _engine.Apply(_commands.Session(2, 0, "watcher"));
        _engine.Apply(_commands.Credit(1, 1, 1000, "k"));
        foreach (var id in new[] { "gone", "mine", "last" }) Enter(id);
        ref var cancel = ref _commands.Begin<CancelOrder>(CommandType.CancelOrder, 1);
        (cancel.ClOrdID, cancel.OrigClOrdID, cancel.Instrument) = (Text40.From("used"), Text40.From("gone"), 1);
        Assert.That(Apply(in cancel), Is.EqualTo(Reason.ClientRequest));
    }

    [Test]
    public void New_order_faults_in_the_order_of_their_numbers()
    {
        Enter("third");
        Ladder(CommandType.NewOrder, new NewOrder
        {
            ClOrdID = Text40.From("used"), Instrument = 9, Side = 0, OrdType = (OrdType)7, TimeInForce = (TimeInForce)'6',
            PriceTicks = 0, Lots = 0, Flags = OrderFlags.PriceOffTick | OrderFlags.PriceTooLarge | OrderFlags.QuantityOffLot,
        },
            (Reason.UnknownSession, (ref NewOrder c) => c.Header.Session = 2),
            (Reason.UnknownSession, (ref NewOrder c) => c.Header.Session = 1),
            (Reason.UnknownInstrument, (ref NewOrder c) => c.Instrument = 1),
            (Reason.DuplicateClOrdID, (ref NewOrder c) => c.ClOrdID = Text40.From("new")),
            (Reason.UnsupportedOrder, (ref NewOrder c) => c.OrdType = OrdType.Limit),
            (Reason.UnsupportedOrder, (ref NewOrder c) => c.TimeInForce = TimeInForce.GoodTillCancel),
            (Reason.UnsupportedOrder, (ref NewOrder c) => c.Side = Side.Buy),
            (Reason.PriceIncrement, (ref NewOrder c) => c.Flags &= ~OrderFlags.PriceOffTick),
            (Reason.PriceOutOfRange, (ref NewOrder c) => c.Flags &= ~OrderFlags.PriceTooLarge),
            (Reason.PriceOutOfRange, (ref NewOrder c) => c.PriceTicks = 10_001),
            (Reason.PriceOutOfRange, (ref NewOrder c) => c.PriceTicks = 111),
            (Reason.PriceBand, (ref NewOrder c) => c.PriceTicks = 89),
            (Reason.PriceBand, (ref NewOrder c) => c.PriceTicks = 90),
            (Reason.QuantityIncrement, (ref NewOrder c) => c.Flags = OrderFlags.None),
            (Reason.QuantityTooSmall, (ref NewOrder c) => c.Lots = 1),
            (Reason.QuantityTooSmall, (ref NewOrder c) => c.Flags = OrderFlags.QuantityTooLarge),
            (Reason.QuantityTooLarge, (ref NewOrder c) => c.Flags = OrderFlags.None),
            (Reason.QuantityTooSmall, (ref NewOrder c) => c.Lots = 1001),
            (Reason.QuantityTooLarge, (ref NewOrder c) => c.Lots = 1000),
            (Reason.InsufficientBalance, (ref NewOrder c) => c.Lots = 2),
            (Reason.VenueFull, (ref NewOrder c) => c.Lots = 2));
    }

    [Test]
    public void Cancel_faults_in_the_order_of_their_numbers() => Ladder(CommandType.CancelOrder, new CancelOrder
    {
        ClOrdID = Text40.From("used"), OrigClOrdID = Text40.From("never"), OrderID = 77, Instrument = 2, Side = Side.Sell,
    },
        (Reason.UnknownSession, (ref CancelOrder c) => c.Header.Session = 1),
        (Reason.DuplicateClOrdID, (ref CancelOrder c) => c.ClOrdID = Text40.From("c")),
        (Reason.UnknownOrder, (ref CancelOrder c) => c.OrigClOrdID = Text40.From("gone")),
        (Reason.UnknownOrder, (ref CancelOrder c) => c.OrderID = 0),
        (Reason.UnknownOrder, (ref CancelOrder c) => c.Instrument = 0),
        (Reason.UnknownOrder, (ref CancelOrder c) => c.Instrument = 1),
        (Reason.UnknownOrder, (ref CancelOrder c) => c.Side = Side.Buy),
        (Reason.TooLate, (ref CancelOrder c) => c.OrigClOrdID = Text40.From("mine")),
        (Reason.ClientRequest, (ref CancelOrder c) => c.OrigClOrdID = Text40.From("mine")));

    [Test]
    public void Replace_faults_in_the_order_of_their_numbers() => Ladder(CommandType.ReplaceOrder, new ReplaceOrder
    {
        ClOrdID = Text40.From("used"), OrigClOrdID = Text40.From("never"), OrderID = 77, Instrument = 0, Side = Side.Sell, OrdType = (OrdType)7,
        TimeInForce = TimeInForce.FillOrKill, PriceTicks = 0, Lots = 0, Flags = OrderFlags.PriceOffTick | OrderFlags.PriceTooLarge | OrderFlags.QuantityOffLot,
    },
        (Reason.UnknownSession, (ref ReplaceOrder c) => c.Header.Session = 1),
        (Reason.DuplicateClOrdID, (ref ReplaceOrder c) => c.ClOrdID = Text40.From("r")),
        (Reason.UnknownOrder, (ref ReplaceOrder c) => c.OrigClOrdID = Text40.From("gone")),
        (Reason.UnknownOrder, (ref ReplaceOrder c) => c.OrderID = 0),
        (Reason.UnknownOrder, (ref ReplaceOrder c) => c.Instrument = 2),
        (Reason.TooLate, (ref ReplaceOrder c) => c.OrigClOrdID = Text40.From("mine")),
        (Reason.UnsupportedOrder, (ref ReplaceOrder c) => c.OrdType = OrdType.Market),
        (Reason.UnsupportedOrder, (ref ReplaceOrder c) => c.TimeInForce = TimeInForce.GoodTillCancel),
        (Reason.NotReplaceable, (ref ReplaceOrder c) => c.OrdType = OrdType.Limit),
        (Reason.NotReplaceable, (ref ReplaceOrder c) => c.Instrument = 1),
        (Reason.NotReplaceable, (ref ReplaceOrder c) => c.Side = Side.Buy),
        (Reason.PriceIncrement, (ref ReplaceOrder c) => c.Flags &= ~OrderFlags.PriceOffTick),
        (Reason.PriceOutOfRange, (ref ReplaceOrder c) => c.Flags &= ~OrderFlags.PriceTooLarge),
        (Reason.PriceOutOfRange, (ref ReplaceOrder c) => c.PriceTicks = 111),
        (Reason.PriceBand, (ref ReplaceOrder c) => c.PriceTicks = 110),
        (Reason.QuantityIncrement, (ref ReplaceOrder c) => c.Flags = OrderFlags.None),
        (Reason.QuantityTooSmall, (ref ReplaceOrder c) => c.Lots = 1001),
        (Reason.QuantityTooLarge, (ref ReplaceOrder c) => c.Lots = 1000),
        (Reason.InsufficientBalance, (ref ReplaceOrder c) => (c.Lots, c.PriceTicks) = (2, 110)),
        (Reason.None, (ref ReplaceOrder c) => c.Lots = 2));

    [Test]
    public void A_replace_for_which_there_is_no_level_is_refused()
    {
        _engine.Apply(_commands.Instrument(Definition(1, "X-USD") with { BandPpm = 0 }));
        ref var replace = ref _commands.Begin<ReplaceOrder>(CommandType.ReplaceOrder, 1);
        (replace.ClOrdID, replace.OrigClOrdID, replace.Instrument) = (Text40.From("r"), Text40.From("mine"), 1);
        (replace.OrdType, replace.TimeInForce, replace.PriceTicks, replace.Lots) = (OrdType.Limit, TimeInForce.GoodTillCancel, 60, 2);
        Assert.That(Apply(in replace), Is.EqualTo(Reason.VenueFull));
        // Refused for room, so the id may be used again.
        ref var again = ref _commands.Begin<ReplaceOrder>(CommandType.ReplaceOrder, 1);
        (again.ClOrdID, again.OrigClOrdID, again.Instrument) = (Text40.From("r"), Text40.From("mine"), 1);
        (again.OrdType, again.TimeInForce, again.PriceTicks, again.Lots) = (OrdType.Limit, TimeInForce.GoodTillCancel, 101, 2);
        Assert.That(Apply(in again), Is.EqualTo(Reason.None));
    }

    [Test]
    public void A_refused_symbol_goes_through_the_log_and_uses_its_ClOrdID()
    {
        Assert.That(RefuseSymbol(9, "u"), Is.EqualTo(Reason.UnknownSession));
        Assert.That(RefuseSymbol(1, "u"), Is.EqualTo(Reason.UnknownInstrument));
        Assert.That(MemoryMarshal.Read<ExecReport>(_log.Bytes).OrigClOrdID, Is.EqualTo(Text40.From("NOPE")));
        Assert.That(Enter("u"), Is.EqualTo(Reason.DuplicateClOrdID));
    }

    [Test]
    public void Hold_faults_in_the_order_of_their_numbers()
    {
        // 400 of the 1000 are held by the two open orders, 100 leave.
        var taken = new HoldWithdrawal { Firm = 1, Asset = 1, Key = Text40.From("taken"), Amount = new Amount(100) };
        Ladder(CommandType.HoldWithdrawal, taken, (Reason.None, (ref HoldWithdrawal _) => { }));
        Ladder(CommandType.HoldWithdrawal, new HoldWithdrawal { Firm = 9, Asset = 9, Amount = new Amount(0) },
            (Reason.Contradiction, (ref HoldWithdrawal c) => c.Firm = -1),
            (Reason.Contradiction, (ref HoldWithdrawal c) => c.Firm = 1),
            (Reason.Contradiction, (ref HoldWithdrawal c) => c.Asset = 0),
            (Reason.Contradiction, (ref HoldWithdrawal c) => c.Asset = 1),
            (Reason.Contradiction, (ref HoldWithdrawal c) => c.Key = Text40.From("taken")),
            (Reason.KeyReused, (ref HoldWithdrawal c) => c.Key = Text40.From("new")),
            (Reason.AmountOutOfRange, (ref HoldWithdrawal c) => c.Amount = new Amount(-1)),
            (Reason.AmountOutOfRange, (ref HoldWithdrawal c) => c.Amount = new Amount(Int128.MinValue)),
            (Reason.AmountOutOfRange, (ref HoldWithdrawal c) => c.Amount = new Amount(Int128.MaxValue)),
            (Reason.AmountOutOfRange, (ref HoldWithdrawal c) => c.Amount = new Amount(501)),
            (Reason.AmountOutOfRange, (ref HoldWithdrawal c) => c.Amount = new Amount(500)),
            (Reason.None, (ref HoldWithdrawal c) => c.Amount = new Amount(499)),
            (Reason.KeyReused, (ref HoldWithdrawal c) => c.Amount = new Amount(500)),
            (Reason.None, (ref HoldWithdrawal c) => c.Asset = 2),
            (Reason.KeyReused, (ref HoldWithdrawal c) => (c.Asset, c.Firm) = (1, 0)),
            (Reason.KeyReused, (ref HoldWithdrawal c) => c.Firm = 1));
    }

    [Test]
    public void Switches_of_nothing_are_refused()
    {
        Ladder(CommandType.Kill, new Kill { Scope = 0, Target = 9, Engaged = 2 },
            (Reason.Contradiction, (ref Kill c) => c.Scope = (KillScope)5),
            (Reason.Contradiction, (ref Kill c) => c.Scope = KillScope.Venue),
            (Reason.Contradiction, (ref Kill c) => c.Engaged = 1),
            (Reason.Contradiction, (ref Kill c) => c.Scope = KillScope.Firm),
            (Reason.Contradiction, (ref Kill c) => c.Target = 2),
            (Reason.Contradiction, (ref Kill c) => c.Target = 0),
            (Reason.Contradiction, (ref Kill c) => c.Scope = KillScope.Session),
            (Reason.Contradiction, (ref Kill c) => c.Target = 3),
            (Reason.Contradiction, (ref Kill c) => (c.Scope, c.Target) = (KillScope.Instrument, 0)),
            (Reason.Contradiction, (ref Kill c) => c.Target = 3),
            (Reason.Contradiction, (ref Kill c) => c.Target = 2),
            (Reason.None, (ref Kill c) => (c.Scope, c.Target, c.Engaged) = (KillScope.Session, 2, 0)),
            (Reason.None, (ref Kill c) => c.Engaged = 2),
            (Reason.Contradiction, (ref Kill c) => c.Engaged = 0));
        // Only instrument 2 was killed: the others stay as they are.
        Assert.That(Enter("third"), Is.EqualTo(Reason.None));
        Assert.That(_engine.OpenOrders, Is.EqualTo(3));
    }

    private Reason RefuseSymbol(int session, string id)
    {
        ref var c = ref _commands.Begin<RefuseOrder>(CommandType.RefuseOrder, session);
        (c.ClOrdID, c.Symbol, c.Reason) = (Text40.From(id), Text40.From("NOPE"), Reason.UnknownInstrument);
        return Apply(in c);
    }

    private Reason Enter(string id)
    {
        ref var c = ref _commands.Begin<NewOrder>(CommandType.NewOrder, 1);
        (c.ClOrdID, c.Instrument, c.Side, c.OrdType, c.TimeInForce, c.PriceTicks, c.Lots) = (Text40.From(id), 1, Side.Buy, OrdType.Limit, TimeInForce.GoodTillCancel, 100, 2);
        return Apply(in c);
    }

    /// <summary>Applies the command, expects the row's reason, then makes the row's change.</summary>
    private void Ladder<T>(CommandType type, T command, params (Reason Expected, Fix<T> Fix)[] rows) where T : unmanaged
    {
        foreach (var (row, (expected, fix)) in rows.Index())
        {
            var session = Command.Header(Bytes(ref command)).Session;
            ref var c = ref _commands.Begin<T>(type, session);
            // Refused ClOrdIDs count as used, so each row has an id of its own from the row on that gave it one.
            var header = Command.Header(Bytes(ref c));
            c = command;
            Command.Header(Bytes(ref c)) = header;
            ref var id = ref MemoryMarshal.AsRef<Text40>(Bytes(ref c)[32..]);
            if (type >= CommandType.NewOrder && id != Text40.From("used")) id = Text40.From($"{id} {row}");
            Assert.That(Apply(in c), Is.EqualTo(expected), $"row {row}");
            fix(ref command);
        }
    }

    private static Span<byte> Bytes<T>(ref T command) where T : unmanaged => MemoryMarshal.AsBytes(new Span<T>(ref command));

    /// <summary>The reason that the first event gives; None too when a repetition has none.</summary>
    private Reason Apply<T>(in T command) where T : unmanaged
    {
        _log.Clear();
        _engine.Apply(Commands.Whole(in command));
        _engine.CheckInvariants();
        if (_log.Bytes.IsEmpty) return Reason.None;
        return MemoryMarshal.Read<EventHeader>(_log.Bytes).Type switch
        {
            EventType.Refused => MemoryMarshal.Read<Refused>(_log.Bytes).Reason,
            EventType.CancelReject => MemoryMarshal.Read<CancelReject>(_log.Bytes).Reason,
            EventType.ExecReport => MemoryMarshal.Read<ExecReport>(_log.Bytes).Reason,
            _ => Reason.None,
        };
    }

    private static DefineInstrument Definition(int number, string symbol) => new()
    {
        Instrument = number, BaseAsset = 2, QuoteAsset = 1, TickMantissa = 1, LotMantissa = 1, LotAtoms = 1, TickLotAtoms = 1,
        MinLots = 2, MaxLots = 1000, MaxPriceTicks = 10_000, BandPpm = 100_000, ReferenceTicks = 100, Symbol = Text16.From(symbol),
    };
}
