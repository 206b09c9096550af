using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Venue.Engine;
using Venue.Messages;
using Venue.Sequencer;
using Venue.Tests.Engine;

namespace Venue.Tests.Host;

/// <summary>One journal, the same bytes whatever the compiler makes of the program: each replay is a process of its own.</summary>
internal sealed class DigestTests
{
    private static readonly EngineCapacity Capacity = new() { Orders = 1 << 10, ClOrdIDs = 1 << 11, LevelPages = 1 << 9, HashKey = 0x1234_5678_9ABC_DEF0 };

    /// <summary>Compiled once without the profile that a run gathers; without the fast instructions; without code that was compiled before.</summary>
    private static readonly (string Name, string Value)[][] Compilers =
    [
        [("DOTNET_TieredCompilation", "0")],
        [("DOTNET_TieredPGO", "0")],
        [("DOTNET_ReadyToRun", "0"), ("DOTNET_TC_QuickJitForLoops", "0")],
        [("DOTNET_EnableAVX2", "0")],
        [("DOTNET_EnableHWIntrinsic", "0")],
    ];

    private string _folder = "";

    [SetUp]
    public void Journal_of_everything_that_commands_can_be()
    {
        _folder = Directory.CreateTempSubdirectory("venue-digest-").FullName;
        var options = new JournalOptions { Directory = _folder, SegmentBytes = 4 << 20 };
        using var journal = Journal.Open(options, new MappedSegmentStore(options));
        journal.Recover(new Nobody(), null);
        var (log, random) = (new Engine.EventLog(), new RandomCommands(5, isRich: false, isSpecial: true, isMargin: true, venue: Capacity));
        var engine = new VenueEngine<Recorder>(Capacity, log.Recorder);
        for (var i = 0; i < 20_000; i++)
        {
            var command = random.Next();
            journal.Append(RecordKind.Command, command);
            log.Clear();
            engine.Apply(command);
            // The commands name orders that the engine has told of.
            for (var events = log.Bytes; events.Length > 0; events = events[MemoryMarshal.Read<EventHeader>(events).Length..])
                if (MemoryMarshal.Read<EventHeader>(events).Type == EventType.ExecReport && MemoryMarshal.Read<ExecReport>(events) is { OrderID: not 0, ExecType: not ExecType.OrderStatus } e) random.Note(in e);
        }
        journal.Sync();
    }

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_same_journal_gives_the_same_bytes_whatever_the_compiler_does()
    {
        var plain = Run([]);
        TestContext.Out.WriteLine(plain);
        Assert.That(plain, Does.StartWith("commands 20000, events ").And.Contain("\nstate "));
        foreach (var compiler in Compilers) Assert.That(Run(compiler), Is.EqualTo(plain), string.Join(' ', compiler.Select(c => $"{c.Name}={c.Value}")));
    }

    /// <summary>The same assemblies in the runtime for arm64 (tests/arm64/install), emulated.</summary>
    [Test]
    public void The_same_journal_gives_the_same_bytes_on_another_processor()
    {
        var runtime = Repository.Path(".tools/arm64");
        Assert.That(Directory.Exists(runtime), $"{runtime} is not there: run tests/arm64/install");
        var folder = Path.Combine(_folder, "arm64");
        Directory.CreateDirectory(folder);
        // The venue's in the place of the empty program's, and what it needs beside it. Only the runtime's own assemblies may be links: the rest looks about itself where it really is.
        var own = Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Where(file => Path.GetFileName(file) == "venue.dll" || !File.Exists(Path.Combine(runtime, Path.GetFileName(file)))).ToList();
        foreach (var file in own) File.Copy(file, In(file));
        foreach (var file in Directory.GetFiles(runtime).Where(file => !File.Exists(In(file))))
        {
            if (file.EndsWith(".dll", StringComparison.Ordinal)) File.CreateSymbolicLink(In(file), file);
            else File.Copy(file, In(file));
        }
        var known = JsonNode.Parse(File.ReadAllText(Path.Combine(runtime, "venue.deps.json")))!;
        var assets = known["targets"]![".NETCoreApp,Version=v10.0/linux-arm64"]!["venue/1.0.0"]!["runtime"]!;
        foreach (var file in own) assets[Path.GetFileName(file)] = new JsonObject();
        File.WriteAllText(In("venue.deps.json"), known.ToJsonString());
        var there = Run("qemu-aarch64", ["-L", "/usr/aarch64-linux-gnu", In("venue"), "digest", _folder], []);
        Assert.That(there, Is.EqualTo(Run([])));

        string In(string file) => Path.Combine(folder, Path.GetFileName(file));
    }

    private string Run((string Name, string Value)[] environment) =>
        Run(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", [Path.Combine(AppContext.BaseDirectory, "venue.dll"), "digest", _folder], environment);

    private static string Run(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return said;
    }

    private sealed class Nobody : IJournalReader
    {
        public void OnRecord(RecordKind kind, long position, ReadOnlySpan<byte> payload)
        {
        }
    }
}
