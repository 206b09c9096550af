using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What the journal says at the start.</summary>
public sealed partial class Gateway
{
    private readonly Queue<PendingReport> _untold = new();
    private bool _isRecovering = true;

    /// <summary>A kept message of the journal.</summary>
    /// <exception cref="InvalidOperationException">The journal's events and its messages do not agree.</exception>
    public void RecoverSent(ReadOnlySpan<byte> payload, long position)
    {
        if (!SentRecord.TryRead(payload, out var record, out _)) throw new InvalidOperationException($"The sent message at journal position {position} is not readable.");
        var client = ClientOf(record.Session, position);
        var isOwed = false;
        if (record.CauseSeq != 0)
        {
            if (!_untold.TryDequeue(out var report) || report.Header.Seq != record.CauseSeq || report.Header.Index != record.CauseIndex || report.Session != record.Session)
                throw new InvalidOperationException(
                    $"The message at journal position {position} reports event {record.CauseSeq}-{record.CauseIndex}, which the replay did not give: this journal was written by another version of the engine.");
            isOwed = report.IsOwed;
        }
        client.Log.Recover(record, position, isOwed);
    }

    /// <summary>A session's numbers in the journal.</summary>
    public void RecoverState(ReadOnlySpan<byte> payload, long position)
    {
        if (payload.Length != Unsafe.SizeOf<SessionStateRecord>()) throw new InvalidOperationException($"The session state at journal position {position} is not readable.");
        var record = MemoryMarshal.Read<SessionStateRecord>(payload);
        var client = ClientOf(record.Session, position);
        client.Log.Recover(record);
        if (record.Copies != CopiesFrom.Unsaid) _directory.Copy(client, record.Copies == CopiesFrom.Here);
    }

    /// <summary>A command of the journal: how far its session had come.</summary>
    public void RecoverCommand(in CommandHeader header)
    {
        if (header.Session != 0 && header.MsgSeqNum != 0 && header.Session <= Clients.Count) _directory[header.Session].Log.RecoverReceived(header.MsgSeqNum);
    }

    /// <summary>Recovery is over: sessions come to life, and what a crash kept from being told is told now.</summary>
    /// <returns>Reports that the journal's commands caused and no session had been given yet.</returns>
    public int Start(long nowNs)
    {
        if (_options.Dictionary is null) throw new InvalidOperationException("A gateway without a dictionary cannot be started.");
        _isRecovering = false;
        foreach (var client in Clients) Enliven(client);
        var untold = _untold.Count;
        while (_untold.TryDequeue(out var report))
        {
            switch (report.Header.Type)
            {
                case EventType.ExecReport when report.Session != report.Header.Session: Copy(report.As<ExecReport>(), _directory[report.Session]); break;
                case EventType.ExecReport: Tell(report.As<ExecReport>(), report.IsOwed); break;
                case EventType.CancelReject: On(report.As<CancelReject>()); break;
                case EventType.MassCancelReport: On(report.As<MassCancelReport>()); break;
                case EventType.MarginChanged: On(report.As<MarginChanged>()); break;
                default: TellUntold(report); break;
            }
        }
        // Only now: what was left untold goes to those who were readers when it happened.
        foreach (var client in Clients) SetReading(client);
        foreach (var client in Clients) AwaitReturn(client, nowNs);
        return untold;
    }

    /// <summary>The journal keeps nothing before this position any more.</summary>
    public void ForgetBefore(long position)
    {
        foreach (var client in Clients) client.Log.ForgetBefore(position);
    }

    private ClientSession ClientOf(int session, long position) => session >= 1 && session <= Clients.Count
        ? _directory[session]
        : throw new InvalidOperationException($"The record at journal position {position} names session {session}, which is not defined.");

    /// <summary>Whether a session is given its firm's reports stands in the journal, so that a replay knows to whom each went.</summary>
    private void SetReading(ClientSession client)
    {
        var reads = client.Profile.Kind == SessionKind.DropCopy;
        if (!client.IsConfigured || reads == client.ReadsCopies) return;
        _directory.Copy(client, reads);
        client.Log.Say(reads ? CopiesFrom.Here : CopiesFrom.NoMore);
    }

    private void Enliven(ClientSession client)
    {
        client.IsConfigured = _options.Sessions.TryGetValue((client.ClientCompID, client.VenueCompID), out var settings);
        if (!client.IsConfigured && !_options.ServesOthers) return;
        settings ??= new SessionSettings { SenderCompID = client.VenueCompID, TargetCompID = client.ClientCompID };
        client.Profile = _options.Profiles.GetValueOrDefault((client.ClientCompID, client.VenueCompID)) ?? new SessionProfile();
        client.Log.IsVolatile = client.Profile.Kind == SessionKind.MarketData;
        SetThrottles(client);
        client.Fix = new Session(settings, _options.Dictionary!, client.Log, this) { Tag = client };
    }
}
