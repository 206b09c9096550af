namespace Venue.Tests;

/// <summary>Finds the project's own files from wherever the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "Venue.sln"))) return directory.FullName;
        throw new InvalidOperationException("Venue.sln is in no folder above the tests.");
    }
}
