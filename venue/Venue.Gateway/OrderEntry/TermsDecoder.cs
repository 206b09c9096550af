using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>The fields of D and G that say more than side, price and quantity. What they mean together is judged by the engine.</summary>
internal static class TermsDecoder
{
    /// <summary>An instruction that the engine knows none of, so that it refuses the order.</summary>
    private const OrderInstructions Unsupported = (OrderInstructions)0x8000;

    private const long DayNs = 86_400_000_000_000;

    private static ReadOnlySpan<int> Tags => [18, 99, 110, 111, 126, 152, 211, 432, 583, 1107, 1138, 7928, 8000, 8003];

    /// <summary>True when the message has any of these fields, or an OrdType(40) or TimeInForce(59) that needs them.</summary>
    public static bool HasTerms(in Message message, OrdType ordType, TimeInForce timeInForce)
    {
        if (ordType is not (OrdType.Market or OrdType.Limit)) return true;
        if (timeInForce is TimeInForce.AtTheOpening or TimeInForce.GoodTillDate or TimeInForce.AtTheClose) return true;
        foreach (var tag in Tags)
            if (message.TryGet(tag, out _)) return true;
        return false;
    }

    /// <summary>The terms; decimals that are no whole tick or lot become flags.</summary>
    public static OrderTerms Read(in Message message, Instrument instrument, ref OrderFlags flags)
    {
        var terms = new OrderTerms { Instructions = Instructions(message) };
        terms.StopTicks = Ticks(message, 99, instrument, ref flags);
        terms.OffsetTicks = Ticks(message, 211, instrument, ref flags);
        terms.MinLots = Lots(message, 110, instrument, ref flags);
        terms.DisplayLots = message.TryGet(111, out _) ? Lots(message, 111, instrument, ref flags) : Lots(message, 1138, instrument, ref flags);
        // FIX 4.4 vol 6: MaxFloor(111) is what is shown at any time, so that nothing is.
        if (terms.DisplayLots == 0 && (message.TryGet(111, out _) || message.TryGet(1138, out _))) terms.Instructions |= OrderInstructions.Hidden;
        if (message.TryGetTime(126, out var expireNs)) terms.ExpireNs = expireNs;
        else if (message.TryGet(432, out var date) && TryDay(date, out var dayNs)) terms.ExpireNs = dayNs + DayNs;
        if (message.TryGetInt(7928, out var group)) terms.SelfTradeGroup = group;
        if (message.TryGetChar(8000, out var mode)) terms.SelfTradeMode = (SelfTradeMode)mode;
        if (message.TryGetChar(1107, out var trigger))
            terms.Trigger = trigger switch { (byte)'2' => TriggerPrice.LastTrade, (byte)'I' => TriggerPrice.Index, _ => TriggerPrice.Quote };
        return terms;
    }

    /// <summary>CashOrderQty(152) in atoms; what is no whole atom becomes a flag.</summary>
    public static Amount Cash(in Message message, Instrument instrument, ref OrderFlags flags)
    {
        if (!message.TryGetDecimal(152, out var mantissa, out var decimals)) return default;
        Int128 atoms = mantissa;
        for (; decimals < instrument.QuoteDecimals; decimals++) atoms *= 10;
        for (; decimals > instrument.QuoteDecimals; decimals--)
        {
            if (atoms % 10 != 0) flags |= OrderFlags.QuantityOffLot;
            atoms /= 10;
        }
        return new Amount((flags & OrderFlags.QuantityOffLot) != 0 ? 0 : atoms);
    }

    /// <summary>ExecInst(18): characters with blanks between. Held, not held and work say nothing here.</summary>
    private static OrderInstructions Instructions(in Message message)
    {
        var instructions = OrderInstructions.None;
        if (message.TryGet(18, out var text))
            foreach (var c in text)
                instructions |= c switch
                {
                    (byte)'6' => OrderInstructions.PostOnly,
                    (byte)'a' => OrderInstructions.TrailingStop,
                    (byte)'M' => OrderInstructions.PegMid,
                    (byte)'R' => OrderInstructions.PegPrimary,
                    (byte)' ' or (byte)'1' or (byte)'2' or (byte)'5' => OrderInstructions.None,
                    _ => Unsupported,
                };
        if (message.TryGetChar(8003, out var slide) && slide == 'Y') instructions |= OrderInstructions.Slide;
        return instructions;
    }

    private static int Ticks(in Message message, int tag, Instrument instrument, ref OrderFlags flags)
    {
        if (!message.TryGetDecimal(tag, out var mantissa, out var decimals)) return 0;
        var ticks = instrument.ToTicks(mantissa, decimals, ref flags);
        if (ticks != (int)ticks) flags |= OrderFlags.PriceTooLarge;
        // Given but not to be used: the flag refuses the order, and 0 would mean that it was not given.
        return (flags & (OrderFlags.PriceOffTick | OrderFlags.PriceTooLarge)) != 0 ? 1 : (int)ticks;
    }

    private static long Lots(in Message message, int tag, Instrument instrument, ref OrderFlags flags) =>
        message.TryGetDecimal(tag, out var mantissa, out var decimals) ? instrument.ToLots(mantissa, decimals, ref flags) : 0;

    /// <summary>A LOCALMKTDATE, read as UTC, in nanoseconds since 1970.</summary>
    internal static bool TryDay(ReadOnlySpan<byte> text, out long ns)
    {
        ns = 0;
        if (!DateOnly.TryParseExact(System.Text.Encoding.ASCII.GetString(text), "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day)) return false;
        ns = (day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * DayNs;
        return true;
    }
}
