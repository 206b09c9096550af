using System.Numerics;

namespace Venue.Benchmarks.Engine;

/// <summary>The book a flow is generated against: knows the touch, which orders live, and the trades that must come out.</summary>
internal sealed class FlowBook
{
    /// <summary>Prices are below this, in ticks.</summary>
    public const int TicksEnd = 65536;

    public struct FlowOrder
    {
        public uint Prev, Next, Lots;
        /// <summary>What has traded of it so far, in lots.</summary>
        public uint CumLots;
        public int Ticks;
        public int LivePlace;
        public ushort Symbol;
        public byte Side;
    }

    private sealed class OneSide
    {
        public readonly uint[] Head = new uint[TicksEnd], Tail = new uint[TicksEnd];
        public readonly ulong[] Bits = new ulong[TicksEnd / 64], Top = new ulong[TicksEnd / 4096];
    }

    private readonly OneSide[] _sides;
    private readonly List<uint> _live = [];
    public readonly FlowOrder[] Orders;

    public FlowBook(uint symbols, uint maxID)
    {
        Orders = new FlowOrder[maxID + 1];
        _sides = new OneSide[symbols * 2];
        for (var i = 0; i < _sides.Length; i++) _sides[i] = new OneSide();
    }

    public int LiveCount => _live.Count;

    public uint Live(int place) => _live[place];

    public long Trades { get; private set; }

    public ulong TradeHash { get; private set; } = FlowHash.TradesStart;

    /// <summary>Best bid in ticks, 0 for none.</summary>
    public int Bid(uint symbol) => Highest(_sides[symbol * 2]);

    /// <summary>Best ask in ticks, 0 for none.</summary>
    public int Ask(uint symbol) => Lowest(_sides[symbol * 2 + 1]);

    public void Apply(in FlowMessage m)
    {
        switch (m.Op)
        {
            case FlowOp.Cancel:
                Unlink(m.ID);
                Drop(m.ID);
                return;
            case FlowOp.Modify:
                Unlink(m.ID);
                Orders[m.ID].Ticks = m.Ticks;
                Orders[m.ID].Lots = m.Lots;
                Link(m.ID);
                return;
            default:
                Enter(in m);
                return;
        }
    }

    private void Enter(in FlowMessage m)
    {
        var left = m.Lots;
        var other = _sides[m.Symbol * 2 + (m.Side ^ 1)];
        while (left > 0)
        {
            var ticks = m.Side == 0 ? Lowest(other) : Highest(other);
            if (ticks == 0 || (m.Side == 0 ? ticks > m.Ticks : ticks < m.Ticks)) break;
            var maker = other.Head[ticks];
            ref var resting = ref Orders[maker];
            var fill = Math.Min(left, resting.Lots);
            left -= fill;
            resting.Lots -= fill;
            resting.CumLots += fill;
            Trades++;
            TradeHash = FlowHash.Mix(TradeHash, maker, m.ID, ticks, fill);
            if (resting.Lots > 0) continue;
            Unlink(maker);
            Drop(maker);
        }
        if (left == 0) return;
        Orders[m.ID] = new FlowOrder { Lots = left, CumLots = m.Lots - left, Ticks = m.Ticks, Symbol = m.Symbol, Side = m.Side, LivePlace = _live.Count };
        Link(m.ID);
        _live.Add(m.ID);
    }

    private void Link(uint id)
    {
        ref var order = ref Orders[id];
        var side = _sides[order.Symbol * 2 + order.Side];
        order.Prev = side.Tail[order.Ticks];
        order.Next = 0;
        if (order.Prev != 0) Orders[order.Prev].Next = id;
        else
        {
            side.Head[order.Ticks] = id;
            side.Bits[order.Ticks >> 6] |= 1UL << order.Ticks;
            side.Top[order.Ticks >> 12] |= 1UL << (order.Ticks >> 6);
        }
        side.Tail[order.Ticks] = id;
    }

    private void Unlink(uint id)
    {
        ref var order = ref Orders[id];
        var side = _sides[order.Symbol * 2 + order.Side];
        if (order.Prev != 0) Orders[order.Prev].Next = order.Next;
        else side.Head[order.Ticks] = order.Next;
        if (order.Next != 0) Orders[order.Next].Prev = order.Prev;
        else side.Tail[order.Ticks] = order.Prev;
        if (side.Head[order.Ticks] != 0) return;
        side.Bits[order.Ticks >> 6] &= ~(1UL << order.Ticks);
        if (side.Bits[order.Ticks >> 6] == 0) side.Top[order.Ticks >> 12] &= ~(1UL << (order.Ticks >> 6));
    }

    private void Drop(uint id)
    {
        var place = Orders[id].LivePlace;
        var last = _live[^1];
        _live[place] = last;
        Orders[last].LivePlace = place;
        _live.RemoveAt(_live.Count - 1);
    }

    private static int Highest(OneSide side)
    {
        for (var i = side.Top.Length - 1; i >= 0; i--)
        {
            if (side.Top[i] == 0) continue;
            var word = i * 64 + BitOperations.Log2(side.Top[i]);
            return word * 64 + BitOperations.Log2(side.Bits[word]);
        }
        return 0;
    }

    private static int Lowest(OneSide side)
    {
        for (var i = 0; i < side.Top.Length; i++)
        {
            if (side.Top[i] == 0) continue;
            var word = i * 64 + BitOperations.TrailingZeroCount(side.Top[i]);
            return word * 64 + BitOperations.TrailingZeroCount(side.Bits[word]);
        }
        return 0;
    }
}
