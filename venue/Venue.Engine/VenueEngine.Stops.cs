using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Stop orders: they wait in books of their own, by stop price, and are woken one by one.</summary>
public sealed partial class VenueEngine<TEvents>
{
    /// <summary>Does what trades and new best prices set off: trailing stops move, stops are triggered, pegged orders move, until nothing does.</summary>
    /// <remarks>It ends: each stop is triggered once, and pegged orders move again only after a trade has changed the best prices.</remarks>
    private void FollowMarket(Instrument<Fills> instrument)
    {
        while (instrument.Phase == Phase.Continuous)
        {
            PullTripped(instrument);
            MoveTrails(instrument);
            if (NextTriggered(instrument) is not 0 and var slot) Trigger(slot, instrument);
            else if (!MovePegs(instrument)) return;
        }
    }

    private void On(in SetIndexPrice c)
    {
        var instrument = InstrumentOf(c.Instrument);
        if (instrument is null || c.PriceTicks < 1 || c.PriceTicks > Ladder.TicksMax)
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        instrument.IndexTicks = c.PriceTicks;
        NoteIndex(c.Instrument);
        BeginTouching(instrument);
        EndTouching(instrument);
    }

    /// <summary>Puts a stop order where its trigger finds it; a buy, which waits for a rise, stands as a sell does: lowest first.</summary>
    private void WaitForTrigger(int slot, Instrument<Fills> instrument)
    {
        ref var special = ref _specials[slot];
        ref var order = ref _orders[slot];
        var stops = instrument.StopsFor(special.Terms.Trigger, _slab, _pages);
        var price = new Price(special.Terms.StopTicks);
        if (!stops.HasRoom(Opposite(order.Side), price))
        {
            End(slot, instrument, ExecType.Canceled, Reason.VenueFull);
            return;
        }
        stops.Rest(slot, Opposite(order.Side), price, new Quantity(order.LeavesLots));
        SetPlace(slot, instrument, Place.Stops);
    }

    /// <summary>The stop order to wake first: by last trade, by quote, by index; in each buys before sells, the first to be reached, the oldest. 0 for none.</summary>
    private static int NextTriggered(Instrument<Fills> instrument)
    {
        foreach (var trigger in (ReadOnlySpan<TriggerPrice>)[TriggerPrice.LastTrade, TriggerPrice.Quote, TriggerPrice.Index])
        {
            var stops = instrument.Stops(trigger);
            if (stops is null) continue;
            var rising = instrument.Watched(trigger, Side.Buy);
            if (rising > 0 && stops.TryBest(Side.Sell, out var lowest) && lowest.Ticks <= rising) return stops.LevelAt(Side.Sell, lowest).Head;
            var falling = instrument.Watched(trigger, Side.Sell);
            if (falling > 0 && stops.TryBest(Side.Buy, out var highest) && highest.Ticks >= falling) return stops.LevelAt(Side.Buy, highest).Head;
        }
        return 0;
    }

    private void Trigger(int slot, Instrument<Fills> instrument)
    {
        ref var order = ref _orders[slot];
        ref var special = ref _specials[slot];
        var partner = PartWith(slot, instrument);
        Lift(slot, instrument);
        if (special.IsListed != 0) _specials.Remove(ref instrument.Trails, slot);
        special.IsTriggered = 1;
        Report(slot, ExecType.Triggered, Reason.None);
        EndParted(partner);
        if (special.OrdType == OrdType.StopLimit) Put(slot, instrument);
        else if (SweepHeld(slot, instrument, order.Ticks)) End(slot, instrument, ExecType.Canceled, Reason.Unfilled);
    }

    /// <summary>Moves the trailing stops whose market has gone their way; their limits move with them.</summary>
    private void MoveTrails(Instrument<Fills> instrument)
    {
        if (instrument.Trails.Count == 0) return;
        for (var slot = instrument.Trails.First; slot != 0;)
        {
            var after = _specials[slot].After;
            ref var order = ref _orders[slot];
            ref var terms = ref _specials[slot].Terms;
            var watched = instrument.Watched(terms.Trigger, order.Side);
            var stop = order.Side == Side.Buy ? watched + terms.OffsetTicks : watched - terms.OffsetTicks;
            if (watched > 0 && (order.Side == Side.Buy ? stop < terms.StopTicks : stop > terms.StopTicks)) MoveStop(slot, instrument, stop);
            slot = after;
        }
    }

    private void MoveStop(int slot, Instrument<Fills> instrument, long stopTicks)
    {
        ref var order = ref _orders[slot];
        ref var special = ref _specials[slot];
        var held = HoldOf(slot, instrument);
        var limit = special.OrdType == OrdType.Stop
            ? instrument.Protection(order.Side, stopTicks)
            : Math.Clamp(order.Ticks + stopTicks - special.Terms.StopTicks, 1, instrument.TicksEver);
        // A later, wider band must not make the hold grow: nobody asked whether there is enough.
        if (order.Side == Side.Buy) limit = Math.Min(limit, order.Ticks);
        Lift(slot, instrument);
        special.Terms.StopTicks = (int)stopTicks;
        order.Ticks = (int)limit;
        MoveHold(ref order, instrument, HoldOf(slot, instrument) - held);
        WaitForTrigger(slot, instrument);
    }
}
