using System.Globalization;
using System.Net.Sockets;
using Venue.Fix;

namespace Venue.Host.Terminal;

/// <summary>The terminal's end of the FIX session: a socket, the session, the blotter. One lock around all of it.</summary>
internal sealed class Client : ISessionHandler, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Session _session;
    private readonly SendBuffer _output = new(1 << 20);
    private readonly string _idPrefix = "T" + DateTime.UtcNow.ToString("yyMMddHHmmss", CultureInfo.InvariantCulture) + "-";
    private Socket? _socket;
    private int _ids;
    private int _watches;
    
    /// <summary>True once the session was logged on.</summary>
    public bool WasActive { get; private set; }

    public Client(SessionSettings settings, FixDictionary dictionary, ISessionStore store)
    {
        _session = new Session(settings, dictionary, store, this);
        Blotter = new Blotter();
    }

    public Blotter Blotter { get; }

    /// <summary>Set when the connection is over: why.</summary>
    public string? Ended { get; private set; }

    /// <summary>True while the session is logged on.</summary>
    public bool IsActive
    {
        get
        {
            lock (_lock) return _session.State == SessionState.Active;
        }
    }

    /// <summary>Runs <paramref name="read"/> while nothing changes.</summary>
    public void Look(Action<Blotter> read)
    {
        lock (_lock) read(Blotter);
    }

    /// <summary>Connects, logs on and serves the session until it ends. Blocks.</summary>
    public void Run(string host, int port, string symbol)
    {
        try
        {
            _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _socket.Connect(host, port);
            lock (_lock)
            {
                Blotter.Symbol = symbol;
                _session.Connect(_output, Clock.NowNs());
                Flush();
            }
            var buffer = new byte[1 << 18];
            var filled = 0;
            while (true)
            {
                var readable = _socket.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead);
                var count = readable ? _socket.Receive(buffer.AsSpan(filled)) : 0;
                lock (_lock)
                {
                    var nowNs = Clock.NowNs();
                    if (readable && count == 0)
                    {
                        _session.Disconnected("the venue closed the connection", nowNs);
                        Ended ??= WasActive ? "the venue closed the connection" : "the venue closed the connection without a Logon: is the session known there, and not in use?";
                        return;
                    }
                    filled += count;
                    var consumed = _session.OnBytes(buffer.AsSpan(0, filled), nowNs);
                    buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
                    filled -= consumed;
                    if (_session.NextPollNs <= nowNs) _session.Poll(nowNs);
                    Flush();
                    if (!_session.WantsClose) continue;
                    _session.Disconnected("session ended", nowNs);
                    Ended ??= _session.CloseReason ?? "the session ended";
                    return;
                }
            }
        }
        catch (SocketException e)
        {
            lock (_lock)
            {
                if (_session.State != SessionState.Disconnected) _session.Disconnected(e.Message, Clock.NowNs());
                Ended ??= $"{host}:{port}: {e.Message}";
            }
        }
    }

    /// <summary>Carries out what was typed; the answer comes as a happening.</summary>
    public void Do(Intent intent)
    {
        lock (_lock)
        {
            if (intent.Kind == IntentKind.Help)
            {
                foreach (var line in Intent.Grammar.Split('\n')) Blotter.Say(line);
                return;
            }
            if (_session.State != SessionState.Active)
            {
                Blotter.Say("not logged on: nothing was sent");
                return;
            }
            var nowNs = Clock.NowNs();
            switch (intent.Kind)
            {
                case IntentKind.Buy or IntentKind.Sell: New(intent, nowNs); break;
                case IntentKind.Watch: Watch(intent.Symbol, nowNs); break;
                case IntentKind.Cancel or IntentKind.Replace or IntentKind.Status:
                    if (Blotter.Find(intent.Order) is { } order) Existing(intent, order, nowNs);
                    else Blotter.Say($"there is no own order number {intent.Order}");
                    break;
                case IntentKind.Quit: _session.Logout("", nowNs); break;
            }
            Flush();
        }
    }

    private string NextID() => _idPrefix + (++_ids).ToString(CultureInfo.InvariantCulture);

    private void New(Intent intent, long nowNs)
    {
        var order = Blotter.Add(NextID());
        (order.Symbol, order.Side, order.Quantity, order.Price) = (intent.Symbol, intent.Kind == IntentKind.Buy ? '1' : '2', intent.Quantity, intent.Price ?? "market");
        ref var w = ref _session.Begin("D"u8, nowNs);
        w.Add(11, order.ClOrdID);
        w.Add(55, intent.Symbol);
        w.Add(54, (byte)order.Side);
        w.AddTime(60, nowNs);
        w.Add(38, intent.Quantity);
        w.Add(40, intent.Price is null ? (byte)'1' : (byte)'2');
        if (intent.Price is { } price) w.Add(44, price);
        w.Add(59, (byte)intent.TimeInForce);
        _session.End(keep: true);
    }

    private void Existing(Intent intent, OwnOrder order, long nowNs)
    {
        ref var w = ref _session.Begin(intent.Kind switch { IntentKind.Cancel => "F"u8, IntentKind.Replace => "G"u8, _ => "H"u8 }, nowNs);
        if (intent.Kind == IntentKind.Status)
        {
            w.Add(11, order.ClOrdID);
        }
        else
        {
            w.Add(41, order.ClOrdID);
            w.Add(11, NextID());
        }
        w.Add(55, order.Symbol);
        w.Add(54, (byte)order.Side);
        if (intent.Kind != IntentKind.Status) w.AddTime(60, nowNs);
        if (intent.Kind == IntentKind.Replace)
        {
            w.Add(38, intent.Quantity);
            w.Add(40, (byte)'2');
            w.Add(44, intent.Price!);
        }
        _session.End(keep: true);
    }

    private void Watch(string symbol, long nowNs)
    {
        if (_watches > 0)
        {
            ref var stop = ref _session.Begin("V"u8, nowNs);
            stop.Add(262, WatchID(_watches));
            stop.Add(263, (byte)'2');
            stop.Add(264, 10);
            MarketDataGroups(ref stop, Blotter.Symbol);
            _session.End(keep: false);
        }
        Blotter.Symbol = symbol;
        ref var w = ref _session.Begin("V"u8, nowNs);
        w.Add(262, WatchID(++_watches));
        w.Add(263, (byte)'1');
        w.Add(264, 10);
        w.Add(265, (byte)'0');
        MarketDataGroups(ref w, symbol);
        _session.End(keep: false);
    }

    private static string WatchID(int n) => "watch-" + n.ToString(CultureInfo.InvariantCulture);

    private static void MarketDataGroups(ref MessageWriter w, string symbol)
    {
        w.Add(267, 3);
        w.Add(269, (byte)'0');
        w.Add(269, (byte)'1');
        w.Add(269, (byte)'2');
        w.Add(146, 1);
        w.Add(55, symbol);
    }

    private void Flush()
    {
        while (_output.Count > 0)
        {
            var sent = _socket!.Send(_output.Unsent(_output.Tail));
            _output.Taken(sent);
        }
    }

    void ISessionHandler.OnLogon(Session session, long nowNs)
    {
        WasActive = true;
        Blotter.Say($"logged on as {session.Settings.SenderCompID}");
        Watch(Blotter.Symbol, nowNs);
    }

    void ISessionHandler.OnMessage(Session session, in Message message, long nowNs) => Blotter.On(message);

    void ISessionHandler.OnLogout(Session session, string reason, long nowNs) => Ended ??= reason.Length > 0 ? reason : "logged out";

    public void Dispose() => _socket?.Dispose();
}
