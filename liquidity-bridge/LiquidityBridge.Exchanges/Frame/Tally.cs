namespace LiquidityBridge.Exchanges;

/// <summary>Counts what goes wrong at one exchange, and tells the core of it a few times a second at most. Any thread.</summary>
public sealed class Tally(int exchange, Inbox inbox)
{
    private const long TellEveryNs = 250_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(int Instrument, OutsideReason Reason), long> _counts = [];
    private bool _isChanged;
    private long _toldNs;

    /// <summary>It happened: to an instrument's book, or to the exchange as a whole.</summary>
    public void Count(OutsideReason reason, int instrument = -1)
    {
        lock (_lock)
        {
            _counts[(instrument, reason)] = _counts.GetValueOrDefault((instrument, reason)) + 1;
            _isChanged = true;
        }
    }

    /// <summary>How often it happened, to whatever instrument.</summary>
    public long Of(OutsideReason reason)
    {
        lock (_lock) return _counts.Where(c => c.Key.Reason == reason).Sum(c => c.Value);
    }

    /// <summary>Tells what has changed. Call it often.</summary>
    public void Poll(long nowNs)
    {
        lock (_lock)
        {
            if (!_isChanged || nowNs - _toldNs < TellEveryNs) return;
            _isChanged = false;
            _toldNs = nowNs;
            inbox(new ExchangeCounts { NowNs = nowNs, Exchange = exchange, Counts = [.. _counts.Select(c => new ReasonCount(c.Key.Instrument, c.Key.Reason, c.Value))] });
        }
    }
}
