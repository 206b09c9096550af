using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>What makes a definition consistent, in itself and with an earlier one.</summary>
internal static class Definitions
{
    private const int DecimalsMax = 18;
    public const int FeePpmMax = 999_999;
    // A week: no time can overflow by it.
    public const long LongestNs = 7L * 86_400 * 1_000_000_000;

    public static bool IsSound(in DefineAsset c) => c.Decimals is >= 0 and <= DecimalsMax && c.Code.Length > 0;

    /// <summary>True when every number is in range and LotAtoms and TickLotAtoms are exactly what the sizes say.</summary>
    public static bool IsSound(in DefineInstrument c, int baseDecimals, int quoteDecimals)
    {
        if (c.Symbol.Length == 0 || c.BaseAsset == c.QuoteAsset) return false;
        if (c.TickMantissa < 1 || c.LotMantissa < 1 || c.LotAtoms < 1 || c.TickLotAtoms < 1) return false;
        if (c.TickDecimals is < 0 or > DecimalsMax || c.LotDecimals is < 0 or > DecimalsMax) return false;
        if (c.MakerFeePpm is < 0 or > FeePpmMax || c.TakerFeePpm is < 0 or > FeePpmMax || c.BandPpm < 0) return false;
        if (c.MinLots < 1 || c.MinLots > c.MaxLots || c.MaxLots > Money.LotsMax) return false;
        if (c.MaxPriceTicks is < 1 or > Ladder.TicksMax || c.ReferenceTicks < 0 || c.ReferenceTicks > c.MaxPriceTicks) return false;
        if (!FitsNotional(c.MaxLots, c.MaxPriceTicks, c.TickLotAtoms)) return false;
        return AreScaled((UInt128)c.LotMantissa, c.LotAtoms, baseDecimals - c.LotDecimals)
            && AreScaled((UInt128)c.TickMantissa * (UInt128)c.LotMantissa, c.TickLotAtoms, quoteDecimals - c.TickDecimals - c.LotDecimals);
    }

    public static bool IsSound(in DefineTrading c) =>
        c is { StaticBandPpm: >= 0, DynamicBandPpm: >= 0, DayEnd: >= 0 and <= 86_400, VolatilityAuctionNs: >= 0 and <= LongestNs, IndicativeNs: >= 0 and <= LongestNs, HaltRefusesCancels: <= 1 }
        && c.Allocation <= Allocation.PriceSizeTime;

    /// <summary>True when an order of this size at this price cannot pass <see cref="Money.NotionalMax"/>.</summary>
    public static bool FitsNotional(long lots, long ticks, long tickLotAtoms) =>
        // 40 and 28 bits cannot overflow; the third factor is divided by instead.
        (UInt128)lots * (UInt128)ticks <= Money.NotionalMax / (UInt128)tickLotAtoms;

    /// <summary>True when what must never change is the same: resting orders and balances are counted in it.</summary>
    public static bool HasSameUnits(in DefineInstrument a, in DefineInstrument b) =>
        a.BaseAsset == b.BaseAsset && a.QuoteAsset == b.QuoteAsset && a.Symbol == b.Symbol
        && a.TickMantissa == b.TickMantissa && a.TickDecimals == b.TickDecimals
        && a.LotMantissa == b.LotMantissa && a.LotDecimals == b.LotDecimals;

    public static bool AreSame(in DefineAsset a, in DefineAsset b) => a.Decimals == b.Decimals && a.Code == b.Code;

    public static bool AreSame(in DefineFirm a, in DefineFirm b) => a.Name == b.Name;

    public static bool AreSame(in DefineSession a, in DefineSession b) =>
        a.Firm == b.Firm && a.ClientCompID == b.ClientCompID && a.VenueCompID == b.VenueCompID;

    /// <summary>True when atoms = mantissa * 10^exponent, exactly.</summary>
    private static bool AreScaled(UInt128 mantissa, long atoms, int exponent)
    {
        // The side with the power of ten grows past 128 bits only when it is the larger one by far.
        var (small, large) = exponent >= 0 ? (mantissa, (UInt128)atoms) : ((UInt128)atoms, mantissa);
        for (var power = Math.Abs(exponent); power > 0; power--)
        {
            if (small > UInt128.MaxValue / 10) return false;
            small *= 10;
        }
        return small == large;
    }
}
