using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>How long a client waits to be told; see the venue's --durability.</summary>
public enum Durability
{
    /// <summary>Until the order is on the disk.</summary>
    Fsync,
    /// <summary>Until the kernel has it: survives a killed process, not a power cut.</summary>
    Async,
}

/// <summary>A venue on a data folder and a port that stay the same from one life of the process to the next.</summary>
/// <param name="config">Its configuration folder; null for the sample one.</param>
/// <param name="options">Further options on its command line.</param>
internal sealed partial class VenueProcess(string? config = null, params string[] options) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _data = Places.NewFolder("data");
    private readonly List<ChildProcess> _lives = [];

    /// <summary>Set for each life.</summary>
    public (string Name, string Value)[] Environment { get; init; } = [];

    /// <summary>Its data folder.</summary>
    public string Data => _data;

    /// <summary>Port of the running venue, from its first READY line on.</summary>
    public int Port { get; private set; }

    /// <summary>Port of the gRPC API; another one in each life.</summary>
    public int ApiPort { get; private set; }

    /// <summary>The bearer token of a role: feed, custody, bridge or operator.</summary>
    public string Token(string role) =>
        File.ReadLines(Path.Combine(_data, "api-tokens")).Single(line => line.StartsWith(role + " ", StringComparison.Ordinal))[(role.Length + 1)..];

    /// <summary>Port of the WebSocket market data; 0 when it has none.</summary>
    public int ScreenPort { get; private set; }

    /// <summary>TLS port of the running venue; 0 when it has none.</summary>
    public int TlsPort { get; private set; }

    /// <summary>Starts the venue, and waits until its port is open. The first time it chooses a port, which is then kept.</summary>
    public void Start(Durability durability = Durability.Fsync)
    {
        var life = new ChildProcess($"venue, life {_lives.Count + 1}",
        [
            "dotnet", Places.Venue, "--data", _data, "--port", $"{Port}",
            "--api-port", "0", "--durability", durability == Durability.Fsync ? "fsync" : "async", "--config", config ?? Places.Config,
            // More often than any venue would, so that later lives begin with one.
            .. options.Contains("--snapshot-every") ? (string[])[] : ["--snapshot-every", "500"], .. options,
        ], Environment);
        _lives.Add(life);
        var ready = life.WaitFor("READY", line => line.StartsWith("READY", StringComparison.Ordinal), 0, Patience).Text;
        Port = int.Parse(ReadyPort().Match(ready).Groups[1].ValueSpan);
        ApiPort = int.Parse(ReadyApiPort().Match(ready).Groups[1].ValueSpan);
        if (ReadyScreenPort().Match(ready) is { Success: true } screens) ScreenPort = int.Parse(screens.Groups[1].ValueSpan);
        if (ReadyTlsPort().Match(ready) is { Success: true } tls) TlsPort = int.Parse(tls.Groups[1].ValueSpan);
    }

    /// <summary>The state that the running venue made of its journal at its start.</summary>
    public VenueState Recovered => VenueState.In(_lives[^1]);

    /// <summary>Resident memory of the running venue that is no file, bytes.</summary>
    public long Anonymous => _lives[^1].Anonymous;

    /// <summary>SIGKILL.</summary>
    public void Kill() => _lives[^1].Kill();

    /// <summary>SIGTERM. Returns the state that the venue printed as its last, after it has ended with code 0.</summary>
    public VenueState Stop()
    {
        var life = _lives[^1];
        Assert.That(life.Terminate(Patience), Is.Zero, () => $"exit code after SIGTERM\n{life.Transcript()}");
        return VenueState.In(life);
    }

    /// <summary>The state that `venue replay` makes of the journal; it ends with code 0 only when the invariants hold.</summary>
    public VenueState Replay() => Replay([], out _);

    /// <summary>The same, and the shown books of these instruments: "number:lots@ticks", bids best first, a slash, asks.</summary>
    public VenueState Replay(IReadOnlyList<string> symbols, out IReadOnlyDictionary<string, string> books)
    {
        using var replay = new ChildProcess("venue replay", ["dotnet", Places.Venue, "replay", _data, .. symbols.SelectMany(symbol => (string[])["--book", symbol])]);
        Assert.That(replay.WaitForExit(TimeSpan.FromMinutes(2)), Is.Zero, () => $"exit code of the replay\n{replay.Transcript()}");
        books = replay.Lines(0).Select(line => line.Split(' ', 3)).Where(words => words[0] == "book").ToDictionary(words => words[1], words => words[2]);
        return VenueState.In(replay);
    }

    /// <summary>Waits for a line of the running venue that contains all <paramref name="parts"/>.</summary>
    public string WaitForLine(params string[] parts) =>
        _lives[^1].WaitFor($"line with '{string.Join("' and '", parts)}'", line => parts.All(part => line.Contains(part, StringComparison.Ordinal)), 0, Patience).Text;

    /// <summary>All that every life of the process printed.</summary>
    public string Transcript() => string.Concat(_lives.Select(life => life.Transcript()));

    public void Dispose()
    {
        foreach (var life in _lives) life.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [GeneratedRegex(@"\bapi=127\.0\.0\.1:(\d+)")]
    private static partial Regex ReadyApiPort();

    [GeneratedRegex(@"\bscreens=127\.0\.0\.1:(\d+)")]
    private static partial Regex ReadyScreenPort();

    [GeneratedRegex(@"\bfix=127\.0\.0\.1:(\d+)")]
    private static partial Regex ReadyPort();

    [GeneratedRegex(@"\btls=127\.0\.0\.1:(\d+)")]
    private static partial Regex ReadyTlsPort();
}

/// <summary>Where a venue's journal leads: the same journal always to the same.</summary>
/// <param name="Hash">Of the whole engine state.</param>
/// <param name="Seq">Number of the last command in it.</param>
internal sealed partial record VenueState(string Hash, long Seq)
{
    /// <summary>The last state that this process printed.</summary>
    public static VenueState In(ChildProcess process)
    {
        var match = process.Lines(0).Select(line => HashAndSeq().Match(line)).LastOrDefault(m => m.Success)
            ?? throw new AssertionException($"no hash=HEX seq=N\n{process.Transcript()}");
        return new VenueState(match.Groups[1].Value, long.Parse(match.Groups[2].ValueSpan));
    }

    [GeneratedRegex(@"\bhash=([0-9A-Fa-f]+)\b.*\bseq=(\d+)")]
    private static partial Regex HashAndSeq();
}
