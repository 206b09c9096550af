using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Cancel, replace, status.</summary>
internal sealed partial class NaiveVenue
{
    private void Cancel(in CancelOrder c)
    {
        var order = c.Instrument == 0 ? null : Find(c.OrigClOrdID, c.OrderID, c.Instrument, c.Side);
        var reason = CheckRequest(c.ClOrdID, order);
        if (reason == Reason.None && order!.Instrument is { Phase: Phase.Halt, Trading.HaltRefusesCancels: 1 }) reason = Reason.Phase;
        Remember(c.ClOrdID, reason);
        if (reason != Reason.None)
        {
            Reject(c.ClOrdID, c.OrigClOrdID, CancelRejectTo.Cancel, order, reason);
            return;
        }
        Begin(order!.Instrument);
        TakeOut(order);
        Report(order, ExecType.Canceled, Reason.ClientRequest, c.ClOrdID, c.OrigClOrdID);
        Done(order.Instrument);
    }

    private void Replace(ReplaceOrder c, OrderTerms asked)
    {
        var order = c.Instrument == 0 ? null : Find(c.OrigClOrdID, c.OrderID, 0, 0);
        var reason = CheckRequest(c.ClOrdID, order);
        var (terms, ticks) = (order?.Terms ?? default, 0L);
        if (reason == Reason.None) reason = CheckReplace(in c, in asked, order!, ref terms, out ticks);
        if (reason != Reason.None)
        {
            Remember(c.ClOrdID, reason);
            Reject(c.ClOrdID, c.OrigClOrdID, CancelRejectTo.Replace, order, reason);
            return;
        }
        Begin(order!.Instrument);
        // The short path tells the level of every replace, changed or not.
        if (order.Stand == Stand.Lit) Touch(order.Side, order.Ticks);
        MakeRoomForClOrdID();
        _used[(order.Session, c.ClOrdID)] = order;
        _used[(order.Session, order.ClOrdID)] = null;
        _forgettable.Enqueue((order.Session, order.ClOrdID));
        order.ClOrdID = c.ClOrdID;

        var sameTerms = (terms.StopTicks, terms.DisplayLots, terms.OffsetTicks) == (order.Terms.StopTicks, order.Terms.DisplayLots, order.Terms.OffsetTicks);
        var keepsPlace = sameTerms && ticks == order.Ticks && c.Lots <= order.Lots && c.Lots > order.Cum;
        if (!keepsPlace) Lift(order);
        order.Lots = Math.Max(c.Lots, order.Cum);
        Take(order, default, 0, 0, isNew: false);
        order.Ticks = ticks;
        order.Terms = terms;
        Settle(order);
        if (keepsPlace) Shrink(order);
        if (order.Leaves == 0)
        {
            if (order.Partner is { } partner)
            {
                (order.Partner, partner.Partner) = (null, null);
                SetHold(order, 0);
                Settle(partner);
            }
            Close(order);
        }
        Report(order, ExecType.Replaced, Reason.None, c.ClOrdID, c.OrigClOrdID);
        if (!keepsPlace && order.IsOpen) Put(order);
        Done(order.Instrument);
    }

    private Reason CheckReplace(in ReplaceOrder c, in OrderTerms asked, NaiveOrder order, ref OrderTerms terms, out long ticks)
    {
        var instrument = order.Instrument;
        ticks = 0;
        if (asked.StopTicks != 0) terms.StopTicks = asked.StopTicks;
        if (asked.DisplayLots != 0) terms.DisplayLots = asked.DisplayLots;
        if (asked.ExpireNs != 0) terms.ExpireNs = asked.ExpireNs;
        if (asked.OffsetTicks != 0) terms.OffsetTicks = asked.OffsetTicks;
        var isSameTime = c.TimeInForce == 0 || c.TimeInForce == order.TimeInForce
            || (c.TimeInForce == TimeInForce.Day && order.TimeInForce == TimeInForce.GoodTillCancel && instrument.Trading.DayEnd == 0);
        if (!Enum.IsDefined(c.OrdType) || !isSameTime) return Reason.UnsupportedOrder;
        var isTrailing = order.IsStop && order.Is(OrderInstructions.TrailingStop);
        if (asked.StopTicks < 0 || (asked.StopTicks != 0 && !order.IsStop) || asked.DisplayLots < 0 || (asked.DisplayLots != 0 && order.Terms.DisplayLots == 0)
            || (asked.ExpireNs != 0 && order.TimeInForce != TimeInForce.GoodTillDate) || (asked.OffsetTicks != 0 && order.OrdType != OrdType.Pegged && !isTrailing)
            || (isTrailing && asked.OffsetTicks < 0)) return Reason.UnsupportedOrder;
        if (asked with { StopTicks = 0, DisplayLots = 0, ExpireNs = 0, OffsetTicks = 0 } != default) return Reason.UnsupportedOrder;
        var isLimitNow = order.OrdType == OrdType.MarketToLimit || order.IsTriggered;
        if (c.Instrument != instrument.Definition.Instrument || (c.Side != 0 && c.Side != order.Side) || order.OrdType == OrdType.Market
            || (c.OrdType != order.OrdType && !(isLimitNow && c.OrdType == OrdType.Limit))) return Reason.NotReplaceable;
        if (instrument.Phase != Phase.Continuous && !instrument.IsInAuction) return Reason.Phase;

        var asNew = new NewOrder { PriceTicks = c.PriceTicks, Side = order.Side, OrdType = isLimitNow ? OrdType.Limit : order.OrdType, Flags = c.Flags };
        ticks = LimitFor(instrument, asNew, terms);
        var reason = CheckNumbers(instrument, asNew, terms, ticks, c.Lots);
        if (reason != Reason.None) return reason;
        var leaves = Math.Max(c.Lots - order.Cum, 0);
        var need = instrument.Need(order.Side, ticks, leaves, Math.Max(order.MakerPpm, order.TakerPpm));
        var held = order.Hold + (order.Partner?.Hold ?? 0);
        if (leaves > 0 && order.Partner is { } partner) need = BigInteger.Max(need, partner.Need);
        var isCovered = Available(order.Firm, instrument.Paid(order.Side)) + held >= need;
        // What makes the order smaller, or ends it, is no risk.
        if (leaves > 0 && (leaves > order.Leaves || c.PriceTicks != order.Ticks))
        {
            var limited = CheckLimits(order, asNew, terms.StopTicks, c.Lots, leaves - order.Leaves, isNew: false, isCovered);
            if (limited != Reason.None) return limited;
        }
        if (!isCovered) return Reason.InsufficientBalance;
        if (CheckMargin(order, ticks, leaves, need - held) is not Reason.None and var exceeded) return exceeded;
        if (leaves > 0 && order.OrdType != OrdType.Pegged && ticks != 0)
        {
            var (stand, at) = order.IsStop ? (Stand.Stops, terms.StopTicks) : (order.IsDark ? Stand.Dark : Stand.Lit, ticks);
            if (!HasLevelRoom(instrument, stand, order, at)) return Reason.VenueFull;
        }
        if (order.Is(OrderInstructions.PostOnly) && leaves > 0 && (ticks == 0 || (!instrument.IsInAuction && instrument.Crosses(order.Side, ticks)))) return Reason.PostOnly;
        return terms.ExpireNs != 0 && terms.ExpireNs <= _command.TimeNs ? Reason.ExpireTimePassed : Reason.None;
    }

    private void Status(in OrderStatusRequest c)
    {
        var order = c.Instrument == 0 ? null : Find(c.ClOrdID, c.OrderID, c.Instrument, c.Side);
        Status(order, c.ClOrdID, c.Side, _firmOf.GetValueOrDefault(_command.Session) == 0 ? Reason.UnknownSession : Reason.UnknownOrder);
    }

    private void Status(NaiveOrder? order, Text40 clOrdID, Side side, Reason none)
    {
        if (order is not null)
        {
            Report(order, ExecType.OrderStatus);
            return;
        }
        log.Add(new ExecReport
        {
            Header = Header<ExecReport>(EventType.ExecReport, _command.Session, 0), ClOrdID = clOrdID, Side = side,
            ExecType = ExecType.OrderStatus, OrdStatus = OrdStatus.Rejected, Reason = none,
        });
    }

    private NaiveOrder? Find(Text40 clOrdID, long orderID, int instrument, Side side)
    {
        var order = _used.GetValueOrDefault((_command.Session, clOrdID));
        if (order is null || _orderIn[order.Slot] != order) return null;
        if (orderID != 0 && orderID != order.OrderID) return null;
        if (instrument != 0 && instrument != order.Instrument.Definition.Instrument) return null;
        return side != 0 && side != order.Side ? null : order;
    }

    private Reason CheckRequest(Text40 clOrdID, NaiveOrder? order) =>
        _firmOf.GetValueOrDefault(_command.Session) == 0 ? Reason.UnknownSession
        : _used.ContainsKey((_command.Session, clOrdID)) ? Reason.DuplicateClOrdID
        : order is null ? Reason.UnknownOrder
        : !order.IsOpen ? Reason.TooLate
        : order.IsLookedAt ? Reason.LookPending
        : MarginOf(order.Firm) is { IsClosed: true } ? Reason.MarginLiquidating
        : Reason.None;
}
