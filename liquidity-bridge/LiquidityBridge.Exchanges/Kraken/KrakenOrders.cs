using System.Globalization;
using System.Text;
using System.Text.Json;
using Venue.Messages;

namespace LiquidityBridge.Exchanges.Kraken;

/// <summary>
/// The private half of Kraken's WebSocket API v2: orders, their executions, and what became of an order. Bytes and time
/// come in; requests and reports go out. No socket inside.
/// </summary>
/// <remarks>
/// What happened while nobody listened is found in the snapshot of the executions channel: the open orders and the last
/// 50 trades. When those 50 reach back to before the order was sent, an order that is neither open nor among them with
/// more is over. Every order carries a deadline, so that one that was under way can no longer arrive later.
/// </remarks>
internal sealed partial class KrakenOrders(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally, DecayingLimit limit)
{
    /// <summary>docs.kraken.com, "Trading rate limits": the counter's bound of an intermediate account, unless the executions channel says another.</summary>
    public const int CounterMax = 125;

    /// <summary>How far the counter falls each second, in thousandths.</summary>
    public const int CounterDecayMilli = 2340;

    /// <summary>Kraken drops an order that reaches its engine later than this, nanoseconds.</summary>
    public const long DeadlineNs = 5_000_000_000;

    private const long SilenceNs = 5_000_000_000;
    private const long PingEveryNs = 15_000_000_000;
    private const long SnapshotEveryNs = 1_000_000_000;
    private const int SnapshotTrades = 50;
    private const long ClockMarginNs = 60_000_000_000;
    private const int RequestsMax = 1024;
    private const int ClientIdMax = 18;   // docs.kraken.com, "cl_ord_id": free text
    private const int AddWeight = 1;
    private const int CancelWeight = 8;   // of an order younger than 5 s, as ours are

    private readonly Dictionary<string, (Instrument Instrument, Market Market)> _markets = instruments
        .SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => (i, m)))
        .ToDictionary(x => x.m.Symbol);

    private readonly Dictionary<long, string> _requests = [];       // add_order by req_id
    private readonly Queue<long> _requestsByAge = new();
    private readonly Dictionary<string, HedgeIntent> _asked = [];   // to be answered by the next snapshot
    private readonly JsonFrame _frame = new();
    private Action<byte[]>? _send;
    private string _token = "";
    private long _lastRequest, _lastHeardNs, _lastPingNs, _snapshotAskedNs;
    private long _nextSequence, _nextBalance;
    private long _aheadNs;   // how far Kraken's clock is ahead of ours, as its last answer says: too little by the answer's way, never too much
    private int _counterMax = CounterMax;
    private bool _isUp, _wantsClose, _isSnapshotComing;

    /// <summary>The connection is there.</summary>
    public void Open(Action<byte[]> send, string token, long nowNs)
    {
        _send = send;
        _token = token;
        _lastHeardNs = _lastPingNs = nowNs;
        _wantsClose = _isUp = false;
        _isSnapshotComing = false;
        _snapshotAskedNs = 0;
        AskSnapshot(nowNs);
        Send("subscribe", w =>
        {
            w.WriteString("channel", "balances");
            w.WriteBoolean("snapshot", true);
            w.WriteString("token", _token);
        });
    }

    /// <summary>The connection is gone.</summary>
    public void Lost(string reason, long nowNs)
    {
        _send = null;
        _requests.Clear();
        _requestsByAge.Clear();
        _asked.Clear();   // the core asks again
        SetUp(false, reason, nowNs);
    }

    /// <summary>Timers. False when the connection is of no use any more and must be closed.</summary>
    public bool Poll(long nowNs)
    {
        if (_send is null) return true;
        if (_wantsClose || nowNs - _lastHeardNs > SilenceNs || _isSnapshotComing && nowNs - _snapshotAskedNs > SilenceNs) return false;
        if (nowNs - _lastPingNs > PingEveryNs)
        {
            _lastPingNs = nowNs;
            Send("ping", null);
        }
        if (_asked.Count > 0) AskSnapshot(nowNs);
        return true;
    }

    /// <summary>add_order, immediate-or-cancel, with a deadline.</summary>
    public void Send(HedgeIntent intent, long nowNs)
    {
        var why = _send is null || !_isUp ? "not connected" : intent.ClientId.Length > ClientIdMax ? "id too long" : !limit.TryTake(AddWeight, nowNs) ? "too many orders" : null;
        if (why is not null)
        {
            if (why == "too many orders") tally.Count(OutsideReason.RateLimited);
            Report(intent.ClientId, HedgeReportKind.Rejected, nowNs, text: $"{why}: never sent");
            return;
        }
        var instrument = instruments[intent.Instrument];
        var market = instrument.Markets.First(m => m.Exchange == exchange);
        _requests[_lastRequest + 1] = intent.ClientId;
        _requestsByAge.Enqueue(_lastRequest + 1);
        if (_requestsByAge.Count > RequestsMax) _requests.Remove(_requestsByAge.Dequeue());
        Send("add_order", w =>
        {
            w.WriteString("order_type", "limit");
            w.WriteString("side", intent.Side == Side.Buy ? "buy" : "sell");
            Number(w, "order_qty", intent.Quantity, instrument.QuantityDecimals);
            w.WriteString("symbol", market.Symbol);
            Number(w, "limit_price", intent.Limit, instrument.PriceDecimals);
            w.WriteString("time_in_force", "ioc");
            w.WriteString("cl_ord_id", intent.ClientId);
            w.WriteString("deadline", Time(nowNs + _aheadNs + DeadlineNs));
            w.WriteString("token", _token);
        });
        Report(intent.ClientId, HedgeReportKind.Sent, nowNs);
    }

    /// <summary>cancel_order. One that the rate limit keeps back is asked for again by the core's timer.</summary>
    public void Cancel(HedgeIntent intent, long nowNs)
    {
        if (!limit.TryTake(CancelWeight, nowNs))
        {
            tally.Count(OutsideReason.RateLimited);
            return;
        }
        Send("cancel_order", w =>
        {
            w.WriteStartArray("cl_ord_id");
            w.WriteStringValue(intent.ClientId);
            w.WriteEndArray();
            w.WriteString("token", _token);
        });
    }

    /// <summary>Answered from the next snapshot.</summary>
    public void Query(HedgeIntent intent, long nowNs)
    {
        if (_send is null) return;
        _asked[intent.ClientId] = intent;
        AskSnapshot(nowNs);
    }

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
        if (root["time_out"].Exists && TimeNs(root["time_out"]) is > 0 and var theirNs) _aheadNs = theirNs - nowNs;
        if (root["channel"].Is("executions")) OnExecutions(root, nowNs);
        else if (root["channel"].Is("balances")) OnBalances(root, nowNs);
        else if (root["method"].Is("add_order")) OnAddOrder(root, nowNs);
        else if (root["method"].Is("subscribe") && root["success"].IsTrue)
        {
            if (root["result"]["maxratecount"].TryLong(out var most) && most is > 0 and < int.MaxValue) limit.SetMax(_counterMax = (int)most);
        }
        else if (root["method"].Is("subscribe"))
        {
            // A token that is no longer good, or a channel that is not ours to have: begin again with a new one.
            tally.Count(root["error"].Text.StartsWith("ESession:", StringComparison.Ordinal) ? OutsideReason.Expired : OutsideReason.Refused);
            _wantsClose = true;
        }
    }

    private void OnAddOrder(JsonNode root, long nowNs)
    {
        if (!root["req_id"].TryLong(out var id) || !_requests.Remove(id, out var clientId)) return;
        if (root["success"].IsTrue)
        {
            Report(clientId, HedgeReportKind.Acknowledged, nowNs);
            return;
        }
        var error = root["error"].Text;
        if (error.StartsWith("ESession:", StringComparison.Ordinal) || error.StartsWith("EAuth:", StringComparison.Ordinal))
        {
            tally.Count(OutsideReason.Expired);
            _wantsClose = true;
        }
        if (error.StartsWith("EOrder:Rate limit", StringComparison.Ordinal))
        {
            tally.Count(OutsideReason.RateLimited);
            limit.OnCount(_counterMax, nowNs);
        }
        if (error.StartsWith("EService:Deadline elapsed", StringComparison.Ordinal)) tally.Count(OutsideReason.ClockSkew);
        // Kraken could not say what became of it: the core's timer makes it unknown, and a snapshot settles it.
        if (IsUncertain(error)) return;
        Report(clientId, HedgeReportKind.Rejected, nowNs, text: error.Length == 0 ? "refused without a reason" : error);
    }

    private static bool IsUncertain(string error) =>
        error.StartsWith("EService:", StringComparison.Ordinal) && !error.StartsWith("EService:Deadline elapsed", StringComparison.Ordinal) && !error.StartsWith("EService:Market in", StringComparison.Ordinal)
        || error.StartsWith("EGeneral:Internal error", StringComparison.Ordinal)
        || error.StartsWith("EGeneral:Unknown error", StringComparison.Ordinal);

    private (Instrument Instrument, Market Market) MarketOf(HedgeIntent intent) => (instruments[intent.Instrument], instruments[intent.Instrument].Markets.First(m => m.Exchange == exchange));

    private void AskSnapshot(long nowNs)
    {
        if (_isSnapshotComing || _snapshotAskedNs != 0 && nowNs - _snapshotAskedNs < SnapshotEveryNs) return;
        var isFirst = _snapshotAskedNs == 0;
        _snapshotAskedNs = nowNs;
        _isSnapshotComing = true;
        if (!isFirst) Send("unsubscribe", w =>
        {
            w.WriteString("channel", "executions");
            w.WriteString("token", _token);
        });
        Send("subscribe", w =>
        {
            w.WriteString("channel", "executions");
            w.WriteBoolean("snap_orders", true);
            w.WriteBoolean("snap_trades", true);
            w.WriteString("token", _token);
        });
    }

    private void SetUp(bool isUp, string reason, long nowNs)
    {
        if (_isUp == isUp) return;
        _isUp = isUp;
        inbox(new ExchangeTrading { NowNs = nowNs, Exchange = exchange, IsUp = isUp, Reason = reason });
    }

    private void Report(string clientId, HedgeReportKind kind, long nowNs, long cum = 0, string text = "") =>
        inbox(new HedgeReport { NowNs = nowNs, Exchange = exchange, ClientId = clientId, Kind = kind, Cum = cum, Text = text });

    private void Send(string method, Action<Utf8JsonWriter>? parameters) => _send?.Invoke(KrakenRequest.Of(method, ++_lastRequest, parameters));

    private static void Number(Utf8JsonWriter w, string name, long units, int decimals)
    {
        w.WritePropertyName(name);
        w.WriteRawValue(Trimmed(DecimalText.Of(units, decimals)));
    }

    // 10.0 and 10 are the same number: digits that the exchange's precision does not have are zeros.
    private static string Trimmed(string text) => text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;

    private static string Time(long ns) => DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
