using Venue.Messages;

namespace LiquidityBridge.Exchanges.Binance;

/// <summary>
/// Binance's market streams: diff depth on top of a REST snapshot, proven by the chain of update numbers, and trades.
/// Bytes and time come in; requests, questions for REST, and book images go out. No socket inside.
/// </summary>
/// <remarks>
/// web-socket-streams.md, "How to manage a local order book correctly". A snapshot alone is not live: it may be older than
/// all that the stream will tell. A diff shows that it is not, or, where none comes, the same snapshot asked for again.
/// </remarks>
internal sealed class BinanceBooks
{
    /// <summary>Best levels that are told.</summary>
    public const int Depth = 25;

    /// <summary>Without any message for so long the connection is given up, nanoseconds.</summary>
    public const long SilenceNs = 5_000_000_000;

    private const int SnapshotLevels = 1000, SnapshotWeight = 50, InfoWeight = 20;
    private const int WaitingMax = 2000;
    private const int MessagesPerSecond = 4;   // of 5: one is left for the pongs that the socket sends by itself
    private const long SecondNs = 1_000_000_000;
    private const long HeardEveryNs = 500_000_000, ProbeAfterNs = 1_500_000_000, InfoEveryNs = 5 * SecondNs, AskEveryNs = SecondNs, WitnessNs = 250_000_000, AnswerNs = 8 * SecondNs;

    private readonly int _exchange;
    private readonly Inbox _inbox;
    private readonly Tally _tally;
    private readonly Func<BinanceQuestion, bool> _ask;
    private readonly Book[] _books;
    private readonly JsonFrame _frame = new();
    private readonly SlidingLimit _messages = new(MessagesPerSecond, SecondNs);
    private Action<byte[]>? _send;
    private long _requests, _questions, _subscribeId, _infoAsked, _infoAskedNs;
    private long _lastHeardNs, _toldHeardNs, _probedNs;
    private bool _isSubscribed;

    /// <summary>For one connection; <paramref name="ask"/> asks over REST, or says that it may not be asked now.</summary>
    public BinanceBooks(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally, Func<BinanceQuestion, bool> ask)
    {
        (_exchange, _inbox, _tally, _ask) = (exchange, inbox, tally, ask);
        _books = [.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => new Book(i, m, inbox, tally)))];
    }

    /// <summary>The exchange has said that it will close this connection.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>A connection is attempted.</summary>
    public void Connecting(long nowNs) => Move(BookEvent.Connecting, OutsideReason.None, nowNs);

    /// <summary>The connection is there: all streams are subscribed at once.</summary>
    public void Open(Action<byte[]> send, long nowNs)
    {
        _send = send;
        _lastHeardNs = _probedNs = nowNs;
        IsEnding = _isSubscribed = false;
        _infoAskedNs = 0;
        foreach (var book in _books) book.Forget();
        Move(BookEvent.Subscribed, OutsideReason.None, nowNs);
        _messages.TryTake(1, nowNs);
        _subscribeId = ++_requests;
        send(BinanceRequest.OfStreams("SUBSCRIBE", _subscribeId, _books.SelectMany(b => new[] { b.Stream + "@depth@100ms", b.Stream + "@trade" })));
        AskInfo(nowNs);
    }

    /// <summary>The connection is gone.</summary>
    public void Lost(long nowNs)
    {
        _send = null;
        foreach (var book in _books) book.Forget();
        Move(BookEvent.Lost, OutsideReason.Lost, nowNs);
    }

    /// <summary>One message. What is not understood is passed over; what is no message is counted; a gap voids the book.</summary>
    public void On(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (!_frame.TryRead(utf8, out var fault))
        {
            _tally.Count(fault);
            return;
        }
        _lastHeardNs = nowNs;
        if (nowNs - _toldHeardNs >= HeardEveryNs)
        {
            _toldHeardNs = nowNs;
            _inbox(new ExchangeHeard { NowNs = nowNs, Exchange = _exchange });
        }
        var root = _frame.Root;
        var kind = root["e"];
        if (kind.Is("depthUpdate"))
        {
            if (Find(root["s"]) is { } book) OnDiff(book, root, utf8, nowNs);
        }
        else if (kind.Is("trade")) OnTrade(root, nowNs);
        else if (kind.Is("serverShutdown")) IsEnding = true;
        else if (root["id"].TryLong(out var id) && id == _subscribeId && !_isSubscribed)
        {
            if (root["code"].Exists || root["error"].Exists) _tally.Count(OutsideReason.Refused);
            else _isSubscribed = true;
        }
    }

    /// <summary>An answer of REST; null when there was none.</summary>
    public void OnAnswer(BinanceQuestion question, byte[]? body, long nowNs)
    {
        if (_send is null) return;
        var isRead = false;
        if (body is not null && !(isRead = _frame.TryRead(body, out var fault))) _tally.Count(fault);
        if (question.Symbol.Length == 0)
        {
            if (question.Number == _infoAsked && isRead) OnInfo(_frame.Root, nowNs);
            return;
        }
        foreach (var book in _books)
        {
            if (book.Market.Symbol != question.Symbol || book.Asked != question.Number) continue;
            book.Asked = 0;
            if (isRead) OnSnapshot(book, _frame.Root, nowNs);
        }
    }

    /// <summary>Timers. False when the connection is dead and must be closed.</summary>
    public bool Poll(long nowNs)
    {
        if (_send is null) return true;
        if (nowNs - _lastHeardNs > SilenceNs) return false;
        // The protocol has no heartbeat that we can see: a question that costs nothing shows that somebody is there.
        if (nowNs - Math.Max(_lastHeardNs, _probedNs) > ProbeAfterNs && _messages.TryTake(1, nowNs))
        {
            _probedNs = nowNs;
            _send(BinanceRequest.OfStreams("LIST_SUBSCRIPTIONS", ++_requests, []));
        }
        if (nowNs - _infoAskedNs > InfoEveryNs) AskInfo(nowNs);
        if (!_isSubscribed) return true;
        foreach (var book in _books)
        {
            if (!book.IsKnown || book.State is BookState.Disabled or BookState.Suspended || book.HasSnapshot && book.IsWithin) continue;
            // Asked and not answered: again.
            if (book.Asked != 0 && nowNs - book.AskedNs < AnswerNs || nowNs - book.AskedNs < (book.HasSnapshot ? WitnessNs : AskEveryNs)) continue;
            AskSnapshot(book, nowNs);
        }
        return true;
    }

    private void AskInfo(long nowNs)
    {
        _infoAskedNs = nowNs;
        var symbols = string.Join(',', _books.Select(b => $"\"{b.Market.Symbol}\""));
        var question = new BinanceQuestion($"/api/v3/exchangeInfo?symbols={Uri.EscapeDataString($"[{symbols}]")}", InfoWeight, "", ++_questions);
        if (_ask(question)) _infoAsked = question.Number;
    }

    private void AskSnapshot(Book book, long nowNs)
    {
        book.AskedNs = nowNs;
        var question = new BinanceQuestion($"/api/v3/depth?symbol={book.Market.Symbol}&limit={SnapshotLevels}", SnapshotWeight, book.Market.Symbol, ++_questions);
        if (_ask(question)) book.Asked = question.Number;
    }

    private void OnInfo(JsonNode root, long nowNs)
    {
        foreach (var book in _books) book.IsListed = false;
        foreach (var symbol in root["symbols"])
        {
            if (Find(symbol["symbol"]) is not { } book) continue;
            book.IsListed = true;
            if (!Fits(book, symbol))
            {
                if (book.State != BookState.Disabled) book.Move(BookEvent.Misfit, OutsideReason.Misfit, nowNs);
                continue;
            }
            book.IsKnown = true;
            var isHalted = !symbol["status"].Is("TRADING");
            if (isHalted == (book.State == BookState.Suspended)) continue;
            book.Move(isHalted ? BookEvent.Halted : BookEvent.Resumed, isHalted ? OutsideReason.Halted : OutsideReason.None, nowNs);
            book.Restart();
        }
        foreach (var book in _books)
            if (!book.IsListed && book.State != BookState.Disabled) book.Move(BookEvent.Misfit, OutsideReason.Misfit, nowNs);   // not traded there
    }

    /// <summary>The configured steps and smallest order are those that the filters say.</summary>
    private static bool Fits(Book book, JsonNode symbol)
    {
        var (i, m) = (book.Instrument, book.Market);
        long tick = 0, lot = 0, min = long.MaxValue;
        foreach (var filter in symbol["filters"])
        {
            if (filter["filterType"].Is("PRICE_FILTER")) DecimalText.TryScaled(filter["tickSize"].Digits, i.PriceDecimals, out tick);
            if (!filter["filterType"].Is("LOT_SIZE")) continue;
            DecimalText.TryScaled(filter["stepSize"].Digits, i.QuantityDecimals, out lot);
            if (!DecimalText.TryScaled(filter["minQty"].Digits, i.QuantityDecimals, out min)) min = long.MaxValue;
        }
        return tick > 0 && m.Tick % tick == 0 && lot > 0 && m.Lot % lot == 0 && m.Min >= min;
    }

    private void OnTrade(JsonNode root, long nowNs)
    {
        if (Find(root["s"]) is not { } book) return;
        if (DecimalText.TryScaled(root["p"].Digits, book.Instrument.PriceDecimals, out var price) && price > 0
            && DecimalText.TryScaled(root["q"].Digits, book.Instrument.QuantityDecimals, out var quantity) && quantity > 0)
            _inbox(new OutsideTrade { NowNs = nowNs, Exchange = _exchange, Instrument = book.Instrument.Id, Price = price, Quantity = quantity, TakerSide = root["m"].IsTrue ? Side.Sell : Side.Buy });
        else _tally.Count(OutsideReason.BadNumber, book.Instrument.Id);
    }

    private void OnDiff(Book book, JsonNode diff, ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (!book.HasSnapshot)
        {
            // Kept until the snapshot tells which of them are news.
            if (book.Waiting.Count < WaitingMax) book.Waiting.Add(utf8.ToArray());
            return;
        }
        if (Apply(book, diff, nowNs)) Prove(book, nowNs);
    }

    private void OnSnapshot(Book book, JsonNode root, long nowNs)
    {
        if (!root["lastUpdateId"].TryLong(out var last) || !root["bids"].IsList || !root["asks"].IsList)
        {
            _tally.Count(OutsideReason.Malformed, book.Instrument.Id);
            return;
        }
        if (book.HasSnapshot)
        {
            // The same again, and no diff in between: nothing has happened since. One that is newer takes its place.
            var isSame = !book.IsWithin && last == book.Last;
            if (isSame) book.IsWithin = true;
            if (isSame) Prove(book, nowNs);
            if (book.IsWithin || last <= book.Last) return;
        }
        book.Levels.Clear();
        if (!Read(book, root["bids"], isBid: true) || !Read(book, root["asks"], isBid: false))
        {
            Void(book, OutsideReason.BadNumber, nowNs);
            return;
        }
        // What lies beyond a snapshot that was cut off is not known until it changes.
        book.KnownBid = root["bids"].Count < SnapshotLevels ? 0 : book.Levels.Bids[^1].Price;
        book.KnownAsk = root["asks"].Count < SnapshotLevels ? long.MaxValue : book.Levels.Asks[^1].Price;
        book.Last = last;
        book.HasSnapshot = true;
        (book.IsFirst, book.IsWithin) = (true, false);
        var waiting = book.Waiting.ToArray();
        book.Waiting.Clear();
        foreach (var utf8 in waiting)
        {
            if (!_frame.TryRead(utf8, out _) || Apply(book, _frame.Root, nowNs)) continue;
            if (!book.HasSnapshot) return;
        }
        if (book.IsWithin) Prove(book, nowNs);
    }

    /// <summary>False when it neither changed nor proved anything, or voided the book.</summary>
    private bool Apply(Book book, JsonNode diff, long nowNs)
    {
        if (!diff["U"].TryLong(out var first) || !diff["u"].TryLong(out var last) || last < first)
        {
            Void(book, OutsideReason.Malformed, nowNs);
            return false;
        }
        if (last <= book.Last)
        {
            if (!book.IsFirst) _tally.Count(OutsideReason.Repeated, book.Instrument.Id);
            // In the snapshot already, which therefore lies within what this connection hears.
            book.IsWithin = true;
            return book.IsFirst;
        }
        if (first > book.Last + 1)
        {
            Void(book, book.IsWithin ? OutsideReason.Gap : OutsideReason.OldSnapshot, nowNs);
            return false;
        }
        // One that begins within what is known fits to a snapshot; after that each begins where the last one ended.
        if (first <= book.Last && !book.IsFirst)
        {
            Void(book, OutsideReason.Gap, nowNs);
            return false;
        }
        if (!Read(book, diff["b"], isBid: true) || !Read(book, diff["a"], isBid: false))
        {
            Void(book, OutsideReason.BadNumber, nowNs);
            return false;
        }
        book.Last = last;
        (book.IsFirst, book.IsWithin) = (false, true);
        return true;
    }

    private static bool Read(Book book, JsonNode levels, bool isBid)
    {
        foreach (var level in levels)
            if (!book.Set(isBid, level[0].Digits, level[1].Digits)) return false;
        return true;
    }

    private static void Prove(Book book, long nowNs)
    {
        if (!book.ShowsOnlyKnown) Void(book, OutsideReason.OldSnapshot, nowNs);
        else if (!book.Prove(nowNs)) book.Restart();
    }

    private static void Void(Book book, OutsideReason why, long nowNs)
    {
        book.Move(BookEvent.Broken, why, nowNs);
        book.Restart();
    }

    private void Move(BookEvent on, OutsideReason why, long nowNs)
    {
        foreach (var book in _books) book.Move(on, why, nowNs);
    }

    private Book? Find(JsonNode symbol)
    {
        foreach (var book in _books)
            if (symbol.Is(book.Market.Symbol)) return book;
        return null;
    }

    private sealed class Book(Instrument instrument, Market market, Inbox inbox, Tally tally) : MarketBook(instrument, market, Depth, inbox, tally)
    {
        /// <summary>Diffs that came before their snapshot.</summary>
        public List<byte[]> Waiting { get; } = [];

        public string Stream { get; } = market.Symbol.ToLowerInvariant();
        public bool IsListed { get; set; }
        public bool IsKnown { get; set; }       // its filters were seen on this connection
        public bool HasSnapshot { get; set; }
        public bool IsFirst { get; set; }       // no diff was applied to the snapshot yet
        public bool IsWithin { get; set; }      // the snapshot is not older than the first diff of this connection
        public long Last { get; set; }          // u of the last diff, or lastUpdateId
        public long KnownBid { get; set; }
        public long KnownAsk { get; set; }
        public long Asked { get; set; }         // number of the question that is not answered; 0 for none
        public long AskedNs { get; set; }

        /// <summary>None of the levels that are told lies beyond what the snapshot covered.</summary>
        public bool ShowsOnlyKnown => IsKnownTo(Levels.Bids, KnownBid, 1) && IsKnownTo(Levels.Asks, KnownAsk, -1);

        /// <summary>A new snapshot is needed; diffs are kept for it from here on.</summary>
        public void Restart()
        {
            HasSnapshot = false;
            Asked = 0;
            Waiting.Clear();
        }

        /// <summary>A new connection.</summary>
        public void Forget()
        {
            Restart();
            IsKnown = false;
            AskedNs = 0;
        }

        private static bool IsKnownTo(IReadOnlyList<Level> levels, long bound, int sign) =>
            bound is 0 or long.MaxValue || levels.Count >= Depth && levels[Depth - 1].Price * sign >= bound * sign;
    }
}
