using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>One instrument's update numbers, and what each of its two diff streams has told.</summary>
internal sealed class BinanceBook(Exchange exchange, Instrument instrument)
{
    /// <summary>Levels of a snapshot at most, on each side.</summary>
    public const int DepthMax = 5000;

    private readonly DepthView _truth = new(exchange, instrument, DepthMax);
    private (long ID, List<(long, long)> Bids, List<(long, long)> Asks)? _told, _before, _old;

    /// <summary>The instrument.</summary>
    public Instrument Instrument { get; } = instrument;

    /// <summary>Number of the last update; each level that changes has one.</summary>
    public long LastID { get; private set; } = 1000;

    /// <summary>The stream @depth@100ms.</summary>
    public DiffStream Fast { get; } = new(exchange, instrument, 100_000_000);

    /// <summary>The stream @depth.</summary>
    public DiffStream Slow { get; } = new(exchange, instrument, 1_000_000_000);

    /// <summary>The book has changed.</summary>
    public void OnBook()
    {
        var changes = _truth.Advance();
        LastID += changes.Count;
        Fast.Touch(changes);
        Slow.Touch(changes);
    }

    /// <summary>Something is told that is no change of the book: it has a number too.</summary>
    public void Count() => LastID++;

    /// <summary>Keeps what a snapshot says now, to be told when it is old.</summary>
    public void Keep() => (_before, _told) = (_told, (LastID, [.. _truth.Bids], [.. _truth.Asks]));

    /// <summary>Somebody listens from here on: what a snapshot said before the last difference that it did not hear is too old for it.</summary>
    public void Subscribed() => _old = _before;

    /// <summary>Number and levels of a snapshot.</summary>
    public (long ID, IReadOnlyList<(long, long)> Bids, IReadOnlyList<(long, long)> Asks) Snapshot() => (LastID, _truth.Bids, _truth.Asks);

    /// <summary>A snapshot that is older than all that the last subscriber heard; null when none was kept.</summary>
    public (long ID, IReadOnlyList<(long, long)> Bids, IReadOnlyList<(long, long)> Asks)? OldSnapshot() => _old is { } old ? (old.ID, old.Bids, old.Asks) : null;

    /// <summary>One stream of differences.</summary>
    internal sealed class DiffStream(Exchange exchange, Instrument instrument, long intervalNs)
    {
        // Also a level that is again as it was last told: a snapshot from in between has it otherwise.
        private readonly SortedSet<(Side Side, long Ticks)> _touched = [];
        private long _nextNs, _phantom;

        /// <summary>Number of the last update told; 0 before the first.</summary>
        public long ToldID { get; private set; }

        /// <summary>A message that was held back.</summary>
        public byte[]? Late { get; set; }

        /// <summary>These levels are to be told.</summary>
        public void Touch(IReadOnlyList<LevelChange> changes)
        {
            foreach (var change in changes) _touched.Add((change.Side, change.Ticks));
        }

        /// <summary>True when something is to be told.</summary>
        public bool IsDue(long lastID, long nowNs) => nowNs >= _nextNs && (lastID > ToldID || HasPhantom);

        /// <summary>True while it has told a level that is not there.</summary>
        public bool HasPhantom => _phantom != 0;

        /// <summary>Nobody listened: what was not told until now never will be.</summary>
        public void Skip(long lastID)
        {
            _touched.Clear();
            ToldID = lastID;
            _phantom = 0;
            Late = null;
        }

        /// <summary>What has changed since the last time: first number, and levels.</summary>
        public (long First, List<LevelChange> Changes) Advance(long lastID, long nowNs, bool isCrossed)
        {
            var first = ToldID + 1;
            var book = exchange.Book(instrument);
            if (_phantom != 0) _touched.Add((Side.Buy, _phantom));
            _phantom = 0;
            var changes = _touched.Select(t => new LevelChange(t.Side, LevelChangeKind.Changed, t.Ticks, book.QuantityAt(t.Side, new Price(t.Ticks)).Lots)).ToList();
            _touched.Clear();
            if (isCrossed && book.TryBest(Side.Sell, out var ask))
            {
                _phantom = ask.Ticks + 1;
                changes.Add(new LevelChange(Side.Buy, LevelChangeKind.New, _phantom, 1));
            }
            ToldID = lastID;
            _nextNs = nowNs - nowNs % intervalNs + intervalNs;
            return (first, changes);
        }
    }
}
