using System.Globalization;
using System.Text;

namespace LiquidityBridge.Host;

/// <summary>Options of the process that one machine may need different from another; everything else stands in the configuration file.</summary>
public sealed record HostOptions
{
    /// <summary>The configuration file.</summary>
    public string Config { get; init; } = "fix-config/bridge.cfg";

    /// <summary>Folder of the intents journal and the sessions' numbers.</summary>
    public string Data { get; init; } = "data/bridge";

    /// <summary>Host of the venue's FIX port; empty takes the configuration file's.</summary>
    public string VenueHost { get; init; } = "";

    /// <summary>The venue's FIX port; 0 takes the configuration file's.</summary>
    public int VenuePort { get; init; }

    /// <summary>Address of the venue's feed; empty takes the configuration file's.</summary>
    public string Feed { get; init; } = "";

    /// <summary>File with the bearer token for the feed; empty takes the configuration file's.</summary>
    public string FeedTokenFile { get; init; } = "";

    /// <summary>Port of the risk desk's page, on 127.0.0.1.</summary>
    public int DeskPort { get; init; } = 9890;

    /// <summary>Who may sign in at the desk; empty takes desk.users in the data folder.</summary>
    public string DeskUsers { get; init; } = "";

    /// <summary>Names, what their value is, and what each means.</summary>
    public static readonly IReadOnlyList<(string Name, string Value, string Help)> All =
    [
        (nameof(Config), "FILE", "instruments, exchanges, limits (default fix-config/bridge.cfg)"),
        (nameof(Data), "DIR", "folder of the intents journal and the sessions' numbers (default data/bridge)"),
        (nameof(VenueHost), "HOST", "the venue's FIX host (default: the configuration file's)"),
        (nameof(VenuePort), "PORT", "the venue's FIX port (default: the configuration file's)"),
        (nameof(Feed), "URL", "the venue's feed, http://host:port (default: the configuration file's)"),
        (nameof(FeedTokenFile), "FILE", "file with the feed's bearer token, as the venue makes it (default: the configuration file's)"),
        (nameof(DeskPort), "PORT", "the risk desk's page, on 127.0.0.1 (default 9890)"),
        (nameof(DeskUsers), "FILE", "who may sign in at the desk; made when it is missing (default desk.users in the data folder)"),
    ];

    /// <summary>VenueHost as venue-host.</summary>
    public static string Flag(string name) => Split(name, '-').ToLowerInvariant();

    /// <summary>VenueHost as BRIDGE_VENUE_HOST.</summary>
    public static string Variable(string name) => "BRIDGE_" + Split(name, '_').ToUpperInvariant();

    /// <summary>Reads the command line, then the environment; every fault is added to <paramref name="faults"/>.</summary>
    public static HostOptions Read(IReadOnlyDictionary<string, string> commandLine, IReadOnlyDictionary<string, string> environment, List<string> faults)
    {
        var options = new HostOptions();
        foreach (var (name, _, _) in All)
        {
            if (!commandLine.TryGetValue(name, out var value) && !environment.TryGetValue(Variable(name), out value)) continue;
            options = name switch
            {
                nameof(Config) => options with { Config = value },
                nameof(Data) => options with { Data = value },
                nameof(VenueHost) => options with { VenueHost = value },
                nameof(VenuePort) => options with { VenuePort = Port(name, value, faults) },
                nameof(Feed) => options with { Feed = value },
                nameof(FeedTokenFile) => options with { FeedTokenFile = value },
                nameof(DeskPort) => options with { DeskPort = Port(name, value, faults) },
                nameof(DeskUsers) => options with { DeskUsers = value },
                _ => throw new InvalidOperationException($"option {name} is listed but not read"),
            };
        }
        if (string.IsNullOrWhiteSpace(options.Data)) faults.Add("data: no folder given, the journal has no place");
        if (!File.Exists(options.Config)) faults.Add($"config: file '{options.Config}' does not exist, there is nothing to quote");
        return options;
    }

    private static int Port(string name, string value, List<string> faults)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536) return port;
        faults.Add($"{Flag(name)}: '{value}' is not a TCP port");
        return 0;
    }

    private static string Split(string name, char separator)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i])) text.Append(separator);
            text.Append(name[i]);
        }
        return text.ToString();
    }
}
