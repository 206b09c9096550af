using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Where orders go and how they leave.</summary>
internal sealed partial class NaiveVenue
{
    private void Put(NaiveOrder order)
    {
        var instrument = order.Instrument;
        if (order.IsStop)
        {
            if (order.Is(OrderInstructions.TrailingStop) && !instrument.Trails.Contains(order)) instrument.Trails.Add(order);
            Rest(order, Stand.Stops, order.Terms.StopTicks);
            return;
        }
        if (order.OrdType == OrdType.Pegged)
        {
            if (!instrument.Pegs.Contains(order)) instrument.Pegs.Add(order);
            PutPegged(order, (instrument.Best(Side.Buy), instrument.Best(Side.Sell)));
            return;
        }
        if (order.IsForAuction && !instrument.ForAuction.Contains(order)) instrument.ForAuction.Add(order);
        if (order.TimeInForce == TimeInForce.AtTheClose && instrument.Phase != Phase.CloseAuction) return;
        if (!instrument.IsInAuction) SweepHeld(order, order.Ticks);
        if (order.IsOpen) RestWhereItBelongs(order, order.Ticks);
    }

    private void SweepHeld(NaiveOrder order, long limit)
    {
        Sweep(order, limit);
        if (order.IsOpen && order.Leaves == 0) Close(order);
    }

    private void RestWhereItBelongs(NaiveOrder order, long ticks) => Rest(order, order.IsDark ? Stand.Dark : Stand.Lit, ticks);

    private void Rest(NaiveOrder order, Stand stand, long ticks)
    {
        if (!HasLevelRoom(order.Instrument, stand, order, ticks))
        {
            End(order, ExecType.Canceled, Reason.VenueFull);
            return;
        }
        order.Stand = stand;
        order.Shown = stand != Stand.Stops && order.Terms.DisplayLots > 0 ? Math.Min(order.Terms.DisplayLots, order.Leaves) : order.Leaves;
        order.Instrument.BookOf(order).Add(order, ticks);
        if (stand == Stand.Lit) Touch(order.Side, ticks);
    }

    private void Lift(NaiveOrder order)
    {
        if (order.Stand == Stand.Nowhere) return;
        if (order.Stand == Stand.Lit) Touch(order.Side, order.At);
        order.Instrument.BookOf(order).Remove(order);
        order.Stand = Stand.Nowhere;
    }

    /// <summary>Out of wherever it stands; its partner, if it has one, goes on alone.</summary>
    private void TakeOut(NaiveOrder order)
    {
        Lift(order);
        if (order.Partner is { } partner)
        {
            (order.Partner, partner.Partner) = (null, null);
            SetHold(order, 0);
            Settle(partner);
        }
        SetHold(order, 0);
        Close(order);
    }

    private void End(NaiveOrder order, ExecType execType, Reason reason)
    {
        TakeOut(order);
        order.IsExpired = execType == ExecType.Expired;
        Report(order, execType, reason);
    }

    /// <summary>Makes the hold what it must be now: a pair holds what the dearer one needs, on the one that needs it.</summary>
    private void Settle(NaiveOrder order)
    {
        if (order.Partner is not { } partner)
        {
            SetHold(order, order.Need);
            return;
        }
        var (dearer, other) = order.Need >= partner.Need ? (order, partner) : (partner, order);
        SetHold(other, 0);
        SetHold(dearer, dearer.Need);
    }

    private bool HasRoom(NaiveOrder order) => order.OrdType == OrdType.MarketToLimit && order.Ticks == 0
        || (order.Is(OrderInstructions.PostOnly) && order.Ticks == 0)
        || (order.IsStop ? HasLevelRoom(order.Instrument, Stand.Stops, order, order.Terms.StopTicks)
            : HasLevelRoom(order.Instrument, order.IsDark ? Stand.Dark : Stand.Lit, order, order.Ticks));

    private NaiveOrder? PartnerFor(NaiveOrder order, Text40 clOrdID)
    {
        var other = Find(clOrdID, 0, order.Instrument.Definition.Instrument, order.Side);
        if (other is null || !other.IsOpen || other.Partner is not null) return null;
        var (stop, limit) = order.IsStop ? (order, other) : (other, order);
        return stop.IsStop && limit.OrdType == OrdType.Limit && !limit.IsForAuction && !limit.IsStop ? other : null;
    }
}
