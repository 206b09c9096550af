using System.Runtime.CompilerServices;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>One instrument: its definition, its book and what its trades have moved.</summary>
internal sealed partial class Instrument<TBookEvents>(in DefineInstrument definition, Book<TBookEvents> book) where TBookEvents : struct, IBookEvents
{
    private const int BandScale = 1_000_000;

    public DefineInstrument Definition = definition;

    public readonly Book<TBookEvents> Book = book;

    /// <summary>Number of the last trade; 0 before the first.</summary>
    public long LastTradeID;

    /// <summary>Centre of the price band in ticks: the last trade's price, before it the definer's; 0 for none.</summary>
    public long ReferenceTicks = definition.ReferenceTicks;

    /// <summary>Highest of all limits so far: orders accepted under an earlier one may still rest.</summary>
    public long LotsEver = definition.MaxLots;

    /// <inheritdoc cref="LotsEver"/>
    public long TicksEver = definition.MaxPriceTicks;

    public int Number => Definition.Instrument;

    /// <summary>Lowest price within the band, in ticks.</summary>
    public long LowestTicks => HasBand ? Lower(ReferenceTicks, Definition.BandPpm) : 1;

    /// <summary>Highest price within the band, in ticks. No order rests above <see cref="Ladder.TicksMax"/>.</summary>
    public long HighestTicks => HasBand ? Upper(ReferenceTicks, Definition.BandPpm) : Ladder.TicksMax;

    private bool HasBand => Definition.BandPpm > 0 && ReferenceTicks > 0;

    /// <summary>Asset that an order of this side pays with.</summary>
    public int PaidAsset(Side side) => side == Side.Buy ? Definition.QuoteAsset : Definition.BaseAsset;

    /// <summary>The first fault of a plain order's price and quantity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Reason Check(OrdType ordType, long priceTicks, long lots, OrderFlags flags)
    {
        if (ordType == OrdType.Limit)
        {
            if ((flags & OrderFlags.PriceOffTick) != 0) return Reason.PriceIncrement;
            if ((flags & OrderFlags.PriceTooLarge) != 0 || priceTicks < 1 || priceTicks > Definition.MaxPriceTicks) return Reason.PriceOutOfRange;
            if (CheckBand(priceTicks) is not Reason.None and var reason) return reason;
        }
        return CheckLots(lots, flags);
    }

    /// <summary>The fault of a limit too far from the reference price.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Reason CheckBand(long ticks) => ticks < LowestTicks || ticks > HighestTicks ? Reason.PriceBand : Reason.None;

    /// <summary>The first fault of a quantity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Reason CheckLots(long lots, OrderFlags flags)
    {
        if ((flags & OrderFlags.QuantityOffLot) != 0) return Reason.QuantityIncrement;
        if ((flags & OrderFlags.QuantityTooLarge) != 0) return Reason.QuantityTooLarge;
        if (lots < Definition.MinLots) return Reason.QuantityTooSmall;
        if (lots > Definition.MaxLots) return Reason.QuantityTooLarge;
        return Reason.None;
    }

    /// <summary>Lowest price that is no further below a centre than so many millionths of it, at least 1.</summary>
    private static long Lower(long centreTicks, int ppm) =>
        // Rounded up: the edge itself must lie within.
        ppm >= BandScale ? 1 : Math.Max(1, (centreTicks * (BandScale - ppm) + BandScale - 1) / BandScale);

    /// <summary>Highest price that is no further above a centre than so many millionths of it.</summary>
    private static long Upper(long centreTicks, int ppm) => Math.Min(Ladder.TicksMax, centreTicks + centreTicks * ppm / BandScale);

    /// <summary>Takes new limits, fees and band. The reference price changes only when the definer changed it.</summary>
    public void Redefine(in DefineInstrument definition)
    {
        if (definition.ReferenceTicks != Definition.ReferenceTicks) ReferenceTicks = StaticTicks = definition.ReferenceTicks;
        LotsEver = Math.Max(LotsEver, definition.MaxLots);
        TicksEver = Math.Max(TicksEver, definition.MaxPriceTicks);
        Book.Grow(new Price(TicksEver));
        Dark?.Grow(new Price(TicksEver));
        foreach (var stops in _stops) stops?.Grow(new Price(TicksEver));
        Definition = definition;
    }

    /// <summary>What an open order must hold of <see cref="PaidAsset"/>, in atoms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Int128 Hold(Side side, long limitTicks, long leavesLots, int feePpm) => side == Side.Buy
        ? Money.BuyHold(limitTicks, leavesLots, Definition.TickLotAtoms, feePpm)
        : Money.BaseAtoms(leavesLots, Definition.LotAtoms);
}
