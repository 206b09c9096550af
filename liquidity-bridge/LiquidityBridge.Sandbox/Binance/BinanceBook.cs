using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>One instrument's update numbers, and what each of its two diff streams has told.</summary>
internal sealed class BinanceBook(Exchange exchange, Instrument instrument)
{
    /// <summary>Levels of a snapshot at most, on each side.</summary>
    public const int DepthMax = 5000;

    private readonly DepthView _truth = new(exchange, instrument, DepthMax);
    private (long ID, List<(long, long)> Bids, List<(long, long)> Asks)? _old;

    /// <summary>The instrument.</summary>
    public Instrument Instrument { get; } = instrument;

    /// <summary>Number of the last update; each level that changes has one.</summary>
    public long LastID { get; private set; } = 1000;

    /// <summary>The stream @depth@100ms.</summary>
    public DiffStream Fast { get; } = new(exchange, instrument, 100_000_000);

    /// <summary>The stream @depth.</summary>
    public DiffStream Slow { get; } = new(exchange, instrument, 1_000_000_000);

    /// <summary>The book has changed.</summary>
    public void OnBook() => LastID += _truth.Advance().Count;

    /// <summary>Keeps what a snapshot says now, to be told when it is old.</summary>
    public void Keep() => _old = (LastID, [.. _truth.Bids], [.. _truth.Asks]);

    /// <summary>Number and levels of a snapshot; an old one if there is one and it is asked for.</summary>
    public (long ID, IReadOnlyList<(long, long)> Bids, IReadOnlyList<(long, long)> Asks) Snapshot(bool isOld)
    {
        if (isOld && _old is { } old && old.ID < LastID) return (old.ID, old.Bids, old.Asks);
        return (LastID, _truth.Bids, _truth.Asks);
    }

    /// <summary>One stream of differences.</summary>
    internal sealed class DiffStream(Exchange exchange, Instrument instrument, long intervalNs)
    {
        private readonly DepthView _view = new(exchange, instrument, DepthMax);
        private long _nextNs, _phantom;

        /// <summary>Number of the last update told; 0 before the first.</summary>
        public long ToldID { get; private set; }

        /// <summary>A message that was held back.</summary>
        public byte[]? Late { get; set; }

        /// <summary>True when something is to be told.</summary>
        public bool IsDue(long lastID, long nowNs) => nowNs >= _nextNs && (lastID > ToldID || _phantom != 0);

        /// <summary>Nobody listened: what was not told until now never will be.</summary>
        public void Skip(long lastID)
        {
            _view.Advance();
            ToldID = lastID;
            _phantom = 0;
            Late = null;
        }

        /// <summary>What has changed since the last time: first number, and levels.</summary>
        public (long First, List<LevelChange> Changes) Advance(long lastID, long nowNs, bool isCrossed)
        {
            var first = ToldID + 1;
            var changes = _view.Advance();
            if (_phantom != 0)
            {
                var book = exchange.Book(instrument);
                changes.RemoveAll(c => c.Side == Side.Buy && c.Ticks == _phantom);
                var lots = book.TryBest(Side.Buy, out var best) && best.Ticks >= _phantom ? book.QuantityAt(Side.Buy, new Price(_phantom)).Lots : 0;
                changes.Add(new LevelChange(Side.Buy, LevelChangeKind.Changed, _phantom, lots));
                _phantom = 0;
            }
            if (isCrossed && _view.Asks.Count > 0)
            {
                _phantom = _view.Asks[0].Ticks + 1;
                changes.Add(new LevelChange(Side.Buy, LevelChangeKind.New, _phantom, 1));
            }
            ToldID = Math.Max(lastID, first);
            _nextNs = nowNs - nowNs % intervalNs + intervalNs;
            return (first, changes);
        }
    }
}
