using Venue.Messages;

namespace LiquidityBridge;

/// <summary>A level outside, and where it is.</summary>
/// <param name="Market">The exchange's market.</param>
/// <param name="Price">In the instrument's quote asset, on its grid, rounded against us.</param>
/// <param name="Quantity">On the instrument's grid, a multiple of the market's lot.</param>
/// <param name="NetPrice">Price after conversion and the exchange's taker fee, times a million: what levels of different exchanges are compared by.</param>
/// <param name="TimeNs">When the book said so, nanoseconds.</param>
public readonly record struct OutsideLevel(Market Market, long Price, long Quantity, Int128 NetPrice, long TimeNs);

/// <summary>
/// The aggregated book of one instrument: the last image of every book outside, and the one book that they make together,
/// best after costs first, each level with where it is and since when.
/// </summary>
/// <remarks>
/// Fees, conversion, lots and smallest orders count: what cannot be had alone is had at the next level's price. Sources
/// whose levels are prices for a full amount are no part of it: <see cref="FullAmount"/>.
/// </remarks>
public sealed class OutsideBooks
{
    private const int Million = 1_000_000;

    private readonly Instrument _instrument;
    private readonly Source[] _sources;
    private readonly List<OutsideLevel> _levels = [];
    private readonly Cursor[] _cursors;

    /// <summary>Starts with every book disconnected.</summary>
    public OutsideBooks(Instrument instrument, Rates rates)
    {
        _instrument = instrument;
        _sources = instrument.Markets.Select(m => new Source(instrument, m, rates)).ToArray();
        _cursors = new Cursor[_sources.Length];
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

    /// <summary>The exchange's connection lives: what its book said last still holds.</summary>
    public void On(ExchangeHeard heard)
    {
        if (Of(heard.Exchange) is { } source) source.HeardNs = heard.NowNs;
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

    /// <summary>The best that a taker on <paramref name="side"/> could hit, after costs, of all live books; false when there is none.</summary>
    public bool TryBest(Side side, long nowNs, long staleNs, out OutsideLevel best)
    {
        best = default;
        foreach (var source in _sources)
        {
            if (source.Market.IsFullAmount || !source.IsLive(nowNs, staleNs)) continue;
            var cursor = new Cursor(source, side, nowNs);
            if (cursor.MoveNext() && (best.Market is null || IsBetter(side, cursor.Current.NetPrice, best.NetPrice))) best = cursor.Current;
        }
        return best.Market is not null;
    }

    /// <summary>
    /// All levels that a taker on <paramref name="side"/> could hit, best after costs first, of the sources that
    /// <paramref name="isUsable"/> lets in. Good until the next call.
    /// </summary>
    public IReadOnlyList<OutsideLevel> Levels(Side side, long nowNs, Func<Source, bool> isUsable)
    {
        _levels.Clear();
        var count = 0;
        foreach (var source in _sources)
        {
            if (source.Market.IsFullAmount || !isUsable(source)) continue;
            _cursors[count] = new Cursor(source, side, nowNs);
            if (_cursors[count].MoveNext()) count++;
        }
        while (count > 0)
        {
            // Of equal levels the market that is configured first comes first, on every machine.
            var best = 0;
            for (var i = 1; i < count; i++)
                if (IsBetter(side, _cursors[i].Current.NetPrice, _cursors[best].Current.NetPrice)) best = i;
            _levels.Add(_cursors[best].Current);
            if (_cursors[best].MoveNext()) continue;
            count--;
            for (var i = best; i < count; i++) _cursors[i] = _cursors[i + 1];
        }
        return _levels;
    }

    /// <summary>The best price after costs for exactly this quantity of one source that quotes full amounts; null when none does for so much.</summary>
    public OutsideLevel? FullAmount(Side side, long quantity, long nowNs, Func<Source, bool> isUsable)
    {
        OutsideLevel? best = null;
        foreach (var source in _sources)
        {
            if (!source.Market.IsFullAmount || !isUsable(source) || quantity < source.Market.Min || quantity % source.Market.Lot != 0) continue;
            var levels = source.Against(side);
            for (var i = 0; i < levels.Count; i++)
            {
                if (levels[i].Quantity < quantity) continue;
                var level = source.Convert(side, levels[i].Price, quantity, source.RatePpb(nowNs));
                if (best is not { } b || IsBetter(side, level.NetPrice, b.NetPrice)) best = level;
                break;
            }
        }
        return best;
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
            var rate = source.RatePpb(nowNs);
            bid = Math.Max(bid, Source.Converted(source.Image!.Bids[0].Price, rate, roundUp: false));
            ask = Math.Min(ask, Source.Converted(source.Image.Asks[0].Price, rate, roundUp: true));
        }
        return bid == 0 ? 0 : bid + ask;
    }

    /// <inheritdoc/>
    public override string ToString() => $"books of {_instrument}";

    private static bool IsBetter(Side side, Int128 net, Int128 than) => side == Side.Buy ? net < than : net > than;

    /// <summary>Goes through one source's levels; what is too small alone is added to the next.</summary>
    private struct Cursor
    {
        private readonly Source _source;
        private readonly IReadOnlyList<Level> _levels;
        private readonly Side _side;
        private readonly long _rate;
        private int _next;
        private long _carried, _told;

        public Cursor(Source source, Side side, long nowNs)
        {
            (_source, _side, _levels, _rate) = (source, side, source.Against(side), source.RatePpb(nowNs));
        }

        public OutsideLevel Current { get; private set; }

        public bool MoveNext()
        {
            var market = _source.Market;
            while (_next < _levels.Count)
            {
                var level = _levels[_next++];
                var sum = _carried + level.Quantity;
                var whole = sum - sum % market.Lot;
                if (whole == 0 || _told + whole < market.Min)
                {
                    _carried = sum;
                    continue;
                }
                _carried = sum - whole;
                _told += whole;
                Current = _source.Convert(_side, level.Price, whole, _rate);
                return true;
            }
            return false;
        }
    }

    /// <summary>One exchange's book of the instrument.</summary>
    public sealed class Source(Instrument instrument, Market market, Rates rates)
    {
        private bool _isStale;

        /// <summary>Where it is.</summary>
        public Market Market { get; } = market;

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

        /// <summary>Billionths of the instrument's quote asset for one of the market's; 0 when there is no rate that is good now.</summary>
        public long RatePpb(long nowNs) => Market.QuoteAsset is { } own ? rates.Ppb(own, instrument.QuoteAsset, nowNs) : Rates.Par;

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

        /// <summary>True when its levels may be relied on: proven, heard of lately, both sides there and not crossed, and their currency has a rate.</summary>
        public bool IsLive(long nowNs, long staleNs) =>
            StateAt(nowNs, staleNs) == BookState.Live && Image!.Bids.Count > 0 && Image.Asks.Count > 0 && Image.Bids[0].Price < Image.Asks[0].Price && RatePpb(nowNs) > 0;

        /// <summary>What a taker on this side hits.</summary>
        public IReadOnlyList<Level> Against(Side side) => side == Side.Buy ? Image!.Asks : Image!.Bids;

        /// <summary>One of its prices in the instrument's quote asset, and after the taker's fee.</summary>
        internal OutsideLevel Convert(Side side, long price, long quantity, long ratePpb)
        {
            var isBuy = side == Side.Buy;
            var net = (Int128)price * (Million + (isBuy ? Market.TakerFeePpm : -Market.TakerFeePpm));
            if (ratePpb != Rates.Par) net = (net * ratePpb + (isBuy ? Rates.Par - 1 : 0)) / Rates.Par;
            return new OutsideLevel(Market, Converted(price, ratePpb, isBuy), quantity, net, Image!.NowNs);
        }

        /// <summary>A price at a rate, rounded.</summary>
        internal static long Converted(long price, long ratePpb, bool roundUp) =>
            ratePpb == Rates.Par ? price : (long)(((Int128)price * ratePpb + (roundUp ? Rates.Par - 1 : 0)) / Rates.Par);
    }
}
