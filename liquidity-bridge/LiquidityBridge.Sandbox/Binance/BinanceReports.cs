using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>The user data stream, and the trades that can be asked for. While an order is entered, what it causes waits for its answer.</summary>
internal sealed class BinanceReports(Exchange exchange, Faults faults, IReadOnlyCollection<BinanceConnection> connections)
{
    private const int FillsKept = 10_000;

    private readonly Dictionary<Account, Queue<(Order Order, Fill Fill, long AtNs)>> _fills = [];
    private readonly List<Action> _held = [];
    private bool _isHolding;

    /// <summary>An account's last fills, oldest first.</summary>
    public IEnumerable<(Order Order, Fill Fill, long AtNs)> Fills(Account account) => _fills.TryGetValue(account, out var fills) ? fills : [];

    /// <summary>What happens from here on is told by <see cref="Release"/>.</summary>
    public void Hold() => _isHolding = true;

    /// <summary>Tells what was held.</summary>
    public void Release()
    {
        _isHolding = false;
        foreach (var tell in _held) tell();
        _held.Clear();
    }

    /// <summary>NEW.</summary>
    public void OnAccepted(Order order) => Report(order, "NEW", "NEW", null, order.ClOrdID, "");

    /// <summary>TRADE.</summary>
    public void OnFill(Order order, in Fill fill)
    {
        if (!_fills.TryGetValue(order.Account, out var fills)) _fills[order.Account] = fills = new();
        fills.Enqueue((order, fill, exchange.NowNs));
        if (fills.Count > FillsKept) fills.Dequeue();
        var status = order.CumLots == order.Lots ? "FILLED" : "PARTIALLY_FILLED";
        for (var times = faults.Take(FaultKind.DuplicateFill) ? 2 : 1; times > 0; times--) Report(order, "TRADE", status, fill, order.ClOrdID, "");
    }

    /// <summary>CANCELED or EXPIRED. A cancel has a name of its own, and the order's becomes the original one.</summary>
    public void OnCanceled(Order order, string cancelID)
    {
        var status = BinanceText.Status(order);
        Report(order, status, status, null, cancelID.Length > 0 ? cancelID : order.ClOrdID, cancelID.Length > 0 ? order.ClOrdID : "");
    }

    /// <summary>What an account has of these assets now.</summary>
    public void OnBalance(Account account, params ReadOnlySpan<string> assets)
    {
        var nowNs = exchange.NowNs;
        var balances = assets.ToArray().Select(a => (Asset: a, Free: account[a].Available, Held: account[a].Held)).ToArray();
        Tell(account, w =>
        {
            w.WriteString("e", "outboundAccountPosition");
            w.WriteNumber("E", BinanceText.Ms(nowNs));
            w.WriteNumber("u", BinanceText.Ms(nowNs));
            w.WriteStartArray("B");
            foreach (var (asset, free, held) in balances)
            {
                w.WriteStartObject();
                w.WriteString("a", asset);
                w.WriteString("f", BinanceText.Amount(free));
                w.WriteString("l", BinanceText.Amount(held));
                w.WriteEndObject();
            }
            w.WriteEndArray();
        });
    }

    /// <summary>An event to whoever listens to the account.</summary>
    public void Tell(Account account, Action<Utf8JsonWriter> members)
    {
        if (_isHolding)
        {
            _held.Add(() => Tell(account, members));
            return;
        }
        foreach (var connection in connections)
            foreach (var (subscription, listener) in connection.UserData)
                if (listener == account) Send(connection, subscription, members);
    }

    /// <summary>An event of one subscription.</summary>
    public void Send(BinanceConnection connection, int subscription, Action<Utf8JsonWriter> members) => connection.Send(Json.Object(w =>
    {
        w.WriteNumber("subscriptionId", subscription);
        w.WriteStartObject("event");
        members(w);
        w.WriteEndObject();
    }), exchange.NowNs);

    private void Report(Order order, string execType, string status, Fill? fill, string clientID, string originalID)
    {
        var (i, nowNs, cum, cost, lots) = (order.Instrument, exchange.NowNs, order.CumLots, order.CumCost, order.Lots);
        if (faults.Take(FaultKind.ExecutionGap)) return;
        Tell(order.Account, w =>
        {
            w.WriteString("e", "executionReport");
            w.WriteNumber("E", BinanceText.Ms(nowNs));
            w.WriteString("s", i.Symbol);
            w.WriteString("c", clientID);
            w.WriteString("S", BinanceText.Of(order.Side));
            w.WriteString("o", BinanceText.Type(order));
            w.WriteString("f", BinanceText.Of(order.Request.TimeInForce));
            w.WriteString("q", i.Sz(lots));
            w.WriteString("p", i.Px(order.LimitTicks));
            w.WriteString("P", i.Px(0));
            w.WriteString("F", i.Sz(0));
            w.WriteNumber("g", -1);
            w.WriteString("C", originalID);
            w.WriteString("x", execType);
            w.WriteString("X", status);
            w.WriteString("r", "NONE");
            w.WriteNumber("i", order.ID);
            w.WriteString("l", i.Sz(fill?.Trade.Lots ?? 0));
            w.WriteString("z", i.Sz(fill?.CumLots ?? cum));
            w.WriteString("L", i.Px(fill?.Trade.Ticks ?? 0));
            w.WriteString("n", fill is { } paid ? BinanceText.Amount(paid.Fee) : "0");
            if (fill is null) w.WriteNull("N");
            else w.WriteString("N", fill.Value.FeeAsset);
            w.WriteNumber("T", BinanceText.Ms(nowNs));
            w.WriteNumber("t", fill?.Trade.ID ?? -1);
            w.WriteNumber("I", 2 * order.ID + (fill?.ExecID ?? 0));
            w.WriteBoolean("w", execType == "NEW");
            w.WriteBoolean("m", fill?.Liquidity == Liquidity.Added);
            w.WriteBoolean("M", fill is not null);
            w.WriteNumber("O", BinanceText.Ms(order.AcceptedNs));
            w.WriteString("Z", BinanceText.Amount(cost));
            w.WriteString("Y", BinanceText.Amount(fill?.Cost ?? 0));
            w.WriteString("Q", i.Sz(0));
            w.WriteNumber("W", BinanceText.Ms(order.AcceptedNs));
            w.WriteString("V", "NONE");
        });
    }
}
