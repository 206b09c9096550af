using System.Runtime.InteropServices;

namespace Venue.Matching;

/// <summary>All that rests at one price of one side: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Level
{
    /// <summary>Sum over its orders, in lots; 0 when the level is empty.</summary>
    /// <remarks>Cannot overflow: fewer than 2^23 orders of at most 2^40 lots each.</remarks>
    public long Lots;
    /// <summary>Slot of the first order in time priority; 0 when the level is empty.</summary>
    public int Head;
    /// <summary>Slot of the last order in time priority; 0 when the level is empty.</summary>
    public int Tail;
}

/// <summary>Pages of 64 neighbouring levels, shared by all books: taken on first use, returned when empty.</summary>
/// <remarks>A page that is not taken holds only zeros, so taking one clears nothing.</remarks>
public sealed class LevelPages
{
    /// <summary>Levels in a page.</summary>
    public const int PageSize = 64;

    private readonly FixedArray<Level> _levels;
    // Beside the levels, since few have any: memory becomes real only where it is written.
    private readonly FixedArray<long> _reserves;
    private readonly ulong[] _occupied;
    private readonly int[] _returned;
    private int _returnedCount;
    private int _fresh;

    /// <summary>Room for <paramref name="capacity"/> pages.</summary>
    public LevelPages(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, (1 << 24) - 1);
        _levels = new FixedArray<Level>((capacity + 1) * PageSize);
        _reserves = new FixedArray<long>((capacity + 1) * PageSize);
        _occupied = new ulong[capacity + 1];
        _returned = new int[capacity];
    }

    /// <summary>Where the levels' memory lies.</summary>
    public MemoryRange Memory => _levels.Memory;

    /// <summary>Pages that can still be taken.</summary>
    public int Left => _occupied.Length - 1 - _fresh + _returnedCount;

    /// <summary>The level at this place will be looked at soon.</summary>
    public void Prefetch(int index) => Cache.PrefetchLine(in _levels[index]);

    /// <summary>Slot of the last order of the level at this place; 0 when it is empty.</summary>
    public int TailOf(int index) => _levels[index].Tail;

    /// <summary>Takes a page of empty levels; numbers are from 1.</summary>
    internal int Take()
    {
        if (_returnedCount > 0) return _returned[--_returnedCount];
        if (_fresh == _occupied.Length - 1) throw new InvalidOperationException("No level page is left: the caller did not ask first");
        return ++_fresh;
    }

    /// <summary>Gives an empty page back.</summary>
    internal void Return(int page) => _returned[_returnedCount++] = page;

    /// <summary>One bit per level of <paramref name="page"/>: set when something rests there.</summary>
    internal ref ulong Occupied(int page) => ref _occupied[page];

    /// <summary>What the icebergs of the level at <paramref name="index"/> do not show, in lots; 0 for an empty level.</summary>
    internal ref long Reserve(int index) => ref _reserves[index];

    /// <summary>The level at <paramref name="index"/> = page * 64 + low six bits of the price.</summary>
    internal ref Level this[int index] => ref _levels[index];
}
