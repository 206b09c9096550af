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

    [TestCase("SendBufferMiB", "send-buffer-mib", "VENUE_SEND_BUFFER_MIB")]
    [TestCase("AsyncSyncMs", "async-sync-ms", "VENUE_ASYNC_SYNC_MS")]
    [TestCase("Port", "port", "VENUE_PORT")]
    public void One_name_in_three_places(string name, string flag, string variable) =>
        Assert.That((OptionNames.Flag(name), OptionNames.Variable(name)), Is.EqualTo((flag, variable)));
}
