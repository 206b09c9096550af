namespace Venue.Fix;

/// <summary>
/// A settings file in QuickFIX's form: '#' begins a comment line, [NAME] a section, Key=Value an entry. A [SESSION]
/// inherits the entries of [DEFAULT], wherever that stands.
/// </summary>
public sealed class SettingsFile
{
    private const string DefaultName = "DEFAULT", SessionName = "SESSION";

    private readonly List<SettingsSection> _sections = [];
    private readonly List<string> _faults = [];

    private SettingsFile()
    {
    }

    /// <summary>All sections in the order of the file, [DEFAULT] among them.</summary>
    public IReadOnlyList<SettingsSection> Sections => _sections;

    /// <summary>What is wrong with the text, each as "file:line: what". The rest is there all the same.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Reads all of <paramref name="text"/>; <paramref name="name"/> is what the faults call the file.</summary>
    public static SettingsFile Parse(string text, string name)
    {
        var file = new SettingsFile();
        var defaults = new SettingsSection(DefaultName, 0, null);
        SettingsSection? section = null;
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            if (line.IsEmpty || line[0] == '#') continue;
            if (line[0] == '[')
            {
                var title = line.Trim("[]").Trim().ToString();
                if (line[^1] != ']' || title.Length == 0) Fault("a section is [NAME]");
                var isDefault = title == DefaultName;
                if (isDefault && file._sections.Contains(defaults)) Fault("[DEFAULT] stands here twice");
                section = isDefault ? defaults : new SettingsSection(title, number, title == SessionName ? defaults : null);
                if (isDefault && defaults.Line == 0) defaults.Line = number;
                if (!file._sections.Contains(section)) file._sections.Add(section);
                continue;
            }
            var equals = line.IndexOf('=');
            if (equals < 0) Fault($"'{line}' is neither [NAME] nor Key=Value");
            else if (line[..equals].Trim().IsEmpty) Fault("no key before '='");
            else if (section is null) Fault("an entry before the first section");
            else if (!section.Add(line[..equals].Trim().ToString(), line[(equals + 1)..].Trim().ToString(), number))
                Fault($"{line[..equals].Trim()} stands in this section twice");
        }
        return file;

        void Fault(string what) => file._faults.Add($"{name}:{number}: {what}");
    }
}

/// <summary>One section of a settings file. Keys are case-sensitive, as in QuickFIX.</summary>
public sealed class SettingsSection
{
    private readonly SettingsSection? _inherited;
    private readonly List<(string Key, string Value, int Line)> _entries = [];

    internal SettingsSection(string name, int line, SettingsSection? inherited)
    {
        Name = name;
        Line = line;
        _inherited = inherited;
    }

    /// <summary>What stands between the brackets.</summary>
    public string Name { get; }

    /// <summary>Line of the brackets, from 1.</summary>
    public int Line { get; internal set; }

    /// <summary>Its own entries in order, then the inherited ones that it does not have itself.</summary>
    public IEnumerable<(string Key, string Value, int Line)> Entries =>
        _inherited is null ? _entries : _entries.Concat(_inherited._entries.Where(entry => !Has(entry.Key)));

    /// <summary>The value of <paramref name="key"/>, its own or inherited; empty when there is none.</summary>
    public bool TryGet(string key, out string value)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key != key) continue;
            value = entry.Value;
            return true;
        }
        value = "";
        return false;
    }

    /// <summary>False, and nothing is changed, when the section has the key already.</summary>
    internal bool Add(string key, string value, int line)
    {
        if (Has(key)) return false;
        _entries.Add((key, value, line));
        return true;
    }

    private bool Has(string key) => _entries.Exists(entry => entry.Key == key);
}
