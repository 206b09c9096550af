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
    /// <summary>A book that did not change for so long is compared with REST, nanoseconds; again and again.</summary>
    public const long QuietNs = 2_000_000_000;

    private const int Depth = 25, Compared = 5, HistoryMax = 256;
    private const long ConfirmNs = 400_000_000, RenewNs = 3_000_000_000, SilenceNs = 5_000_000_000, HeardEveryNs = 500_000_000, ResubscribeEveryNs = 1_000_000_000;

    private readonly int _exchange;
    private readonly Inbox _inbox;
    private readonly Tally _tally;
    private readonly ILimit _questions;
    private readonly Book[] _books;
    private readonly JsonFrame _frame = new();
    private Action<byte[]>? _send;
    private long _next, _lastHeardNs, _lastBeatNs, _toldHeardNs;
    private bool _wantsClose;

    /// <summary>For one connection; <paramref name="questions"/> is what may be asked of REST.</summary>
    public CoinbaseBooks(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally, ILimit questions)
    {
        (_exchange, _inbox, _tally, _questions) = (exchange, inbox, tally, questions);
        _books = [.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => new Book(i, m, inbox, tally)))];
    }

    /// <summary>A connection is attempted.</summary>
    public void Connecting(long nowNs) => Move(BookEvent.Connecting, OutsideReason.None, nowNs);

    /// <summary>The connection is there; <paramref name="products"/> is the answer of GET /products.</summary>
    public void Open(Action<byte[]> send, ReadOnlyMemory<byte> products, long nowNs)
    {
        _send = send;
        _next = 0;
        _lastHeardNs = _lastBeatNs = nowNs;
        _wantsClose = false;
        foreach (var book in _books) book.IsKnown = false;
        Move(BookEvent.Subscribed, OutsideReason.None, nowNs);
        // Documentation, "Heartbeats Channel": keeps the other channels open when they are quiet.
        send(CoinbaseSubscription.Of("subscribe", "heartbeats", []));
        send(CoinbaseSubscription.Of("subscribe", "status", _books.Select(b => b.Market.Symbol)));
        send(CoinbaseSubscription.Of("subscribe", "market_trades", _books.Select(b => b.Market.Symbol)));
        if (_frame.TryRead(products, out var fault)) OnProducts(_frame.Root["products"], "product_id", "price_increment", nowNs);
        else _tally.Count(fault);
        foreach (var book in _books)
            if (!book.IsKnown) book.Move(BookEvent.Misfit, OutsideReason.Misfit, nowNs);   // not traded there
    }

    /// <summary>The connection is gone.</summary>
    public void Lost(long nowNs)
    {
        _send = null;
        Move(BookEvent.Lost, OutsideReason.Lost, nowNs);
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
        if (_send is null) return true;
        if (_wantsClose || nowNs - _lastHeardNs > SilenceNs || nowNs - _lastBeatNs > SilenceNs) return false;
        foreach (var book in _books)
            if (book.ResubscribeAtNs != 0 && nowNs >= book.ResubscribeAtNs) Subscribe(book, nowNs);
        return true;
    }

    /// <summary>The next book that REST must be asked about now: its path; null when there is none.</summary>
    public string? NextQuestion(long nowNs)
    {
        if (_send is null) return null;
        foreach (var book in _books)
        {
            if (!book.HasSnapshot || nowNs < book.AskAtNs || !_questions.TryTake(1, nowNs)) continue;
            book.AskAtNs = nowNs + (book.IsWitnessed ? QuietNs : ConfirmNs);
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
        if (Find(pricebook["product_id"]) is not { HasSnapshot: true } book) return;
        if (!book.TryHash(pricebook, out var hash)) _tally.Count(OutsideReason.BadNumber, book.Instrument.Id);
        else if (book.Had(hash)) Agree(book, nowNs);
        else Disagree(book, hash, nowNs);
    }

    private void Agree(Book book, long nowNs)
    {
        book.DifferentSinceNs = book.Expected = 0;
        if (book.IsWitnessed) return;
        book.IsWitnessed = true;
        if (!book.Prove(nowNs)) Renew(book, nowNs);
    }

    // The channel may be a moment behind REST: what REST shows may come yet.
    private void Disagree(Book book, long hash, long nowNs)
    {
        book.Expected = hash;
        book.AskAtNs = nowNs + ConfirmNs;
        if (!book.IsWitnessed)
        {
            if (nowNs - book.BeganNs >= RenewNs) Void(book, OutsideReason.OldSnapshot, nowNs);
        }
        else if (book.DifferentSinceNs == 0) book.DifferentSinceNs = nowNs;
        else if (nowNs - book.DifferentSinceNs >= ConfirmNs) Void(book, OutsideReason.Stale, nowNs);
    }

    private void Break(OutsideReason why, long nowNs)
    {
        _wantsClose = true;
        foreach (var book in _books)
        {
            if (book.State is BookState.Live or BookState.Syncing or BookState.Stale) book.Move(BookEvent.Broken, why, nowNs);
            book.HasSnapshot = false;
        }
    }

    private void OnProducts(JsonNode products, string idName, string stepName, long nowNs)
    {
        foreach (var product in products)
        {
            if (Find(product[idName]) is not { } book) continue;
            if (!Fits(book, product, stepName))
            {
                book.IsKnown = true;
                book.Move(BookEvent.Misfit, OutsideReason.Misfit, nowNs);
                continue;
            }
            var isNew = !book.IsKnown;
            book.IsKnown = true;
            var halted = product["status"].Exists && !product["status"].Is("online") || product["trading_disabled"].IsTrue || product["cancel_only"].IsTrue;
            if (halted != (book.State == BookState.Suspended)) book.Move(halted ? BookEvent.Halted : BookEvent.Resumed, halted ? OutsideReason.Halted : OutsideReason.None, nowNs);
            else if (!isNew) continue;
            // What it showed before a halt is old: only a new snapshot is taken.
            if (!halted) Subscribe(book, nowNs);
            else book.HasSnapshot = false;
        }
    }

    /// <summary>The configured steps are those that Coinbase says, and its own prices fit the grid. The smallest order is in REST's list only.</summary>
    private static bool Fits(Book book, JsonNode product, string stepName)
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
            if (Find(trade["product_id"]) is not { } book) continue;
            if (DecimalText.TryScaled(trade["price"].Digits, book.Instrument.PriceDecimals, out var price) && price > 0
                && DecimalText.TryScaled(trade["size"].Digits, book.Instrument.QuantityDecimals, out var quantity) && quantity > 0)
                // Documentation, "Market Trades Channel": the side is the maker's.
                _inbox(new OutsideTrade { NowNs = nowNs, Exchange = _exchange, Instrument = book.Instrument.Id, Price = price, Quantity = quantity, TakerSide = trade["side"].Is("BUY") ? Side.Sell : Side.Buy });
            else _tally.Count(OutsideReason.BadNumber, book.Instrument.Id);
        }
    }

    private void OnBook(JsonNode change, long nowNs)
    {
        if (Find(change["product_id"]) is not { IsKnown: true } book || book.State is BookState.Suspended or BookState.Disabled) return;
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
            Void(book, OutsideReason.BadNumber, nowNs);
            return;
        }
        var hash = book.Remember();
        book.DifferentSinceNs = 0;
        if (hash == book.Expected) (book.IsWitnessed, book.Expected) = (true, 0);
        if (!book.IsWitnessed) return;
        book.AskAtNs = nowNs + QuietNs;
        if (!book.Prove(nowNs)) Renew(book, nowNs);
    }

    /// <summary>Nothing that is known of it counts any more.</summary>
    private void Void(Book book, OutsideReason why, long nowNs)
    {
        book.Move(BookEvent.Broken, why, nowNs);
        Renew(book, nowNs);
    }

    /// <summary>It is asked for anew, at most once a second.</summary>
    private void Renew(Book book, long nowNs)
    {
        book.HasSnapshot = false;
        if (book.ResubscribeAtNs == 0) book.ResubscribeAtNs = Math.Max(nowNs, book.SubscribedNs + ResubscribeEveryNs);
        if (nowNs >= book.ResubscribeAtNs) Subscribe(book, nowNs);
    }

    private void Subscribe(Book book, long nowNs)
    {
        book.ResubscribeAtNs = 0;
        book.HasSnapshot = false;
        if (book.SubscribedNs != 0) _send?.Invoke(CoinbaseSubscription.Of("unsubscribe", "level2", [book.Market.Symbol]));
        book.SubscribedNs = nowNs;
        _send?.Invoke(CoinbaseSubscription.Of("subscribe", "level2", [book.Market.Symbol]));
    }

    private void Move(BookEvent on, OutsideReason why, long nowNs)
    {
        foreach (var book in _books)
        {
            if (on is BookEvent.Lost or BookEvent.Connecting)
            {
                book.HasSnapshot = false;
                book.SubscribedNs = book.ResubscribeAtNs = 0;
            }
            book.Move(on, why, nowNs);
        }
    }

    private Book? Find(JsonNode symbol)
    {
        foreach (var book in _books)
            if (symbol.Is(book.Market.Symbol)) return book;
        return null;
    }

    private sealed class Book(Instrument instrument, Market market, Inbox inbox, Tally tally) : MarketBook(instrument, market, Depth, inbox, tally)
    {
        private readonly long[] _history = new long[HistoryMax];   // hashes of the best levels since the snapshot
        private long _states;

        public bool IsKnown { get; set; }
        public bool HasSnapshot { get; set; }
        public bool IsWitnessed { get; set; }       // REST has shown this book
        public long BeganNs { get; private set; }   // when the snapshot came
        public long Expected { get; set; }          // hash of what REST has shown and the channel has not; 0 for none
        public long SubscribedNs { get; set; }      // 0 when not subscribed on this connection
        public long ResubscribeAtNs { get; set; }   // 0 when there is no need
        public long AskAtNs { get; set; }           // when REST is asked next
        public long DifferentSinceNs { get; set; }  // since REST shows another book; 0 when it does not

        /// <summary>A snapshot comes.</summary>
        public void Begin(long nowNs)
        {
            Levels.Clear();
            (HasSnapshot, IsWitnessed, Expected, DifferentSinceNs, AskAtNs, BeganNs, _states) = (true, false, 0, 0, nowNs, nowNs, 0);
        }

        /// <summary>Notes the best levels as they are; their hash.</summary>
        public long Remember()
        {
            var hash = Add(Add(1, Levels.Bids), Levels.Asks);
            _history[_states++ % HistoryMax] = hash;
            return hash;
        }

        /// <summary>True when the best levels are, or lately were, these; of a quiet book only what they are counts.</summary>
        public bool Had(long hash)
        {
            if (_states == 0) return false;
            if (IsWitnessed) return _history[(_states - 1) % HistoryMax] == hash;
            return _history.AsSpan(0, (int)Math.Min(_states, HistoryMax)).Contains(hash);
        }

        /// <summary>The hash of the best levels that REST shows; false when one is no level.</summary>
        public bool TryHash(JsonNode pricebook, out long hash) => TryAdd(1, pricebook["bids"], out hash) && TryAdd(hash, pricebook["asks"], out hash);

        private static long Add(long hash, IReadOnlyList<Level> levels)
        {
            for (var n = 0; n < levels.Count && n < Compared; n++) hash = Mix(hash, levels[n].Price, levels[n].Quantity);
            return Mix(hash, 0, 0);
        }

        private bool TryAdd(long from, JsonNode levels, out long hash)
        {
            hash = from;
            foreach (var level in levels)
            {
                if (!DecimalText.TryScaled(level["price"].Digits, PriceDecimals, out var price) || !DecimalText.TryScaled(level["size"].Digits, QuantityDecimals, out var quantity)) return false;
                hash = Mix(hash, price, quantity);
            }
            hash = Mix(hash, 0, 0);
            return levels.IsList;
        }

        // SplitMix64's last steps; never 0, which stands for none.
        private static long Mix(long hash, long price, long quantity)
        {
            var z = (ulong)hash + 0x9E3779B97F4A7C15 + (ulong)price * 0xBF58476D1CE4E5B9 + (ulong)quantity * 0x94D049BB133111EB;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            return (long)(z ^ z >> 31) | 1;
        }
    }
}
