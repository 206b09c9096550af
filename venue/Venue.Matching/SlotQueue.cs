using System.Runtime.CompilerServices;
namespace Venue.Matching;

/// <summary>Slots that are in no book, first in, first out, linked through the slab itself.</summary>
public struct SlotQueue
{
    private int _tail;

    /// <summary>The oldest slot; 0 when the queue is empty.</summary>
    public int Head { get; private set; }

    /// <summary>Slots in the queue.</summary>
    public int Count { get; private set; }

    /// <summary>Appends <paramref name="slot"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(OrderSlab slab, int slot)
    {
        slab[slot].Next = 0;
        if (_tail == 0) Head = slot;
        else slab[_tail].Next = slot;
        _tail = slot;
        Count++;
    }

    /// <summary>Takes the oldest slot; 0 when the queue is empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Pop(OrderSlab slab)
    {
        var slot = Head;
        if (slot == 0) return 0;
        Head = slab[slot].Next;
        if (Head == 0) _tail = 0;
        Count--;
        return slot;
    }
}
