using System.Diagnostics;
using System.Runtime.InteropServices;
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

    private string Run((string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", [Path.Combine(AppContext.BaseDirectory, "venue.dll"), "digest", _folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
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
