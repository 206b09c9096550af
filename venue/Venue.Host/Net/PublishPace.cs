namespace Venue.Host;

/// <summary>Market data has a quarter of the core's time, however many read: after a round to all of them it rests three times as long as that took.</summary>
/// <remarks>What changes meanwhile is told together in the next round. A round to a few readers is so short that it needs no rest.</remarks>
internal sealed class PublishPace
{
    private const int Rest = 3;
    private const long FreeNs = 40_000, RestMaxNs = 100_000_000;

    private long _tookNs;

    /// <summary>When the next round may begin.</summary>
    public long DueNs { get; private set; }

    /// <summary>A slice took so long; perhaps it was the last of its round.</summary>
    public void Took(long startNs, long endNs, bool isOver)
    {
        _tookNs += Math.Max(endNs - startNs, 0);
        if (!isOver) return;
        DueNs = endNs + (_tookNs <= FreeNs ? 0 : Math.Min(_tookNs * Rest, RestMaxNs));
        _tookNs = 0;
    }
}
