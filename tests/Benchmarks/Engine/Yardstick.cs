using System.Diagnostics;
using System.Globalization;

namespace Venue.Benchmarks.Engine;

/// <summary>The bare ladder in C++ (yardstick/ladder.cpp), built with g++ where that is there, and run beside the engine.</summary>
internal sealed class Yardstick : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yardstick").FullName;

    private string Program => Path.Combine(_folder, "ladder");

    /// <summary>Null when there is no compiler.</summary>
    public static Yardstick? TryBuild()
    {
        var yardstick = new Yardstick();
        try
        {
            Start("g++", "-O3", "-march=native", "-std=c++20", "-o", yardstick.Program, Path.Combine(AppContext.BaseDirectory, "ladder.cpp"));
            return yardstick;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Not installed: the table says so.
            yardstick.Dispose();
            return null;
        }
    }

    /// <summary>What the ladder prints, by name, after a flow: thr (ns, median), lat (p50, p99.9, max) or mem (bytes).</summary>
    public IReadOnlyDictionary<string, double> Run(Flow flow, string mode, int repetitions)
    {
        var file = Path.Combine(_folder, "flow.bin");
        flow.Save(file);
        return Start(Program, file, mode, repetitions.ToString(CultureInfo.InvariantCulture))
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
