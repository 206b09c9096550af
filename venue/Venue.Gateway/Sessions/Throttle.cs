namespace Venue.Gateway;

/// <summary>How many messages a session or a firm may send, and what becomes of one that does not care.</summary>
public sealed record RateLimit
{
    /// <summary>Messages a second in the long run; 0 for no limit.</summary>
    public int PerSecond { get; init; }

    /// <summary>Messages at once after a silence; at least 1.</summary>
    public int Burst { get; init; } = 1;

    /// <summary>Refusals within <see cref="AbuseWindowNs"/> until the session is logged out; 0 for never.</summary>
    public int AbuseMax { get; init; }

    /// <summary>How long a session that was logged out for it stays out, nanoseconds.</summary>
    public long BlockNs { get; init; } = 60_000_000_000;

    /// <summary>Refusals are counted for so long, nanoseconds.</summary>
    public const long AbuseWindowNs = 10_000_000_000;
}

/// <summary>A token bucket, kept as the one moment at which it will be full again (the generic cell rate algorithm).</summary>
public sealed class Throttle(RateLimit limit)
{
    private readonly long _tokenNs = limit.PerSecond == 0 ? 0 : 1_000_000_000 / limit.PerSecond;
    private long _fullAtNs;
    private long _countedSinceNs;

    /// <summary>What it is made by.</summary>
    public RateLimit Limit => limit;

    /// <summary>Refusals in the current window.</summary>
    public int Refusals { get; private set; }

    /// <summary>Refusals in the window that is current now.</summary>
    public int RefusalsAt(long nowNs) => nowNs - _countedSinceNs < RateLimit.AbuseWindowNs ? Refusals : 0;

    /// <summary>Messages that would pass now, one after another.</summary>
    public int TokensAt(long nowNs) => (int)((_tokenNs * limit.Burst - Math.Max(0, _fullAtNs - nowNs)) / _tokenNs);

    /// <summary>True when there is a token to take.</summary>
    public bool HasToken(long nowNs) => _fullAtNs - nowNs <= _tokenNs * (limit.Burst - 1);

    /// <summary>Takes one. The caller has asked <see cref="HasToken"/>.</summary>
    public void Take(long nowNs) => _fullAtNs = Math.Max(_fullAtNs, nowNs) + _tokenNs;

    /// <summary>Counts a refusal; true when that is abuse.</summary>
    public bool Refuse(long nowNs)
    {
        if (nowNs - _countedSinceNs >= RateLimit.AbuseWindowNs) (_countedSinceNs, Refusals) = (nowNs, 0);
        return ++Refusals == limit.AbuseMax;
    }
}
