using System.Diagnostics;

namespace Venue.Sequencer;

/// <summary>
/// One pass over the segments: hands out every good record, finds the end, and tells the torn tail of a power cut
/// (nobody was told of it: dropped) from damage (somebody may have been: refused).
/// </summary>
/// <remarks>
/// Pages reach the disk in any order, so after a power cut whole records may follow a hole. They prove nothing by
/// themselves. But each record carries the durable watermark of its time: when a whole record behind the bad place has a
/// watermark beyond it, then the bad place had been on the disk, whole, and has been damaged since.
/// A tool that reads along with a running venue (<paramref name="openMore"/> is given) looks twice: the writer goes on meanwhile.
/// </remarks>
internal sealed unsafe class Recovery(SegmentList segments, int segmentBytes, uint seed, Func<SegmentList>? openMore, long after = 0)
{
    private const int ProgressEveryRecords = 1024;
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(100);

    private readonly long _after = after;
    private long _segment = after == 0 ? segments.First : after / segmentBytes;    // where the walk is: the number of the segment,
    private int _offset = after == 0 ? SegmentHeader.Size : (int)(after % segmentBytes);    // and the byte in it

    public long Records { get; private set; }
    public long Commands { get; private set; }
    public long Bytes { get; private set; }
    public long DroppedBytes { get; private set; }
    public long DroppedRecords { get; private set; }
    public long? FirstPosition { get; private set; }
    public long LastPosition { get; private set; }

    /// <summary>Greatest durable watermark in a good record.</summary>
    /// <remarks>What stands before the record that the walk begins behind was durable when somebody told so.</remarks>
    public long Watermark { get; private set; } = after;

    /// <summary>End of the last record that is neither mark nor roll.</summary>
    public long ContentEnd { get; private set; }

    /// <summary>Where the good records end.</summary>
    public long End => PositionOf(_segment, _offset);

    /// <summary>Number of the segment that holds <see cref="End"/>, and the byte in it.</summary>
    public (long Segment, int Offset) EndPlace => (_segment, _offset);

    public void Run(IJournalReader reader, Action<RecoveryProgress>? progress)
    {
        var bytesTotal = progress is null ? 0 : SegmentsInUse() * segmentBytes;
        var told = Stopwatch.GetTimestamp();
        while (true)
        {
            var memory = segments[_segment].Memory;
            var fault = Record.Check(memory, segmentBytes, _offset, seed, End);
            if (fault != Record.Fault.None)
            {
                if (EndsHere(fault)) return;
                continue;   // reading along: the writer finished this record in the meantime
            }
            Take(memory + _offset, reader);
            if (progress is not null && Records % ProgressEveryRecords == 0 && Stopwatch.GetElapsedTime(told) >= ProgressEvery)
            {
                told = Stopwatch.GetTimestamp();
                progress(new RecoveryProgress(End, bytesTotal, Records));
            }
        }
    }

    private void Take(byte* record, IJournalReader reader)
    {
        var position = End;
        var kind = Record.Kind(record);
        var size = Record.SizeOf(Record.Length(record) - Record.HeaderSize);
        FirstPosition ??= position;
        LastPosition = position;
        Records++;
        Bytes += size;
        Watermark = Math.Max(Watermark, Record.Watermark(record));
        if (kind == RecordKind.Roll)
        {
            EnterNextSegment(_offset + size);
            return;
        }
        _offset += size;
        if (kind == RecordKind.Mark) return;
        ContentEnd = End;
        if (position == _after) return;   // the record that the walk begins behind: the reader has it
        if (kind == RecordKind.Command) Commands++;
        reader.OnRecord(kind, position, Record.Payload(record));
    }

    private void EnterNextSegment(int afterRoll)
    {
        var rest = segments[_segment].Bytes[afterRoll..].IndexOfAnyExcept((byte)0);
        if (rest >= 0)
            throw new JournalDamagedException(segments[_segment].Name, afterRoll + rest, "there are bytes behind the segment's last record, where nothing is ever written");
        // The next segment was durable before this one was left, so it cannot have been lost by a power cut.
        if (_segment + 1 == segments.End && openMore is not null) segments = openMore();
        if (_segment + 1 == segments.End)
            throw new JournalDamagedException(segments[_segment].Name, _offset, $"the journal goes on in segment {_segment + 1}, which is missing");
        _segment++;
        _offset = SegmentHeader.Size;
    }

    /// <summary>True when the good records end here, by nature or torn; throws when they were damaged; false to look again.</summary>
    private bool EndsHere(Record.Fault fault)
    {
        var bad = End;
        var place = segments[_segment];
        if (fault == Record.Fault.Newer)
            throw new JournalException($"Journal segment {place.Name} cannot be read from byte {_offset} on: {Record.Describe(fault, place.Memory + _offset)}. " +
                "Start the version of the venue that wrote it.");
        var what = Record.Describe(fault, place.Memory + _offset);
        var proof = ScanBehind(bad);
        if (openMore is not null && Record.Check(place.Memory, segmentBytes, _offset, seed, bad) == Record.Fault.None)
        {
            // The writer wrote this very record between the two looks.
            DroppedBytes = DroppedRecords = 0;
            return false;
        }
        if (proof is not null) throw new JournalDamagedException(place.Name, _offset, $"{what}, and {proof} shows that it had been written");
        return true;
    }

    /// <summary>Counts what is behind a bad place; the text names a whole record that proves that place had been durable.</summary>
    private string? ScanBehind(long bad)
    {
        for (var s = _segment; s < segments.End; s++)
        {
            var from = s == _segment ? _offset : SegmentHeader.Size;
            var bytes = segments[s].Bytes;
            var used = bytes[from..].LastIndexOfAnyExcept((byte)0) + 1;
            DroppedBytes += used;
            for (var offset = from; offset < from + used;)
            {
                // A record begins with a length that is not zero, at a multiple of eight.
                offset += bytes[offset..(from + used)].IndexOfAnyExcept((byte)0) & ~7;
                if (!IsRecord(s, offset, out var record))
                {
                    offset += 8;
                    continue;
                }
                if (Record.Watermark(record) > bad)
                    return $"a whole record at byte {offset} of {segments[s].Name}, with durable watermark {Record.Watermark(record)},";
                DroppedRecords++;
                offset += Record.SizeOf(Record.Length(record) - Record.HeaderSize);
            }
        }
        return null;
    }

    private bool IsRecord(long segment, int offset, out byte* record)
    {
        record = segments[segment].Memory + offset;
        if (offset + Record.HeaderSize > segmentBytes || !Record.MayBe(record)) return false;
        var position = PositionOf(segment, offset);
        // No record is written with a watermark beyond itself.
        return (ulong)Record.Watermark(record) <= (ulong)position
            && Record.Check(segments[segment].Memory, segmentBytes, offset, seed, position) == Record.Fault.None;
    }

    private long SegmentsInUse()
    {
        var used = segments.End;
        while (used > segments.First + 1 && Record.Length(segments[used - 1].Memory + SegmentHeader.Size) == 0) used--;
        return used;
    }

    private long PositionOf(long segment, int offset) => segment * segmentBytes + offset;
}
