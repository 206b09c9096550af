namespace Venue.Benchmarks.Engine;

/// <summary>Where an engine's answers and trades are written, 32 bytes each, the same as the yardstick's; keeps the trade hash.</summary>
internal sealed class AnswerRing
{
    private const int Size = 4096;
    private const byte Trade = 9;

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

    private readonly Answer[] _ring = new Answer[Size];
    private long _count;

    public long Trades { get; private set; }
    public ulong Hash { get; private set; } = FlowHash.TradesStart;

    public void AddAnswer(byte type, uint id, int symbol, byte side, int ticks, uint lots)
    {
        ref var a = ref _ring[_count & (Size - 1)];
        (a.Type, a.Side, a.Symbol, a.Lots) = (type, side, (ushort)symbol, lots);
        (a.First, a.Second, a.Ticks, a.Seq) = (id, 0, ticks, _count++);
    }

    public void AddTrade(uint maker, uint taker, int ticks, uint lots)
    {
        ref var a = ref _ring[_count & (Size - 1)];
        (a.Type, a.Lots) = (Trade, lots);
        (a.First, a.Second, a.Ticks, a.Seq) = (maker, taker, ticks, _count++);
        Trades++;
        Hash = FlowHash.Mix(Hash, maker, taker, ticks, lots);
    }
}
