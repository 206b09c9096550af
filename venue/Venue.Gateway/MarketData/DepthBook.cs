using Venue.Messages;

namespace Venue.Gateway;

/// <summary>One instrument's price levels as the public sees them, folded from LevelChanged events.</summary>
public sealed class DepthBook
{
    // Best level last: changes happen near the touch, where an insertion moves least.
    private readonly List<(long Ticks, long Lots)> _bids = [], _asks = [];

    private uint _checksum;
    private bool _isChecked;

    /// <summary>Counts changes, so that a reader knows whether it has seen the latest.</summary>
    public long Version { get; private set; }

    /// <summary>The last trade; zero lots before the first.</summary>
    public Trade LastTrade { get; private set; }

    /// <summary>What was traded in the last 24 hours.</summary>
    internal Summary Summary { get; } = new();

    /// <summary>The same, for others than the gateway.</summary>
    public DayStatistics Day => Summary.HasTraded ? new DayStatistics(Summary.Open, Summary.High, Summary.Low, Summary.Close, Summary.Lots) : default;

    /// <summary>What an auction would do now; all zero when there is none.</summary>
    public Indicative Indicative { get; private set; }

    /// <summary>The same book once more.</summary>
    public DepthBook Copy()
    {
        var copy = new DepthBook();
        copy.Take(this);
        return copy;
    }

    /// <summary>Makes it what the other is; its readers see a change.</summary>
    public void Take(DepthBook other)
    {
        Version++;
        _isChecked = false;
        _bids.Clear();
        _bids.AddRange(other._bids);
        _asks.Clear();
        _asks.AddRange(other._asks);
        (LastTrade, Indicative) = (other.LastTrade, other.Indicative);
        Summary.Take(other.Summary);
    }

    /// <summary>The checksum of its best levels, counted once for all who tell it.</summary>
    internal uint Checksum(in DefineInstrument terms)
    {
        if (!_isChecked) (_checksum, _isChecked) = (BookChecksum.Of(this, terms), true);
        return _checksum;
    }

    /// <summary>Levels on one side.</summary>
    public int Count(Side side) => Levels(side).Count;

    /// <summary>The n-th best level of one side, from 0.</summary>
    public (long Ticks, long Lots) this[Side side, int n]
    {
        get
        {
            var levels = Levels(side);
            return levels[levels.Count - 1 - n];
        }
    }

    /// <summary>A level's total is now this; 0 removes it.</summary>
    public void On(in LevelChanged e)
    {
        Version++;
        _isChecked = false;
        var levels = Levels(e.Side);
        var at = Find(levels, e.Side, e.PriceTicks, out var found);
        if (e.Lots == 0)
        {
            if (found) levels.RemoveAt(at);
        }
        else if (found)
        {
            levels[at] = (e.PriceTicks, e.Lots);
        }
        else
        {
            levels.Insert(at, (e.PriceTicks, e.Lots));
        }
    }

    /// <summary>Something traded.</summary>
    public void On(in Trade e)
    {
        Version++;
        LastTrade = e;
        Summary.On(e);
    }

    /// <summary>An auction would do something else now.</summary>
    public void On(in Indicative e)
    {
        Version++;
        Indicative = e;
    }

    /// <summary>A phase begins: what the last one's auction would have done is over.</summary>
    public void EndAuction() => On(default(Indicative));

    /// <summary>It is later: what was traded a day ago counts no more. True when that changed something.</summary>
    public bool Advance(long nowNs)
    {
        if (!Summary.Advance(nowNs)) return false;
        Version++;
        return true;
    }

    private List<(long Ticks, long Lots)> Levels(Side side) => side == Side.Buy ? _bids : _asks;

    private static int Find(List<(long Ticks, long Lots)> levels, Side side, long ticks, out bool found)
    {
        // Bids stand ascending and asks descending.
        int low = 0, high = levels.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var there = levels[middle].Ticks;
            if (there == ticks)
            {
                found = true;
                return middle;
            }
            if (side == Side.Buy ? there < ticks : there > ticks) low = middle + 1;
            else high = middle;
        }
        found = false;
        return low;
    }
}
