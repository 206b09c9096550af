using System.Runtime.CompilerServices;
using Venue.Messages;

namespace Venue.Matching;

/// <summary>
/// One instrument's book, price-time priority. Same calls in, same fills out: no clock, no I/O and,
/// after construction, no allocation.
/// </summary>
/// <remarks>
/// Owned by the engine thread. An order is named by its slot in the slab, which the caller chose: a slot stands in
/// at most one book. Every method but <see cref="Match"/> and the two walks is of constant cost; those cost one step per fill or per price.
/// </remarks>
public sealed class Book<TEvents> where TEvents : struct, IBookEvents
{
    private readonly OrderSlab _orders;
    private readonly LevelPages _pages;
    private readonly Ladder _bids;
    private readonly Ladder _asks;
    private TEvents _events;
    [NotState] private bool _isFollowed;

    /// <summary>An empty book for prices of 1 to <paramref name="highest"/>; slab and pages may be shared with other books.</summary>
    public Book(OrderSlab orders, LevelPages pages, Price highest, TEvents events)
    {
        _orders = orders;
        _pages = pages;
        _bids = new Ladder(pages, Side.Buy, checked((int)highest.Ticks));
        _asks = new Ladder(pages, Side.Sell, checked((int)highest.Ticks));
        _events = events;
    }

    /// <summary>True while the listener is told each step. Following changes nothing in the book.</summary>
    public bool IsFollowed
    {
        get => _isFollowed;
        set => _isFollowed = value;
    }

    /// <summary>Trades with the other side, best price first, oldest order first, as far as <paramref name="limit"/> allows.</summary>
    /// <returns>What is left of <paramref name="quantity"/>.</returns>
    public Quantity Match(Side side, Price limit, Quantity quantity)
    {
        var ladder = Opposite(side);
        var limitTicks = (int)limit.Ticks;
        var left = quantity.Lots;
        while (left > 0 && ladder.Crosses(limitTicks))
        {
            var ticks = ladder.Best;
            ref var level = ref _pages[ladder.IndexOf(ticks)];
            do
            {
                var slot = level.Head;
                ref var maker = ref _orders[slot];
                var fill = Math.Min(left, maker.Lots);
                left -= fill;
                level.Lots -= fill;
                maker.Lots -= fill;
                if (_isFollowed) _events.OnStep(slot, maker.Lots == 0 ? BookStep.Left : BookStep.Changed);
                if (maker.Lots == 0) DropHead(ref level, maker.Next);
                // Last, since the listener may put a slot that left the book to another use.
                _events.OnFill(slot, new Price(ticks), new Quantity(fill));
            }
            while (left > 0 && level.Head != 0);
            if (level.Head == 0) ladder.Close(ticks);
        }
        return new Quantity(left);
    }

    /// <summary>True when an order of this side and limit would trade.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Crosses(Side side, Price limit) => Opposite(side).Crosses((int)limit.Ticks);

    /// <summary>Trades what it can, then rests what is left in <paramref name="slot"/>.</summary>
    /// <returns>What rests.</returns>
    public Quantity Enter(int slot, Side side, Price limit, Quantity quantity)
    {
        var left = Match(side, limit, quantity);
        if (left.Lots > 0) Rest(slot, side, limit, left);
        return left;
    }

    /// <summary>Puts an order last at its price. The caller has matched it and has asked <see cref="HasRoom"/>.</summary>
    public void Rest(int slot, Side side, Price price, Quantity quantity)
    {
        var ticks = (int)price.Ticks;
        var index = Same(side).Open(ticks);
        ref var level = ref _pages[index];
        ref var order = ref _orders[slot];
        order.Lots = quantity.Lots;
        order.Prev = level.Tail;
        order.Next = 0;
        order.Place(side, ticks, index);
        level.Lots += quantity.Lots;
        if (level.Tail == 0) level.Head = slot;
        else _orders[level.Tail].Next = slot;
        level.Tail = slot;
        if (_isFollowed) _events.OnStep(slot, BookStep.Came);
    }

    /// <summary>Takes a resting order out.</summary>
    public void Cancel(int slot)
    {
        if (_isFollowed) _events.OnStep(slot, BookStep.Left);
        ref var order = ref _orders[slot];
        ref var level = ref _pages[order.Level];
        level.Lots -= order.Lots;
        order.Lots = 0;
        if (order.Prev == 0) level.Head = order.Next;
        else _orders[order.Prev].Next = order.Next;
        if (order.Next == 0) level.Tail = order.Prev;
        else _orders[order.Next].Prev = order.Prev;
        if (level.Head == 0) Same(order.Side).Close(order.Ticks);
    }

    /// <summary>Makes a resting order smaller; it keeps its place.</summary>
    public void Reduce(int slot, Quantity left)
    {
        ref var order = ref _orders[slot];
        if (left.Lots <= 0 || left.Lots > order.Lots)
            throw new InvalidOperationException($"Slot {slot} has {order.Lots} lots and cannot be reduced to {left.Lots}");
        if (left.Lots == order.Lots) return;
        _pages[order.Level].Lots -= order.Lots - left.Lots;
        order.Lots = left.Lots;
        if (_isFollowed) _events.OnStep(slot, BookStep.Changed);
    }

    /// <summary>Takes this much from one resting order, wherever it stands in its level; one with nothing left leaves.</summary>
    /// <remarks>For the caller that chooses makers itself; the listener is not told.</remarks>
    public void Take(int slot, Quantity quantity)
    {
        ref var order = ref _orders[slot];
        if (order.Lots == quantity.Lots)
        {
            Cancel(slot);
            return;
        }
        Reduce(slot, new Quantity(order.Lots - quantity.Lots));
    }

    /// <summary>Gives a resting order another quantity and the last place at its price. The caller has told that it leaves the one that it had.</summary>
    public void Renew(int slot, Quantity quantity)
    {
        ref var order = ref _orders[slot];
        ref var level = ref _pages[order.Level];
        level.Lots += quantity.Lots - order.Lots;
        order.Lots = quantity.Lots;
        if (order.Next != 0) MoveLast(slot, ref order, ref level);
        if (_isFollowed) _events.OnStep(slot, BookStep.Came);
    }

    private void MoveLast(int slot, ref RestingOrder order, ref Level level)
    {
        if (order.Prev == 0) level.Head = order.Next;
        else _orders[order.Prev].Next = order.Next;
        _orders[order.Next].Prev = order.Prev;
        order.Prev = level.Tail;
        order.Next = 0;
        _orders[level.Tail].Next = slot;
        level.Tail = slot;
    }

    /// <summary>Counts what a resting iceberg has beside what it shows; taken back by the negative before it leaves.</summary>
    public void AddReserve(int slot, Quantity quantity) => _pages.Reserve(_orders[slot].Level) += quantity.Lots;

    /// <summary><paramref name="limit"/>, or the price of the last of so many levels when they hold less than <paramref name="quantity"/> and there are more.</summary>
    public Price Within(Side side, Price limit, Quantity quantity, int levels)
    {
        var ladder = Opposite(side);
        long found = 0;
        for (var ticks = ladder.Best; found < quantity.Lots && ladder.Reaches(ticks, (int)limit.Ticks); ticks = ladder.Next(ticks))
        {
            if (--levels == 0) return new Price(ticks);
            found += ladder.LotsAt(ticks);
        }
        return limit;
    }

    /// <summary>How much of <paramref name="quantity"/> would trade at <paramref name="limit"/> or better.</summary>
    public Quantity Fillable(Side side, Price limit, Quantity quantity)
    {
        var ladder = Opposite(side);
        long found = 0;
        for (var ticks = ladder.Best; found < quantity.Lots && ladder.Reaches(ticks, (int)limit.Ticks); ticks = ladder.Next(ticks))
            found += Math.Min(ladder.LotsAt(ticks), quantity.Lots - found);
        return new Quantity(found);
    }

    /// <summary>Shows <paramref name="visitor"/> what <see cref="Match"/> would trade at each price, in order.</summary>
    public void Walk<TVisitor>(Side side, Price limit, Quantity quantity, ref TVisitor visitor) where TVisitor : struct, IFillVisitor
    {
        var ladder = Opposite(side);
        var left = quantity.Lots;
        for (var ticks = ladder.Best; left > 0 && ladder.Reaches(ticks, (int)limit.Ticks); ticks = ladder.Next(ticks))
        {
            var fill = Math.Min(left, ladder.LotsAt(ticks));
            left -= fill;
            visitor.Visit(new Price(ticks), new Quantity(fill));
        }
    }

    /// <summary>Slot of the order that one of this side and limit would trade with first; 0 for none.</summary>
    public int FirstMaker(Side side, Price limit)
    {
        var ladder = Opposite(side);
        return limit.Ticks is > 0 and <= Ladder.TicksMax && ladder.Crosses((int)limit.Ticks) ? _pages[ladder.IndexOf(ladder.Best)].Head : 0;
    }

    /// <summary>Slot of the order that one of this side would trade with after the one in <paramref name="slot"/>; 0 for none, or when that one has left.</summary>
    public int NextMaker(Side side, int slot)
    {
        ref var order = ref _orders[slot];
        if (order.Next != 0) return order.Next;
        var ladder = Opposite(side);
        if (order.Side == side || ladder.LotsAt(order.Ticks) == 0) return 0;
        var ticks = ladder.Next(order.Ticks);
        return ticks is > 0 and < int.MaxValue ? _pages[ladder.IndexOf(ticks)].Head : 0;
    }

    /// <summary>Where the level of a price lies in the pages, whatever is there; 0 when nothing is near that price.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int LevelOf(Side side, long ticks) => Same(side).PlaceOf(ticks);

    /// <summary>A hint that <paramref name="slot"/>, wherever it stands, will be taken out or trade soon: its level and its neighbours are fetched.</summary>
    public void Prefetch(int slot)
    {
        ref var order = ref _orders[slot];
        Cache.PrefetchLine(in _pages[order.Level]);
        _orders.PrefetchResting(order.Prev);
        _orders.PrefetchResting(order.Next);
    }

    /// <summary>Best price of a side, if anything rests there.</summary>
    public bool TryBest(Side side, out Price price)
    {
        var ladder = Same(side);
        price = new Price(ladder.IsEmpty ? 0 : ladder.Best);
        return !ladder.IsEmpty;
    }

    /// <summary>The next worse price of a side after <paramref name="price"/>.</summary>
    public bool TryNext(Side side, Price price, out Price next)
    {
        var ticks = Same(side).Next((int)price.Ticks);
        var found = ticks is > 0 and < int.MaxValue;
        next = new Price(found ? ticks : 0);
        return found;
    }

    /// <summary>The next better price of a side before <paramref name="price"/>.</summary>
    public bool TryPrevious(Side side, Price price, out Price previous)
    {
        var ticks = Same(side).Previous((int)price.Ticks);
        var found = ticks is > 0 and < int.MaxValue;
        previous = new Price(found ? ticks : 0);
        return found;
    }

    /// <summary>The level at a price; all zero when nothing rests there.</summary>
    public Level LevelAt(Side side, Price price) =>
        Same(side).LotsAt((int)price.Ticks) == 0 ? default : _pages[Same(side).IndexOf((int)price.Ticks)];

    /// <summary>Total at a price.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quantity QuantityAt(Side side, Price price) => new(Same(side).LotsAt((int)price.Ticks));

    /// <summary>Total at a price with what icebergs do not show.</summary>
    public Quantity TotalAt(Side side, Price price) => new(Same(side).TotalAt((int)price.Ticks));

    /// <summary>False when the level pages are used up, so that nothing can rest at a price far from all others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasRoom(Side side, Price price) => Same(side).HasRoom((int)price.Ticks);

    /// <summary>Makes room for prices up to <paramref name="highest"/>; the room never shrinks. This may allocate.</summary>
    public void Grow(Price highest)
    {
        _bids.Grow(checked((int)highest.Ticks));
        _asks.Grow(checked((int)highest.Ticks));
    }

    private void DropHead(ref Level level, int next)
    {
        level.Head = next;
        if (next == 0) level.Tail = 0;
        else _orders[next].Prev = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Ladder Same(Side side) => side == Side.Buy ? _bids : _asks;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Ladder Opposite(Side side) => side == Side.Buy ? _asks : _bids;
}
