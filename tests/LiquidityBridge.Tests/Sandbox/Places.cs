using System.Diagnostics;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>Where the repository keeps what these tests start.</summary>
internal static class Places
{
    public static readonly string Root = FindRoot();

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>Runs an install script, which does only what is missing; one at a time, since fixtures run side by side.</summary>
    public static void Install(string script)
    {
        lock (_install) Run(script);
    }

    private static readonly Lock _install = new();

    private static void Run(string script)
    {
        using var process = Process.Start(new ProcessStartInfo(Path(script)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{script} failed\n{output}{error.Result}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Venue.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No Venue.sln above {AppContext.BaseDirectory}");
    }
}
