using Venue.Messages;

namespace Venue.Gateway;

/// <summary>A report that the replay gave and whose message has not been met in the journal yet.</summary>
internal readonly struct PendingReport
{
    public PendingReport(in ExecReport e, bool isOwed) => (Execution, Header, IsOwed) = (e, e.Header, isOwed);
    public PendingReport(in CancelReject e) => (Cancel, Header) = (e, e.Header);
    public PendingReport(in MassCancelReport e) => (MassCancel, Header) = (e, e.Header);

    /// <summary>Which event it is, of which kind, to which session.</summary>
    public readonly EventHeader Header;
    /// <summary>True for an order canceled because its session was lost, while the session was away.</summary>
    public readonly bool IsOwed;
    public readonly ExecReport Execution;
    public readonly CancelReject Cancel;
    public readonly MassCancelReport MassCancel;
}
