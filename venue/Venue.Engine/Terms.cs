using Venue.Messages;

namespace Venue.Engine;

/// <summary>Which combinations of OrdType(40), TimeInForce(59) and terms make sense.</summary>
internal static class Terms
{
    /// <summary>Largest CashOrderQty(152), in quote atoms.</summary>
    private static readonly Int128 CashMax = Int128.One << 110;

    public static bool IsForAuction(TimeInForce timeInForce) => timeInForce is TimeInForce.AtTheOpening or TimeInForce.AtTheClose;

    public static bool IsKnown(OrdType ordType) =>
        ordType is OrdType.Market or OrdType.Limit or OrdType.Stop or OrdType.StopLimit or OrdType.MarketToLimit or OrdType.Pegged;

    /// <summary>True when the venue takes such an order; the defaults are filled in.</summary>
    public static bool IsSupported(in NewSpecialOrder c)
    {
        ref readonly var order = ref c.Order;
        ref readonly var terms = ref c.Terms;
        return order.Side is Side.Buy or Side.Sell && AreTimesSound(in order, in terms) && IsTypeSound(in c) && AreQuantitiesSound(in c) && AreInstructionsSound(in order, in terms);
    }

    private static bool AreTimesSound(in NewOrder order, in OrderTerms terms)
    {
        var rests = order.TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel or TimeInForce.GoodTillDate;
        // Market orders with 59=0 or 1 are taken, and never rest: clients send them so by habit.
        var fits = order.OrdType switch
        {
            OrdType.Limit => rests || IsForAuction(order.TimeInForce) || order.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill,
            OrdType.Market => (rests && order.TimeInForce != TimeInForce.GoodTillDate) || IsForAuction(order.TimeInForce)
                || order.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill,
            OrdType.Stop or OrdType.StopLimit or OrdType.MarketToLimit or OrdType.Pegged => rests,
            _ => false,
        };
        var expires = order.TimeInForce == TimeInForce.GoodTillDate || (order.TimeInForce == TimeInForce.Day && order.OrdType != OrdType.Market);
        return fits && (expires ? terms.ExpireNs > 0 : terms.ExpireNs == 0);
    }

    private static bool IsTypeSound(in NewSpecialOrder c)
    {
        ref readonly var terms = ref c.Terms;
        var isStop = c.Order.OrdType is OrdType.Stop or OrdType.StopLimit;
        var isTrailing = (terms.Instructions & OrderInstructions.TrailingStop) != 0;
        var isPegged = c.Order.OrdType == OrdType.Pegged;
        const OrderInstructions pegs = OrderInstructions.PegMid | OrderInstructions.PegPrimary;
        if (isStop ? terms.StopTicks < 1 || terms.Trigger is not (TriggerPrice.Quote or TriggerPrice.LastTrade or TriggerPrice.Index) : terms.StopTicks != 0 || terms.Trigger != 0) return false;
        if (isTrailing ? !isStop || terms.OffsetTicks < 1 : !isPegged && terms.OffsetTicks != 0) return false;
        if (isPegged ? (terms.Instructions & pegs) is not (OrderInstructions.PegMid or OrderInstructions.PegPrimary) : (terms.Instructions & pegs) != 0) return false;
        // One of a pair waits for its trigger, the other rests: so they never stand in the same book.
        return c.LinkClOrdID.IsEmpty || isStop || CanRestAsLimit(in c.Order);
    }

    private static bool AreQuantitiesSound(in NewSpecialOrder c)
    {
        ref readonly var order = ref c.Order;
        ref readonly var terms = ref c.Terms;
        var cash = c.Cash.Atoms;
        if (cash != 0 && (cash < 0 || cash > CashMax || order.OrdType != OrdType.Market || IsForAuction(order.TimeInForce) || order.Lots != 0 || terms.MinLots != 0)) return false;
        if (terms.MinLots < 0 || terms.DisplayLots < 0 || (cash == 0 && terms.MinLots > order.Lots)) return false;
        if (terms.MinLots > 0 && (order.OrdType is not (OrdType.Market or OrdType.Limit) || order.TimeInForce == TimeInForce.FillOrKill || IsForAuction(order.TimeInForce))) return false;
        if (terms.DisplayLots > 0 && (!CanShow(in order) || (terms.Instructions & OrderInstructions.Hidden) != 0)) return false;
        var hasMode = terms.SelfTradeMode is SelfTradeMode.CancelNewest or SelfTradeMode.CancelOldest or SelfTradeMode.CancelBoth or SelfTradeMode.Decrement;
        return terms.SelfTradeGroup >= 0 && (terms.SelfTradeGroup == 0 ? terms.SelfTradeMode == 0 : hasMode);
    }

    private static bool AreInstructionsSound(in NewOrder order, in OrderTerms terms)
    {
        const OrderInstructions all = OrderInstructions.PostOnly | OrderInstructions.Slide | OrderInstructions.Hidden
            | OrderInstructions.TrailingStop | OrderInstructions.PegMid | OrderInstructions.PegPrimary;
        if ((terms.Instructions & ~all) != 0) return false;
        var isPostOnly = (terms.Instructions & OrderInstructions.PostOnly) != 0;
        if ((terms.Instructions & OrderInstructions.Slide) != 0 && !isPostOnly) return false;
        if (isPostOnly && (!CanRestAsLimit(in order) || terms.MinLots != 0)) return false;
        return (terms.Instructions & OrderInstructions.Hidden) == 0 || CanShow(in order);
    }

    /// <summary>True for orders that may show less than they have.</summary>
    private static bool CanShow(in NewOrder order) =>
        order.OrdType is OrdType.Limit or OrdType.StopLimit or OrdType.MarketToLimit
        && order.TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel or TimeInForce.GoodTillDate;

    private static bool CanRestAsLimit(in NewOrder order) =>
        order.OrdType == OrdType.Limit && order.TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel or TimeInForce.GoodTillDate;
}
