namespace LiquidityBridge.Exchanges;

/// <summary>The time, nanoseconds since 1970 UTC. Never goes back within a process.</summary>
public static class Clock
{
    private const long NsPerTick = 100;
    private static long _last;

    /// <summary>Now.</summary>
    public static long NowNs()
    {
        var now = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * NsPerTick;
        while (true)
        {
            var last = Volatile.Read(ref _last);
            if (now <= last) return last;
            if (Interlocked.CompareExchange(ref _last, now, last) == last) return now;
        }
    }
}
