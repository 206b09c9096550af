using Venue.Messages;

namespace LiquidityBridge.Exchanges.CoinbaseFeed;

/// <summary>
/// The market data of Coinbase Exchange's feed: level2, matches, heartbeat, status. Bytes and time come in; subscriptions,
/// questions to REST and book images go out. No socket inside.
/// </summary>
/// <remarks>
/// Changes of a book (l2update) have no number: what proves a book is that REST shows the same best levels, asked again
/// and again whether it changes or not, and that no match is missing, since heartbeats name the last one and come by the
/// same connection.
/// </remarks>
internal sealed class FeedBooks
{
    private const int Depth = 25;
    private const long SilenceNs = 5_000_000_000, HeardEveryNs = 500_000_000;

    private readonly int _exchange;
    private readonly Inbox _inbox;
    private readonly Tally _tally;
    private readonly ILimit _questions;
    private readonly FeedKey? _key;
    private readonly Subscriptions<WitnessedBook> _subscriptions;
    private readonly Dictionary<int, (long Seen, long Named)> _matches = [];   // by instrument: the last match, and the one that the last heartbeat named
    private readonly JsonFrame _frame = new();
    private Action<byte[]>? _send;
    private long _aheadNs, _nowNs, _lastHeardNs, _lastBeatNs, _toldHeardNs;
    private bool _wantsClose;

    /// <summary>For one connection.</summary>
    /// <param name="exchange">Number of the exchange.</param>
    /// <param name="instruments">All instruments of the bridge.</param>
    /// <param name="inbox">Where inputs go.</param>
    /// <param name="tally">Counts what goes wrong.</param>
    /// <param name="questions">What may be asked of REST.</param>
    /// <param name="key">Signs the subscription of level2; null for the open level2_batch, the same in steps of 50 ms.</param>
    public FeedBooks(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally, ILimit questions, FeedKey? key)
    {
        (_exchange, _inbox, _tally, _questions, _key) = (exchange, inbox, tally, questions, key);
        _subscriptions = new([.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => new WitnessedBook(i, m, Depth, Depth, isNumbered: false, inbox, tally)))], Subscribe);
    }

    private string Channel => _key is null ? "level2_batch" : "level2";

    /// <summary>A connection is attempted.</summary>
    public void Connecting(long nowNs) => _subscriptions.Move(BookEvent.Connecting, OutsideReason.None, nowNs);

    /// <summary>The connection is there; <paramref name="products"/> is the answer of GET /products, <paramref name="aheadNs"/> how far Coinbase's clock is ahead of ours.</summary>
    public void Open(Action<byte[]> send, ReadOnlyMemory<byte> products, long aheadNs, long nowNs)
    {
        (_send, _aheadNs, _nowNs) = (send, aheadNs, nowNs);
        _lastHeardNs = _lastBeatNs = nowNs;
        _wantsClose = false;
        _matches.Clear();
        foreach (var book in _subscriptions.All) book.IsKnown = false;
        _subscriptions.Move(BookEvent.Subscribed, OutsideReason.None, nowNs);
        var symbols = _subscriptions.All.ToArray().Select(b => b.Market.Symbol);
        send(FeedSubscription.Of("subscribe", ["heartbeat", "matches", "status"], symbols, null, 0));
        if (_frame.TryReadList(products, out var fault)) OnProducts(_frame.Root, nowNs);
        else _tally.Count(fault);
        foreach (var book in _subscriptions.All)
            if (!book.IsKnown) book.Move(BookEvent.Misfit, OutsideReason.Misfit, nowNs);   // not traded there
    }

    /// <summary>The connection is gone.</summary>
    public void Lost(long nowNs)
    {
        _send = null;
        _subscriptions.Move(BookEvent.Lost, OutsideReason.Lost, nowNs);
    }

    /// <summary>One message. What is not understood is passed over; what is no message is counted.</summary>
    public void On(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (_wantsClose) return;
        if (!_frame.TryRead(utf8, out var fault))
        {
            // Changes have no number: nobody would miss the one that this may have been.
            Break(fault, nowNs);
            return;
        }
        _nowNs = _lastHeardNs = nowNs;
        if (nowNs - _toldHeardNs >= HeardEveryNs)
        {
            _toldHeardNs = nowNs;
            _inbox(new ExchangeHeard { NowNs = nowNs, Exchange = _exchange });
        }
        var root = _frame.Root;
        var type = root["type"];
        if (type.Is("l2update")) OnChanges(root, nowNs);
        else if (type.Is("snapshot")) OnSnapshot(root, nowNs);
        else if (type.Is("match") || type.Is("last_match")) OnMatch(root, isOld: type.Is("last_match"), nowNs);
        else if (type.Is("heartbeat")) OnHeartbeat(root, nowNs);
        else if (type.Is("status")) OnProducts(root["products"], nowNs);
        else if (type.Is("error"))
        {
            _tally.Count(OutsideReason.Refused);
            _wantsClose = true;
        }
    }

    /// <summary>Timers. False when the connection is dead or of no use and must be closed.</summary>
    public bool Poll(long nowNs)
    {
        _nowNs = nowNs;
        if (_send is null) return true;
        if (_wantsClose || nowNs - _lastHeardNs > SilenceNs || nowNs - _lastBeatNs > SilenceNs) return false;
        _subscriptions.Poll(nowNs);
        return true;
    }

    /// <summary>The next book that REST must be asked about now: its path; null when there is none.</summary>
    public string? NextQuestion(long nowNs)
    {
        if (_send is null) return null;
        foreach (var book in _subscriptions.All)
            if (book.TryAsk(_questions, nowNs)) return $"/products/{book.Market.Symbol}/book?level=2";
        return null;
    }

    /// <summary>The answer to such a question.</summary>
    public void OnAnswer(string path, ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (!_frame.TryRead(utf8, out var fault))
        {
            _tally.Count(fault);
            return;
        }
        var symbol = path.Split('/')[2];
        foreach (var book in _subscriptions.All)
        {
            if (book.Market.Symbol != symbol || !book.HasSnapshot) continue;
            switch (book.Show(_frame.Root["bids"], _frame.Root["asks"], nowNs))
            {
                case Witness.Proven: Prove(book, nowNs); break;
                case Witness.OldSnapshot: _subscriptions.Void(book, OutsideReason.OldSnapshot, nowNs); break;
                case Witness.Stale: _subscriptions.Void(book, OutsideReason.Stale, nowNs); break;
            }
        }
    }

    private void OnProducts(JsonNode products, long nowNs)
    {
        foreach (var product in products)
        {
            if (_subscriptions.Find(product["id"]) is not { } book) continue;
            var halted = !product["status"].Is("online") || product["cancel_only"].IsTrue || product["trading_disabled"].IsTrue;
            _subscriptions.Tell(book, Fits(book, product), halted, nowNs);
        }
    }

    /// <summary>The configured steps are those that Coinbase says. It has no smallest quantity, only a smallest value.</summary>
    private static bool Fits(WitnessedBook book, JsonNode product)
    {
        var (i, m) = (book.Instrument, book.Market);
        return DecimalText.TryScaled(product["quote_increment"].Digits, i.PriceDecimals, out var tick) && tick > 0 && m.Tick % tick == 0
            && DecimalText.TryScaled(product["base_increment"].Digits, i.QuantityDecimals, out var lot) && lot > 0 && m.Lot % lot == 0;
    }

    private void OnMatch(JsonNode match, bool isOld, long nowNs)
    {
        if (_subscriptions.Find(match["product_id"]) is not { } book) return;
        if (!match["trade_id"].TryLong(out var id))
        {
            _tally.Count(OutsideReason.BadNumber, book.Instrument.Id);
            return;
        }
        _matches[book.Instrument.Id] = (id, _matches.GetValueOrDefault(book.Instrument.Id).Named);
        // Documentation, "Match": the side is the maker's.
        if (!isOld) book.Traded(match["price"].Digits, match["size"].Digits, match["side"].Is("buy") ? Side.Sell : Side.Buy, nowNs);
    }

    // A match that a heartbeat has named and that has not come by the next one, a second later, is lost; what else is lost nobody knows.
    private void OnHeartbeat(JsonNode beat, long nowNs)
    {
        _lastBeatNs = nowNs;
        if (_subscriptions.Find(beat["product_id"]) is not { } book || !beat["last_trade_id"].TryLong(out var named)) return;
        var (seen, before) = _matches.GetValueOrDefault(book.Instrument.Id);
        if (seen != 0 && before > seen) Break(OutsideReason.Gap, nowNs);
        _matches[book.Instrument.Id] = (seen, named);
    }

    /// <summary>Something of the connection is lost: no book of it is believed, and another connection is wanted.</summary>
    private void Break(OutsideReason why, long nowNs)
    {
        _wantsClose = true;
        var isCounted = false;
        foreach (var book in _subscriptions.All)
        {
            book.HasSnapshot = false;
            if (book.State is not (BookState.Live or BookState.Syncing or BookState.Stale)) continue;
            book.Move(BookEvent.Broken, why, nowNs);
            isCounted = true;
        }
        if (!isCounted) _tally.Count(why);
    }

    private void OnSnapshot(JsonNode snapshot, long nowNs)
    {
        if (BookOf(snapshot) is not { } book) return;
        if (book.State == BookState.Live) book.Move(BookEvent.Broken, OutsideReason.None, nowNs);
        book.Begin(nowNs);
        if (Read(book, snapshot["bids"], isBid: true) && Read(book, snapshot["asks"], isBid: false)) book.Changed(nowNs);
        else _subscriptions.Void(book, OutsideReason.BadNumber, nowNs);
    }

    private void OnChanges(JsonNode update, long nowNs)
    {
        // Between the end of a subscription and the new snapshot changes still come of the old one.
        if (BookOf(update) is not { HasSnapshot: true } book) return;
        foreach (var change in update["changes"])
        {
            var isBid = change[0].Is("buy");
            if ((isBid || change[0].Is("sell")) && book.Set(isBid, change[1].Digits, change[2].Digits)) continue;
            _subscriptions.Void(book, OutsideReason.BadNumber, nowNs);
            return;
        }
        book.Changed(nowNs);
        if (book.IsWitnessed) Prove(book, nowNs);
    }

    private WitnessedBook? BookOf(JsonNode message) =>
        _subscriptions.Find(message["product_id"]) is { IsKnown: true, State: not (BookState.Suspended or BookState.Disabled) } book ? book : null;

    private static bool Read(WitnessedBook book, JsonNode levels, bool isBid)
    {
        foreach (var level in levels)
            if (!book.Set(isBid, level[0].Digits, level[1].Digits)) return false;
        return levels.IsList;
    }

    private void Prove(WitnessedBook book, long nowNs)
    {
        if (!book.Prove(nowNs)) _subscriptions.Renew(book, nowNs);
    }

    private void Subscribe(WitnessedBook book, bool isAgain)
    {
        string[] symbol = [book.Market.Symbol];
        if (isAgain) _send?.Invoke(FeedSubscription.Of("unsubscribe", [Channel], symbol, null, 0));
        _send?.Invoke(FeedSubscription.Of("subscribe", [Channel], symbol, _key, (_nowNs + _aheadNs) / 1_000_000_000));
    }
}
