using System.Diagnostics.CodeAnalysis;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What the engine says happened.</summary>
public sealed partial class Gateway
{
    /// <summary>The engine reports on an order.</summary>
    public void On(in ExecReport e)
    {
        if (e.Header.Session == 0) return;
        var owner = _directory[e.Header.Session];
        var isOwed = e.Reason == Reason.Disconnected && !owner.IsPresent;
        if (_isRecovering) _untold.Enqueue(PendingReport.Of(e, owner.Id, isOwed));
        else Tell(e, isOwed);
        if (e.ExecType is ExecType.Trade or ExecType.TradeCancel or ExecType.TradeCorrect) _capture.On(e, owner.Firm);
        foreach (var reader in _directory.CopiesOf(owner.Firm))
        {
            if (_isRecovering) _untold.Enqueue(PendingReport.Of(e, reader.Id, isOwed: false));
            else Copy(e, reader);
        }
    }

    /// <summary>The same report for a drop copy, kept as any: after a crash the replay says which copies were not written yet.</summary>
    private void Copy(in ExecReport e, ClientSession reader)
    {
        reader.Log.Cause = (e.Header.Seq, e.Header.Index);
        ReportEncoder.WriteCopy(reader.Fix!, _directory[e.Header.Session], Instruments, e);
        Told(reader);
    }

    private void Tell(in ExecReport e, bool isOwed)
    {
        var client = Caused(e.Header);
        client.Log.Owes = isOwed;
        ReportEncoder.Write(client, Instruments, e);
        client.Log.Owes = false;
        Told(client);
    }

    /// <summary>The engine refused a cancel or a replace.</summary>
    public void On(in CancelReject e)
    {
        if (e.Header.Session == 0 || !MayTell(e, out var client)) return;
        ReportEncoder.Write(client.Fix!, e);
        Told(client);
    }

    /// <summary>The engine took or refused a mass cancel.</summary>
    public void On(in MassCancelReport e)
    {
        if (e.Header.Session == 0 || !MayTell(e, out var client)) return;
        MassReportEncoder.Write(client.Fix!, Instruments, e);
        Told(client);
    }

    /// <summary>A margin account's state changed: its session is told.</summary>
    public void On(in MarginChanged e)
    {
        if (e.Header.Session == 0 || !MayTell(e, out var client)) return;
        MarginNotice.Write(client.Fix!, e);
        Told(client);
    }

    /// <summary>One order of a mass status. It is not kept, so a recovery has nothing to tell.</summary>
    public void On(in MassStatusReport e)
    {
        if (e.Header.Session == 0 || _isRecovering) return;
        var client = _directory[e.Header.Session];
        MassReportEncoder.Write(client, _directory[e.Report.Header.Session], Instruments, e);
        Told(client);
    }

    /// <summary>The session that an event is for; what is kept next reports that event.</summary>
    private ClientSession Caused(in EventHeader header)
    {
        var client = _directory[header.Session];
        client.Log.Cause = (header.Seq, header.Index);
        return client;
    }

    /// <summary>Whether an event is told now; while the journal is read it waits for the message that told it, and what has none is told at the start.</summary>
    /// <param name="e">An event, which begins with its header.</param>
    /// <param name="client">The session that it is for.</param>
    private bool MayTell<T>(in T e, [NotNullWhen(true)] out ClientSession? client) where T : unmanaged
    {
        client = null;
        if (_isRecovering) _untold.Enqueue(PendingReport.Of(e));
        else client = Caused(EventHeader.Of(e));
        return client is not null;
    }

    private void Told(ClientSession client)
    {
        client.Log.Cause = default;
        if (client.Connection is { } connection) MarkDirty(connection);
    }

    /// <summary>Something traded.</summary>
    public void On(in Trade e) => _marketData.On(e);

    /// <summary>A price level changed.</summary>
    public void On(in LevelChanged e) => _marketData.On(e);

    /// <summary>What became of orders in the books that <see cref="Orders"/> was asked to follow, since the last time.</summary>
    public void On(ReadOnlySpan<EntryStep> steps) => _marketData.On(steps);

    /// <summary>An auction would do something else now.</summary>
    public void On(in Indicative e) => _marketData.On(e);

    /// <summary>An instrument is in another phase: who watches it, or the trading session, is told.</summary>
    public void On(in PhaseChanged e)
    {
        _trading.On(e);
        _marketData.On(e);
        if (!_isRecovering) TellPhases(e.Header.TimeNs);
    }

    private void TellPhases(long nowNs)
    {
        foreach (var client in Clients)
        {
            if (client.Watches.Count == 0) continue;
            _status.Publish(client, nowNs);
            Told(client);
        }
    }

    /// <summary>The engine took an asset.</summary>
    public void On(in AssetDefined e) => Instruments.Define(e.Definition);

    /// <summary>An instrument trades by these settings from now on.</summary>
    public void On(in TradingDefined e) => Instruments.Define(e.Definition);

    /// <summary>The engine took an instrument, new or changed.</summary>
    public void On(in InstrumentDefined e) => Instruments.Define(e.Definition);

    /// <summary>The engine took a firm.</summary>
    public void On(in FirmDefined e) => _directory.DefineFirm(e.Definition.Firm, e.Definition.Name.ToString());

    /// <summary>The engine took a session, new or changed.</summary>
    public void On(in SessionDefined e)
    {
        if (e.Definition.DefinedSession <= Clients.Count)
        {
            _directory.Move(_directory[e.Definition.DefinedSession], e.Definition.Firm);
            return;
        }
        var client = new ClientSession(e.Definition.DefinedSession, e.Definition, e.Header.TimeNs, _journal);
        _directory.Add(client);
        if (_isRecovering) return;
        Enliven(client);
        SetReading(client);
    }
}
