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
        Remember(c.ClOrdID, reason);
        if (reason != Reason.None)
        {
            Reject(c.ClOrdID, c.OrigClOrdID, CancelRejectTo.Cancel, order, reason);
            return;
        }
        TakeOut(order!);
        Report(order!, ExecType.Canceled, Reason.ClientRequest, c.ClOrdID, c.OrigClOrdID);
        ReportLevels(order!.Instrument);
    }

    private void TakeOut(NaiveOrder order)
    {
        Touch(order.Side, order.Ticks);
        order.Instrument.Remove(order);
        SetHold(order, 0);
        Close(order);
    }

    private void Replace(in ReplaceOrder c)
    {
        var order = c.Instrument == 0 ? null : Find(c.OrigClOrdID, c.OrderID, 0, 0);
        var reason = CheckRequest(c.ClOrdID, order);
        if (reason == Reason.None) reason = CheckReplace(in c, order!);
        if (reason != Reason.None)
        {
            Remember(c.ClOrdID, reason);
            Reject(c.ClOrdID, c.OrigClOrdID, CancelRejectTo.Replace, order, reason);
            return;
        }
        Touch(order!.Side, order.Ticks);
        MakeRoomForClOrdID();
        _used[(order.Session, c.ClOrdID)] = order;
        _used[(order.Session, order.ClOrdID)] = null;
        _forgettable.Enqueue((order.Session, order.ClOrdID));
        order.ClOrdID = c.ClOrdID;

        var keepsPlace = c.PriceTicks == order.Ticks && c.Lots <= order.Lots && c.Lots > order.Cum;
        if (!keepsPlace) order.Instrument.Remove(order);
        order.Lots = Math.Max(c.Lots, order.Cum);
        order.Ticks = c.PriceTicks;
        SetHold(order, order.Need);
        if (order.Leaves == 0) Close(order);
        Report(order, ExecType.Replaced, Reason.None, c.ClOrdID, c.OrigClOrdID);
        if (!keepsPlace && order.IsOpen) Enter(order, order.Ticks);
        ReportLevels(order.Instrument);
    }

    private Reason CheckReplace(in ReplaceOrder c, NaiveOrder order)
    {
        if (!Enum.IsDefined(c.OrdType) || c.TimeInForce != TimeInForce.GoodTillCancel) return Reason.UnsupportedOrder;
        if (c.Instrument != order.Instrument.Definition.Instrument || (c.Side != 0 && c.Side != order.Side) || c.OrdType != order.OrdType) return Reason.NotReplaceable;
        var reason = order.Instrument.Check(c.OrdType, c.PriceTicks, c.Lots, c.Flags);
        if (reason != Reason.None) return reason;
        var leaves = Math.Max(c.Lots - order.Cum, 0);
        var need = order.Instrument.Need(order.Side, c.PriceTicks, leaves, Math.Max(order.MakerPpm, order.TakerPpm));
        if (Available(order.Firm, order.Instrument.Paid(order.Side)) + order.Hold < need) return Reason.InsufficientBalance;
        return leaves > 0 && !HasLevelRoom(order.Instrument, order.Side, c.PriceTicks) ? Reason.VenueFull : Reason.None;
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
        : Reason.None;
}
