using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Folds a state into 64 bits, the same on every machine. Against accidents, not against forgers.</summary>
internal struct StateHasher()
{
    private ulong _hash = 0x243F6A8885A308D3;

    public readonly ulong Value => _hash;

    public void Add(ulong value)
    {
        // The odd constant on both factors keeps a zero product, which would forget the past, out of reach of small values.
        var high = Math.BigMul(_hash ^ 0x9E3779B97F4A7C15, value ^ 0xD6E8FEB86659FD93, out var low);
        _hash = high ^ low ^ (_hash << 23 | _hash >> 41);
    }

    public void Add(long value) => Add((ulong)value);

    public void Add(int first, int second = 0) => Add((ulong)(uint)first << 32 | (uint)second);

    public void Add(Int128 value)
    {
        Add((ulong)(value >> 64));
        Add((ulong)value);
    }

    /// <summary>Adds a value word by word; its size is a multiple of eight bytes and it has no padding.</summary>
    public void AddWords<T>(in T value) where T : unmanaged
    {
        foreach (var word in MemoryMarshal.Cast<T, ulong>(MemoryMarshal.CreateReadOnlySpan(in value, 1))) Add(word);
    }
}
