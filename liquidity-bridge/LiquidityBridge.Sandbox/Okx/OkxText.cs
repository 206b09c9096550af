using System.Globalization;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>How OKX writes: numbers and times as texts, numbers without zeros at their end.</summary>
internal static class OkxText
{
    private const long FirstOrdId = 2_500_000_000_000_000;
    private const int FirstCode = 10_000;

    /// <summary>"8477", "0.1", "0".</summary>
    public static string Number(Int128 scaled, int decimals)
    {
        var text = Decimals.Text(scaled, decimals);
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>px.</summary>
    public static string Px(this Instrument instrument, long ticks) => Number(ticks, instrument.PriceDecimals);

    /// <summary>sz.</summary>
    public static string Sz(this Instrument instrument, long lots) => Number(lots, instrument.QtyDecimals);

    /// <summary>Atoms of any asset.</summary>
    public static string Amount(Int128 atoms) => Number(atoms, Instrument.AtomDecimals);

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public static string Ms(long ns) => (ns / 1_000_000).ToString(CultureInfo.InvariantCulture);

    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    public static string Us(long ns) => (ns / 1000).ToString(CultureInfo.InvariantCulture);

    public static string OrdId(long number) => (FirstOrdId + number).ToString(CultureInfo.InvariantCulture);

    /// <summary>The number of an ordId; 0 when it is none.</summary>
    public static long OrderNumber(string ordId) => long.TryParse(ordId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > FirstOrdId ? id - FirstOrdId : 0;

    /// <summary>instIdCode.</summary>
    public static int Code(Instrument instrument) => FirstCode + instrument.Index;

    public static string Of(Side side) => side == Side.Buy ? "buy" : "sell";

    public static string Of(OrdStatus status) => status switch
    {
        OrdStatus.New => "live",
        OrdStatus.PartiallyFilled => "partially_filled",
        OrdStatus.Filled => "filled",
        _ => "canceled",
    };
}
