using Venue.Messages;

namespace LiquidityBridge.Sandbox.Market;

/// <summary>How a level differs from what was published before.</summary>
internal enum LevelChangeKind
{
    /// <summary>It was not in view.</summary>
    New,
    /// <summary>Another quantity.</summary>
    Changed,
    /// <summary>Nothing rests there any more.</summary>
    Gone,
    /// <summary>It still stands in the book, but better levels pushed it out of view.</summary>
    OutOfView,
}

/// <summary>One level's difference.</summary>
internal readonly record struct LevelChange(Side Side, LevelChangeKind Kind, long Ticks, long Lots);

/// <summary>The best levels of an instrument as they were last published, and what has changed since.</summary>
internal sealed class DepthView(Exchange exchange, Instrument instrument, int depth)
{
    private List<(long Ticks, long Lots)> _bids = [], _asks = [];

    /// <summary>Levels on each side at most.</summary>
    public int Depth { get; } = depth;

    /// <summary>The instrument.</summary>
    public Instrument Instrument { get; } = instrument;

    /// <summary>Last published, best first.</summary>
    public IReadOnlyList<(long Ticks, long Lots)> Bids => _bids;

    /// <summary>Last published, best first.</summary>
    public IReadOnlyList<(long Ticks, long Lots)> Asks => _asks;

    /// <summary>What was published before the last change, best first.</summary>
    public (IReadOnlyList<(long Ticks, long Lots)> Bids, IReadOnlyList<(long Ticks, long Lots)> Asks) Before { get; private set; } = ([], []);

    /// <summary>Takes the book as it is now, and says what that changes.</summary>
    public List<LevelChange> Advance()
    {
        Before = (_bids, _asks);
        var changes = new List<LevelChange>();
        _bids = Advance(Side.Buy, _bids, changes);
        _asks = Advance(Side.Sell, _asks, changes);
        return changes;
    }

    private List<(long Ticks, long Lots)> Advance(Side side, List<(long Ticks, long Lots)> old, List<LevelChange> changes)
    {
        var book = exchange.Book(Instrument);
        var now = new List<(long Ticks, long Lots)>(Depth);
        for (var more = book.TryBest(side, out var price); more && now.Count < Depth; more = book.TryNext(side, price, out price))
            now.Add((price.Ticks, book.QuantityAt(side, price).Lots));

        var before = old.ToDictionary(l => l.Ticks, l => l.Lots);
        foreach (var (ticks, lots) in now)
        {
            if (!before.Remove(ticks, out var was)) changes.Add(new LevelChange(side, LevelChangeKind.New, ticks, lots));
            else if (was != lots) changes.Add(new LevelChange(side, LevelChangeKind.Changed, ticks, lots));
        }
        foreach (var ticks in before.Keys.Order())
            changes.Add(new LevelChange(side, book.QuantityAt(side, new Price(ticks)).Lots == 0 ? LevelChangeKind.Gone : LevelChangeKind.OutOfView, ticks, 0));
        return now;
    }
}
