namespace Venue.Sequencer;

/// <summary>The journal's segments, from the oldest that is kept, and the one made ahead of need.</summary>
/// <remarks>
/// The owner opens, takes and drops; the commit thread prepares; one more thread removes the oldest. The list is never
/// changed, only replaced, so that any thread may look things up in the one it has read.
/// </remarks>
internal sealed class Segments(ISegmentStore store, JournalOptions options) : IDisposable
{
    private const int PrepareAgainMs = 1000;

    private readonly Lock _creating = new();
    private SegmentList _all = SegmentList.None;   // exchanged atomically once there is more than one thread
    private Segment? _spare;             // exchanged atomically between the two threads
    private SegmentHeader _newest;       // of the last segment made; under _creating once there are two threads
    private JournalFullException? _spaceFault;
    private long _prepareNotBeforeMs;    // the commit thread's

    /// <summary>All segments but the spare.</summary>
    public SegmentList All => Volatile.Read(ref _all);

    /// <summary>What a person would call the segment of this number.</summary>
    public string NameOf(long number) => store.NameOf(number);

    /// <summary>Start value of every record's checksum.</summary>
    public uint Seed { get; private set; }

    /// <summary>Why there is no spare, while the disk has no room for one.</summary>
    public JournalFullException? SpaceFault => Volatile.Read(ref _spaceFault);

    /// <summary>Opens those that are there and not open yet; makes the first of a new journal.</summary>
    public SegmentList Open()
    {
        while (!TryOpen())
        {
            _all.Dispose();
            _all = SegmentList.None;
        }
        if (_all.IsEmpty)
        {
            if (options.ReadOnly) throw new JournalException($"There is no journal in {store.Name}");
            _newest = new SegmentHeader(options.SegmentBytes, Number: -1, options.JournalID ?? Guid.NewGuid(), CreatedNs: 0);
            _all = _all.With(Create());
        }
        Seed = _newest.Seed();
        return _all;
    }

    /// <summary>False when a venue that this process reads along with removed a segment meanwhile: then once more from the beginning.</summary>
    private bool TryOpen()
    {
        foreach (var number in store.List().Order())
        {
            if (number < _all.End) continue;
            if (!_all.IsEmpty && number != _all.End)
                throw new JournalDamagedException(store.NameOf(_all.End), 0, $"segment {_all.End} is missing, while segment {number} is there");
            Segment segment;
            try
            {
                segment = store.Open(number, options.SegmentBytes);
            }
            catch (JournalException) when (options.ReadOnly && !store.List().Contains(number))
            {
                return false;
            }
            var isFirst = _all.IsEmpty;
            _all = _all.With(segment);
            var header = SegmentHeader.Read(segment, number);
            if (!isFirst && header.JournalID != _newest.JournalID)
                throw new JournalDamagedException(segment.Name, 24, $"it belongs to journal {header.JournalID}, the segments before it to {_newest.JournalID}");
            _newest = header;
        }
        return true;
    }

    /// <summary>Removes every segment behind number <paramref name="last"/>; durable on return.</summary>
    public void DropBehind(long last)
    {
        // Highest first: cut short at any point, what is left has no gap.
        for (var n = _all.End - 1; n > last; n--)
        {
            _all[n].Dispose();
            store.Delete(n);
            _all = _all.Before(n);
        }
        _newest = _newest with { Number = last };
    }

    /// <summary>Takes the empty segment behind number <paramref name="last"/>, when there is one, back as the spare.</summary>
    public void KeepSpareBehind(long last)
    {
        if (_all.End == last + 1) return;
        DropBehind(last + 1);
        _spare = _all[last + 1];
        _all = _all.Before(last + 1);
    }

    /// <summary>
    /// When the last record of a segment had been written for certain, nanoseconds since 1970-01-01 UTC: the segment behind
    /// the next one is made after the next one was begun. Null while that one is not made.
    /// </summary>
    public long? WrittenBeforeNs(long number) => At(number + 2) is { } later ? SegmentHeader.Read(later, later.Number).CreatedNs : null;

    /// <summary>
    /// Takes the oldest segment out of the store, to <paramref name="archive"/> when that is not null, and then out of
    /// <see cref="All"/>. Its memory stays: who has looked it up may still read it.
    /// </summary>
    public Segment RemoveOldest(string? archive)
    {
        var oldest = All[All.First];
        // The file first: if that fails, everything is as it was. Oldest first and each durably: cut short, there is no gap.
        if (archive is null) store.Delete(oldest.Number);
        else store.Archive(oldest.Number, archive);
        for (var all = All; ;)
        {
            var was = Interlocked.CompareExchange(ref _all, all.From(oldest.Number + 1), all);
            if (was == all) return oldest;
            all = was;
        }
    }

    /// <summary>The segment of this number, the spare included; null when it is not made yet. The commit thread.</summary>
    public Segment? At(long number)
    {
        // In this order: a segment that stops being the spare is in All already, or about to be.
        var spare = Volatile.Read(ref _spare);
        var all = All;
        return spare?.Number == number ? spare : all.Has(number) ? all[number] : null;
    }

    /// <summary>Makes a spare when there is none. The commit thread.</summary>
    public void Prepare()
    {
        if (Volatile.Read(ref _spare) is not null || Environment.TickCount64 < _prepareNotBeforeMs) return;
        lock (_creating)
        {
            if (_spare is not null) return;
            try
            {
                Volatile.Write(ref _spare, Create());
                Volatile.Write(ref _spaceFault, null);
            }
            catch (JournalFullException full)
            {
                Volatile.Write(ref _spaceFault, full);
                _prepareNotBeforeMs = Environment.TickCount64 + PrepareAgainMs;
            }
        }
    }

    /// <summary>The next segment, already in <see cref="All"/>: the spare, or one made now. The owner.</summary>
    public Segment TakeNext()
    {
        var next = Interlocked.Exchange(ref _spare, null);
        if (next is null)
        {
            lock (_creating) next = Interlocked.Exchange(ref _spare, null) ?? Create();
        }
        for (var all = All; ;)
        {
            var was = Interlocked.CompareExchange(ref _all, all.With(next), all);
            if (was == all) return next;
            all = was;
        }
    }

    /// <summary>Lets the memory and the store go.</summary>
    public void Dispose()
    {
        _all.Dispose();
        _spare?.Dispose();
        store.Dispose();
    }

    private Segment Create()
    {
        var nowNs = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        var header = _newest with { Number = _newest.Number + 1, CreatedNs = nowNs };
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        header.Write(bytes);
        var segment = store.Create(header.Number, options.SegmentBytes, bytes);
        segment.ForWriting();
        _newest = header;
        return segment;
    }
}
