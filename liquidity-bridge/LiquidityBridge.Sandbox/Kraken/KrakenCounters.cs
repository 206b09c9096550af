using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>Counters that requests add to and that fall evenly: docs.kraken.com, "Spot trading limits" and "Spot REST rate limits", for an intermediate account.</summary>
/// <param name="max">The bound: what would exceed it is refused.</param>
/// <param name="decayPerSecondMilli">How far a counter falls each second, in thousandths.</param>
internal sealed class KrakenCounters(int max, int decayPerSecondMilli)
{
    /// <summary>Bound of an account's orders in one pair.</summary>
    public const int TradingMax = 125;

    /// <summary>Its decay, thousandths each second.</summary>
    public const int TradingDecayMilli = 2340;

    /// <summary>Bound of a key's REST calls.</summary>
    public const int RestMax = 20;

    /// <summary>Its decay, thousandths each second.</summary>
    public const int RestDecayMilli = 500;

    /// <summary>What a new order adds.</summary>
    public const int AddWeight = 1;

    private const long SecondNs = 1_000_000_000;

    private readonly long _nsPerUnit = 1000 * SecondNs / decayPerSecondMilli;
    private readonly Dictionary<(Account, string), long> _emptyAtNs = [];

    /// <summary>What a cancel adds, by the order's age.</summary>
    public static int CancelWeight(long ageNs) => (ageNs / SecondNs) switch { < 5 => 8, < 10 => 6, < 15 => 5, < 45 => 4, < 90 => 2, < 300 => 1, _ => 0 };

    /// <summary>What an amend adds, by the order's age.</summary>
    public static int AmendWeight(long ageNs) => 1 + (ageNs / SecondNs) switch { < 5 => 3, < 10 => 2, < 15 => 1, _ => 0 };

    /// <summary>Adds, unless that would exceed the bound; then false.</summary>
    public bool TryAdd((Account, string) key, int weight, long nowNs)
    {
        if (EmptyAtNs(key, nowNs) + weight * _nsPerUnit - nowNs > max * _nsPerUnit) return false;
        Add(key, weight, nowNs);
        return true;
    }

    /// <summary>Adds in any case.</summary>
    public void Add((Account, string) key, int weight, long nowNs) => _emptyAtNs[key] = EmptyAtNs(key, nowNs) + weight * _nsPerUnit;

    private long EmptyAtNs((Account, string) key, long nowNs) => Math.Max(_emptyAtNs.GetValueOrDefault(key), nowNs);
}
