using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Venue.Fix;

/// <summary>Where the fields of one message are. Filled in one pass over the bytes and used again for the next message.</summary>
/// <remarks>
/// Tags stand in an array of their own, so that a look-up is one vectorised search. <see cref="Validator"/> adds the
/// nesting depth above bit 24 to tags inside repeating groups: a search at the top level then passes over them.
/// </remarks>
internal sealed class FieldTable
{
    /// <summary>Tags are less than two to this power.</summary>
    public const int DepthShift = 24;

    /// <summary>The tag itself, without the depth above it.</summary>
    public const int TagMask = (1 << DepthShift) - 1;

    private const int TagDigitsMax = 7;

    private int[] _ends = new int[128];   // positions of delimiters
    private int[] _tags = new int[128];
    private Extent[] _values = new Extent[128];

    /// <summary>Start and length of a value, in bytes from the message's first byte.</summary>
    public readonly record struct Extent(int Start, int Length);

    /// <summary>Number of fields.</summary>
    public int Count { get; private set; }

    /// <summary>The first DATA field whose length field is wrong, or -1.</summary>
    public int BadData { get; private set; }

    /// <summary>Tags by position; 0 where what stands before '=' is not a tag.</summary>
    public Span<int> Tags => _tags.AsSpan(0, Count);

    /// <summary>The value at <paramref name="position"/>.</summary>
    public Extent Value(int position) => _values[position];

    /// <summary>Takes apart a frame found by <see cref="Framing"/>; false when its CheckSum(10) is wrong.</summary>
    public bool Read(ReadOnlySpan<byte> frame, FixDictionary dictionary)
    {
        var bodyEnd = frame.Length - CheckSum.FieldLength;
        var ends = Scan(frame[..bodyEnd], out var sum);
        if (!CheckSum.TryRead(frame[bodyEnd..], out var declared) || declared != sum) return false;
        _ends[ends++] = frame.Length - 1;
        if (_tags.Length < ends)
        {
            _tags = new int[_ends.Length];
            _values = new Extent[_ends.Length];
        }

        BadData = -1;
        ref var first = ref MemoryMarshal.GetReference(frame);
        int[] delimiters = _ends, tags = _tags;
        var values = _values;
        int count = 0, start = 0, dataTag = 0, dataLength = 0;
        for (var e = 0; e < ends; count++)
        {
            var end = delimiters[e++];
            var tag = ReadTag(ref Unsafe.Add(ref first, start), out var prefix);
            var value = start + prefix;
            if (tag == dataTag && tag != 0)
            {
                // DATA may hold delimiters: its length says where it ends.
                if (dataLength < bodyEnd - value && frame[value + dataLength] == Framing.Soh)
                    while (end < value + dataLength) end = delimiters[e++];
                if (end != value + dataLength && BadData < 0) BadData = count;
            }
            tags[count] = tag;
            values[count] = new Extent(value, end - value);
            dataTag = dictionary.DataTag(tag);
            if (dataTag != 0 && (!FieldText.TryInt(frame[value..end], out dataLength) || dataLength < 0)) dataTag = 0;
            start = end + 1;
        }
        Count = count;
        return true;
    }

    /// <summary>The tag before '=', or 0 when it is not one; <paramref name="prefix"/> is where the value starts.</summary>
    /// <remarks>Reads up to the delimiter at the field's end and not beyond.</remarks>
    private static int ReadTag(ref byte field, out int prefix)
    {
        uint tag = 0, digit;
        prefix = 0;
        while ((digit = (uint)Unsafe.Add(ref field, prefix) - '0') <= 9)
        {
            if (prefix == TagDigitsMax) return prefix = 0;
            tag = tag * 10 + digit;
            prefix++;
        }
        if (Unsafe.Add(ref field, prefix) != '=' || prefix == 0 || field == '0' || tag >> DepthShift != 0) return prefix = 0;
        prefix++;
        return (int)tag;
    }

    /// <summary>Notes all delimiters and adds the bytes up, 32 at a time.</summary>
    private int Scan(ReadOnlySpan<byte> bytes, out byte sum)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var delimiter = Vector256.Create(Framing.Soh);
        var lanes = Vector256<byte>.Zero;
        int count = 0, i = 0;
        for (; i <= bytes.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            var block = Vector256.LoadUnsafe(ref first, (nuint)i);
            lanes += block;
            Reserve(count + Vector256<byte>.Count + 1);
            for (var hits = Vector256.Equals(block, delimiter).ExtractMostSignificantBits(); hits != 0; hits &= hits - 1)
                _ends[count++] = i + BitOperations.TrailingZeroCount(hits);
        }
        sum = Vector256.Sum(lanes);
        Reserve(count + Vector256<byte>.Count + 1);
        for (; i < bytes.Length; i++)
        {
            sum += bytes[i];
            if (bytes[i] == Framing.Soh) _ends[count++] = i;
        }
        return count;
    }

    // Bounded by the largest message; grows only until it has seen one with that many fields.
    private void Reserve(int count)
    {
        if (count > _ends.Length) Array.Resize(ref _ends, Math.Max(count, _ends.Length * 2));
    }
}
