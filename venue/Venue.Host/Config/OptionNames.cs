using System.Globalization;
using System.Text;
using Venue.Fix;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>
/// One name per option in three places: <c>--send-buffer-mib</c> on the command line, <c>VENUE_SEND_BUFFER_MIB</c> in the
/// environment, <c>SendBufferMiB</c> in the [VENUE] section of venue.cfg; the first that is there wins.
/// </summary>
public static class OptionNames
{
    /// <summary>Option names as in venue.cfg, with what each means.</summary>
    public static readonly IReadOnlyList<(string Name, string Value, string Help)> All =
    [
        (nameof(VenueOptions.Data), "DIR", "folder of the journal (default data/venue)"),
        (nameof(VenueOptions.Config), "DIR", "folder with sessions.cfg, instruments.cfg, firms.cfg (default fix-config)"),
        (nameof(VenueOptions.Durability), "fsync|async", "tell a client after its order is on the disk (fsync, default), or once the kernel has it (async: survives a killed process, not a power cut)"),
        (nameof(VenueOptions.AsyncSyncMs), "MS", "with async: milliseconds between background syncs (default 50)"),
        (nameof(VenueOptions.Host), "ADDRESS", "IP address to listen on (default: SocketAcceptHost of sessions.cfg)"),
        (nameof(VenueOptions.Port), "PORT", "TCP port to listen on, 0 for any free one (default: SocketAcceptPort of sessions.cfg)"),
        (nameof(VenueOptions.ApiPort), "PORT", "TCP port of the gRPC API for bridge and custody, on loopback; 0 for any free one, -1 for none (default 9879)"),
        (nameof(VenueOptions.ScreenPort), "PORT", "TCP port of the WebSocket market data for screens; 0 for any free one, -1 for none (default -1); needs the API"),
        (nameof(VenueOptions.Orders), "N", "orders held at once, open and recently closed (default 4194304)"),
        (nameof(VenueOptions.SnapshotEvery), "N", "write a snapshot after so many commands, so that a start replays only what follows; 0 for none (default 1000000)"),
        (nameof(VenueOptions.HugePages), "on|off", "back the engine's tables by huge pages, all of them at the start (default off)"),
        (nameof(VenueOptions.RingSlots), "N", "slots of the inbound ring, a power of two (default 8192)"),
        (nameof(VenueOptions.SegmentMiB), "MIB", "size of a journal segment (default 64)"),
        (nameof(VenueOptions.JournalKeep), "TIME", "keep what was written within this time, in the journal for resends and in the feed: 7d, 36h, 90m, 30s; 0 for all (default 7d)"),
        (nameof(VenueOptions.JournalArchive), "DIR|none", "move older segments of the journal to this folder (default: archive in the data folder), or delete them (none): then no version whose state is laid out otherwise can start from it"),
        (nameof(VenueOptions.BacklogMiB), "MIB", "refuse new orders while more journal than this waits for the disk (default 32)"),
        (nameof(VenueOptions.SendBufferMiB), "MIB", "cut a client off that leaves more than this unread (default 4)"),
    ];

    /// <summary>SendBufferMiB as send-buffer-mib.</summary>
    public static string Flag(string name) => Split(name, '-').ToLowerInvariant();

    /// <summary>SendBufferMiB as VENUE_SEND_BUFFER_MIB.</summary>
    public static string Variable(string name) => "VENUE_" + Split(name, '_').ToUpperInvariant();

    private static string Split(string name, char separator)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1])) text.Append(separator);
            text.Append(name[i]);
        }
        return text.ToString().Replace("Mi" + separator + "B", "MiB", StringComparison.Ordinal);
    }

    /// <summary>Reads the options; every fault of every place is in <paramref name="faults"/>.</summary>
    /// <param name="commandLine">By option name, those that were given.</param>
    /// <param name="environment">The process's environment variables.</param>
    /// <param name="faults">What is wrong; empty when the options can be used.</param>
    public static VenueOptions Read(IReadOnlyDictionary<string, string> commandLine, IReadOnlyDictionary<string, string> environment, out List<string> faults)
    {
        var found = new List<string>();
        var options = new VenueOptions();
        // The config folder says where the file is, so it is read from the other two places first.
        options = options with { Config = Given(nameof(VenueOptions.Config))?.Value ?? options.Config };
        var file = ReadFile(options.Config, found);
        foreach (var (name, _, _) in All)
        {
            if (Given(name) is var (value, place)) options = Set(options, name, value, place, found);
            else if (file.TryGetValue(name, out var entry)) options = Set(options, name, entry.Value, entry.Place, found);
        }
        found.AddRange(options.Validate());
        faults = found;
        return options;

        (string Value, string Place)? Given(string name) =>
            commandLine.TryGetValue(name, out var value) ? (value, "--" + Flag(name))
            : environment.TryGetValue(Variable(name), out value) ? (value, Variable(name))
            : null;
    }

    private static Dictionary<string, (string Value, string Place)> ReadFile(string config, List<string> faults)
    {
        var values = new Dictionary<string, (string, string)>();
        var path = Path.Combine(config, "venue.cfg");
        if (!File.Exists(path)) return values;
        var file = SettingsFile.Parse(File.ReadAllText(path), path);
        faults.AddRange(file.Faults);
        foreach (var section in file.Sections)
        {
            if (section.Name != "VENUE")
            {
                faults.Add($"{path}:{section.Line}: section [{section.Name}] is not known here, only [VENUE]");
                continue;
            }
            foreach (var (key, value, line) in section.Entries)
            {
                var place = $"{path}:{line}: {key}";
                if (!All.Any(o => o.Name == key) || key == nameof(VenueOptions.Config)) faults.Add($"{path}:{line}: '{key}' is not an option of this file");
                else if (!values.TryAdd(key, (value, place))) faults.Add($"{path}:{line}: '{key}' is given twice");
            }
        }
        return values;
    }

    /// <summary>A whole number of days, hours, minutes or seconds, or 0.</summary>
    private static bool TryTime(string text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        if (text == "0") return true;
        var unit = text.Length == 0 ? 0 : text[^1] switch { 'd' => TimeSpan.TicksPerDay, 'h' => TimeSpan.TicksPerHour, 'm' => TimeSpan.TicksPerMinute, 's' => TimeSpan.TicksPerSecond, _ => 0 };
        if (unit == 0 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > TimeSpan.MaxValue.Ticks / unit) return false;
        time = new TimeSpan(count * unit);
        return true;
    }

    private static VenueOptions Set(VenueOptions o, string name, string value, string place, List<string> faults)
    {
        switch (name)
        {
            case nameof(VenueOptions.Data): return o with { Data = value };
            case nameof(VenueOptions.Config): return o with { Config = value };
            case nameof(VenueOptions.Host): return o with { Host = value };
            case nameof(VenueOptions.Durability):
                if (Enum.TryParse<Durability>(value, ignoreCase: true, out var durability) && Enum.IsDefined(durability)) return o with { Durability = durability };
                faults.Add($"{place}: '{value}' is neither fsync nor async");
                return o;
            case nameof(VenueOptions.JournalArchive): return o with { JournalArchive = value };
            case nameof(VenueOptions.JournalKeep):
                if (TryTime(value, out var keep)) return o with { JournalKeep = keep };
                faults.Add($"{place}: '{value}' is not a time: a whole number with d, h, m or s, or 0");
                return o;
            case nameof(VenueOptions.HugePages):
                if (value is "on" or "off") return o with { HugePages = value == "on" };
                faults.Add($"{place}: '{value}' is neither on nor off");
                return o;
        }
        if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            faults.Add($"{place}: '{value}' is not a whole number");
            return o;
        }
        return name switch
        {
            nameof(VenueOptions.AsyncSyncMs) => o with { AsyncSyncMs = number },
            nameof(VenueOptions.Port) => o with { Port = number },
            nameof(VenueOptions.ApiPort) => o with { ApiPort = number },
            nameof(VenueOptions.ScreenPort) => o with { ScreenPort = number },
            nameof(VenueOptions.Orders) => o with { Orders = number },
            nameof(VenueOptions.SnapshotEvery) => o with { SnapshotEvery = number },
            nameof(VenueOptions.RingSlots) => o with { RingSlots = number },
            nameof(VenueOptions.SegmentMiB) => o with { SegmentMiB = number },
            nameof(VenueOptions.BacklogMiB) => o with { BacklogMiB = number },
            nameof(VenueOptions.SendBufferMiB) => o with { SendBufferMiB = number },
            _ => throw new InvalidOperationException($"option {name} is listed but not read"),
        };
    }
}
