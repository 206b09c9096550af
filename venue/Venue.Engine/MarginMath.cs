using Venue.Messages;

namespace Venue.Engine;

/// <summary>What an asset counts for margin: its definition, and what an index price makes of it.</summary>
/// <param name="Asset">Its number.</param>
/// <param name="Instrument">That values it; 0 for the unit.</param>
/// <param name="HaircutBps">In 1e-4 of the value.</param>
internal readonly record struct MarginAsset(int Asset, int Instrument, int HaircutBps);

/// <summary>Values of an account, in atoms of the unit.</summary>
/// <param name="Equity">Balances above zero less their haircuts, less those below zero with theirs added.</param>
/// <param name="Debt">Of the balances below zero.</param>
/// <param name="Net">Without haircuts: below zero nobody could be paid from it.</param>
internal readonly record struct MarginView(Int128 Equity, Int128 Debt, Int128 Net);

/// <summary>Values for margin, in whole atoms, rounded against the account. Nothing here can overflow.</summary>
/// <remarks>
/// A value is capped at 2^96, so that 64 assets with their haircuts and ratios stay far below 2^127. What is owed and reaches the cap is
/// more than any account is taken to be able to pay: see <see cref="IsPayable"/>.
/// </remarks>
internal static class MarginMath
{
    public const int BpsScale = 10_000;
    public const int RatioBpsMax = 100_000;
    public const int AssetsMax = 64;

    /// <summary>Largest value of one balance, in atoms of the unit.</summary>
    public static readonly Int128 ValueMax = Int128.One << 96;

    /// <summary>True when no debt was capped.</summary>
    public static bool IsPayable(Int128 debt) => debt < ValueMax;

    /// <summary>What so many atoms, not negative, are worth by the lot; parts of a lot are nothing, or a whole one when rounded up.</summary>
    public static Int128 Value(Int128 atoms, long lotAtoms, long ticks, long tickLotAtoms, bool roundsUp)
    {
        var (lots, rest) = UInt128.DivRem((UInt128)atoms, (UInt128)lotAtoms);
        if (roundsUp && rest > 0) lots++;
        if (lots == 0) return 0;
        // At most 28 and 63 bits.
        var each = (UInt128)ticks * (UInt128)tickLotAtoms;
        // Without an index price what is owed cannot be told, and what is owned is nothing.
        if (each == 0) return roundsUp ? ValueMax : 0;
        return lots > (UInt128)ValueMax / each ? ValueMax : (Int128)(lots * each);
    }

    /// <summary>A value less its haircut, rounded down.</summary>
    public static Int128 Less(Int128 value, int haircutBps) => value * (BpsScale - haircutBps) / BpsScale;

    /// <summary>A value less its haircut, rounded up: what its loss takes away at most.</summary>
    public static Int128 LessUp(Int128 value, int haircutBps) => (value * (BpsScale - haircutBps) + BpsScale - 1) / BpsScale;

    /// <summary>A value and its haircut on top, rounded up.</summary>
    public static Int128 More(Int128 value, int haircutBps) => (value * (BpsScale + haircutBps) + BpsScale - 1) / BpsScale;

    /// <summary>The equity that debts ask for, rounded up.</summary>
    public static Int128 Required(Int128 debt, int ratioBps) => (debt * ratioBps + BpsScale - 1) / BpsScale;

    /// <summary>A price so many hundredths of a percent below another, at least 1.</summary>
    public static long Below(long ticks, int bps) => Math.Max(1, (ticks * (BpsScale - bps) + BpsScale - 1) / BpsScale);

    /// <summary>A price so many hundredths of a percent above another.</summary>
    public static long Above(long ticks, int bps) => ticks * (BpsScale + bps) / BpsScale;

    /// <summary>Whole lots whose sale at a price, the fee paid, brings at least so much.</summary>
    public static long LotsToRaise(Int128 atoms, long ticks, long tickLotAtoms, int feePpm)
    {
        const int ppm = 1_000_000;
        // At most 2^96 * 2^20, and 2^91 * 2^20.
        var wanted = (UInt128)Int128.Min(atoms, ValueMax) * ppm;
        var each = (UInt128)ticks * (UInt128)tickLotAtoms * (UInt128)(ppm - feePpm);
        var lots = (wanted + each - 1) / each;
        return lots > (UInt128)Money.LotsMax ? Money.LotsMax : (long)lots;
    }
}
