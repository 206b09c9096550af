namespace EndToEnd;

/// <summary>Whose FIX engine a client runs on; neither shares a line with the venue's.</summary>
public enum ClientKind
{
    /// <summary>tests/EndToEnd/quickfix-client: QuickFIX 1.15 (C++).</summary>
    QuickFix,
    /// <summary>tests/EndToEnd/jspurefix-client: jspurefix 5.11 (node).</summary>
    JsPureFix,
}

/// <summary>One FIX client process on one session, with a store of its own that outlives the process.</summary>
internal sealed class FixClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ChildProcess _process;
    private int _settled;
    private int _next;   // the first line that Next() has not looked at

    /// <summary>Starts the client; it connects when it is told to, or waits for connections at once. QuickFIX adds the fields of <paramref name="logon"/> to its Logons, jspurefix signs them by <paramref name="sign"/>.</summary>
    public FixClient(ClientKind kind, string compID, int port, string store, string target = "VENUE", bool accepts = false, string logon = "", bool reset = false, string sign = "")
        : this(kind, compID,
        [
            "--host", "127.0.0.1", "--port", $"{port}", "--sender", compID, "--target", target, "--accept", accepts ? "Y" : "N",
            .. logon.Length > 0 ? (string[])["--logon", logon] : [],
            .. sign.Length > 0 ? (string[])["--sign", sign] : [],
            "--store", store, "--dictionary", Places.Dictionary, "--heartbeat", "30", "--reset", reset ? "Y" : "N",
        ])
    {
    }

    private FixClient(ClientKind kind, string compID, IEnumerable<string> arguments)
    {
        Kind = kind;
        CompID = compID;
        _process = new ChildProcess($"{compID} ({kind})", [.. Places.ClientCommand(kind), .. arguments]);
        try
        {
            _process.WaitFor("READY", line => line == "READY", 0, Patience);
        }
        catch
        {
            _process.Dispose();
            throw;
        }
    }

    /// <summary>Starts QuickFIX on a settings file.</summary>
    public static FixClient OfSettings(string path, string compID) => new(ClientKind.QuickFix, compID, ["--settings", path]);

    public ClientKind Kind { get; }

    /// <summary>SenderCompID(49).</summary>
    public string CompID { get; }

    /// <summary>Lines so far: the place from which to wait for what comes next.</summary>
    public int Mark => _process.Count;

    /// <summary>The first line that <see cref="Next"/> has not looked at.</summary>
    public int Unread => _next;

    /// <summary>Every line in and out, with times.</summary>
    public string Transcript() => _process.Transcript();

    /// <summary>Gives the client a command (README.md has them all).</summary>
    public void Do(string command) => _process.Send(command);

    /// <summary>Connects and waits until both sides have logged on.</summary>
    public void Connect()
    {
        var mark = Mark;
        Do("connect");
        WaitForLogon(mark);
    }

    /// <summary>Waits for a logon after <paramref name="mark"/>; both clients connect again by themselves when a venue has gone.</summary>
    public void WaitForLogon(int mark) => WaitFor("LOGON", line => line == "LOGON", mark);

    /// <summary>Drops the connection without Logout, once the client has taken in what it was told.</summary>
    public void Kill()
    {
        Settle();
        End("kill");
    }

    /// <summary>Logs out and waits until the connection is gone.</summary>
    public void Logout()
    {
        var mark = Mark;
        End("logout");
        WaitFor("LOGOUT", line => line.StartsWith("LOGOUT", StringComparison.Ordinal), mark);
    }

    /// <summary>Waits until the connection is gone.</summary>
    public void WaitForDisconnect(int mark) => WaitFor("DISCONNECT", line => line == "DISCONNECT", mark);

    /// <summary>The next application message, or session-level Reject(3), that no one has looked at yet; waits for it.</summary>
    public FixMessage Next(string what)
    {
        while (true)
        {
            var (index, line) = _process.WaitFor(what, IsIncoming, _next, Patience);
            _next = index + 1;
            var message = FixMessage.Parse(line["IN ".Length..]);
            if (!message.IsAdministrative) return message;
        }
    }

    /// <summary>The first message that came in after <paramref name="mark"/> and fits; waits for it.</summary>
    public FixMessage WaitForMessage(string what, Func<FixMessage, bool> match, int mark)
    {
        var line = WaitFor(what, line => IsIncoming(line) && match(FixMessage.Parse(line["IN ".Length..])), mark);
        return FixMessage.Parse(line["IN ".Length..]);
    }

    /// <summary>All messages that it has sent from <paramref name="mark"/> on.</summary>
    public IReadOnlyList<FixMessage> Outgoing(int mark) =>
        [.. _process.Lines(mark).Where(IsOutgoing).Select(line => FixMessage.Parse(line["OUT ".Length..]))];

    /// <summary>Waits until it has sent a message that fits.</summary>
    public void WaitForOutgoing(string what, Func<FixMessage, bool> match, int mark) =>
        WaitFor(what, line => IsOutgoing(line) && match(FixMessage.Parse(line["OUT ".Length..])), mark);

    /// <summary>A round trip: all that the venue had sent before is here then, and the client's engine has dealt with it.</summary>
    public void Settle() => Settle($"settle-{++_settled}");

    /// <summary>Sends a TestRequest(1) and waits for the Heartbeat(0) with the same text.</summary>
    public void Settle(string testReqID)
    {
        var mark = Mark;
        Do($"raw 1 112={testReqID}");
        WaitForMessage($"Heartbeat with 112={testReqID}", m => m.Type == "0" && m.Find(112) == testReqID, mark);
    }

    /// <summary>All application messages from <paramref name="mark"/> on that are here now.</summary>
    public IReadOnlyList<FixMessage> Received(int mark) =>
        [.. _process.Lines(mark).Where(IsIncoming).Select(line => FixMessage.Parse(line["IN ".Length..])).Where(m => !m.IsAdministrative)];

    /// <summary>What has come so far needs no further look by <see cref="Next"/>.</summary>
    public void Skip() => _next = Mark;

    public void Dispose() => _process.Dispose();

    private void End(string command)
    {
        var mark = Mark;
        Do(command);
        WaitForDisconnect(mark);
    }

    private string WaitFor(string what, Func<string, bool> match, int mark) => _process.WaitFor(what, match, mark, Patience).Text;

    private static bool IsOutgoing(string line) => line.StartsWith("OUT ", StringComparison.Ordinal);

    private static bool IsIncoming(string line) => line.StartsWith("IN ", StringComparison.Ordinal);
}
