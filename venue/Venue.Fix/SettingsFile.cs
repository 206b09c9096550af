namespace Venue.Fix;

/// <summary>
/// A settings file in QuickFIX's form: <c>[SECTION]</c> lines, <c>Key=Value</c> lines, comments after <c>#</c> at the
/// start of a line. What [DEFAULT] says holds for every [SESSION] that does not say otherwise.
/// </summary>
public sealed class SettingsFile
{
    private readonly List<SettingsSection> _sections = [];
    private readonly List<string> _faults = [];

    /// <summary>All sections in the order of the file, [DEFAULT] included.</summary>
    public IReadOnlyList<SettingsSection> Sections => _sections;

    /// <summary>What is wrong with the file's form, each with file and line; empty when it can be used.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Reads the text; <paramref name="name"/> is the file's name for the faults.</summary>
    public static SettingsFile Parse(string text, string name)
    {
        var file = new SettingsFile();
        SettingsSection? section = null, defaults = null;
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            if (line.IsEmpty || line[0] == '#') continue;
            if (line[0] == '[')
            {
                if (line.Length < 3 || line[^1] != ']')
                {
                    file._faults.Add($"{name}:{number}: '{line}' is not a section, [NAME] is");
                    continue;
                }
                var sectionName = line[1..^1].Trim().ToString();
                section = new SettingsSection(sectionName, number, sectionName == "SESSION" ? defaults : null);
                if (sectionName == "DEFAULT")
                {
                    if (defaults is not null) file._faults.Add($"{name}:{number}: [DEFAULT] is there twice; the first began at line {defaults.Line}");
                    defaults ??= section;
                }
                file._sections.Add(section);
                continue;
            }
            var equals = line.IndexOf('=');
            if (equals <= 0) file._faults.Add($"{name}:{number}: '{line}' is neither a comment, nor [SECTION], nor Key=Value");
            else if (section is null) file._faults.Add($"{name}:{number}: '{line}' stands before the first section");
            else if (!section.TryAdd(line[..equals].TrimEnd().ToString(), line[(equals + 1)..].TrimStart().ToString(), number))
                file._faults.Add($"{name}:{number}: '{line[..equals].TrimEnd()}' is given twice in the section that begins at line {section.Line}");
        }
        return file;
    }
}

/// <summary>One section of a settings file.</summary>
public sealed class SettingsSection
{
    private readonly SettingsSection? _defaults;
    private readonly List<(string Key, string Value, int Line)> _entries = [];
    private readonly Dictionary<string, string> _values = [];

    internal SettingsSection(string name, int line, SettingsSection? defaults)
    {
        Name = name;
        Line = line;
        _defaults = defaults;
    }

    /// <summary>The word in brackets.</summary>
    public string Name { get; }

    /// <summary>Line of the section's name, from 1.</summary>
    public int Line { get; }

    /// <summary>The section's own settings in the order of the file, without what it has from [DEFAULT].</summary>
    public IEnumerable<(string Key, string Value, int Line)> Entries => _entries;

    /// <summary>The value of a setting, the section's own or else [DEFAULT]'s. Keys are case-sensitive, as in QuickFIX.</summary>
    public bool TryGet(string key, out string value)
    {
        if (_values.TryGetValue(key, out var own))
        {
            value = own;
            return true;
        }
        if (_defaults is not null) return _defaults.TryGet(key, out value);
        value = "";
        return false;
    }

    internal bool TryAdd(string key, string value, int line)
    {
        if (!_values.TryAdd(key, value)) return false;
        _entries.Add((key, value, line));
        return true;
    }
}
