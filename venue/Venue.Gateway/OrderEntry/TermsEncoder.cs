using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>An order's terms on its reports, in the fields that they came in.</summary>
internal static class TermsEncoder
{
    public static void Write(ref MessageWriter w, in DefineInstrument d, in OrderTerms terms)
    {
        Instructions(ref w, terms.Instructions);
        if (terms.StopTicks != 0) w.AddDecimal(99, (Int128)terms.StopTicks * d.TickMantissa, d.TickDecimals);
        if (terms.OffsetTicks != 0) w.AddDecimal(211, (Int128)terms.OffsetTicks * d.TickMantissa, d.TickDecimals);
        if (terms.MinLots != 0) w.AddDecimal(110, (Int128)terms.MinLots * d.LotMantissa, d.LotDecimals);
        if (terms.DisplayLots != 0) w.AddDecimal(111, (Int128)terms.DisplayLots * d.LotMantissa, d.LotDecimals);
        else if ((terms.Instructions & OrderInstructions.Hidden) != 0) w.Add(111, 0);
        if (terms.ExpireNs != 0) w.AddTime(126, terms.ExpireNs);
        if (terms.SelfTradeGroup == 0) return;
        w.Add(7928, terms.SelfTradeGroup);
        w.Add(8000, (byte)terms.SelfTradeMode);
    }

    /// <summary>ExecInst(18); of those that it has, an order has one at most.</summary>
    private static void Instructions(ref MessageWriter w, OrderInstructions instructions)
    {
        var execInst = (instructions & ~(OrderInstructions.Hidden | OrderInstructions.Slide)) switch
        {
            OrderInstructions.PostOnly => (byte)'6',
            OrderInstructions.TrailingStop => (byte)'a',
            OrderInstructions.PegMid => (byte)'M',
            OrderInstructions.PegPrimary => (byte)'R',
            _ => (byte)0,
        };
        if (execInst != 0) w.Add(18, execInst);
    }
}
