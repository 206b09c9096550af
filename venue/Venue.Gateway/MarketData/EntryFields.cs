using Venue.Messages;

namespace Venue.Gateway;

/// <summary>Fields of one entry of the group NoMDEntries(268).</summary>
internal static class EntryFields
{
    /// <summary>MDEntryType(269) of a side.</summary>
    public static char TypeOf(Side side) => side == Side.Buy ? '0' : '1';

    /// <summary>A level, or a trade, of an increment.</summary>
    public static void Level(FieldBuffer to, Instrument instrument, Side side, long ticks, long lots)
    {
        to.Add(269, TypeOf(side));
        to.Add(55, instrument.Symbol);
        PriceAndSize(to, instrument.Terms, ticks, lots);
    }

    /// <summary>A step of an order.</summary>
    public static void Step(FieldBuffer to, Instrument instrument, in EntryStep step)
    {
        to.Add(279, (char)('0' + (int)step.Step));
        to.Add(269, TypeOf(step.Side));
        to.Add(278, step.Entry);
        to.Add(55, instrument.Symbol);
        PriceAndSize(to, instrument.Terms, step.Ticks, step.Lots);
    }

    /// <summary>A trade. MDEntryID(278) is the number of TrdMatchID(880).</summary>
    public static void Trade(FieldBuffer to, Instrument instrument, in Trade trade)
    {
        to.Add(279, '0');
        to.Add(269, '2');
        to.Add(55, instrument.Symbol);
        PriceAndSize(to, instrument.Terms, trade.PriceTicks, trade.Lots);
        to.Add(278, trade.TradeID);
    }

    /// <summary>The values of a figure.</summary>
    public static void Figure(FieldBuffer to, in DefineInstrument d, in Figure figure)
    {
        if (figure.Ticks != 0) to.AddDecimal(270, (Int128)figure.Ticks * d.TickMantissa, d.TickDecimals);
        if (figure.Lots != 0) to.AddDecimal(271, figure.Lots * d.LotMantissa, d.LotDecimals);
        if (figure.Condition != 0) to.Add(277, (char)figure.Condition);
    }

    /// <summary>MDEntryPx(270), and MDEntrySize(271) unless it is 0.</summary>
    public static void PriceAndSize(FieldBuffer to, in DefineInstrument d, long ticks, long lots)
    {
        to.AddDecimal(270, (Int128)ticks * d.TickMantissa, d.TickDecimals);
        if (lots > 0) to.AddDecimal(271, (Int128)lots * d.LotMantissa, d.LotDecimals);
    }
}
