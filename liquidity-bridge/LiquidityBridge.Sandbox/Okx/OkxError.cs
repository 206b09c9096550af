using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>A refusal as OKX tells it; docs-v5, "Error Code", has the numbers and the texts.</summary>
/// <param name="Code">50000 to 51999 for requests, 60000 to 64008 for the WebSocket itself.</param>
/// <param name="Text">For people.</param>
/// <param name="Status">HTTP status of a REST answer.</param>
internal sealed record OkxError(string Code, string Text, int Status = 200)
{
    public static readonly OkxError RateLimit = new("50011", "Rate limit reached. Please refer to API documentation and throttle requests accordingly.");
    public static readonly OkxError TooManyRequests = new("50011", "Too Many Requests", 429);
    public static readonly OkxError Expired = new("50036", "The expTime can't be earlier than the current system time. Please adjust the expTime and try again.");
    public static readonly OkxError TimestampExpired = new("50102", "Timestamp request expired.", 401);
    public static readonly OkxError NoKeyHeader = new("50103", "Request header \"OK-ACCESS-KEY\" cannot be empty.", 401);
    public static readonly OkxError WrongPassphraseHeader = new("50105", "Request header \"OK-ACCESS-PASSPHRASE\" incorrect.", 401);
    public static readonly OkxError InvalidKeyHeader = new("50111", "Invalid OK-ACCESS-KEY.", 401);
    public static readonly OkxError InvalidTimestampHeader = new("50112", "Invalid OK-ACCESS-TIMESTAMP.", 401);
    public static readonly OkxError InvalidSignatureHeader = new("50113", "Invalid signature.", 401);
    public static readonly OkxError InvalidMethod = new("50115", "Invalid request method.", 405);
    public static readonly OkxError NotFound = new("404", "Not Found", 404);
    public static readonly OkxError NoInstrument = new("51001", "Instrument ID, Instrument ID code or Spread ID doesn't exist.");
    public static readonly OkxError NoIdentifier = new("51003", "Either client order ID or order ID is required.");
    public static readonly OkxError DuplicateClOrdId = new("51016", "Client order ID already exists.");
    public static readonly OkxError CancelUnknown = new("51400", "Cancellation failed as the order has been filled, canceled or does not exist.");
    public static readonly OkxError AmendUnknown = new("51503", "Order modification failed as the order has been filled, canceled or does not exist.");
    public static readonly OkxError NoOrder = new("51603", "Order does not exist");
    public static readonly OkxError InvalidTimestamp = new("60004", "Invalid timestamp");
    public static readonly OkxError InvalidKey = new("60005", "Invalid apiKey");
    public static readonly OkxError TimestampExpiredSocket = new("60006", "Timestamp request expired");
    public static readonly OkxError InvalidSign = new("60007", "Invalid sign");
    public static readonly OkxError PleaseLogIn = new("60011", "Please log in");
    public static readonly OkxError InvalidArgs = new("60013", "Invalid args");
    public static readonly OkxError TooFrequent = new("60014", "Requests too frequent");
    public static readonly OkxError WrongPassphrase = new("60024", "Wrong passphrase");
    public static readonly OkxError WrongUrl = new("60028", "The current operation is not supported by this URL. Please use the correct WebSocket URL for the operation.");
    public static readonly OkxError LoggedInAlready = new("60031", "The WebSocket endpoint does not allow multiple or repeated logins.");

    public static OkxError Parameter(string name) => new("51000", $"Parameter {name} error", 400);

    public static OkxError Empty(string name) => new("50014", $"Parameter {name} can not be empty.", 400);

    public static OkxError InvalidRequest(string text) => new("60012", $"Invalid request: {text}");

    public static OkxError InvalidOp(string op) => new("60019", $"Invalid op: {op}");

    public static OkxError NoChannel(string channel) => new("60018", $"Wrong URL or {channel} doesn't exist. Please use the correct URL, channel and parameters referring to API document.");

    /// <summary>The exchange's own reasons.</summary>
    public static OkxError Of(Refusal refusal, Instrument instrument, string asset) => refusal switch
    {
        Refusal.Halted => new("51022", "Contract suspended."),
        Refusal.InvalidPrice => Parameter("px"),
        Refusal.InvalidQuantity => new("51121", "Order quantity must be a multiple of the lot size."),
        Refusal.QuantityTooSmall => new("51020", "Your order should meet or exceed the minimum order amount."),
        Refusal.QuantityTooLarge => new("51101", $"Order failed, the sz of the current order can't be more than {instrument.Quantity(instrument.MaxLots)}."),
        Refusal.InsufficientFunds => new("51008", $"Order failed. Insufficient {asset} balance in account."),
        Refusal.NoLiquidity => new("51109", "No available offers."),
        Refusal.Full => new("51025", "Order count exceeds the limit."),
        _ => new("50026", "System error. Try again later", 500),
    };
}
