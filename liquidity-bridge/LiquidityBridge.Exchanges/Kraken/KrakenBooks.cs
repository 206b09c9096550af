using System.Text.Json;
using Venue.Messages;

namespace LiquidityBridge.Exchanges.Kraken;

/// <summary>
/// The public half of Kraken's WebSocket API v2: instrument precisions, trades, and books, each proven by its checksum.
/// Bytes and time come in; requests and book images go out. No socket inside.
/// </summary>
internal sealed class KrakenBooks
{
    /// <summary>Levels subscribed; the checksum covers ten whatever the depth.</summary>
    public const int Depth = 25;

    /// <summary>Without any message for so long the connection is given up, nanoseconds. Kraken sends a heartbeat each second.</summary>
    public const long SilenceNs = 5_000_000_000;

    private const long HeardEveryNs = 500_000_000;
    private const long PingEveryNs = 15_000_000_000;

    private readonly int _exchange;
    private readonly Inbox _inbox;
    private readonly Tally _tally;
    private readonly Subscriptions<SubscribedBook> _subscriptions;
    private readonly JsonFrame _frame = new();
    private Action<byte[]>? _send;
    private long _requests, _lastHeardNs, _toldHeardNs, _lastPingNs;

    /// <summary>For one connection.</summary>
    public KrakenBooks(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally)
    {
        (_exchange, _inbox, _tally) = (exchange, inbox, tally);
        _subscriptions = new([.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => new SubscribedBook(i, m, Depth, inbox, tally)))], Subscribe);
    }

    /// <summary>Set when the exchange itself says that it is not online.</summary>
    public bool IsOnline { get; private set; } = true;

    /// <summary>A connection is attempted.</summary>
    public void Connecting(long nowNs) => _subscriptions.Move(BookEvent.Connecting, OutsideReason.None, nowNs);

    /// <summary>The connection is there: precisions first, books when those are known.</summary>
    public void Open(Action<byte[]> send, long nowNs)
    {
        _send = send;
        _lastHeardNs = _lastPingNs = nowNs;
        IsOnline = true;
        foreach (var book in _subscriptions.All) book.IsKnown = false;
        _subscriptions.Move(BookEvent.Subscribed, OutsideReason.None, nowNs);
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
        _subscriptions.Move(BookEvent.Lost, OutsideReason.Lost, nowNs);
    }

    /// <summary>One message. What is not understood is passed over; what is no message is counted; what does not prove itself voids the book.</summary>
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
        var channel = root["channel"];
        if (channel.Is("book")) OnBook(root, nowNs);
        else if (channel.Is("trade")) OnTrades(root, nowNs);
        else if (channel.Is("instrument")) OnInstruments(root, nowNs);
        else if (channel.Is("status")) OnStatus(root, nowNs);
        else if (root["method"].Is("subscribe") && !root["success"].IsTrue && _subscriptions.Find(root["symbol"]) is { } book) _subscriptions.Void(book, OutsideReason.Refused, nowNs);
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
        _subscriptions.Poll(nowNs);
        return true;
    }

    private void OnStatus(JsonNode root, long nowNs)
    {
        foreach (var data in root["data"])
        {
            var system = data["system"].Text;
            if (system.Length == 0 || system == "online" == IsOnline) continue;
            IsOnline = system == "online";
            foreach (var book in _subscriptions.All)
                if (book.IsKnown) Halt(book, !IsOnline, nowNs);
        }
    }

    private void OnInstruments(JsonNode root, long nowNs)
    {
        foreach (var pair in root["data"]["pairs"])
        {
            if (_subscriptions.Find(pair["symbol"]) is not { } book) continue;
            if (!pair["price_precision"].TryLong(out var price) || !pair["qty_precision"].TryLong(out var quantity)) continue;
            var changed = !book.IsKnown || book.PriceDecimals != price || book.QuantityDecimals != quantity;
            book.IsKnown = true;
            if (!book.SetDecimals(price, quantity) || !Fits(book, pair))
            {
                book.Move(BookEvent.Misfit, OutsideReason.Misfit, nowNs);
                continue;
            }
            if (changed) _subscriptions.Subscribe(book, nowNs);
            Halt(book, pair["status"].Text is not ("online" or "") || !IsOnline, nowNs);
        }
        if (!root["type"].Is("snapshot")) return;
        foreach (var book in _subscriptions.All)
            if (!book.IsKnown) book.Move(BookEvent.Misfit, OutsideReason.Misfit, nowNs);   // not traded there
    }

    /// <summary>The configured steps and smallest order are those that Kraken says.</summary>
    private static bool Fits(SubscribedBook book, JsonNode pair)
    {
        var (i, m) = (book.Instrument, book.Market);
        return DecimalText.TryScaled(pair["price_increment"].Digits, i.PriceDecimals, out var tick) && tick > 0 && m.Tick % tick == 0
            && DecimalText.TryScaled(pair["qty_increment"].Digits, i.QuantityDecimals, out var lot) && lot > 0 && m.Lot % lot == 0
            && DecimalText.TryScaled(pair["qty_min"].Digits, i.QuantityDecimals, out var min) && m.Min >= min;
    }

    private void Halt(SubscribedBook book, bool halted, long nowNs)
    {
        if (halted == (book.State == BookState.Suspended)) return;
        book.Move(halted ? BookEvent.Halted : BookEvent.Resumed, halted ? OutsideReason.Halted : OutsideReason.None, nowNs);
        if (!halted) _subscriptions.Subscribe(book, nowNs);
    }

    private void OnTrades(JsonNode root, long nowNs)
    {
        // The last of the message is the newest.
        foreach (var data in root["data"])
        {
            if (_subscriptions.Find(data["symbol"]) is not { } book) continue;
            book.Traded(data["price"].Digits, data["qty"].Digits, data["side"].Is("buy") ? Side.Buy : Side.Sell, nowNs);
        }
    }

    private void OnBook(JsonNode root, long nowNs)
    {
        var isSnapshot = root["type"].Is("snapshot");
        foreach (var data in root["data"])
        {
            if (_subscriptions.Find(data["symbol"]) is not { IsKnown: true } book) continue;
            // Between the mismatch and the new snapshot updates still come of the old subscription.
            if (!isSnapshot && !book.HasSnapshot) continue;
            if (isSnapshot) book.Levels.Clear();
            book.HasSnapshot = true;
            if (!Read(book, data["bids"], isBid: true) || !Read(book, data["asks"], isBid: false))
            {
                _subscriptions.Void(book, OutsideReason.BadNumber, nowNs);
                continue;
            }
            // docs.kraken.com, "Book": no removal is sent for levels that better ones push out of the subscribed depth.
            book.Levels.Truncate(Depth);
            if (!data["checksum"].TryLong(out var checksum) || checksum != KrakenChecksum.Of(book.Levels)) _subscriptions.Void(book, OutsideReason.Checksum, nowNs);
            else if (!book.Prove(nowNs)) _subscriptions.Renew(book, nowNs);
        }
    }

    private static bool Read(SubscribedBook book, JsonNode levels, bool isBid)
    {
        foreach (var level in levels)
            if (!book.Set(isBid, level["price"].Digits, level["qty"].Digits)) return false;
        return true;
    }

    private void Subscribe(SubscribedBook book, bool isAgain)
    {
        if (isAgain)
        {
            Send("unsubscribe", w => Channel(w, book, "book"));
        }
        else
        {
            Send("subscribe", w =>
            {
                Channel(w, book, "trade");
                w.WriteBoolean("snapshot", false);
            });
        }
        Send("subscribe", w =>
        {
            Channel(w, book, "book");
            w.WriteBoolean("snapshot", true);
        });
    }

    private static void Channel(Utf8JsonWriter w, SubscribedBook book, string channel)
    {
        w.WriteString("channel", channel);
        w.WriteStartArray("symbol");
        w.WriteStringValue(book.Market.Symbol);
        w.WriteEndArray();
        if (channel == "book") w.WriteNumber("depth", Depth);
    }

    private void Send(string method, Action<Utf8JsonWriter>? parameters) => _send?.Invoke(KrakenRequest.Of(method, ++_requests, parameters));
}
