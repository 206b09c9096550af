namespace Venue.Host;

/// <summary>The file that says which sessions' messages are logged: one CompID a line, or * for all.</summary>
internal static class MessageLogSwitch
{
    private const string FileName = "on";

    /// <summary>Where it is in the log's folder.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>Who is named; nobody without the file.</summary>
    public static IReadOnlySet<string> Read(string folder) => File.Exists(PathIn(folder))
        ? File.ReadAllLines(PathIn(folder)).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').ToHashSet(StringComparer.Ordinal)
        : new HashSet<string>();

    /// <summary>Adds a name or takes it away. Off for * takes all away.</summary>
    public static void Set(string folder, string compID, bool on)
    {
        var names = new SortedSet<string>(Read(folder), StringComparer.Ordinal);
        if (on) names.Add(compID);
        else if (compID == "*") names.Clear();
        else names.Remove(compID);
        Directory.CreateDirectory(folder);
        // In one step: whoever looks sees the old names or the new ones.
        var next = PathIn(folder) + ".new";
        File.WriteAllLines(next, names);
        File.Move(next, PathIn(folder), overwrite: true);
    }
}
