using System.Runtime.CompilerServices;

namespace Venue.Fix;

/// <summary>The fields that may stand in one place (header, trailer, a message's body, a group's entry), numbered from 0.</summary>
internal sealed class FieldSet
{
    /// <summary>Most fields in one place.</summary>
    public const int MaxFields = 512;

    private readonly List<int> _tags = [];
    private short[] _index = [];           // by tag; -1 when the tag does not belong here
    private FieldSet?[] _groups = [];      // by index; set on a count field

    /// <summary>Fields that must be present.</summary>
    public FieldBits Required;

    /// <summary>How many 64-bit words of a <see cref="FieldBits"/> are in use.</summary>
    public int Words => (_tags.Count + 63) / 64;

    /// <summary>Number of fields.</summary>
    public int Count => _tags.Count;

    /// <summary>The tag of the field numbered <paramref name="index"/>.</summary>
    public int TagAt(int index) => _tags[index];

    /// <summary>The number of <paramref name="tag"/> here, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(int tag) => (uint)tag < (uint)_index.Length ? _index[tag] : -1;

    /// <summary>The group counted by the field numbered <paramref name="index"/>, or null.</summary>
    public FieldSet? GroupAt(int index) => _groups[index];

    /// <summary>Adds a field at the end; false when it is there already.</summary>
    public bool Add(int tag, bool required, FieldSet? group)
    {
        if (IndexOf(tag) >= 0) return false;
        if (_tags.Count == MaxFields) throw new InvalidDataException($"more than {MaxFields} fields in one place, at tag {tag}");
        if (tag >= _index.Length)
        {
            var used = _index.Length;
            Array.Resize(ref _index, tag + 1);
            _index.AsSpan(used).Fill(-1);
        }
        _index[tag] = (short)_tags.Count;
        if (required) Required.Add(_tags.Count);
        _tags.Add(tag);
        Array.Resize(ref _groups, _tags.Count);
        _groups[^1] = group;
        return true;
    }
}

/// <summary>A set of field numbers.</summary>
[InlineArray(FieldSet.MaxFields / 64)]
internal struct FieldBits
{
    private ulong _word;

    /// <summary>Adds <paramref name="index"/>; false when it was there already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(int index)
    {
        ref var word = ref this[index >> 6];
        var bit = 1UL << index;
        if ((word & bit) != 0) return false;
        word |= bit;
        return true;
    }

    /// <summary>Removes all of the first <paramref name="words"/> words.</summary>
    public void Clear(int words)
    {
        for (var i = 0; i < words; i++) this[i] = 0;
    }

    /// <summary>The lowest number that <paramref name="required"/> has and this has not, or -1.</summary>
    public readonly int FirstMissing(in FieldBits required, int words)
    {
        for (var i = 0; i < words; i++)
        {
            var missing = required[i] & ~this[i];
            if (missing != 0) return i * 64 + System.Numerics.BitOperations.TrailingZeroCount(missing);
        }
        return -1;
    }
}
