using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>New orders: what is asked of them, and where they go.</summary>
internal sealed partial class NaiveVenue
{
    private void New(NewSpecialOrder c)
    {
        var asked = c.Order;
        var reason = CheckNew(ref c, out var instrument, out var order, out var isFillable);
        if (reason != Reason.None)
        {
            if (reason == Reason.DuplicateClOrdID && asked.Flags.HasFlag(OrderFlags.PossResend))
            {
                Status(Find(asked.ClOrdID, 0, 0, 0), asked.ClOrdID, asked.Side, reason);
                return;
            }
            Remember(asked.ClOrdID, reason);
            log.Add(new ExecReport
            {
                Header = Header<ExecReport>(EventType.ExecReport, _command.Session, instrument?.Definition.Instrument ?? 0),
                ClOrdID = asked.ClOrdID, PriceTicks = asked.OrdType == OrdType.Limit ? asked.PriceTicks : 0, OrderLots = asked.Lots,
                Side = asked.Side, OrdType = asked.OrdType, TimeInForce = asked.TimeInForce,
                ExecType = ExecType.Rejected, OrdStatus = OrdStatus.Rejected, Reason = reason,
            });
            return;
        }
        order!.Slot = TakeSlot();
        order.OrderID = (long)++_generationOf[order.Slot] << 32 | (uint)order.Slot;
        order.IsOpen = true;
        if (order.Terms.ExpireNs != 0) _expiring.Add(order);
        _orderIn[order.Slot] = order;
        _entered.Add(order);
        MakeRoomForClOrdID();
        _used[(order.Session, order.ClOrdID)] = order;
        var limit = order.ReachTicks;
        if (!order.IsHeld && order.OrdType == OrdType.Market) order.Ticks = 0;
        Take(order, in c.Order, c.Terms.StopTicks, order.Lots, isNew: true);
        Report(order, ExecType.New, _isLiquidation ? Reason.Liquidation : Reason.None);

        Begin(instrument!);
        if (order.IsHeld)
        {
            if (order.Partner is { } partner) partner.Partner = order;
            Settle(order);
        }
        if (!isFillable) End(order, ExecType.Canceled, Reason.Unfilled);
        else if (order.IsHeld) Put(order);
        else
        {
            Sweep(order, limit);
            if (order.IsOpen && order.Leaves == 0) Close(order);
            else if (order.IsOpen) End(order, ExecType.Canceled, Reason.Unfilled);
        }
        Done(instrument!);
    }

    private Reason CheckNew(ref NewSpecialOrder c, out NaiveInstrument? instrument, out NaiveOrder? order, out bool isFillable)
    {
        isFillable = true;
        order = null;
        instrument = _instruments.GetValueOrDefault(c.Order.Instrument);
        var firm = _firmOf.GetValueOrDefault(_command.Session);
        if (firm == 0) return Reason.UnknownSession;
        if (instrument is null) return Reason.UnknownInstrument;
        if (_used.ContainsKey((_command.Session, c.Order.ClOrdID))) return Reason.DuplicateClOrdID;
        FillIn(ref c, instrument);
        if (!IsSupported(in c)) return Reason.UnsupportedOrder;

        ref var o = ref c.Order;
        var limit = LimitFor(instrument, o, c.Terms);
        var reachTicks = Within(instrument, o.Side, limit, c.Cash.Atoms == 0 ? o.Lots : instrument.Definition.MaxLots);
        var lots = c.Cash.Atoms == 0 ? o.Lots : LotsForCash(instrument, o.Side, reachTicks, c.Cash.Atoms, RatesOf(firm, instrument).Taker);
        var (makerPpm, takerPpm) = RatesOf(firm, instrument);
        order = new NaiveOrder
        {
            Slot = 0, Session = _command.Session, Firm = firm, ClOrdID = o.ClOrdID, Instrument = instrument, Side = o.Side, OrdType = o.OrdType,
            TimeInForce = o.TimeInForce, Ticks = limit, ReachTicks = reachTicks, Lots = lots, MakerPpm = makerPpm, TakerPpm = takerPpm,
            IsOpen = false, Terms = c.Terms, Age = _command.Seq,
        };
        order.IsHeld = o.OrdType == OrdType.Market ? order.IsForAuction : o.TimeInForce is not (TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill);
        if (!Takes(instrument.Phase, order)) return Reason.Phase;
        var reason = CheckNumbers(instrument, o, c.Terms, limit, lots);
        if (reason != Reason.None) return reason;
        if (!c.LinkClOrdID.IsEmpty) order.Partner = PartnerFor(order, c.LinkClOrdID);

        isFillable = CanFill(order, reachTicks);
        BigInteger need = 0;
        if (order.IsHeld) need = order.Partner is { } partner ? BigInteger.Max(order.Need, partner.Need) - partner.Need : order.Need;
        else if (isFillable) need = Cost(order, reachTicks);
        var isCovered = Available(firm, instrument.Paid(o.Side)) >= need;
        if (_isLiquidation && !isCovered) return Reason.InsufficientBalance;
        var limited = _isLiquidation ? Reason.None : CheckLimits(order, o, c.Terms.StopTicks, lots, lots, isNew: true, isCovered);
        if (limited == Reason.None) limited = CheckMargin(order, need, isFillable);
        if (limited != Reason.None) return limited;
        var isFull = _closedSlots.Count == 0 && _generationOf.Count > capacity.Orders;
        if (isFull || (order.IsHeld && order.OrdType != OrdType.Pegged && !HasRoom(order))) return Reason.VenueFull;
        if (Switches(_command.Session, o.Instrument).Any(_kills.Contains)) return Reason.Killed;
        if (order.Is(OrderInstructions.PostOnly) && (limit == 0 || instrument.Crosses(o.Side, limit))) return Reason.PostOnly;
        if (o.OrdType == OrdType.MarketToLimit && limit == 0) return Reason.NoOpposite;
        if (!c.LinkClOrdID.IsEmpty && order.Partner is null) return Reason.UnknownLink;
        if (o.OrdType == OrdType.Pegged ? instrument.Pegs.Count >= 1024 : order.Is(OrderInstructions.TrailingStop) && instrument.Trails.Count >= 1024) return Reason.TooManyFollow;
        return c.Terms.ExpireNs != 0 && c.Terms.ExpireNs <= _command.TimeNs ? Reason.ExpireTimePassed : Reason.None;
    }

    private void FillIn(ref NewSpecialOrder c, NaiveInstrument instrument)
    {
        if (c.Order.TimeInForce == TimeInForce.Day && instrument.Trading.DayEnd == 0) c.Order.TimeInForce = TimeInForce.GoodTillCancel;
        if (c.Order.TimeInForce == TimeInForce.Day && c.Order.OrdType != OrdType.Market && c.Terms.ExpireNs == 0)
        {
            var end = (instrument.Trading.DayEnd - 1) * 1_000_000_000L;
            while (end <= _command.TimeNs) end += 86_400_000_000_000L;
            c.Terms.ExpireNs = end;
        }
        if (c.Order.OrdType is OrdType.Stop or OrdType.StopLimit && c.Terms.Trigger == 0) c.Terms.Trigger = TriggerPrice.LastTrade;
        var (group, mode) = SelfTradeDefault();
        if (c.Terms.SelfTradeGroup == 0) c.Terms.SelfTradeGroup = group;
        if (c.Terms.SelfTradeGroup != 0 && c.Terms.SelfTradeMode == 0) c.Terms.SelfTradeMode = mode == 0 ? SelfTradeMode.CancelNewest : mode;
    }

    private static long LimitFor(NaiveInstrument instrument, in NewOrder o, in OrderTerms terms)
    {
        var opposite = o.Side == Side.Buy ? Side.Sell : Side.Buy;
        if (o.OrdType == OrdType.Market)
        {
            if (o.TimeInForce is TimeInForce.AtTheOpening or TimeInForce.AtTheClose) return instrument.Protection(o.Side, instrument.Reference);
            return (long)(o.Side == Side.Buy ? instrument.Highest : instrument.Lowest);
        }
        if (o.OrdType == OrdType.MarketToLimit) return instrument.Best(opposite);
        if (o.OrdType == OrdType.Stop) return instrument.Protection(o.Side, terms.StopTicks);
        if (o.OrdType != OrdType.Limit || !terms.Instructions.HasFlag(OrderInstructions.Slide) || !instrument.Crosses(o.Side, o.PriceTicks)) return o.PriceTicks;
        var best = instrument.Depth(opposite).First().Ticks;
        if (o.Side == Side.Buy) return best - 1;
        return best >= instrument.Definition.MaxPriceTicks ? 0 : best + 1;
    }

    private static Reason CheckNumbers(NaiveInstrument instrument, in NewOrder o, in OrderTerms terms, long limit, long lots)
    {
        var top = instrument.Definition.MaxPriceTicks;
        bool IsBeyond(long ticks) => ticks < instrument.Lowest || ticks > instrument.Highest;
        if (o.OrdType == OrdType.MarketToLimit && limit != 0 && IsBeyond(limit)) return Reason.PriceBand;
        if (o.OrdType is OrdType.Market or OrdType.MarketToLimit) return instrument.CheckLots(lots, o.Flags);
        if (o.Flags.HasFlag(OrderFlags.PriceOffTick)) return Reason.PriceIncrement;
        if (o.Flags.HasFlag(OrderFlags.PriceTooLarge) || terms.StopTicks > top || Math.Abs((long)terms.OffsetTicks) > top) return Reason.PriceOutOfRange;
        if (o.OrdType is OrdType.Limit or OrdType.StopLimit or OrdType.Pegged && (o.PriceTicks < 1 || o.PriceTicks > top)) return Reason.PriceOutOfRange;
        if (o.OrdType == OrdType.Limit && (IsBeyond(o.PriceTicks) || (limit != 0 && IsBeyond(limit)))) return Reason.PriceBand;
        return instrument.CheckLots(lots, o.Flags);
    }

    /// <summary>The limit, or the price of the last level that is looked at when those before it hold less than is wanted.</summary>
    private long Within(NaiveInstrument instrument, Side side, long limit, long lots)
    {
        var levels = instrument.Depth(side == Side.Buy ? Side.Sell : Side.Buy).Where(level => NaiveInstrument.Reaches(side, level.Ticks, limit)).Take(reach).ToList();
        var isEnough = levels.Take(reach - 1).Sum(level => level.Orders.Sum(order => order.Leaves)) >= lots;
        return levels.Count < reach || isEnough ? limit : levels[^1].Ticks;
    }

    /// <summary>What a cash amount buys with its fee, or must be sold for it.</summary>
    private static long LotsForCash(NaiveInstrument instrument, Side side, long limit, BigInteger cash, int takerPpm)
    {
        var definition = instrument.Definition;
        var ppm = side == Side.Buy ? takerPpm : 0;
        var edge = instrument.Edge(side, limit);
        long lots = 0;
        foreach (var (ticks, orders) in instrument.Depth(side == Side.Buy ? Side.Sell : Side.Buy))
        {
            if (!NaiveInstrument.Reaches(side, ticks, edge) || lots > definition.MaxLots) break;
            var total = orders.Sum(order => order.Leaves);
            var fill = Math.Min(total, Affordable(instrument, ticks, cash, ppm));
            lots += fill;
            cash -= instrument.Notional(ticks, fill) + instrument.Fee(ticks, fill, ppm);
            if (fill < total) break;
        }
        return lots;
    }

    /// <summary>The most lots whose cost and fee an amount covers.</summary>
    private static long Affordable(NaiveInstrument instrument, long ticks, BigInteger atoms, int ppm)
    {
        BigInteger least = 0, most = BigInteger.One << 40;
        while (least < most)
        {
            var middle = (least + most + 1) / 2;
            if (instrument.Notional(ticks, (long)middle) + instrument.Fee(ticks, (long)middle, ppm) <= atoms) least = middle;
            else most = middle - 1;
        }
        return (long)least;
    }

    /// <summary>What an order that trades at once could cost: the fee is rounded down for each price's total.</summary>
    private static BigInteger Cost(NaiveOrder order, long limit)
    {
        var instrument = order.Instrument;
        var edge = instrument.Edge(order.Side, limit);
        var left = order.Lots;
        BigInteger cost = 0;
        foreach (var (ticks, orders) in instrument.Depth(order.Side == Side.Buy ? Side.Sell : Side.Buy))
        {
            if (left == 0 || !NaiveInstrument.Reaches(order.Side, ticks, edge)) break;
            var fill = Math.Min(left, orders.Sum(maker => maker.Leaves));
            left -= fill;
            cost += order.Side == Side.Sell ? instrument.BaseAtoms(fill) : instrument.Notional(ticks, fill) + instrument.Fee(ticks, fill, order.TakerPpm);
        }
        return cost;
    }

    private static bool CanFill(NaiveOrder order, long limit)
    {
        var wanted = order.TimeInForce == TimeInForce.FillOrKill ? order.Lots : order.Terms.MinLots;
        if (wanted == 0) return true;
        var instrument = order.Instrument;
        var edge = instrument.Edge(order.Side, limit);
        long found = 0;
        foreach (var (ticks, orders) in instrument.Depth(order.Side == Side.Buy ? Side.Sell : Side.Buy))
        {
            if (found >= wanted || !NaiveInstrument.Reaches(order.Side, ticks, edge)) break;
            foreach (var queue in orders.GroupBy(maker => maker.Stand))
            {
                var others = queue.Where(maker => !IsOwn(maker, order)).ToList();
                if (others.Count < queue.Count() && order.Terms.SelfTradeMode != SelfTradeMode.CancelOldest)
                {
                    // By time what stands before the first of them trades before it, as far as it is shown.
                    var isByTime = queue.Key == Stand.Dark || instrument.Trading.Allocation == Allocation.PriceTime;
                    return found + (isByTime ? queue.TakeWhile(maker => !IsOwn(maker, order)).Sum(maker => maker.Shown) : 0) >= wanted;
                }
                found += others.Sum(maker => maker.Leaves);
            }
        }
        return found >= wanted;
    }

    private static bool Takes(Phase phase, NaiveOrder order) => phase switch
    {
        Phase.Continuous => order.TimeInForce != TimeInForce.AtTheOpening,
        Phase.PreOpen or Phase.VolatilityAuction or Phase.CloseAuction =>
            order.IsHeld && order.OrdType != OrdType.MarketToLimit && order.Terms.MinLots == 0 && !order.Is(OrderInstructions.PostOnly)
            && (order.TimeInForce != TimeInForce.AtTheOpening || phase == Phase.PreOpen),
        _ => false,
    };

    private void Refuse(in RefuseOrder c)
    {
        var reason = _firmOf.GetValueOrDefault(_command.Session) == 0 ? Reason.UnknownSession
            : c.Reason > Reason.DuplicateClOrdID && _used.ContainsKey((_command.Session, c.ClOrdID)) ? Reason.DuplicateClOrdID
            : c.Reason;
        Remember(c.ClOrdID, reason);
        log.Add(new ExecReport
        {
            Header = Header<ExecReport>(EventType.ExecReport, _command.Session, 0), ClOrdID = c.ClOrdID, OrigClOrdID = c.Symbol,
            Side = c.Side, OrdType = c.OrdType, ExecType = ExecType.Rejected, OrdStatus = OrdStatus.Rejected, Reason = reason,
        });
    }
}
