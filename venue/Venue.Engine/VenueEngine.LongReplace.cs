using Venue.Messages;

namespace Venue.Engine;

/// <summary>Replacing an order that has terms, or that stands where the long path is needed.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private void ReplaceLong(in ReplaceOrder c, in OrderTerms asked, int slot, in IDHash hash)
    {
        ref var order = ref _orders[slot];
        var instrument = _instruments[order.Instrument]!;
        var terms = order.IsSpecial ? Amended(in _specials[slot].Terms, in asked) : default;
        var reason = CheckLongReplace(in c, in asked, in terms, slot, instrument, out var ticks);
        if (reason != Reason.None)
        {
            Remember(in hash, reason);
            RejectRequest(c.Header.Session, in c.ClOrdID, in c.OrigClOrdID, CancelRejectTo.Replace, slot, reason);
            return;
        }

        BeginTouching(instrument);
        Rename(ref order, slot, in hash, in c.ClOrdID);

        var isSame = ticks == order.Ticks && (!order.IsSpecial || IsSamePlace(in _specials[slot].Terms, in terms));
        var keepsPriority = isSame && c.Lots <= order.Lots && c.Lots > order.CumLots;
        var held = HoldOf(slot, instrument);
        if (!keepsPriority) Lift(slot, instrument);
        var leaves = order.LeavesLots;
        order.Lots = Math.Max(c.Lots, order.CumLots);
        if (_watches) CountReplace(slot, order.LeavesLots - leaves);
        order.Ticks = (int)ticks;
        if (order.IsSpecial)
        {
            ref var special = ref _specials[slot];
            var expires = terms.ExpireNs != special.Terms.ExpireNs;
            special.Terms = terms;
            if (expires) Reschedule(slot);
        }
        MoveHold(ref order, instrument, HoldOf(slot, instrument) - held);
        if (keepsPriority) Shrink(slot, instrument);
        if (order.LeavesLots == 0) Complete(slot, instrument);
        ReportAnswer(slot, ExecType.Replaced, Reason.None, in c.ClOrdID, in c.OrigClOrdID);
        if (!keepsPriority && order.IsOpen) Put(slot, instrument);
        EndTouching(instrument);
    }

    /// <summary>A quantity at or below CumQty ends the order as filled (FIX 4.4 vol 4 appendix D, matrices C.3.b and C.3.c); its partner goes on alone.</summary>
    private void Complete(int slot, Instrument<Fills> instrument)
    {
        if (_orders[slot].IsSpecial && _specials[slot].Partner != 0) Split(slot, instrument);
        Finish(slot);
    }

    private void Reschedule(int slot)
    {
        _specials.Unschedule(slot);
        _specials.Schedule(slot);
        Await(_specials[slot].Terms.ExpireNs);
    }

    /// <summary>The order's terms with what was asked for in place of what it had.</summary>
    private static OrderTerms Amended(in OrderTerms had, in OrderTerms asked)
    {
        var terms = had;
        if (asked.StopTicks != 0) terms.StopTicks = asked.StopTicks;
        if (asked.DisplayLots != 0) terms.DisplayLots = asked.DisplayLots;
        if (asked.ExpireNs != 0) terms.ExpireNs = asked.ExpireNs;
        if (asked.OffsetTicks != 0) terms.OffsetTicks = asked.OffsetTicks;
        return terms;
    }

    /// <summary>True when a change from one to the other leaves an order its place in the queue.</summary>
    private static bool IsSamePlace(in OrderTerms a, in OrderTerms b) =>
        a.StopTicks == b.StopTicks && a.DisplayLots == b.DisplayLots && a.OffsetTicks == b.OffsetTicks;

    private Reason CheckLongReplace(in ReplaceOrder c, in OrderTerms asked, in OrderTerms terms, int slot, Instrument<Fills> instrument, out long ticks)
    {
        ref var order = ref _orders[slot];
        ticks = 0;
        var hasTerms = order.IsSpecial;
        var ordType = hasTerms ? _specials[slot].OrdType : order.OrdType;
        var timeInForce = hasTerms ? _specials[slot].TimeInForce : order.TimeInForce;
        var isTriggered = hasTerms && _specials[slot].IsTriggered != 0;
        if (!Terms.IsKnown(c.OrdType) || !IsSameTime(timeInForce, c.TimeInForce, instrument) || !CanAmend(in asked, hasTerms ? _specials[slot].Terms : default, ordType, timeInForce, isTriggered)) return Reason.UnsupportedOrder;
        // What was converted to a limit order may be called one.
        var isSameType = c.OrdType == ordType || (c.OrdType == OrdType.Limit && (ordType == OrdType.MarketToLimit || (ordType == OrdType.StopLimit && isTriggered)));
        if (c.Instrument != order.Instrument || (c.Side != 0 && c.Side != order.Side) || !isSameType || ordType == OrdType.Market) return Reason.NotReplaceable;
        if (instrument.Phase != Phase.Continuous && !instrument.IsInAuction) return Reason.Phase;

        var asNew = new NewOrder { PriceTicks = c.PriceTicks, Side = order.Side, OrdType = ordType, Flags = c.Flags };
        if (ordType == OrdType.MarketToLimit || isTriggered) asNew.OrdType = OrdType.Limit;
        ticks = LimitFor(instrument, in asNew, in terms);
        var reason = CheckNumbers(instrument, in asNew, in terms, ticks, c.Lots);
        if (reason != Reason.None) return reason;

        var leaves = Math.Max(c.Lots - order.CumLots, 0);
        var own = instrument.Hold(order.Side, ticks, leaves, order.HoldFeePpm);
        if (hasTerms && _specials[slot].Partner is not 0 and var partner && leaves > 0) own = Int128.Max(own, HoldOf(in _orders[partner], instrument));
        var isCovered = own - HoldOf(slot, instrument) <= _balances.Of(FirmOf(c.Header.Session), instrument.PaidAsset(order.Side)).Available;
        if (_watches && CheckLimits(in c, asNew.OrdType, terms.StopTicks, slot, instrument, isCovered) is not Reason.None and var limited) return limited;
        if (!isCovered) return Reason.InsufficientBalance;
        if (_margins.Any && CheckMargin(slot, ticks, leaves, own - HoldOf(slot, instrument), instrument) is not Reason.None and var exceeded) return exceeded;
        if (leaves > 0 && !HasRoomFor(instrument, in asNew, in terms, ticks)) return Reason.VenueFull;
        var isPostOnly = (terms.Instructions & OrderInstructions.PostOnly) != 0;
        if (isPostOnly && leaves > 0 && (ticks == 0 || (instrument.Phase == Phase.Continuous && Crosses(instrument, order.Side, ticks)))) return Reason.PostOnly;
        return terms.ExpireNs != 0 && terms.ExpireNs <= _timeNs ? Reason.ExpireTimePassed : Reason.None;
    }

    /// <summary>TimeInForce(59) cannot be changed; not to say it is to leave it, and where the day never ends a day order is good till cancel.</summary>
    private static bool IsSameTime(TimeInForce has, TimeInForce asked, Instrument<Fills> instrument) =>
        asked == 0 || asked == has || (asked == TimeInForce.Day && has == TimeInForce.GoodTillCancel && instrument.Trading.DayEnd == 0);

    /// <summary>False when a replace asks for terms that the order does not have, or that cannot change.</summary>
    private static bool CanAmend(in OrderTerms asked, in OrderTerms had, OrdType ordType, TimeInForce timeInForce, bool isTriggered)
    {
        var isStop = ordType is OrdType.Stop or OrdType.StopLimit && !isTriggered;
        if (asked.StopTicks != 0 && (!isStop || asked.StopTicks < 0)) return false;
        if (asked.DisplayLots != 0 && (had.DisplayLots == 0 || asked.DisplayLots < 0)) return false;
        if (asked.ExpireNs != 0 && timeInForce != TimeInForce.GoodTillDate) return false;
        var follows = ordType == OrdType.Pegged || (isStop && (had.Instructions & OrderInstructions.TrailingStop) != 0);
        if (asked.OffsetTicks != 0 && (!follows || (ordType != OrdType.Pegged && asked.OffsetTicks < 0))) return false;
        return asked.MinLots == 0 && asked.SelfTradeGroup == 0 && asked.SelfTradeMode == 0 && asked.Instructions == 0 && asked.Trigger == 0;
    }
}
