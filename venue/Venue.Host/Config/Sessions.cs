using Venue.Fix;
using Venue.Gateway;
using Venue.Messages;

namespace Venue.Host;

/// <summary>One [SESSION] of sessions.cfg.</summary>
/// <param name="Settings">As the session's state machine takes them.</param>
/// <param name="Firm">Name of the firm whose balances it uses; empty for none.</param>
/// <param name="Where">File and line, for error texts.</param>
public sealed record ConfiguredSession(SessionSettings Settings, string Firm, string Where)
{
    /// <summary>From where, and by what proof, a connection may be this session.</summary>
    public SessionAccess Access { get; init; } = new();

    /// <summary>The self-trade group and mode of its orders that say nothing themselves; the session's number is not set yet.</summary>
    public DefineSelfTrade SelfTrade { get; init; }

    /// <summary>What is agreed beyond FIX.</summary>
    public SessionProfile Profile { get; init; } = new();

    /// <summary>How long a provider may look at hits of its answers, in milliseconds; 0 for no last look.</summary>
    public int LastLookMs { get; init; }

    /// <summary>The text of each Quoting setting, by symbol; empty for the whole session's.</summary>
    public IReadOnlyDictionary<string, string> Quoting { get; init; } = new Dictionary<string, string>();
}

/// <summary>sessions.cfg: QuickFIX's form and names, and ours beside them.</summary>
public sealed class SessionsFile
{
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);

    /// <summary>The sessions, in the order of the file.</summary>
    public List<ConfiguredSession> Sessions { get; } = [];

    /// <summary>SocketAcceptHost: the address to listen on.</summary>
    public string AcceptHost { get; private set; } = "127.0.0.1";

    /// <summary>SocketAcceptPort: the port to listen on.</summary>
    public int AcceptPort { get; private set; } = 9878;

    /// <summary>The TLS port and who may connect.</summary>
    public TransportSettings Transport { get; } = new();

    /// <summary>Settings that are accepted without effect, each with its line and the reason.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

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
            if (section.Name == "SESSION") result.Session(section, config, path, faults);
            else faults.Add($"{path}:{section.Line}: [{section.Name}] is neither [DEFAULT] nor [SESSION]");
        }
        if (result.Sessions.Count == 0) faults.Add($"{path}: no [SESSION], nobody could log on");
        return result;
    }

    private void Session(SettingsSection section, string config, string path, List<string> faults)
    {
        var session = SessionConfig.Read(section, path, faults, ["Firm", .. TransportSettings.Names, .. ProfileSettings.Names, "SelfTradeGroup", "SelfTradeMode", .. section.Entries.Select(entry => entry.Key).Where(QuotingSettings.IsOne)]);
        var settings = session.Settings;
        var s = new Section(section, path, faults);
        if (settings.Initiator) s.Fault("ConnectionType is not acceptor: the venue does not call its clients");
        if (!settings.CheckCompID) s.Fault("CheckCompID=N: the CompIDs say whose orders these are");
        if (!settings.PersistMessages) s.Fault("PersistMessages=N: the venue resends every report");
        var (sender, target) = (settings.SenderCompID, settings.TargetCompID);
        foreach (var (name, value) in ((string, string)[])[("SenderCompID", sender), ("TargetCompID", target)])
            if (value.Length > Text40.MaxLength) s.Fault($"{name} is longer than {Text40.MaxLength} characters");
        if (Sessions.Any(o => o.Settings.SenderCompID == sender && o.Settings.TargetCompID == target)) s.Fault($"{sender} -> {target} is defined twice");

        var (host, port) = (session.AcceptHost ?? AcceptHost, session.AcceptPort ?? AcceptPort);
        if (Sessions.Count > 0 && (host != AcceptHost || port != AcceptPort)) s.Fault("SocketAcceptHost and SocketAcceptPort are the same for all sessions: put them into [DEFAULT]");
        (AcceptHost, AcceptPort) = (host, port);
        DataDictionary = Path.Combine(config, session.DataDictionary ?? "VENUE44.xml");
        if (!File.Exists(DataDictionary)) s.Fault($"DataDictionary '{DataDictionary}' does not exist");
        var access = Transport.Read(s, config);
        var profile = ProfileSettings.Read(s);
        // Who only watches or operates has no money of its own.
        var firm = profile.Kind is SessionKind.MarketData or SessionKind.Operator ? s.Text("Firm", "") : s.Text("Firm");
        var quoting = section.Entries.Where(entry => QuotingSettings.IsOne(entry.Key)).ToDictionary(entry => QuotingSettings.SymbolOf(entry.Key), entry => entry.Value);
        if (quoting.Count > 0 && profile.Kind != SessionKind.LiquidityProvider) s.Fault("Quoting is for sessions of Kind=LiquidityProvider");
        var lastLookMs = s.Number("LastLookMs", 0, 0, DefineLastLook.HoldMsMax);
        if (lastLookMs > 0 && profile.Kind != SessionKind.LiquidityProvider) s.Fault("LastLookMs is for sessions of Kind=LiquidityProvider");
        _notes.UnionWith(session.Notes);
        Sessions.Add(new ConfiguredSession(settings, firm, s.Where) { Access = access, Profile = profile, Quoting = quoting, LastLookMs = lastLookMs, SelfTrade = TradingSettings.ReadSelfTrade(s) });
    }
}
