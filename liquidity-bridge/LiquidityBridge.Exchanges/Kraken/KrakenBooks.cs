using System.Text.Json;

namespace LiquidityBridge.Exchanges.Kraken;

/// <summary>
/// The public half of Kraken's WebSocket API v2: instrument precisions and books, each proven by its checksum. Bytes and
/// time come in; requests and book images go out. No socket inside.
/// </summary>
internal sealed class KrakenBooks(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox)
{
    /// <summary>Levels subscribed; the checksum covers ten whatever the depth.</summary>
    public const int Depth = 25;

    /// <summary>Without any message for so long the connection is given up, nanoseconds. Kraken sends a heartbeat each second.</summary>
    public const long SilenceNs = 5_000_000_000;

    private const long HeardEveryNs = 500_000_000;
    private const long PingEveryNs = 15_000_000_000;
    private const long ResubscribeEveryNs = 1_000_000_000;

    private readonly Dictionary<string, Book> _books = instruments
        .SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => new Book(i, m)))
        .ToDictionary(b => b.Market.Symbol);

    private Action<byte[]>? _send;
    private long _requests, _lastHeardNs, _toldHeardNs, _lastPingNs;

    /// <summary>Set when the exchange itself says that it is not online.</summary>
    public bool IsOnline { get; private set; } = true;

    /// <summary>Checksums that were wrong since the start.</summary>
    public long Mismatches { get; private set; }

    /// <summary>A connection is attempted.</summary>
    public void Connecting(long nowNs) => Move(BookEvent.Connecting, nowNs);

    /// <summary>The connection is there: precisions first, books when those are known.</summary>
    public void Open(Action<byte[]> send, long nowNs)
    {
        _send = send;
        _lastHeardNs = _lastPingNs = nowNs;
        IsOnline = true;
        foreach (var book in _books.Values) book.IsKnown = false;
        Move(BookEvent.Subscribed, nowNs);
        Send("subscribe", w =>
        {
            w.WriteString("channel", "instrument");
            w.WriteBoolean("snapshot", true);
        });
    }

    /// <summary>The connection is gone.</summary>
    public void Lost(long nowNs)
    {
        _send = null;
        Move(BookEvent.Lost, nowNs);
    }

    /// <summary>One message. What is not understood is passed over; what does not prove itself voids the book.</summary>
    public void On(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        _lastHeardNs = nowNs;
        if (nowNs - _toldHeardNs >= HeardEveryNs)
        {
            _toldHeardNs = nowNs;
            inbox(new ExchangeHeard { NowNs = nowNs, Exchange = exchange });
        }
        using var document = Json.Parse(utf8);
        if (document is null) return;
        var root = document.RootElement;
        switch (root.Text("channel"))
        {
            case "book": OnBook(root, nowNs); break;
            case "instrument": OnInstruments(root, nowNs); break;
            case "status": OnStatus(root, nowNs); break;
            case "" when root.Text("method") == "subscribe" && !root.IsTrue("success"): OnRefused(root, nowNs); break;
        }
    }

    /// <summary>Timers. False when the connection is dead and must be closed.</summary>
    public bool Poll(long nowNs)
    {
        if (_send is null) return true;
        if (nowNs - _lastHeardNs > SilenceNs) return false;
        if (nowNs - _lastPingNs > PingEveryNs)
        {
            _lastPingNs = nowNs;
            Send("ping", null);
        }
        foreach (var book in _books.Values)
            if (book.ResubscribeAtNs != 0 && nowNs >= book.ResubscribeAtNs) Subscribe(book, nowNs);
        return true;
    }

    private void OnStatus(JsonElement root, long nowNs)
    {
        foreach (var data in root.Objects("data"))
        {
            var system = data.Text("system");
            if (system.Length == 0 || system == "online" == IsOnline) continue;
            IsOnline = system == "online";
            foreach (var book in _books.Values.Where(b => b.IsKnown)) Halt(book, !IsOnline, nowNs);
        }
    }

    private void OnInstruments(JsonElement root, long nowNs)
    {
        if (!root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object) return;
        foreach (var pair in data.Objects("pairs"))
        {
            if (!_books.TryGetValue(pair.Text("symbol"), out var book)) continue;
            if (!pair.TryLong("price_precision", out var price) || !pair.TryLong("qty_precision", out var quantity)) continue;
            var changed = !book.IsKnown || book.PriceDecimals != price || book.QuantityDecimals != quantity;
            book.IsKnown = true;
            (book.PriceDecimals, book.QuantityDecimals) = ((int)price, (int)quantity);
            if (!Fits(book, pair))
            {
                book.Status.Move(BookEvent.Misfit);
                Tell(book, nowNs);
                continue;
            }
            if (changed) Subscribe(book, nowNs);
            Halt(book, pair.Text("status") is not ("online" or "") || !IsOnline, nowNs);
        }
        if (root.Text("type") != "snapshot") return;
        foreach (var book in _books.Values.Where(b => !b.IsKnown))
        {
            book.Status.Move(BookEvent.Misfit);   // not traded there
            Tell(book, nowNs);
        }
    }

    /// <summary>The configured steps and smallest order are those that Kraken says, and the grid is fine enough.</summary>
    private static bool Fits(Book book, JsonElement pair)
    {
        var (i, m) = (book.Instrument, book.Market);
        return book.PriceDecimals >= 0 && book.PriceDecimals <= i.PriceDecimals && book.QuantityDecimals >= 0 && book.QuantityDecimals <= i.QuantityDecimals
            && DecimalText.TryScaled(pair.Digits("price_increment"), i.PriceDecimals, out var tick) && m.Tick % tick == 0
            && DecimalText.TryScaled(pair.Digits("qty_increment"), i.QuantityDecimals, out var lot) && m.Lot % lot == 0
            && DecimalText.TryScaled(pair.Digits("qty_min"), i.QuantityDecimals, out var min) && m.Min >= min;
    }

    private void Halt(Book book, bool halted, long nowNs)
    {
        if (halted == (book.Status.State == BookState.Suspended)) return;
        book.Status.Move(halted ? BookEvent.Halted : BookEvent.Resumed);
        if (halted) Tell(book, nowNs);
        else Subscribe(book, nowNs);
    }

    private void OnRefused(JsonElement root, long nowNs)
    {
        if (!_books.TryGetValue(root.Text("symbol"), out var book)) return;
        Void(book, nowNs);
    }

    private void OnBook(JsonElement root, long nowNs)
    {
        var isSnapshot = root.Text("type") == "snapshot";
        foreach (var data in root.Objects("data"))
        {
            if (!_books.TryGetValue(data.Text("symbol"), out var book) || !book.IsKnown) continue;
            // Between the mismatch and the new snapshot updates still come of the old subscription.
            if (!isSnapshot && !book.HasSnapshot) continue;
            if (isSnapshot) book.Levels.Clear();
            book.HasSnapshot = true;
            var isRead = Read(book, data, "bids", isBid: true) & Read(book, data, "asks", isBid: false);
            // docs.kraken.com, "Book": no removal is sent for levels that better ones push out of the subscribed depth.
            book.Levels.Truncate(Depth);
            if (isRead && data.TryLong("checksum", out var checksum) && checksum == KrakenChecksum.Of(book.Levels))
            {
                book.Status.Move(BookEvent.Proven);
                Tell(book, nowNs);
                continue;
            }
            Mismatches++;
            Void(book, nowNs);
        }
    }

    private static bool Read(Book book, JsonElement data, string name, bool isBid)
    {
        foreach (var level in data.Objects(name))
        {
            if (!DecimalText.TryScaled(level.Digits("price"), book.PriceDecimals, out var price) || price <= 0) return false;
            if (!DecimalText.TryScaled(level.Digits("qty"), book.QuantityDecimals, out var quantity) || quantity < 0) return false;
            book.Levels.Set(isBid, price, quantity);
        }
        return true;
    }

    /// <summary>Nothing that is known of it counts any more: it is asked for anew, at most once a second.</summary>
    private void Void(Book book, long nowNs)
    {
        book.Status.Move(BookEvent.Broken);
        book.Levels.Clear();
        book.HasSnapshot = false;
        Tell(book, nowNs);
        if (book.ResubscribeAtNs == 0) book.ResubscribeAtNs = Math.Max(nowNs, book.SubscribedNs + ResubscribeEveryNs);
        if (nowNs >= book.ResubscribeAtNs) Subscribe(book, nowNs);
    }

    private void Subscribe(Book book, long nowNs)
    {
        book.ResubscribeAtNs = 0;
        book.HasSnapshot = false;
        if (book.SubscribedNs != 0) Send("unsubscribe", w => Channel(w, book));
        book.SubscribedNs = nowNs;
        Send("subscribe", w =>
        {
            Channel(w, book);
            w.WriteBoolean("snapshot", true);
        });
    }

    private static void Channel(Utf8JsonWriter w, Book book)
    {
        w.WriteString("channel", "book");
        w.WriteStartArray("symbol");
        w.WriteStringValue(book.Market.Symbol);
        w.WriteEndArray();
        w.WriteNumber("depth", Depth);
    }

    private void Move(BookEvent on, long nowNs)
    {
        foreach (var book in _books.Values)
        {
            book.Status.Move(on);
            if (on is BookEvent.Lost or BookEvent.Connecting)
            {
                book.Levels.Clear();
                book.HasSnapshot = false;
                book.SubscribedNs = book.ResubscribeAtNs = 0;
            }
            Tell(book, nowNs);
        }
    }

    private void Tell(Book book, long nowNs)
    {
        var priceUnit = (long)Instrument.Power(Math.Max(0, book.Instrument.PriceDecimals - book.PriceDecimals));
        var quantityUnit = (long)Instrument.Power(Math.Max(0, book.Instrument.QuantityDecimals - book.QuantityDecimals));
        var isLive = book.Status.State == BookState.Live;
        inbox(new BookImage
        {
            NowNs = nowNs, Exchange = exchange, Instrument = book.Instrument.Id, State = book.Status.State,
            Bids = isLive ? [.. book.Levels.Bids.Select(l => new Level(l.Price * priceUnit, l.Quantity * quantityUnit))] : [],
            Asks = isLive ? [.. book.Levels.Asks.Select(l => new Level(l.Price * priceUnit, l.Quantity * quantityUnit))] : [],
        });
    }

    private void Send(string method, Action<Utf8JsonWriter>? parameters) => _send?.Invoke(Json.Request(method, ++_requests, parameters));

    private sealed class Book(Instrument instrument, Market market)
    {
        public Instrument Instrument { get; } = instrument;
        public Market Market { get; } = market;
        public BookStatus Status { get; } = new();
        public LevelBook Levels { get; } = new();
        public bool IsKnown { get; set; }
        public bool HasSnapshot { get; set; }
        public int PriceDecimals { get; set; }
        public int QuantityDecimals { get; set; }
        public long SubscribedNs { get; set; }      // 0 when not subscribed on this connection
        public long ResubscribeAtNs { get; set; }   // 0 when there is no need
    }
}
