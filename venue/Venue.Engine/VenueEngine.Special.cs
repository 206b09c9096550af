using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>
/// The long path: orders with terms, and any order on an instrument where the short path would be wrong
/// (<see cref="Instrument{TBookEvents}.Special"/>). Events and money are the same; each step asks more.
/// </summary>
public sealed partial class VenueEngine<TEvents>
{
    private readonly SpecialOrders _specials;

    // The order that comes in, defaults filled in.
    private NewSpecialOrder _new;

    private void On(in NewSpecialOrder c)
    {
        _new = c;
        EnterLong();
    }

    /// <summary>An order without terms that cannot go the short path, or that its session's defaults give terms.</summary>
    private void EnterLong(in NewOrder c)
    {
        _new = new NewSpecialOrder { Order = c };
        EnterLong();
    }

    private void EnterLong()
    {
        ref var c = ref _new.Order;
        var session = c.Header.Session;
        var hash = _ids.HashOf(session, in c.ClOrdID);
        var asked = c;
        var reason = CheckLong(hash, out var instrument, out var plan);
        if (reason != Reason.None)
        {
            RefuseNew(in asked, hash, instrument?.Number ?? 0, reason);
            return;
        }

        var slot = _orders.Take();
        ref var order = ref _orders[slot];
        order.Instrument = (ushort)instrument!.Number;
        order.Lots = plan.Lots;
        order.Ticks = plan.Rests || c.OrdType == OrdType.Limit ? (int)plan.Ticks : 0;
        var rates = RatesOf(FirmOf(session), instrument);
        order.Session = session;
        order.ClOrdID = c.ClOrdID;
        order.IDPlace = _ids.Add(in hash, slot);
        order.Open(c.Side, c.OrdType, c.TimeInForce, rates.MakerPpm, rates.TakerPpm);
        Link(slot, session);
        if (_watches) CountNew(slot, in c, _new.Terms.StopTicks, plan.Lots);
        if (HasTerms(in _new)) MakeSpecial(slot);
        Report(slot, ExecType.New, _isLiquidation ? Reason.Liquidation : Reason.None);

        BeginTouching(instrument);
        if (plan.Rests)
        {
            MoveHold(ref order, instrument, plan.Partner == 0 ? HoldOf(slot, instrument) : Join(slot, plan.Partner, instrument));
            if (plan.IsFillable) Put(slot, instrument);
            else End(slot, instrument, ExecType.Canceled, Reason.Unfilled);
        }
        else
        {
            if (plan.IsFillable) Sweep(slot, instrument, plan.ReachTicks, isHeld: false);
            if (order.IsOpen) EndUnheld(slot, Reason.Unfilled);
        }
        EndTouching(instrument);
    }

    /// <summary>True when the order needs a <see cref="SpecialOrder"/> beside it.</summary>
    private static bool HasTerms(in NewSpecialOrder c) =>
        c.Order.OrdType is not (OrdType.Market or OrdType.Limit)
        || c.Order.TimeInForce is not (TimeInForce.GoodTillCancel or TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill)
        || c.Terms.DisplayLots != 0 || c.Terms.MinLots != 0 || c.Terms.SelfTradeGroup != 0 || c.Terms.Instructions != 0 || !c.LinkClOrdID.IsEmpty;

    private void MakeSpecial(int slot)
    {
        ref var special = ref _specials[slot];
        special = new SpecialOrder { Terms = _new.Terms, Age = _seq, OrdType = _new.Order.OrdType, TimeInForce = _new.Order.TimeInForce };
        _orders[slot].MakeSpecial();
        if (special.Terms.ExpireNs == 0) return;
        _specials.Schedule(slot);
        Await(special.Terms.ExpireNs);
    }

    /// <summary>Brings an order whose hold is taken to where it belongs: matches it, rests it, lets it wait.</summary>
    private void Put(int slot, Instrument<Fills> instrument)
    {
        ref var order = ref _orders[slot];
        if (order.IsSpecial)
        {
            ref var special = ref _specials[slot];
            if (special.IsStop)
            {
                if (special.Is(OrderInstructions.TrailingStop) && special.IsListed == 0) _specials.Append(ref instrument.Trails, slot);
                WaitForTrigger(slot, instrument);
                return;
            }
            if (special.OrdType == OrdType.Pegged)
            {
                if (special.IsListed == 0) _specials.Append(ref instrument.Pegs, slot);
                SetPlace(slot, instrument, Place.Nowhere);
                PutPegged(slot, instrument, (instrument.BestTicks(Side.Buy), instrument.BestTicks(Side.Sell)));
                return;
            }
            if (special.IsForAuction && special.IsListed == 0) _specials.Append(ref instrument.ForAuction, slot);
            if (special.TimeInForce == TimeInForce.AtTheClose && instrument.Phase != Phase.CloseAuction) return;
        }
        if (instrument.IsInAuction || SweepHeld(slot, instrument, order.Ticks)) RestOrEnd(slot, instrument, order.Ticks);
    }

    /// <summary>Matches an order whose hold is taken; false when it is done or gone.</summary>
    private bool SweepHeld(int slot, Instrument<Fills> instrument, long limitTicks)
    {
        ref var order = ref _orders[slot];
        Sweep(slot, instrument, limitTicks, isHeld: true);
        if (!order.IsOpen) return false;
        if (order.LeavesLots > 0) return true;
        Finish(slot);
        return false;
    }

    /// <summary>Puts what is left of an order into the book that it belongs to; without room for its level it ends.</summary>
    private void RestOrEnd(int slot, Instrument<Fills> instrument, long ticks)
    {
        ref var order = ref _orders[slot];
        var place = order.IsSpecial && IsDark(in _specials[slot]) ? Place.Dark : Place.Lit;
        var book = place == Place.Lit ? instrument.Book : DarkOf(instrument);
        var price = new Price(ticks);
        if (!book.HasRoom(order.Side, price))
        {
            End(slot, instrument, ExecType.Canceled, Reason.VenueFull);
            return;
        }
        var lots = order.LeavesLots;
        if (order.IsSpecial)
        {
            ref var special = ref _specials[slot];
            var shown = special.Terms.DisplayLots is > 0 and var display ? Math.Min(display, lots) : lots;
            special.ReserveLots = lots - shown;
            lots = shown;
        }
        if (place == Place.Lit) Requeue(slot);
        book.Rest(slot, order.Side, price, new Quantity(lots));
        if (place == Place.Lit) Touch(order.Side, (int)ticks);
        if (!order.IsSpecial) return;
        book.AddReserve(slot, new Quantity(_specials[slot].ReserveLots));
        SetPlace(slot, instrument, place);
    }

    /// <summary>Takes an open order out of the book that it stands in; its hold stays, and its place among those that follow.</summary>
    private void Lift(int slot, Instrument<Fills> instrument)
    {
        ref var order = ref _orders[slot];
        if (!order.IsSpecial)
        {
            Touch(order.Side, order.Ticks);
            instrument.Book.Cancel(slot);
            return;
        }
        ref var special = ref _specials[slot];
        switch (special.Place)
        {
            case Place.Lit:
                Touch(order.Side, order.Ticks);
                instrument.Book.AddReserve(slot, new Quantity(-special.ReserveLots));
                instrument.Book.Cancel(slot);
                break;
            case Place.Dark:
                instrument.Dark!.Cancel(slot);
                break;
            case Place.Stops:
                instrument.Stops(special.Terms.Trigger)!.Cancel(slot);
                break;
            default: break;
        }
        special.ReserveLots = 0;
        SetPlace(slot, instrument, Place.Nowhere);
    }

    /// <summary>Ends an open order, wherever it stands, and reports it.</summary>
    private void End(int slot, Instrument<Fills> instrument, ExecType execType, Reason reason)
    {
        TakeOut(slot, instrument);
        Report(slot, execType, reason);
    }

    /// <summary>Ends an incoming order that holds nothing; one that traded in full needs no report.</summary>
    private void EndUnheld(int slot, Reason reason)
    {
        Finish(slot);
        if (_orders[slot].CumLots < _orders[slot].Lots) Report(slot, ExecType.Canceled, reason);
    }

    /// <summary>The order is done: nothing of its terms may act any more.</summary>
    private void Forget(int slot)
    {
        ref var special = ref _specials[slot];
        var instrument = _instruments[_orders[slot].Instrument]!;
        _specials.Unschedule(slot);
        if (special.IsListed != 0) _specials.Remove(ref ListOf(in special, instrument), slot);
        SetPlace(slot, instrument, Place.Nowhere);
        if (special.IsCounted != 0) instrument.Special--;
        special.IsCounted = 0;
        if (_orders[slot].IsQuote) ForgetQuote(slot);
    }

    /// <summary>Where the order stands now, and whether the instrument's plain orders must mind it.</summary>
    private void SetPlace(int slot, Instrument<Fills> instrument, Place place)
    {
        ref var special = ref _specials[slot];
        special.Place = place;
        var counts = place is Place.Dark or Place.Stops || special.Partner != 0 || special.OrdType == OrdType.Pegged
            || (place == Place.Lit && special.Terms.DisplayLots != 0);
        if (counts == (special.IsCounted != 0)) return;
        special.IsCounted = counts ? (byte)1 : (byte)0;
        instrument.Special += counts ? 1 : -1;
    }

    private static ref SlotList ListOf(in SpecialOrder special, Instrument<Fills> instrument)
    {
        if (special.IsForAuction) return ref instrument.ForAuction;
        if (special.OrdType == OrdType.Pegged) return ref instrument.Pegs;
        return ref instrument.Trails;
    }

    private static bool IsDark(in SpecialOrder special) => special.Is(OrderInstructions.Hidden) || special.OrdType == OrdType.Pegged;

    private Book<Fills> DarkOf(Instrument<Fills> instrument) => instrument.Dark ??= new Book<Fills>(_slab, _pages, new Price(instrument.TicksEver), default);
}
