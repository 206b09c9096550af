using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>MassQuote (i), Quote (S), QuoteCancel (Z) and QuoteStatusRequest (a) to Commands: one for each entry.</summary>
/// <remarks>
/// The last command alone has the MsgSeqNum(34) of its message: when a crash comes between the entries the message counts as
/// never received, and the client's session sends it again.
/// </remarks>
internal sealed class QuoteDecoder(Instruments instruments, ICommandSink commands)
{
    /// <summary>Most entries of one message: they all go into the inbound ring at once.</summary>
    public const int EntriesMax = 1000;

    // SessionRejectReason(373).
    private const int ValueIncorrect = 5;
    // BusinessRejectReason(380).
    private const int NotAuthorized = 6;
    private const int ConditionallyRequiredFieldMissing = 5;

    /// <summary>MMProtectionReset(9773), named as CME names it.</summary>
    private const int ProtectionReset = 9773;

    // QuoteResponseLevel(301) when nothing is said.
    private const byte Refusals = 1, Always = 2;

    /// <summary>MassQuote (i).</summary>
    public void Mass(ClientSession client, in Message message, long nowNs)
    {
        if (!OrderDecoder.TryClOrdID(client, message, 117, out var quoteID, nowNs) || !TryCount(client, message, out var left, nowNs)) return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        var level = LevelOf(message, Refusals);
        Reset(client, message, quoteID, level, isAlone: left == 0);
        ref var c = ref Command.Begin<Quote>(slot, CommandType.Quote);
        c.Header.Session = client.Id;
        c.QuoteID = quoteID;
        c.ResponseLevel = level;
        foreach (var set in message.Groups(296))
        {
            set.TryGet(302, out var setID);
            Text16.TryFrom(setID, out c.QuoteSetID);
            if (!set.TryGetTime(367, out var validUntilNs)) validUntilNs = 0;
            foreach (var entry in set.Groups(295))
            {
                entry.TryGet(299, out var entryID);
                Text16.TryFrom(entryID, out c.QuoteEntryID);
                c.ValidUntilNs = entry.TryGetTime(62, out var untilNs) ? untilNs : validUntilNs;
                entry.TryGet(55, out var symbol);
                c.Flags = QuoteFlags.None;
                Sides(in entry, in message, Find(client, symbol, ref c), ref c);
                if (--left == 0)
                {
                    c.Header.MsgSeqNum = message.MsgSeqNum;
                    c.Flags |= QuoteFlags.Last;
                }
                commands.Publish(slot[..c.Header.Length]);
            }
        }
    }

    /// <summary>Quote (S): one entry, named by its QuoteID(117) alone.</summary>
    public void One(ClientSession client, in Message message, long nowNs)
    {
        if (!OrderDecoder.TryClOrdID(client, message, 117, out var quoteID, nowNs)) return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        var level = LevelOf(message, Refusals);
        Reset(client, message, quoteID, level, isAlone: false);
        ref var c = ref Command.Begin<Quote>(slot, CommandType.Quote);
        c.Header.Session = client.Id;
        c.Header.MsgSeqNum = message.MsgSeqNum;
        c.QuoteID = quoteID;
        c.ResponseLevel = level;
        c.ValidUntilNs = message.TryGetTime(62, out var untilNs) ? untilNs : 0;
        message.TryGet(55, out var symbol);
        c.Flags = QuoteFlags.Single | QuoteFlags.Last;
        Sides(message.Fields, in message, Find(client, symbol, ref c), ref c);
        commands.Publish(slot[..c.Header.Length]);
    }

    /// <summary>QuoteCancel (Z). Taken however busy the venue is.</summary>
    public void Cancel(ClientSession client, in Message message, long nowNs)
    {
        if (!OrderDecoder.TryClOrdID(client, message, 117, out var quoteID, nowNs)) return;
        message.TryGetInt(298, out var type);
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<CancelQuotes>(slot, CommandType.CancelQuotes);
        c.Header.Session = client.Id;
        c.QuoteID = quoteID;
        c.Scope = (QuoteCancelScope)type;
        c.ResponseLevel = LevelOf(message, Always);
        if (c.Scope != QuoteCancelScope.Instrument)
        {
            c.Header.MsgSeqNum = message.MsgSeqNum;
            commands.Publish(slot[..c.Header.Length]);
            return;
        }
        var left = CountOf(message.Groups(295));
        if (left is 0 or > EntriesMax)
        {
            client.Fix!.BusinessReject(message, ConditionallyRequiredFieldMissing, quoteID.Span, "NoQuoteEntries(295) with Symbol(55) is required for QuoteCancelType(298) 1, at most 1000"u8, nowNs);
            return;
        }
        foreach (var entry in message.Groups(295))
        {
            entry.TryGet(55, out var symbol);
            c.Instrument = instruments.Find(symbol)?.Id ?? 0;
            if (--left == 0) c.Header.MsgSeqNum = message.MsgSeqNum;
            commands.Publish(slot[..c.Header.Length]);
        }
    }

    /// <summary>QuoteStatusRequest (a).</summary>
    public void Status(ClientSession client, in Message message, long nowNs)
    {
        Text40 requestID = default, quoteID = default;
        if (message.TryGet(649, out _) && !OrderDecoder.TryClOrdID(client, message, 649, out requestID, nowNs)) return;
        if (message.TryGet(117, out _) && !OrderDecoder.TryClOrdID(client, message, 117, out quoteID, nowNs)) return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<QuoteStatus>(slot, CommandType.QuoteStatus);
        c.Header.Session = client.Id;
        c.Header.MsgSeqNum = message.MsgSeqNum;
        (c.RequestID, c.QuoteID) = (requestID, quoteID);
        message.TryGet(55, out var symbol);
        c.Instrument = instruments.Find(symbol)?.Id ?? 0;
        commands.Publish(slot[..c.Header.Length]);
    }

    /// <summary>What is asked for beside the entries, before they are looked at.</summary>
    private void Reset(ClientSession client, in Message message, Text40 quoteID, byte level, bool isAlone)
    {
        if (!message.TryGetChar(ProtectionReset, out var reset) || reset != (byte)'Y') return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<ResetProtection>(slot, CommandType.ResetProtection);
        c.Header.Session = client.Id;
        c.Header.MsgSeqNum = isAlone ? message.MsgSeqNum : 0;
        c.QuoteID = quoteID;
        c.Flags = isAlone ? QuoteFlags.Last : QuoteFlags.None;
        c.ResponseLevel = level;
        commands.Publish(slot[..c.Header.Length]);
    }

    /// <summary>Looks at the whole message before any of it becomes a command.</summary>
    private static bool TryCount(ClientSession client, in Message message, out int count, long nowNs)
    {
        count = 0;
        foreach (var set in message.Groups(296))
        {
            if (!set.TryGet(302, out var setID) || setID.Length > Text16.MaxLength) return Reject(client, message, 302, nowNs);
            foreach (var entry in set.Groups(295))
            {
                if (!entry.TryGet(299, out var entryID) || entryID.Length > Text16.MaxLength) return Reject(client, message, 299, nowNs);
                count++;
            }
        }
        if (count is > 0 and <= EntriesMax || (count == 0 && message.TryGetChar(ProtectionReset, out var reset) && reset == (byte)'Y')) return true;
        client.Fix!.BusinessReject(message, ConditionallyRequiredFieldMissing, message.TryGet(117, out var id) ? id : default, "A MassQuote has 1 to 1000 entries, or none with MMProtectionReset(9773)=Y"u8, nowNs);
        return false;
    }

    private static bool Reject(ClientSession client, in Message message, int tag, long nowNs)
    {
        client.Fix!.Reject(message, ValueIncorrect, tag, "QuoteSetID(302) and QuoteEntryID(299) have 1 to 15 characters"u8, nowNs);
        return false;
    }

    private Instrument? Find(ClientSession client, ReadOnlySpan<byte> symbol, ref Quote c)
    {
        var instrument = instruments.Find(symbol);
        if (instrument is not null && !client.May(instrument)) instrument = null;
        c.Instrument = instrument?.Id ?? 0;
        return instrument;
    }

    /// <summary>Both sides of an entry; a size that it does not say is the message's default.</summary>
    private static void Sides(in FieldView entry, in Message message, Instrument? instrument, ref Quote c)
    {
        if (Side(in entry, in message, (132, 134, 293), instrument, ref c.BidTicks, ref c.BidLots, ref c.BidFlags)) c.Flags |= QuoteFlags.Bid;
        if (Side(in entry, in message, (133, 135, 294), instrument, ref c.AskTicks, ref c.AskLots, ref c.AskFlags)) c.Flags |= QuoteFlags.Ask;
    }

    /// <summary>False when nothing is said of a side. A price without a size, or the other way round, is no price: that side is pulled.</summary>
    private static bool Side(in FieldView entry, in Message message, (int Price, int Size, int DefaultSize) tags, Instrument? instrument, ref long ticks, ref long lots, ref OrderFlags flags)
    {
        (ticks, lots, flags) = (0, 0, OrderFlags.None);
        var hasPrice = entry.TryGet(tags.Price, out _);
        var hasSize = entry.TryGet(tags.Size, out _);
        if ((!hasPrice && !hasSize) || instrument is null) return false;
        if (hasPrice)
        {
            if (entry.TryGetDecimal(tags.Price, out var mantissa, out var decimals)) ticks = instrument.ToTicks(mantissa, decimals, ref flags);
            else flags |= OrderFlags.PriceTooLarge;
        }
        if (hasSize || message.TryGet(tags.DefaultSize, out _))
        {
            if (hasSize ? entry.TryGetDecimal(tags.Size, out var mantissa, out var decimals) : message.TryGetDecimal(tags.DefaultSize, out mantissa, out decimals)) lots = instrument.ToLots(mantissa, decimals, ref flags);
            else flags |= OrderFlags.QuantityTooLarge;
        }
        return true;
    }

    private static byte LevelOf(in Message message, byte unsaid) => message.TryGetInt(301, out var level) ? (byte)level : unsaid;

    private static int CountOf(GroupEntries entries)
    {
        var count = 0;
        foreach (var _ in entries) count++;
        return count;
    }
}
