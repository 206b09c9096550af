using Venue.Messages;

namespace LiquidityBridge.Exchanges.Coinbase;

/// <summary>
/// The market data of Advanced Trade's WebSocket: products, trades, and books. Bytes and time come in; requests, questions
/// to REST and book images go out. No socket inside.
/// </summary>
/// <remarks>
/// Each connection counts its messages over all channels (sequence_num): one that is missing voids all its books and ends
/// it. The number says nothing of the book itself: a snapshot may be older than what follows it, and a feed can stand
/// still while heartbeats come. So a snapshot is live once REST has shown the same best levels as the book had at some
/// moment since, and a book that is quiet is compared again.
/// </remarks>
internal sealed class CoinbaseBooks
{
    private const int Depth = 25, Compared = 5;
    private const long SilenceNs = 5_000_000_000, HeardEveryNs = 500_000_000;

    private readonly int _exchange;
    private readonly Inbox _inbox;
    private readonly Tally _tally;
    private readonly ILimit _questions;
    private readonly Subscriptions<WitnessedBook> _subscriptions;
    private readonly JsonFrame _frame = new();
    private readonly PacedSend _send;
    private long _next, _lastHeardNs, _lastBeatNs, _toldHeardNs;
    private bool _wantsClose;

    /// <summary>For one connection; <paramref name="questions"/> is what may be asked of REST, <paramref name="messages"/> what may be sent.</summary>
    public CoinbaseBooks(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally, ILimit questions, ILimit messages)
    {
        _send = new PacedSend(messages);
        (_exchange, _inbox, _tally, _questions) = (exchange, inbox, tally, questions);
        _subscriptions = new([.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => new WitnessedBook(i, m, Depth, Compared, isNumbered: true, inbox, tally)))], Subscribe);
    }

    /// <summary>A connection is attempted.</summary>
    public void Connecting(long nowNs) => _subscriptions.Move(BookEvent.Connecting, OutsideReason.None, nowNs);

    /// <summary>The connection is there; <paramref name="products"/> is the answer of GET /products.</summary>
    public void Open(Action<byte[]> send, ReadOnlyMemory<byte> products, long nowNs)
    {
        _send.Open(send);
        _next = 0;
        _lastHeardNs = _lastBeatNs = nowNs;
        _wantsClose = false;
        foreach (var book in _subscriptions.All) book.IsKnown = false;
        _subscriptions.Move(BookEvent.Subscribed, OutsideReason.None, nowNs);
        // Documentation, "Heartbeats Channel": keeps the other channels open when they are quiet.
        _send.Send(CoinbaseSubscription.Of("subscribe", "heartbeats", []), nowNs);
        var symbols = _subscriptions.All.ToArray().Select(b => b.Market.Symbol);
        _send.Send(CoinbaseSubscription.Of("subscribe", "status", symbols), nowNs);
        _send.Send(CoinbaseSubscription.Of("subscribe", "market_trades", symbols), nowNs);
        if (_frame.TryRead(products, out var fault)) OnProducts(_frame.Root["products"], "product_id", "price_increment", nowNs);
        else _tally.Count(fault);
        foreach (var book in _subscriptions.All)
            if (!book.IsKnown) book.Move(BookEvent.Misfit, OutsideReason.Misfit, nowNs);   // not traded there
    }

    /// <summary>The connection is gone.</summary>
    public void Lost(long nowNs)
    {
        _send.Close();
        _subscriptions.Move(BookEvent.Lost, OutsideReason.Lost, nowNs);
    }

    /// <summary>One message. What is not understood is passed over; what is no message is counted; a number that is missing ends the connection.</summary>
    public void On(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (_wantsClose) return;
        if (!_frame.TryRead(utf8, out var fault))
        {
            _tally.Count(fault);
            return;
        }
        _lastHeardNs = nowNs;
        var root = _frame.Root;
        if (root["type"].Is("error"))
        {
            _tally.Count(OutsideReason.Refused);
            _wantsClose = true;
            return;
        }
        if (!root["sequence_num"].TryLong(out var number) || number != _next)
        {
            Break(root["sequence_num"].Exists ? number < _next ? OutsideReason.Repeated : OutsideReason.Gap : OutsideReason.Malformed, nowNs);
            return;
        }
        _next++;
        if (nowNs - _toldHeardNs >= HeardEveryNs)
        {
            _toldHeardNs = nowNs;
            _inbox(new ExchangeHeard { NowNs = nowNs, Exchange = _exchange });
        }
        var (channel, events) = (root["channel"], root["events"]);
        if (channel.Is("l2_data")) foreach (var change in events) OnBook(change, nowNs);
        else if (channel.Is("market_trades")) foreach (var change in events) OnTrades(change["trades"], nowNs);
        else if (channel.Is("status")) foreach (var change in events) OnProducts(change["products"], "id", "quote_increment", nowNs);
        else if (channel.Is("heartbeats")) _lastBeatNs = nowNs;
    }

    /// <summary>Timers. False when the connection is dead or of no use and must be closed.</summary>
    public bool Poll(long nowNs)
    {
        if (!_send.IsOpen) return true;
        if (_wantsClose || nowNs - _lastHeardNs > SilenceNs || nowNs - _lastBeatNs > SilenceNs) return false;
        _send.Poll(nowNs);
        _subscriptions.Poll(nowNs);
        return true;
    }

    /// <summary>The next book that REST must be asked about now: its path; null when there is none.</summary>
    public string? NextQuestion(long nowNs)
    {
        if (!_send.IsOpen) return null;
        foreach (var book in _subscriptions.All)
        {
            if (!book.TryAsk(_questions, nowNs)) continue;
            return $"{CoinbaseRest.Root}product_book?product_id={book.Market.Symbol}&limit={Compared}";
        }
        return null;
    }

    /// <summary>The answer to such a question.</summary>
    public void OnAnswer(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (!_frame.TryRead(utf8, out var fault))
        {
            _tally.Count(fault);
            return;
        }
        var pricebook = _frame.Root["pricebook"];
        if (_subscriptions.Find(pricebook["product_id"]) is not { HasSnapshot: true } book) return;
        switch (book.Show(pricebook["bids"], pricebook["asks"], nowNs))
        {
            case Witness.Proven: Prove(book, nowNs); break;
            case Witness.OldSnapshot: _subscriptions.Void(book, OutsideReason.OldSnapshot, nowNs); break;
            case Witness.Stale: _subscriptions.Void(book, OutsideReason.Stale, nowNs); break;
        }
    }

    private void Break(OutsideReason why, long nowNs)
    {
        _wantsClose = true;
        foreach (var book in _subscriptions.All)
        {
            if (book.State is BookState.Live or BookState.Syncing or BookState.Stale) book.Move(BookEvent.Broken, why, nowNs);
            book.HasSnapshot = false;
        }
    }

    private void OnProducts(JsonNode products, string idName, string stepName, long nowNs)
    {
        foreach (var product in products)
        {
            if (_subscriptions.Find(product[idName]) is not { } book) continue;
            var halted = product["status"].Exists && !product["status"].Is("online") || product["trading_disabled"].IsTrue || product["cancel_only"].IsTrue;
            _subscriptions.Tell(book, Fits(book, product, stepName), halted, nowNs);
        }
    }

    /// <summary>The configured steps are those that Coinbase says, and its own prices fit the grid. The smallest order is in REST's list only.</summary>
    private static bool Fits(WitnessedBook book, JsonNode product, string stepName)
    {
        var (i, m) = (book.Instrument, book.Market);
        return DecimalText.TryScaled(product[stepName].Digits, i.PriceDecimals, out var tick) && tick > 0 && m.Tick % tick == 0
            && DecimalText.TryScaled(product["base_increment"].Digits, i.QuantityDecimals, out var lot) && lot > 0 && m.Lot % lot == 0
            && (!product["base_min_size"].Exists || DecimalText.TryScaled(product["base_min_size"].Digits, i.QuantityDecimals, out var min) && m.Min >= min);
    }

    private void OnTrades(JsonNode trades, long nowNs)
    {
        foreach (var trade in trades)
        {
            if (_subscriptions.Find(trade["product_id"]) is not { } book) continue;
            // Documentation, "Market Trades Channel": the side is the maker's.
            book.Traded(trade["price"].Digits, trade["size"].Digits, trade["side"].Is("BUY") ? Side.Sell : Side.Buy, nowNs);
        }
    }

    private void OnBook(JsonNode change, long nowNs)
    {
        if (_subscriptions.Find(change["product_id"]) is not { IsKnown: true } book || book.State is BookState.Suspended or BookState.Disabled) return;
        if (change["type"].Is("snapshot"))
        {
            if (book.State == BookState.Live) book.Move(BookEvent.Broken, OutsideReason.None, nowNs);
            book.Begin(nowNs);
        }
        else if (!book.HasSnapshot) return;   // of a subscription that was given up
        foreach (var level in change["updates"])
        {
            var isBid = level["side"].Is("bid");
            if ((isBid || level["side"].Is("offer")) && book.Set(isBid, level["price_level"].Digits, level["new_quantity"].Digits)) continue;
            _subscriptions.Void(book, OutsideReason.BadNumber, nowNs);
            return;
        }
        book.Changed(nowNs);
        if (book.IsWitnessed) Prove(book, nowNs);
    }

    private void Prove(WitnessedBook book, long nowNs)
    {
        if (!book.Prove(nowNs)) _subscriptions.Renew(book, nowNs);
    }

    private void Subscribe(WitnessedBook book, bool isAgain)
    {
        if (isAgain) _send.Send(CoinbaseSubscription.Of("unsubscribe", "level2", [book.Market.Symbol]), book.SubscribedNs);
        _send.Send(CoinbaseSubscription.Of("subscribe", "level2", [book.Market.Symbol]), book.SubscribedNs);
    }
}
