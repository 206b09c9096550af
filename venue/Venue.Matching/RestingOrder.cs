using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Matching;

/// <summary>One order in a book: 24 bytes, linked first in, first out with the others at its price.</summary>
/// <remarks>A slot that is in no book may stand in one <see cref="SlotQueue"/>, which then owns <see cref="Next"/>.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct RestingOrder
{
    /// <summary>What is left of it, in lots.</summary>
    public long Lots;
    /// <summary>Slot of the order that came before it at this price; 0 for the first.</summary>
    public int Prev;
    /// <summary>Slot of the order that came after it at this price; 0 for the last.</summary>
    public int Next;
    /// <summary>Where its level lies in <see cref="LevelPages"/>.</summary>
    internal int Level;
    private int _signedTicks;

    /// <summary>Price, in ticks.</summary>
    public readonly int Ticks => Math.Abs(_signedTicks);

    /// <summary>Side that it rests on.</summary>
    public readonly Side Side => _signedTicks < 0 ? Side.Sell : Side.Buy;

    internal void Place(Side side, int ticks, int level)
    {
        _signedTicks = side == Side.Sell ? -ticks : ticks;
        Level = level;
    }
}

/// <summary>The orders of all books of one engine, addressed by slot from 1; slot 0 means none.</summary>
/// <remarks>The memory is reserved at once and becomes real page by page, as slots are first written.</remarks>
public sealed class OrderSlab
{
    private readonly FixedArray<RestingOrder> _orders;

    /// <summary>Room for <paramref name="capacity"/> orders.</summary>
    public OrderSlab(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _orders = new FixedArray<RestingOrder>(capacity + 1);
    }

    /// <summary>Highest slot.</summary>
    public int Capacity => _orders.Length - 1;

    /// <summary>Where its memory lies.</summary>
    public MemoryRange Memory => _orders.Memory;

    /// <summary>The order in <paramref name="slot"/>.</summary>
    public ref RestingOrder this[int slot] => ref _orders[slot];
}
