using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Venue.Host;

/// <summary>One file of the feed's log: records of the commands behind its first number, up to where the next file begins.</summary>
/// <remarks>
/// Record: length of the payload (4), CRC-32 of sequence number and payload (4), sequence number (8), payload (an
/// EventBatch). The first record of every file but number 0 has the file's own number and holds all definitions.
/// </remarks>
internal sealed class FeedFile(long after, string path)
{
    /// <summary>Bytes in front of a record's payload.</summary>
    public const int HeadBytes = 16;

    private const int IndexEvery = 256;
    private const int PayloadBytesMax = 64 << 20;

    private readonly List<(long Seq, long Offset)> _index = [];
    private long _records, _end;
    private FeedFile? _next;

    /// <summary>It holds what comes after this command.</summary>
    public long After => after;

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Where its last record ends; final once there is a <see cref="Next"/>.</summary>
    public long End
    {
        get => Volatile.Read(ref _end);
        init => _end = value;
    }

    /// <summary>The file behind it; null for the one that is written.</summary>
    public FeedFile? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>A record was written at <see cref="End"/>. Under the log's lock.</summary>
    public void Count(long seq, int payloadBytes)
    {
        if (_records++ % IndexEvery == 0) _index.Add((seq, _end));
        Volatile.Write(ref _end, _end + HeadBytes + payloadBytes);
    }

    /// <summary>A place at or before the first record behind a command. Under the log's lock.</summary>
    public long Near(long afterSeq)
    {
        var at = _index.BinarySearch((afterSeq, long.MaxValue));
        if (at < 0) at = ~at - 1;
        return at >= 0 ? _index[at].Offset : 0;
    }

    /// <summary>The head of a record.</summary>
    public static void WriteHead(Span<byte> head, long seq, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(head, payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], seq);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Check(head[8..HeadBytes], payload));
    }

    /// <summary>The record at a place, when it is whole and ends at or before <paramref name="end"/>.</summary>
    public static bool TryRead(SafeFileHandle file, long offset, long end, out long seq, out byte[] payload)
    {
        seq = 0;
        payload = [];
        if (offset + HeadBytes > end) return false;
        Span<byte> head = stackalloc byte[HeadBytes];
        RandomAccess.Read(file, head, offset);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 0 or > PayloadBytesMax || offset + HeadBytes + length > end) return false;
        payload = new byte[length];
        RandomAccess.Read(file, payload, offset + HeadBytes);
        seq = BinaryPrimitives.ReadInt64LittleEndian(head[8..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) == Check(head.Slice(8, 8), payload);
    }

    private static uint Check(ReadOnlySpan<byte> seq, ReadOnlySpan<byte> payload)
    {
        var crc = new Crc32();
        crc.Append(seq);
        crc.Append(payload);
        return crc.GetCurrentHashAsUInt32();
    }
}
