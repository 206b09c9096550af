namespace LiquidityBridge.Exchanges;

/// <summary>How much may be asked of an exchange, as it counts itself. One owner.</summary>
public interface ILimit
{
    /// <summary>Takes so much; false, and nothing taken, when that would be too much now.</summary>
    bool TryTake(int weight, long nowNs);
}

/// <summary>So much in each window that begins at a whole multiple of its length since 1970, as Binance counts (rateLimits of exchangeInfo).</summary>
public sealed class WindowLimit(int max, long windowNs) : ILimit
{
    private long _window = -1, _heldUntilNs;
    private int _used;

    /// <inheritdoc/>
    public bool TryTake(int weight, long nowNs)
    {
        Enter(nowNs);
        if (nowNs < _heldUntilNs || _used + weight > max) return false;
        _used += weight;
        return true;
    }

    /// <summary>What the exchange says was used in this window: others may use the same address or account.</summary>
    public void OnUsed(int used, long nowNs)
    {
        Enter(nowNs);
        _used = Math.Max(_used, used);
    }

    /// <summary>The exchange said stop: nothing before this time.</summary>
    public void Hold(long untilNs) => _heldUntilNs = Math.Max(_heldUntilNs, untilNs);

    private void Enter(long nowNs)
    {
        var window = nowNs / windowNs;
        if (window == _window) return;
        _window = window;
        _used = 0;
    }
}

/// <summary>At most so many in any stretch of this length, wherever the exchange's own windows begin: messages on a socket.</summary>
public sealed class SlidingLimit(int max, long windowNs) : ILimit
{
    private readonly long[] _takenNs = Enumerable.Repeat(long.MinValue / 2, max).ToArray();
    private int _oldest;

    /// <inheritdoc/>
    public bool TryTake(int weight, long nowNs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, max);
        if (nowNs - _takenNs[(_oldest + weight - 1) % max] < windowNs) return false;
        for (; weight > 0; weight--)
        {
            _takenNs[_oldest] = nowNs;
            _oldest = (_oldest + 1) % max;
        }
        return true;
    }
}

/// <summary>A counter that each request adds to and that falls evenly, as Kraken counts orders (docs.kraken.com, "Trading rate limits").</summary>
/// <param name="max">The counter's bound.</param>
/// <param name="decayPerSecondMilli">How far it falls each second, in thousandths.</param>
public sealed class DecayingLimit(int max, int decayPerSecondMilli) : ILimit
{
    private long _emptyAtNs;   // when the counter will have fallen to zero
    private int _max = max;

    /// <inheritdoc/>
    public bool TryTake(int weight, long nowNs)
    {
        var nsPerUnit = 1_000_000_000_000 / decayPerSecondMilli;
        var emptyAtNs = Math.Max(_emptyAtNs, nowNs) + weight * nsPerUnit;
        if (emptyAtNs - nowNs > _max * nsPerUnit) return false;
        _emptyAtNs = emptyAtNs;
        return true;
    }

    /// <summary>The exchange says what this account's bound is.</summary>
    public void SetMax(int most) => _max = most;

    /// <summary>What the exchange says the counter is.</summary>
    public void OnCount(int count, long nowNs) => _emptyAtNs = Math.Max(_emptyAtNs, nowNs + count * (1_000_000_000_000 / decayPerSecondMilli));
}
