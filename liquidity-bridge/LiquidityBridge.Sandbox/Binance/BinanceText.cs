using System.Globalization;
using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>Binance's way of writing: numbers in quotes with eight decimals, times in milliseconds.</summary>
internal static class BinanceText
{
    private const int Decimals8 = 8;

    public static string Of(Side side) => side == Side.Buy ? "BUY" : "SELL";

    public static string Of(TimeInForce timeInForce) => timeInForce switch
    {
        TimeInForce.ImmediateOrCancel => "IOC",
        TimeInForce.FillOrKill => "FOK",
        _ => "GTC",
    };

    public static string Type(Order order) => order.Request.Type == OrdType.Market ? "MARKET" : order.Request.PostOnly ? "LIMIT_MAKER" : "LIMIT";

    /// <summary>NEW, PARTIALLY_FILLED, FILLED, CANCELED, or EXPIRED for what could not trade at once.</summary>
    public static string Status(Order order) => order.Status switch
    {
        OrdStatus.New => "NEW",
        OrdStatus.PartiallyFilled => "PARTIALLY_FILLED",
        OrdStatus.Filled => "FILLED",
        _ => order.Request.Type == OrdType.Market || order.Request.TimeInForce != TimeInForce.GoodTillCancel ? "EXPIRED" : "CANCELED",
    };

    /// <summary>Milliseconds since 1970.</summary>
    public static long Ms(long ns) => ns / 1_000_000;

    public static string Px(this Instrument i, long ticks) => Decimals.Text((Int128)ticks * Decimals.Power(Decimals8 - i.PriceDecimals), Decimals8);

    public static string Sz(this Instrument i, long lots) => Decimals.Text((Int128)lots * Decimals.Power(Decimals8 - i.QtyDecimals), Decimals8);

    /// <summary>An amount; finer than eight decimals is cut off.</summary>
    public static string Amount(Int128 atoms) => Decimals.Text(atoms / Decimals.Power(Instrument.AtomDecimals - Decimals8), Decimals8);

    public static void Levels(Utf8JsonWriter w, string name, Instrument i, IEnumerable<(long Ticks, long Lots)> levels)
    {
        w.WriteStartArray(name);
        foreach (var (ticks, lots) in levels)
        {
            w.WriteStartArray();
            w.WriteStringValue(i.Px(ticks));
            w.WriteStringValue(i.Sz(lots));
            w.WriteEndArray();
        }
        w.WriteEndArray();
    }

}
