namespace Venue.Sequencer;

/// <summary>The journal's segments, from number 0, and the one made ahead of need.</summary>
/// <remarks>
/// The owner opens, takes and drops; the commit thread prepares. The list is an array that is never changed, only
/// replaced, so that any thread may look things up in the one it has read.
/// </remarks>
internal sealed class Segments(ISegmentStore store, JournalOptions options) : IDisposable
{
    private const int PrepareAgainMs = 1000;

    private readonly Lock _creating = new();
    private Segment[] _all = [];         // index = segment number
    private Segment? _spare;             // exchanged atomically between the two threads
    private SegmentHeader _newest;       // of the last segment made; under _creating once there are two threads
    private JournalFullException? _spaceFault;
    private long _prepareNotBeforeMs;    // the commit thread's

    /// <summary>All segments but the spare; index = number.</summary>
    public Segment[] All => Volatile.Read(ref _all);

    /// <summary>Start value of every record's checksum.</summary>
    public uint Seed { get; private set; }

    /// <summary>Why there is no spare, while the disk has no room for one.</summary>
    public JournalFullException? SpaceFault => Volatile.Read(ref _spaceFault);

    /// <summary>Opens those that are there and not open yet; makes the first of a new journal.</summary>
    public Segment[] Open()
    {
        var numbers = store.List().Order().ToArray();
        for (var n = _all.Length; n < numbers.Length; n++)
        {
            if (numbers[n] != n)
                throw new JournalDamagedException(store.NameOf(n), 0, $"segment {n} is missing, while segment {numbers[n]} is there");
            var segment = store.Open(n, options.SegmentBytes);
            _all = [.. _all, segment];
            var header = SegmentHeader.Read(segment, n);
            if (n > 0 && header.JournalID != _newest.JournalID)
                throw new JournalDamagedException(segment.Name, 24, $"it belongs to journal {header.JournalID}, the segments before it to {_newest.JournalID}");
            _newest = header;
        }
        if (numbers.Length == 0)
        {
            if (options.ReadOnly) throw new JournalException($"There is no journal in {store.Name}");
            _newest = new SegmentHeader(options.SegmentBytes, Number: -1, options.JournalID ?? Guid.NewGuid(), CreatedNs: 0);
            _all = [Create()];
        }
        Seed = _newest.Seed();
        return _all;
    }

    /// <summary>Removes every segment behind number <paramref name="last"/>; durable on return.</summary>
    public void DropBehind(int last)
    {
        // Highest first: cut short at any point, what is left has no gap.
        for (var n = _all.Length - 1; n > last; n--)
        {
            _all[n].Dispose();
            store.Delete(n);
            _all = _all[..n];
        }
        _newest = _newest with { Number = last };
    }

    /// <summary>Takes the empty segment behind number <paramref name="last"/>, when there is one, back as the spare.</summary>
    public void KeepSpareBehind(int last)
    {
        if (_all.Length == last + 1) return;
        DropBehind(last + 1);
        _spare = _all[last + 1];
        _all = _all[..(last + 1)];
    }

    /// <summary>The segment of this number, the spare included; null when it is not made yet. The commit thread.</summary>
    public Segment? At(long number)
    {
        // In this order: a segment that stops being the spare is in All already, or about to be.
        var spare = Volatile.Read(ref _spare);
        return spare?.Number == number ? spare : number < All.Length ? All[number] : null;
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
        Segment[] all = [.. _all, next];
        Volatile.Write(ref _all, all);
        return next;
    }

    /// <summary>Lets the memory and the store go.</summary>
    public void Dispose()
    {
        foreach (var segment in _all) segment.Dispose();
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
