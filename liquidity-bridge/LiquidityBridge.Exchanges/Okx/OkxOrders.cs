using System.Globalization;
using System.Text.Json;
using Venue.Messages;

namespace LiquidityBridge.Exchanges.Okx;

/// <summary>
/// The private half of OKX's API v5: login, orders, their reports, balances. Bytes and time come in; requests and reports
/// go out. No socket inside.
/// </summary>
/// <remarks>
/// The orders channel has no sequence numbers: a report that is lost is not missed here but by the core's timer, and
/// found by <see cref="OkxQuery"/>. Every order carries an expTime, so that one that was under way cannot arrive later.
/// </remarks>
internal sealed class OkxOrders(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally, OkxKey key, OkxLimits limits)
{
    /// <summary>OKX drops an order that reaches it later than this, nanoseconds.</summary>
    public const long DeadlineNs = 5_000_000_000;

    private const long PingAfterNs = 1_500_000_000, SilenceNs = 5_000_000_000, MsNs = 1_000_000;

    private readonly (Instrument Instrument, Market Market)[] _markets = [.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => (i, m)))];
    private readonly Dictionary<string, long> _codes = [];   // instIdCode by instId
    private readonly JsonFrame _frame = new();
    private Action<byte[]>? _send;
    private long _lastHeardNs, _lastPingNs, _openedNs, _aheadNs;
    private bool _isUp, _wantsClose;

    /// <summary>True once OKX said that it will close this connection (notice 64008).</summary>
    public bool IsEnding { get; private set; }

    /// <summary>The connection is there: log in first.</summary>
    /// <param name="send">Queues one text message.</param>
    /// <param name="instruments">The answer of GET /public/instruments.</param>
    /// <param name="aheadNs">How far OKX's clock is ahead of ours.</param>
    /// <param name="nowNs">Now.</param>
    public void Open(Action<byte[]> send, ReadOnlyMemory<byte> instruments, long aheadNs, long nowNs)
    {
        (_send, _aheadNs) = (send, aheadNs);
        _lastHeardNs = _lastPingNs = _openedNs = nowNs;
        _wantsClose = _isUp = IsEnding = false;
        if (_frame.TryRead(instruments, out var fault)) ReadCodes(_frame.Root["data"]);
        else tally.Count(fault);
        var timestamp = ((nowNs + aheadNs) / 1_000_000_000).ToString(CultureInfo.InvariantCulture);
        Send("login", w =>
        {
            w.WriteString("apiKey", key.ApiKey);
            w.WriteString("passphrase", key.Passphrase);
            w.WriteString("timestamp", timestamp);
            w.WriteString("sign", key.Sign(timestamp + "GET/users/self/verify"));
        });
    }

    /// <summary>The connection is gone.</summary>
    public void Lost(string reason, long nowNs)
    {
        _send = null;
        SetUp(false, reason, nowNs);
    }

    /// <summary>Timers. False when the connection is of no use any more and must be closed.</summary>
    public bool Poll(long nowNs)
    {
        if (_send is null) return true;
        if (_wantsClose || nowNs - _lastHeardNs > SilenceNs || !_isUp && nowNs - _openedNs > SilenceNs) return false;
        if (nowNs - _lastHeardNs > PingAfterNs && nowNs - _lastPingNs > PingAfterNs)
        {
            _lastPingNs = nowNs;
            _send(OkxRequest.Ping);
        }
        return true;
    }

    /// <summary>order, immediate-or-cancel, with a deadline.</summary>
    public void Send(HedgeIntent intent, long nowNs)
    {
        var (instrument, market) = MarketOf(intent);
        var isNamed = OkxRequest.TryClOrdId(intent.ClientId, out var clOrdId);
        var isAllowed = _send is not null && _isUp && isNamed && limits.Orders(market).TryTake(1, nowNs);
        if (!isAllowed)
        {
            if (_isUp && isNamed) tally.Count(OutsideReason.RateLimited);
            Report(intent.ClientId, HedgeReportKind.Rejected, nowNs, text: $"{(!isNamed ? "not an id that OKX takes" : _isUp ? "too many orders" : "not connected")}: never sent");
            return;
        }
        Send("order", w =>
        {
            Name(w, market.Symbol);
            w.WriteString("tdMode", "cash");
            w.WriteString("clOrdId", clOrdId);
            w.WriteString("side", intent.Side == Side.Buy ? "buy" : "sell");
            w.WriteString("ordType", "ioc");
            w.WriteString("sz", Trimmed(DecimalText.Of(intent.Quantity, instrument.QuantityDecimals)));
            w.WriteString("px", Trimmed(DecimalText.Of(intent.Limit, instrument.PriceDecimals)));
        }, clOrdId, (nowNs + _aheadNs + DeadlineNs) / MsNs);
        Report(intent.ClientId, HedgeReportKind.Sent, nowNs);
    }

    /// <summary>cancel-order. One that the rate limit keeps back is asked for again by the core's timer.</summary>
    public void Cancel(HedgeIntent intent, long nowNs)
    {
        var (_, market) = MarketOf(intent);
        if (_send is null || !OkxRequest.TryClOrdId(intent.ClientId, out var clOrdId)) return;
        if (!limits.Cancels(market).TryTake(1, nowNs))
        {
            tally.Count(OutsideReason.RateLimited);
            return;
        }
        Send("cancel-order", w =>
        {
            Name(w, market.Symbol);
            w.WriteString("clOrdId", clOrdId);
        }, clOrdId);
    }

    /// <summary>One message.</summary>
    public void On(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (utf8.Span.SequenceEqual(OkxRequest.Pong))
        {
            _lastHeardNs = nowNs;
            return;
        }
        if (!_frame.TryRead(utf8, out var fault))
        {
            tally.Count(fault);
            return;
        }
        _lastHeardNs = nowNs;
        var root = _frame.Root;
        if (root["event"].Exists) OnEvent(root, nowNs);
        else if (root["op"].Is("order")) OnPlaced(root, nowNs);
        else if (root["arg"]["channel"].Is("orders")) foreach (var order in root["data"]) OnOrder(order, nowNs);
        else if (root["arg"]["channel"].Is("account")) OnAccount(root["data"], nowNs);
    }

    private void OnEvent(JsonNode root, long nowNs)
    {
        switch (root["event"].Text)
        {
            case "login":
                Send("subscribe", w =>
                {
                    w.WriteString("channel", "orders");
                    w.WriteString("instType", "SPOT");
                });
                Send("subscribe", w => w.WriteString("channel", "account"));
                break;
            case "subscribe" when root["arg"]["channel"].Is("orders"):
                SetUp(true, "", nowNs);
                break;
            case "notice" when root["code"].Is("64008"):
                IsEnding = true;
                break;
            case "error" or "channel-conn-count-error":
                // A key that is not good (any more), or a channel that is not ours to have: begin again, later.
                tally.Count(root["code"].Is("60014") ? OutsideReason.RateLimited : OutsideReason.Refused);
                SetUp(false, $"{root["code"].Text} {root["msg"].Text}", nowNs);
                _wantsClose = true;
                break;
        }
    }

    private void OnPlaced(JsonNode root, long nowNs)
    {
        var clientId = OkxRequest.ClientId(root["id"].Text);
        if (clientId.Length == 0) return;
        var data = root["data"][0];
        var (code, text) = data.Exists ? (data["sCode"].Text, data["sMsg"].Text) : (root["code"].Text, root["msg"].Text);
        switch (code)
        {
            case "0":
                Report(clientId, HedgeReportKind.Acknowledged, nowNs);
                return;
            // OKX could not say what became of it: the core's timer makes it unknown, and a question settles it.
            case "50001" or "50004" or "50013" or "50026" or "51054" or "51149" or "63999" or "64007" or "":
                return;
            case "50011" or "50061" or "60014":
                tally.Count(OutsideReason.RateLimited);
                break;
            case "60011":
                tally.Count(OutsideReason.Expired);
                _wantsClose = true;
                break;
        }
        Report(clientId, HedgeReportKind.Rejected, nowNs, text: $"{code} {text}");
    }

    private void OnOrder(JsonNode order, long nowNs)
    {
        var (instrument, market) = Array.Find(_markets, m => order["instId"].Is(m.Market.Symbol));
        if (market is null) return;
        var clientId = OkxRequest.ClientId(order["clOrdId"].Text);
        if (order["tradeId"].Text.Length > 0 && OkxFill.Read(order, "fillFee", clientId.Length > 0 ? clientId : order["ordId"].Text, instrument, exchange, tally, nowNs) is { } fill) inbox(fill);
        if (clientId.Length == 0) return;
        switch (order["state"].Text)
        {
            case "live":
                Report(clientId, HedgeReportKind.Acknowledged, nowNs);
                break;
            case "filled" or "canceled" or "mmp_canceled":
                if (DecimalText.TryScaled(order["accFillSz"].Digits, instrument.QuantityDecimals, out var cum)) Report(clientId, HedgeReportKind.Canceled, nowNs, cum, order["cancelSource"].Text);
                else tally.Count(OutsideReason.BadNumber, instrument.Id);
                break;
        }
    }

    private void OnAccount(JsonNode data, long nowNs)
    {
        foreach (var detail in data[0]["details"])
        {
            if (detail["ccy"].Text is { Length: > 0 } asset && DecimalText.TryAtoms(detail["cashBal"].Digits, Instrument.AmountDecimals, out var atoms))
                inbox(new ExchangeBalance { NowNs = nowNs, Exchange = exchange, Asset = asset, Atoms = atoms });
            else tally.Count(OutsideReason.BadNumber);
        }
    }

    private void ReadCodes(JsonNode data)
    {
        foreach (var instrument in data)
            foreach (var (_, market) in _markets)
                if (instrument["instId"].Is(market.Symbol) && instrument["instIdCode"].TryLong(out var code)) _codes[market.Symbol] = code;
    }

    // docs-v5, "WS / Place order": the code instead of the name; some instruments have none yet.
    private void Name(Utf8JsonWriter w, string symbol)
    {
        if (_codes.TryGetValue(symbol, out var code)) w.WriteNumber("instIdCode", code);
        else w.WriteString("instId", symbol);
    }

    private (Instrument Instrument, Market Market) MarketOf(HedgeIntent intent) => Array.Find(_markets, m => m.Instrument.Id == intent.Instrument);

    private void SetUp(bool isUp, string reason, long nowNs)
    {
        if (_isUp == isUp) return;
        _isUp = isUp;
        inbox(new ExchangeTrading { NowNs = nowNs, Exchange = exchange, IsUp = isUp, Reason = reason });
    }

    private void Report(string clientId, HedgeReportKind kind, long nowNs, long cum = 0, string text = "") =>
        inbox(new HedgeReport { NowNs = nowNs, Exchange = exchange, ClientId = clientId, Kind = kind, Cum = cum, Text = text });

    private void Send(string op, Action<Utf8JsonWriter> argument, string? id = null, long expireMs = 0) => _send?.Invoke(OkxRequest.Of(op, w =>
    {
        w.WriteStartObject();
        argument(w);
        w.WriteEndObject();
    }, id, expireMs));

    private static string Trimmed(string text) => text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
}
