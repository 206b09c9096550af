namespace LiquidityBridge.Exchanges;

/// <summary>How long to wait before the next attempt: doubling up to a bound, and spread, so that many who lost the same peer do not come back at once.</summary>
public sealed class Backoff(TimeSpan first, TimeSpan most, Random random)
{
    private int _failures;

    /// <summary>From half a second to half a minute.</summary>
    public Backoff() : this(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), Random.Shared)
    {
    }

    /// <summary>Wait this long after one more failure: between half and all of the doubled time.</summary>
    public TimeSpan Next()
    {
        var ms = Math.Min((long)most.TotalMilliseconds, (long)first.TotalMilliseconds << Math.Min(_failures++, 20));
        return TimeSpan.FromMilliseconds(ms / 2 + random.NextInt64(ms / 2 + 1));
    }

    /// <summary>It worked.</summary>
    public void Reset() => _failures = 0;
}
