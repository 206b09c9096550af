using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Venue.Engine;

/// <summary>Prices and quantities turned into atoms. All arguments are checked before; nothing here can overflow.</summary>
/// <remarks>
/// An instrument is defined only when MaxLots * MaxPriceTicks * TickLotAtoms does not pass 2^110, and an order is
/// accepted only within those limits. So a notional is at most 2^110 atoms, a hold at most twice that.
/// </remarks>
internal static class Money
{
    /// <summary>Rates are in 1e-6 of the notional.</summary>
    private const uint PpmScale = 1_000_000;

    /// <summary>Largest notional of one order, in quote atoms.</summary>
    public static readonly UInt128 NotionalMax = UInt128.One << 110;

    /// <summary>Most lots that an instrument may allow in one order.</summary>
    public const long LotsMax = 1L << 40;

    /// <summary>Price times quantity, in quote atoms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int128 Notional(long ticks, long lots, long tickLotAtoms) =>
        // 28 and 40 bits can need 68 together, but almost always fit 64.
        Fits((ulong)ticks, (ulong)lots, out var tickLots) && Fits(tickLots, (ulong)tickLotAtoms, out var atoms)
            ? new Int128(0, atoms)
            : WideNotional(ticks, lots, tickLotAtoms);

    /// <summary>The fee of one fill, rounded down to a whole atom; a rebate, which is negative, likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int128 Fee(Int128 notional, int ppm)
    {
        if (ppm < 0 || (ulong)(notional >> 64) != 0) return WideFee(notional, ppm);
        var whole = (ulong)notional / PpmScale;
        return new Int128(0, whole * (uint)ppm + ((ulong)notional - whole * PpmScale) * (uint)ppm / PpmScale);
    }

    /// <summary>What an open buy must hold: its cost at the limit with the higher of its fee rates.</summary>
    /// <remarks>
    /// Filling q of it releases hold(leaves) - hold(leaves - q). That is never less than the fill's cost and fee,
    /// because floor(a + b) is at least floor(a) + floor(b) and fills are at the limit or better.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int128 BuyHold(long limitTicks, long leavesLots, long tickLotAtoms, int ppm)
    {
        var notional = Notional(limitTicks, leavesLots, tickLotAtoms);
        return notional + Fee(notional, ppm);
    }

    /// <summary>The most lots, up to <see cref="LotsMax"/>, whose cost at a price and its fee do not pass an amount that is not negative.</summary>
    public static long LotsFor(Int128 atoms, long ticks, long tickLotAtoms, int ppm)
    {
        var unit = Notional(ticks, 1, tickLotAtoms);
        if (unit > atoms) return 0;
        var most = (long)Int128.Min(atoms / unit, LotsMax);
        if (BuyHold(ticks, most, tickLotAtoms, ppm) <= atoms) return most;
        // Rounding makes the exact answer no formula of its own; the search takes at most 40 steps.
        long least = 0;
        while (most - least > 1)
        {
            var middle = least + (most - least) / 2;
            if (BuyHold(ticks, middle, tickLotAtoms, ppm) <= atoms) least = middle;
            else most = middle;
        }
        return least;
    }

    /// <summary>Lots in base atoms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int128 BaseAtoms(long lots, long lotAtoms) =>
        Fits((ulong)lots, (ulong)lotAtoms, out var atoms) ? new Int128(0, atoms) : Math.BigMul(lots, lotAtoms);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Int128 WideNotional(long ticks, long lots, long tickLotAtoms)
    {
        var high = Math.BigMul((ulong)ticks, (ulong)lots, out var tickLots);
        return (Int128)(new UInt128(high, tickLots) * (ulong)tickLotAtoms);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Int128 WideFee(Int128 notional, int ppm)
    {
        if (ppm < 0) return -Fee(notional, -ppm);
        // notional * ppm may pass 2^127, so the whole millions come first; the remainder's share is exact.
        var (millions, rest) = UInt128.DivRem((UInt128)notional, PpmScale);
        return (Int128)(millions * (uint)ppm + (ulong)rest * (uint)ppm / PpmScale);
    }

    /// <summary>The product, when it fits 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fits(ulong a, ulong b, out ulong product)
    {
        // The library's product goes through memory.
        if (!Bmi2.X64.IsSupported) return Math.BigMul(a, b, out product) == 0;
        product = unchecked(a * b);
        return Bmi2.X64.MultiplyNoFlags(a, b) == 0;
    }
}
