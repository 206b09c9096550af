using System.Runtime.InteropServices;

namespace Venue.Benchmarks.Engine;

/// <summary>What a message of a flow asks for.</summary>
internal enum FlowOp : byte
{
    /// <summary>A limit order that does not cross.</summary>
    Add = 0,
    Cancel = 1,
    /// <summary>New price and quantity; loses priority, does not cross.</summary>
    Modify = 2,
    /// <summary>A limit order that crosses; what is left of it rests.</summary>
    Cross = 3,
}

/// <summary>One message: 16 bytes, the unit that a flow's hash is over.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlowMessage
{
    /// <summary>Number of the order, from 1.</summary>
    public uint ID;
    public uint Lots;
    public int Ticks;
    public ushort Symbol;
    public FlowOp Op;
    /// <summary>0 buys, 1 sells.</summary>
    public byte Side;
}

/// <summary>splitmix64, integers only.</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="count"/> - 1.</summary>
    public uint Below(uint count) => (uint)(((Next() >> 32) * count) >> 32);
}

/// <summary>The two hashes that say a flow, and what an engine made of it, are right.</summary>
internal static class FlowHash
{
    public const ulong TradesStart = 1469598103934665603;

    /// <summary>FNV-1a over bytes.</summary>
    public static ulong Fnv1a(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in bytes) hash = (hash ^ b) * 1099511628211;
        return hash;
    }

    /// <summary>Adds one trade.</summary>
    public static ulong Mix(ulong hash, uint maker, uint taker, int ticks, uint lots)
    {
        hash = (hash ^ ((ulong)taker << 32 | maker)) * 1099511628211;
        hash = (hash ^ ((ulong)lots << 32 | (uint)ticks)) * 1099511628211;
        return hash ^ (hash >> 29);
    }
}
