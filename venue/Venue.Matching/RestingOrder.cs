using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
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
/// <remarks>
/// The memory is reserved at once and becomes real page by page, as slots are first written. A slot may be larger than what
/// stands in a book, so that its owner keeps beside it what it knows of the order itself.
/// </remarks>
public sealed unsafe class OrderSlab
{
    private const int LeastSlotBytes = 32;
    private const int LineBytes = 64;

    private readonly FixedArray<byte> _memory;
    [NotState] private readonly byte* _first;
    private readonly int _shift;

    /// <summary>Room for <paramref name="capacity"/> orders of so many bytes each, a power of two.</summary>
    public OrderSlab(int capacity, int slotBytes = LeastSlotBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        if (slotBytes < LeastSlotBytes || !BitOperations.IsPow2(slotBytes)) throw new ArgumentOutOfRangeException(nameof(slotBytes), slotBytes, $"Not a power of two from {LeastSlotBytes} on");
        _memory = new FixedArray<byte>(checked((capacity + 1) * slotBytes));
        _first = (byte*)_memory.Memory.Address;
        _shift = BitOperations.Log2((uint)slotBytes);
        Capacity = capacity;
    }

    /// <summary>Highest slot.</summary>
    public int Capacity { get; }

    /// <summary>Where its memory lies.</summary>
    public MemoryRange Memory => _memory.Memory;

    /// <summary>What of the order in <paramref name="slot"/> stands in a book: its slot's first bytes.</summary>
    public ref RestingOrder this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)slot > (uint)Capacity) ThrowRange(slot);
            return ref *(RestingOrder*)(_first + ((nint)(uint)slot << _shift));
        }
    }

    /// <summary>The order in <paramref name="slot"/>, whatever it is, will be looked at soon: its slot's first two lines are fetched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int slot)
    {
        // By address: naming a field of it would make the runtime look there for a null.
        if (!Sse.IsSupported || (uint)slot > (uint)Capacity) return;
        var first = _first + ((nint)(uint)slot << _shift);
        Sse.Prefetch0(first);
        Sse.Prefetch0(first + LineBytes);
    }

    /// <summary>What stands in a book of the order in <paramref name="slot"/> will be looked at soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchResting(int slot)
    {
        if (Sse.IsSupported && (uint)slot <= (uint)Capacity) Sse.Prefetch0(_first + ((nint)(uint)slot << _shift));
    }

    /// <summary>What its owner keeps beside it, in its slot's second line, will be looked at soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchBeside(int slot)
    {
        if (Sse.IsSupported && (uint)slot <= (uint)Capacity) Sse.Prefetch0(_first + ((nint)(uint)slot << _shift) + LineBytes);
    }

    private void ThrowRange(int slot) => throw new IndexOutOfRangeException($"Slot {slot} is not 0 to {Capacity}");
}
