namespace LiquidityBridge.Host;

/// <summary>How a journal is kept short: a core beside the one that decides folds every record, and when the file is too long it is written anew from that core's state.</summary>
/// <param name="Core">Never started; its state comes from the records alone.</param>
/// <param name="Bytes">The file is written anew when it is longer than this, and four times as long as it was then.</param>
/// <param name="Log">Lines for the operator.</param>
public sealed record Compaction(Bridge Core, long Bytes, Action<string> Log)
{
    /// <summary>Unless configured: some tens of milliseconds of reading at the start, and a pause of about as much every hour or so.</summary>
    public const long BytesDefault = 16 << 20;

    /// <summary>Called after each step, for tests that stop there.</summary>
    internal Action<CompactionStep>? Stepped { get; init; }
}

/// <summary>What has been done when a journal is written anew; the process may die behind any of it.</summary>
internal enum CompactionStep
{
    /// <summary>The new file is there and empty.</summary>
    Created,
    /// <summary>A part of it is written.</summary>
    PartlyWritten,
    /// <summary>All of it is written.</summary>
    Written,
    /// <summary>And on the disk.</summary>
    OnDisk,
    /// <summary>It has the journal's name.</summary>
    Renamed,
    /// <summary>And the folder says so on the disk.</summary>
    FolderOnDisk,
}
