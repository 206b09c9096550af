namespace Venue.Engine;

/// <summary>The terms of special orders by slot, and which of them expires next.</summary>
/// <remarks>As large as the orders' own slab; memory becomes real only where a special order was.</remarks>
internal sealed class SpecialOrders(int capacity)
{
    private readonly SpecialOrder[] _orders = new SpecialOrder[capacity + 1];
    // A binary heap of slots by (ExpireNs, Age, slot): the root is at 1, an entry's children at twice its place and one more.
    private readonly int[] _expiries = new int[capacity + 2];
    private int _expiryCount;

    public ref SpecialOrder this[int slot] => ref _orders[slot];

    /// <summary>Slot of the order that expires next; 0 for none.</summary>
    public int NextToExpire => _expiryCount == 0 ? 0 : _expiries[1];

    /// <summary>When that is; the highest number for never.</summary>
    public long NextExpiryNs => _expiryCount == 0 ? long.MaxValue : _orders[_expiries[1]].Terms.ExpireNs;

    /// <summary>The order's ExpireNs was set or changed.</summary>
    public void Schedule(int slot)
    {
        if (_orders[slot].HeapIndex == 0) _orders[slot].HeapIndex = ++_expiryCount;
        Settle(_orders[slot].HeapIndex, slot);
    }

    /// <summary>The order will not expire any more.</summary>
    public void Unschedule(int slot)
    {
        var hole = _orders[slot].HeapIndex;
        if (hole == 0) return;
        _orders[slot].HeapIndex = 0;
        var last = _expiries[_expiryCount--];
        if (last != slot) Settle(hole, last);
    }

    /// <summary>Appends to a list.</summary>
    public void Append(ref SlotList list, int slot)
    {
        ref var order = ref _orders[slot];
        order.Before = list.Last;
        order.After = 0;
        order.IsListed = 1;
        if (list.Last == 0) list.First = slot;
        else _orders[list.Last].After = slot;
        list.Last = slot;
        list.Count++;
    }

    /// <summary>Takes out of the list that the order stands in.</summary>
    public void Remove(ref SlotList list, int slot)
    {
        ref var order = ref _orders[slot];
        if (order.Before == 0) list.First = order.After;
        else _orders[order.Before].After = order.After;
        if (order.After == 0) list.Last = order.Before;
        else _orders[order.After].Before = order.Before;
        order.IsListed = 0;
        list.Count--;
    }

    /// <summary>Throws when the heap is no heap.</summary>
    public void Check()
    {
        for (var at = 1; at <= _expiryCount; at++)
            if (_orders[_expiries[at]].HeapIndex != at || (at > 1 && IsBefore(_expiries[at], _expiries[at / 2])))
                throw new InvalidOperationException($"Expiry {at} (slot {_expiries[at]}) is out of place");
    }

    /// <summary>Puts a slot where it belongs, given that all but <paramref name="at"/> is a heap.</summary>
    private void Settle(int at, int slot)
    {
        for (; at > 1 && IsBefore(slot, _expiries[at / 2]); at /= 2) Put(at, _expiries[at / 2]);
        for (int child; (child = at * 2) <= _expiryCount; at = child)
        {
            if (child < _expiryCount && IsBefore(_expiries[child + 1], _expiries[child])) child++;
            if (!IsBefore(_expiries[child], slot)) break;
            Put(at, _expiries[child]);
        }
        Put(at, slot);
    }

    private void Put(int at, int slot)
    {
        _expiries[at] = slot;
        _orders[slot].HeapIndex = at;
    }

    private bool IsBefore(int a, int b) =>
        (_orders[a].Terms.ExpireNs, _orders[a].Age, a).CompareTo((_orders[b].Terms.ExpireNs, _orders[b].Age, b)) < 0;
}
