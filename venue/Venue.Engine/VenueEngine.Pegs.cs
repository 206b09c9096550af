using Venue.Messages;

namespace Venue.Engine;

/// <summary>Pegged orders: hidden, at the best shown price of their side or the middle, plus an offset, never beyond their limit.</summary>
/// <remarks>Only shown orders are pegged to, so that a pegged order never moves by another.</remarks>
public sealed partial class VenueEngine<TEvents>
{
    // The pegged orders of one pass: the list changes while they move.
    private readonly int[] _pegPass = new int[Instrument<Fills>.FollowMax];

    /// <summary>Moves all pegged orders, oldest first, when the best shown prices are not those that they were put by; false when they are.</summary>
    private bool MovePegs(Instrument<Fills> instrument)
    {
        var best = (instrument.BestTicks(Side.Buy), instrument.BestTicks(Side.Sell));
        if (instrument.Pegs.Count == 0 || best == instrument.PeggedTo) return false;
        instrument.PeggedTo = best;
        var count = 0;
        for (var slot = instrument.Pegs.First; slot != 0; slot = _specials[slot].After) _pegPass[count++] = slot;
        // No slot is taken anew before the pass ends, so that one which closes meanwhile is not another's.
        foreach (var slot in _pegPass.AsSpan(0, count))
            if (_orders[slot].IsOpen && instrument.Phase == Phase.Continuous) PutPegged(slot, instrument, best);
        return true;
    }

    /// <summary>Brings a pegged order to where these best prices want it; one that they give no price waits.</summary>
    private void PutPegged(int slot, Instrument<Fills> instrument, (long Bid, long Ask) best)
    {
        ref var special = ref _specials[slot];
        var ticks = instrument.Phase == Phase.Continuous ? PeggedTicks(slot, best) : 0;
        if (special.Place == Place.Dark)
        {
            if (_slab[slot].Ticks == ticks) return;
            Lift(slot, instrument);
        }
        // It may have begun a volatility auction, in which there is no price to follow: then it waits as all others do.
        if (ticks > 0 && SweepHeld(slot, instrument, ticks) && instrument.Phase == Phase.Continuous) RestOrEnd(slot, instrument, ticks);
    }

    /// <summary>0 when the best price that it is pegged to is missing, or the offset leaves no price.</summary>
    private long PeggedTicks(int slot, (long Bid, long Ask) best)
    {
        ref var order = ref _orders[slot];
        ref var special = ref _specials[slot];
        var isBuy = order.Side == Side.Buy;
        long peg;
        if (special.Is(OrderInstructions.PegPrimary)) peg = isBuy ? best.Bid : best.Ask;
        // Between two ticks the middle goes to the order's own side, so that two halves never make it cross.
        else peg = best.Bid == 0 || best.Ask == 0 ? 0 : (best.Bid + best.Ask + (isBuy ? 0 : 1)) / 2;
        if (peg == 0) return 0;
        var ticks = peg + special.Terms.OffsetTicks;
        ticks = isBuy ? Math.Min(ticks, order.Ticks) : Math.Max(ticks, order.Ticks);
        return ticks < 1 || ticks > _instruments[order.Instrument]!.TicksEver ? 0 : ticks;
    }

    /// <summary>Takes the pegged orders out of the book: there are no prices to follow.</summary>
    private void ParkPegs(Instrument<Fills> instrument)
    {
        for (var slot = instrument.Pegs.First; slot != 0; slot = _specials[slot].After)
            if (_specials[slot].Place == Place.Dark) Lift(slot, instrument);
        instrument.PeggedTo = default;
    }
}
