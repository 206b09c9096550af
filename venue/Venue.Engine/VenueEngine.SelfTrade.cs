using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Self-trade prevention: what the incoming order's mode says becomes of two orders of one firm and group.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private readonly SelfTrades _selfTrades = new();

    private void On(in DefineSelfTrade c)
    {
        if (!IsKnown(c.DefinedSession, _sessions.Count) || !IsDefault(c.Group, c.Mode) || (c.Group == 0 && c.Mode != SelfTradeMode.None))
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        _selfTrades.Set(c.DefinedSession, c.Group, c.Mode);
        _events.On(new SelfTradeDefined { Header = Header<SelfTradeDefined>(EventType.SelfTradeDefined, 0, 0), Definition = c });
    }

    private static bool IsDefault(int group, SelfTradeMode mode) =>
        group >= 0 && mode is SelfTradeMode.None or SelfTradeMode.CancelNewest or SelfTradeMode.CancelOldest or SelfTradeMode.CancelBoth or SelfTradeMode.Decrement;

    /// <summary>The order that the taker may not trade with: the one it would meet first, or any that would share with it; 0 for none.</summary>
    private int FindOwn(int head, int takerSlot, Allocation allocation)
    {
        ref var taker = ref _orders[takerSlot];
        if (!taker.IsSpecial) return 0;
        var group = _specials[takerSlot].Terms.SelfTradeGroup;
        if (group == 0) return 0;
        var firm = FirmOf(taker.Session);
        if (allocation == Allocation.PriceSizeTime) head = LargestOf(head);
        if (allocation != Allocation.ProRata) return IsOwn(head, firm, group) ? head : 0;
        var count = 0;
        for (var slot = head; slot != 0 && count < ShareMax; slot = _slab[slot].Next, count++)
            if (IsOwn(slot, firm, group)) return slot;
        return 0;
    }

    private bool IsOwn(int slot, int firm, int group) =>
        _orders[slot].IsSpecial && _specials[slot].Terms.SelfTradeGroup == group && FirmOf(_orders[slot].Session) == firm;

    private void Prevent(int restingSlot, int takerSlot, Instrument<Fills> instrument, Price price)
    {
        ref var taker = ref _orders[takerSlot];
        ref var resting = ref _orders[restingSlot];
        ref var terms = ref _specials[takerSlot].Terms;
        var lots = Math.Min(taker.LeavesLots, resting.LeavesLots);
        _events.On(new MatchPrevented
        {
            Header = Header<MatchPrevented>(EventType.MatchPrevented, taker.Session, instrument.Number),
            RestingOrderID = _orders.OrderIDOf(restingSlot),
            IncomingOrderID = _orders.OrderIDOf(takerSlot),
            PriceTicks = price.Ticks,
            Lots = lots,
            SelfTradeGroup = terms.SelfTradeGroup,
            Mode = terms.SelfTradeMode,
            IncomingSide = taker.Side,
        });
        var mode = terms.SelfTradeMode;
        var isResting = mode is SelfTradeMode.CancelOldest or SelfTradeMode.CancelBoth || (mode == SelfTradeMode.Decrement && resting.LeavesLots == lots);
        var isTaker = mode is SelfTradeMode.CancelNewest or SelfTradeMode.CancelBoth || (mode == SelfTradeMode.Decrement && taker.LeavesLots == lots);
        if (isResting) End(restingSlot, instrument, ExecType.Canceled, Reason.SelfTrade);
        else if (mode == SelfTradeMode.Decrement) Restate(restingSlot, instrument, lots, isHeld: true);
        if (isTaker)
        {
            if (_takerIsHeld) End(takerSlot, instrument, ExecType.Canceled, Reason.SelfTrade);
            else EndUnheld(takerSlot, Reason.SelfTrade);
        }
        else if (mode == SelfTradeMode.Decrement) Restate(takerSlot, instrument, lots, _takerIsHeld);
    }

    /// <summary>Takes this much off an order that has more left.</summary>
    private void Restate(int slot, Instrument<Fills> instrument, long lots, bool isHeld)
    {
        ref var order = ref _orders[slot];
        var held = isHeld ? HoldOf(slot, instrument) : 0;
        order.Lots -= lots;
        if (_watches) CountLots(slot, -lots);
        if (isHeld) MoveHold(ref order, instrument, HoldOf(slot, instrument) - held);
        Shrink(slot, instrument);
        Report(slot, ExecType.Restated, Reason.SelfTrade);
    }

    /// <summary>Makes a resting order's part of the book as small as what is left of it; what an iceberg does not show goes first.</summary>
    private void Shrink(int slot, Instrument<Fills> instrument)
    {
        ref var order = ref _orders[slot];
        var place = PlaceOf(slot);
        if (place == Place.Nowhere) return;
        var book = place switch
        {
            Place.Dark => instrument.Dark!,
            Place.Stops => instrument.Stops(_specials[slot].Terms.Trigger)!,
            _ => instrument.Book,
        };
        if (place == Place.Lit) Touch(order.Side, order.Ticks);
        var shown = Math.Min(_slab[slot].Lots, order.LeavesLots);
        if (order.IsSpecial)
        {
            ref var special = ref _specials[slot];
            book.AddReserve(slot, new Quantity(order.LeavesLots - shown - special.ReserveLots));
            special.ReserveLots = order.LeavesLots - shown;
        }
        book.Reduce(slot, new Quantity(shown));
    }
}
