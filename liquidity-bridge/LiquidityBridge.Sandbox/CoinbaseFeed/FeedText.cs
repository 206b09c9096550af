using System.Globalization;
using LiquidityBridge.Sandbox.Coinbase;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>How Coinbase Exchange writes.</summary>
internal static class FeedText
{
    /// <summary>As in Advanced Trade, which is the same house.</summary>
    public static string ID(long number) => CoinbaseText.ID(number);

    /// <summary>Without zeros at its end.</summary>
    public static string Plain(Int128 scaled, int decimals) => CoinbaseText.Plain(scaled, decimals);

    public static string Of(Side side) => side == Side.Buy ? "buy" : "sell";

    public static string Of(OrdStatus status) => status is OrdStatus.New or OrdStatus.PartiallyFilled ? "open" : "done";

    public static string Of(TimeInForce timeInForce) => timeInForce switch
    {
        TimeInForce.ImmediateOrCancel => "IOC",
        TimeInForce.FillOrKill => "FOK",
        _ => "GTC",
    };

    /// <summary>Seconds since 1970 with six decimals.</summary>
    public static string Epoch(long ns) => string.Create(CultureInfo.InvariantCulture, $"{ns / 1_000_000_000}.{ns % 1_000_000_000 / 1000:000000}");
}
