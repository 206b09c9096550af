using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Which orders make sense.</summary>
internal sealed partial class NaiveVenue
{
    private static bool IsSupported(in NewSpecialOrder c)
    {
        var (o, t) = (c.Order, c.Terms);
        if (!Enum.IsDefined(o.Side) || !Enum.IsDefined(o.OrdType) || !Enum.IsDefined(o.TimeInForce) || ((int)t.Instructions & ~63) != 0) return false;
        var isAuction = o.TimeInForce is TimeInForce.AtTheOpening or TimeInForce.AtTheClose;
        var isNow = o.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;
        var isStop = o.OrdType is OrdType.Stop or OrdType.StopLimit;
        bool Is(OrderInstructions instruction) => t.Instructions.HasFlag(instruction);

        if (o.OrdType == OrdType.Market && o.TimeInForce == TimeInForce.GoodTillDate) return false;
        if (o.OrdType is not (OrdType.Market or OrdType.Limit) && (isAuction || isNow)) return false;
        var mayExpire = o.TimeInForce is TimeInForce.GoodTillDate or TimeInForce.Day && o.OrdType != OrdType.Market;
        if (mayExpire != t.ExpireNs > 0 || t.ExpireNs < 0) return false;

        if (isStop != t.StopTicks > 0 || t.StopTicks < 0) return false;
        if (isStop ? t.Trigger is not (TriggerPrice.LastTrade or TriggerPrice.Quote or TriggerPrice.Index) : t.Trigger != 0) return false;
        if (Is(OrderInstructions.TrailingStop) && (!isStop || t.OffsetTicks <= 0)) return false;
        if (t.OffsetTicks != 0 && !Is(OrderInstructions.TrailingStop) && o.OrdType != OrdType.Pegged) return false;
        var pegs = new[] { OrderInstructions.PegMid, OrderInstructions.PegPrimary }.Count(Is);
        if (pegs != (o.OrdType == OrdType.Pegged ? 1 : 0)) return false;

        var isRestingLimit = o.OrdType == OrdType.Limit && !isNow && !isAuction;
        if (!c.LinkClOrdID.IsEmpty && !isStop && !isRestingLimit) return false;
        if (Is(OrderInstructions.PostOnly) && (!isRestingLimit || t.MinLots != 0)) return false;
        if (Is(OrderInstructions.Slide) && !Is(OrderInstructions.PostOnly)) return false;
        var canHide = isRestingLimit || o.OrdType is OrdType.StopLimit or OrdType.MarketToLimit;
        if (t.DisplayLots < 0 || ((t.DisplayLots > 0 || Is(OrderInstructions.Hidden)) && !canHide) || (t.DisplayLots > 0 && Is(OrderInstructions.Hidden))) return false;
        if (t.MinLots < 0 || (t.MinLots > 0 && (o.OrdType is not (OrdType.Market or OrdType.Limit) || isAuction || o.TimeInForce == TimeInForce.FillOrKill))) return false;

        var cash = c.Cash.Atoms;
        if (cash == 0 ? t.MinLots > o.Lots : cash < 0 || cash > (Int128)1 << 110 || o.OrdType != OrdType.Market || isAuction || o.Lots != 0 || t.MinLots != 0) return false;
        return t.SelfTradeGroup >= 0 && Enum.IsDefined(t.SelfTradeMode) && (t.SelfTradeGroup > 0) == (t.SelfTradeMode != 0);
    }
}
