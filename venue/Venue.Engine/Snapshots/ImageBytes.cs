using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Venue.Engine;

/// <summary>The bytes of an image, on their way out of the memory or back into it.</summary>
public abstract class ImageBytes
{
    /// <summary>False while an image is written, true while it is read.</summary>
    public abstract bool IsReading { get; }

    /// <summary>Writes these bytes, or fills them.</summary>
    public abstract void Move(Span<byte> bytes);

    /// <summary>Writes or fills one value.</summary>
    public void Move<T>(ref T value) where T : unmanaged => Move(MemoryMarshal.AsBytes(new Span<T>(ref value)));

    /// <summary>Writes or fills a long run of memory, of which only the parts that are not zero take room.</summary>
    internal void MoveSparse(ref byte first, long length)
    {
        const int block = 4096;
        for (long at = 0; at < length;)
        {
            // A run: how much of nothing, then how much of something, in bytes.
            var start = at;
            if (!IsReading)
                while (start < length && !Slice(ref first, start, Math.Min(block, length - start)).ContainsAnyExcept((byte)0)) start += block;
            start = Math.Min(start, length);
            Move(ref start);
            Wipe(ref first, at, start);
            var end = start;
            if (!IsReading)
                while (end < length && end - start < 1 << 28 && Slice(ref first, end, Math.Min(block, length - end)).ContainsAnyExcept((byte)0)) end += block;
            end = Math.Min(end, length);
            Move(ref end);
            if (start < at || end < start || end > length || (end == at && at < length)) throw new InvalidDataException($"The image has a run from {start} to {end} after {at}, of {length} bytes");
            Move(Slice(ref first, start, end - start));
            at = end;
        }
    }

    /// <summary>What the image has as zeros was perhaps something else before it was read.</summary>
    private void Wipe(ref byte first, long from, long to)
    {
        const int most = 1 << 20;
        if (!IsReading) return;
        for (var at = from; at < to; at += most)
        {
            var part = Slice(ref first, at, Math.Min(most, to - at));
            // Looked at first: memory that was never written stays so.
            if (part.ContainsAnyExcept((byte)0)) part.Clear();
        }
    }

    private static Span<byte> Slice(ref byte first, long at, long length) => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref first, (nint)at), (int)length);
}
