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
internal sealed class KrakenOrders(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox)
{
    /// <summary>Kraken drops an order that reaches its engine later than this, nanoseconds.</summary>
    public const long DeadlineNs = 5_000_000_000;

    private const long SilenceNs = 5_000_000_000;
    private const long PingEveryNs = 15_000_000_000;
    private const long SnapshotEveryNs = 1_000_000_000;
    private const int SnapshotTrades = 50;
    private const long ClockMarginNs = 60_000_000_000;
    private const int RequestsMax = 1024;

    private readonly Dictionary<string, (Instrument Instrument, Market Market)> _markets = instruments
        .SelectMany(i => i.Markets.Where(m => m.Exchange == exchange).Select(m => (i, m)))
        .ToDictionary(x => x.m.Symbol);

    private readonly Dictionary<long, string> _requests = [];       // add_order by req_id
    private readonly Queue<long> _requestsByAge = new();
    private readonly Dictionary<string, HedgeIntent> _asked = [];   // to be answered by the next snapshot
    private Action<byte[]>? _send;
    private string _token = "";
    private long _lastRequest, _lastHeardNs, _lastPingNs, _snapshotAskedNs;
    private long _nextSequence;
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
        if (_send is null || !_isUp || intent.ClientId.Length > 18)
        {
            Report(intent.ClientId, HedgeReportKind.Rejected, nowNs, text: "not connected: never sent");
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
            w.WriteString("deadline", Time(nowNs + DeadlineNs));
            w.WriteString("token", _token);
        });
        Report(intent.ClientId, HedgeReportKind.Sent, nowNs);
    }

    /// <summary>cancel_order.</summary>
    public void Cancel(HedgeIntent intent) => Send("cancel_order", w =>
    {
        w.WriteStartArray("cl_ord_id");
        w.WriteStringValue(intent.ClientId);
        w.WriteEndArray();
        w.WriteString("token", _token);
    });

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
        _lastHeardNs = nowNs;
        using var document = Json.Parse(utf8);
        if (document is null) return;
        var root = document.RootElement;
        if (root.Text("channel") == "executions")
        {
            OnExecutions(root, nowNs);
            return;
        }
        switch (root.Text("method"))
        {
            case "add_order": OnAddOrder(root, nowNs); break;
            case "subscribe" when !root.IsTrue("success"):
                // A token that is no longer good, or a channel that is not ours to have: begin again with a new one.
                _wantsClose = true;
                break;
        }
    }

    private void OnAddOrder(JsonElement root, long nowNs)
    {
        if (!root.TryLong("req_id", out var id) || !_requests.Remove(id, out var clientId)) return;
        if (root.IsTrue("success"))
        {
            Report(clientId, HedgeReportKind.Acknowledged, nowNs);
            return;
        }
        var error = root.Text("error");
        if (error.StartsWith("ESession:", StringComparison.Ordinal) || error.StartsWith("EAuth:", StringComparison.Ordinal)) _wantsClose = true;
        // Kraken could not say what became of it: the core's timer makes it unknown, and a snapshot settles it.
        if (IsUncertain(error)) return;
        Report(clientId, HedgeReportKind.Rejected, nowNs, text: error.Length == 0 ? "refused without a reason" : error);
    }

    private static bool IsUncertain(string error) =>
        error.StartsWith("EService:", StringComparison.Ordinal) && !error.StartsWith("EService:Deadline elapsed", StringComparison.Ordinal) && !error.StartsWith("EService:Market in", StringComparison.Ordinal)
        || error.StartsWith("EGeneral:Internal error", StringComparison.Ordinal)
        || error.StartsWith("EGeneral:Unknown error", StringComparison.Ordinal);

    private void OnExecutions(JsonElement root, long nowNs)
    {
        if (!root.TryLong("sequence", out var sequence)) return;
        var isSnapshot = root.Text("type") == "snapshot";
        if (!isSnapshot && sequence != _nextSequence)
        {
            // A message is missing: what was told is still true, what was not told is in the next snapshot.
            SetUp(false, $"executions: sequence {sequence} instead of {_nextSequence}", nowNs);
            _nextSequence = sequence + 1;
            _isSnapshotComing = false;
            AskSnapshot(nowNs);
            return;
        }
        _nextSequence = sequence + 1;
        var data = root.Objects("data").ToList();
        if (isSnapshot) OnSnapshot(data, nowNs);
        else foreach (var execution in data) OnExecution(execution, nowNs);
    }

    private void OnSnapshot(List<JsonElement> data, long nowNs)
    {
        _isSnapshotComing = false;
        var trades = data.Where(d => d.Text("exec_id").Length > 0).ToList();
        var oldestNs = trades.Count == 0 ? 0 : trades.Min(t => t.TimeNs("timestamp"));
        foreach (var intent in _asked.Values.ToList())
        {
            var (instrument, _) = MarketOf(intent);
            long cum = 0;
            foreach (var trade in trades.Where(t => t.Text("cl_ord_id") == intent.ClientId))
            {
                Fill(trade, nowNs);
                if (DecimalText.TryScaled(trade.Digits("last_qty"), instrument.QuantityDecimals, out var quantity)) cum += quantity;
            }
            var open = data.FirstOrDefault(d => d.Text("exec_id").Length == 0 && d.Text("cl_ord_id") == intent.ClientId);
            if (open.ValueKind == JsonValueKind.Object)
            {
                if (DecimalText.TryScaled(open.Digits("cum_qty"), instrument.QuantityDecimals, out var openCum)) Report(intent.ClientId, HedgeReportKind.Open, nowNs, cum: openCum);
            }
            else if (trades.Count < SnapshotTrades || oldestNs < intent.NowNs - ClockMarginNs)
            {
                Report(intent.ClientId, HedgeReportKind.Gone, nowNs, cum: cum);
            }
        }
        _asked.Clear();
        SetUp(true, "", nowNs);
    }

    private void OnExecution(JsonElement execution, long nowNs)
    {
        var clientId = execution.Text("cl_ord_id");
        switch (execution.Text("exec_type"))
        {
            case "new" when clientId.Length > 0:
                Report(clientId, HedgeReportKind.Acknowledged, nowNs);
                break;
            case "trade":
                Fill(execution, nowNs);
                break;
            // docs.kraken.com, "Executions": the end is an event of its own, after the last trade.
            case "filled" or "canceled" or "expired" when clientId.Length > 0:
                if (TryCum(execution, out var cum)) Report(clientId, HedgeReportKind.Canceled, nowNs, cum: cum, text: execution.Text("reason"));
                break;
        }
    }

    /// <summary>cum_qty on the grid of the order's instrument. Such a message need not name the symbol: the id's first part does.</summary>
    private bool TryCum(JsonElement execution, out long cum)
    {
        cum = 0;
        var clientId = execution.Text("cl_ord_id");
        var dash = clientId.IndexOf('-');
        return dash > 0 && int.TryParse(clientId.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= instruments.Count
            && DecimalText.TryScaled(execution.Digits("cum_qty"), instruments[number - 1].QuantityDecimals, out cum);
    }

    private void Fill(JsonElement trade, long nowNs)
    {
        if (!_markets.TryGetValue(trade.Text("symbol"), out var market)) return;
        var (instrument, _) = market;
        var clientId = trade.Text("cl_ord_id");
        if (!DecimalText.TryScaled(trade.Digits("last_qty"), instrument.QuantityDecimals, out var quantity)
            || !DecimalText.TryScaled(trade.Digits("last_price"), instrument.PriceDecimals, out var price)) return;
        Int128 fee = 0;
        var text = new StringBuilder();
        foreach (var f in trade.Objects("fees"))
        {
            if (f.Text("asset") == instrument.QuoteAsset && DecimalText.TryAtoms(f.Digits("qty"), Instrument.AmountDecimals, out var atoms)) fee += atoms;
            else text.Append("fee of ").Append(Encoding.ASCII.GetString(f.Digits("qty"))).Append(' ').Append(f.Text("asset")).Append(" is not in the quote asset");
        }
        inbox(new HedgeReport
        {
            NowNs = nowNs, Exchange = exchange, ClientId = clientId.Length > 0 ? clientId : trade.Text("order_id"), Kind = HedgeReportKind.Filled,
            ExecId = trade.Text("exec_id"), Quantity = quantity, Price = price, FeeAtoms = fee, Text = text.ToString(),
        });
    }

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

    private void Send(string method, Action<Utf8JsonWriter>? parameters) => _send?.Invoke(Json.Request(method, ++_lastRequest, parameters));

    private static void Number(Utf8JsonWriter w, string name, long units, int decimals)
    {
        w.WritePropertyName(name);
        w.WriteRawValue(Trimmed(DecimalText.Of(units, decimals)));
    }

    // 10.0 and 10 are the same number: digits that the exchange's precision does not have are zeros.
    private static string Trimmed(string text) => text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;

    private static string Time(long ns) => DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
