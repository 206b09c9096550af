using System.Runtime.CompilerServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Requests about an order that a session sent before: cancel, replace, status.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private void On(in CancelOrder c)
    {
        var session = c.Header.Session;
        var hash = _ids.HashOf(session, in c.ClOrdID);
        _ids.Prefetch(in hash);
        var slot = c.Instrument == 0 ? 0 : Find(session, in c.OrigClOrdID, c.OrderID, c.Instrument, c.Side);
        var reason = CheckRequest(session, slot, in hash);
        if (reason == Reason.None && RefusesCancels(_instruments[_orders[slot].Instrument]!)) reason = Reason.Phase;
        Remember(in hash, reason);
        if (reason != Reason.None)
        {
            RejectRequest(session, in c.ClOrdID, in c.OrigClOrdID, CancelRejectTo.Cancel, slot, reason);
            return;
        }

        var instrument = _instruments[_orders[slot].Instrument]!;
        if (instrument.Special == 0 && !_orders[slot].IsSpecial)
        {
            _touchedCount = 0;
            TakeOut(slot, instrument);
            ReportAnswer(slot, ExecType.Canceled, Reason.ClientRequest, in c.ClOrdID, in c.OrigClOrdID);
            ReportLevels(instrument);
            return;
        }
        BeginTouching(instrument);
        TakeOut(slot, instrument);
        ReportAnswer(slot, ExecType.Canceled, Reason.ClientRequest, in c.ClOrdID, in c.OrigClOrdID);
        EndTouching(instrument);
    }

    private void On(in ReplaceOrder c) => Replace(in c, default);

    private void On(in ReplaceSpecialOrder c) => Replace(in c.Order, in c.Terms);

    private void Replace(in ReplaceOrder c, in OrderTerms terms)
    {
        var session = c.Header.Session;
        // Side(54) and Symbol(55) are compared later: changing them is another fault than naming no order.
        var hash = _ids.HashOf(session, in c.ClOrdID);
        _ids.Prefetch(in hash);
        var slot = c.Instrument == 0 ? 0 : Find(session, in c.OrigClOrdID, c.OrderID, 0, 0);
        var reason = CheckRequest(session, slot, in hash);
        if (reason == Reason.None && (_orders[slot].IsSpecial || _instruments[_orders[slot].Instrument]!.Special != 0 || terms != default))
        {
            ReplaceLong(in c, in terms, slot, hash);
            return;
        }
        if (reason == Reason.None) reason = CheckReplace(in c, slot);
        if (reason != Reason.None)
        {
            Remember(in hash, reason);
            RejectRequest(session, in c.ClOrdID, in c.OrigClOrdID, CancelRejectTo.Replace, slot, reason);
            return;
        }

        ref var order = ref _orders[slot];
        var instrument = _instruments[order.Instrument]!;
        _touchedCount = 0;
        Touch(order.Side, order.Ticks);

        Rename(ref order, slot, in hash, in c.ClOrdID);

        var heldBefore = HoldOf(in order, instrument);
        var keepsPriority = KeepsPriority(in order, in c);
        // FIX 4.4 vol 4 appendix D, matrices C.3.b and C.3.c: a quantity at or below CumQty ends the order as filled, OrderQty amended to CumQty.
        var leaves = order.LeavesLots;
        order.Lots = Math.Max(c.Lots, order.CumLots);
        if (_watches) CountReplace(slot, order.LeavesLots - leaves);
        if (keepsPriority) instrument.Book.Reduce(slot, new Quantity(order.LeavesLots));
        else instrument.Book.Cancel(slot);
        order.Ticks = (int)c.PriceTicks;
        MoveHold(ref order, instrument, HoldOf(in order, instrument) - heldBefore);
        if (order.LeavesLots == 0) Finish(slot);
        ReportAnswer(slot, ExecType.Replaced, Reason.None, in c.ClOrdID, in c.OrigClOrdID);
        if (!keepsPriority && order.IsOpen)
        {
            Requeue(slot);
            Enter(slot, instrument);
        }
        EndShort(instrument);
    }

    private void On(in OrderStatusRequest c)
    {
        var session = c.Header.Session;
        var slot = c.Instrument == 0 ? 0 : Find(session, in c.ClOrdID, c.OrderID, c.Instrument, c.Side);
        ReportStatus(session, slot, in c.ClOrdID, c.Side, FirmOf(session) == 0 ? Reason.UnknownSession : Reason.UnknownOrder);
    }

    /// <summary>Where an order stands; for slot 0 that the ClOrdID stands for none, and why.</summary>
    private void ReportStatus(int session, int slot, in Text40 clOrdID, Side side, Reason none)
    {
        if (slot != 0)
        {
            Report(slot, ExecType.OrderStatus, Reason.None);
            return;
        }
        ref var e = ref BeginReport(session, 0);
        e.ClOrdID = clOrdID;
        e.Side = side;
        e.ExecType = ExecType.OrderStatus;
        e.OrdStatus = OrdStatus.Rejected;
        e.Reason = none;
        _events.On(in e);
    }

    /// <summary>Ends an open order: out of the book that it stands in, its hold given back.</summary>
    private void TakeOut(int slot, Instrument<Fills> instrument)
    {
        ref var order = ref _orders[slot];
        Lift(slot, instrument);
        if (order.IsSpecial && _specials[slot].Partner != 0) Split(slot, instrument);
        MoveHold(ref order, instrument, -HoldOf(in order, instrument));
        Finish(slot);
    }

    /// <summary>The slot of the order that a session means; 0 when there is none or what it said does not fit.</summary>
    /// <remarks>
    /// FIX 4.4 vol 4: OrigClOrdID(41) is the ClOrdID of the last accepted order or replace, so that one which a replace
    /// has superseded names no order, nor does a cancel's own. Order id, instrument and side are compared when they are not 0.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(int session, in Text40 clOrdID, long orderID, int instrument, Side side)
    {
        var hash = _ids.HashOf(session, in clOrdID);
        var slot = _ids.OrderAt(_ids.Find(in hash));
        ref var order = ref _orders[slot];
        // Slot 0 stays all zero, so that an id that is unknown or names no order ends here too.
        if (order.Session != session || order.ClOrdID != clOrdID || slot == 0 || order.IsQuote) return 0;
        if (orderID != 0 && orderID != _orders.OrderIDOf(slot)) return 0;
        if (instrument != 0 && instrument != order.Instrument) return 0;
        return side != 0 && side != order.Side ? 0 : slot;
    }

    /// <summary>A replace was accepted: the order goes by the request's ClOrdID from now on.</summary>
    private void Rename(ref Order order, int slot, in IDHash hash, in Text40 clOrdID)
    {
        var old = order.IDPlace;
        order.IDPlace = _ids.Add(in hash, slot);
        order.ClOrdID = clOrdID;
        _ids.Release(old);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Reason CheckRequest(int session, int slot, in IDHash hash)
    {
        if (FirmOf(session) == 0) return Reason.UnknownSession;
        if (_ids.Find(in hash) != 0) return Reason.DuplicateClOrdID;
        if (slot == 0) return Reason.UnknownOrder;
        if (!_orders[slot].IsOpen) return Reason.TooLate;
        if (_orders[slot].IsSpecial && _specials[slot].Look != HitLook.None) return Reason.LookPending;
        return _margins.Any ? CheckMargin(session) : Reason.None;
    }

    private Reason CheckReplace(in ReplaceOrder c, int slot)
    {
        ref var order = ref _orders[slot];
        var instrument = _instruments[order.Instrument]!;
        // Only good-till-cancel orders are open between commands without terms, and a replace does not change that.
        if (!Terms.IsKnown(c.OrdType) || !IsSameTime(TimeInForce.GoodTillCancel, c.TimeInForce, instrument)) return Reason.UnsupportedOrder;
        if (c.Instrument != order.Instrument || (c.Side != 0 && c.Side != order.Side) || c.OrdType != order.OrdType) return Reason.NotReplaceable;
        var reason = instrument.Check(c.OrdType, c.PriceTicks, c.Lots, c.Flags);
        if (reason != Reason.None) return reason;

        var leaves = Math.Max(c.Lots - order.CumLots, 0);
        var more = instrument.Hold(order.Side, c.PriceTicks, leaves, order.HoldFeePpm) - HoldOf(in order, instrument);
        var isCovered = more <= _balances.Of(FirmOf(c.Header.Session), instrument.PaidAsset(order.Side)).Available;
        if (_watches && CheckLimits(in c, c.OrdType, 0, slot, instrument, isCovered) is not Reason.None and var limited) return limited;
        if (!isCovered) return Reason.InsufficientBalance;
        if (_margins.Any && CheckMargin(slot, c.PriceTicks, leaves, more, instrument) is not Reason.None and var exceeded) return exceeded;
        return leaves > 0 && !instrument.Book.HasRoom(order.Side, new Price(c.PriceTicks)) ? Reason.VenueFull : Reason.None;
    }

    /// <summary>Only an order whose price stays and whose quantity does not grow keeps its place in the queue.</summary>
    /// <remarks>FIX leaves priority to the venue. The same price and quantity again is a change of ClOrdID(11) alone and costs nothing.</remarks>
    private static bool KeepsPriority(in Order order, in ReplaceOrder c) =>
        c.PriceTicks == order.Ticks && c.Lots <= order.Lots && c.Lots > order.CumLots;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Int128 HoldOf(in Order order, Instrument<Fills> instrument) =>
        instrument.Hold(order.Side, order.Ticks, order.LeavesLots, order.HoldFeePpm);

    /// <summary>Moves this much from available to held, or back when it is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MoveHold(ref Order order, Instrument<Fills> instrument, Int128 atoms)
    {
        ref var balance = ref _balances.Of(FirmOf(order.Session), instrument.PaidAsset(order.Side));
        balance.Available -= atoms;
        balance.Held += atoms;
    }
}
