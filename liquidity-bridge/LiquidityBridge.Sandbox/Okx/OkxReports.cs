using System.Text.Json;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>The private channels, orders and account, and the fills that REST can be asked for.</summary>
internal sealed class OkxReports(Exchange exchange, Faults faults, IReadOnlyCollection<OkxConnection> connections)
{
    private const int FillsKept = 1000;

    private readonly Dictionary<Account, Queue<(Order Order, Fill Fill, long AtNs)>> _fills = [];

    /// <summary>An account's last fills, newest first.</summary>
    public IEnumerable<(Order Order, Fill Fill, long AtNs)> Fills(Account account) => _fills.TryGetValue(account, out var fills) ? fills.Reverse() : [];

    /// <summary>The order is live, changed, or canceled.</summary>
    public void OnOrder(Order order, string reqId = "", string amendResult = "") => Tell(order, null, reqId, amendResult);

    /// <summary>The order traded.</summary>
    public void OnFill(Order order, in Fill fill)
    {
        if (!_fills.TryGetValue(order.Account, out var fills)) _fills[order.Account] = fills = new();
        fills.Enqueue((order, fill, exchange.NowNs));
        if (fills.Count > FillsKept) fills.Dequeue();
        Tell(order, fill, "", "");
        if (faults.Take(FaultKind.DuplicateFill)) Tell(order, fill, "", "");
    }

    /// <summary>The account channel's message: everything, or the one asset that moved.</summary>
    public void OnBalance(Account account, string? asset, OkxConnection? only = null)
    {
        foreach (var connection in connections)
        {
            if (!connection.Account || connection.Member?.Account != account || only is not null && connection != only) continue;
            connection.Send(Json.Object(w =>
            {
                w.WriteStartObject("arg");
                w.WriteString("channel", "account");
                w.WriteString("uid", connection.Member.Uid);
                w.WriteEndObject();
                w.WriteString("eventType", asset is null ? "snapshot" : "event_update");
                w.WriteNumber("curPage", 1);
                w.WriteBoolean("lastPage", true);
                w.WriteStartArray("data");
                Write(w, account, asset, exchange.NowNs);
                w.WriteEndArray();
            }), exchange.NowNs);
        }
    }

    /// <summary>An account's balances, of all assets or of one.</summary>
    public static void Write(Utf8JsonWriter w, Account account, string? asset, long nowNs)
    {
        w.WriteStartObject();
        w.WriteString("uTime", OkxText.Ms(nowNs));
        w.WriteString("totalEq", "");
        w.WriteStartArray("details");
        foreach (var (name, balance) in account.Balances)
        {
            if (asset is not null && asset != name) continue;
            w.WriteStartObject();
            w.WriteString("ccy", name);
            w.WriteString("cashBal", OkxText.Amount(balance.Total));
            w.WriteString("eq", OkxText.Amount(balance.Total));
            w.WriteString("availBal", OkxText.Amount(balance.Available));
            w.WriteString("availEq", "");
            w.WriteString("frozenBal", OkxText.Amount(balance.Held));
            w.WriteString("ordFrozen", OkxText.Amount(balance.Held));
            w.WriteString("uTime", OkxText.Ms(nowNs));
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private void Tell(Order order, Fill? fill, string reqId, string amendResult)
    {
        foreach (var connection in connections)
        {
            if (connection.Member?.Account != order.Account) continue;
            foreach (var subscription in connection.Orders)
            {
                if (subscription.Instrument is not null && subscription.Instrument != order.Instrument) continue;
                if (faults.Take(FaultKind.ExecutionGap)) continue;
                connection.Send(Json.Object(w =>
                {
                    w.WriteStartObject("arg");
                    w.WriteString("channel", "orders");
                    w.WriteString("instType", subscription.InstType);
                    if (subscription.Instrument is { } instrument) w.WriteString("instId", instrument.Symbol);
                    w.WriteString("uid", connection.Member.Uid);
                    w.WriteEndObject();
                    w.WriteStartArray("data");
                    w.WriteStartObject();
                    w.Order(order, fill, exchange.NowNs, exchange.NowNs);
                    w.Push(order, fill, reqId, amendResult);
                    w.WriteEndObject();
                    w.WriteEndArray();
                }), exchange.NowNs);
            }
        }
    }
}
