using System.Text;
using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What the gateway is told at the start.</summary>
public sealed record GatewayOptions
{
    /// <summary>The published dictionary; null for a gateway that only folds a journal and is never started.</summary>
    public FixDictionary? Dictionary { get; init; }

    /// <summary>Settings of each session that may log on, by (client CompID, venue CompID).</summary>
    public IReadOnlyDictionary<(string Client, string Venue), SessionSettings> Sessions { get; init; } = new Dictionary<(string, string), SessionSettings>();

    /// <summary>Why a connection may not be the session that its Logon names; null when it may, or when anybody may.</summary>
    public Func<ClientSession, Connection, string?>? Refusal { get; init; }

    /// <summary>A connection without a Logon is closed after this long, nanoseconds.</summary>
    public long LogonTimeoutNs { get; init; } = 10_000_000_000;

    /// <summary>Shortest time between two snapshots of a book to one session, nanoseconds.</summary>
    public long MarketDataIntervalNs { get; init; } = 100_000_000;
}

/// <summary>
/// The venue's front: bytes of connections to Commands, Events to FIX messages of sessions. No sockets, no clock, no
/// threads: the transport hands in bytes and the time, and takes away what <see cref="Connection.Output"/> holds.
/// </summary>
/// <remarks>Owned by the core thread. Recovery first: replayed events through <see cref="On(in ExecReport)"/>, records through Recover, then <see cref="Start"/>.</remarks>
public sealed class Gateway : ISessionHandler
{
    /// <summary>Largest first message, in bytes: a Logon with a signature fits many times over.</summary>
    private const int LogonBytesMax = 8 << 10;

    private readonly GatewayOptions _options;
    private readonly ISessionJournal _journal;
    private readonly List<ClientSession> _clients = [];
    private readonly Dictionary<(string, string), ClientSession> _byName = [];
    private readonly Queue<PendingReport> _untold = new();
    private readonly List<Connection> _anonymous = [];
    private readonly Queue<ClientSession> _resending = new();
    private readonly OrderDecoder _orders;
    private readonly MarketData _marketData;
    private bool _isRecovering = true;
    private long _marketDataNs;

    /// <summary>Makes a gateway that is ready to recover.</summary>
    public Gateway(GatewayOptions options, ICommandSink commands, ISessionJournal journal)
    {
        _options = options;
        _journal = journal;
        _orders = new OrderDecoder(Instruments, commands);
        _marketData = new MarketData(Instruments);
    }

    /// <summary>What can be traded.</summary>
    public Instruments Instruments { get; } = new();

    /// <summary>All defined sessions, in the order of their numbers.</summary>
    public IReadOnlyList<ClientSession> Clients => _clients;

    /// <summary>Connections that have something to tell since the transport last emptied this list.</summary>
    public List<Connection> Dirty { get; } = [];

    /// <summary>Set by the core while the journal lags behind by more than its bound: new orders are refused, cancels are not.</summary>
    public bool IsCongested { get; set; }

    /// <summary>Set when the venue is stopping: no new logons.</summary>
    public bool IsStopping { get; set; }

    /// <summary>The public book of an instrument.</summary>
    public DepthBook Book(int instrument) => _marketData.Book(instrument);

    // ---- recovery ----

    /// <summary>A kept message of the journal.</summary>
    /// <exception cref="InvalidOperationException">The journal's events and its messages do not agree.</exception>
    public void RecoverSent(ReadOnlySpan<byte> payload, long position)
    {
        if (!SentRecord.TryRead(payload, out var record, out _)) throw new InvalidOperationException($"The sent message at journal position {position} is not readable.");
        if (record.CauseSeq != 0)
        {
            if (!_untold.TryDequeue(out var report) || report.Seq != record.CauseSeq || report.Index != record.CauseIndex || report.Session != record.Session)
                throw new InvalidOperationException(
                    $"The message at journal position {position} reports event {record.CauseSeq}-{record.CauseIndex}, which the replay did not give: this journal was written by another version of the engine.");
        }
        ClientOf(record.Session, position).Log.Recover(record, position);
    }

    /// <summary>A session's numbers in the journal.</summary>
    public void RecoverState(ReadOnlySpan<byte> payload, long position)
    {
        if (payload.Length != System.Runtime.CompilerServices.Unsafe.SizeOf<SessionStateRecord>()) throw new InvalidOperationException($"The session state at journal position {position} is not readable.");
        var record = System.Runtime.InteropServices.MemoryMarshal.Read<SessionStateRecord>(payload);
        ClientOf(record.Session, position).Log.Recover(record);
    }

    /// <summary>A command of the journal: how far its session had come.</summary>
    public void RecoverCommand(in CommandHeader header)
    {
        if (header.Session != 0 && header.MsgSeqNum != 0 && header.Session <= _clients.Count) _clients[header.Session - 1].Log.RecoverReceived(header.MsgSeqNum);
    }

    /// <summary>Recovery is over: sessions come to life, and what a crash kept from being told is told now.</summary>
    /// <returns>Reports that the journal's commands caused and no session had been given yet.</returns>
    public int Start()
    {
        if (_options.Dictionary is null) throw new InvalidOperationException("A gateway without a dictionary cannot be started.");
        _isRecovering = false;
        foreach (var client in _clients) Enliven(client);
        var untold = _untold.Count;
        while (_untold.TryDequeue(out var report))
        {
            if (report.Execution is { } execution) On(execution);
            else On(report.Cancel);
        }
        return untold;
    }

    private ClientSession ClientOf(int session, long position) => session >= 1 && session <= _clients.Count
        ? _clients[session - 1]
        : throw new InvalidOperationException($"The record at journal position {position} names session {session}, which is not defined.");

    private void Enliven(ClientSession client)
    {
        client.IsConfigured = _options.Sessions.TryGetValue((client.ClientCompID, client.VenueCompID), out var settings);
        settings ??= new SessionSettings { SenderCompID = client.VenueCompID, TargetCompID = client.ClientCompID };
        client.Fix = new Session(settings, _options.Dictionary!, client.Log, this) { Tag = client };
    }

    // ---- connections ----

    /// <summary>Connections that have not logged on.</summary>
    public int Anonymous => _anonymous.Count;

    /// <summary>The transport accepted a connection.</summary>
    public void Opened(Connection connection) => _anonymous.Add(connection);

    /// <summary>The transport put bytes into the connection's buffer.</summary>
    public void Received(Connection connection, long nowNs)
    {
        if (connection.CloseReason is not null) return;
        if (connection.Client is null && !Identify(connection, nowNs)) return;
        var client = connection.Client!;
        connection.Consumed(client.Fix!.OnBytes(connection.Received, nowNs));
        AfterSession(client);
        if (connection.CloseReason is null && connection.Free().IsEmpty) Close(connection, "a message is larger than the receive buffer");
    }

    /// <summary>The transport lost or closed the connection.</summary>
    public void Closed(Connection connection, string reason, long nowNs)
    {
        connection.CloseReason ??= reason;
        if (connection.Client is not { } client)
        {
            _anonymous.Remove(connection);
            return;
        }
        client.Subscriptions.Clear();
        client.Fix!.Disconnected(reason, nowNs);
        connection.End();
        client.Log.Settle();
    }

    /// <summary>Timers: heartbeats, time limits, bounded resends, market data. Call often; it does what is due.</summary>
    public void Poll(long nowNs)
    {
        var publish = nowNs - _marketDataNs >= _options.MarketDataIntervalNs;
        if (publish) _marketDataNs = nowNs;
        foreach (var client in _clients)
        {
            if (client.Connection is null) continue;
            if (client.Fix!.NextPollNs <= nowNs) client.Fix.Poll(nowNs, resend: false);
            if (publish && client.Subscriptions.Count > 0) _marketData.Publish(client, nowNs);
            AfterSession(client);
        }
        for (var i = _anonymous.Count - 1; i >= 0; i--)
            if (nowNs - _anonymous[i].OpenedNs > _options.LogonTimeoutNs) Close(_anonymous[i], "no Logon in time");
    }

    /// <summary>True while a session is owed a resend that <see cref="ContinueResend"/> goes on with.</summary>
    public bool IsResending => _resending.Count > 0;

    /// <summary>The next slice of one session's resend, the sessions in turns; false when no reader had room.</summary>
    public bool ContinueResend(long nowNs)
    {
        for (var waiting = _resending.Count; waiting > 0; waiting--)
        {
            var client = _resending.Dequeue();
            client.IsInResends = false;
            if (client.Connection is not { } connection || !client.Fix!.IsResending) continue;
            var before = connection.Output.Tail;
            client.Fix.Poll(nowNs);
            AfterSession(client);
            if (connection.Output.Tail != before) return true;
        }
        return false;
    }

    /// <summary>Starts the Logout handshake on every session.</summary>
    public void LogoutAll(string text, long nowNs)
    {
        IsStopping = true;
        foreach (var client in _clients)
        {
            if (client.Connection is null) continue;
            if (client.Fix!.State == SessionState.Active) client.Fix.Logout(text, nowNs);
            else Close(client.Connection, text);
            AfterSession(client);
        }
        foreach (var connection in _anonymous) Close(connection, text);
    }

    private bool Identify(Connection connection, long nowNs)
    {
        var frame = Framing.Find(connection.Received, LogonBytesMax, out var length);
        if (frame == FrameKind.NeedMore) return false;

        // FIX 4.4 vol 2, logon: what is not a Logon of a known session is cut off without a word.
        ClientSession? client = null;
        if (frame != FrameKind.Frame || !Framing.TryReadHeader(connection.Received[..length], out var header)) Close(connection, "the first bytes are not a FIX message");
        else if (!header.MsgType.SequenceEqual("A"u8)) Close(connection, "the first message is not a Logon");
        else if (!_byName.TryGetValue((Encoding.ASCII.GetString(header.SenderCompID), Encoding.ASCII.GetString(header.TargetCompID)), out client) || !client.IsConfigured)
            Close(connection, $"unknown session {Encoding.ASCII.GetString(header.SenderCompID)} -> {Encoding.ASCII.GetString(header.TargetCompID)}");
        else if (_options.Refusal?.Invoke(client, connection) is { } refusal) Close(connection, $"refused as {client.ClientCompID}: {refusal}");
        else if (IsStopping) Close(connection, "the venue is stopping");
        else if (client.Connection is not null) Close(connection, $"{client.ClientCompID} is connected already from {client.Connection.Remote}");
        if (connection.CloseReason is not null) return false;

        _anonymous.Remove(connection);
        connection.Begin(client!);
        client!.Fix!.Connect(connection.Output, nowNs);
        return true;
    }

    private void AfterSession(ClientSession client)
    {
        if (client.Connection is not { } connection) return;
        if (client.Fix!.IsResending && !client.IsInResends)
        {
            client.IsInResends = true;
            _resending.Enqueue(client);
        }
        if (client.Fix!.WantsClose && connection.CloseReason is null) Close(connection, connection.Output.Overflowed ? "too slow: its send buffer is full" : client.Fix.CloseReason ?? "session ended");
        else MarkDirty(connection);
    }

    private void Close(Connection connection, string reason)
    {
        connection.CloseReason ??= reason;
        if (!connection.IsDirty)
        {
            connection.IsDirty = true;
            Dirty.Add(connection);
        }
    }

    private void MarkDirty(Connection connection)
    {
        if (connection.IsDirty || connection.Output.Tail == connection.Released) return;
        connection.IsDirty = true;
        Dirty.Add(connection);
    }

    /// <summary>The transport has dealt with <see cref="Dirty"/>.</summary>
    public void ClearDirty()
    {
        foreach (var connection in Dirty) connection.IsDirty = false;
        Dirty.Clear();
    }

    // ---- sessions ----

    void ISessionHandler.OnLogon(Session session, long nowNs)
    {
    }

    void ISessionHandler.OnLogout(Session session, string reason, long nowNs) => ((ClientSession)session.Tag!).Subscriptions.Clear();

    void ISessionHandler.OnMessage(Session session, in Message message, long nowNs)
    {
        var client = (ClientSession)session.Tag!;
        var type = message.MsgType;
        switch (type.Length == 1 ? type[0] : (byte)0)
        {
            case (byte)'D' when IsCongested:
                // BusinessRejectReason(380) 4: application not available. Cancels still pass.
                session.BusinessReject(message, 4, OrderDecoder.ClOrdIDOf(message), "BUSY|The venue's journal is behind; try again"u8, nowNs);
                break;
            case (byte)'D': _orders.New(client, message, nowNs); break;
            case (byte)'F': _orders.Cancel(client, message, nowNs); break;
            case (byte)'G': _orders.Replace(client, message, nowNs); break;
            case (byte)'H': _orders.Status(client, message, nowNs); break;
            case (byte)'V': _marketData.Request(client, message, nowNs); break;
            case (byte)'x': SecurityList.Answer(client, Instruments, message, nowNs); break;
            default:
                // BusinessRejectReason(380) 3: unsupported message type.
                session.BusinessReject(message, 3, default, "The venue does not take this message type"u8, nowNs);
                break;
        }
    }

    // ---- events ----

    /// <summary>The engine reports on an order.</summary>
    public void On(in ExecReport e)
    {
        if (e.Header.Session == 0) return;
        if (_isRecovering)
        {
            _untold.Enqueue(new PendingReport(e));
            return;
        }
        var client = _clients[e.Header.Session - 1];
        client.Log.Cause = (e.Header.Seq, e.Header.Index);
        ReportEncoder.Write(client.Fix!, Instruments, e);
        client.Log.Cause = default;
        if (client.Connection is { } connection) MarkDirty(connection);
    }

    /// <summary>The engine refused a cancel or a replace.</summary>
    public void On(in CancelReject e)
    {
        if (e.Header.Session == 0) return;
        if (_isRecovering)
        {
            _untold.Enqueue(new PendingReport(e));
            return;
        }
        var client = _clients[e.Header.Session - 1];
        client.Log.Cause = (e.Header.Seq, e.Header.Index);
        ReportEncoder.Write(client.Fix!, e);
        client.Log.Cause = default;
        if (client.Connection is { } connection) MarkDirty(connection);
    }

    /// <summary>Something traded.</summary>
    public void On(in Trade e) => _marketData.Book(e.Header.Instrument).On(e);

    /// <summary>A price level changed.</summary>
    public void On(in LevelChanged e) => _marketData.Book(e.Header.Instrument).On(e);

    /// <summary>The engine took an asset.</summary>
    public void On(in AssetDefined e) => Instruments.Define(e.Definition);

    /// <summary>The engine took an instrument, new or changed.</summary>
    public void On(in InstrumentDefined e) => Instruments.Define(e.Definition);

    /// <summary>The engine took a session, new or changed.</summary>
    public void On(in SessionDefined e)
    {
        if (e.Definition.DefinedSession <= _clients.Count)
        {
            _clients[e.Definition.DefinedSession - 1].Firm = e.Definition.Firm;
            return;
        }
        var client = new ClientSession(e.Definition.DefinedSession, e.Definition, e.Header.TimeNs, _journal);
        _clients.Add(client);
        _byName[(client.ClientCompID, client.VenueCompID)] = client;
        if (!_isRecovering) Enliven(client);
    }

    /// <summary>A report that the replay gave and whose message has not been met in the journal yet.</summary>
    private readonly struct PendingReport
    {
        public PendingReport(in ExecReport e) => (Execution, Seq, Index, Session) = (e, e.Header.Seq, e.Header.Index, e.Header.Session);
        public PendingReport(in CancelReject e) => (Cancel, Seq, Index, Session) = (e, e.Header.Seq, e.Header.Index, e.Header.Session);

        public readonly long Seq;
        public readonly int Index, Session;
        public readonly ExecReport? Execution;
        public readonly CancelReject Cancel;
    }
}
