using Venue.Fix;
using Venue.Messages;

namespace Venue.Host;

/// <summary>One [SESSION] of sessions.cfg.</summary>
/// <param name="Settings">As the session's state machine takes them.</param>
/// <param name="Firm">Name of the firm whose balances it uses.</param>
/// <param name="Where">File and line, for error texts.</param>
public sealed record ConfiguredSession(SessionSettings Settings, string Firm, string Where)
{
    /// <summary>From where, and by what proof, a connection may be this session.</summary>
    public SessionAccess Access { get; init; } = new();
}

/// <summary>sessions.cfg: QuickFIX's form and names, and one of ours (Firm).</summary>
public sealed class SessionsFile
{
    /// <summary>The sessions, in the order of the file.</summary>
    public List<ConfiguredSession> Sessions { get; } = [];

    /// <summary>SocketAcceptHost: the address to listen on.</summary>
    public string AcceptHost { get; private set; } = "127.0.0.1";

    /// <summary>SocketAcceptPort: the port to listen on.</summary>
    public int AcceptPort { get; private set; } = 9878;

    /// <summary>The TLS port and who may connect.</summary>
    public TransportSettings Transport { get; } = new();

    /// <summary>Path of the dictionary.</summary>
    public string DataDictionary { get; private set; } = "";

    /// <summary>Reads the file; every fault found is added to <paramref name="faults"/>.</summary>
    public static SessionsFile Read(string config, List<string> faults)
    {
        var result = new SessionsFile();
        var path = Path.Combine(config, "sessions.cfg");
        if (!File.Exists(path))
        {
            faults.Add($"{path}: the file does not exist");
            return result;
        }
        var file = SettingsFile.Parse(File.ReadAllText(path), path);
        faults.AddRange(file.Faults);
        foreach (var section in file.Sections)
        {
            if (section.Name == "DEFAULT") continue;
            if (section.Name == "SESSION") result.Session(new Section(section, path, faults), config);
            else faults.Add($"{path}:{section.Line}: [{section.Name}] is neither [DEFAULT] nor [SESSION]");
        }
        if (result.Sessions.Count == 0) faults.Add($"{path}: no [SESSION], nobody could log on");
        return result;
    }

    private void Session(Section s, string config)
    {
        if (s.Text("ConnectionType", "acceptor") != "acceptor") s.Fault("ConnectionType is not acceptor: the venue does not call its clients");
        if (s.Text("BeginString", "FIX.4.4") != "FIX.4.4") s.Fault("BeginString is not FIX.4.4");
        var sender = s.Text("SenderCompID");
        var target = s.Text("TargetCompID");
        var firm = s.Text("Firm");
        foreach (var (name, value) in ((string, string)[])[("SenderCompID", sender), ("TargetCompID", target)])
            if (value.Length > 0 && !Reference.IsText(value, Text40.MaxLength)) s.Fault($"{name} is not 1 to {Text40.MaxLength} printable ASCII characters");
        if (Sessions.Any(o => o.Settings.SenderCompID == sender && o.Settings.TargetCompID == target)) s.Fault($"{sender} -> {target} is defined twice");

        var host = s.Text("SocketAcceptHost", AcceptHost);
        if (!System.Net.IPAddress.TryParse(host, out _)) s.Fault($"SocketAcceptHost={host} is not an IP address");
        var port = s.Number("SocketAcceptPort", AcceptPort, 0, 65535);
        if (Sessions.Count > 0 && (host != AcceptHost || port != AcceptPort)) s.Fault("SocketAcceptHost and SocketAcceptPort are the same for all sessions: put them into [DEFAULT]");
        (AcceptHost, AcceptPort) = (host, port);
        if (!s.Flag("UseDataDictionary", true)) s.Fault("UseDataDictionary=N: the venue validates every message");
        DataDictionary = Path.Combine(config, s.Text("DataDictionary", "VENUE44.xml"));
        if (!File.Exists(DataDictionary)) s.Fault($"DataDictionary '{DataDictionary}' does not exist");
        foreach (var time in (string[])["StartTime", "EndTime"])
            if (s.Text(time, "00:00:00") != "00:00:00") s.Fault($"{time} is not 00:00:00: sessions are open around the clock and never reset by themselves");
        var settings = new SessionSettings
        {
            SenderCompID = sender,
            TargetCompID = target,
            TimestampDigits = s.Number("TimestampPrecision", 3, 0, 9),
            CheckLatency = s.Flag("CheckLatency", true),
            MaxLatencySeconds = s.Number("MaxLatency", 120, 1, 86_400),
            LogonTimeoutSeconds = s.Number("LogonTimeout", 10, 1, 3600),
            LogoutTimeoutSeconds = s.Number("LogoutTimeout", 2, 1, 3600),
            ResetOnLogon = s.Flag("ResetOnLogon", false),
            ResetOnLogout = s.Flag("ResetOnLogout", false),
            ResetOnDisconnect = s.Flag("ResetOnDisconnect", false),
        };
        if (settings.TimestampDigits is not (0 or 3 or 6 or 9)) s.Fault("TimestampPrecision is not 0, 3, 6 or 9");
        var access = Transport.Read(s, config);
        s.Finish();
        Sessions.Add(new ConfiguredSession(settings, firm, s.Where) { Access = access });
    }
}
