namespace Venue.Host;

/// <summary>The process's only clock.</summary>
public static class Clock
{
    /// <summary>Nanoseconds since 1970-01-01 UTC, in steps of 100.</summary>
    public static long NowNs() => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;
}
