using System.Net.Sockets;
using Venue.Fix;

namespace LiquidityBridge.Exchanges.Fix;

/// <summary>What uses a session. Called under the initiator's lock, by one thread at a time.</summary>
public interface IFixPeer
{
    /// <summary>Logged on: messages can be sent. Those that were missed come now, in order.</summary>
    void Up(long nowNs);

    /// <summary>Not logged on any more, or about to be: nothing can be sent. Reports of orders may still come until the connection ends.</summary>
    void Down(string reason, long nowNs);

    /// <summary>An application message.</summary>
    void On(in Message message, long nowNs);

    /// <summary>A session-level Reject(3) of the message that we sent under this number.</summary>
    void OnReject(int refSeqNum, string text, long nowNs);

    /// <summary>A connection could not be opened; it is tried again.</summary>
    void Failed(string reason)
    {
    }

    /// <summary>Often, while logged on. <paramref name="heardNs"/> is when the peer was last heard.</summary>
    void Poll(long heardNs, long nowNs);
}

/// <summary>Adds the body's fields to a message.</summary>
public delegate void MessageBody(ref MessageWriter writer, long nowNs);

/// <summary>Our end of one FIX session: connects, logs on, serves, and connects again for ever, with back-off and jitter.</summary>
/// <remarks>One thread receives; any thread may send. One lock around the session and the socket.</remarks>
public sealed class FixInitiator : ISessionHandler, IRejectHandler, ILogonFields, IDisposable
{
    private const int OutputBytes = 1 << 20;
    private const int PollMs = 20;
    private const int SendTimeoutMs = 2000;

    private readonly Lock _lock = new();
    private readonly string _host;
    private readonly int _port;
    private readonly IFixPeer _peer;
    private readonly Action<string> _log;
    private readonly FixDialect _dialect;
    private readonly FixRefusals? _refusals;
    private readonly Session _session;
    private readonly SendBuffer _output = new(OutputBytes);
    private readonly Backoff _backoff = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private Socket? _socket;
    private long _heardNs;
    private bool _isUp;

    /// <summary>Nothing is connected before <see cref="Start"/>.</summary>
    public FixInitiator(string host, int port, SessionSettings settings, FixDictionary dictionary, ISessionStore store, IFixPeer peer, Action<string> log, FixDialect? dialect = null, FixRefusals? refusals = null)
    {
        (_host, _port, _peer, _log, _dialect, _refusals) = (host, port, peer, log, dialect ?? FixDialect.Plain, refusals);
        _session = new Session(settings with { Initiator = true }, dictionary, store, this) { Log = refusals };
        _thread = new Thread(Run) { IsBackground = true, Name = $"FIX {settings.SenderCompID}" };
    }

    /// <summary>Begins to connect.</summary>
    public void Start() => _thread.Start();

    /// <summary>Runs <paramref name="act"/> while the peer is not called.</summary>
    public void Do(Action act)
    {
        lock (_lock) act();
    }

    /// <summary>
    /// Sends an application message now and never later: an order that waited for a connection would be an order that
    /// nobody wants any more. Gives its MsgSeqNum(34), or 0 when it was not sent.
    /// </summary>
    public int Send(ReadOnlySpan<byte> msgType, MessageBody body)
    {
        lock (_lock)
        {
            if (_socket is null || _session.State != SessionState.Active || _session.IsResending) return 0;
            var nowNs = Clock.NowNs();
            var number = _session.NextOut;
            body(ref _session.Begin(msgType, nowNs), nowNs);
            _session.End(keep: false);
            try
            {
                Flush(_socket);
            }
            catch (SocketException e)
            {
                // The bytes may have arrived: whoever asked is told that it was sent, and will hear of the disconnection.
                _log($"{_host}:{_port}: {e.Message}");
                _socket.Close();
                _socket = null;
            }
            return number;
        }
    }

    /// <summary>Stops: logs out and waits for the thread.</summary>
    public void Dispose()
    {
        _stop.Set();
        if (_thread.IsAlive) _thread.Join(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsSet)
        {
            string reason;
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendTimeout = SendTimeoutMs };
                socket.Connect(_host, _port);
                reason = Serve(socket);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                reason = e.Message;
            }
            lock (_lock)
            {
                if (_socket is null) _peer.Failed(reason);
                _socket = null;
                _session.Disconnected(reason, Clock.NowNs());
                _output.Clear();
            }
            _log($"{_host}:{_port} {_session.Settings.SenderCompID}: {reason}");
            _stop.Wait(_backoff.Next());
        }
    }

    private string Serve(Socket socket)
    {
        lock (_lock)
        {
            _socket = socket;
            _session.Connect(_output, Clock.NowNs());
            Flush(socket);
        }
        var buffer = new byte[1 << 18];
        var filled = 0;
        var isLeaving = false;
        while (true)
        {
            var isReadable = socket.Poll(TimeSpan.FromMilliseconds(PollMs), SelectMode.SelectRead);
            var count = isReadable ? socket.Receive(buffer.AsSpan(filled)) : 0;
            if (isReadable && count == 0) return "the peer closed the connection";
            lock (_lock)
            {
                var nowNs = Clock.NowNs();
                if (count > 0) _heardNs = nowNs;
                filled += count;
                var consumed = _session.OnBytes(buffer.AsSpan(0, filled), nowNs);
                buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
                filled -= consumed;
                if (_session.NextPollNs <= nowNs) _session.Poll(nowNs);
                if (_session.State == SessionState.Active) _peer.Poll(_heardNs, nowNs);
                // The answer to our Logout may take its time: what was told before grows old meanwhile.
                else if (_session.State == SessionState.LogoutSent) Down("logging out", nowNs);
                if (_stop.IsSet && !isLeaving)
                {
                    isLeaving = true;
                    _session.Logout("", nowNs);
                }
                Flush(socket);
                if (!_session.WantsClose) continue;
                var reason = _session.CloseReason ?? "session ended";
                _refusals?.Closed(reason);
                return reason;
            }
        }
    }

    private void Flush(Socket socket)
    {
        while (_output.Count > 0) _output.Taken(socket.Send(_output.Unsent(_output.Tail)));
    }

    void ISessionHandler.OnLogon(Session session, long nowNs)
    {
        _backoff.Reset();
        _isUp = true;
        _peer.Up(nowNs);
    }

    private void Down(string reason, long nowNs)
    {
        if (!_isUp) return;
        _isUp = false;
        _peer.Down(reason, nowNs);
    }

    void ISessionHandler.OnMessage(Session session, in Message message, long nowNs) => _peer.On(message, nowNs);

    void ISessionHandler.OnLogout(Session session, string reason, long nowNs) => Down(reason, nowNs);

    void ILogonFields.AddTo(Session session, ref MessageWriter logon, int msgSeqNum, string sendingTime) => _dialect.AddToLogon(session.Settings, ref logon, msgSeqNum, sendingTime, Clock.NowNs());

    void IRejectHandler.OnReject(Session session, in Message reject, long nowNs)
    {
        reject.TryGetInt(45, out var number);
        _peer.OnReject(number, reject.TryGet(58, out var text) ? System.Text.Encoding.ASCII.GetString(text) : "", nowNs);
    }
}
