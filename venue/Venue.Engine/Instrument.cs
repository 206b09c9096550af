using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>One instrument: its definition, its book and what its trades have moved.</summary>
internal sealed class Instrument<TBookEvents>(in DefineInstrument definition, Book<TBookEvents> book) where TBookEvents : struct, IBookEvents
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
    public long LowestTicks
    {
        get
        {
            if (!HasBand || Definition.BandPpm >= BandScale) return 1;
            // Rounded up: the edge itself must lie within the band.
            return Math.Max(1, (ReferenceTicks * (BandScale - Definition.BandPpm) + BandScale - 1) / BandScale);
        }
    }

    /// <summary>Highest price within the band, in ticks. No order rests above <see cref="Ladder.TicksMax"/>.</summary>
    public long HighestTicks => HasBand
        ? Math.Min(Ladder.TicksMax, ReferenceTicks + ReferenceTicks * Definition.BandPpm / BandScale)
        : Ladder.TicksMax;

    private bool HasBand => Definition.BandPpm > 0 && ReferenceTicks > 0;

    /// <summary>Asset that an order of this side pays with.</summary>
    public int PaidAsset(Side side) => side == Side.Buy ? Definition.QuoteAsset : Definition.BaseAsset;

    /// <summary>The first fault of a new or replaced order's price and quantity.</summary>
    public Reason Check(OrdType ordType, long priceTicks, long lots, OrderFlags flags)
    {
        if (ordType == OrdType.Limit)
        {
            if ((flags & OrderFlags.PriceOffTick) != 0) return Reason.PriceIncrement;
            if ((flags & OrderFlags.PriceTooLarge) != 0 || priceTicks < 1 || priceTicks > Definition.MaxPriceTicks) return Reason.PriceOutOfRange;
            if (priceTicks < LowestTicks || priceTicks > HighestTicks) return Reason.PriceBand;
        }
        if ((flags & OrderFlags.QuantityOffLot) != 0) return Reason.QuantityIncrement;
        if ((flags & OrderFlags.QuantityTooLarge) != 0) return Reason.QuantityTooLarge;
        if (lots < Definition.MinLots) return Reason.QuantityTooSmall;
        if (lots > Definition.MaxLots) return Reason.QuantityTooLarge;
        return Reason.None;
    }

    /// <summary>Takes new limits, fees and band. The reference price changes only when the definer changed it.</summary>
    public void Redefine(in DefineInstrument definition)
    {
        if (definition.ReferenceTicks != Definition.ReferenceTicks) ReferenceTicks = definition.ReferenceTicks;
        LotsEver = Math.Max(LotsEver, definition.MaxLots);
        TicksEver = Math.Max(TicksEver, definition.MaxPriceTicks);
        Book.Grow(new Price(TicksEver));
        Definition = definition;
    }

    /// <summary>What an open order must hold of <see cref="PaidAsset"/>, in atoms.</summary>
    public Int128 Hold(Side side, long limitTicks, long leavesLots, int feePpm) => side == Side.Buy
        ? Money.BuyHold(limitTicks, leavesLots, Definition.TickLotAtoms, feePpm)
        : Money.BaseAtoms(leavesLots, Definition.LotAtoms);
}
