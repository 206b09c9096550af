using System.Runtime.InteropServices;

namespace Venue.Benchmarks.Engine;

/// <summary>A fixed stream of order messages, the same on every machine: its hashes are part of its definition.</summary>
internal sealed class Flow
{
    private const int Middle = 32768;
    private const int Reach = 12288;
    private const uint Young = 1024;

    private const int SweepLevels = 100;
    private const int SweepOrders = 10;
    private const int AddLevels = 5000;

    private sealed record Shape(string Name, ulong Seed, uint Symbols, int SetUp, int Timed, uint Add, uint Cancel, uint Modify, int DepthBits, uint CrossLots, ulong Hash, ulong TradeHash);

    private static readonly Shape[] Shapes =
    [
        // Deep: grows from 0.2 to 0.9 million resting orders.
        new("A", 1001, 1, 200_000, 4_000_000, 60, 30, 5, 13, 250, 0x4b275642de0f1db6, 0x9fdd7fe1761134d4),
        // The same over 100 symbols.
        new("B", 1002, 100, 200_000, 4_000_000, 60, 30, 5, 13, 250, 0xe04afb0cc1793bc7, 0xe43c2ac8f7b1de34),
        // Hot: 10 to 48 thousand resting orders.
        new("H", 1003, 1, 10_000, 4_000_000, 50, 37, 8, 10, 250, 0x8198eb0623003ffd, 0xf68882871d478445),
        // Adds only, 5000 levels a side: what an order takes.
        new("C", 1004, 1, 0, 5_000_000, 100, 0, 0, 0, 0, 0x71af597b99952562, 0x14650fb0739d0383),
        // 2000 sweeps of 100 levels with 10 orders each, by one order each.
        new("D", 1005, 1, 100, 2000 * (SweepLevels * SweepOrders + 1), 0, 0, 0, 0, 0, 0x14ddcb479f51ff56, 0xc28630b3fc1e43de),
    ];

    private readonly Shape _shape;
    private readonly FlowMessage[] _messages;
    private readonly uint[] _totals;
    private int _count;
    private SplitMix _random;
    private readonly FlowBook _book;
    private uint _lastID;

    private Flow(Shape shape)
    {
        _shape = shape;
        _messages = new FlowMessage[shape.SetUp + shape.Timed];
        _totals = new uint[_messages.Length];
        _random = new SplitMix(shape.Seed);
        _book = new FlowBook(shape.Symbols, (uint)_messages.Length + 1);
    }

    public string Name => _shape.Name;

    /// <summary>True when no order ever leaves.</summary>
    public bool AddsOnly => _shape.Add == 100;

    public uint Symbols => _shape.Symbols;
    public int SetUp => _shape.SetUp;
    public ReadOnlySpan<FlowMessage> Messages => _messages;
    public uint MaxID => _lastID;
    public long Trades => _book.Trades;
    public ulong TradeHash => _book.TradeHash;
    public int MaxLive { get; private set; }

    /// <summary>OrderQty(38) that message <paramref name="index"/> asks for: what is filled already, plus what the flow wants left.</summary>
    public uint TotalLots(int index) => _totals[index];

    /// <summary>Makes a flow and checks both its hashes.</summary>
    public static Flow Make(string name)
    {
        var shape = Shapes.Single(s => s.Name == name);
        var flow = new Flow(shape);
        if (name == "C") flow.AddOnly();
        else if (name == "D") flow.Sweep();
        else flow.Mix();
        var hash = FlowHash.Fnv1a(MemoryMarshal.AsBytes(flow.Messages));
        if (hash != shape.Hash || flow.TradeHash != shape.TradeHash)
            throw new InvalidOperationException($"Flow {name}: hash {hash:x16} and {flow.TradeHash:x16}, not {shape.Hash:x16} and {shape.TradeHash:x16}");
        return flow;
    }

    /// <summary>Writes the flow in the form that the yardsticks read: yardstick/flow.h says which.</summary>
    public void Save(string path)
    {
        using var file = File.Create(path);
        ReadOnlySpan<uint> head = [Symbols, (uint)SetUp, (uint)_messages.Length, (uint)Trades, MaxID, (uint)MaxLive];
        file.Write(MemoryMarshal.AsBytes(head));
        file.Write(BitConverter.GetBytes(TradeHash));
        file.Write(MemoryMarshal.AsBytes(Messages));
        file.Write(MemoryMarshal.AsBytes(_totals.AsSpan()));
    }

    private void Mix()
    {
        for (var i = 0; i < SetUp; i++) Add();
        for (var i = 0; i < _shape.Timed; i++) Step();
    }

    private void AddOnly()
    {
        for (var i = 0; i < _shape.Timed; i++)
        {
            var side = (byte)_random.Below(2);
            var away = (int)_random.Below(AddLevels);
            Add(side, side == 0 ? Middle - 1 - away : Middle + 1 + away);
        }
    }

    private void Sweep()
    {
        // A resting bid side, so that the book never has one side only.
        for (var i = 0; i < SetUp; i++) Add(0, Middle - 1 - i);
        Span<int> ticks = stackalloc int[SweepLevels];
        while (_count < _messages.Length)
        {
            var last = Middle;
            for (var i = 0; i < SweepLevels; i++) ticks[i] = last += 1 + (int)_random.Below(8);
            uint all = 0;
            for (var i = 0; i < SweepLevels * SweepOrders; i++) all += Add(1, ticks[i % SweepLevels]);
            Push(new FlowMessage { ID = ++_lastID, Lots = all, Ticks = last, Op = FlowOp.Cross });
        }
    }

    private uint Add(byte side, int ticks)
    {
        var lots = 1 + _random.Below(100);
        Push(new FlowMessage { ID = ++_lastID, Lots = lots, Ticks = ticks, Op = FlowOp.Add, Side = side });
        return lots;
    }

    private void Step()
    {
        var dice = _random.Below(100);
        if (dice < _shape.Add || _book.LiveCount < 64) Add();
        else if (dice < _shape.Add + _shape.Cancel + _shape.Modify) Change(dice < _shape.Add + _shape.Cancel);
        else Cross();
    }

    private void Add()
    {
        var symbol = _random.Below(_shape.Symbols);
        var side = (byte)_random.Below(2);
        var ticks = PassiveTicks(symbol, side);
        Push(new FlowMessage { ID = ++_lastID, Lots = 1 + _random.Below(100), Ticks = ticks, Symbol = (ushort)symbol, Op = FlowOp.Add, Side = side });
    }

    private void Change(bool isCancel)
    {
        var count = (uint)_book.LiveCount;
        var place = _random.Below(4) != 0 && count > Young ? count - 1 - _random.Below(Young) : _random.Below(count);
        var id = _book.Live((int)place);
        ref var order = ref _book.Orders[id];
        var m = new FlowMessage { ID = id, Ticks = order.Ticks, Symbol = order.Symbol, Op = FlowOp.Cancel, Side = order.Side };
        if (!isCancel)
        {
            m.Op = FlowOp.Modify;
            m.Ticks = PassiveTicks(order.Symbol, order.Side);
            m.Lots = 1 + _random.Below(100);
            if (m.Ticks == order.Ticks) m.Ticks += order.Side == 0 ? -1 : 1;
        }
        Push(m);
    }

    private void Cross()
    {
        var symbol = _random.Below(_shape.Symbols);
        var (bid, ask) = (_book.Bid(symbol), _book.Ask(symbol));
        if (bid == 0 || ask == 0)
        {
            Add();
            return;
        }
        var side = (byte)_random.Below(2);
        if (bid + ask > 2 * Middle + 2048) side = 1;
        else if (bid + ask < 2 * Middle - 2048) side = 0;
        var through = (int)_random.Below(4);
        Push(new FlowMessage { ID = ++_lastID, Lots = 1 + _random.Below(_shape.CrossLots), Ticks = side == 0 ? ask + through : bid - through, Symbol = (ushort)symbol, Op = FlowOp.Cross, Side = side });
    }

    private int PassiveTicks(uint symbol, byte side)
    {
        var away = (int)_random.Below(1u << (int)_random.Below((uint)_shape.DepthBits));
        if (side == 0) return Math.Max((_book.Ask(symbol) is > 0 and var ask ? ask : Middle + 1) - 1 - away, Middle - Reach);
        return Math.Min((_book.Bid(symbol) is > 0 and var bid ? bid : Middle) + 1 + away, Middle + Reach);
    }

    private void Push(in FlowMessage m)
    {
        _totals[_count] = m.Lots + (m.Op == FlowOp.Modify ? _book.Orders[m.ID].CumLots : 0);
        _messages[_count++] = m;
        _book.Apply(in m);
        MaxLive = Math.Max(MaxLive, _book.LiveCount);
    }
}
