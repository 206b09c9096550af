namespace Venue.Fix;

/// <summary>TestReqID(112) of the TestRequests that came during a resend, in order, until they can be answered. Bounded.</summary>
internal sealed class TestRequests
{
    private const int BytesMax = 1024;

    private byte[]? _bytes;   // each with its length in front, one byte; made for the first
    private int _start, _end;

    /// <summary>True when there is none.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>False when there is no room for it.</summary>
    public bool TryAdd(ReadOnlySpan<byte> id)
    {
        if (id.Length > byte.MaxValue || _end + 1 + id.Length > BytesMax) return false;
        _bytes ??= new byte[BytesMax];
        _bytes[_end] = (byte)id.Length;
        id.CopyTo(_bytes.AsSpan(_end + 1));
        _end += 1 + id.Length;
        return true;
    }

    /// <summary>The oldest, until the next call.</summary>
    public ReadOnlySpan<byte> Take()
    {
        var id = _bytes.AsSpan(_start + 1, _bytes![_start]);
        _start += 1 + id.Length;
        if (IsEmpty) Clear();
        return id;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _start = _end = 0;
}
