using System.Text;
using Venue.Host;

namespace Venue.Tests.Host;

/// <summary>The feed's files: each consumer gets every record behind its command once, or is told that it cannot.</summary>
internal sealed class FeedLogTests
{
    private string _folder = "";

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("venue-feed-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    private FeedLog Open() => new(_folder, fileBytes: 1000);

    /// <summary>Commands from..to, of which every third has no events.</summary>
    private static void Append(FeedLog log, int from, int to)
    {
        for (var seq = from; seq <= to; seq++)
        {
            if (seq % 3 == 0) continue;
            var known = seq;
            log.Append(seq, Payload(seq), () => Encoding.ASCII.GetBytes($"known at {known}"));
        }
        log.Publish(to);
    }

    private static byte[] Payload(int seq) => Encoding.ASCII.GetBytes($"events of {seq}".PadRight(50));

    private static string[] Read(FeedReader reader)
    {
        var all = new List<string>();
        Task more;
        do
        {
            all.AddRange(reader.Read(7, out _, out more).Select(bytes => Encoding.ASCII.GetString(bytes).Trim()));
        }
        while (more.IsCompleted);
        return [.. all];
    }

    private static string[] Expected(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Where(seq => seq % 3 != 0).Select(seq => $"events of {seq}")];

    private string[] Files => [.. Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)).Order()];

    private void Age(params string[] files)
    {
        foreach (var file in files) File.SetLastWriteTimeUtc(Path.Combine(_folder, file), DateTime.UnixEpoch);
    }

    [Test]
    public void A_reader_resumes_behind_any_command_over_many_files_and_starts()
    {
        using (var log = Open()) Append(log, 1, 100);
        Assert.That(Files, Has.Length.GreaterThan(4));
        using var again = Open();
        Assert.That(again.LastSeq, Is.EqualTo(100));
        again.Publish(100);
        Append(again, 101, 200);
        for (var after = 0; after <= 200; after++)
        {
            using var reader = again.After(after)!;
            Assert.That(Read(reader), Is.EqualTo(Expected(after + 1, 200)), $"after {after}");
        }
    }

    [Test]
    public void A_reader_that_waits_goes_on_into_the_next_files()
    {
        using var log = Open();
        Append(log, 1, 10);
        using var reader = log.After(0)!;
        Assert.That(Read(reader), Is.EqualTo(Expected(1, 10)));
        reader.Read(10, out var through, out var more);
        Assert.That((through, more.IsCompleted), Is.EqualTo((10L, false)));
        Append(log, 11, 100);
        Assert.That(more.IsCompleted, Is.True);
        Assert.That(Read(reader), Is.EqualTo(Expected(11, 100)));
    }

    [Test]
    public void Old_files_go_and_who_would_begin_before_is_told_where_he_can()
    {
        using var log = Open();
        Append(log, 1, 100);
        var files = Files;
        Age(files[..3]);
        Assert.That(log.Prune(throughSeq: 100, writtenBeforeNs: 1), Is.EqualTo(3));
        Assert.That(Files, Is.EqualTo(files[3..]));
        var oldest = long.Parse(Path.GetFileNameWithoutExtension(files[3]));
        Assert.That(log.OldestSeq, Is.EqualTo(oldest));
        Assert.That(log.After(oldest - 1), Is.Null);
        using var reader = log.After(oldest)!;
        var (definitions, seq) = reader.Definitions!.Value;
        Assert.That((Encoding.ASCII.GetString(definitions), seq), Is.EqualTo(($"known at {oldest}", oldest)));
        Assert.That(Read(reader), Is.EqualTo(Expected((int)oldest + 1, 100)));
    }

    [Test]
    public void Files_that_are_young_or_not_in_a_snapshot_or_the_last_stay()
    {
        using var log = Open();
        Append(log, 1, 100);
        var files = Files;
        Assert.That(log.Prune(throughSeq: 100, writtenBeforeNs: 1), Is.Zero, "young");
        Age(files);
        Assert.That(log.Prune(throughSeq: long.Parse(Path.GetFileNameWithoutExtension(files[1])) - 1, writtenBeforeNs: 1), Is.Zero, "not in a snapshot");
        Assert.That(log.Prune(throughSeq: long.MaxValue, writtenBeforeNs: 1), Is.EqualTo(files.Length - 1));
        Assert.That(Files, Is.EqualTo(files[^1..]));
    }

    [Test]
    public void A_reader_keeps_the_file_that_it_reads_and_is_told_when_the_next_is_gone()
    {
        using var log = Open();
        Append(log, 1, 100);
        using var slow = log.After(0)!;
        Assert.That(slow.Read(1, out _, out _), Has.Count.EqualTo(1));
        Age(Files[..2]);
        Assert.That(log.Prune(100, writtenBeforeNs: 1), Is.EqualTo(2));
        var second = long.Parse(Path.GetFileNameWithoutExtension(Files[0]));
        Assert.That(() => Read(slow), Throws.TypeOf<FileNotFoundException>());
        Assert.That(second, Is.GreaterThan(2));
    }

    [Test]
    public void An_unfinished_record_and_an_unfinished_file_are_dropped_at_the_start()
    {
        using (var log = Open()) Append(log, 1, 20);
        var last = Path.Combine(_folder, Files[^1]);
        File.WriteAllBytes(last, File.ReadAllBytes(last)[..^3]);
        File.WriteAllText(Path.Combine(_folder, "0000000000000000099.feed.new"), "half");
        using var again = Open();
        Assert.That(again.LastSeq, Is.EqualTo(19));
        Append(again, 20, 40);
        using var reader = again.After(0)!;
        Assert.That(Read(reader), Is.EqualTo(Expected(1, 40)));
        Assert.That(Files, Has.None.EndsWith(".new"));
    }

    [Test]
    public void The_single_file_of_a_version_before_is_taken_over()
    {
        using (var log = new FeedLog(_folder, fileBytes: 1 << 20)) Append(log, 1, 50);
        File.Move(Path.Combine(_folder, Files.Single()), Path.Combine(_folder, "feed.log"));
        using var again = Open();
        Append(again, 51, 60);
        using var reader = again.After(0)!;
        Assert.That(reader.Definitions, Is.Null);
        Assert.That(Read(reader), Is.EqualTo(Expected(1, 60)));
    }

    [Test]
    public void A_log_that_lost_its_beginning_begins_again_behind_a_command()
    {
        using (var log = Open()) Append(log, 1, 50);
        using (var log = Open()) log.BeginAgain(70, "known at 70"u8.ToArray());
        using var again = Open();
        Assert.That((again.OldestSeq, again.LastSeq), Is.EqualTo((70L, 70L)));
        Assert.That(again.After(50), Is.Null);
        Append(again, 71, 80);
        using var reader = again.After(70)!;
        Assert.That(Read(reader), Is.EqualTo(Expected(71, 80)));
    }
}
