namespace Venue.Host;

/// <summary>
/// Spreads the work of market data: after some hundred microseconds of it the thread sleeps as many times longer, so that who trades never finds
/// a processor taken for long, and readers have a part of one however many they are.
/// </summary>
/// <remarks>A kernel lets a thread that runs go on for milliseconds before another one is let in, whatever their priorities; one that sleeps by itself is never in the way. What changes meanwhile is told together.</remarks>
internal sealed class SlicePace
{
    /// <summary>It sleeps so many times as long as it ran.</summary>
    private const int Rest = 2;

    /// <summary>A round to a few readers needs no rest.</summary>
    private const long FreeNs = 60_000;

    // A slice that took longer did so because the processor was somebody else's.
    private const long RestMaxNs = 1_000_000;

    private long _tookNs;

    /// <summary>Work after which it rests, nanoseconds.</summary>
    public const long SliceNs = 100_000;

    /// <summary>When it goes on.</summary>
    public long DueNs { get; private set; }

    /// <summary>Some slices took so long; perhaps they were the last of their round.</summary>
    public void Took(long startNs, long endNs, bool isOver)
    {
        var tookNs = Math.Max(endNs - startNs, 0);
        _tookNs += tookNs;
        DueNs = endNs + (_tookNs <= FreeNs ? 0 : Math.Min(tookNs * Rest, RestMaxNs));
        if (isOver) _tookNs = 0;
    }
}
