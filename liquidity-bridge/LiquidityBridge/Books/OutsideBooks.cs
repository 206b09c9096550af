using Venue.Messages;

namespace LiquidityBridge;

/// <summary>A level outside, and where it is.</summary>
/// <param name="Market">The exchange's market.</param>
/// <param name="Price">Raw price, on the instrument's grid.</param>
/// <param name="Quantity">On the instrument's grid.</param>
/// <param name="NetPrice">Price after the exchange's taker fee, times a million: what levels of different exchanges are compared by.</param>
public readonly record struct OutsideLevel(Market Market, long Price, long Quantity, Int128 NetPrice);

/// <summary>The last image of every book outside, one instrument, and the one book that they make together.</summary>
public sealed class OutsideBooks
{
    private const int Million = 1_000_000;

    private readonly Instrument _instrument;
    private readonly Source[] _sources;

    /// <summary>Starts with every book disconnected.</summary>
    public OutsideBooks(Instrument instrument)
    {
        _instrument = instrument;
        _sources = instrument.Markets.Select(m => new Source(m)).ToArray();
    }

    /// <summary>One for each market of the instrument, in its order.</summary>
    public IReadOnlyList<Source> Sources => _sources;

    /// <summary>Takes an image; ignored when the instrument has no market there.</summary>
    public void On(BookImage image)
    {
        if (Of(image.Exchange) is { } source) source.Take(image);
        else image.Release();
    }

    /// <summary>Takes a trade.</summary>
    public void On(OutsideTrade trade)
    {
        if (Of(trade.Exchange) is { } source) source.LastTrade = trade;
    }

    /// <summary>Counts the books that have become stale.</summary>
    public void Watch(long nowNs, long staleNs)
    {
        foreach (var source in _sources) source.Watch(nowNs, staleNs);
    }

    /// <summary>Of this exchange; null when the instrument has no market there.</summary>
    public Source? Of(int exchange)
    {
        foreach (var source in _sources)
            if (source.Market.Exchange == exchange) return source;
        return null;
    }

    /// <summary>
    /// All levels that a taker on <paramref name="side"/> could hit, best after fees first, of the sources that
    /// <paramref name="isUsable"/> lets in.
    /// </summary>
    public List<OutsideLevel> Levels(Side side, Func<Source, bool> isUsable)
    {
        var levels = new List<OutsideLevel>();
        foreach (var source in _sources)
        {
            if (!isUsable(source)) continue;
            var fee = side == Side.Buy ? source.Market.TakerFeePpm : -source.Market.TakerFeePpm;
            foreach (var level in source.Against(side))
                levels.Add(new OutsideLevel(source.Market, level.Price, level.Quantity, (Int128)level.Price * (Million + fee)));
        }
        // Stable: of equal levels the market that is configured first comes first, on every machine.
        return side == Side.Buy ? [.. levels.OrderBy(l => l.NetPrice)] : [.. levels.OrderByDescending(l => l.NetPrice)];
    }

    /// <summary>
    /// Half way between best bid and best ask over all books that are live and not crossed, times two (so that it is
    /// whole); 0 when there is none.
    /// </summary>
    public long TwiceMid(long nowNs, long staleNs)
    {
        long bid = 0, ask = long.MaxValue;
        foreach (var source in _sources)
        {
            if (!source.IsLive(nowNs, staleNs)) continue;
            bid = Math.Max(bid, source.Image!.Bids[0].Price);
            ask = Math.Min(ask, source.Image.Asks[0].Price);
        }
        return bid == 0 ? 0 : bid + ask;
    }

    /// <inheritdoc/>
    public override string ToString() => $"books of {_instrument}";

    /// <summary>One exchange's book of the instrument.</summary>
    public sealed class Source(Market market)
    {
        /// <summary>Where it is.</summary>
        public Market Market { get; } = market;

        private bool _isStale;

        /// <summary>The last image; null before the first.</summary>
        public BookImage? Image { get; private set; }

        /// <summary>The last trade there; null before the first.</summary>
        public OutsideTrade? LastTrade { get; internal set; }

        /// <summary>How often it became stale.</summary>
        public long Stales { get; private set; }

        /// <summary>When the exchange's connection was last heard, nanoseconds.</summary>
        public long HeardNs { get; internal set; }

        /// <summary>No hedge goes there before this time, nanoseconds.</summary>
        public long CoolUntilNs { get; internal set; }

        /// <summary>When its levels were last known to hold.</summary>
        public long ProvenNs => Math.Max(Image?.NowNs ?? 0, HeardNs);

        /// <summary>What the adapter says, and Stale when that was too long ago.</summary>
        public BookState StateAt(long nowNs, long staleNs)
        {
            var state = Image?.State ?? BookState.Disconnected;
            // A connection that lives proves nothing of a book that stands still for longer than this market ever does.
            return state == BookState.Live && (nowNs - ProvenNs > staleNs || nowNs - Image!.NowNs > Market.AgeMaxNs) ? BookState.Stale : state;
        }

        internal void Take(BookImage image)
        {
            Image?.Release();
            Image = image;
        }

        internal void Watch(long nowNs, long staleNs)
        {
            var isStale = StateAt(nowNs, staleNs) == BookState.Stale;
            if (isStale && !_isStale) Stales++;
            _isStale = isStale;
        }

        /// <summary>True when its levels may be relied on: proven, heard of lately, both sides there and not crossed.</summary>
        public bool IsLive(long nowNs, long staleNs) =>
            StateAt(nowNs, staleNs) == BookState.Live && Image!.Bids.Count > 0 && Image.Asks.Count > 0 && Image.Bids[0].Price < Image.Asks[0].Price;

        /// <summary>What a taker on this side hits.</summary>
        public IReadOnlyList<Level> Against(Side side) => side == Side.Buy ? Image!.Asks : Image!.Bids;
    }
}
