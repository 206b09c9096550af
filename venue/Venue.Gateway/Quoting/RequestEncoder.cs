using System.Buffers.Text;
using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>Requests for quotes, out: QuoteRequest (R) to providers; Quote (S), QuoteCancel (Z), QuoteRequestReject (AG) to who asked; QuoteStatusReport (AI) of answers.</summary>
internal static class RequestEncoder
{
    // QuoteStatus(297).
    private const int Rejected = 5, Removed = 6, Expired = 7, Pass = 11;

    /// <summary>QuoteRequest (R) to one provider; who asks is named when it has agreed to that.</summary>
    public static void Write(Session session, ClientSession asker, Instruments instruments, in QuoteRequested e)
    {
        Span<byte> scratch = stackalloc byte[24];
        ref var w = ref session.Begin("R"u8, e.Header.TimeNs);
        w.Add(131, Marked(RequestDecoder.RequestMark, e.Request, scratch));
        var instrument = instruments[e.Header.Instrument];
        ref readonly var d = ref instrument.Terms;
        w.Add(146, 1);
        w.Add(55, instrument.Symbol);
        if (e.Side != 0) w.Add(54, (byte)('0' + (byte)e.Side));
        if (e.Lots > 0) w.AddDecimal(38, (Int128)e.Lots * d.LotMantissa, d.LotDecimals);
        w.AddTime(126, e.ExpireNs);
        w.AddTime(60, e.Header.TimeNs);
        if (asker.Profile.DisclosesRequests) ReportEncoder.Owner(ref w, asker);
        session.End(keep: true);
    }

    /// <summary>Quote (S) to who asked; who answers is named when it has agreed to that.</summary>
    public static void Write(Session session, ClientSession provider, Instruments instruments, in QuoteOffered e)
    {
        Span<byte> scratch = stackalloc byte[24];
        ref var w = ref session.Begin("S"u8, e.Header.TimeNs);
        w.Add(131, e.RequestID.Span);
        w.Add(117, Marked(RequestDecoder.OfferMark, e.Offer, scratch));
        w.Add(537, 1);   // QuoteType: tradeable
        if (provider.Profile.DisclosesRequests) ReportEncoder.Owner(ref w, provider);
        var instrument = instruments[e.Header.Instrument];
        ref readonly var d = ref instrument.Terms;
        w.Add(55, instrument.Symbol);
        if (e.BidTicks > 0) w.AddDecimal(132, (Int128)e.BidTicks * d.TickMantissa, d.TickDecimals);
        if (e.AskTicks > 0) w.AddDecimal(133, (Int128)e.AskTicks * d.TickMantissa, d.TickDecimals);
        if (e.BidTicks > 0) w.AddDecimal(134, (Int128)e.BidLots * d.LotMantissa, d.LotDecimals);
        if (e.AskTicks > 0) w.AddDecimal(135, (Int128)e.AskLots * d.LotMantissa, d.LotDecimals);
        w.AddTime(62, e.ValidUntilNs);
        w.AddTime(60, e.Header.TimeNs);
        LookEncoder.Add(ref w, e);
        session.End(keep: true);
    }

    /// <summary>The end of a request without a trade: QuoteRequestReject (AG) when nobody answered, else QuoteCancel (Z) of all answers.</summary>
    public static void Write(Session session, Instruments instruments, in RequestEnded e)
    {
        ref var w = ref session.Begin(e.WasAnswered == 0 ? "AG"u8 : "Z"u8, e.Header.TimeNs);
        w.Add(131, e.RequestID.IsEmpty ? "NONE"u8 : e.RequestID.Span);
        var symbol = e.Header.Instrument == 0 ? "[N/A]"u8 : instruments[e.Header.Instrument].Symbol;
        if (e.WasAnswered == 0)
        {
            w.Add(658, RejectReason(e.Reason));
            w.Add(146, 1);
            w.Add(55, symbol);
            w.Add(58, Texts.Text(e.Reason));
        }
        else
        {
            w.Add(117, "NONE"u8);
            w.Add(298, 4);   // QuoteCancelType: all
            w.Add(295, 1);
            w.Add(55, symbol);
        }
        session.End(keep: true);
    }

    /// <summary>QuoteStatusReport (AI) of an answer that was refused or is gone.</summary>
    public static void Write(Session session, Instruments instruments, in OfferEnded e)
    {
        Span<byte> scratch = stackalloc byte[24];
        ref var w = ref session.Begin("AI"u8, e.Header.TimeNs);
        if (e.Request > 0) w.Add(131, Marked(RequestDecoder.RequestMark, e.Request, scratch));
        w.Add(117, e.QuoteID.IsEmpty ? "NONE"u8 : e.QuoteID.Span);
        w.Add(55, e.Header.Instrument == 0 ? "[N/A]"u8 : instruments[e.Header.Instrument].Symbol);
        w.AddTime(60, e.Header.TimeNs);
        w.Add(297, e.Reason switch
        {
            Reason.Expired => Expired,
            Reason.Unfilled or Reason.ClientRequest => Pass,
            Reason.Disconnected or Reason.Declined => Removed,
            _ => Rejected,
        });
        var text = Texts.Text(e.Reason);
        if (!text.IsEmpty) w.Add(58, text);
        session.End(keep: true);
    }

    /// <summary>QuoteRequestRejectReason(658), FIX 4.4 code table.</summary>
    private static int RejectReason(Reason reason) => reason switch
    {
        Reason.UnknownInstrument => 1,        // Unknown symbol
        Reason.Phase => 2,                    // Exchange closed
        Reason.TooManyQuotes => 3,            // Quote request exceeds limit
        Reason.QuantityTooLarge => 3,
        Reason.ExpireTimePassed => 4,         // Too late to enter
        Reason.Killed => 6,                   // Not authorized to request quote
        Reason.UnknownSession => 6,
        Reason.UnknownQuote => 7,             // No match for inquiry
        Reason.Expired => 8,                  // No market for instrument
        Reason.NoProvider => 8,
        Reason.ClientRequest => 10,           // Pass
        Reason.Declined => 10,
        _ => 99,                              // Other
    };

    /// <summary>A number as it is told in an id.</summary>
    public static ReadOnlySpan<byte> Marked(byte mark, long number, Span<byte> into)
    {
        into[0] = mark;
        Utf8Formatter.TryFormat(number, into[1..], out var digits);
        return into[..(digits + 1)];
    }
}
