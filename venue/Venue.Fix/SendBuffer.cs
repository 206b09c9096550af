namespace Venue.Fix;

/// <summary>
/// Bytes on their way to one connection: a fixed ring of memory that the session fills at the tail and the transport
/// empties at the head. Bounded: when a slow reader has filled it, the connection is given up.
/// </summary>
/// <remarks>Single thread. Positions are absolute byte counts since the connection began, so they never move backwards.</remarks>
public sealed class SendBuffer
{
    private readonly byte[] _bytes;
    private int _start, _end;   // unread bytes are _bytes[_start.._end]; kept contiguous so that a message is one span

    /// <summary>Makes a buffer that holds at most <paramref name="capacity"/> unsent bytes.</summary>
    public SendBuffer(int capacity) => _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);

    private SendBuffer(ReadOnlySpan<byte> unsent, long tail)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(unsent.Length, pinned: true);
        unsent.CopyTo(_bytes);
        (_end, Tail) = (unsent.Length, tail);
    }

    /// <summary>What is unsent, at the same positions and with no room for more, in memory of its own: this one is free for another connection.</summary>
    public SendBuffer TakeRest() => new(_bytes.AsSpan(_start, _end - _start), Tail);

    /// <summary>All bytes ever written.</summary>
    public long Tail { get; private set; }

    /// <summary>All bytes ever taken by the transport.</summary>
    public long Head => Tail - (_end - _start);

    /// <summary>Unsent bytes.</summary>
    public int Count => _end - _start;

    /// <summary>Most unsent bytes that it holds.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>True once a message did not fit: nothing is accepted any more and the connection must be closed.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Room for <paramref name="count"/> bytes at the tail; empty (and <see cref="Overflowed"/>) when there is none.</summary>
    public Span<byte> Reserve(int count)
    {
        if (Overflowed) return default;
        if (_end + count > _bytes.Length)
        {
            if (_end - _start + count > _bytes.Length)
            {
                Overflowed = true;
                return default;
            }
            Buffer.BlockCopy(_bytes, _start, _bytes, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }
        return _bytes.AsSpan(_end, count);
    }

    /// <summary>Makes the first <paramref name="count"/> reserved bytes part of the stream.</summary>
    public void Commit(int count)
    {
        _end += count;
        Tail += count;
    }

    /// <summary>The unsent bytes up to the absolute position <paramref name="upTo"/>.</summary>
    public ReadOnlySpan<byte> Unsent(long upTo) => _bytes.AsSpan(_start, (int)(upTo - Head));

    /// <summary>The transport has taken <paramref name="count"/> bytes.</summary>
    public void Taken(int count)
    {
        _start += count;
        if (_start == _end) _start = _end = 0;
    }

    /// <summary>Empties it for the next connection.</summary>
    public void Clear()
    {
        _start = _end = 0;
        Tail = 0;
        Overflowed = false;
    }
}
