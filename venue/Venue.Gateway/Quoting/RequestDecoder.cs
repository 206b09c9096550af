using System.Buffers.Text;
using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>
/// Requests for quotes to Commands: RFQRequest (AH), QuoteRequest (R), Quote (S) that answers one and QuoteRequestReject (AG) that does not,
/// QuoteResponse (AJ) and NewOrderSingle (D) that take an answer, QuoteStatusReport (AI) that accepts or refuses a hit.
/// </summary>
internal sealed class RequestDecoder(Instruments instruments, ICommandSink commands)
{
    /// <summary>How long answers are waited for when ExpireTime(126) says nothing, and at most.</summary>
    private const long WaitNs = 30_000_000_000, WaitMaxNs = 600_000_000_000;

    // BusinessRejectReason(380).
    private const int NotAuthorized = 6, ConditionallyRequiredFieldMissing = 5;

    /// <summary>What stands before the number of a request in QuoteReqID(131), of an answer in QuoteID(117), and of a hit in QuoteRespID(693), as the venue tells them.</summary>
    public const byte RequestMark = (byte)'R', OfferMark = (byte)'Q', HitMark = (byte)'H';

    // QuoteStatus(297), and QuoteRejectReason(300) of a price that is good no more.
    private const int Accepted = 0, Rejected = 5, InvalidPrice = 8;

    /// <summary>RFQRequest (AH): by which a provider says what it wants to be asked for.</summary>
    public void Watch(ClientSession client, in Message message, long nowNs)
    {
        var isOn = !message.TryGetChar(263, out var type) || type != (byte)'2';
        var left = 0;
        foreach (var entry in message.Groups(146))
        {
            left++;
            if (entry.TryGet(55, out var symbol) && instruments.Find(symbol) is { } known && client.May(known)) continue;
            client.Fix!.BusinessReject(message, NotAuthorized, message.TryGet(644, out var id) ? id : default, "SYMBOL|Symbol(55) is not an instrument that this session may quote"u8, nowNs);
            return;
        }
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<WatchRequests>(slot, CommandType.WatchRequests);
        c.Header.Session = client.Id;
        c.IsOn = isOn ? (byte)1 : (byte)0;
        foreach (var entry in message.Groups(146))
        {
            entry.TryGet(55, out var symbol);
            c.Instrument = instruments.Find(symbol)!.Id;
            if (--left == 0) c.Header.MsgSeqNum = message.MsgSeqNum;
            commands.Publish(slot[..c.Header.Length]);
        }
    }

    /// <summary>QuoteRequest (R), for one instrument.</summary>
    public void Request(ClientSession client, in Message message, long nowNs)
    {
        if (!OrderDecoder.TryClOrdID(client, message, 131, out var requestID, nowNs)) return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var best = ref Command.Begin<RequestBestQuotes>(slot, CommandType.RequestBestQuotes);
        (best.WindowNs, best.AnswersMax) = (client.Profile.AnswerWindowNs, client.Profile.AnswersMax);
        ref var c = ref best.Request;
        c.Header.Session = client.Id;
        c.Header.MsgSeqNum = message.MsgSeqNum;
        c.RequestID = requestID;
        var count = 0;
        foreach (var entry in message.Groups(146))
        {
            count++;
            entry.TryGet(55, out var symbol);
            var instrument = instruments.Find(symbol);
            if (instrument is not null && !client.May(instrument)) instrument = null;
            c.Instrument = instrument?.Id ?? 0;
            c.Side = entry.TryGetChar(54, out var side) ? (Side)(side - '0') : 0;
            if (instrument is not null && entry.TryGet(38, out _)) c.Lots = LotsOf(in entry, 38, instrument, ref c.Flags);
            c.ExpireNs = entry.TryGetTime(126, out var expireNs) ? Math.Min(expireNs, nowNs + WaitMaxNs) : nowNs + WaitNs;
        }
        if (count == 1) commands.Publish(slot[..c.Header.Length]);
        else client.Fix!.BusinessReject(message, ConditionallyRequiredFieldMissing, requestID.Span, "NoRelatedSym(146) is 1: one instrument a request"u8, nowNs);
    }

    /// <summary>Quote (S) with QuoteReqID(131).</summary>
    public void Offer(ClientSession client, in Message message, long nowNs)
    {
        if (!OrderDecoder.TryClOrdID(client, message, 117, out var quoteID, nowNs)) return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<OfferQuote>(slot, CommandType.OfferQuote);
        c.Header.Session = client.Id;
        c.Header.MsgSeqNum = message.MsgSeqNum;
        c.QuoteID = quoteID;
        message.TryGet(131, out var request);
        c.Request = NumberOf(request, RequestMark);
        message.TryGet(55, out var symbol);
        var fields = message.Fields;
        if (instruments.Find(symbol) is { } instrument)
        {
            c.Instrument = instrument.Id;
            if (fields.TryGet(132, out _)) (c.BidTicks, c.BidLots) = (TicksOf(in fields, 132, instrument, ref c.BidFlags), LotsOf(in fields, 134, instrument, ref c.BidFlags));
            if (fields.TryGet(133, out _)) (c.AskTicks, c.AskLots) = (TicksOf(in fields, 133, instrument, ref c.AskFlags), LotsOf(in fields, 135, instrument, ref c.AskFlags));
        }
        c.ValidUntilNs = message.TryGetTime(62, out var untilNs) ? untilNs : 0;
        commands.Publish(slot[..c.Header.Length]);
    }

    /// <summary>QuoteRequestReject (AG): a provider will not answer, or takes its answer back.</summary>
    public void Decline(ClientSession client, in Message message)
    {
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<DeclineRequest>(slot, CommandType.DeclineRequest);
        c.Header.Session = client.Id;
        c.Header.MsgSeqNum = message.MsgSeqNum;
        message.TryGet(131, out var request);
        c.Request = NumberOf(request, RequestMark);
        commands.Publish(slot[..c.Header.Length]);
    }

    /// <summary>QuoteStatusReport (AI): a provider accepts a hit or refuses it. Taken however busy the venue is.</summary>
    public void AnswerHit(ClientSession client, in Message message, long nowNs)
    {
        if (!OrderDecoder.TryClOrdID(client, message, 117, out var quoteID, nowNs)) return;
        if (!message.TryGetInt(297, out var status) || status is not (Accepted or Rejected))
        {
            client.Fix!.BusinessReject(message, ConditionallyRequiredFieldMissing, quoteID.Span, "UNSUPPORTED|QuoteStatus(297) is 0 to accept the hit or 5 to refuse it"u8, nowNs);
            return;
        }
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<AnswerHit>(slot, CommandType.AnswerHit);
        c.Header.Session = client.Id;
        c.Header.MsgSeqNum = message.MsgSeqNum;
        c.QuoteID = quoteID;
        message.TryGet(693, out var hit);
        c.Hit = NumberOf(hit, HitMark);
        if (status == Rejected) c.Reason = message.TryGetInt(300, out var why) && why == InvalidPrice ? Reason.LookPrice : Reason.LookValidity;
        commands.Publish(slot[..c.Header.Length]);
    }

    /// <summary>QuoteResponse (AJ): takes an answer, or wants none.</summary>
    public void Respond(ClientSession client, in Message message, long nowNs)
    {
        message.TryGetInt(694, out var type);
        if (type == 1) Take(client, message, 693, nowNs);
        else if (type == 6)
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<EndRequest>(slot, CommandType.EndRequest);
            c.Header.Session = client.Id;
            c.Header.MsgSeqNum = message.MsgSeqNum;
            c.Offer = OfferOf(message);
            commands.Publish(slot[..c.Header.Length]);
        }
        else client.Fix!.BusinessReject(message, ConditionallyRequiredFieldMissing, message.TryGet(693, out var id) ? id : default, "UNSUPPORTED|QuoteRespType(694) is 1 to take a quote or 6 to pass"u8, nowNs);
    }

    /// <summary>NewOrderSingle (D) with OrdType(40)=D, or AJ: what it is called is ClOrdID(11), or QuoteRespID(693) when that is not there.</summary>
    public void Take(ClientSession client, in Message message, int otherName, long nowNs)
    {
        if (!OrderDecoder.TryClOrdID(client, message, message.TryGet(11, out _) ? 11 : otherName, out var clOrdID, nowNs)) return;
        message.TryGet(55, out var symbol);
        var instrument = instruments.Find(symbol);
        if (instrument is not null && !client.May(instrument))
        {
            client.Fix!.BusinessReject(message, NotAuthorized, clOrdID.Span, "RIGHTS|This session may not trade this instrument"u8, nowNs);
            return;
        }
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<TakeOffer>(slot, CommandType.TakeOffer);
        c.Header.Session = client.Id;
        c.Header.MsgSeqNum = message.MsgSeqNum;
        c.ClOrdID = clOrdID;
        c.Offer = OfferOf(message);
        c.Side = message.TryGetChar(54, out var side) ? (Side)(side - '0') : 0;
        if (message.PossResend) c.Flags = OrderFlags.PossResend;
        var fields = message.Fields;
        if (instrument is not null)
        {
            c.Instrument = instrument.Id;
            c.Lots = LotsOf(in fields, 38, instrument, ref c.Flags);
            if (fields.TryGet(44, out _)) c.PriceTicks = TicksOf(in fields, 44, instrument, ref c.Flags);
        }
        commands.Publish(slot[..c.Header.Length]);
    }

    private static long OfferOf(in Message message) => message.TryGet(117, out var id) ? NumberOf(id, OfferMark) : 0;

    /// <summary>0 for what the venue never told.</summary>
    private static long NumberOf(ReadOnlySpan<byte> text, byte mark) =>
        text.Length > 1 && text[0] == mark && Utf8Parser.TryParse(text[1..], out long number, out var used) && used == text.Length - 1 && number > 0 ? number : 0;

    private static long TicksOf(in FieldView fields, int tag, Instrument instrument, ref OrderFlags flags)
    {
        if (fields.TryGetDecimal(tag, out var mantissa, out var decimals)) return instrument.ToTicks(mantissa, decimals, ref flags);
        flags |= OrderFlags.PriceTooLarge;
        return 0;
    }

    private static long LotsOf(in FieldView fields, int tag, Instrument instrument, ref OrderFlags flags)
    {
        if (!fields.TryGet(tag, out _)) return 0;
        if (fields.TryGetDecimal(tag, out var mantissa, out var decimals)) return instrument.ToLots(mantissa, decimals, ref flags);
        flags |= OrderFlags.QuantityTooLarge;
        return 0;
    }
}
