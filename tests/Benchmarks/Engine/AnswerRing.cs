using System.Runtime.CompilerServices;
using Venue.Matching;

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

    private readonly FixedArray<Answer> _ring = new(Size);
    private long _count;
    private long _trades;
    private ulong _hash = FlowHash.TradesStart;

    public long Trades => _trades;
    public ulong Hash => _hash;

    public void AddAnswer(byte type, uint id, int symbol, byte side, int ticks, uint lots)
    {
        ref var a = ref Next();
        a.Type = type;
        a.Side = side;
        a.Symbol = (ushort)symbol;
        a.Lots = lots;
        a.First = id;
        a.Second = 0;
        a.Ticks = ticks;
    }

    public void AddTrade(uint maker, uint taker, int ticks, uint lots)
    {
        ref var a = ref Next();
        a.Type = Trade;
        a.Lots = lots;
        a.First = maker;
        a.Second = taker;
        a.Ticks = ticks;
        _trades++;
        _hash = FlowHash.Mix(_hash, maker, taker, ticks, lots);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Answer Next()
    {
        var seq = _count++;
        ref var a = ref _ring[(int)seq & (Size - 1)];
        a.Seq = seq;
        return ref a;
    }
}
