using System.Net.NetworkInformation;
using System.Text.RegularExpressions;

namespace EndToEnd.House;

/// <summary>The house as an operator starts it, with ports of its own and a data folder that goes away with it.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed partial class RunningHouse : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3), StopPatience = TimeSpan.FromMinutes(1);

    // The sample's ports lie in 9878 to 9899.
    private const int FirstPort = 9878, Ports = 22;

    private readonly string _folder = Places.NewFolder("house");
    private readonly int _base = FreeBase();
    private ChildProcess? _process;

    public RunningHouse()
    {
        Config = Path.Combine(_folder, "config");
        Directory.CreateDirectory(Config);
        // PostgreSQL does not run as root: its user has to reach the data.
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        foreach (var file in Directory.GetFiles(Places.Config))
        {
            var copy = Path.Combine(Config, Path.GetFileName(file));
            if (Path.GetExtension(file) != ".cfg") File.Copy(file, copy);
            else File.WriteAllText(copy, SamplePort().Replace(File.ReadAllText(file), m => (_base + int.Parse(m.Value) - FirstPort).ToString())
                .Replace("../liquidity-bridge", Path.Combine(Places.Root, "liquidity-bridge"), StringComparison.Ordinal));
        }
    }

    /// <summary>Folder of house.cfg.</summary>
    public string Config { get; }

    /// <summary>Everything that is kept.</summary>
    public string Data => Path.Combine(_folder, "data");

    /// <summary>What stands on the sample's port.</summary>
    public int Port(int sample) => _base + sample - FirstPort;

    /// <summary>./run with these words, until everything is up.</summary>
    public ChildProcess Start(params IEnumerable<string> words)
    {
        _process = Run(words);
        _process.WaitFor("READY", l => l.StartsWith("READY", StringComparison.Ordinal), 0, StartPatience);
        return _process;
    }

    /// <summary>./run with these words, this configuration and this data.</summary>
    public ChildProcess Run(params IEnumerable<string> words) => new("run " + string.Join(' ', words), [Path.Combine(Places.Root, "run"), .. words, "--config", Config, "--data", Data]);

    /// <summary>SIGTERM; the exit code.</summary>
    public int Stop() => _process!.Terminate(StopPatience);

    /// <summary>Command lines of processes that have to do with the data folder.</summary>
    public IReadOnlyList<string> Alive()
    {
        var alive = new List<string>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id) || id == Environment.ProcessId) continue;
            try
            {
                var command = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
                if (command.Contains(Data, StringComparison.Ordinal)) alive.Add(command);
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }
        return alive;
    }

    public void Dispose()
    {
        _process?.Dispose();
        // Children are told by the kernel when the house dies.
        for (var tries = 0; tries < 300 && Alive().Count > 0; tries++) Thread.Sleep(100);
        foreach (var left in Alive()) TestContext.Out.WriteLine("left behind: " + left);
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreeBase()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var first = Random.Shared.Next(20_000, 30_000);
            var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(e => e.Port).ToHashSet();
            if (Enumerable.Range(first, Ports).All(p => !taken.Contains(p))) return first;
        }
        throw new InvalidOperationException("no free ports in 20000 to 30000");
    }

    [GeneratedRegex(@"\b98(?:7[89]|[89]\d)\b")]
    private static partial Regex SamplePort();
}
