using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Commands that clients might send, right and wrong ones, over three instruments, four firms, seven sessions.</summary>
internal sealed partial class RandomCommands
{
    private const int Sessions = 7;

    private readonly Commands _commands = new();
    private readonly SplitMix _random;
    private readonly DefineInstrument[] _instruments;
    private readonly List<(int Session, string ClOrdID, int Instrument, Side Side)> _recent = [];
    private readonly List<(int Session, string ClOrdID, int Instrument, Side Side)> _open = [];
    private readonly Dictionary<(int Session, string ClOrdID), int> _placeOf = [];
    private readonly Dictionary<(int Session, string ClOrdID), OrdType> _typeOf = [];
    private readonly Queue<Func<byte[]>> _setUp = [];
    private readonly int _depth;
    private readonly bool _isSpecial;
    private readonly bool _isLimited;
    private readonly bool _isQuoting;
    private readonly bool _isMargin;
    private long _nextID;
    private long _middle = 5000;

    /// <param name="seed">Of all choices.</param>
    /// <param name="isRich">False when balances often do not suffice.</param>
    /// <param name="isSpecial">True for orders with terms, phases, bands, index prices and passing days too.</param>
    /// <param name="isLimited">True for few kinds of orders under many limits.</param>
    /// <param name="isQuoting">True for quotes of liquidity providers too.</param>
    /// <param name="isMargin">True for margin accounts, moving index prices and liquidations.</param>
    /// <param name="venue">What the first command sizes the venue for; null for a venue that is not told.</param>
    public RandomCommands(ulong seed, bool isRich, bool isSpecial = false, bool isLimited = false, bool isMargin = false, EngineCapacity? venue = null, bool isQuoting = false)
    {
        if (venue is not null) SetUp(() => _commands.Venue(venue).ToArray());
        _isMargin = isMargin;
        _isLimited = isLimited;
        _isQuoting = isQuoting;
        _isSpecial = isSpecial;
        _random = new SplitMix(seed);
        _depth = 2 + (int)(seed % 4) * 2;
        // One atom per tick-lot makes every floor visible; 1e15 atoms makes 128 bits necessary.
        _instruments =
        [
            Define(1, 2, 1, tickDecimals: 2, lotDecimals: 0, lotAtoms: 100, tickLotAtoms: 1, maker: 1000, taker: 2500, "X-USD"),
            Define(2, 3, 1, tickDecimals: 0, lotDecimals: 0, lotAtoms: 1_000_000_000_000_000_000, tickLotAtoms: 100, maker: 0, taker: 999_999, "Y-USD"),
            Define(3, 2, 3, tickDecimals: 3, lotDecimals: 0, lotAtoms: 100, tickLotAtoms: 1_000_000_000_000_000, maker: 700, taker: 300, "X-Y"),
        ];
        foreach (var (number, code, decimals) in new[] { (1, "USD", 2), (2, "X", 2), (3, "Y", 18) }) SetUp(() => _commands.Asset(number, code, decimals).ToArray());
        foreach (var instrument in _instruments) SetUp(() => _commands.Instrument(instrument).ToArray());
        for (var firm = 1; firm <= 4; firm++) { var f = firm; SetUp(() => _commands.Firm(f, $"firm {f}").ToArray()); }
        for (var session = 1; session <= Sessions; session++) { var s = session; SetUp(() => _commands.Session(s, s == Sessions ? 0 : 1 + s % 4, $"client {s}").ToArray()); }
        for (var firm = 1; firm <= 4; firm++)
            foreach (var (asset, atoms) in new[] { (1, (Int128)20_000_000), (2, (Int128)2_000_000), (3, (Int128)5_000 * 1_000_000_000_000_000_000) })
            {
                var (f, a, amount) = (firm, asset, isRich ? atoms * 1000 : isMargin && firm < MarginFirms ? atoms / (asset == 1 ? 20 : asset == 2 ? 200 : 2500) : atoms);
                SetUp(() => _commands.Credit(f, a, amount, $"first {f} {a}").ToArray());
            }
        if (isMargin) SetUpMargin();
    }

    /// <summary>Notes what became of orders, so that later commands name them.</summary>
    public void NoteReports(EventLog log)
    {
        for (var events = log.Bytes; events.Length > 0; events = events[MemoryMarshal.Read<EventHeader>(events).Length..])
        {
            Note(events);
            if (MemoryMarshal.Read<EventHeader>(events).Type != EventType.ExecReport) continue;
            var e = MemoryMarshal.Read<ExecReport>(events);
            if (e.ExecType != ExecType.OrderStatus && e.OrderID != 0) Note(in e);
        }
    }

    /// <summary>The next command; the bytes are good until the one after.</summary>
    public ReadOnlySpan<byte> Next()
    {
        if (_setUp.TryDequeue(out var define)) return define();
        if (_random.OneIn(_engaged.Count > 0 ? 60 : _isMargin ? 3000 : 1200)) return Kill();
        if (_random.OneIn(_begun.Count > 0 ? 60 : 200)) return Mass();
        if (_random.OneIn(_isLimited ? 15 : _limited.Count > 0 ? 80 : 600)) return Limits();
        if (_isMargin && _random.OneIn(4)) return Margin();
        if (_random.OneIn(150)) return Account();
        if (_isQuoting && _random.OneIn(2)) return Quoting();
        if (_isSpecial && _random.OneIn(3)) return Special();
        var kind = _random.Below(1000);
        return kind switch
        {
            < 520 => New(),
            < 760 => Cancel(),
            < 900 => Replace(),
            < 950 => Status(),
            < 970 => Refuse(),
            < 985 => Credit(),
            < 995 => Withdraw(),
            _ => Redefine(),
        };
    }

    /// <summary>Keeps account of which orders are open: those are the ones worth a cancel.</summary>
    public void Note(in ExecReport e)
    {
        if (e.ExecType is ExecType.TradeCancel or ExecType.TradeCorrect) return;
        if (e.ExecType == ExecType.Trade) NoteTrade(in e);
        // What a quote has open is no order that can be asked for.
        if (e.Terms.Instructions.HasFlag(OrderInstructions.Quote)) return;
        var key = (e.Header.Session, e.ClOrdID.ToString());
        if (e.ExecType == ExecType.Replaced || e.LeavesLots == 0) Drop((e.Header.Session, e.OrigClOrdID.ToString()));
        if (e.LeavesLots == 0) Drop(key);
        else if (e.ExecType is ExecType.New or ExecType.Replaced)
        {
            _typeOf[key] = e.OrdType;
            _placeOf[key] = _open.Count;
            _open.Add((key.Session, key.Item2, e.Header.Instrument, e.Side));
        }
    }

    private void Drop((int Session, string ClOrdID) key)
    {
        if (!_placeOf.Remove(key, out var place)) return;
        _typeOf.Remove(key);
        var last = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        if (place == _open.Count) return;
        _open[place] = last;
        _placeOf[(last.Session, last.ClOrdID)] = place;
    }

    private ReadOnlySpan<byte> New()
    {
        if (_random.OneIn(50)) _middle = Math.Clamp(_middle + _random.Below(21) - 10, 4000, 6000);
        var session = Session();
        ref var c = ref _commands.Begin<NewOrder>(CommandType.NewOrder, session);
        var id = ClOrdID(session);
        c.ClOrdID = Text40.From(id);
        c.Instrument = _random.OneIn(200) ? _random.Below(6) - 1 : 1 + _random.Below(3);
        c.Side = _random.OneIn(300) ? (Side)_random.Below(4) : Side();
        c.OrdType = _random.OneIn(300) ? (OrdType)_random.Below(5) : _random.OneIn(12) ? OrdType.Market : OrdType.Limit;
        c.TimeInForce = _random.Below(20) switch { 0 => TimeInForce.ImmediateOrCancel, 1 => TimeInForce.FillOrKill, 2 when _random.OneIn(10) => (TimeInForce)'6', _ => TimeInForce.GoodTillCancel };
        c.PriceTicks = Ticks(c.Side);
        c.Lots = Lots();
        c.Flags = Flags();
        Note(session, id, c.Instrument, c.Side);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Cancel()
    {
        var (session, orig, instrument, side) = Recent();
        ref var c = ref _commands.Begin<CancelOrder>(CommandType.CancelOrder, session);
        c.ClOrdID = Text40.From(ClOrdID(session));
        c.OrigClOrdID = Text40.From(orig);
        c.Instrument = instrument;
        c.Side = _random.OneIn(3) ? 0 : side;
        if (_random.OneIn(100)) c.OrderID = 1L << 32 | (uint)_random.Below(100);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Replace()
    {
        var (session, orig, instrument, side) = Recent();
        ref var c = ref _commands.Begin<ReplaceOrder>(CommandType.ReplaceOrder, session);
        var id = ClOrdID(session);
        c.ClOrdID = Text40.From(id);
        c.OrigClOrdID = Text40.From(orig);
        c.Instrument = instrument;
        c.Side = _random.OneIn(100) ? Side() : side;
        c.OrdType = _random.OneIn(100) ? (OrdType)_random.Below(4) : OrdType.Limit;
        c.TimeInForce = _random.OneIn(100) ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel;
        c.PriceTicks = Ticks(side);
        c.Lots = Lots();
        c.Flags = Flags();
        Note(session, id, instrument, side);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Status()
    {
        var (session, orig, instrument, side) = Recent();
        ref var c = ref _commands.Begin<OrderStatusRequest>(CommandType.OrderStatus, session);
        c.ClOrdID = Text40.From(orig);
        c.Instrument = instrument;
        c.Side = side;
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Refuse()
    {
        var session = Session();
        ref var c = ref _commands.Begin<RefuseOrder>(CommandType.RefuseOrder, session);
        c.ClOrdID = Text40.From(ClOrdID(session));
        c.Symbol = Text40.From("NO-SUCH");
        c.Reason = _random.OneIn(2) ? Reason.UnknownInstrument : Reason.UnsupportedOrder;
        c.Side = Side();
        c.OrdType = OrdType.Limit;
        return Commands.Whole(in c);
    }

    private void SetUp(Func<byte[]> command) => _setUp.Enqueue(command);

    private int Session() => _random.OneIn(200) ? (_random.OneIn(2) ? 99 : Sessions) : 1 + _random.Below(Sessions - 1);

    private Side Side() => _random.OneIn(2) ? Venue.Messages.Side.Buy : Venue.Messages.Side.Sell;

    private long Lots() => _isLimited ? 1 + _random.Below(12) * 5 : _random.OneIn(50) ? _random.Below(1200) : 1 + _random.Below(60);

    private OrderFlags Flags() => _random.OneIn(150) ? (OrderFlags)_random.Below(32) : OrderFlags.None;

    private long Ticks(Side side)
    {
        if (_random.OneIn(100)) return _random.Below(20_000) - 1;
        if (_isLimited) return side == Venue.Messages.Side.Sell ? _middle + _random.Below(3) * 50 - 40 : _middle - _random.Below(3) * 50 + 40;
        var away = _random.Below(1 << _random.Below(9)) - 3;
        return side == Venue.Messages.Side.Sell ? _middle + away : _middle - away;
    }

    private string ClOrdID(int session) =>
        _random.OneIn(100) && _recent.Count > 0 ? _recent[_random.Below(_recent.Count)].ClOrdID
        // Lengths on both sides of every word of a Text40.
        : $"{session}-{++_nextID}".PadRight(_random.OneIn(5) ? 39 : 8, 'x');

    private (int Session, string ClOrdID, int Instrument, Side Side) Recent()
    {
        if (_recent.Count == 0 || _random.OneIn(200)) return (Session(), "never", 1, Venue.Messages.Side.Buy);
        if (_open.Count > 0 && _random.OneIn(_depth)) return _open[_random.Below(_open.Count)];
        // The rest are mostly young orders, open or not, and some that closed long ago.
        var at = _random.OneIn(3) ? _random.Below(_recent.Count) : Math.Max(0, _recent.Count - 1 - _random.Below(64));
        var (session, id, instrument, side) = _recent[at];
        return _random.OneIn(200) ? (Session(), id, _random.Below(4), side) : (session, id, instrument, side);
    }

    private void Note(int session, string id, int instrument, Side side)
    {
        if (_recent.Count == 500) _recent.RemoveRange(0, 100);
        _recent.Add((session, id, instrument, side));
    }

    private static DefineInstrument Define(int number, int baseAsset, int quoteAsset, int tickDecimals, int lotDecimals, long lotAtoms, long tickLotAtoms, int maker, int taker, string symbol) => new()
    {
        Instrument = number, BaseAsset = baseAsset, QuoteAsset = quoteAsset, TickMantissa = 1, TickDecimals = tickDecimals,
        LotMantissa = 1, LotDecimals = lotDecimals, LotAtoms = lotAtoms, TickLotAtoms = tickLotAtoms, MakerFeePpm = maker, TakerFeePpm = taker,
        MinLots = 1, MaxLots = 1000, MaxPriceTicks = 10_000, Symbol = Text16.From(symbol),
    };
}
