namespace EndToEnd;

/// <summary>Where the repository keeps what these tests start.</summary>
internal static class Places
{
    /// <summary>The repository's root folder.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>The venue's program, built beside the tests in the same configuration.</summary>
    public static string Venue => Existing(
        Path.Combine(Root, "venue", "Venue.Host", "bin", Configuration, "net10.0", "venue.dll"), "dotnet build Venue.sln");

    /// <summary>The sample configuration: instruments, firms, sessions, dictionary.</summary>
    public static readonly string Config = Path.Combine(Root, "fix-config");

    /// <summary>The venue's dictionary in QuickFIX's XML form.</summary>
    public static readonly string Dictionary = Path.Combine(Config, "VENUE44.xml");

    private const string Install = "run tests/EndToEnd/install";

    /// <summary>The command line that starts a client of this kind, without the session's arguments.</summary>
    /// <exception cref="AssertionException">The client is not installed.</exception>
    public static IReadOnlyList<string> ClientCommand(ClientKind kind)
    {
        if (kind == ClientKind.QuickFix) return [Existing(Path.Combine(Root, ".tools", "quickfix-client"), Install)];
        var folder = Path.Combine(Root, "tests", "EndToEnd", "jspurefix-client");
        Existing(Path.Combine(folder, "node_modules", ".installed-lock.json"), Install);
        return ["node", Path.Combine(folder, "client.js")];
    }

    /// <summary>The program that keeps books from market data on QuickFIX.</summary>
    public static string MarketReader => Existing(Path.Combine(Root, ".tools", "quickfix-market"), Install);

    /// <summary>The screen on the ws library, for node.</summary>
    public static string ScreenReader
    {
        get
        {
            var folder = Path.Combine(Root, "tests", "EndToEnd", "ws-client");
            Existing(Path.Combine(folder, "node_modules", ".installed-lock.json"), Install);
            return Path.Combine(folder, "client.js");
        }
    }

    /// <summary>A new empty folder; whoever asked for it deletes it.</summary>
    public static string NewFolder(string name) => Directory.CreateTempSubdirectory($"venue-{name}-").FullName;

    /// <summary>Debug or Release: the folder above net10.0 in which this assembly lies.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Venue.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException($"No Venue.sln above {AppContext.BaseDirectory}");
    }

    private static string Existing(string path, string remedy) =>
        File.Exists(path) ? path : throw new AssertionException($"{Path.GetRelativePath(Root, path)} does not exist: {remedy}");
}
