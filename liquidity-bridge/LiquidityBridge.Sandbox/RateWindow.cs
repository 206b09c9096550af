namespace LiquidityBridge.Sandbox;

/// <summary>At most so many occasions within any stretch of time of this length.</summary>
internal sealed class RateWindow(int most, long windowNs)
{
    private readonly Queue<long> _taken = new();

    /// <summary>Takes one more; false when there were too many lately, and then it does not count.</summary>
    public bool TryTake(long nowNs)
    {
        while (_taken.TryPeek(out var oldest) && nowNs - oldest >= windowNs) _taken.Dequeue();
        if (_taken.Count >= most) return false;
        _taken.Enqueue(nowNs);
        return true;
    }
}

/// <summary>One window for each of many: an address, an account and what it trades.</summary>
internal sealed class RateWindows<TKey>(int most, long windowNs) where TKey : notnull
{
    private readonly Dictionary<TKey, RateWindow> _windows = [];

    /// <summary>As <see cref="RateWindow.TryTake"/>.</summary>
    public bool TryTake(TKey key, long nowNs)
    {
        if (!_windows.TryGetValue(key, out var window)) _windows[key] = window = new RateWindow(most, windowNs);
        return window.TryTake(nowNs);
    }
}
