using Venue.Host;
using Venue.Sequencer;

namespace Venue.Tests.Host;

public class OptionsTests
{
    private string _config = "";

    [SetUp]
    public void Make() => _config = Directory.CreateTempSubdirectory("venue-options-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_config, recursive: true);

    private VenueOptions Read(string file, Dictionary<string, string> line, Dictionary<string, string> environment, out List<string> faults)
    {
        File.WriteAllText(Path.Combine(_config, "venue.cfg"), file);
        return OptionNames.Read(new Dictionary<string, string>(line) { ["Config"] = _config }, environment, out faults);
    }

    [Test]
    public void The_command_line_wins_over_the_environment_which_wins_over_the_file()
    {
        var options = Read("[VENUE]\nPort=1001\nSegmentMiB=11\nDurability=async\n", new() { ["Port"] = "1003" }, new() { ["VENUE_PORT"] = "1002", ["VENUE_SEGMENT_MIB"] = "12" }, out var faults);
        Assert.That(faults, Is.Empty);
        Assert.That((options.Port, options.SegmentMiB, options.Durability), Is.EqualTo((1003, 12, Durability.Async)));
    }

    [Test]
    public void Every_fault_of_every_place_is_reported_at_once()
    {
        Read("[VENUE]\nPort=many\nColour=red\nRingSlots=100\n[OTHER]\nX=1\n", new() { ["Durability"] = "maybe" }, new() { ["VENUE_BACKLOG_MIB"] = "0" }, out var faults);
        Assert.That(faults, Has.Count.EqualTo(7));
        Assert.That(string.Join('\n', faults), Does.Contain("venue.cfg:2: Port: 'many' is not a whole number")
            .And.Contain("venue.cfg:3: 'Colour' is not an option")
            .And.Contain("ring-slots: 100 is not a power of two")
            .And.Contain("section [OTHER] is not known")
            .And.Contain("--durability: 'maybe' is neither fsync nor async")
            .And.Contain("backlog-mib: 0 is not between"));
    }

    [TestCase("7d", 7 * 86_400), TestCase("36h", 36 * 3600), TestCase("90m", 5400), TestCase("30s", 30), TestCase("0", 0)]
    public void How_long_the_journal_is_kept_has_a_unit(string text, int seconds)
    {
        var options = Read($"[VENUE]\nJournalKeep={text}\n", [], [], out var faults);
        Assert.That(faults, Is.Empty);
        Assert.That(options.JournalKeep, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        if (seconds > 0) Assert.That(Pruner.Text(options.JournalKeep), Is.EqualTo(text));
    }

    [TestCase("7"), TestCase("d"), TestCase("-1d"), TestCase("1.5d"), TestCase("1w"), TestCase("99999999999d"), TestCase("2000000000d"), TestCase("40000d")]
    public void A_time_that_is_none_is_a_fault(string text)
    {
        Read("[VENUE]\n", new() { ["JournalKeep"] = text }, [], out var faults);
        Assert.That(faults, Has.Count.EqualTo(1).And.All.Contains("ournal-keep"));
    }

    [TestCase("x", "JournalKeep=0", "nothing would ever be moved there")]
    [TestCase("data/venue/", "JournalKeep=1d", "the journal's own folder")]
    [TestCase(" ", "JournalKeep=1d", "no folder given")]
    public void An_archive_that_cannot_be_one_is_a_fault(string archive, string more, string why)
    {
        Read($"[VENUE]\n{more}\n", new() { ["JournalArchive"] = archive }, [], out var faults);
        Assert.That(faults, Has.Count.EqualTo(1).And.All.Contains(why));
    }

    [TestCase(null, "d/archive"), TestCase("none", null), TestCase("elsewhere", "elsewhere")]
    public void Old_segments_are_moved_unless_they_are_to_be_deleted(string? archive, string? folder) =>
        Assert.That(new VenueOptions { Data = "d", JournalArchive = archive }.ArchiveFolder, Is.EqualTo(folder));

    [TestCase("SendBufferMiB", "send-buffer-mib", "VENUE_SEND_BUFFER_MIB")]
    [TestCase("AsyncSyncMs", "async-sync-ms", "VENUE_ASYNC_SYNC_MS")]
    [TestCase("Port", "port", "VENUE_PORT")]
    public void One_name_in_three_places(string name, string flag, string variable) =>
        Assert.That((OptionNames.Flag(name), OptionNames.Variable(name)), Is.EqualTo((flag, variable)));
}
