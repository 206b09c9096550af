using Venue.Matching;
using Venue.Messages;

namespace Venue.Benchmarks.Engine;

/// <summary>The book alone: no firms, no money; each order's answer and each fill is written to a ring.</summary>
internal sealed class BookRun : IRun
{
    private struct Answer
    {
        public byte Type;
        public byte Side;
        public ushort Symbol;
        public uint Lots;
        public uint First;
        public uint Second;
        public int Ticks;
        public long Seq;
    }

    private sealed class Sink
    {
        public readonly Answer[] Ring = new Answer[4096];
        public uint[] IDOf = [];
        public long Count;
        public long Trades;
        public ulong Hash = FlowHash.TradesStart;
        public uint Taker;
        public int FreeCount;
        public int[] Free = [];
        public OrderSlab Orders = null!;
    }

    private readonly struct Fills(Sink sink) : IBookEvents
    {
        public void OnFill(int maker, Price price, Quantity quantity)
        {
            var id = sink.IDOf[maker];
            ref var a = ref sink.Ring[sink.Count & 4095];
            a = new Answer { Type = 9, Lots = (uint)quantity.Lots, First = id, Second = sink.Taker, Ticks = (int)price.Ticks, Seq = sink.Count++ };
            sink.Trades++;
            sink.Hash = FlowHash.Mix(sink.Hash, id, sink.Taker, (int)price.Ticks, (uint)quantity.Lots);
            if (sink.Orders[maker].Lots == 0) sink.Free[sink.FreeCount++] = maker;
        }
    }

    private readonly Sink _sink = new();
    private readonly OrderSlab _orders;
    private readonly Book<Fills>[] _books;
    private readonly int[] _slotOf;
    private readonly FlowMessage[] _messages;
    private int _used;

    public BookRun(Flow flow)
    {
        _messages = flow.Messages.ToArray();
        _orders = new OrderSlab(flow.MaxLive + 2);
        var pages = new LevelPages(Math.Min(1 << 20, flow.MaxLive));
        _books = new Book<Fills>[flow.Symbols];
        for (var i = 0; i < _books.Length; i++) _books[i] = new Book<Fills>(_orders, pages, new Price(FlowBook.TicksEnd), new Fills(_sink));
        _slotOf = new int[flow.MaxID + 1];
        _sink.IDOf = new uint[flow.MaxLive + 3];
        _sink.Free = new int[flow.MaxLive + 3];
        _sink.Orders = _orders;
    }

    public long Trades => _sink.Trades;
    public ulong TradeHash => _sink.Hash;

    public void Prepare(int from, int to) { }

    public void Run(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            ref var m = ref _messages[i];
            var book = _books[m.Symbol];
            var side = m.Side == 0 ? Side.Buy : Side.Sell;
            var slot = _slotOf[m.ID];
            ref var a = ref _sink.Ring[_sink.Count & 4095];
            a = new Answer { Type = (byte)m.Op, Side = m.Side, Symbol = m.Symbol, Lots = m.Lots, First = m.ID, Ticks = m.Ticks, Seq = _sink.Count++ };
            switch (m.Op)
            {
                case FlowOp.Cancel:
                    book.Cancel(slot);
                    _sink.Free[_sink.FreeCount++] = slot;
                    break;
                case FlowOp.Modify:
                    book.Cancel(slot);
                    _sink.Taker = m.ID;
                    book.Enter(slot, side, new Price(m.Ticks), new Quantity(m.Lots));
                    break;
                default:
                    slot = _sink.FreeCount > 0 ? _sink.Free[--_sink.FreeCount] : ++_used;
                    _sink.Taker = m.ID;
                    if (book.Enter(slot, side, new Price(m.Ticks), new Quantity(m.Lots)).Lots == 0)
                    {
                        _sink.Free[_sink.FreeCount++] = slot;
                        break;
                    }
                    _slotOf[m.ID] = slot;
                    _sink.IDOf[slot] = m.ID;
                    break;
            }
        }
    }
}
