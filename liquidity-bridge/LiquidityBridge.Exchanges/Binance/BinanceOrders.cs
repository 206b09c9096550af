using System.Globalization;
using Venue.Messages;

namespace LiquidityBridge.Exchanges.Binance;

/// <summary>
/// Binance's WebSocket API: orders, and the user data stream with their reports. Bytes and time come in; requests and
/// reports go out. No socket inside.
/// </summary>
/// <remarks>
/// Every request carries a timestamp that is good for recvWindow: an order that was under way when its connection broke
/// cannot trade later than that. What became of one is asked by its own id (order.status), and its fills by the
/// exchange's (myTrades). The stream has no sequence numbers: an order that stays silent is asked about by the core.
/// </remarks>
internal sealed partial class BinanceOrders(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally, BinanceSigner signer, BinanceWeight weight, BinanceOrderLimits limits)
{
    /// <summary>Binance refuses what reaches it later than this after its timestamp, milliseconds.</summary>
    public const long WindowMs = 5000;

    private const long MsNs = 1_000_000;
    private const long SilenceNs = 5_000_000_000, PingAfterNs = 1_500_000_000, SetUpNs = 5_000_000_000;
    private const int IdMax = 36;
    private const int PlaceWeight = 1, CancelWeight = 1, StatusWeight = 4, TradesWeight = 20, AccountWeight = 20, SessionWeight = 2;

    private readonly Dictionary<string, (Instrument Instrument, Market Market)> _markets = instruments
        .SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => (i, m)))
        .ToDictionary(x => x.m.Symbol);

    private readonly Dictionary<long, Asked> _asked = [];
    private readonly JsonFrame _frame = new();
    private Action<byte[]>? _send;
    private long _requests, _lastHeardNs, _pingedNs, _openedNs, _aheadNs;
    private bool _isUp, _isLoggedOn, _wantsClose;

    private enum Ask : byte
    {
        Time, Logon, Subscribe, Account, Ping, Place, Cancel, Status, Trades,
    }

    /// <summary>A request that is not answered yet.</summary>
    private readonly record struct Asked(Ask Ask, HedgeIntent? Intent, long AtNs, long Cum = 0, bool IsOpen = false);

    /// <summary>The exchange has said that it will close this connection.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>The connection is there: first the exchange's clock, then who we are.</summary>
    public void Open(Action<byte[]> send, long nowNs)
    {
        _send = send;
        _lastHeardNs = _pingedNs = _openedNs = nowNs;
        _isUp = _isLoggedOn = _wantsClose = IsEnding = false;
        Send(Ask.Time, new BinanceRequest("time"), 1, nowNs);
    }

    /// <summary>The connection is gone.</summary>
    public void Lost(string reason, long nowNs)
    {
        _send = null;
        _asked.Clear();   // the core asks again
        SetUp(false, reason, nowNs);
    }

    /// <summary>Timers. False when the connection is of no use any more and must be closed.</summary>
    public bool Poll(long nowNs)
    {
        if (_send is null) return true;
        if (_wantsClose || nowNs - _lastHeardNs > SilenceNs || !_isUp && nowNs - _openedNs > SetUpNs) return false;
        if (nowNs - Math.Max(_lastHeardNs, _pingedNs) > PingAfterNs)
        {
            _pingedNs = nowNs;
            Send(Ask.Ping, new BinanceRequest("ping"), 1, nowNs);
        }
        return true;
    }

    /// <summary>order.place, immediate-or-cancel.</summary>
    public void Send(HedgeIntent intent, long nowNs)
    {
        var (instrument, market) = MarketOf(intent);
        var why = _send is null || !_isUp ? "not connected" : intent.ClientId.Length > IdMax ? "id too long" : null;
        if (why is null && !(limits.TryTake(nowNs) && weight.TryTake(PlaceWeight, nowNs)))
        {
            tally.Count(OutsideReason.RateLimited);
            why = "too many orders";
        }
        if (why is not null)
        {
            Report(intent.ClientId, HedgeReportKind.Rejected, nowNs, text: $"{why}: never sent");
            return;
        }
        var request = new BinanceRequest("order.place")
            .With("symbol", market.Symbol).With("side", intent.Side == Side.Buy ? "BUY" : "SELL").With("type", "LIMIT").With("timeInForce", "IOC")
            .With("quantity", Number(intent.Quantity, instrument.QuantityDecimals)).With("price", Number(intent.Limit, instrument.PriceDecimals))
            .With("newClientOrderId", intent.ClientId).With("newOrderRespType", "ACK");
        Send(Ask.Place, Secured(request, nowNs), 0, nowNs, intent);
        Report(intent.ClientId, HedgeReportKind.Sent, nowNs);
    }

    /// <summary>order.cancel.</summary>
    public void Cancel(HedgeIntent intent, long nowNs) => Named("order.cancel", Ask.Cancel, CancelWeight, intent, nowNs);

    /// <summary>order.status, and myTrades when something was filled.</summary>
    public void Query(HedgeIntent intent, long nowNs) => Named("order.status", Ask.Status, StatusWeight, intent, nowNs);

    /// <summary>One message.</summary>
    public void On(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (!_frame.TryRead(utf8, out var fault))
        {
            tally.Count(fault);
            return;
        }
        _lastHeardNs = nowNs;
        var root = _frame.Root;
        if (root["event"] is { IsObject: true } told)
        {
            OnEvent(told, nowNs);
            return;
        }
        if (!root["id"].TryLong(out var id) || !_asked.Remove(id, out var asked)) return;
        foreach (var limit in root["rateLimits"]) OnUsed(limit, nowNs);
        if (root["status"].TryLong(out var status) && status == 200) OnResult(asked, root["result"], nowNs);
        else OnError(asked, status, root["error"], nowNs);
    }

    private void OnUsed(JsonNode limit, long nowNs)
    {
        if (!limit["count"].TryLong(out var count)) return;
        if (limit["rateLimitType"].Is("REQUEST_WEIGHT")) weight.OnUsed((int)count, nowNs);
        else if (limit["rateLimitType"].Is("ORDERS")) limits.OnUsed(limit["interval"].Is("DAY"), (int)count, nowNs);
    }

    private void OnResult(Asked asked, JsonNode result, long nowNs)
    {
        switch (asked.Ask)
        {
            case Ask.Time:
                if (!result["serverTime"].TryLong(out var ms)) break;
                // Half of the way there and back is the best guess of when it was said.
                _aheadNs = ms * MsNs - (asked.AtNs + nowNs) / 2;
                if (_isUp) break;
                if (signer.OpensSessions) Send(Ask.Logon, Stamped(new BinanceRequest("session.logon"), nowNs).Signed(signer), SessionWeight, nowNs);
                else Subscribe(nowNs);
                break;
            case Ask.Logon:
                _isLoggedOn = true;
                Subscribe(nowNs);
                break;
            case Ask.Subscribe:
                SetUp(true, "", nowNs);
                Send(Ask.Account, Secured(new BinanceRequest("account.status"), nowNs), AccountWeight, nowNs);
                break;
            case Ask.Account:
                foreach (var balance in result["balances"]) OnBalance(balance["asset"], balance["free"], nowNs);
                break;
            case Ask.Place:
                Report(asked.Intent!.ClientId, HedgeReportKind.Acknowledged, nowNs);
                break;
            case Ask.Status:
                OnStatus(asked.Intent!, result, nowNs);
                break;
            case Ask.Trades:
                OnTrades(asked, result, nowNs);
                break;
        }
    }

    private void OnError(Asked asked, long status, JsonNode error, long nowNs)
    {
        error["code"].TryLong(out var code);
        var text = $"{code} {error["msg"].Text}";
        switch (code)
        {
            case -1003 or -1015:
                tally.Count(OutsideReason.RateLimited);
                if (error["data"]["retryAfter"].TryLong(out var untilMs)) weight.Hold(untilMs * MsNs - _aheadNs);
                break;
            case -1021:
                // Our clock, or theirs: asked anew before anything else is sent.
                tally.Count(OutsideReason.Expired);
                Send(Ask.Time, new BinanceRequest("time"), 1, nowNs);
                break;
            case -1022 or -2014 or -2015:
                tally.Count(OutsideReason.Refused);
                _wantsClose = true;
                break;
        }
        switch (asked.Ask)
        {
            case Ask.Logon or Ask.Subscribe:
                if (code == -1021) _isUp = false;
                else _wantsClose = true;
                break;
            // errors.md: after -1006, -1007 and every 5xx nobody knows; and a name that is taken is perhaps ours. The core asks.
            case Ask.Place when status is >= 500 or 0 || code is -1006 or -1007 || code == -2010 && text.Contains("Duplicate", StringComparison.Ordinal):
                break;
            case Ask.Place:
                Report(asked.Intent!.ClientId, HedgeReportKind.Rejected, nowNs, text: text);
                break;
            case Ask.Status when code == -2013:
                Report(asked.Intent!.ClientId, HedgeReportKind.Gone, nowNs);
                break;
        }
    }

    private void Subscribe(long nowNs)
    {
        var request = _isLoggedOn ? new BinanceRequest("userDataStream.subscribe") : Stamped(new BinanceRequest("userDataStream.subscribe.signature"), nowNs).Signed(signer);
        if (_isLoggedOn) Stamped(request, nowNs);
        Send(Ask.Subscribe, request, SessionWeight, nowNs);
    }

    private void Named(string method, Ask ask, int cost, HedgeIntent intent, long nowNs)
    {
        if (_send is null || !_isUp) return;
        Send(ask, Secured(new BinanceRequest(method).With("symbol", MarketOf(intent).Market.Symbol).With("origClientOrderId", intent.ClientId), nowNs), cost, nowNs, intent);
    }

    /// <summary>The time as the exchange has it.</summary>
    private BinanceRequest Stamped(BinanceRequest request, long nowNs) => request.With("timestamp", (nowNs + _aheadNs) / MsNs).With("recvWindow", WindowMs);

    /// <summary>A session that is logged on needs the time alone.</summary>
    private BinanceRequest Secured(BinanceRequest request, long nowNs) => _isLoggedOn ? Stamped(request, nowNs) : Stamped(request, nowNs).Signed(signer);

    private void Send(Ask ask, BinanceRequest request, int cost, long nowNs, HedgeIntent? intent = null, long cum = 0, bool isOpen = false)
    {
        if (cost > 0 && !weight.TryTake(cost, nowNs))
        {
            tally.Count(OutsideReason.RateLimited);
            return;
        }
        _asked[++_requests] = new Asked(ask, intent, nowNs, cum, isOpen);
        _send?.Invoke(request.Bytes(_requests));
    }

    private void SetUp(bool isUp, string reason, long nowNs)
    {
        if (_isUp == isUp) return;
        _isUp = isUp;
        inbox(new ExchangeTrading { NowNs = nowNs, Exchange = exchange, IsUp = isUp, Reason = reason });
    }

    private void Report(string clientId, HedgeReportKind kind, long nowNs, long cum = 0, string text = "") =>
        inbox(new HedgeReport { NowNs = nowNs, Exchange = exchange, ClientId = clientId, Kind = kind, Cum = cum, Text = text });

    private (Instrument Instrument, Market Market) MarketOf(HedgeIntent intent) => (instruments[intent.Instrument], instruments[intent.Instrument].Markets.First(m => m.Exchange == exchange));

    // 10.0 and 10 are the same number: digits that the exchange's step does not have are zeros.
    private static string Number(long units, int decimals)
    {
        var text = DecimalText.Of(units, decimals);
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }
}
