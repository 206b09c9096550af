using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>Answers about quotes: MassQuoteAcknowledgement (b), QuoteStatusReport (AI).</summary>
internal static class QuoteEncoder
{
    // QuoteStatus(297).
    private const int Accepted = 0, CanceledForSymbol = 1, CanceledAll = 4, Rejected = 5, Removed = 6, Query = 8, NotFound = 9;

    /// <summary>QuoteRejectReason(300) and QuoteEntryRejectReason(368), which have the same values (FIX 4.4; 99 on entries is of FIX 5.0).</summary>
    public static int RejectReason(Reason reason) => reason switch
    {
        Reason.UnknownInstrument => 1,        // Unknown symbol
        Reason.Phase => 2,                    // Exchange closed
        Reason.InsufficientBalance => 3,      // Quote request exceeds limit
        Reason.NotionalTooLarge => 3,
        Reason.TooManyOrders => 3,
        Reason.PositionLimit => 3,
        Reason.QuantityTooLarge => 3,
        Reason.ExpireTimePassed => 4,         // Too late to enter
        Reason.UnknownQuote => 5,             // Unknown quote
        Reason.QuoteCrossed => 7,             // Invalid bid/ask spread
        Reason.PriceIncrement => 8,           // Invalid price
        Reason.PriceOutOfRange => 8,
        Reason.PriceBand => 8,
        Reason.PriceCollar => 8,
        Reason.FatFinger => 8,
        Reason.NotAuthorized => 9,            // Not authorized to quote security
        Reason.UnknownSession => 9,
        Reason.Killed => 9,
        _ => 99,                              // Other
    };

    /// <summary>MassQuoteAcknowledgement (b): one for a MassQuote, with the entries that were refused.</summary>
    public static void WriteMass(Session session, Instruments instruments, in QuoteReport e, QuoteAnswer answer)
    {
        ref var w = ref session.Begin("b"u8, e.Header.TimeNs);
        w.Add(117, e.QuoteID.Span);
        w.Add(297, answer.Taken == 0 ? Rejected : Accepted);
        if (answer.Taken == 0) w.Add(300, RejectReason(answer.Refused[0].Reason));
        w.Add(301, (int)e.ResponseLevel);
        if (answer.Refused.Count > 0)
        {
            w.Add(58, Texts.Text(answer.Refused[0].Reason));
            WriteSets(ref w, instruments, answer.Refused);
        }
        session.End(keep: true);
    }

    /// <summary>The same of a MassQuote that had no entries but reset a protection.</summary>
    public static void WriteReset(Session session, in ProtectionReset e)
    {
        ref var w = ref session.Begin("b"u8, e.Header.TimeNs);
        w.Add(117, e.QuoteID.Span);
        w.Add(297, e.Reason == Reason.None ? Accepted : Rejected);
        if (e.Reason != Reason.None) w.Add(300, RejectReason(e.Reason));
        w.Add(301, (int)e.ResponseLevel);
        if (e.Reason != Reason.None) w.Add(58, Texts.Text(e.Reason));
        session.End(keep: true);
    }

    /// <summary>Refused entries stand in the order in which they came: those of one set together.</summary>
    private static void WriteSets(ref MessageWriter w, Instruments instruments, IReadOnlyList<RefusedEntry> refused)
    {
        var sets = 0;
        for (var i = 0; i < refused.Count; i++)
            if (i == 0 || refused[i].QuoteSetID != refused[i - 1].QuoteSetID) sets++;
        w.Add(296, sets);
        for (var from = 0; from < refused.Count;)
        {
            var to = from + 1;
            while (to < refused.Count && refused[to].QuoteSetID == refused[from].QuoteSetID) to++;
            var setID = refused[from].QuoteSetID;
            w.Add(302, setID.Span);
            w.Add(304, to - from);
            w.Add(295, to - from);
            for (; from < to; from++)
            {
                var entry = refused[from];
                w.Add(299, entry.QuoteEntryID.Span);
                if (entry.Instrument != 0) w.Add(55, instruments[entry.Instrument].Symbol);
                w.Add(368, RejectReason(entry.Reason));
            }
        }
    }

    /// <summary>QuoteStatusReport (AI) that answers a Quote (S).</summary>
    public static void WriteOne(Session session, Instruments instruments, in QuoteReport e)
    {
        ref var w = ref session.Begin("AI"u8, e.Header.TimeNs);
        w.Add(117, e.QuoteID.Span);
        AddSymbol(ref w, instruments, e.Header.Instrument);
        End(ref w, session, e.Header.TimeNs, e.Reason == Reason.None ? Accepted : Rejected, e.Reason);
    }

    /// <summary>QuoteStatusReport (AI) that answers a QuoteCancel (Z).</summary>
    public static void Write(Session session, Instruments instruments, in QuotesCanceled e)
    {
        ref var w = ref session.Begin("AI"u8, e.Header.TimeNs);
        w.Add(117, e.QuoteID.Span);
        AddSymbol(ref w, instruments, e.Reason == Reason.UnknownInstrument ? 0 : e.Header.Instrument);
        var status = e.Reason == Reason.UnknownQuote ? NotFound : e.Reason != Reason.None ? Rejected : e.Scope == QuoteCancelScope.All ? CanceledAll : CanceledForSymbol;
        End(ref w, session, e.Header.TimeNs, status, e.Reason);
    }

    /// <summary>QuoteStatusReport (AI) that nobody asked for: a protection has pulled quotes.</summary>
    public static void Write(Session session, Instruments instruments, in ProtectionTripped e)
    {
        ref var w = ref session.Begin("AI"u8, e.Header.TimeNs);
        w.Add(117, "NONE"u8);
        AddSymbol(ref w, instruments, e.Header.Instrument);
        End(ref w, session, e.Header.TimeNs, Removed, Reason.Protection);
    }

    /// <summary>QuoteStatusReport (AI) that answers a QuoteStatusRequest (a). Not kept: the client can ask again.</summary>
    public static void Write(Session session, Instruments instruments, in QuoteStatusReport e)
    {
        ref var w = ref session.Begin("AI"u8, e.Header.TimeNs);
        if (!e.RequestID.IsEmpty) w.Add(649, e.RequestID.Span);
        if (e.QuoteID.IsEmpty) w.Add(117, "NONE"u8);
        else w.Add(117, e.QuoteID.Span);
        AddSymbol(ref w, instruments, e.Header.Instrument);
        if (e.Reason == Reason.None)
        {
            ref readonly var d = ref instruments[e.Header.Instrument].Terms;
            if (e.BidTicks > 0) w.AddDecimal(132, (Int128)e.BidTicks * d.TickMantissa, d.TickDecimals);
            if (e.AskTicks > 0) w.AddDecimal(133, (Int128)e.AskTicks * d.TickMantissa, d.TickDecimals);
            if (e.BidTicks > 0) w.AddDecimal(134, (Int128)e.BidLots * d.LotMantissa, d.LotDecimals);
            if (e.AskTicks > 0) w.AddDecimal(135, (Int128)e.AskLots * d.LotMantissa, d.LotDecimals);
            if (e.ValidUntilNs != 0) w.AddTime(62, e.ValidUntilNs);
        }
        w.AddTime(60, e.Header.TimeNs);
        w.Add(297, e.Reason == Reason.None ? Query : e.Reason == Reason.UnknownQuote ? NotFound : Rejected);
        if (e.Reason != Reason.None) w.Add(58, Texts.Text(e.Reason));
        session.End(keep: false);
    }

    private static void AddSymbol(ref MessageWriter w, Instruments instruments, int instrument)
    {
        if (instrument == 0) w.Add(55, "[N/A]"u8);
        else w.Add(55, instruments[instrument].Symbol);
    }

    private static void End(ref MessageWriter w, Session session, long nowNs, int status, Reason reason)
    {
        w.AddTime(60, nowNs);
        w.Add(297, status);
        if (reason != Reason.None) w.Add(58, Texts.Text(reason));
        session.End(keep: true);
    }
}
