using System.Buffers.Binary;
using System.IO.Hashing;

namespace Venue.Host;

/// <summary>
/// The events that the feed serves, one record per command that had any, in one append-only file. Derived from the
/// journal: it may be deleted while the venue is stopped and is then made again.
/// </summary>
/// <remarks>
/// Record: length of the payload (4), CRC-32 of sequence number and payload (4), sequence number (8), payload (an
/// EventBatch). One writer; readers on any thread read up to what was published.
/// </remarks>
internal sealed class FeedLog : IDisposable
{
    private const int HeadBytes = 16;
    private const int IndexEvery = 256;
    private const int PayloadBytesMax = 64 << 20;

    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file;
    private readonly Lock _lock = new();
    private readonly List<(long Seq, long Offset)> _index = [];
    private readonly byte[] _head = new byte[HeadBytes];
    private long _end, _records, _throughSeq;
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Opens or makes the log and cuts off a record that a crash left unfinished.</summary>
    public FeedLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var length = RandomAccess.GetLength(_file);
        while (TryRead(_end, length, out var seq, out var payload)) Count(seq, payload.Length);
        if (_end < length) RandomAccess.SetLength(_file, _end);
    }

    /// <summary>Sequence number of the last command in the log.</summary>
    public long LastSeq { get; private set; }

    /// <summary>Appends a command's events. The writer only; commands that are there already are passed over.</summary>
    public void Append(long seq, ReadOnlySpan<byte> payload)
    {
        if (seq <= LastSeq) return;
        BinaryPrimitives.WriteInt32LittleEndian(_head, payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(_head.AsSpan(8), seq);
        BinaryPrimitives.WriteUInt32LittleEndian(_head.AsSpan(4), Check(_head.AsSpan(8, 8), payload));
        RandomAccess.Write(_file, payload, _end + HeadBytes);
        RandomAccess.Write(_file, _head, _end);
        lock (_lock) Count(seq, payload.Length);
    }

    /// <summary>Everything up to this command is in the log: readers that wait go on. The writer only.</summary>
    public void Publish(long throughSeq)
    {
        TaskCompletionSource grown;
        lock (_lock)
        {
            if (throughSeq <= _throughSeq) return;
            _throughSeq = throughSeq;
            grown = _grown;
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        grown.SetResult();
    }

    /// <summary>Where to read on after command <paramref name="afterSeq"/>.</summary>
    public long Seek(long afterSeq)
    {
        long offset = 0;
        lock (_lock)
        {
            var at = _index.BinarySearch((afterSeq, long.MaxValue));
            if (at < 0) at = ~at - 1;
            if (at >= 0) offset = _index[at].Offset;
        }
        while (TryRead(offset, Written, out var seq, out var payload) && seq <= afterSeq) offset += HeadBytes + payload.Length;
        return offset;
    }

    /// <summary>Where to read on so that nothing from this time on is passed over; at most a few hundred records before it.</summary>
    public long SeekTime(long timeNs)
    {
        long[] offsets;
        lock (_lock) offsets = [.. _index.Select(entry => entry.Offset)];
        var (low, high) = (0, offsets.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (TryRead(offsets[middle], Written, out _, out var payload) && Venue.Api.EventBatch.Parser.ParseFrom(payload).Events[0].TimeNs < timeNs) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? 0 : offsets[low - 1];
    }

    /// <summary>The next records as far as they are published, and a task that ends when there is more.</summary>
    /// <param name="offset">Where to read; moved on.</param>
    /// <param name="max">Most records to return.</param>
    /// <param name="throughSeq">Every command up to this one is covered by what was returned so far.</param>
    /// <param name="more">Ends when more is published; already ended when <paramref name="max"/> stopped this call.</param>
    public List<byte[]> Read(ref long offset, int max, out long throughSeq, out Task more)
    {
        long end;
        lock (_lock)
        {
            end = _end;
            throughSeq = _throughSeq;
            more = _grown.Task;
        }
        var records = new List<byte[]>();
        while (TryRead(offset, end, out var seq, out var payload))
        {
            if (records.Count == max || seq > throughSeq)
            {
                if (records.Count == max) (throughSeq, more) = (seq - 1, Task.CompletedTask);
                break;
            }
            records.Add(payload);
            offset += HeadBytes + payload.Length;
        }
        return records;
    }

    public void Dispose() => _file.Dispose();

    private long Written
    {
        get
        {
            lock (_lock) return _end;
        }
    }

    private void Count(long seq, int payloadBytes)
    {
        if (_records++ % IndexEvery == 0) _index.Add((seq, _end));
        LastSeq = seq;
        _end += HeadBytes + payloadBytes;
    }

    private bool TryRead(long offset, long end, out long seq, out byte[] payload)
    {
        seq = 0;
        payload = [];
        if (offset + HeadBytes > end) return false;
        Span<byte> head = stackalloc byte[HeadBytes];
        RandomAccess.Read(_file, head, offset);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 0 or > PayloadBytesMax || offset + HeadBytes + length > end) return false;
        payload = new byte[length];
        RandomAccess.Read(_file, payload, offset + HeadBytes);
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
