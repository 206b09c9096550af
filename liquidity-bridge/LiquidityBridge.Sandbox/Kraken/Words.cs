using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>Kraken's words for the exchange's values.</summary>
internal static class Words
{
    public static string Of(Side side) => side == Side.Buy ? "buy" : "sell";

    public static string Of(OrdType type) => type == OrdType.Market ? "market" : "limit";

    public static string Of(TimeInForce timeInForce) => timeInForce switch
    {
        TimeInForce.ImmediateOrCancel => "IOC",
        TimeInForce.FillOrKill => "FOK",
        _ => "GTC",
    };

    public static string Of(OrdStatus status) => status switch
    {
        OrdStatus.New => "new",
        OrdStatus.PartiallyFilled => "partially_filled",
        OrdStatus.Filled => "filled",
        _ => "canceled",
    };

    public static string Of(CancelReason reason) => reason switch
    {
        CancelReason.Requested => "User requested",
        CancelReason.AmendedAway => "Amended below filled quantity",
        _ => "Not filled at once",
    };

    /// <summary>Error texts of docs.kraken.com, "Error messages"; the last two are ours.</summary>
    public static string Of(Refusal refusal, Instrument? instrument) => refusal switch
    {
        Refusal.Halted => "EService:Market in cancel_only mode",
        Refusal.InvalidPrice => $"EOrder:Invalid price:{instrument?.Symbol} price can only be specified up to {instrument?.PriceDecimals} decimals.",
        Refusal.InvalidQuantity or Refusal.QuantityTooLarge => "EGeneral:Invalid arguments:volume",
        Refusal.QuantityTooSmall => "EOrder:Order minimum not met (volume too low)",
        Refusal.InsufficientFunds => "EOrder:Insufficient funds",
        Refusal.PostOnly => "EOrder:Post only order",
        Refusal.Full => "EOrder:Orders limit exceeded",
        Refusal.UnknownOrder or Refusal.TooLate => "EOrder:Unknown order",
        Refusal.NoLiquidity => "EOrder:Insufficient liquidity",
        _ => "EGeneral:Internal error",
    };
}
