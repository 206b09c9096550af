using System.Diagnostics;
using System.Globalization;

namespace Venue.Benchmarks.Engine;

/// <summary>The yardsticks in C++, built with g++ where that is there, and run beside the engine: the bare ladder, and what the duties of a venue cost in C++.</summary>
internal sealed class Yardstick : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yardstick").FullName;

    public const string Ladder = "ladder", Duties = "duties";

    /// <summary>Null when there is no compiler.</summary>
    public static Yardstick? TryBuild()
    {
        var yardstick = new Yardstick();
        try
        {
            foreach (var name in (string[])[Ladder, Duties])
                Start("g++", "-O3", "-march=native", "-std=c++20", "-o", Path.Combine(yardstick._folder, name), Path.Combine(AppContext.BaseDirectory, "yardstick", name + ".cpp"));
            return yardstick;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Not installed: the table says so.
            yardstick.Dispose();
            return null;
        }
    }

    /// <summary>What a yardstick prints, by name, after a flow: thr (ns, median), lat (p50, p99.9, max) or, the ladder, mem (bytes).</summary>
    public IReadOnlyDictionary<string, double> Run(string name, Flow flow, string mode, int repetitions)
    {
        var file = Path.Combine(_folder, "flow.bin");
        flow.Save(file);
        return Start(Path.Combine(_folder, name), file, mode, repetitions.ToString(CultureInfo.InvariantCulture))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Start(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }
}
