using System.Buffers;
using System.Text.Json;
using Venue.Messages;

namespace LiquidityBridge.Exchanges.CoinbaseFeed;

/// <summary>
/// Orders of Coinbase Exchange: what is posted to REST and what its answers mean, and the user channel. Bytes and time come
/// in; requests and reports go out. No socket inside.
/// </summary>
/// <remarks>
/// The user channel tells matches without their exact fee: when an order is done, REST is asked for its fills
/// (<see cref="FeedQuery"/>), and only then are they and the order's end told.
/// </remarks>
internal sealed class FeedOrders(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally)
{
    private const long SilenceNs = 5_000_000_000;
    private const int OrdersMax = 1024;

    private readonly (Instrument Instrument, Market Market)[] _markets = [.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => (i, m)))];
    private readonly Dictionary<string, string> _ours = [];   // our id by Coinbase's: only the first message of an order names both
    private readonly JsonFrame _frame = new();
    private readonly Queue<FeedQuery> _queries = new();
    private bool _isOpen, _isUp, _wantsClose;
    private long _lastHeardNs, _openedNs;

    /// <summary>The connection is there; <paramref name="seconds"/> is Coinbase's time.</summary>
    public void Open(Action<byte[]> send, FeedKey key, long seconds, long nowNs)
    {
        (_isOpen, _isUp, _wantsClose) = (true, false, false);
        _lastHeardNs = _openedNs = nowNs;
        send(FeedSubscription.Of("subscribe", ["user", "heartbeat"], _markets.Select(m => m.Market.Symbol), key, seconds));
    }

    /// <summary>The connection is gone.</summary>
    public void Lost(string reason, long nowNs)
    {
        _isOpen = false;
        SetUp(false, reason, nowNs);
    }

    /// <summary>Timers. False when the connection is of no use any more and must be closed.</summary>
    public bool Poll(long nowNs) => !_isOpen || !_wantsClose && nowNs - _lastHeardNs <= SilenceNs && (_isUp || nowNs - _openedNs <= SilenceNs);

    /// <summary>The next question about fills that the user channel has told of; null when there is none.</summary>
    public FeedQuery? NextQuery() => _queries.TryDequeue(out var query) ? query : null;

    /// <summary>The body of POST /orders; null, with the refusal told, when it must not be sent.</summary>
    public byte[]? Place(HedgeIntent intent, ILimit limit, long nowNs)
    {
        var uuid = FeedId.ToUuid(intent.ClientId);
        var isTooMany = _isUp && uuid is not null && !limit.TryTake(1, nowNs);
        if (isTooMany) tally.Count(OutsideReason.RateLimited);
        if (!_isUp || uuid is null || isTooMany)
        {
            Report(intent.ClientId, HedgeReportKind.Rejected, nowNs, $"{(!_isUp ? "not connected" : isTooMany ? "too many requests" : "the id is not ours")}: never sent");
            return null;
        }
        var (instrument, market) = Array.Find(_markets, m => m.Instrument.Id == intent.Instrument);
        var bytes = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(bytes))
        {
            w.WriteStartObject();
            w.WriteString("client_oid", uuid);
            w.WriteString("product_id", market.Symbol);
            w.WriteString("side", intent.Side == Side.Buy ? "buy" : "sell");
            w.WriteString("type", "limit");
            w.WriteString("time_in_force", "IOC");
            w.WriteString("size", DecimalText.Trimmed(intent.Quantity, instrument.QuantityDecimals));
            w.WriteString("price", DecimalText.Trimmed(intent.Limit, instrument.PriceDecimals));
            w.WriteEndObject();
        }
        Report(intent.ClientId, HedgeReportKind.Sent, nowNs);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The answer to <see cref="Place"/>.</summary>
    public void OnPlaced(HedgeIntent intent, FeedAnswer answer, long nowNs)
    {
        if (answer.Status == 429) tally.Count(OutsideReason.RateLimited);
        if (answer.Status == 401) tally.Count(OutsideReason.Expired);
        // A 5xx, or an answer that is none: the core's timer makes it unknown, and a question settles it.
        if (!answer.IsGood && !answer.IsRefused) return;
        var isRead = _frame.TryRead(answer.Body, out var fault);
        if (!isRead) tally.Count(fault);
        if (answer.IsRefused) Report(intent.ClientId, HedgeReportKind.Rejected, nowNs, isRead && _frame.Root["message"].Text is { Length: > 0 } words ? words : $"HTTP {answer.Status}");
        else if (!isRead) return;
        else if (_frame.Root["id"].Text.Length > 0) Report(intent.ClientId, HedgeReportKind.Acknowledged, nowNs);
        else tally.Count(OutsideReason.Malformed);
    }

    /// <summary>The answer of GET /accounts.</summary>
    public void OnAccounts(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (!_frame.TryReadList(utf8, out var fault))
        {
            tally.Count(fault);
            return;
        }
        foreach (var account in _frame.Root)
        {
            if (account["currency"].Text is { Length: > 0 } asset && DecimalText.TryAtoms(account["balance"].Digits, Instrument.AmountDecimals, out var atoms))
                inbox(new ExchangeBalance { NowNs = nowNs, Exchange = exchange, Asset = asset, Atoms = atoms });
            else tally.Count(OutsideReason.BadNumber);
        }
    }

    /// <summary>One message of the connection.</summary>
    public void On(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (_wantsClose) return;
        if (!_frame.TryRead(utf8, out var fault))
        {
            tally.Count(fault);
            return;
        }
        _lastHeardNs = nowNs;
        var root = _frame.Root;
        switch (root["type"].Text)
        {
            case "subscriptions":
                foreach (var channel in root["channels"])
                    if (channel["name"].Is("user")) SetUp(true, "", nowNs);
                break;
            case "received": OnReceived(root, nowNs); break;
            case "done": OnDone(root, nowNs); break;
            case "error":
                tally.Count(OutsideReason.Refused);
                _wantsClose = true;
                SetUp(false, $"{root["message"].Text} {root["reason"].Text}", nowNs);
                break;
        }
    }

    private void OnReceived(JsonNode received, long nowNs)
    {
        if (FeedId.FromUuid(received["client_oid"].Text) is not { } clientId || received["order_id"].Text is not { Length: > 0 } orderId) return;
        if (_ours.Count >= OrdersMax) _ours.Clear();
        _ours[orderId] = clientId;
        Report(clientId, HedgeReportKind.Acknowledged, nowNs);
    }

    // An order whose first message was missed is found by the core's question.
    private void OnDone(JsonNode done, long nowNs)
    {
        var (instrument, market) = Array.Find(_markets, m => done["product_id"].Is(m.Market.Symbol));
        if (market is null || !_ours.Remove(done["order_id"].Text, out var clientId)) return;
        _queries.Enqueue(FeedQuery.Order(clientId, done["order_id"].Text, instrument, exchange, inbox, tally));
    }

    private void SetUp(bool isUp, string reason, long nowNs)
    {
        if (_isUp == isUp) return;
        _isUp = isUp;
        inbox(new ExchangeTrading { NowNs = nowNs, Exchange = exchange, IsUp = isUp, Reason = reason });
    }

    private void Report(string clientId, HedgeReportKind kind, long nowNs, string text = "") =>
        inbox(new HedgeReport { NowNs = nowNs, Exchange = exchange, ClientId = clientId, Kind = kind, Text = text });
}
