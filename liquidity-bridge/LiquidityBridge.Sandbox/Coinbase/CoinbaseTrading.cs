using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Coinbase;

/// <summary>Create, cancel and edit: what REST asks of the exchange.</summary>
internal sealed class CoinbaseTrading(Exchange exchange, Faults faults)
{
    private const int ClientIDMax = 128, OrdersMax = 100;

    private readonly Dictionary<(Account, string), Order> _byClientID = [];

    /// <summary>POST /orders: the order, or the name of the refusal.</summary>
    public (string? Error, Order? Order) Create(Account account, JsonElement body)
    {
        var (clientID, product, side) = (Text(body, "client_order_id"), Text(body, "product_id"), Text(body, "side"));
        if (clientID.Length is 0 or > ClientIDMax) return ("INVALID_CLIENT_ORDER_ID", null);
        // Documentation, "Create Order": an id that was used gives the order that has it.
        if (_byClientID.TryGetValue((account, clientID), out var known)) return (null, known);
        if (exchange.Find(product) is not { } instrument) return ("INVALID_PRODUCT_ID", null);
        if (side is not ("BUY" or "SELL")) return ("INVALID_SIDE", null);
        var (error, request) = Configuration(body, new OrderRequest
        {
            Account = account, Instrument = instrument, Side = side == "BUY" ? Side.Buy : Side.Sell, Type = OrdType.Limit, TimeInForce = TimeInForce.GoodTillCancel, Lots = 0, ClOrdID = clientID,
        });
        if (error is null && faults.Take(FaultKind.Reject)) error = faults.RejectText ?? "UNKNOWN_FAILURE_REASON";
        if (error is not null) return (error, null);
        var (refusal, order) = exchange.Enter(request!);
        if (order is not null) _byClientID[(account, clientID)] = order;
        return refusal == Refusal.None ? (null, order) : (Word(refusal), null);
    }

    /// <summary>One of POST /orders/batch_cancel; the name of the refusal, or null.</summary>
    public string? Cancel(Account account, string id)
    {
        if (Find(account, id) is not { IsOpen: true } order) return "UNKNOWN_CANCEL_ORDER";
        exchange.Cancel(order);
        return null;
    }

    /// <summary>POST /orders/edit; the name of the refusal, or null.</summary>
    public string? Edit(Account account, JsonElement body)
    {
        if (Find(account, Text(body, "order_id")) is not { IsOpen: true } order) return "ORDER_NOT_FOUND";
        if (!Decimals.TryScale(Text(body, "price"), order.Instrument.PriceDecimals, out var ticks)) return "INVALID_PRICE_PRECISION";
        if (!Decimals.TryScale(Text(body, "size"), order.Instrument.QtyDecimals, out var lots)) return "INVALID_SIZE_PRECISION";
        var refusal = exchange.Amend(order, ticks, lots, order.ClOrdID, order.Request.PostOnly);
        return refusal == Refusal.None ? null : Word(refusal);
    }

    /// <summary>An account's order by the exchange's id; null when it has none such.</summary>
    public Order? Find(Account account, string id) => exchange.Find(CoinbaseText.Number(id)) is { } order && order.Account == account ? order : null;

    /// <summary>An account's orders by their ids of its own, newest first.</summary>
    public IEnumerable<Order> Of(Account account) => _byClientID.Where(o => o.Key.Item1 == account).Select(o => o.Value).OrderByDescending(o => o.ID);

    /// <summary>The texts of a list; null when it is none.</summary>
    public static IReadOnlyList<string>? Texts(JsonElement body, string name) =>
        body.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() is > 0 and <= OrdersMax && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(e => e.GetString()!)] : null;

    private static (string? Error, OrderRequest? Order) Configuration(JsonElement body, OrderRequest request)
    {
        if (!body.TryGetProperty("order_configuration", out var configurations) || configurations.ValueKind != JsonValueKind.Object) return ("INVALID_ORDER_CONFIG", null);
        var all = configurations.EnumerateObject().ToList();
        if (all is not [{ Value.ValueKind: JsonValueKind.Object } only]) return ("INVALID_ORDER_CONFIG", null);
        if (only.Name is not ("market_market_ioc" or "sor_limit_ioc" or "limit_limit_gtc" or "limit_limit_fok")) return ("UNSUPPORTED_ORDER_CONFIGURATION", null);
        var (isMarket, instrument) = (only.Name == "market_market_ioc", request.Instrument);
        long ticks = 0;
        if (!isMarket && !Decimals.TryScale(Text(only.Value, "limit_price"), instrument.PriceDecimals, out ticks)) return ("INVALID_PRICE_PRECISION", null);
        if (!Decimals.TryScale(Text(only.Value, "base_size"), instrument.QtyDecimals, out var lots)) return ("INVALID_SIZE_PRECISION", null);
        return (null, request with
        {
            Type = isMarket ? OrdType.Market : OrdType.Limit, LimitTicks = ticks, Lots = lots, Owner = only.Name,
            TimeInForce = only.Name switch { "limit_limit_gtc" => TimeInForce.GoodTillCancel, "limit_limit_fok" => TimeInForce.FillOrKill, _ => TimeInForce.ImmediateOrCancel },
            PostOnly = only.Value.TryGetProperty("post_only", out var post) && post.ValueKind == JsonValueKind.True,
        });
    }

    // Names of the documentation's NewOrderFailureReason.
    private static string Word(Refusal refusal) => refusal switch
    {
        Refusal.Halted => "ORDER_ENTRY_DISABLED",
        Refusal.InvalidPrice => "INVALID_LIMIT_PRICE",
        Refusal.InvalidQuantity or Refusal.QuantityTooSmall or Refusal.QuantityTooLarge => "INVALID_SIZE",
        Refusal.InsufficientFunds => "INSUFFICIENT_FUND",
        Refusal.PostOnly => "INVALID_LIMIT_PRICE_POST_ONLY",
        Refusal.NoLiquidity => "INSUFFICIENT_LIQUIDITY",
        _ => "UNKNOWN_FAILURE_REASON",
    };

    private static string Text(JsonElement body, string name) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
