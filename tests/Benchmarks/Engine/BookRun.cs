using Venue.Matching;
using Venue.Messages;

namespace Venue.Benchmarks.Engine;

/// <summary>The book alone: no firms, no money; each order's answer and each fill is written to a ring.</summary>
internal sealed class BookRun : IRun
{
    private sealed class Sink(int slots)
    {
        public readonly AnswerRing Ring = new();
        public readonly uint[] IDOf = new uint[slots];
        public readonly int[] Free = new int[slots];
        public int FreeCount;
        public uint Taker;
        public OrderSlab Orders = null!;
    }

    private readonly struct Fills(Sink sink) : IBookEvents
    {
        public void OnFill(int maker, Price price, Quantity quantity)
        {
            sink.Ring.AddTrade(sink.IDOf[maker], sink.Taker, (int)price.Ticks, (uint)quantity.Lots);
            if (sink.Orders[maker].Lots == 0) sink.Free[sink.FreeCount++] = maker;
        }

        public void OnStep(int slot, BookStep step) { }
    }

    private readonly Sink _sink;
    private readonly Book<Fills>[] _books;
    private readonly int[] _slotOf;
    private readonly FlowMessage[] _messages;
    private int _used;

    public BookRun(Flow flow)
    {
        _messages = flow.Messages.ToArray();
        _sink = new Sink(flow.MaxLive + 3) { Orders = new OrderSlab(flow.MaxLive + 2) };
        var pages = new LevelPages(Math.Min(1 << 16, flow.MaxLive));
        _books = new Book<Fills>[flow.Symbols];
        for (var i = 0; i < _books.Length; i++) _books[i] = new Book<Fills>(_sink.Orders, pages, new Price(FlowBook.TicksEnd), new Fills(_sink));
        _slotOf = new int[flow.MaxID + 1];
    }

    public long Trades => _sink.Ring.Trades;
    public ulong TradeHash => _sink.Ring.Hash;

    public void Prepare(int from, int to) { }

    public void Dispose() { }

    public void Run(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            ref var m = ref _messages[i];
            var book = _books[m.Symbol];
            var side = m.Side == 0 ? Side.Buy : Side.Sell;
            var slot = _slotOf[m.ID];
            _sink.Ring.AddAnswer((byte)m.Op, m.ID, m.Symbol, m.Side, m.Ticks, m.Lots);
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
