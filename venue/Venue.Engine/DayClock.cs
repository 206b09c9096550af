namespace Venue.Engine;

/// <summary>How long something held, today and the day before (UTC), in nanoseconds. Its time comes from commands.</summary>
internal struct DayClock
{
    private const long DayNs = 86_400_000_000_000;

    public long SinceNs;
    public long TodayNs;
    public long YesterdayNs;
    public bool Runs;

    /// <summary>From now on it holds, or no longer does.</summary>
    public void Set(long nowNs, bool runs)
    {
        if (runs == Runs) return;
        Advance(nowNs);
        Runs = runs;
    }

    /// <summary>Counts up to now; at midnight a day begins.</summary>
    public void Advance(long nowNs)
    {
        var midnight = SinceNs / DayNs * DayNs + DayNs;
        if (nowNs >= midnight)
        {
            if (Runs) TodayNs += midnight - SinceNs;
            // Of days without a command in between only the last one counts.
            var isNext = nowNs < midnight + DayNs;
            YesterdayNs = isNext ? TodayNs : Runs ? DayNs : 0;
            TodayNs = 0;
            SinceNs = isNext ? midnight : nowNs / DayNs * DayNs;
        }
        if (Runs) TodayNs += nowNs - SinceNs;
        SinceNs = nowNs;
    }

    /// <summary>The same, counted up to now.</summary>
    public readonly DayClock At(long nowNs)
    {
        var clock = this;
        clock.Advance(nowNs);
        return clock;
    }

    public readonly void HashInto(ref StateHasher hasher)
    {
        hasher.Add(SinceNs);
        hasher.Add(TodayNs);
        hasher.Add(YesterdayNs);
        hasher.Add(Runs ? 1 : 0);
    }
}
