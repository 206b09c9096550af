using Venue.Fix;

namespace Venue.Host.Terminal;

/// <summary>Whom the terminal calls, and as whom: one [SESSION] of an initiator's settings file in QuickFIX's form.</summary>
public sealed record TradeSettings
{
    /// <summary>The session, an initiator.</summary>
    public required SessionSettings Session { get; init; }

    /// <summary>Name or IP address of the venue.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Its FIX port.</summary>
    public int Port { get; init; } = 9878;

    /// <summary>Path of the venue's dictionary.</summary>
    public required string Dictionary { get; init; }

    /// <summary>Settings that have no effect, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Reads the file's session of this SenderCompID, or its only one. Null when something is wrong: <paramref name="faults"/> says what.</summary>
    /// <param name="path">Where the file is.</param>
    /// <param name="senderCompID">Which session; null when the file has but one.</param>
    /// <param name="dictionary">The dictionary when the file names none.</param>
    /// <param name="faults">What is wrong, with file and line.</param>
    public static TradeSettings? Read(string path, string? senderCompID, string dictionary, List<string> faults)
    {
        if (!File.Exists(path))
        {
            faults.Add($"{path}: the file does not exist");
            return null;
        }
        var file = SettingsFile.Parse(File.ReadAllText(path), path);
        faults.AddRange(file.Faults);
        foreach (var other in file.Sections.Where(s => s.Name is not ("DEFAULT" or "SESSION"))) faults.Add($"{path}:{other.Line}: [{other.Name}] is neither [DEFAULT] nor [SESSION]");
        var sections = file.Sections.Where(s => s.Name == "SESSION").Where(s => senderCompID is null || s.TryGet("SenderCompID", out var name) && name == senderCompID).ToList();
        if (sections.Count != 1)
        {
            faults.Add(senderCompID is null
                ? $"{path}: {sections.Count} sessions; say which by --session"
                : $"{path}: {sections.Count} sessions with SenderCompID={senderCompID}, where one is needed");
            return null;
        }
        var config = SessionConfig.Read(sections[0], path, faults);
        if (!config.Settings.Initiator) faults.Add($"{path}:{sections[0].Line}: ConnectionType is not initiator: this program calls the venue");
        if (faults.Count > 0) return null;
        var read = new TradeSettings { Session = config.Settings, Dictionary = Beside(path, config.DataDictionary ?? dictionary), Notes = config.Notes };
        return read with { Host = config.ConnectHost ?? read.Host, Port = config.ConnectPort ?? read.Port };
    }

    // QuickFIX takes a path from where it was started; beside the file is where people look next.
    private static string Beside(string settings, string path) =>
        File.Exists(path) ? path : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(settings))!, path);
}
