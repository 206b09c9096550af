using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What the engine says of quotes.</summary>
/// <remarks>Fills and quotes that the venue itself pulls are ExecutionReports (8), as those of orders are.</remarks>
public sealed partial class Gateway
{
    /// <summary>An entry of a MassQuote, or a Quote, was taken or refused; the last one's answer is about all.</summary>
    public void On(in QuoteReport e)
    {
        var client = _directory[e.Header.Session];
        client.QuoteAnswer.Add(e);
        if ((e.Flags & QuoteFlags.Last) == 0) return;
        if (client.QuoteAnswer.IsWanted(e.ResponseLevel))
        {
            if (_isRecovering) _untold.Enqueue(PendingReport.Of(e, client.QuoteAnswer.Taking()));
            else Tell(e, client.QuoteAnswer);
        }
        client.QuoteAnswer.Clear();
    }

    private void Tell(in QuoteReport e, QuoteAnswer answer)
    {
        var client = Caused(e.Header);
        if ((e.Flags & QuoteFlags.Single) != 0) QuoteEncoder.WriteOne(client.Fix!, Instruments, e);
        else QuoteEncoder.WriteMass(client.Fix!, Instruments, e, answer);
        Told(client);
    }

    /// <summary>Quotes were pulled because their owner asked for it, or not.</summary>
    public void On(in QuotesCanceled e)
    {
        if (!IsAnswered(e.ResponseLevel, e.Reason) || !MayTell(e, out var client)) return;
        QuoteEncoder.Write(client.Fix!, Instruments, e);
        Told(client);
    }

    /// <summary>How a quote stands. It is not kept, so a recovery has nothing to tell.</summary>
    public void On(in QuoteStatusReport e)
    {
        if (_isRecovering) return;
        var client = _directory[e.Header.Session];
        QuoteEncoder.Write(client.Fix!, Instruments, e);
        Told(client);
    }

    /// <summary>A protection pulls quotes: the ExecutionReports of what it pulls follow.</summary>
    public void On(in ProtectionTripped e)
    {
        if (!MayTell(e, out var client)) return;
        QuoteEncoder.Write(client.Fix!, Instruments, e);
        Told(client);
    }

    /// <summary>A protection was reset; when its message had no entries this is the answer.</summary>
    public void On(in ProtectionReset e)
    {
        if ((e.Flags & QuoteFlags.Last) == 0 || !IsAnswered(e.ResponseLevel, e.Reason) || !MayTell(e, out var client)) return;
        QuoteEncoder.WriteReset(client.Fix!, e);
        Told(client);
    }

    /// <summary>A provider is asked for a quote.</summary>
    public void On(in QuoteRequested e)
    {
        if (!MayTell(e, out var client)) return;
        RequestEncoder.Write(client.Fix!, _directory[e.Asker], Instruments, e);
        Told(client);
    }

    /// <summary>A provider has answered.</summary>
    public void On(in QuoteOffered e)
    {
        if (!MayTell(e, out var client)) return;
        RequestEncoder.Write(client.Fix!, _directory[e.Provider], Instruments, e);
        Told(client);
    }

    /// <summary>A request is over without a trade.</summary>
    public void On(in RequestEnded e)
    {
        if (e.Header.Session == 0 || !MayTell(e, out var client)) return;
        RequestEncoder.Write(client.Fix!, Instruments, e);
        Told(client);
    }

    /// <summary>A provider's answer was refused or is gone.</summary>
    public void On(in OfferEnded e)
    {
        if (!MayTell(e, out var client)) return;
        RequestEncoder.Write(client.Fix!, Instruments, e);
        Told(client);
    }

    /// <summary>QuoteResponseLevel(301): 0 wants no answer, 1 refusals alone.</summary>
    private static bool IsAnswered(byte responseLevel, Reason reason) => responseLevel > 1 || (responseLevel == 1 && reason != Reason.None);

    /// <summary>What a crash kept from being told about quotes.</summary>
    private void TellUntold(in PendingReport report)
    {
        switch (report.Header.Type)
        {
            case EventType.QuoteReport: Tell(report.As<QuoteReport>(), report.Answer!); break;
            case EventType.QuotesCanceled: On(report.As<QuotesCanceled>()); break;
            case EventType.ProtectionTripped: On(report.As<ProtectionTripped>()); break;
            case EventType.ProtectionReset: On(report.As<ProtectionReset>()); break;
            case EventType.QuoteRequested: On(report.As<QuoteRequested>()); break;
            case EventType.QuoteOffered: On(report.As<QuoteOffered>()); break;
            case EventType.RequestEnded: On(report.As<RequestEnded>()); break;
            case EventType.OfferEnded: On(report.As<OfferEnded>()); break;
            case EventType.OfferHit: On(report.As<OfferHit>()); break;
            default: throw new InvalidOperationException($"An event of type {report.Header.Type} has no message that could be missing.");
        }
    }
}
