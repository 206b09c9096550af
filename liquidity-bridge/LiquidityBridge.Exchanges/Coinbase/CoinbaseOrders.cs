using System.Buffers;
using System.Text.Json;
using Venue.Messages;

namespace LiquidityBridge.Exchanges.Coinbase;

/// <summary>
/// Orders of Advanced Trade: what is posted to REST and what its answers mean, and the user channel. Bytes and time come in;
/// requests and reports go out. No socket inside.
/// </summary>
/// <remarks>
/// The user channel tells how much of an order is filled, not by which fills: for those REST is asked
/// (<see cref="CoinbaseQuery"/>), and only then are they and the order's end told.
/// </remarks>
internal sealed class CoinbaseOrders(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally)
{
    private const long SilenceNs = 5_000_000_000;
    private const int ClientIdMax = 36;

    private readonly (Instrument Instrument, Market Market)[] _markets = [.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => (i, m)))];
    private readonly JsonFrame _frame = new();
    private readonly Queue<CoinbaseQuery> _queries = new();
    private bool _isOpen, _isUp, _wantsClose;
    private long _next, _lastHeardNs, _openedNs;

    /// <summary>The user channel's connection is there; <paramref name="token"/> is for its one private subscription.</summary>
    public void Open(Action<byte[]> send, string token, long nowNs)
    {
        (_isOpen, _isUp, _wantsClose, _next) = (true, false, false, 0);
        _lastHeardNs = _openedNs = nowNs;
        send(CoinbaseSubscription.Of("subscribe", "heartbeats", []));
        send(CoinbaseSubscription.Of("subscribe", "user", _markets.Select(m => m.Market.Symbol), token));
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
    public CoinbaseQuery? NextQuery() => _queries.TryDequeue(out var query) ? query : null;

    /// <summary>The body of POST /orders; null, with the refusal told, when it must not be sent.</summary>
    public byte[]? Place(HedgeIntent intent, ILimit limit, long nowNs)
    {
        var why = !_isUp ? "not connected" : intent.ClientId.Length > ClientIdMax ? "id too long" : !limit.TryTake(1, nowNs) ? "too many requests" : null;
        if (why is not null)
        {
            if (why == "too many requests") tally.Count(OutsideReason.RateLimited);
            Report(intent.ClientId, HedgeReportKind.Rejected, nowNs, text: $"{why}: never sent");
            return null;
        }
        var (instrument, market) = Array.Find(_markets, m => m.Instrument.Id == intent.Instrument);
        var bytes = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(bytes))
        {
            w.WriteStartObject();
            w.WriteString("client_order_id", intent.ClientId);
            w.WriteString("product_id", market.Symbol);
            w.WriteString("side", intent.Side == Side.Buy ? "BUY" : "SELL");
            w.WriteStartObject("order_configuration");
            w.WriteStartObject("sor_limit_ioc");
            w.WriteString("base_size", DecimalText.Trimmed(intent.Quantity, instrument.QuantityDecimals));
            w.WriteString("limit_price", DecimalText.Trimmed(intent.Limit, instrument.PriceDecimals));
            w.WriteEndObject();
            w.WriteEndObject();
            w.WriteEndObject();
        }
        Report(intent.ClientId, HedgeReportKind.Sent, nowNs);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The answer to <see cref="Place"/>.</summary>
    public void OnPlaced(HedgeIntent intent, CoinbaseAnswer answer, long nowNs)
    {
        if (answer.Status == 429) tally.Count(OutsideReason.RateLimited);
        if (answer.Status == 401) tally.Count(OutsideReason.Expired);
        if (answer.IsRefused)
        {
            Report(intent.ClientId, HedgeReportKind.Rejected, nowNs, text: $"HTTP {answer.Status}");
            return;
        }
        // A 5xx, or an answer that is none: the core's timer makes it unknown, and a question settles it.
        if (!answer.IsGood) return;
        if (!_frame.TryRead(answer.Body, out var fault)) tally.Count(fault);
        else if (_frame.Root["success"].IsTrue) Report(intent.ClientId, HedgeReportKind.Acknowledged, nowNs);
        else if (_frame.Root["error_response"]["error"].Text is { Length: > 0 } error) Report(intent.ClientId, HedgeReportKind.Rejected, nowNs, text: error);
        else tally.Count(OutsideReason.Malformed);
    }

    /// <summary>The body of POST /orders/batch_cancel.</summary>
    public static byte[] Cancel(string orderId)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(bytes))
        {
            w.WriteStartObject();
            w.WriteStartArray("order_ids");
            w.WriteStringValue(orderId);
            w.WriteEndArray();
            w.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The answer of GET /accounts.</summary>
    public void OnAccounts(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (!_frame.TryRead(utf8, out var fault))
        {
            tally.Count(fault);
            return;
        }
        foreach (var account in _frame.Root["accounts"])
        {
            if (account["currency"].Text is { Length: > 0 } asset && DecimalText.TryAtoms(account["available_balance"]["value"].Digits, Instrument.AmountDecimals, out var free)
                && DecimalText.TryAtoms(account["hold"]["value"].Digits, Instrument.AmountDecimals, out var held))
                inbox(new ExchangeBalance { NowNs = nowNs, Exchange = exchange, Asset = asset, Atoms = free + held });
            else tally.Count(OutsideReason.BadNumber);
        }
    }

    /// <summary>One message of the user channel's connection.</summary>
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
        if (root["type"].Is("error"))
        {
            tally.Count(OutsideReason.Refused);
            Break(root["message"].Text, nowNs);
            return;
        }
        if (!root["sequence_num"].TryLong(out var number) || number != _next)
        {
            // What was told is still true; what was not told is found by the core's questions.
            tally.Count(OutsideReason.Gap);
            Break($"sequence_num {number} instead of {_next}", nowNs);
            return;
        }
        _next++;
        if (!root["channel"].Is("user")) return;
        foreach (var change in root["events"])
        {
            foreach (var order in change["orders"]) OnOrder(order, nowNs);
            SetUp(true, "", nowNs);
        }
    }

    private void OnOrder(JsonNode order, long nowNs)
    {
        var (instrument, market) = Array.Find(_markets, m => order["product_id"].Is(m.Market.Symbol));
        var (clientId, orderId) = (order["client_order_id"].Text, order["order_id"].Text);
        if (market is null || clientId.Length == 0 || orderId.Length == 0) return;
        if (CoinbaseQuery.IsOver(order["status"]) is not { } isOver || !DecimalText.TryScaled(order["cumulative_quantity"].Digits, instrument.QuantityDecimals, out var cum) || cum < 0)
        {
            tally.Count(OutsideReason.BadNumber, instrument.Id);
            return;
        }
        if (isOver && cum > 0) _queries.Enqueue(CoinbaseQuery.Fills(clientId, orderId, cum, instrument, exchange, inbox, tally));
        else Report(clientId, isOver ? HedgeReportKind.Canceled : HedgeReportKind.Acknowledged, nowNs);
    }

    private void Break(string reason, long nowNs)
    {
        _wantsClose = true;
        SetUp(false, reason, nowNs);
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
