namespace Venue.Host;

/// <summary>
/// A crowd at the door has a quarter of the core's time: after each few that were let in, while more wait, it rests three times as
/// long as that took. The others wait in the kernel's line, whose end is the crowd's own business.
/// </summary>
public sealed class AcceptPace
{
    private const int RestFactor = 3;
    // Letting in that took longer did so because the processor was somebody else's.
    private const long RestMaxNs = 1_000_000;

    /// <summary>When the next may be let in, nanoseconds since 1970-01-01 UTC; <see cref="long.MaxValue"/> while nothing rests.</summary>
    public long DueNs { get; private set; } = long.MaxValue;

    /// <summary>A few were let in, and more wait.</summary>
    public void Took(long startNs, long endNs) => DueNs = endNs + Math.Clamp((endNs - startNs) * RestFactor, 0, RestMaxNs);

    /// <summary>True once, when the rest is over.</summary>
    public bool IsOver(long nowNs)
    {
        if (nowNs < DueNs) return false;
        DueNs = long.MaxValue;
        return true;
    }
}
