using System.Runtime.CompilerServices;
using Venue.Matching;

namespace Venue.Engine;

/// <summary>Every order that is open or still remembered, by slot. Closed ones give up their slots oldest first.</summary>
/// <param name="slab">Of slots that have room for an <see cref="Order"/>.</param>
internal sealed class Orders(OrderSlab slab)
{
    /// <summary>How far ahead slots that were never used are fetched: writes to memory that has not come hold up all later ones.</summary>
    private const int FreshAhead = 4;

    private SlotQueue _closed;
    private int _used;

    /// <summary>Orders that are neither filled nor canceled.</summary>
    public int OpenCount => _used - _closed.Count;

    /// <summary>True when one more order can be taken in.</summary>
    public bool HasRoom => _used < slab.Capacity || _closed.Count > 0;

    /// <summary>True when so many more orders can be taken in.</summary>
    public bool HasRoomFor(int count) => slab.Capacity - _used + _closed.Count >= count;

    /// <summary>Highest slot that ever held an order.</summary>
    public int Used => _used;

    public ref Order this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.As<RestingOrder, Order>(ref slab[slot]);
    }

    /// <summary>OrderID(37): unique for ever, since a slot's generation only grows, and found without a search.</summary>
    public long OrderIDOf(int slot) => (long)this[slot].Generation << 32 | (uint)slot;

    /// <summary>A slot for a new order, all zero but for its generation. The caller has asked <see cref="HasRoom"/>.</summary>
    public int Take()
    {
        var slot = _used < slab.Capacity ? ++_used : _closed.Pop(slab);
        // The one that will be taken next left the cache long ago, or never was in it.
        slab.Prefetch(_used < slab.Capacity ? _used + FreshAhead : _closed.Head);
        ref var order = ref this[slot];
        var generation = checked(order.Generation + 1);
        order = default;
        order.Generation = generation;
        return slot;
    }

    /// <summary>The order left its book, filled or canceled; it stays known until its slot is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Close(int slot)
    {
        this[slot].Close();
        _closed.Push(slab, slot);
    }

    /// <summary>Adds the closed orders, oldest first: they decide which slot is taken next.</summary>
    public void HashInto(ref StateHasher hasher)
    {
        hasher.Add(_used, _closed.Count);
        for (var slot = _closed.Head; slot != 0; slot = slab[slot].Next)
        {
            hasher.Add(slot);
            this[slot].HashInto(ref hasher);
        }
    }
}
