using System.Text;
using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>
/// The venue's front: bytes of connections to Commands, Events to FIX messages of sessions. No sockets, no clock, no
/// threads: the transport hands in bytes and the time, and takes away what <see cref="Connection.Output"/> holds.
/// </summary>
/// <remarks>Owned by the core thread. Recovery first: replayed events through <see cref="On(in ExecReport)"/>, records through Recover, then <see cref="Start"/>.</remarks>
public sealed partial class Gateway
{
    /// <summary>Largest first message, in bytes: a Logon with a signature fits many times over.</summary>
    private const int LogonBytesMax = 8 << 10;

    private readonly GatewayOptions _options;
    private readonly ISessionJournal _journal;
    private readonly Directory _directory = new();
    private readonly List<Connection> _anonymous = [];
    private readonly Queue<ClientSession> _resending = new();
    private readonly ICommandSink _commands;
    // Who failed to log on is forgotten by a restart; and its options are the process's own.
    [NotState] private readonly LogonGuard _guard;
    private readonly OrderDecoder _orders;
    private readonly MassDecoder _mass;
    private readonly QuoteDecoder _quotes;
    private readonly RequestDecoder _requests;
    private readonly MarketData _marketData;
    private readonly TradingState _trading = new();
    private readonly StatusTeller _status;
    // Readers and where they look are the process's own.
    [NotState] private readonly TradeCapture _capture;
    [NotState] private readonly AccountReports _accounts;
    private long _marketDataNs;

    /// <summary>Makes a gateway that is ready to recover.</summary>
    public Gateway(GatewayOptions options, ICommandSink commands, ISessionJournal journal)
    {
        _options = options;
        _journal = journal;
        _commands = commands;
        _guard = new LogonGuard(options.Guard);
        _orders = new OrderDecoder(Instruments, commands);
        _mass = new MassDecoder(Instruments, _directory, commands);
        _quotes = new QuoteDecoder(Instruments, commands);
        _requests = new RequestDecoder(Instruments, commands);
        _marketData = new MarketData(Instruments);
        _status = new StatusTeller(Instruments, _trading);
        _capture = new TradeCapture(Instruments, _directory);
        _accounts = new AccountReports(Instruments, _directory);
    }

    /// <summary>What can be traded.</summary>
    public Instruments Instruments { get; } = new();

    /// <summary>All defined sessions, in the order of their numbers.</summary>
    public IReadOnlyList<ClientSession> Clients => _directory.Clients;

    /// <summary>Connections that have something to tell since the transport last emptied this list.</summary>
    public List<Connection> Dirty { get; } = [];

    /// <summary>Set by the core while the journal lags behind by more than its bound: new orders are refused, cancels are not.</summary>
    public bool IsCongested { get; set; }

    /// <summary>Set when the venue is stopping: no new logons.</summary>
    public bool IsStopping { get; set; }

    /// <summary>What firms have; who asks before it is set makes a fault.</summary>
    public IAccounts? Accounts
    {
        get => _accounts.Accounts;
        init => _accounts.Accounts = value;
    }

    /// <summary>The engine's books order by order; who asks for them before it is set makes a fault.</summary>
    public IOrderBooks? Orders
    {
        get => _marketData.Orders;
        init => _marketData.Orders = value;
    }

    /// <summary>Where trades are looked up; null: a request for them is refused.</summary>
    public ITradeSearch? TradeSearch
    {
        get => _capture.Search;
        set => _capture.Search = value;
    }

    /// <summary>A search that <see cref="TradeSearch"/> began is over.</summary>
    public void Searched(TradeQuery query, long nowNs)
    {
        TradeCapture.Searched(query);
        _capture.Publish(query.Client, nowNs);
        AfterSession(query.Client);
    }

    /// <summary>The public book of an instrument.</summary>
    public DepthBook Book(int instrument) => _marketData.Book(instrument);

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
        if (client.Fix.WantsClose && client.Fix.State == SessionState.AwaitingLogon) SetFree(client, connection, nowNs);
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
        Unwatch(client);
        client.Fix!.Disconnected(reason, nowNs);
        connection.End();
        client.Log.Settle();
    }

    /// <summary>What the client asked to be told ends with its connection.</summary>
    private void Unwatch(ClientSession client)
    {
        _marketData.End(client);
        client.Watches.Clear();
        _capture.End(client);
    }

    /// <summary>Timers: heartbeats, time limits, bounded resends, market data. Call often; it does what is due.</summary>
    public void Poll(long nowNs)
    {
        if (nowNs - _marketDataNs >= _options.MarketDataIntervalNs && !_marketData.IsInRound)
        {
            _marketDataNs = nowNs;
            _marketData.BeginRound(nowNs);
            if (PublishesByItself) ContinuePublishing(nowNs);
        }
        foreach (var client in _directory.Clients)
        {
            if (client.Connection is null)
            {
                PullWhenDue(client, nowNs);
                continue;
            }
            // Many sessions at once can be found lost: what does not fit into the ring now is found again by the next call.
            if (_commands.IsFull) return;
            if (client.Fix!.NextPollNs <= nowNs) client.Fix.Poll(nowNs, resend: false);
            if (client.Watches.Count > 0) _status.Publish(client, nowNs);
            if (client.Trades.Waiting.Count > 0) _capture.Publish(client, nowNs);
            TellOwed(client, nowNs);
            AfterSession(client);
        }
        for (var i = _anonymous.Count - 1; i >= 0; i--)
            if (nowNs - _anonymous[i].OpenedNs > _options.LogonTimeoutNs) Close(_anonymous[i], "no Logon in time");
    }

    /// <summary>The end of a turn of the venue: readers of market data are told what it has changed.</summary>
    public void EndTurn(long nowNs)
    {
        if (!PublishesByItself) return;
        _marketData.Turn(nowNs);
        TellReaders();
    }

    /// <summary>False when its owner calls <see cref="ContinuePublishing"/>, at its own pace, and the end of a turn or an interval only notes what there is to tell.</summary>
    public bool PublishesByItself { get; set; } = true;

    /// <summary>True in the middle of a round of market data: some readers have been told, others not.</summary>
    public bool IsDelivering => _marketData.IsDelivering;

    /// <summary>True while readers of market data wait for <see cref="ContinuePublishing"/>: what they are told goes out in slices.</summary>
    public bool IsPublishing => _marketData.IsPublishing;

    /// <summary>The next slice of what readers of market data are to be told.</summary>
    public void ContinuePublishing(long nowNs)
    {
        _marketData.ContinueRound(_directory.Clients, nowNs);
        TellReaders();
    }

    private void TellReaders()
    {
        foreach (var client in _marketData.ToTell)
        {
            client.HasNews = false;
            AfterSession(client);
        }
        _marketData.ToTell.Clear();
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
            TellOwed(client, nowNs);
            AfterSession(client);
            if (connection.Output.Tail != before) return true;
        }
        return false;
    }

    /// <summary>Starts the Logout handshake on every session.</summary>
    public void LogoutAll(string text, long nowNs)
    {
        IsStopping = true;
        foreach (var client in _directory.Clients)
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
        else if ((client = _directory.Find(header.SenderCompID, header.TargetCompID)) is not { IsConfigured: true })
            Close(connection, $"unknown session {Encoding.ASCII.GetString(header.SenderCompID)} -> {Encoding.ASCII.GetString(header.TargetCompID)}");
        else if (_options.Refusal?.Invoke(client, connection) is { } refusal) Close(connection, $"refused as {client.ClientCompID}: {refusal}");
        else if (IsStopping) Close(connection, "the venue is stopping");
        else if (client.Connection is not null) Close(connection, $"{client.ClientCompID} is connected already from {client.Connection.Remote}");
        else if (nowNs < client.BlockedUntilNs) Close(connection, $"{client.ClientCompID} is kept out for its rate");
        else if (client.Profile.IsAuthenticated && connection.Logon is null) Prove(client, connection, connection.Received[..length], nowNs);
        if (connection.CloseReason is not null || connection.Logon is { Refusal: null }) return false;

        _anonymous.Remove(connection);
        if (IsElsewhere(client!))
        {
            Edge!.Adopt(connection);
            return false;
        }
        connection.Begin(client!);
        client!.Fix!.Connect(connection.Output, nowNs);
        return true;
    }

    /// <summary>Has the proof checked elsewhere; meanwhile the connection waits, and others go on.</summary>
    private void Prove(ClientSession client, Connection connection, ReadOnlySpan<byte> logon, long nowNs)
    {
        if (_guard.IsLockedOut(client, connection, nowNs))
        {
            Close(connection, $"locked out as {client.ClientCompID}");
            return;
        }
        if (!_guard.TryBegin(client, connection))
        {
            Close(connection, "too many logons of it are being checked");
            return;
        }
        connection.Logon = new PendingLogon(client, connection, LogonProof.Read(logon), nowNs);
        if (_options.Verify?.Invoke(connection.Logon) == true) return;
        _guard.End(client, connection);
        Close(connection, "too many logons are being checked");
    }

    /// <summary>The proof of a Logon was checked: the session answers it now, or refuses without saying why.</summary>
    public void Verified(PendingLogon logon, long nowNs)
    {
        _guard.End(logon.Client, logon.Connection);
        if (logon.Connection.CloseReason is not null) return;
        logon.Refusal = _guard.Judge(logon, nowNs);
        Received(logon.Connection, nowNs);
        // Behind a hand-over the connection is another thread's.
        if (!IsElsewhere(logon.Client) && logon.Refusal.Length > 0 && logon.Connection.ClientCompID is not null) logon.Connection.CloseReason = RefusedText(logon.Client, logon.Refusal);
    }

    /// <summary>A refused Logon holds its session no longer: the connection still tells its Logout, and the next Logon need not wait for the socket.</summary>
    private static void SetFree(ClientSession client, Connection connection, long nowNs)
    {
        client.Fix!.Disconnected(connection.CloseReason!, nowNs);
        connection.EndRefused();
        client.Log.Settle();
    }

    private static string RefusedText(ClientSession client, string refusal) => $"refused as {client.ClientCompID}: {refusal}";

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
}
