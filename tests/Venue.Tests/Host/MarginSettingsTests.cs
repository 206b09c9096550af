using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Host;
using Venue.Messages;
using Venue.Tests.Engine;

namespace Venue.Tests.Host;

/// <summary>margin.cfg as commands.</summary>
internal sealed class MarginSettingsTests
{
    private static readonly CommandType[] Kinds = [CommandType.DefineMarginAsset, CommandType.DefineLiquidation, CommandType.DefineInsurance, CommandType.SetCreditLine, CommandType.DefineMarginAccount];

    private string _config = "";

    /// <summary>The sample's settings, of which every line is a comment, and the firm that insures.</summary>
    [SetUp]
    public void Sample()
    {
        _config = Directory.CreateTempSubdirectory("venue-margin-").FullName;
        foreach (var file in Directory.GetFiles(Repository.Path("fix-config"))) File.Copy(file, Path.Combine(_config, Path.GetFileName(file)));
        File.AppendAllText(Path.Combine(_config, "firms.cfg"), "\n[FIRM]\nName=INSURANCE\nBalance.USD=1000000\n");
        var sample = File.ReadAllLines(Path.Combine(_config, "margin.cfg")).SkipWhile(line => line.Trim() != "# [ASSET]").Select(line => line.TrimStart('#', ' '));
        Write(string.Join('\n', sample));
    }

    [TearDown]
    public void Remove() => Directory.Delete(_config, recursive: true);

    [Test]
    public void The_sample_is_taken_by_the_engine_and_the_same_again_changes_nothing()
    {
        var known = new Known();
        var (commands, faults) = Read(known);
        Assert.That(faults, Is.Empty);
        Assert.That(Margin(commands), Is.EqualTo(new[]
        {
            CommandType.DefineMarginAsset, CommandType.DefineMarginAsset, CommandType.DefineLiquidation, CommandType.DefineInsurance,
            CommandType.SetCreditLine, CommandType.SetCreditLine, CommandType.DefineMarginAccount,
        }));
        var log = new Tests.Engine.EventLog();
        var engine = new VenueEngine<Recorder>(EngineCapacity.For(Command.As<DefineVenue>(commands[0])), log.Recorder);
        var seq = 0;
        foreach (var command in commands)
        {
            ref var header = ref Command.Header(command.AsSpan());
            (header.Seq, header.TimeNs) = (++seq, seq);
            engine.Apply(command);
            known.Margin.Note(command);
        }
        for (var events = log.Bytes; events.Length > 0; events = events[MemoryMarshal.Read<EventHeader>(events).Length..])
            Assert.That(MemoryMarshal.Read<EventHeader>(events).Type, Is.Not.EqualTo(EventType.Refused));
        Assert.That(Enumerable.Range(1, 11).Select(firm => engine.Margin(firm).State).Count(state => state == MarginState.Healthy), Is.EqualTo(1));
        Assert.That(Margin(Read(known).Commands), Is.Empty);
    }

    [TestCase("[ASSET]\nCode=XRP", "Code=XRP is not an [ASSET]")]
    [TestCase("[ASSET]\nCode=BTC\nInstrument=XRP-USD", "XRP-USD is not an [INSTRUMENT]")]
    [TestCase("[LIQUIDATION]\nSymbol=BTC-USD\nSlice=0.000001", "Slice is not a positive multiple of LotSize")]
    [TestCase("[INSURANCE]\nFirm=NOBODY", "Firm=NOBODY is not a [FIRM]")]
    [TestCase("[ACCOUNT]\nFirm=JULIET\nSession=NOBODY\nInitialPercent=20\nMaintenancePercent=10", "nobody would be told")]
    [TestCase("[ACCOUNT]\nFirm=JULIET\nSession=CLIENT10\nInitialPercent=20\nMaintenancePercent=21", "MaintenancePercent is not above 0 and at most InitialPercent")]
    [TestCase("[ACCOUNT]\nFirm=JULIET\nSession=CLIENT10\nInitialPercent=20\nMaintenancePercent=10\nCreditLine.XRP=1", "CreditLine.XRP: XRP is not an [ASSET]")]
    [TestCase("[SOMETHING]", "is none of")]
    public void What_is_wrong_is_a_fault(string text, string fault)
    {
        Write(text);
        Assert.That(Read(new Known()).Faults, Has.Some.Contains(fault));
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(_config, "margin.cfg"), text);

    private static IEnumerable<CommandType> Margin(IEnumerable<byte[]> commands) => commands.Select(command => Command.Header(command.AsSpan()).Type).Where(Kinds.Contains);

    private (IReadOnlyList<byte[]> Commands, List<string> Faults) Read(Known known)
    {
        var faults = new List<string>();
        var sessions = SessionsFile.Read(_config, faults);
        return (Reference.Read(_config, sessions.Sessions, 1024, null, known, faults).Commands, faults);
    }
}
