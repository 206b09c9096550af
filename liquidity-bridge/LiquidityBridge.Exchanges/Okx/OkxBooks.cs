using System.Text.Json;
using Venue.Messages;

namespace LiquidityBridge.Exchanges.Okx;

/// <summary>
/// The public half of OKX's API v5: instruments, trades, and books. Bytes and time come in; requests, questions to REST
/// and book images go out. No socket inside.
/// </summary>
/// <remarks>
/// A book is proven by its chain: each message names the one before it (docs-v5, "Sequence ID"), and carries a checksum
/// that is verified unless it is 0, as it is on the live feed. A snapshot alone is no proof, since it may be older than
/// the stream, and neither is silence, since a feed can stand still while its connection lives: a book that no message has
/// followed lately is live only as long as REST shows the same one.
/// </remarks>
internal sealed class OkxBooks
{
    /// <summary>Levels of each side told to the core, and compared with REST.</summary>
    public const int Depth = 25;

    /// <summary>A book that did not change for so long is compared with REST, nanoseconds; again and again.</summary>
    public const long QuietNs = 2_000_000_000;

    private const int Kept = 400;                        // docs-v5: levels of each side of the books channel
    private const long ConfirmNs = 400_000_000;          // REST and the channel may be so far apart in time
    private const long RenewNs = 5_000_000_000;          // a snapshot that REST contradicts for so long is asked for anew
    private const long PingAfterNs = 1_500_000_000, SilenceNs = 5_000_000_000, HeardEveryNs = 500_000_000, HourNs = 3_600_000_000_000;
    private const int RequestsPerHour = 480;

    private readonly int _exchange;
    private readonly Inbox _inbox;
    private readonly Tally _tally;
    private readonly ILimit _questions;
    private readonly Subscriptions<Book> _subscriptions;
    private readonly JsonFrame _frame = new();
    private SlidingLimit _requests = new(RequestsPerHour, HourNs);
    private Action<byte[]>? _send;
    private long _lastHeardNs, _toldHeardNs, _lastPingNs;
    private bool _wantsClose;

    /// <summary>For one connection; <paramref name="questions"/> is what may be asked of REST.</summary>
    public OkxBooks(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally, ILimit questions)
    {
        (_exchange, _inbox, _tally, _questions) = (exchange, inbox, tally, questions);
        _subscriptions = new([.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => new Book(i, m, inbox, tally)))], Subscribe);
    }

    /// <summary>True once OKX said that it will close this connection (notice 64008).</summary>
    public bool IsEnding { get; private set; }

    /// <summary>A connection is attempted.</summary>
    public void Connecting(long nowNs) => _subscriptions.Move(BookEvent.Connecting, OutsideReason.None, nowNs);

    /// <summary>The connection is there; <paramref name="instruments"/> is the answer of GET /public/instruments.</summary>
    public void Open(Action<byte[]> send, ReadOnlyMemory<byte> instruments, long nowNs)
    {
        _send = send;
        _lastHeardNs = _lastPingNs = nowNs;
        _wantsClose = IsEnding = false;
        _requests = new SlidingLimit(RequestsPerHour, HourNs);
        foreach (var book in _subscriptions.All) book.IsKnown = false;
        _subscriptions.Move(BookEvent.Subscribed, OutsideReason.None, nowNs);
        Send("subscribe", w => Channel(w, "instruments", "instType", "SPOT"), nowNs);
        if (_frame.TryRead(instruments, out var fault)) OnInstruments(_frame.Root["data"], nowNs);
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

    /// <summary>One message. What is not understood is passed over; what is no message is counted; what does not prove itself voids the book.</summary>
    public void On(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (utf8.Span.SequenceEqual(OkxRequest.Pong))
        {
            Heard(nowNs);
            return;
        }
        if (!_frame.TryRead(utf8, out var fault))
        {
            _tally.Count(fault);
            return;
        }
        Heard(nowNs);
        var root = _frame.Root;
        var channel = root["arg"]["channel"];
        if (root["event"].Exists) OnEvent(root, nowNs);
        else if (channel.Is("books")) OnBook(root, nowNs);
        else if (channel.Is("trades")) OnTrades(root["data"], nowNs);
        else if (channel.Is("instruments")) OnInstruments(root["data"], nowNs);
    }

    /// <summary>Timers. False when the connection is dead or of no use and must be closed.</summary>
    public bool Poll(long nowNs)
    {
        if (_send is null) return true;
        if (_wantsClose || nowNs - _lastHeardNs > SilenceNs) return false;
        // docs-v5, "Connect": without a message for 30 s OKX closes; asked much sooner, so that silence is noticed.
        if (nowNs - _lastHeardNs > PingAfterNs && nowNs - _lastPingNs > PingAfterNs)
        {
            _lastPingNs = nowNs;
            _send(OkxRequest.Ping);
        }
        _subscriptions.Poll(nowNs);
        return true;
    }

    /// <summary>The next book that REST must be asked about now: its path; null when there is none.</summary>
    public string? NextQuestion(long nowNs)
    {
        if (_send is null) return null;
        foreach (var book in _subscriptions.All)
        {
            if (!book.HasSnapshot || nowNs < book.AskAtNs || !_questions.TryTake(1, nowNs)) continue;
            book.AskAtNs = nowNs + QuietNs;
            return $"/api/v5/market/books?instId={book.Market.Symbol}&sz={Depth}";
        }
        return null;
    }

    /// <summary>The answer to such a question.</summary>
    public void OnAnswer(string path, ReadOnlyMemory<byte> utf8, long nowNs)
    {
        var symbol = path.AsSpan(path.IndexOf('=') + 1);
        symbol = symbol[..symbol.IndexOf('&')];
        foreach (var book in _subscriptions.All)
        {
            if (!symbol.SequenceEqual(book.Market.Symbol) || !book.HasSnapshot) continue;
            if (!_frame.TryRead(utf8, out var fault)) _tally.Count(fault);
            else if (book.IsShownBy(_frame.Root["data"][0])) Agree(book, nowNs);
            else if (_frame.Root["code"].Is("0")) Disagree(book, nowNs);
            else _tally.Count(OutsideReason.Refused, book.Instrument.Id);
        }
    }

    private void Agree(Book book, long nowNs)
    {
        book.DifferentSinceNs = 0;
        if (book.IsWitnessed) return;
        book.IsWitnessed = true;
        if (!book.Prove(nowNs)) _subscriptions.Renew(book, nowNs);
    }

    // The channel may be a moment behind: different twice, with no message between, is different.
    private void Disagree(Book book, long nowNs)
    {
        book.AskAtNs = nowNs + ConfirmNs;
        if (book.DifferentSinceNs == 0) book.DifferentSinceNs = nowNs;
        else if (nowNs - book.DifferentSinceNs >= (book.IsWitnessed ? ConfirmNs : RenewNs)) _subscriptions.Void(book, OutsideReason.Stale, nowNs);
    }

    private void Heard(long nowNs)
    {
        _lastHeardNs = nowNs;
        if (nowNs - _toldHeardNs < HeardEveryNs) return;
        _toldHeardNs = nowNs;
        _inbox(new ExchangeHeard { NowNs = nowNs, Exchange = _exchange });
    }

    private void OnEvent(JsonNode root, long nowNs)
    {
        // docs-v5, "Notification": sixty seconds before an upgrade.
        if (root["event"].Is("notice") && root["code"].Is("64008")) IsEnding = true;
        if (!root["event"].Is("error")) return;
        _tally.Count(root["code"].Is("60014") ? OutsideReason.RateLimited : OutsideReason.Refused);
        // An error names its subscription in its text only: whatever is not there yet is asked for again, later.
        foreach (var book in _subscriptions.All)
            if (book.SubscribedNs != 0 && !book.HasSnapshot && book.ResubscribeAtNs == 0) book.ResubscribeAtNs = nowNs + Subscriptions<Book>.EveryNs;
    }

    private void OnInstruments(JsonNode data, long nowNs)
    {
        foreach (var instrument in data)
        {
            if (_subscriptions.Find(instrument["instId"]) is not { } book) continue;
            _subscriptions.Tell(book, Fits(book, instrument), halted: !instrument["state"].Is("live"), nowNs);
        }
    }

    /// <summary>The configured steps and smallest order are those that OKX says, and its own prices fit the grid.</summary>
    private static bool Fits(Book book, JsonNode instrument)
    {
        var (i, m) = (book.Instrument, book.Market);
        return DecimalText.TryScaled(instrument["tickSz"].Digits, i.PriceDecimals, out var tick) && tick > 0 && m.Tick % tick == 0
            && DecimalText.TryScaled(instrument["lotSz"].Digits, i.QuantityDecimals, out var lot) && lot > 0 && m.Lot % lot == 0
            && DecimalText.TryScaled(instrument["minSz"].Digits, i.QuantityDecimals, out var min) && m.Min >= min;
    }

    private void OnTrades(JsonNode data, long nowNs)
    {
        foreach (var trade in data)
        {
            if (_subscriptions.Find(trade["instId"]) is not { } book) continue;
            book.Traded(trade["px"].Digits, trade["sz"].Digits, trade["side"].Is("buy") ? Side.Buy : Side.Sell, nowNs);
        }
    }

    private void OnBook(JsonNode root, long nowNs)
    {
        if (_subscriptions.Find(root["arg"]["instId"]) is not { IsKnown: true } book || book.State is BookState.Suspended or BookState.Disabled) return;
        var isSnapshot = root["action"].Is("snapshot");
        foreach (var data in root["data"])
        {
            // Between the break and the new snapshot updates still come of the old subscription.
            if (!isSnapshot && !book.HasSnapshot) continue;
            if (!data["seqId"].TryLong(out var seqId) || !data["prevSeqId"].TryLong(out var previous)) _subscriptions.Void(book, OutsideReason.Malformed, nowNs);
            else if (isSnapshot) OnSnapshot(book, data, seqId, nowNs);
            else if (previous != book.SeqId) _subscriptions.Void(book, OutsideReason.Gap, nowNs);
            else OnUpdate(book, data, seqId, nowNs);
        }
    }

    private void OnSnapshot(Book book, JsonNode data, long seqId, long nowNs)
    {
        if (book.State == BookState.Live) book.Move(BookEvent.Broken, OutsideReason.None, nowNs);
        book.Levels.Clear();
        (book.HasSnapshot, book.IsWitnessed, book.SeqId, book.DifferentSinceNs, book.AskAtNs) = (true, false, seqId, 0, nowNs);
        if (!book.Read(data)) _subscriptions.Void(book, OutsideReason.BadNumber, nowNs);
        else if (!book.IsSummedUp(data)) _subscriptions.Void(book, OutsideReason.Checksum, nowNs);
    }

    private void OnUpdate(Book book, JsonNode data, long seqId, long nowNs)
    {
        // docs-v5, "Sequence ID": an empty message after a quiet minute repeats the number; after maintenance it may fall.
        book.SeqId = seqId;
        book.DifferentSinceNs = 0;
        if (!book.Read(data)) _subscriptions.Void(book, OutsideReason.BadNumber, nowNs);
        else if (!book.IsSummedUp(data)) _subscriptions.Void(book, OutsideReason.Checksum, nowNs);
        else
        {
            book.IsWitnessed = true;
            book.AskAtNs = nowNs + QuietNs;
            if (!book.Prove(nowNs)) _subscriptions.Renew(book, nowNs);
        }
    }

    private void Subscribe(Book book, bool isAgain)
    {
        if (isAgain) Send("unsubscribe", w => Channel(w, "books", "instId", book.Market.Symbol), book.SubscribedNs);
        Send("subscribe", w =>
        {
            Channel(w, "books", "instId", book.Market.Symbol);
            if (!isAgain) Channel(w, "trades", "instId", book.Market.Symbol);
        }, book.SubscribedNs);
    }

    private static void Channel(Utf8JsonWriter w, string channel, string name, string value)
    {
        w.WriteStartObject();
        w.WriteString("channel", channel);
        w.WriteString(name, value);
        w.WriteEndObject();
    }

    // docs-v5, "Connect": 480 requests an hour for each connection; a new connection may ask again.
    private void Send(string op, Action<Utf8JsonWriter> args, long nowNs)
    {
        if (_requests.TryTake(1, nowNs))
        {
            _send?.Invoke(OkxRequest.Of(op, args));
            return;
        }
        _tally.Count(OutsideReason.RateLimited);
        _wantsClose = true;
    }

    private sealed class Book(Instrument instrument, Market market, Inbox inbox, Tally tally) : SubscribedBook(instrument, market, Depth, inbox, tally)
    {
        public bool IsWitnessed { get; set; }       // a message followed the snapshot, or REST shows the same book
        public long SeqId { get; set; }
        public long AskAtNs { get; set; }           // when REST is asked next
        public long DifferentSinceNs { get; set; }  // since REST shows another book; 0 when it does not

        /// <summary>False when a level is not what it must be.</summary>
        public bool Read(JsonNode data)
        {
            if (!Read(data["bids"], isBid: true) || !Read(data["asks"], isBid: false)) return false;
            Levels.Truncate(Kept);
            return true;
        }

        /// <summary>False when there is a checksum and it is another one.</summary>
        public bool IsSummedUp(JsonNode data) =>
            !data["checksum"].TryLong(out var checksum) || checksum == 0 || checksum == OkxChecksum.Of(Levels, PriceDecimals, QuantityDecimals);

        /// <summary>True when REST shows the same best levels.</summary>
        public bool IsShownBy(JsonNode data) => IsShownBy(data["bids"], Levels.Bids) && IsShownBy(data["asks"], Levels.Asks);

        private bool IsShownBy(JsonNode levels, IReadOnlyList<Level> ours)
        {
            if (!levels.IsList || levels.Count != Math.Min(Depth, ours.Count)) return false;
            var place = 0;
            foreach (var level in levels)
            {
                if (!DecimalText.TryScaled(level[0].Digits, PriceDecimals, out var price) || !DecimalText.TryScaled(level[1].Digits, QuantityDecimals, out var quantity)) return false;
                if (ours[place++] != new Level(price, quantity)) return false;
            }
            return true;
        }

        private bool Read(JsonNode levels, bool isBid)
        {
            foreach (var level in levels)
                if (!Set(isBid, level[0].Digits, level[1].Digits)) return false;
            return true;
        }
    }
}
