using System.Globalization;
using System.Text.RegularExpressions;
using Venue.Fix;

namespace House.Launch;

/// <summary>house.cfg: values of [HOUSE], and one [PROCESS] for each process in the order in which they start.</summary>
internal sealed partial class HouseFile
{
    private readonly Dictionary<string, string> _values;

    private HouseFile(Dictionary<string, string> values, IReadOnlyList<ProcessSpec> processes)
    {
        _values = values;
        Processes = processes;
    }

    /// <summary>In the order of starting.</summary>
    public IReadOnlyList<ProcessSpec> Processes { get; }

    /// <summary>The project's root: where commands run.</summary>
    public string Root => _values["Root"];

    /// <summary>The folder of the configuration.</summary>
    public string Config => _values["Config"];

    /// <summary>The folder of everything that is kept.</summary>
    public string Data => _values["Data"];

    /// <summary>A value of [HOUSE].</summary>
    /// <exception cref="InvalidDataException">It is not there.</exception>
    public string Value(string name) => _values.TryGetValue(name, out var value) ? value : throw new InvalidDataException($"house.cfg: [HOUSE] has no {name}");

    /// <summary>A TCP port of [HOUSE].</summary>
    /// <exception cref="InvalidDataException">It is not there, or not a port.</exception>
    public int Port(string name) => int.TryParse(Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
        ? port
        : throw new InvalidDataException($"house.cfg: {name}={Value(name)} is not a TCP port");

    /// <summary>A path in the data folder.</summary>
    public string InData(params ReadOnlySpan<string> parts) => Path.Combine([Data, .. parts]);

    /// <summary>Reads CONFIG/house.cfg.</summary>
    /// <param name="config">The configuration's folder.</param>
    /// <param name="data">The data folder, or null for the file's.</param>
    /// <param name="given">Values that stand in for the file's.</param>
    /// <exception cref="InvalidDataException">Every fault of the file, a line each.</exception>
    public static HouseFile Read(string config, string? data, IReadOnlyDictionary<string, string>? given = null)
    {
        config = Path.GetFullPath(config);
        var path = Path.Combine(config, "house.cfg");
        if (!File.Exists(path)) throw new InvalidDataException($"{path}: the file does not exist, there is nothing to start");
        var file = SettingsFile.Parse(File.ReadAllText(path), path);
        var faults = new List<string>(file.Faults);
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["Root"] = FindRoot(), ["Config"] = config };
        foreach (var entry in file.Sections.Where(s => s.Name == "HOUSE").SelectMany(s => s.Entries)) values[entry.Key] = entry.Value;
        foreach (var (key, value) in given ?? new Dictionary<string, string>()) values[key] = value;
        values["Data"] = Path.GetFullPath(data ?? Path.Combine(config, values.GetValueOrDefault("Data", "../data")));
        var processes = new List<ProcessSpec>();
        foreach (var section in file.Sections.Where(s => s.Name != "HOUSE"))
        {
            if (section.Name == "PROCESS") Add(section);
            else faults.Add($"{path}:{section.Line}: [{section.Name}] is neither [HOUSE] nor [PROCESS]");
        }
        foreach (var twice in processes.GroupBy(p => p.Name).Where(g => g.Count() > 1)) faults.Add($"{path}: the process {twice.Key} is there twice");
        if (processes.Count == 0) faults.Add($"{path}: no [PROCESS], there is nothing to start");
        if (faults.Count > 0) throw new InvalidDataException(string.Join('\n', faults));
        return new HouseFile(values, processes);

        void Add(SettingsSection section)
        {
            var spec = new ProcessSpec { Name = "", Command = [] };
            var before = new List<IReadOnlyList<string>>();
            var isWanted = true;
            foreach (var (key, raw, line) in section.Entries)
            {
                var value = Placeholder().Replace(raw, m =>
                {
                    if (values.TryGetValue(m.Groups[1].Value, out var known)) return known;
                    faults.Add($"{path}:{line}: {m.Value} stands for nothing: [HOUSE] has no {m.Groups[1].Value}");
                    return m.Value;
                });
                switch (key)
                {
                    case "Name": spec = spec with { Name = value }; break;
                    case "About": spec = spec with { About = value }; break;
                    case "Command": spec = spec with { Command = Words(value) }; break;
                    case "Before": before.Add(Words(value)); break;
                    case "Prepare": spec = spec with { Prepare = Words(value) }; break;
                    case "Exchanges": isWanted = value == values.GetValueOrDefault("Exchanges"); break;
                    case "ReadyLine": spec = spec with { ReadyLine = value }; break;
                    case "ReadyPort" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port): spec = spec with { ReadyPort = port }; break;
                    case "ReadyPort": faults.Add($"{path}:{line}: {value} is not a TCP port"); break;
                    default: faults.Add($"{path}:{line}: {key} is not known in [PROCESS]"); break;
                }
            }
            if (spec.Name.Length == 0 || spec.Command.Count == 0) faults.Add($"{path}:{section.Line}: a process needs a Name and a Command");
            else if (spec.ReadyLine.Length == 0 == (spec.ReadyPort == 0)) faults.Add($"{path}:{section.Line}: {spec.Name} needs either ReadyLine or ReadyPort, or nobody knows when it is up");
            else if (isWanted) processes.Add(spec with { Before = before });
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Venue.sln"))) return folder.FullName;
        throw new InvalidDataException($"no Venue.sln above {AppContext.BaseDirectory}: the house starts from its own project");
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
