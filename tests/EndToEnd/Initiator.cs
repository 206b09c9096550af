using System.Net;
using System.Net.Sockets;
using System.Text;
using Venue.Fix;

namespace EndToEnd;

/// <summary>Our own session as an initiator over a plain socket: what the bridge and the terminal are built on.</summary>
/// <remarks>One thread for each connection, one lock around the session. Store and numbers outlive connections.</remarks>
internal sealed class Initiator(SessionSettings settings, FixDictionary dictionary) : ISessionHandler, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly object _lock = new();
    private readonly MemoryStore _store = new(1 << 20, 4096);
    private readonly List<FixMessage> _received = [];
    private Session? _session;
    private Socket? _socket;
    private Task _running = Task.CompletedTask;
    private bool _isDeaf, _isMute;

    /// <summary>Application messages as the session handed them out, in its order.</summary>
    public IReadOnlyList<FixMessage> Received
    {
        get { lock (_lock) return [.. _received]; }
    }

    /// <summary>The next numbers, out and in.</summary>
    public (int Out, int In) Numbers
    {
        get { lock (_lock) return (_session!.NextOut, _session.NextIn); }
    }

    /// <summary>While set, what arrives is lost on the way.</summary>
    public void Deafen(bool isDeaf)
    {
        lock (_lock) _isDeaf = isDeaf;
    }

    /// <summary>While set, what is sent is lost on the way.</summary>
    public void Mute(bool isMute)
    {
        lock (_lock) _isMute = isMute;
    }

    /// <summary>Connects and waits for the Logon's answer. With <paramref name="reset"/> both sides begin again at 1.</summary>
    public void Connect(int port, bool reset = false)
    {
        _session = new Session(settings with { ResetOnLogon = reset }, dictionary, _store, this);
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, port);
        var output = new SendBuffer(1 << 20);
        lock (_lock)
        {
            _session.Connect(output, NowNs());
            Flush();
        }
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        WaitUntil("logon", () => _session.State == SessionState.Active);
    }

    /// <summary>Sends a kept application message: "tag=value|tag=value".</summary>
    public void Send(string msgType, string fields)
    {
        lock (_lock)
        {
            ref var writer = ref _session!.Begin(Encoding.ASCII.GetBytes(msgType), NowNs());
            foreach (var field in fields.Split('|'))
            {
                var equals = field.IndexOf('=');
                writer.Add(int.Parse(field[..equals]), field[(equals + 1)..]);
            }
            writer.AddTime(60, NowNs());
            _session.End(keep: true);
            Flush();
        }
    }

    /// <summary>The connection is lost, as a cable is.</summary>
    public void Drop()
    {
        _socket!.Close(0);
        WaitForEnd();
    }

    /// <summary>Logs out and waits for the end.</summary>
    public void Logout()
    {
        lock (_lock)
        {
            _session!.Logout("", NowNs());
            Flush();
        }
        WaitForEnd();
    }

    /// <summary>Waits until the connection is over, whoever ended it.</summary>
    public void WaitForEnd() => Assert.That(_running.Wait(Patience), "the connection ended");

    /// <summary>Waits until something is so.</summary>
    public void WaitUntil(string what, Func<bool> isSo)
    {
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            lock (_lock) if (isSo()) return;
            if (DateTime.UtcNow > until) throw new AssertionException($"no {what} within {Patience.TotalSeconds} s; the session is {_session!.State}, {_session.CloseReason}, received:\n{string.Join('\n', Received)}");
            Thread.Sleep(5);
        }
    }

    private void Run()
    {
        var buffer = new byte[256 << 10];
        var filled = 0;
        var reason = "closed by the other end";
        try
        {
            while (true)
            {
                var readable = _socket!.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectRead);
                var count = readable ? _socket.Receive(buffer.AsSpan(filled)) : 0;
                lock (_lock)
                {
                    if (readable && count == 0) break;
                    if (_isDeaf) continue;
                    filled += count;
                    var done = _session!.OnBytes(buffer.AsSpan(0, filled), NowNs());
                    buffer.AsSpan(done, filled - done).CopyTo(buffer);
                    filled -= done;
                    if (_session.NextPollNs <= NowNs()) _session.Poll(NowNs());
                    Flush();
                    if (!_session.WantsClose) continue;
                    reason = "session ended";
                    break;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            reason = e.Message;
        }
        lock (_lock) _session!.Disconnected(reason, NowNs());
        _socket!.Dispose();
    }

    private void Flush()
    {
        if (_session!.Output is not { } output) return;   // numbered and kept: it goes out after the next Logon
        try
        {
            while (output.Count > 0) output.Taken(_isMute ? output.Count : _socket!.Send(output.Unsent(output.Tail)));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            output.Taken(output.Count);   // the reading thread sees the end and tells the session
        }
    }

    void ISessionHandler.OnLogon(Session session, long nowNs)
    {
    }

    void ISessionHandler.OnMessage(Session session, in Message message, long nowNs) => _received.Add(FixMessage.Parse(Encoding.ASCII.GetString(message.Bytes), '\u0001'));

    void ISessionHandler.OnLogout(Session session, string reason, long nowNs)
    {
    }

    public void Dispose() => _socket?.Dispose();

    private static long NowNs() => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;
}
