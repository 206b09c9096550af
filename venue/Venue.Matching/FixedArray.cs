using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Venue.Matching;

/// <summary>Values that begin at a cache line and never move, zero at first. An index out of range throws, as in any array.</summary>
/// <remarks>The memory is reserved at once and becomes real page by page, as it is first written.</remarks>
public sealed unsafe class FixedArray<T> : IFixedMemory where T : unmanaged
{
    private const int LineBytes = 64;
    private const int HugePageBytes = 2 << 20;

    [StructLayout(LayoutKind.Sequential, Size = LineBytes)]
    private struct Line;

    // Pinned: _first points into it, past what the runtime puts in front.
    private readonly Line[] _lines;
    private readonly T* _first;

    /// <summary>Room for <paramref name="length"/> values.</summary>
    public FixedArray(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        // Large ones begin where a huge page can, should the owner ask the system for those; what is skipped is never touched.
        var align = (long)length * sizeof(T) < HugePageBytes ? LineBytes : HugePageBytes;
        _lines = GC.AllocateArray<Line>(checked((int)(((long)length * sizeof(T) + LineBytes - 1 + align) / LineBytes)), pinned: true);
        var start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_lines));
        _first = (T*)((start + (nuint)align - 1) & ~((nuint)align - 1));
    }

    /// <summary>How many values there are.</summary>
    public int Length { get; }

    /// <summary>Where the values lie.</summary>
    public MemoryRange Memory => new((nint)_first, (nint)Length * sizeof(T));

    /// <summary>The value at <paramref name="index"/>.</summary>
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)Length) ThrowRange(index);
            return ref _first[index];
        }
    }

    long IFixedMemory.ByteLength => (long)Length * sizeof(T);

    ref byte IFixedMemory.First => ref *(byte*)_first;

    private void ThrowRange(int index) => throw new IndexOutOfRangeException($"{index} is not 0 to {Length - 1}");
}

/// <summary>Memory that stays where it is as long as its owner lives.</summary>
/// <param name="Address">First byte.</param>
/// <param name="Bytes">How many.</param>
public readonly record struct MemoryRange(nint Address, nint Bytes);

/// <summary>The bytes of a <see cref="FixedArray{T}"/>, whatever is in it.</summary>
public interface IFixedMemory
{
    /// <summary>How many.</summary>
    long ByteLength { get; }

    /// <summary>The first.</summary>
    ref byte First { get; }
}
