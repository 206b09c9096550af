using System.Numerics;
using System.Runtime.CompilerServices;
using Venue.Messages;

namespace Venue.Matching;

/// <summary>
/// The levels of one side, found by price in one step, with the next best found in at most ten word
/// operations however far away it is.
/// </summary>
/// <remarks>
/// A 64-ary trie over ticks: the low six bits choose a level within a page, the rest chooses the page, and above
/// the pages stand bitmaps of bitmaps. Nothing is ever moved, sorted or recentred.
/// </remarks>
public sealed class Ladder
{
    /// <summary>Highest price that a ladder can hold, in ticks.</summary>
    public const int TicksMax = 1 << 28;

    private const int Heights = 4;

    private readonly LevelPages _pages;
    private readonly bool _lowestIsBest;
    private readonly int _none;
    // _summary[0] has a bit per page, each higher one a bit per word of the one below; the last is one word.
    private readonly ulong[][] _summary = new ulong[Heights][];
    private int[] _pageOf = [];

    /// <summary>An empty ladder for prices up to <paramref name="maxTicks"/>.</summary>
    public Ladder(LevelPages pages, Side side, int maxTicks)
    {
        _pages = pages;
        _lowestIsBest = side == Side.Sell;
        _none = _lowestIsBest ? int.MaxValue : 0;
        Best = _none;
        for (var height = 0; height < Heights; height++) _summary[height] = [];
        Grow(maxTicks);
    }

    /// <summary>Best price, in ticks; when the side is empty 0 for buys and the highest integer for sells.</summary>
    public int Best { get; private set; }

    /// <summary>True when nothing rests on this side.</summary>
    public bool IsEmpty => Best == _none;

    /// <summary>Makes room for prices up to <paramref name="maxTicks"/>; the room never shrinks.</summary>
    public void Grow(int maxTicks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTicks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxTicks, TicksMax);
        var size = (maxTicks >> 6) + 1;
        if (size > _pageOf.Length) Array.Resize(ref _pageOf, size);
        for (var height = 0; height < Heights; height++)
        {
            size = ((size - 1) >> 6) + 1;
            if (size > _summary[height].Length) Array.Resize(ref _summary[height], size);
        }
    }

    /// <summary>True when an order of the other side with this limit, 1 to <see cref="TicksMax"/>, trades with the best level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Crosses(int limitTicks) => _lowestIsBest ? Best <= limitTicks : Best >= limitTicks;

    /// <summary>True when <paramref name="ticks"/> is as good as <paramref name="limitTicks"/> for the other side, or better.</summary>
    public bool Reaches(int ticks, int limitTicks) => _lowestIsBest ? ticks <= limitTicks : ticks >= limitTicks;

    /// <summary>True when an order can rest at <paramref name="ticks"/>: its page is there or can be taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasRoom(int ticks) => _pages.Left > 0 || _pageOf[ticks >> 6] != 0;

    /// <summary>Where the level of a price that something rests at lies in the pages.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int IndexOf(int ticks) => _pageOf[ticks >> 6] << 6 | ticks & 63;

    /// <summary>The same for any price, in range or not; 0 when its page is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int PlaceOf(long ticks)
    {
        if ((ulong)ticks >> 6 >= (uint)_pageOf.Length) return 0;
        var page = _pageOf[(int)(ticks >> 6)];
        return page == 0 ? 0 : page << 6 | (int)ticks & 63;
    }

    /// <summary>Total at <paramref name="ticks"/>, in lots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long LotsAt(int ticks)
    {
        if ((uint)(ticks >> 6) >= (uint)_pageOf.Length) return 0;
        var page = _pageOf[ticks >> 6];
        return page == 0 ? 0 : _pages[page << 6 | ticks & 63].Lots;
    }

    /// <summary>Total at <paramref name="ticks"/> with what icebergs do not show, in lots.</summary>
    public long TotalAt(int ticks)
    {
        if ((uint)(ticks >> 6) >= (uint)_pageOf.Length) return 0;
        var page = _pageOf[ticks >> 6];
        return page == 0 ? 0 : _pages[page << 6 | ticks & 63].Lots + _pages.Reserve(page << 6 | ticks & 63);
    }

    /// <summary>Where the level of <paramref name="ticks"/> lies in the pages; the caller is about to put an order there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Open(int ticks)
    {
        var page = _pageOf[ticks >> 6];
        if (page == 0) page = TakePage(ticks >> 6);
        _pages.Occupied(page) |= 1UL << ticks;
        if (_lowestIsBest ? ticks < Best : ticks > Best) Best = ticks;
        return page << 6 | ticks & 63;
    }

    /// <summary>The last order at <paramref name="ticks"/> has left.</summary>
    internal void Close(int ticks)
    {
        var pageNumber = ticks >> 6;
        ref var page = ref _pageOf[pageNumber];
        ref var occupied = ref _pages.Occupied(page);
        occupied &= ~(1UL << ticks);
        if (occupied == 0)
        {
            _pages.Return(page);
            page = 0;
            UnmarkPage(pageNumber);
        }
        if (ticks == Best) Best = Next(ticks);
    }

    /// <summary>The next worse price that something rests at; when there is none 0 for buys and the highest integer for sells.</summary>
    public int Next(int ticks) => _lowestIsBest ? Above(ticks) : Below(ticks);

    /// <summary>The next better price that something rests at; when there is none the highest integer for buys and 0 for sells.</summary>
    public int Previous(int ticks) => _lowestIsBest ? Below(ticks) : Above(ticks);

    private int Below(int ticks)
    {
        var at = ticks >> 6;
        var word = _pages.Occupied(_pageOf[at]) & LowerBits(ticks);
        if (word != 0) return ticks & ~63 | Highest(word);
        for (var height = 0; height < Heights; height++)
        {
            word = _summary[height][at >> 6] & LowerBits(at);
            if (word == 0)
            {
                at >>= 6;
                continue;
            }
            at = at & ~63 | Highest(word);
            while (--height >= 0) at = at << 6 | Highest(_summary[height][at]);
            return at << 6 | Highest(_pages.Occupied(_pageOf[at]));
        }
        return 0;
    }

    private int Above(int ticks)
    {
        var at = ticks >> 6;
        var word = _pages.Occupied(_pageOf[at]) & HigherBits(ticks);
        if (word != 0) return ticks & ~63 | Lowest(word);
        for (var height = 0; height < Heights; height++)
        {
            word = _summary[height][at >> 6] & HigherBits(at);
            if (word == 0)
            {
                at >>= 6;
                continue;
            }
            at = at & ~63 | Lowest(word);
            while (--height >= 0) at = at << 6 | Lowest(_summary[height][at]);
            return at << 6 | Lowest(_pages.Occupied(_pageOf[at]));
        }
        return int.MaxValue;
    }

    private int TakePage(int at)
    {
        var page = _pageOf[at] = _pages.Take();
        MarkPage(at);
        return page;
    }

    private void MarkPage(int at)
    {
        for (var height = 0; height < Heights; height++)
        {
            ref var word = ref _summary[height][at >> 6];
            var was = word;
            word = was | 1UL << at;
            if (was != 0) return;
            at >>= 6;
        }
    }

    private void UnmarkPage(int at)
    {
        for (var height = 0; height < Heights; height++)
        {
            ref var word = ref _summary[height][at >> 6];
            word &= ~(1UL << at);
            if (word != 0) return;
            at >>= 6;
        }
    }

    // Shift counts are taken modulo 64 by the language, so the low six bits of the position select the bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LowerBits(int position) => (1UL << position) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HigherBits(int position) => ~1UL << position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Highest(ulong word) => 63 - BitOperations.LeadingZeroCount(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Lowest(ulong word) => BitOperations.TrailingZeroCount(word);
}
