namespace Venue.Sequencer;

/// <summary>When a command counts as safe, so that its consequences may be told.</summary>
public enum Durability
{
    /// <summary>Once the disk has it (msync, group commit): survives a power cut.</summary>
    Fsync,
    /// <summary>
    /// Once it is in the page cache: survives kill -9 of the process, not a power cut. The disk follows
    /// <see cref="JournalOptions.AsyncSyncMs"/> behind.
    /// </summary>
    Async,
}

/// <summary>Where the journal is and how safe it is.</summary>
public sealed record JournalOptions
{
    /// <summary>Least <see cref="SegmentBytes"/>: one page.</summary>
    public const int SegmentBytesMin = 4096;

    /// <summary>Greatest <see cref="SegmentBytes"/>: 1 GiB.</summary>
    public const int SegmentBytesMax = 1 << 30;

    /// <summary>Folder of the segments and the lock file; made when it is missing.</summary>
    public required string Directory { get; init; }

    /// <summary>Bytes in one segment file, a multiple of 4,096. Cannot be changed for an existing journal.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>When a command counts as safe.</summary>
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>With <see cref="Durability.Async"/>: milliseconds between two syncs in the background.</summary>
    public int AsyncSyncMs { get; init; } = 50;

    /// <summary>
    /// Bytes that may wait for the disk, with either durability, before the sequencer takes no more commands: the bound of the queue in front of
    /// the disk. Commands then wait in the inbound ring, and when that is full they are refused.
    /// </summary>
    public int UnsafeBytesMax { get; init; } = 4 << 20;

    /// <summary>Identity of a new journal, the seed of its checksums; null to draw one. An existing journal keeps its own.</summary>
    public Guid? JournalID { get; init; }

    /// <summary>For tools that read along: takes no lock, repairs nothing, appends nothing.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Every fault with its consequence; empty when there is none.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(Directory))
            faults.Add("journal directory is empty: there is nowhere to write what was promised");
        if (SegmentBytes < SegmentBytesMin || SegmentBytes > SegmentBytesMax)
            faults.Add($"journal segmentBytes {SegmentBytes} is not from {SegmentBytesMin} to {SegmentBytesMax}: " +
                "a smaller one cannot hold a page, a larger one cannot be mapped whole");
        else if (SegmentBytes % SegmentBytesMin != 0)
            faults.Add($"journal segmentBytes {SegmentBytes} is not a multiple of {SegmentBytesMin}: its last page would be shared with nothing");
        if (!Enum.IsDefined(Durability))
            faults.Add($"journal durability {(int)Durability} is neither Fsync nor Async: nobody could say when an order is safe");
        if (AsyncSyncMs is < 1 or > 10_000)
            faults.Add($"journal asyncSyncMs {AsyncSyncMs} is not from 1 to 10000: a power cut would lose more than ten seconds, or the disk would be synced without pause");
        if (UnsafeBytesMax < 4096)
            faults.Add($"journal unsafeBytesMax {UnsafeBytesMax} is less than 4096: the sequencer would wait for the disk after every few commands");
        return faults;
    }

    internal void ThrowIfInvalid()
    {
        var faults = Validate();
        if (faults.Count > 0) throw new JournalException("The journal's options are wrong: " + string.Join("; ", faults));
    }
}
