using System.Text.Json;
using LiquidityBridge.Sandbox.Coinbase;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>Create and cancel: what REST asks of the exchange, and an order as REST shows it.</summary>
internal sealed class FeedTrading(Exchange exchange, FeedExchange feed, Faults faults)
{
    private readonly Dictionary<(Account, string), Order> _byClientID = [];

    /// <summary>POST /orders: the order, or the words of the refusal.</summary>
    public (string? Error, Order? Order) Create(Account account, JsonElement body)
    {
        var (clientID, side, type) = (Text(body, "client_oid"), Text(body, "side"), Text(body, "type"));
        if (clientID.Length > 0 && !Guid.TryParseExact(clientID, "D", out _)) return ("client_oid must be a valid uuid", null);
        if (clientID.Length > 0 && _byClientID.ContainsKey((account, clientID))) return ("client_oid must be unique", null);
        if (exchange.Find(Text(body, "product_id")) is not { } instrument) return ("Product not found", null);
        if (side is not ("buy" or "sell")) return ("Invalid side", null);
        if (type is not ("" or "limit" or "market")) return ("Invalid order type", null);
        if (Text(body, "time_in_force") is not ("" or "GTC" or "IOC" or "FOK") and var unknown) return ($"Invalid time_in_force {unknown}", null);
        var isMarket = type == "market";
        long ticks = 0;
        if (!isMarket && !Decimals.TryScale(Text(body, "price"), instrument.PriceDecimals, out ticks)) return ("Invalid price", null);
        if (!Decimals.TryScale(Text(body, "size"), instrument.QtyDecimals, out var lots)) return ("size is too accurate", null);
        if (faults.Take(FaultKind.Reject)) return (faults.RejectText ?? "Insufficient funds", null);
        var (refusal, order) = exchange.Enter(new OrderRequest
        {
            Account = account, Instrument = instrument, Side = side == "buy" ? Side.Buy : Side.Sell, Type = isMarket ? OrdType.Market : OrdType.Limit, LimitTicks = ticks, Lots = lots, ClOrdID = clientID,
            TimeInForce = isMarket ? TimeInForce.ImmediateOrCancel : Text(body, "time_in_force") switch { "IOC" => TimeInForce.ImmediateOrCancel, "FOK" => TimeInForce.FillOrKill, _ => TimeInForce.GoodTillCancel },
            PostOnly = body.TryGetProperty("post_only", out var post) && post.ValueKind == JsonValueKind.True,
        });
        if (refusal != Refusal.None) return (Words(refusal), null);
        if (clientID.Length > 0) _byClientID[(account, clientID)] = order!;
        if (order!.IsOpen) feed.Orders.OnOpen(order);
        return (null, order);
    }

    /// <summary>An account's order by the exchange's id, or by client:UUID; null when it has none such, or it is purged: documentation, "Get single order".</summary>
    public Order? Find(Account account, string id)
    {
        const string client = "client:";
        var order = id.StartsWith(client, StringComparison.Ordinal) ? _byClientID.GetValueOrDefault((account, id[client.Length..])) : exchange.Find(CoinbaseText.Number(id));
        return order is not null && order.Account == account && (order.IsOpen || order.CumLots > 0) ? order : null;
    }

    /// <summary>An order.</summary>
    public static void Write(Utf8JsonWriter w, Order order)
    {
        var i = order.Instrument;
        w.WriteString("id", FeedText.ID(order.ID));
        if (order.ClOrdID.Length > 0) w.WriteString("client_oid", order.ClOrdID);
        w.WriteString("price", i.Price(order.LimitTicks));
        w.WriteString("size", i.Quantity(order.Lots));
        w.WriteString("product_id", i.Symbol);
        w.WriteString("profile_id", order.Account.Name);
        w.WriteString("side", FeedText.Of(order.Side));
        w.WriteString("type", order.Request.Type == OrdType.Limit ? "limit" : "market");
        w.WriteString("time_in_force", FeedText.Of(order.Request.TimeInForce));
        w.WriteBoolean("post_only", order.Request.PostOnly);
        w.Time("created_at", order.AcceptedNs);
        w.WriteString("fill_fees", FeedText.Plain(order.CumFee, Instrument.AtomDecimals));
        w.WriteString("filled_size", i.Quantity(order.CumLots));
        w.WriteString("executed_value", FeedText.Plain(order.CumCost, Instrument.AtomDecimals));
        w.WriteString("status", FeedText.Of(order.Status));
        if (!order.IsOpen) w.WriteString("done_reason", order.Status == OrdStatus.Filled ? "filled" : "canceled");
        w.WriteBoolean("settled", !order.IsOpen);
    }

    private static string Words(Refusal refusal) => refusal switch
    {
        Refusal.Halted => "Product is in cancel only mode",
        Refusal.InvalidPrice => "Invalid price",
        Refusal.InvalidQuantity or Refusal.QuantityTooSmall => "size is too small",
        Refusal.QuantityTooLarge => "size is too large",
        Refusal.InsufficientFunds => "Insufficient funds",
        Refusal.PostOnly => "Post only mode",
        _ => "Order rejected",
    };

    private static string Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
