using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Venue.Sequencer;

/// <summary>
/// The venue's log: records appended one behind the other to preallocated, memory-mapped segments, made durable in
/// groups by another thread, and read back at the start and for resends.
/// </summary>
/// <remarks>
/// Position = segment number x SegmentBytes + byte in the segment; it only grows. Two threads: the owner appends (and
/// recovers), the commit thread calls <see cref="Sync"/> and <see cref="Prepare"/>. They share only these:
/// _appended, written with release by the owner after the record's bytes and read with acquire by the commit thread, so
/// that what it syncs holds every byte before that position; _durable, written with release by the commit thread after
/// the disk has answered; the list of segments, replaced and published by the owner before the first position in a new
/// segment; and the spare segment, exchanged atomically. A third thread may remove the oldest segments: it takes them from
/// the list first, and lets their memory go only when the owner has ended the turn in which it may have looked them up.
/// </remarks>
public sealed unsafe class Journal : IDisposable
{
    private const int SyncBytesMax = 8 << 20;   // at once

    private readonly JournalOptions _options;
    private readonly Segments _segments;
    private readonly MemoryAhead _ahead;
    private readonly int _segmentBytes;
    private bool _recovered, _disposed;

    // The owner's: where the next record goes.
    private byte* _memory;
    private int _offset;
    private int _offsetMax = -1;    // last byte at which an empty record leaves room for a roll; -1 while nothing may be appended
    private long _base;
    private uint _seed;
    private long _contentEnd;       // end of the last record that is neither mark nor roll
    private long _lastWatermark;    // greatest watermark written

    private long _appended, _durable;
    private IOException? _syncFault;    // the commit thread's
    private long _turn;                 // ended turns of the owner
    private readonly Queue<(Segment Segment, long Turn)> _removed = new();   // the pruning thread's: not in the list, still mapped

    private Journal(JournalOptions options, ISegmentStore store)
    {
        _options = options;
        _segments = new Segments(store, options);
        _segmentBytes = options.SegmentBytes;
        _ahead = new MemoryAhead(_segments, options.SegmentBytes);
    }

    /// <summary>Opens the journal in the folder that <paramref name="options"/> names.</summary>
    /// <exception cref="JournalInUseException">Another process has it open.</exception>
    public static Journal Open(JournalOptions options)
    {
        options.ThrowIfInvalid();
        return Open(options, new MappedSegmentStore(options));
    }

    /// <summary>Opens the journal in <paramref name="store"/>, which belongs to the journal from then on. <see cref="Recover"/> comes next.</summary>
    public static Journal Open(JournalOptions options, ISegmentStore store)
    {
        options.ThrowIfInvalid();
        return new Journal(options, store);
    }

    /// <summary>Longest payload, in bytes: a record does not go across segments, and leaves room for a roll.</summary>
    public int PayloadBytesMax => _segmentBytes - SegmentHeader.Size - 2 * Record.HeaderSize;

    /// <summary>End position of what was appended. Any thread.</summary>
    public long Appended => Volatile.Read(ref _appended);

    /// <summary>Every record that begins before this position is on the disk. Any thread.</summary>
    public long Durable => Volatile.Read(ref _durable);

    /// <summary>
    /// What a record caused may be told once this has passed the record's position: <see cref="Durable"/>, or with
    /// <see cref="Durability.Async"/> <see cref="Appended"/>. Any thread.
    /// </summary>
    public long Safe => _options.Durability == Durability.Fsync ? Durable : Appended;

    /// <summary>Bytes that were appended and are not on the disk yet. Any thread.</summary>
    public long Waiting => Appended - Durable;

    /// <summary>
    /// True while more than <see cref="JournalOptions.UnsafeBytesMax"/> wait for the disk: it is slower than
    /// what comes in, and taking more would only make everyone wait longer. Any thread.
    /// </summary>
    public bool Behind => Waiting > _options.UnsafeBytesMax;

    /// <summary>Why there is no spare segment, while the disk has no room for one; appending fails when the current segment is full. Any thread.</summary>
    public JournalFullException? SpaceFault => _segments.SpaceFault;

    /// <summary>Position from which on records are kept: 0, or where the oldest segment begins when older ones were pruned. Any thread after <see cref="Recover"/>.</summary>
    public long KeptFrom => (_recovered ? _segments.All : _segments.Open()).First * _segmentBytes;

    /// <summary>When a command counts as safe, and how often the background syncs.</summary>
    public JournalOptions Options => _options;

    /// <summary>
    /// Reads every record in order, drops (and wipes, durably) a torn tail, and leaves the journal ready to append with
    /// everything in it durable. The owner, once, before anything else.
    /// </summary>
    /// <param name="reader">Gets the records.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="after">Position of a record that <see cref="Holds"/>: only what follows it is read; 0 for all.</param>
    /// <param name="isPartEnough">With 0, when the oldest segments were pruned: reads what is kept, instead of refusing.</param>
    /// <exception cref="JournalDamagedException">Something that had been durable is not there any more.</exception>
    public RecoveryReport Recover(IJournalReader reader, Action<RecoveryProgress>? progress, long after = 0, bool isPartEnough = false)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_recovered) throw new InvalidOperationException("The journal has been recovered already");
        var started = Stopwatch.GetTimestamp();
        var kept = _segments.Open();
        if (after == 0 && kept.First > 0 && !isPartEnough) throw new JournalDamagedException(_segments.NameOf(0), 0, $"segment 0 is missing, while segment {kept.First} is there");
        var pass = new Recovery(kept, _segmentBytes, _seed = _segments.Seed, _options.ReadOnly ? _segments.Open : null, after);
        pass.Run(reader, progress);

        var (last, offset) = pass.EndPlace;
        if (!_options.ReadOnly) MakeWhole(last, offset, pass);
        _memory = _segments.All[last].Memory;
        if (!_options.ReadOnly) _segments.All[last].ForWriting();
        _ahead.Begin(pass.End);
        _base = last * _segmentBytes;
        _offset = offset;
        _contentEnd = pass.ContentEnd;
        _lastWatermark = pass.Watermark;
        Volatile.Write(ref _appended, pass.End);
        Volatile.Write(ref _durable, _options.ReadOnly ? pass.Watermark : pass.End);
        _recovered = true;
        if (!_options.ReadOnly) _offsetMax = _segmentBytes - 2 * Record.HeaderSize;
        return new RecoveryReport(pass.Records, pass.Commands, pass.Bytes, pass.DroppedBytes, pass.DroppedRecords,
            pass.FirstPosition ?? pass.End, pass.Records > 0 ? pass.LastPosition : pass.End, pass.End, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Bytes from the position of a record with this payload to that of the next.</summary>
    public static int RecordBytes(int payloadBytes) => Record.SizeOf(payloadBytes);

    /// <summary>True when a good record of this journal begins at <paramref name="position"/>. The owner; any thread after <see cref="Recover"/>.</summary>
    public bool Holds(long position)
    {
        var segments = _recovered ? _segments.All : _segments.Open();
        return position > 0 && (position & 7) == 0 && position % _segmentBytes >= SegmentHeader.Size && segments.Has(position / _segmentBytes)
            && Record.Check(segments[position / _segmentBytes].Memory, _segmentBytes, (int)(position % _segmentBytes), _segments.Seed, position) == Record.Fault.None;
    }

    /// <summary>Writes a record behind the last and returns its position. The owner only. Does not wait for the disk, unless no spare segment is ready.</summary>
    /// <exception cref="JournalFullException">There is no room for the next segment; nothing was written.</exception>
    public long Append(RecordKind kind, ReadOnlySpan<byte> payload) => Append(kind, payload, default);

    /// <summary>Writes a record whose payload is <paramref name="head"/> followed by <paramref name="tail"/>. As the other overload.</summary>
    public long Append(RecordKind kind, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        if (kind is < RecordKind.Command or > RecordKind.SessionState) ThrowKind(kind);
        var position = Write(kind, head, tail);
        _contentEnd = _base + _offset;
        return position;
    }

    /// <summary>
    /// Appends a mark when the last record is durable but no watermark in the journal says so; true when it did (then
    /// a sync is worth asking for). The owner, when idle: from then on damage to that record cannot pass for a torn tail.
    /// </summary>
    public bool MarkIfNeeded()
    {
        if (_lastWatermark >= _contentEnd || Durable < _contentEnd) return false;
        Write(RecordKind.Mark, default, default);
        return true;
    }

    /// <summary>
    /// The payload of the record at <paramref name="position"/>, checked again. Any thread; the bytes stay valid until the journal is disposed.
    /// </summary>
    /// <exception cref="JournalDamagedException">There is no good record there.</exception>
    public ReadOnlySpan<byte> Read(long position) => TryRead(position, out var payload) ? payload : throw Pruned(position);

    /// <summary>As <see cref="Read"/>; false when the record's segment was pruned. The bytes stay valid until the owner's turn ends.</summary>
    public bool TryRead(long position, out ReadOnlySpan<byte> payload)
    {
        var record = Find(position);
        payload = record == null ? default : Record.Payload(record);
        return record != null;
    }

    /// <summary>The record at a position, checked; null when its segment was pruned.</summary>
    private byte* Find(long position)
    {
        // Acquire: the segments published before this position, and the record's bytes, are visible.
        var appended = Volatile.Read(ref _appended);
        var segments = _segments.All;
        if (position < SegmentHeader.Size || position >= appended || (position & 7) != 0 || position % _segmentBytes < SegmentHeader.Size)
            throw new ArgumentOutOfRangeException(nameof(position), position,
                $"No record begins at byte {position % _segmentBytes} of segment {position / _segmentBytes}; the journal ends at position {appended}");
        if (position / _segmentBytes < segments.First) return null;
        var segment = segments[position / _segmentBytes];
        var offset = (int)(position % _segmentBytes);
        var fault = Record.Check(segment.Memory, _segmentBytes, offset, _seed, position);
        return fault == Record.Fault.None
            ? segment.Memory + offset
            : throw new JournalDamagedException(segment.Name, offset, Record.Describe(fault, segment.Memory + offset));
    }

    /// <summary>
    /// Walks the journal forward while it is being written: the record at <paramref name="position"/> (0 for the first),
    /// if it begins before <paramref name="before"/>; <paramref name="position"/> is then where the next one begins.
    /// False when there is none yet. Any thread; marks and rolls are passed over.
    /// </summary>
    /// <param name="position">Where to read; moved on.</param>
    /// <param name="before">At most <see cref="Appended"/>; <see cref="Durable"/> for what may be told.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="payload">Its bytes, valid until the journal is disposed.</param>
    /// <exception cref="JournalDamagedException">There is no good record there.</exception>
    public bool TryNext(ref long position, long before, out RecordKind kind, out ReadOnlySpan<byte> payload)
    {
        if (position == 0) position = KeptFrom + SegmentHeader.Size;
        while (position < before)
        {
            var record = Find(position);
            if (record == null) throw Pruned(position);
            payload = Record.Payload(record);
            kind = Record.Kind(record);
            position = kind == RecordKind.Roll
                ? (position / _segmentBytes + 1) * _segmentBytes + SegmentHeader.Size
                : position + Record.SizeOf(payload.Length);
            if (kind is not (RecordKind.Mark or RecordKind.Roll)) return true;
        }
        kind = RecordKind.None;
        payload = default;
        return false;
    }

    /// <summary>Makes everything appended so far durable. The commit thread only.</summary>
    /// <exception cref="JournalException">
    /// The disk refused. The page cache cannot be trusted any more (the kernel may have dropped what it could not write
    /// and marked it clean), so every later call fails too: the venue must stop.
    /// </exception>
    public void Sync()
    {
        ThrowUnlessWritable();
        if (_syncFault is not null) throw new JournalException("The journal cannot be synced: an earlier sync failed, and what is on the disk is unknown since", _syncFault);
        var target = Volatile.Read(ref _appended);
        if (target == _durable) return;
        var segments = _segments.All;
        var first = _durable / _segmentBytes;
        var last = target / _segmentBytes;
        for (var from = _durable; from < target;)
        {
            // In parts: while a slow disk has much to write, the owner's next pages are made ready between.
            if (from > _durable) _ahead.MakeReady(Appended);
            var segment = segments[from / _segmentBytes];
            var offset = (int)(from % _segmentBytes);
            var bytes = (int)Math.Min(Math.Min(target - from, SyncBytesMax), _segmentBytes - offset);
            SyncPart(segment, offset, bytes);
            from += bytes;
        }
        Volatile.Write(ref _durable, target);
        for (var n = first; n < last; n++) segments[n].Seal();
    }

    /// <summary>
    /// Makes the next segment when there is none ready, and the memory that the next records go to. The commit thread, after
    /// each sync. When the disk is full, <see cref="SpaceFault"/> says so and it is tried again a second later.
    /// </summary>
    public void Prepare()
    {
        ThrowUnlessWritable();
        _segments.Prepare();
        _ahead.MakeReady(Appended);
    }

    /// <summary>The owner holds no bytes any more that <see cref="TryRead"/> gave it. Once in each of its turns, when segments are pruned.</summary>
    // A full fence: the next turn's look at the segments does not come before this.
    public void EndTurn() => Interlocked.Increment(ref _turn);

    /// <summary>
    /// Removes the oldest segment when all of it stands before <paramref name="before"/>, is durable, and had been written
    /// before <paramref name="writtenBeforeNs"/>; returns what it was called, else null. One thread, beside owner and commit
    /// thread; readers other than the owner read nothing before <paramref name="before"/>.
    /// </summary>
    /// <param name="before">Position of a record that is not removed.</param>
    /// <param name="writtenBeforeNs">Nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="archive">Folder to which it is moved; null: it is deleted.</param>
    public string? PruneOldest(long before, long writtenBeforeNs, string? archive)
    {
        ThrowUnlessWritable();
        if (KeptFrom + _segmentBytes > Math.Min(before, Durable) || !HasOlderThan(writtenBeforeNs)) return null;
        var removed = _segments.RemoveOldest(archive);
        // The list was replaced by a full fence: whoever still has the old one is in this turn or ended it before.
        _removed.Enqueue((removed, Volatile.Read(ref _turn)));
        return removed.Name;
    }

    /// <summary>True when all of the oldest segment had been written before this time, nanoseconds since 1970-01-01 UTC. Any thread.</summary>
    public bool HasOlderThan(long writtenBeforeNs) => _segments.WrittenBeforeNs(_segments.All.First) < writtenBeforeNs;

    /// <summary>Lets the memory of pruned segments go as far as the owner has ended its turn; true when none is left. The thread that prunes.</summary>
    public bool Reclaim()
    {
        while (_removed.TryPeek(out var oldest) && oldest.Turn < Volatile.Read(ref _turn)) _removed.Dequeue().Segment.Dispose();
        return _removed.Count == 0;
    }

    /// <summary>An orderly end: everything durable, and a durable mark that says so. The owner, once the commit thread has stopped.</summary>
    public void Finish()
    {
        Sync();
        if (MarkIfNeeded()) Sync();
    }

    /// <summary>Lets the memory and the folder go, without syncing: see <see cref="Finish"/>. After the commit thread has stopped.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _offsetMax = -1;
        foreach (var (segment, _) in _removed) segment.Dispose();
        _segments.Dispose();
    }

    private long Write(RecordKind kind, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        // Offsets are multiples of eight, so a payload that fits still fits with its padding.
        var payloadBytes = (long)head.Length + tail.Length;
        if (payloadBytes > _offsetMax - _offset) Roll(payloadBytes);
        var record = _memory + _offset;
        head.CopyTo(new Span<byte>(record + Record.HeaderSize, head.Length));
        tail.CopyTo(new Span<byte>(record + Record.HeaderSize + head.Length, tail.Length));
        return Complete(record, kind, (int)payloadBytes);
    }

    private long Complete(byte* record, RecordKind kind, int payloadBytes)
    {
        var size = Record.SizeOf(payloadBytes);
        var position = _base + _offset;
        var watermark = Volatile.Read(ref _durable);
        Record.Finish(record, _seed, position, kind, watermark, payloadBytes);
        _lastWatermark = watermark;
        _offset += size;
        Volatile.Write(ref _appended, position + size);   // release: the bytes above are visible before the position
        return position;
    }

    /// <summary>Goes on in the next segment. First the segment, then the roll: without room on the disk nothing is written.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Roll(long payloadBytes)
    {
        ThrowUnlessWritable();
        if (payloadBytes > PayloadBytesMax)
            throw new ArgumentException($"A record of {payloadBytes} bytes is longer than the {PayloadBytesMax} that a segment of {_segmentBytes} can hold");
        var next = _segments.TakeNext();
        Complete(_memory + _offset, RecordKind.Roll, 0);
        _memory = next.Memory;
        _base = next.Number * _segmentBytes;
        _offset = SegmentHeader.Size;
        Volatile.Write(ref _appended, _base + _offset);
    }

    /// <summary>Removes what a torn tail left, and makes sure that what was kept is on the disk and not only in the page cache.</summary>
    private void MakeWhole(long last, int offset, Recovery pass)
    {
        if (pass.DroppedBytes > 0)
        {
            // The later segments go before the wiping: cut short at any point, the next start finds the same end.
            _segments.DropBehind(last);
            _segments.All[last].Bytes[offset..].Clear();
        }
        _segments.KeepSpareBehind(last);
        // After kill -9 the tail may never have been synced; after a failed sync its pages may even count as clean.
        // Written again, they are dirty, and a sync now is one that can be believed.
        var segments = _segments.All;
        var first = pass.Watermark / _segmentBytes;
        for (var n = first; n <= last; n++)
        {
            var from = n == first ? (int)(pass.Watermark % _segmentBytes) : 0;
            var to = n == last ? offset : _segmentBytes;
            for (var at = from; at < to; at = (at | (JournalOptions.SegmentBytesMin - 1)) + 1)
                Volatile.Write(ref segments[n].Memory[at], Volatile.Read(ref segments[n].Memory[at]));
            // What was wiped behind the end too, in the last one.
            SyncPart(segments[n], from, _segmentBytes - from);
        }
        for (var n = segments.First; n < last; n++) segments[n].Seal();
    }

    private void SyncPart(Segment segment, int from, int bytes)
    {
        try
        {
            segment.Sync(from, bytes);
        }
        catch (IOException fault)
        {
            _syncFault = fault;
            throw new JournalException($"The disk refused to sync {segment.Name}: {fault.Message}. What is on the disk is unknown since; " +
                "the venue stops. Check the disk before the next start.", fault);
        }
    }

    private void ThrowUnlessWritable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_options.ReadOnly) throw new InvalidOperationException("The journal was opened for reading only");
        if (!_recovered) throw new InvalidOperationException("The journal is to be recovered first");
    }

    private ArgumentOutOfRangeException Pruned(long position) =>
        new(nameof(position), position, $"The record was in segment {position / _segmentBytes}, which was pruned; the journal is kept from position {KeptFrom}");

    private static void ThrowKind(RecordKind kind) =>
        throw new ArgumentException($"A record of kind {kind} cannot be appended: it is a Command, Sent or SessionState");
}
