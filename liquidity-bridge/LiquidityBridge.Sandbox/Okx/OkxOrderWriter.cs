using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>An order and its fills as the orders channel and REST have them.</summary>
internal static class OkxOrderWriter
{
    /// <summary>The members that both have.</summary>
    public static void Order(this Utf8JsonWriter w, Order order, Fill? fill, long fillNs, long nowNs)
    {
        var i = order.Instrument;
        var terms = (OkxTerms)order.Request.Owner!;
        w.WriteString("instType", "SPOT");
        w.WriteString("instId", i.Symbol);
        w.WriteString("ordId", OkxText.OrdId(order.ID));
        w.WriteString("clOrdId", order.ClOrdID);
        w.WriteString("tag", terms.Tag);
        w.WriteString("side", OkxText.Of(order.Side));
        w.WriteString("posSide", "net");
        w.WriteString("tdMode", "cash");
        w.WriteString("ordType", terms.OrdType);
        w.WriteString("px", order.Request.Type == OrdType.Limit ? i.Px(order.LimitTicks) : "");
        w.WriteString("sz", i.Sz(order.Lots));
        w.WriteString("tgtCcy", order.Request.Type == OrdType.Limit ? "" : "base_ccy");
        w.WriteString("state", OkxText.Of(order.Status));
        w.WriteString("accFillSz", i.Sz(order.CumLots));
        w.WriteString("avgPx", order.CumLots == 0 ? "" : i.Px(order.AverageTicks));
        w.WriteString("feeCcy", i.Quote);
        w.WriteString("fee", OkxText.Amount(-order.CumFee));
        w.WriteString("rebateCcy", i.Base);
        w.WriteString("rebate", "0");
        w.WriteString("cancelSource", terms.CancelSource);
        w.WriteString("category", "normal");
        w.WriteString("tradeId", fill is { } f ? $"{f.Trade.ID}" : "");
        w.WriteString("fillPx", fill is { } g ? i.Px(g.Trade.Ticks) : "");
        w.WriteString("fillSz", fill is { } h ? i.Sz(h.Trade.Lots) : "0");
        w.WriteString("fillTime", fill is null ? "" : OkxText.Ms(fillNs));
        w.WriteString("cTime", OkxText.Ms(order.AcceptedNs));
        w.WriteString("uTime", OkxText.Ms(nowNs));
    }

    /// <summary>What only the orders channel says.</summary>
    public static void Push(this Utf8JsonWriter w, Order order, Fill? fill, string reqId, string amendResult)
    {
        var i = order.Instrument;
        w.WriteString("execType", fill is { } f ? f.Liquidity == Liquidity.Added ? "M" : "T" : "");
        w.WriteString("fillFee", fill is { } g ? OkxText.Amount(-g.Fee) : "0");
        w.WriteString("fillFeeCcy", fill is null ? "" : i.Quote);
        w.WriteString("fillNotionalUsd", OkxText.Amount(order.CumCost));
        w.WriteString("notionalUsd", OkxText.Amount(i.Cost(order.LimitTicks, order.Lots)));
        w.WriteString("reqId", reqId);
        w.WriteString("amendResult", amendResult);
        w.WriteString("code", "0");
        w.WriteString("msg", "");
    }

    /// <summary>One line of GET /trade/fills.</summary>
    public static void FillOf(this Utf8JsonWriter w, Order order, Fill fill, long atNs)
    {
        var i = order.Instrument;
        w.WriteString("instType", "SPOT");
        w.WriteString("instId", i.Symbol);
        w.WriteString("tradeId", $"{fill.Trade.ID}");
        w.WriteString("ordId", OkxText.OrdId(order.ID));
        w.WriteString("clOrdId", order.ClOrdID);
        w.WriteString("billId", OkxText.OrdId(fill.ExecID));
        w.WriteString("tag", ((OkxTerms)order.Request.Owner!).Tag);
        w.WriteString("fillPx", i.Px(fill.Trade.Ticks));
        w.WriteString("fillSz", i.Sz(fill.Trade.Lots));
        w.WriteString("side", OkxText.Of(order.Side));
        w.WriteString("posSide", "net");
        w.WriteString("execType", fill.Liquidity == Liquidity.Added ? "M" : "T");
        w.WriteString("feeCcy", i.Quote);
        w.WriteString("fee", OkxText.Amount(-fill.Fee));
        w.WriteString("fillTime", OkxText.Ms(atNs));
        w.WriteString("ts", OkxText.Ms(atNs));
    }
}
