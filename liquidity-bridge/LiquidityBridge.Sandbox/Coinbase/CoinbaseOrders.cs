using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Coinbase;

/// <summary>The user channel, and orders and fills as REST has them.</summary>
internal sealed class CoinbaseOrders(Exchange exchange, Faults faults, IReadOnlyCollection<CoinbaseConnection> connections)
{
    private const int Batch = 50, FillsKept = 1000;

    private readonly Dictionary<Account, Queue<(Order Order, Fill Fill, long AtNs)>> _fills = [];

    /// <summary>An account's last fills, newest first.</summary>
    public IEnumerable<(Order Order, Fill Fill, long AtNs)> Fills(Account account) => _fills.TryGetValue(account, out var fills) ? fills.Reverse() : [];

    /// <summary>Documentation, "User Channel": all open orders in batches of 50, the last one smaller.</summary>
    public void Snapshot(CoinbaseConnection connection)
    {
        var open = exchange.Open.Where(o => Hears(connection, o)).OrderBy(o => o.ID).ToList();
        for (var at = 0; at <= open.Count; at += Batch)
            connection.Send("user", exchange.NowNs, w => Event(w, at == 0 ? "snapshot" : "update", open.Skip(at).Take(Batch)));
    }

    /// <summary>The order changed.</summary>
    public void OnOrder(Order order)
    {
        foreach (var connection in connections)
        {
            if (!Hears(connection, order)) continue;
            if (faults.Take(FaultKind.ExecutionGap)) connection.Lose();
            else connection.Send("user", exchange.NowNs, w => Event(w, "update", [order]));
        }
    }

    /// <summary>The order traded.</summary>
    public void OnFill(Order order, in Fill fill)
    {
        if (!_fills.TryGetValue(order.Account, out var fills)) _fills[order.Account] = fills = new();
        fills.Enqueue((order, fill, exchange.NowNs));
        if (fills.Count > FillsKept) fills.Dequeue();
        for (var times = faults.Take(FaultKind.DuplicateFill) ? 2 : 1; times > 0; times--) OnOrder(order);
    }

    /// <summary>One order of GET /orders/historical.</summary>
    public static void Write(Utf8JsonWriter w, Order order)
    {
        var i = order.Instrument;
        w.WriteStartObject();
        w.WriteString("order_id", CoinbaseText.ID(order.ID));
        w.WriteString("client_order_id", order.ClOrdID);
        w.WriteString("product_id", i.Symbol);
        w.WriteString("product_type", "SPOT");
        w.WriteString("side", CoinbaseText.Of(order.Side));
        w.WriteString("status", CoinbaseText.Of(order.Status));
        w.WriteString("time_in_force", CoinbaseText.Of(order.Request.TimeInForce));
        w.WriteString("order_type", order.Request.Type == OrdType.Market ? "MARKET" : "LIMIT");
        w.Time("created_time", order.AcceptedNs);
        w.WriteString("filled_size", CoinbaseText.Plain(order.CumLots, i.QtyDecimals));
        w.WriteString("average_filled_price", CoinbaseText.Plain(order.AverageTicks, i.PriceDecimals));
        w.WriteString("filled_value", CoinbaseText.Plain(order.CumCost, Instrument.AtomDecimals));
        w.WriteString("total_fees", CoinbaseText.Plain(order.CumFee, Instrument.AtomDecimals));
        w.WriteString("completion_percentage", CoinbaseText.Plain((Int128)order.CumLots * 10_000 / order.Lots, 2));
        w.WriteBoolean("settled", !order.IsOpen);
        w.WriteStartObject("order_configuration");
        w.WriteStartObject(((string)order.Request.Owner!));
        w.WriteString("base_size", CoinbaseText.Plain(order.Lots, i.QtyDecimals));
        if (order.Request.Type == OrdType.Limit) w.WriteString("limit_price", CoinbaseText.Plain(order.LimitTicks, i.PriceDecimals));
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteEndObject();
    }

    /// <summary>One fill of GET /orders/historical/fills.</summary>
    public static void Write(Utf8JsonWriter w, Order order, in Fill fill, long atNs)
    {
        var i = order.Instrument;
        w.WriteStartObject();
        w.WriteString("entry_id", CoinbaseText.ID(fill.ExecID));
        w.WriteString("trade_id", CoinbaseText.ID((1L << 40) + fill.ExecID));
        w.WriteString("order_id", CoinbaseText.ID(order.ID));
        w.Time("trade_time", atNs);
        w.WriteString("trade_type", "FILL");
        w.WriteString("price", CoinbaseText.Plain(fill.Trade.Ticks, i.PriceDecimals));
        w.WriteString("size", CoinbaseText.Plain(fill.Trade.Lots, i.QtyDecimals));
        w.WriteString("commission", CoinbaseText.Plain(fill.Fee, Instrument.AtomDecimals));
        w.WriteString("product_id", i.Symbol);
        w.Time("sequence_timestamp", atNs);
        w.WriteString("liquidity_indicator", fill.Liquidity == Liquidity.Added ? "MAKER" : "TAKER");
        w.WriteBoolean("size_in_quote", false);
        w.WriteString("side", CoinbaseText.Of(order.Side));
        w.WriteEndObject();
    }

    private static bool Hears(CoinbaseConnection connection, Order order) =>
        connection.User == order.Account && (connection.UserProducts.Count == 0 || connection.UserProducts.Contains(order.Instrument));

    private static void Event(Utf8JsonWriter w, string type, IEnumerable<Order> orders)
    {
        w.WriteStartObject();
        w.WriteString("type", type);
        w.WriteStartArray("orders");
        foreach (var order in orders) Push(w, order);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void Push(Utf8JsonWriter w, Order order)
    {
        var i = order.Instrument;
        w.WriteStartObject();
        w.WriteString("order_id", CoinbaseText.ID(order.ID));
        w.WriteString("client_order_id", order.ClOrdID);
        w.WriteString("product_id", i.Symbol);
        w.WriteString("product_type", "SPOT");
        w.WriteString("order_side", CoinbaseText.Of(order.Side));
        w.WriteString("order_type", order.Request.Type == OrdType.Market ? "Market" : "Limit");
        w.WriteString("status", CoinbaseText.Of(order.Status));
        w.WriteString("time_in_force", CoinbaseText.Of(order.Request.TimeInForce));
        w.WriteString("limit_price", CoinbaseText.Plain(order.LimitTicks, i.PriceDecimals));
        w.WriteString("cumulative_quantity", CoinbaseText.Plain(order.CumLots, i.QtyDecimals));
        w.WriteString("leaves_quantity", CoinbaseText.Plain(order.Leaves, i.QtyDecimals));
        w.WriteString("avg_price", CoinbaseText.Plain(order.AverageTicks, i.PriceDecimals));
        w.WriteString("filled_value", CoinbaseText.Plain(order.CumCost, Instrument.AtomDecimals));
        w.WriteString("total_fees", CoinbaseText.Plain(order.CumFee, Instrument.AtomDecimals));
        w.WriteString("post_only", order.Request.PostOnly ? "true" : "false");
        w.WriteString("cancel_reason", "");
        w.WriteString("reject_reason", "");
        w.WriteString("stop_price", "");
        w.Time("creation_time", order.AcceptedNs);
        w.WriteEndObject();
    }
}
