using System.Runtime.InteropServices;

namespace LiquidityBridge;

/// <summary>A price and what can be had there.</summary>
/// <param name="Price">In whatever unit its book is kept.</param>
/// <param name="Quantity">Likewise; above 0.</param>
public readonly record struct Level(long Price, long Quantity);

/// <summary>
/// Both sides of one book, best first, as a feed of absolute levels describes it: setting a quantity of 0 removes the
/// level. Prices and quantities are in the exchange's own units.
/// </summary>
public sealed class LevelBook
{
    private readonly List<Level> _bids = [], _asks = [];

    /// <summary>Bids, highest first.</summary>
    public IReadOnlyList<Level> Bids => _bids;

    /// <summary>Asks, lowest first.</summary>
    public IReadOnlyList<Level> Asks => _asks;

    /// <summary>Bids, highest first, until the next change.</summary>
    public ReadOnlySpan<Level> BidSpan => CollectionsMarshal.AsSpan(_bids);

    /// <summary>Asks, lowest first, until the next change.</summary>
    public ReadOnlySpan<Level> AskSpan => CollectionsMarshal.AsSpan(_asks);

    /// <summary>True when a buyer offers as much as a seller asks: a book that cannot be.</summary>
    public bool IsCrossed => _bids.Count > 0 && _asks.Count > 0 && _bids[0].Price >= _asks[0].Price;

    /// <summary>Sets one level; a quantity of 0 removes it.</summary>
    /// <returns>False when a level was to be removed that is not there.</returns>
    public bool Set(bool isBid, long price, long quantity)
    {
        var levels = isBid ? _bids : _asks;
        int low = 0, high = levels.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            var isBefore = isBid ? levels[middle].Price > price : levels[middle].Price < price;
            if (isBefore) low = middle + 1;
            else high = middle;
        }
        var isThere = low < levels.Count && levels[low].Price == price;
        if (quantity == 0)
        {
            if (isThere) levels.RemoveAt(low);
            return isThere;
        }
        if (isThere) levels[low] = new Level(price, quantity);
        else levels.Insert(low, new Level(price, quantity));
        return true;
    }

    /// <summary>Forgets what lies deeper than <paramref name="depth"/> levels on each side.</summary>
    public void Truncate(int depth)
    {
        if (_bids.Count > depth) _bids.RemoveRange(depth, _bids.Count - depth);
        if (_asks.Count > depth) _asks.RemoveRange(depth, _asks.Count - depth);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _bids.Clear();
        _asks.Clear();
    }
}
