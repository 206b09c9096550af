using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>FIX order messages to Commands. What can be said about an order at all is said by the engine, in its order of checks.</summary>
internal sealed class OrderDecoder(Instruments instruments, ICommandSink commands)
{
    /// <summary>Longest ClOrdID(11) taken, in bytes: a UUID in text.</summary>
    public const int ClOrdIDMax = 36;

    // SessionRejectReason(373).
    private const int ValueIncorrect = 5;
    private const int FormatIncorrect = 6;
    // BusinessRejectReason(380).
    private const int NotAuthorized = 6;
    private const int ConditionallyRequiredFieldMissing = 5;

    /// <summary>NewOrderSingle (D).</summary>
    public void New(ClientSession client, in Message message, long nowNs)
    {
        if (!TryClOrdID(client, message, 11, out var clOrdID, nowNs)) return;
        message.TryGetChar(54, out var side);
        message.TryGetChar(40, out var ordType);
        message.TryGet(55, out var symbol);
        var instrument = instruments.Find(symbol);
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        if (instrument is null)
        {
            ref var refuse = ref Command.Begin<RefuseOrder>(slot, CommandType.RefuseOrder);
            refuse.Header.Session = client.Id;
            refuse.Header.MsgSeqNum = message.MsgSeqNum;
            refuse.ClOrdID = clOrdID;
            Text40.TryFrom(symbol[..Math.Min(symbol.Length, Text40.MaxLength)], out refuse.Symbol);
            refuse.Reason = Reason.UnknownInstrument;
            refuse.Side = (Side)(side - '0');
            refuse.OrdType = (OrdType)(ordType - '0');
            Publish(slot);
            return;
        }

        if (!client.May(instrument))
        {
            client.Fix!.BusinessReject(message, NotAuthorized, ClOrdIDOf(message), "RIGHTS|This session may not trade this instrument"u8, nowNs);
            return;
        }
        var timeInForce = TimeInForceOf(message, instrument);
        var type = (OrdType)(ordType - '0');
        var hasTerms = TermsDecoder.HasTerms(message, type, timeInForce);
        ref var special = ref Command.Begin<NewSpecialOrder>(slot, CommandType.NewSpecialOrder);
        if (!hasTerms) Command.Begin<NewOrder>(slot, CommandType.NewOrder);
        // Terms follow what every order has.
        ref var order = ref special.Order;
        order.Header.Session = client.Id;
        order.Header.MsgSeqNum = message.MsgSeqNum;
        order.ClOrdID = clOrdID;
        order.Instrument = instrument.Id;
        order.Side = (Side)(side - '0');
        order.OrdType = type;
        order.TimeInForce = timeInForce;
        if (message.PossResend) order.Flags = OrderFlags.PossResend;
        if (hasTerms)
        {
            special.Terms = TermsDecoder.Read(message, instrument, ref order.Flags);
            special.Cash = TermsDecoder.Cash(message, instrument, ref order.Flags);
            if (message.TryGet(583, out _) && !TryClOrdID(client, message, 583, out special.LinkClOrdID, nowNs)) return;
        }
        if (!TryUnits(client, message, instrument, order.OrdType, out order.PriceTicks, out order.Lots, ref order.Flags, nowNs)) return;
        Publish(slot);
    }

    /// <summary>OrderCancelRequest (F).</summary>
    public void Cancel(ClientSession client, in Message message, long nowNs)
    {
        if (!TryClOrdID(client, message, 11, out var clOrdID, nowNs)) return;
        if (!TryClOrdID(client, message, 41, out var origClOrdID, nowNs)) return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var cancel = ref Command.Begin<CancelOrder>(slot, CommandType.CancelOrder);
        cancel.Header.Session = client.Id;
        cancel.Header.MsgSeqNum = message.MsgSeqNum;
        cancel.ClOrdID = clOrdID;
        cancel.OrigClOrdID = origClOrdID;
        cancel.OrderID = OrderIDOf(message);
        message.TryGet(55, out var symbol);
        cancel.Instrument = instruments.Find(symbol)?.Id ?? 0;
        message.TryGetChar(54, out var side);
        cancel.Side = (Side)(side - '0');
        Publish(slot);
    }

    /// <summary>OrderCancelReplaceRequest (G).</summary>
    public void Replace(ClientSession client, in Message message, long nowNs)
    {
        if (!TryClOrdID(client, message, 11, out var clOrdID, nowNs)) return;
        if (!TryClOrdID(client, message, 41, out var origClOrdID, nowNs)) return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        message.TryGet(55, out var symbol);
        var instrument = instruments.Find(symbol);
        message.TryGetChar(40, out var ordType);
        var type = (OrdType)(ordType - '0');
        var timeInForce = message.TryGetChar(59, out _) ? TimeInForceOf(message, instrument) : 0;
        var hasTerms = instrument is not null && TermsDecoder.HasTerms(message, type, timeInForce);
        ref var special = ref Command.Begin<ReplaceSpecialOrder>(slot, CommandType.ReplaceSpecialOrder);
        if (!hasTerms) Command.Begin<ReplaceOrder>(slot, CommandType.ReplaceOrder);
        ref var replace = ref special.Order;
        replace.Header.Session = client.Id;
        replace.Header.MsgSeqNum = message.MsgSeqNum;
        replace.ClOrdID = clOrdID;
        replace.OrigClOrdID = origClOrdID;
        replace.OrderID = OrderIDOf(message);
        replace.Instrument = instrument?.Id ?? 0;
        message.TryGetChar(54, out var side);
        replace.Side = (Side)(side - '0');
        replace.OrdType = type;
        replace.TimeInForce = timeInForce;
        // What an order is stays: only what can change is asked for.
        if (hasTerms) special.Terms = TermsDecoder.Read(message, instrument!, ref replace.Flags) with { Instructions = 0, MinLots = 0, SelfTradeGroup = 0, SelfTradeMode = 0, Trigger = 0 };
        if (instrument is not null
            && !TryUnits(client, message, instrument, replace.OrdType, out replace.PriceTicks, out replace.Lots, ref replace.Flags, nowNs)) return;
        Publish(slot);
    }

    /// <summary>OrderStatusRequest (H).</summary>
    public void Status(ClientSession client, in Message message, long nowNs)
    {
        if (!TryClOrdID(client, message, 11, out var clOrdID, nowNs)) return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var status = ref Command.Begin<OrderStatusRequest>(slot, CommandType.OrderStatus);
        status.Header.Session = client.Id;
        status.Header.MsgSeqNum = message.MsgSeqNum;
        status.ClOrdID = clOrdID;
        status.OrderID = OrderIDOf(message);
        message.TryGet(55, out var symbol);
        status.Instrument = instruments.Find(symbol)?.Id ?? 0;
        message.TryGetChar(54, out var side);
        status.Side = (Side)(side - '0');
        Publish(slot);
    }

    private void Publish(ReadOnlySpan<byte> slot) => commands.Publish(slot[..Command.Header(slot).Length]);

    internal static bool TryClOrdID(ClientSession client, in Message message, int tag, out Text40 id, long nowNs)
    {
        if (message.TryGet(tag, out var text) && text.Length <= ClOrdIDMax) return Text40.TryFrom(text, out id);
        id = default;
        client.Fix!.Reject(message, ValueIncorrect, tag, "An id is longer than 36 characters"u8, nowNs);
        return false;
    }

    // FIX 4.4 vol 4: TimeInForce(59) absent means Day, which most instruments' day makes good till cancel: it does not end.
    private static TimeInForce TimeInForceOf(in Message message, Instrument? instrument) =>
        message.TryGetChar(59, out var tif) && tif != (byte)'0' ? (TimeInForce)tif
        : instrument is { HasDays: true } ? TimeInForce.Day
        : TimeInForce.GoodTillCancel;

    // An OrderID that is not ours names no order: -1 never matches.
    private static long OrderIDOf(in Message message) =>
        !message.TryGet(37, out var text) ? 0 : System.Buffers.Text.Utf8Parser.TryParse(text, out long id, out var used) && used == text.Length && id > 0 ? id : -1;

    private static bool TryUnits(ClientSession client, in Message message, Instrument instrument, OrdType type, out long ticks, out long lots, ref OrderFlags flags, long nowNs)
    {
        ticks = lots = 0;
        if (!TryDecimal(client, message, 38, out var quantity, out var quantityDecimals, out var present, nowNs)) return false;
        if (!present && !message.TryGet(152, out _))
        {
            client.Fix!.BusinessReject(message, ConditionallyRequiredFieldMissing, ClOrdIDOf(message), "OrderQty(38) or CashOrderQty(152) is required"u8, nowNs);
            return false;
        }
        if (present) lots = instrument.ToLots(quantity, quantityDecimals, ref flags);
        if (type is not (OrdType.Limit or OrdType.StopLimit or OrdType.Pegged)) return true;

        if (!TryDecimal(client, message, 44, out var price, out var priceDecimals, out present, nowNs)) return false;
        if (!present)
        {
            client.Fix!.BusinessReject(message, ConditionallyRequiredFieldMissing, ClOrdIDOf(message), "Price(44) is required for an order with a limit"u8, nowNs);
            return false;
        }
        ticks = instrument.ToTicks(price, priceDecimals, ref flags);
        return true;
    }

    private static bool TryDecimal(ClientSession client, in Message message, int tag, out long mantissa, out int decimals, out bool present, long nowNs)
    {
        mantissa = decimals = 0;
        present = message.TryGet(tag, out _);
        if (!present || message.TryGetDecimal(tag, out mantissa, out decimals)) return true;
        client.Fix!.Reject(message, FormatIncorrect, tag, "More digits than 64 bits hold"u8, nowNs);
        return false;
    }

    internal static ReadOnlySpan<byte> ClOrdIDOf(in Message message) => message.TryGet(11, out var id) ? id : default;
}
