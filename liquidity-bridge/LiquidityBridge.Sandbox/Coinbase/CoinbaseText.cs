using System.Globalization;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Coinbase;

/// <summary>How Coinbase writes.</summary>
internal static class CoinbaseText
{
    private const string Prefix = "5a7d0000-0000-4000-8000-";

    /// <summary>An identifier in the dress of a UUID.</summary>
    public static string ID(long number) => Prefix + number.ToString("x12", CultureInfo.InvariantCulture);

    /// <summary>The number of such an identifier; 0 when it is none.</summary>
    public static long Number(string id) => id.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(id.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Without zeros at its end.</summary>
    public static string Plain(Int128 scaled, int decimals)
    {
        var text = Decimals.Text(scaled, decimals);
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    public static string Of(Side side) => side == Side.Buy ? "BUY" : "SELL";

    public static string Of(OrdStatus status) => status switch
    {
        OrdStatus.New or OrdStatus.PartiallyFilled => "OPEN",
        OrdStatus.Filled => "FILLED",
        _ => "CANCELLED",
    };

    public static string Of(TimeInForce timeInForce) => timeInForce switch
    {
        TimeInForce.ImmediateOrCancel => "IMMEDIATE_OR_CANCEL",
        TimeInForce.FillOrKill => "FILL_OR_KILL",
        _ => "GOOD_UNTIL_CANCELLED",
    };
}
