using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>What a request is refused with: binance-spot-api-docs, "Error codes".</summary>
/// <param name="Code">Negative number.</param>
/// <param name="Message">Its words.</param>
/// <param name="Status">As HTTP has it; the WebSocket API's answers have it as a member.</param>
internal sealed record BinanceError(int Code, string Message, int Status = 400)
{
    public static readonly BinanceError TooManyRequests = new(-1003, "Too much request weight used; current limit is 6000 request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.", 429);
    public static readonly BinanceError Banned = new(-1003, "Way too much request weight used; IP banned. Please use WebSocket Streams for live updates to avoid bans.", 418);
    public static readonly BinanceError TooManyOrders = new(-1015, "Too many new orders; current limit is 100 orders per 10 SECOND.", 429);
    public static readonly BinanceError Unexpected = new(-1007, "Timeout waiting for response from backend server. Send status unknown; execution status unknown.", 503);
    public static readonly BinanceError Behind = new(-1021, "Timestamp for this request is outside of the recvWindow.");
    public static readonly BinanceError Ahead = new(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
    public static readonly BinanceError BadSignature = new(-1022, "Signature for this request is not valid.");
    public static readonly BinanceError BadRecvWindow = new(-1131, "recvWindow must be less than 60000.");
    public static readonly BinanceError BadSymbol = new(-1121, "Invalid symbol.");
    public static readonly BinanceError BadRequest = new(-1100, "Illegal characters found in a parameter.");
    public static readonly BinanceError NoMethod = new(-1020, "This operation is not supported.");
    public static readonly BinanceError UnknownOrderSent = new(-2011, "Unknown order sent.");
    public static readonly BinanceError NoSuchOrder = new(-2013, "Order does not exist.");
    public static readonly BinanceError BadKey = new(-2015, "Invalid API-key, IP, or permissions for action.", 401);
    public static readonly BinanceError NotEd25519 = new(-4056, "HMAC_SHA256 API key is not supported.");
    public static readonly BinanceError DuplicateOrder = new(-2010, "Duplicate order sent.");
    public static readonly BinanceError NotSubscribed = new(-2035, "User Data Stream subscription already active.");

    public static BinanceError Missing(string name) => new(-1102, $"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.");

    public static BinanceError Unread(string name) => new(-1104, $"Not all sent parameters were read; unexpected parameter '{name}'.");

    public static BinanceError Illegal(string name) => new(-1100, $"Illegal characters found in parameter '{name}'.");

    public static BinanceError Filter(string name) => new(-1013, $"Filter failure: {name}");

    public static BinanceError Of(Refusal refusal) => refusal switch
    {
        Refusal.Halted => new(-1013, "Market is closed."),
        Refusal.InvalidPrice => Filter("PRICE_FILTER"),
        Refusal.InvalidQuantity or Refusal.QuantityTooSmall or Refusal.QuantityTooLarge => Filter("LOT_SIZE"),
        Refusal.InsufficientFunds => new(-2010, "Account has insufficient balance for requested action."),
        Refusal.PostOnly => new(-2010, "Order would immediately match and take."),
        Refusal.NoLiquidity => new(-2010, "Market orders are not supported for this symbol."),
        Refusal.Full => Filter("MAX_NUM_ORDERS"),
        Refusal.UnknownOrder or Refusal.TooLate => UnknownOrderSent,
        _ => new(-1000, "An unknown error occurred while processing the request."),
    };
}
