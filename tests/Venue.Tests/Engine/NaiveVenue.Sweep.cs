using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Matching, allocation and self-trade prevention.</summary>
internal sealed partial class NaiveVenue
{
    private void Sweep(NaiveOrder taker, long limit)
    {
        var instrument = taker.Instrument;
        var side = taker.Side == Side.Buy ? Side.Sell : Side.Buy;
        var edge = instrument.Edge(taker.Side, limit);
        while (taker.Leaves > 0)
        {
            var best = instrument.Depth(side).FirstOrDefault();
            if (best.Orders is null || !NaiveInstrument.Reaches(taker.Side, best.Ticks, edge)) break;
            var queue = best.Orders.Where(maker => maker.Stand == best.Orders[0].Stand).ToList();
            var allocation = queue[0].Stand == Stand.Dark ? Allocation.PriceTime : instrument.Trading.Allocation;
            var window = queue.Take(1024).ToList();
            var next = allocation == Allocation.PriceSizeTime ? window.MaxBy(maker => maker.Shown)! : queue[0];
            var own = allocation == Allocation.ProRata ? window.Find(maker => IsOwn(maker, taker)) : IsOwn(next, taker) ? next : null;
            if (own is not null) Prevent(own, taker, best.Ticks);
            else if (allocation == Allocation.ProRata && taker.Leaves < window.Sum(maker => maker.Shown)) Share(taker, window, best.Ticks);
            else if (!Fill(next, taker, best.Ticks, taker.Leaves)) return;
        }
        if (taker.Leaves > 0 && edge != limit && instrument.Crosses(taker.Side, limit))
            BeginPhase(instrument, Phase.VolatilityAuction, instrument.Trading.VolatilityAuctionNs == 0 ? 0 : _command.TimeNs + instrument.Trading.VolatilityAuctionNs);
    }

    private void Share(NaiveOrder taker, List<NaiveOrder> window, long ticks)
    {
        var (incoming, total) = (taker.Leaves, window.Sum(maker => maker.Shown));
        var parts = window.Select(maker => (Maker: maker, Lots: (long)((BigInteger)maker.Shown * incoming / total))).ToList();
        foreach (var (maker, lots) in parts)
            if (lots > 0 && !Fill(maker, taker, ticks, lots)) return;
        while (taker.Leaves > 0 && Fill(taker.Instrument.Book(taker.Side == Side.Buy ? Side.Sell : Side.Buy)[ticks][0], taker, ticks, taker.Leaves))
        {
        }
    }

    private bool Fill(NaiveOrder maker, NaiveOrder taker, long ticks, long most)
    {
        var instrument = taker.Instrument;
        var lots = Math.Min(most, maker.Shown);
        if (!taker.IsHeld && taker.Side == Side.Buy)
        {
            lots = Math.Min(lots, Affordable(instrument, ticks, Available(taker.Firm, instrument.Definition.QuoteAsset), taker.TakerPpm));
            if (lots == 0)
            {
                End(taker, ExecType.Canceled, Reason.Uncovered);
                return false;
            }
        }
        Match(maker, taker, maker, ticks, lots, taker.Side);
        return true;
    }

    /// <summary>One match; <paramref name="first"/> is reported first.</summary>
    private void Match(NaiveOrder first, NaiveOrder second, NaiveOrder? maker, long ticks, long lots, Side aggressor)
    {
        var instrument = first.Instrument;
        var partners = new[] { first, second }.Select(Part).ToList();
        var tradeID = ++instrument.LastTradeID;
        instrument.Reference = instrument.Last = ticks;
        var fees = new Dictionary<NaiveOrder, BigInteger>();
        foreach (var order in new[] { first, second }) fees[order] = instrument.Fee(ticks, lots, maker is null ? Math.Max(order.MakerPpm, 0) : order == maker ? order.MakerPpm : order.TakerPpm);
        // The house adds nothing to a rebate.
        if (maker is not null) fees[maker] = BigInteger.Max(fees[maker], -fees[maker == first ? second : first]);
        foreach (var order in new[] { first, second })
        {
            if (order.Stand == Stand.Lit) Touch(order.Side, order.At);
            var sign = order.Side == Side.Buy ? 1 : -1;
            order.Cum += lots;
            order.CumTickLots += (BigInteger)ticks * lots;
            if (order.IsHeld) SetHold(order, order.Need);
            Move(order.Firm, instrument.Definition.BaseAsset, sign * instrument.BaseAtoms(lots));
            Move(order.Firm, instrument.Definition.QuoteAsset, -sign * instrument.Notional(ticks, lots) - fees[order]);
            Move(0, instrument.Definition.QuoteAsset, fees[order]);
            Book(order.Firm, instrument, sign * lots, ticks, fees[order]);
            NoteDue(order.Firm);
        }
        foreach (var order in new[] { first, second })
        {
            // A taker, which stands nowhere yet, is closed by who brought it.
            if (order.Stand == Stand.Nowhere && order.Is(OrderInstructions.Offer)) Close(order);
            if (order.Stand == Stand.Nowhere) continue;
            order.Shown -= lots;
            if (order.Cum < order.Lots) continue;
            instrument.BookOf(order).Remove(order);
            order.Stand = Stand.Nowhere;
            Close(order);
        }
        foreach (var order in new[] { first, second })
            ReportFill(order, maker is null ? Liquidity.Auction : order == maker ? Liquidity.Added : Liquidity.Removed, ticks, lots, fees[order], tradeID);
        log.Add(new Trade { Header = Header<Trade>(EventType.Trade, 0, instrument.Definition.Instrument), TradeID = tradeID, PriceTicks = ticks, Lots = lots, AggressorSide = aggressor });
        foreach (var order in new[] { first, second }) CountQuoteFill(order, ticks, lots);
        foreach (var order in new[] { first, second })
        {
            if (order.Stand == Stand.Nowhere || order.Shown > 0) continue;
            // An iceberg shows its next part, behind all others at its price.
            order.Shown = Math.Min(order.Terms.DisplayLots, order.Leaves);
            instrument.BookOf(order).Remove(order);
            instrument.BookOf(order).Add(order, order.At);
        }
        foreach (var partner in partners) EndParted(partner);
    }

    private NaiveOrder? Part(NaiveOrder order)
    {
        if (order.Partner is not { } partner) return null;
        Lift(partner);
        (order.Partner, partner.Partner) = (null, null);
        SetHold(partner, 0);
        SetHold(order, order.Need);
        return partner;
    }

    private void EndParted(NaiveOrder? order)
    {
        if (order is null) return;
        Close(order);
        Report(order, ExecType.Canceled, Reason.Linked);
    }

    private static bool IsOwn(NaiveOrder maker, NaiveOrder taker) =>
        taker.Terms.SelfTradeGroup != 0 && maker.Firm == taker.Firm && maker.Terms.SelfTradeGroup == taker.Terms.SelfTradeGroup;

    private void Prevent(NaiveOrder resting, NaiveOrder taker, long ticks)
    {
        var lots = Math.Min(resting.Leaves, taker.Leaves);
        var mode = taker.Terms.SelfTradeMode;
        log.Add(new MatchPrevented
        {
            Header = Header<MatchPrevented>(EventType.MatchPrevented, taker.Session, taker.Instrument.Definition.Instrument),
            RestingOrderID = resting.OrderID, IncomingOrderID = taker.OrderID, PriceTicks = ticks, Lots = lots,
            SelfTradeGroup = taker.Terms.SelfTradeGroup, Mode = mode, IncomingSide = taker.Side,
        });
        foreach (var order in new[] { resting, taker })
        {
            var isNewest = order == taker;
            var ends = mode switch
            {
                SelfTradeMode.CancelNewest => isNewest,
                SelfTradeMode.CancelOldest => !isNewest,
                SelfTradeMode.Decrement => order.Leaves == lots,
                _ => true,
            };
            if (ends) End(order, ExecType.Canceled, Reason.SelfTrade);
            else if (mode == SelfTradeMode.Decrement)
            {
                order.Lots -= lots;
                if (order.IsHeld) Settle(order);
                Shrink(order);
                Report(order, ExecType.Restated, Reason.SelfTrade);
            }
        }
    }

    /// <summary>It has less left than it had: what it does not show goes first.</summary>
    private void Shrink(NaiveOrder order)
    {
        if (order.Stand == Stand.Nowhere) return;
        if (order.Stand == Stand.Lit) Touch(order.Side, order.At);
        order.Shown = Math.Min(order.Shown, order.Leaves);
    }
}
