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
    /// <summary>Without any message for so long the connection is given up, nanoseconds.</summary>
    public const long SilenceNs = 5_000_000_000;

    private const int SnapshotWeight = 50, InfoWeight = 20;
    private const int MessagesPerSecond = 4;   // of 5: one is left for the pongs that the socket sends by itself
    private const long SecondNs = 1_000_000_000;
    private const long HeardEveryNs = 500_000_000, ProbeAfterNs = 1_500_000_000, InfoEveryNs = 5 * SecondNs, AskEveryNs = SecondNs, WitnessNs = 250_000_000, AnswerNs = 8 * SecondNs;

    private readonly int _exchange;
    private readonly Inbox _inbox;
    private readonly Tally _tally;
    private readonly Func<BinanceQuestion, bool> _ask;
    private readonly BinanceBook[] _books;
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
        _books = [.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => new BinanceBook(i, m, inbox, tally)))];
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
        if (kind.Is("depthUpdate")) Find(root["s"])?.OnDiff(root, utf8, nowNs);
        else if (kind.Is("trade")) Find(root["s"])?.Traded(root["p"].Digits, root["q"].Digits, root["m"].IsTrue ? Side.Sell : Side.Buy, nowNs);
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
            if (isRead) book.OnSnapshot(_frame, nowNs);
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

    private void AskSnapshot(BinanceBook book, long nowNs)
    {
        book.AskedNs = nowNs;
        var question = new BinanceQuestion($"/api/v3/depth?symbol={book.Market.Symbol}&limit={BinanceBook.SnapshotLevels}", SnapshotWeight, book.Market.Symbol, ++_questions);
        if (_ask(question)) book.Asked = question.Number;
    }

    private void OnInfo(JsonNode root, long nowNs)
    {
        foreach (var book in _books) book.IsListed = false;
        foreach (var symbol in root["symbols"])
        {
            if (Find(symbol["symbol"]) is not { } book) continue;
            book.IsListed = true;
            if (!book.Fits(symbol))
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

    private void Move(BookEvent on, OutsideReason why, long nowNs)
    {
        foreach (var book in _books) book.Move(on, why, nowNs);
    }

    private BinanceBook? Find(JsonNode symbol)
    {
        foreach (var book in _books)
            if (symbol.Is(book.Market.Symbol)) return book;
        return null;
    }
}
