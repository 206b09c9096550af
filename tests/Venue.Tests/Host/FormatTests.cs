using System.IO.Compression;
using Venue.Gateway;
using Venue.Host;
using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Tests.Host;

/// <summary>What a program of an earlier version wrote, this one reads, or says which version it is.</summary>
/// <remarks>
/// Formats/2026-11-22.zip: a journal of 660 commands (sample configuration, 320 orders with 270 cancels, segments of 256 KiB) and a
/// snapshot of its command 620, made on the commit before margin accounts through <see cref="Gateway.CoreHarness"/> and
/// <see cref="ReplicaState"/>: snapshot format 1, journal format 1.
/// </remarks>
internal sealed class FormatTests
{
    private string _folder = "";

    [SetUp]
    public void Unpack()
    {
        _folder = Directory.CreateTempSubdirectory("venue-format-").FullName;
        ZipFile.ExtractToDirectory(Repository.Path("tests/Venue.Tests/Host/Formats/2026-11-22.zip"), _folder);
    }

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    /// <summary>The figures are those that the program had that wrote it.</summary>
    [Test]
    public void A_journal_of_the_version_before_is_read_and_its_snapshot_gives_way_to_it_by_name()
    {
        var options = new VenueOptions { Data = _folder };
        var journalOptions = new JournalOptions { Directory = _folder, SegmentBytes = 1 << 18 };
        using var journal = Journal.Open(journalOptions, new MappedSegmentStore(journalOptions));
        var core = new VenueCore(options, new GatewayOptions(), journal);
        core.Recover(null, options.Snapshots);
        Assert.That(core.SnapshotNotes, Has.Count.EqualTo(2));
        Assert.That(core.SnapshotNotes[0], Does.EndWith("its format version is 1, this program reads 2"));
        Assert.That(core.SnapshotNotes[1], Is.EqualTo("no snapshot could be used: the whole journal was replayed"));
        Assert.That((core.LastSeq, core.Engine.OpenOrders, core.Engine.Trades), Is.EqualTo((660, 48, 2)));
        Assert.That(core.Engine.Balance(0, 1).Available, Is.EqualTo(new Amount(300_000_240)));
        Assert.That(core.Engine.Balance(1, 1), Is.EqualTo((new Amount(Int128.Parse("99999991498243018420")), new Amount(8_001_506_781_360))));
        Assert.That(core.Engine.Balance(1, 2), Is.EqualTo((new Amount(999_999_930_000_000), new Amount(80_000_000))));
        core.Engine.CheckInvariants();
    }

    [TestCase(true), TestCase(false)]
    public void A_command_of_another_version_is_named(bool isNewer)
    {
        var folder = Path.Combine(_folder, "other");
        Directory.CreateDirectory(folder);
        var options = new JournalOptions { Directory = folder, SegmentBytes = 1 << 18 };
        using (var written = Journal.Open(options, new MappedSegmentStore(options)))
        {
            written.Recover(new VenueCore(new VenueOptions { Data = folder }, new GatewayOptions(), written), null);
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<DefineVenue>(slot, CommandType.DefineVenue);
            (c.Header.Seq, c.Header.TimeNs) = (1, 1);
            if (isNewer) c.Header.Version = 2;
            else c.Header.Type = (CommandType)255;
            written.Append(RecordKind.Command, slot[..c.Header.Length]);
            written.Sync();
        }
        using var journal = Journal.Open(options, new MappedSegmentStore(options));
        Assert.That(() => new VenueCore(new VenueOptions { Data = folder }, new GatewayOptions(), journal).Recover(null), Throws.InvalidOperationException
            .With.Message.Contains(isNewer ? "DefineVenue in layout version 2, and this program reads 1" : "of type 255, which this program does not know"));
    }
}
