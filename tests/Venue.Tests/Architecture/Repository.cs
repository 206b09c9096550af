using System.Xml.Linq;

namespace Venue.Tests.Architecture;

/// <summary>A project file of the repository.</summary>
/// <param name="Name">Its file name without the extension.</param>
/// <param name="Folder">Its folder, from the repository's root, with forward slashes.</param>
/// <param name="Xml">What it says.</param>
internal sealed record ProjectFile(string Name, string Folder, XDocument Xml)
{
    /// <summary>Names of the projects that it refers to.</summary>
    public IEnumerable<string> References => Xml.Descendants("ProjectReference")
        .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));
}

/// <summary>The repository's files, found from the place of the test assembly upwards.</summary>
internal static class Repository
{
    private static readonly string[] NotSource =
        ["bin", "obj", ".git", "node_modules", "data", ".tools", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file that is written by hand, as a path from the root with forward slashes.</summary>
    public static IEnumerable<string> Files() => Files(Root).Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'));

    /// <summary>Every project, at whatever depth.</summary>
    public static IReadOnlyList<ProjectFile> Projects() =>
    [
        .. Files().Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).Select(f => new ProjectFile(
            Path.GetFileNameWithoutExtension(f), Path.GetDirectoryName(f)!.Replace('\\', '/'), XDocument.Load(Path.Combine(Root, f))))
    ];

    private static IEnumerable<string> Files(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            if (Path.GetFileName(file) != ".git") yield return file;   // in a linked worktree that is a file
        foreach (var below in Directory.EnumerateDirectories(folder))
        {
            if (NotSource.Contains(Path.GetFileName(below))) continue;
            foreach (var file in Files(below)) yield return file;
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Venue.sln"))) return folder.FullName;
        throw new InvalidOperationException($"There is no Venue.sln above {AppContext.BaseDirectory}");
    }
}
