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
            if (_isRecovering) _untold.Enqueue(new PendingReport(e, client.QuoteAnswer.Taking()));
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
        if (e.ResponseLevel == 0 || (e.ResponseLevel == 1 && e.Reason == Reason.None)) return;
        if (_isRecovering)
        {
            _untold.Enqueue(new PendingReport(e));
            return;
        }
        var client = Caused(e.Header);
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
        if (_isRecovering)
        {
            _untold.Enqueue(new PendingReport(e));
            return;
        }
        var client = Caused(e.Header);
        QuoteEncoder.Write(client.Fix!, Instruments, e);
        Told(client);
    }

    /// <summary>A protection was reset; when its message had no entries this is the answer.</summary>
    public void On(in ProtectionReset e)
    {
        if ((e.Flags & QuoteFlags.Last) == 0 || e.ResponseLevel == 0 || (e.ResponseLevel == 1 && e.Reason == Reason.None)) return;
        if (_isRecovering)
        {
            _untold.Enqueue(new PendingReport(e));
            return;
        }
        var client = Caused(e.Header);
        QuoteEncoder.WriteReset(client.Fix!, e);
        Told(client);
    }

    /// <summary>A provider is asked for a quote.</summary>
    public void On(in QuoteRequested e)
    {
        if (_isRecovering)
        {
            _untold.Enqueue(new PendingReport(e));
            return;
        }
        var client = Caused(e.Header);
        RequestEncoder.Write(client.Fix!, _directory[e.Asker], Instruments, e);
        Told(client);
    }

    /// <summary>A provider has answered.</summary>
    public void On(in QuoteOffered e)
    {
        if (_isRecovering)
        {
            _untold.Enqueue(new PendingReport(e));
            return;
        }
        var client = Caused(e.Header);
        RequestEncoder.Write(client.Fix!, _directory[e.Provider], Instruments, e);
        Told(client);
    }

    /// <summary>A request is over without a trade.</summary>
    public void On(in RequestEnded e)
    {
        if (e.Header.Session == 0) return;
        if (_isRecovering)
        {
            _untold.Enqueue(new PendingReport(e));
            return;
        }
        var client = Caused(e.Header);
        RequestEncoder.Write(client.Fix!, Instruments, e);
        Told(client);
    }

    /// <summary>A provider's answer was refused or is gone.</summary>
    public void On(in OfferEnded e)
    {
        if (_isRecovering)
        {
            _untold.Enqueue(new PendingReport(e));
            return;
        }
        var client = Caused(e.Header);
        RequestEncoder.Write(client.Fix!, Instruments, e);
        Told(client);
    }

    /// <summary>What a crash kept from being told about quotes.</summary>
    private void TellUntold(in PendingReport report)
    {
        switch (report.Header.Type)
        {
            case EventType.QuoteReport: Tell(report.Quote, report.Answer!); break;
            case EventType.QuotesCanceled: On(report.Canceled); break;
            case EventType.ProtectionTripped: On(report.Tripped); break;
            case EventType.QuoteRequested: On(report.Requested); break;
            case EventType.QuoteOffered: On(report.Offered); break;
            case EventType.RequestEnded: On(report.Ended); break;
            case EventType.OfferEnded: On(report.OfferEnd); break;
            case EventType.OfferHit: On(report.Hit); break;
            default: On(report.Reset); break;
        }
    }
}
