using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>What trades and new best prices set off: trailing stops, stops, pegged orders.</summary>
internal sealed partial class NaiveVenue
{
    private static readonly TriggerPrice[] Triggers = [TriggerPrice.LastTrade, TriggerPrice.Quote, TriggerPrice.Index];

    private void Begin(NaiveInstrument instrument)
    {
        _touched.Clear();
        instrument.DynamicCentre = instrument.Last;
    }

    private void Done(NaiveInstrument instrument)
    {
        while (instrument.Phase == Phase.Continuous)
        {
            PullTripped(instrument);
            foreach (var order in instrument.Trails.ToList()) Trail(order);
            if (NextTriggered(instrument) is { } stop) Trigger(stop);
            else if (!MovePegs(instrument)) break;
        }
        PullTripped(instrument);
        ReportLevels(instrument);
        _touched.Clear();
        instrument.DynamicCentre = instrument.Last;
        if (instrument.IsInAuction) TellIndicative(instrument);
    }

    private static NaiveOrder? NextTriggered(NaiveInstrument instrument)
    {
        foreach (var trigger in Triggers)
            foreach (var side in new[] { Side.Buy, Side.Sell })
            {
                var watched = instrument.Watched(trigger, side);
                var first = instrument.BookOf(Stand.Stops, trigger, side).First;
                if (first is not null && watched > 0 && (side == Side.Buy ? first.At <= watched : first.At >= watched)) return first;
            }
        return null;
    }

    private void Trigger(NaiveOrder order)
    {
        var partner = Part(order);
        Lift(order);
        order.Instrument.Trails.Remove(order);
        order.IsTriggered = true;
        Report(order, ExecType.Triggered);
        EndParted(partner);
        if (order.OrdType == OrdType.StopLimit) Put(order);
        else
        {
            SweepHeld(order, order.Ticks);
            if (order.IsOpen) End(order, ExecType.Canceled, Reason.Unfilled);
        }
    }

    private void Trail(NaiveOrder order)
    {
        var instrument = order.Instrument;
        var watched = instrument.Watched(order.Terms.Trigger, order.Side);
        if (watched == 0) return;
        var stop = watched + (order.Side == Side.Buy ? order.Terms.OffsetTicks : -order.Terms.OffsetTicks);
        if (order.Side == Side.Buy ? stop >= order.Terms.StopTicks : stop <= order.Terms.StopTicks) return;
        Lift(order);
        var limit = order.OrdType == OrdType.Stop ? instrument.Protection(order.Side, stop)
            : Math.Clamp(order.Ticks + (stop - order.Terms.StopTicks), 1, instrument.HighestEver);
        order.Ticks = order.Side == Side.Buy ? Math.Min(limit, order.Ticks) : limit;
        order.Terms.StopTicks = (int)stop;
        Settle(order);
        Rest(order, Stand.Stops, stop);
    }

    private bool MovePegs(NaiveInstrument instrument)
    {
        var best = (instrument.Best(Side.Buy), instrument.Best(Side.Sell));
        if (instrument.Pegs.Count == 0 || best == instrument.PeggedTo) return false;
        instrument.PeggedTo = best;
        foreach (var order in instrument.Pegs.ToList())
            if (order.IsOpen && instrument.Phase == Phase.Continuous) PutPegged(order, best);
        return true;
    }

    private void PutPegged(NaiveOrder order, (long Bid, long Ask) best)
    {
        var ticks = order.Instrument.Phase == Phase.Continuous ? PeggedTicks(order, best.Bid, best.Ask) : 0;
        if (order.Stand == Stand.Dark && order.At == ticks) return;
        Lift(order);
        if (ticks == 0) return;
        SweepHeld(order, ticks);
        if (order.IsOpen && order.Instrument.Phase == Phase.Continuous) RestWhereItBelongs(order, ticks);
    }

    private static long PeggedTicks(NaiveOrder order, long bid, long ask)
    {
        var isBuy = order.Side == Side.Buy;
        long? peg = order.Is(OrderInstructions.PegPrimary) ? (isBuy ? bid : ask) : bid == 0 || ask == 0 ? 0 : isBuy ? (bid + ask) / 2 : (bid + ask + 1) / 2;
        if (peg == 0) return 0;
        var ticks = peg.Value + order.Terms.OffsetTicks;
        ticks = isBuy ? Math.Min(ticks, order.Ticks) : Math.Max(ticks, order.Ticks);
        return ticks >= 1 && ticks <= order.Instrument.HighestEver ? ticks : 0;
    }

    private void SetIndex(in SetIndexPrice c)
    {
        if (!_instruments.TryGetValue(c.Instrument, out var instrument) || c.PriceTicks is < 1 or > 1 << 28)
        {
            Refuse(Reason.Contradiction);
            return;
        }
        instrument.Index = c.PriceTicks;
        if (_marginAssets.Any(known => known.Instrument == instrument))
        {
            LookAtAll();
            Wake();
        }
        Begin(instrument);
        Done(instrument);
    }
}
