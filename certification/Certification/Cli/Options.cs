using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Certification;

/// <summary>What the command line says, as text; <see cref="Validate"/> says everything that is wrong with it at once.</summary>
internal sealed record Options
{
    /// <summary>Who is certified.</summary>
    public required Role Role { get; init; }

    /// <summary>The venue's host, or the address on which a client may call.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The venue's port, or the one on which a client may call; 0 there for any.</summary>
    public string Port { get; init; } = "";

    /// <summary>SenderCompID(49) of the client side.</summary>
    public string Session { get; init; } = "";

    /// <summary>SenderCompID(49) of the second client; empty when there is none.</summary>
    public string Second { get; init; } = "";

    /// <summary>SenderCompID(49) of the venue side.</summary>
    public string Target { get; init; } = "VENUE";

    /// <summary>Folder of the cases.</summary>
    public string Cases { get; init; } = Path.Combine(AppContext.BaseDirectory, "cases");

    /// <summary>Dictionary in QuickFIX's form.</summary>
    public string Dictionary { get; init; } = Path.Combine(AppContext.BaseDirectory, "VENUE44.xml");

    /// <summary>Folder of the report; empty for none.</summary>
    public string Report { get; init; } = "";

    /// <summary>Name and version of what is certified, for the report.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Names of the cases to run; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>NAME=VALUE of the cases' variables.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>Program that acts on the client's side; empty when a person does.</summary>
    public string Driver { get; init; } = "";

    /// <summary>Seconds that a person gets for each hint.</summary>
    public string Patience { get; init; } = "120";

    /// <summary>Every fault, each with what it leads to.</summary>
    public Plan? Validate(out List<string> faults)
    {
        faults = [];
        var address = ReadAddress(faults);
        if (Session.Length == 0) faults.Add("--session is missing: whose SenderCompID(49) is it?");
        if (Target.Length == 0) faults.Add("--target is empty: nobody to talk to");
        if (Second.Length > 0 && Second == Session) faults.Add($"--second is {Second} as --session is: a session connects once");
        if (!int.TryParse(Patience, NumberStyles.None, CultureInfo.InvariantCulture, out var patience) || patience > 3600)
            faults.Add($"--patience '{Patience}' is not a number of seconds up to 3600");
        var driver = CommandLine.Split(Driver, out var unclosed);
        if (unclosed) faults.Add("--driver has a quote that is not closed");
        var set = new Dictionary<string, string>();
        foreach (var text in Set)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) faults.Add($"--set '{text}' is not NAME=VALUE");
            else if (!set.TryAdd(text[..equals], text[(equals + 1)..])) faults.Add($"--set {text[..equals]} is given twice");
        }
        var words = ReadDictionary(faults);
        var cases = words is null ? [] : ReadCases(words, set, faults);
        if (File.Exists(Report)) faults.Add($"--report {Report} is a file: the report is a folder");
        return faults.Count > 0 ? null : new Plan(address!, words!, cases, set, driver, TimeSpan.FromSeconds(patience));
    }

    private IPEndPoint? ReadAddress(List<string> faults)
    {
        IPAddress? host = null;
        try
        {
            host = Dns.GetHostAddresses(Host).FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork);
            if (host is null) faults.Add($"--host {Host} has no IPv4 address");
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            faults.Add($"--host '{Host}': {e.Message}");
        }
        if (!int.TryParse(Port, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535 || port == 0 && Role == Role.Venue)
        {
            faults.Add(Port.Length == 0 ? "--port is missing" : $"--port '{Port}' is not a port");
            return null;
        }
        return host is null ? null : new IPEndPoint(host, port);
    }

    private Vocabulary? ReadDictionary(List<string> faults)
    {
        try
        {
            return Vocabulary.Load(Dictionary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Xml.XmlException or InvalidDataException)
        {
            faults.Add($"--dictionary {Dictionary}: {e.Message}");
            return null;
        }
    }

    private List<Case> ReadCases(Vocabulary words, Dictionary<string, string> set, List<string> faults)
    {
        if (!Directory.Exists(Cases))
        {
            faults.Add($"--cases {Cases}: there is no such folder");
            return [];
        }
        var book = CaseBook.Read(Cases, words);
        faults.AddRange(book.Faults);
        foreach (var name in set.Keys)
            if (book.Cases.All(c => !c.Defaults.ContainsKey(name))) faults.Add($"--set {name}: no case has 'default {name}'");
        foreach (var name in Only)
            if (book.Cases.All(c => c.Name != name)) faults.Add($"--only {name}: there is no such case: {string.Join(", ", book.Cases.Select(c => c.Name))}");
        return [.. book.Cases.Where(c => Only.Count == 0 || Only.Contains(c.Name))];
    }
}

/// <summary>Options that hold.</summary>
internal sealed record Plan(
    IPEndPoint Address, Vocabulary Words, IReadOnlyList<Case> Cases, IReadOnlyDictionary<string, string> Set, IReadOnlyList<string> Driver, TimeSpan Patience);
