namespace Venue.Fix;

/// <summary>
/// The fields of a message or of one entry of a repeating group. Fields of groups inside are reached by
/// <see cref="Groups"/>; a look-up here passes over them.
/// </summary>
/// <remarks>A view over the receive buffer: good until the call that handed it out returns.</remarks>
public readonly ref struct FieldView
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly FieldTable _table;
    private readonly int _from, _to, _depth;

    internal FieldView(ReadOnlySpan<byte> bytes, FieldTable table, int from, int to, int depth)
    {
        _bytes = bytes;
        _table = table;
        _from = from;
        _to = to;
        _depth = depth;
    }

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The value as it stands.</summary>
    public bool TryGet(int tag, out ReadOnlySpan<byte> value)
    {
        var position = PositionOf(tag);
        value = position < 0 ? default : ValueAt(position);
        return position >= 0;
    }

    /// <summary>The value as a 32-bit number; false when it is absent or not one.</summary>
    public bool TryGetInt(int tag, out int value)
    {
        value = 0;
        return TryGet(tag, out var text) && FieldText.TryInt(text, out value);
    }

    /// <summary>The value when it is exactly one byte.</summary>
    public bool TryGetChar(int tag, out byte value)
    {
        var found = TryGet(tag, out var text) && text.Length == 1;
        value = found ? text[0] : (byte)0;
        return found;
    }

    /// <summary>
    /// The value as mantissa / 10^decimals in its shortest form ("50000.10" is 500001, 1); false when it is absent,
    /// malformed or does not fit.
    /// </summary>
    public bool TryGetDecimal(int tag, out long mantissa, out int decimals)
    {
        mantissa = 0;
        decimals = 0;
        return TryGet(tag, out var text) && FieldText.TryDecimal(text, out mantissa, out decimals);
    }

    /// <summary>A UTCTIMESTAMP in nanoseconds since 1970-01-01; false when it is absent or not one.</summary>
    public bool TryGetTime(int tag, out long ns)
    {
        ns = 0;
        return TryGet(tag, out var text) && FieldText.TryTime(text, out ns);
    }

    /// <summary>The entries of the group that <paramref name="countTag"/> counts; none when it is absent or 0.</summary>
    public GroupEntries Groups(int countTag)
    {
        var position = PositionOf(countTag);
        return new GroupEntries(_bytes, _table, position < 0 ? _to : position + 1, _to, _depth + 1);
    }

    internal ReadOnlySpan<byte> ValueAt(int position)
    {
        var value = _table.Value(position);
        return _bytes.Slice(value.Start, value.Length);
    }

    private int PositionOf(int tag)
    {
        var position = _table.Tags[_from.._to].IndexOf(tag | _depth << FieldTable.DepthShift);
        return position < 0 ? -1 : _from + position;
    }
}

/// <summary>Walks the entries of one repeating group: <c>foreach (var entry in message.Groups(453))</c>.</summary>
public ref struct GroupEntries
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly FieldTable _table;
    private readonly int _end, _depth, _firstTag;
    private int _from, _next;

    internal GroupEntries(ReadOnlySpan<byte> bytes, FieldTable table, int from, int to, int depth)
    {
        _bytes = bytes;
        _table = table;
        _depth = depth;
        _next = from;
        _end = from;
        // The group lasts as long as tags are at its depth or deeper; an entry begins with the group's first tag.
        while (_end < to && table.Tags[_end] >> FieldTable.DepthShift >= depth) _end++;
        _firstTag = _end > from ? table.Tags[from] : 0;
    }

    /// <summary>This walk, for foreach.</summary>
    public readonly GroupEntries GetEnumerator() => this;

    /// <summary>The entry.</summary>
    public readonly FieldView Current => new(_bytes, _table, _from, _next, _depth);

    /// <summary>Goes to the next entry.</summary>
    public bool MoveNext()
    {
        if (_next >= _end) return false;
        _from = _next++;
        var length = _table.Tags[_next.._end].IndexOf(_firstTag);
        _next = length < 0 ? _end : _next + length;
        return true;
    }
}
