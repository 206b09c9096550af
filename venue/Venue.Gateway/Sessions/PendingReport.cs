using Venue.Messages;

namespace Venue.Gateway;

/// <summary>A report that the replay gave and whose message has not been met in the journal yet.</summary>
internal readonly struct PendingReport
{
    public PendingReport(in ExecReport e, int session, bool isOwed) => (Execution, Header, Session, IsOwed) = (e, e.Header, session, isOwed);
    public PendingReport(in CancelReject e) => (Cancel, Header, Session) = (e, e.Header, e.Header.Session);
    public PendingReport(in MassCancelReport e) => (MassCancel, Header, Session) = (e, e.Header, e.Header.Session);

    public PendingReport(in QuoteReport e, QuoteAnswer answer) => (Quote, Answer, Header, Session) = (e, answer, e.Header, e.Header.Session);
    public PendingReport(in QuotesCanceled e) => (Canceled, Header, Session) = (e, e.Header, e.Header.Session);
    public PendingReport(in ProtectionTripped e) => (Tripped, Header, Session) = (e, e.Header, e.Header.Session);
    public PendingReport(in ProtectionReset e) => (Reset, Header, Session) = (e, e.Header, e.Header.Session);

    public PendingReport(in QuoteRequested e) => (Requested, Header, Session) = (e, e.Header, e.Header.Session);
    public PendingReport(in QuoteOffered e) => (Offered, Header, Session) = (e, e.Header, e.Header.Session);
    public PendingReport(in RequestEnded e) => (Ended, Header, Session) = (e, e.Header, e.Header.Session);
    public PendingReport(in OfferEnded e) => (OfferEnd, Header, Session) = (e, e.Header, e.Header.Session);
    public PendingReport(in OfferHit e) => (Hit, Header, Session) = (e, e.Header, e.Header.Session);
    public PendingReport(in MarginChanged e) => (Margin, Header, Session) = (e, e.Header, e.Header.Session);

    /// <summary>Which event it is, of which kind.</summary>
    public readonly EventHeader Header;
    /// <summary>Whose message it becomes: the event's own session, or one that is given a copy.</summary>
    public readonly int Session;
    /// <summary>True for an order canceled because its session was lost, while the session was away.</summary>
    public readonly bool IsOwed;
    public readonly ExecReport Execution;
    public readonly CancelReject Cancel;
    public readonly MassCancelReport MassCancel;
    public readonly QuoteReport Quote;
    /// <summary>What the entries of the quote's message came to.</summary>
    public readonly QuoteAnswer? Answer;
    public readonly QuotesCanceled Canceled;
    public readonly ProtectionTripped Tripped;
    public readonly ProtectionReset Reset;
    public readonly QuoteRequested Requested;
    public readonly QuoteOffered Offered;
    public readonly RequestEnded Ended;
    public readonly OfferEnded OfferEnd;
    public readonly OfferHit Hit;
    public readonly MarginChanged Margin;
}
