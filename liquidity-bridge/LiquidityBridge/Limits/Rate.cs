namespace LiquidityBridge;

/// <summary>At most so many per second, bursts of one second's worth included: a bucket of tokens, refilled evenly.</summary>
public sealed class Rate(int perSecond)
{
    private const long SecondNs = 1_000_000_000;

    private readonly long _tokenNs = SecondNs / perSecond;
    private long _emptyAtNs = long.MinValue;   // the time at which the bucket would have been empty

    /// <summary>Takes one token; false when there is none.</summary>
    public bool TryTake(long nowNs)
    {
        var from = Math.Max(_emptyAtNs, nowNs - SecondNs);
        if (from + _tokenNs > nowNs) return false;
        _emptyAtNs = from + _tokenNs;
        return true;
    }
}
