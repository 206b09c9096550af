using Venue.Sequencer;

namespace Venue.Tests.Sequencer;

/// <summary>The journal on the real disk.</summary>
[TestFixture]
public sealed class MappedJournalTests
{
    private string _folder = null!;

    [SetUp]
    public void Make_a_folder() => _folder = Directory.CreateTempSubdirectory("journal-").FullName;

    [TearDown]
    public void Remove_it() => Directory.Delete(_folder, recursive: true);

    private JournalOptions Options => new() { Directory = Path.Combine(_folder, "deep", "journal"), SegmentBytes = 64 << 10 };

    private Journal Open(out Recording found, out RecoveryReport report, JournalOptions? options = null)
    {
        var journal = Journal.Open(options ?? Options);
        found = new Recording();
        try
        {
            report = journal.Recover(found, progress: null);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
        return journal;
    }

    [Test]
    public void Hands_back_what_was_appended_over_many_segments_and_starts()
    {
        var written = new List<Written>();
        for (var start = 0; start < 4; start++)
        {
            using var journal = Open(out var found, out var report);
            Assert.That(found.Records, Is.EqualTo(written));
            Assert.That(report.DroppedBytes, Is.Zero);
            for (var i = 0; i < 2000; i++)
            {
                written.Add(journal.AppendNumbered(i, i % 200));
                if (i % 100 == 0)
                {
                    journal.Sync();
                    journal.Prepare();
                }
            }
            foreach (var record in written)
                Assert.That(Convert.ToHexString(journal.Read(record.Position)), Is.EqualTo(record.Payload));
            if (start % 2 == 0) journal.Finish();
        }
        Assert.That(Directory.GetFiles(Options.Directory, "*.journal"), Has.Length.GreaterThan(10));
        Assert.That(Directory.GetFiles(Options.Directory, "*.new"), Is.Empty);
    }

    [Test]
    public void A_second_opener_is_refused_with_the_folder_named_and_welcome_later()
    {
        using (Open(out _, out _))
        {
            Assert.That(() => Open(out _, out _), Throws.TypeOf<JournalInUseException>().With.Message.Contains(Options.Directory));
        }
        using var now = Open(out _, out _);
        now.AppendNumbered(1, 10);
    }

    [Test]
    public void A_tool_reads_along_while_the_venue_writes_and_changes_nothing()
    {
        using var venue = Open(out _, out _);
        var written = new List<Written>();
        for (var i = 0; i < 1500; i++)
        {
            written.Add(venue.AppendNumbered(i, 100));
            if (i % 300 != 0) continue;
            venue.Sync();
            using var tool = Open(out var found, out var report, Options with { ReadOnly = true });
            Assert.That(found.Records, Is.EqualTo(written));
            Assert.That(report.End, Is.EqualTo(venue.Appended));
            Assert.That(Convert.ToHexString(tool.Read(written[0].Position)), Is.EqualTo(written[0].Payload));
            Assert.That(() => tool.AppendNumbered(1, 10), Throws.InvalidOperationException);
            Assert.That(tool.Sync, Throws.InvalidOperationException);
            Assert.That(tool.Prepare, Throws.InvalidOperationException);
        }
    }

    [Test]
    public void A_tool_reads_a_true_beginning_while_another_thread_writes_at_full_speed()
    {
        using var venue = Open(out _, out _);
        using var commit = new GroupCommit(venue, _ => { }, fault => throw fault);
        var stop = false;
        var written = 0;
        var writer = new Thread(() =>
        {
            for (var i = 0; !Volatile.Read(ref stop) && i < 300_000; i++)
            {
                venue.AppendNumbered(i, 60);
                Volatile.Write(ref written, i + 1);
                if (i % 64 == 0) commit.Request();
            }
        });
        writer.Start();
        for (var look = 0; look < 20; look++)
        {
            var before = Volatile.Read(ref written);
            using var tool = Open(out var found, out _, Options with { ReadOnly = true });
            Assert.That(found.Records, Has.Count.AtLeast(before));
            for (var i = 0; i < found.Records.Count; i++)
                if (!found.Records[i].Payload.StartsWith(Convert.ToHexString(BitConverter.GetBytes(i)), StringComparison.Ordinal))
                    Assert.Fail($"record {i} reads {found.Records[i].Payload}");
        }
        Volatile.Write(ref stop, true);
        writer.Join();
    }

    [Test]
    public void A_tool_leaves_a_torn_tail_as_it_is()
    {
        string path;
        using (var journal = Open(out _, out _))
        {
            for (var i = 0; i < 10; i++) journal.AppendNumbered(i, 100);
            journal.Sync();
            path = Path.Combine(Options.Directory, "0000000000.journal");
        }
        var bytes = File.ReadAllBytes(path);
        bytes[64 + 128 * 8 + 40] ^= 1;
        File.WriteAllBytes(path, bytes);
        using (Open(out var found, out var report, Options with { ReadOnly = true }))
        {
            Assert.That(found.Records, Has.Count.EqualTo(8));
            Assert.That(report.DroppedBytes, Is.Positive);
        }
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(bytes));
    }

    [Test]
    public void A_tool_says_so_when_there_is_no_journal() =>
        Assert.That(() => Open(out _, out _, Options with { ReadOnly = true }),
            Throws.TypeOf<JournalException>().With.Message.Contains("There is no journal in " + Options.Directory));

    [Test]
    public void Another_segment_size_than_the_journals_is_refused_with_both_named()
    {
        Open(out _, out _).Dispose();
        Assert.That(() => Open(out _, out _, Options with { SegmentBytes = 128 << 10 }),
            Throws.TypeOf<JournalException>().With.Message.Contains("65536").And.Message.Contains("131072"));
    }

    [Test]
    public void A_file_cut_short_is_refused_instead_of_read_past_its_end()
    {
        Open(out _, out _).Dispose();
        using (var file = File.OpenWrite(Path.Combine(Options.Directory, "0000000000.journal"))) file.SetLength(5000);
        Assert.That(() => Open(out _, out _), Throws.TypeOf<JournalException>().With.Message.Contains("5000 bytes"));
    }

    [Test]
    public void A_segment_that_a_crash_left_half_made_is_made_again()
    {
        Open(out _, out _).Dispose();
        File.WriteAllText(Path.Combine(Options.Directory, "0000000001.journal.new"), "half");
        using var journal = Open(out _, out var report);
        Assert.That(report.DroppedBytes, Is.Zero);
        for (var i = 0; i < 2000; i++) journal.AppendNumbered(i, 100);
        journal.Sync();
    }

    [Test]
    public void A_strange_file_in_the_folder_is_named()
    {
        Open(out _, out _).Dispose();
        File.WriteAllText(Path.Combine(Options.Directory, "copy-of-0.journal"), "");
        Assert.That(() => Open(out _, out _), Throws.TypeOf<JournalException>().With.Message.Contains("copy-of-0.journal"));
    }

    [Test]
    public void Progress_is_told_during_a_long_replay_and_not_too_often()
    {
        using (var journal = Open(out _, out _, Options with { SegmentBytes = 4 << 20 }))
        {
            for (var i = 0; i < 5000; i++) journal.AppendNumbered(i, 100);
            journal.Finish();
        }
        var told = new List<RecoveryProgress>();
        using var again = Journal.Open(Options with { SegmentBytes = 4 << 20 });
        var report = again.Recover(new Slow(), told.Add);
        Assert.That(told, Is.Not.Empty);
        Assert.That(told, Has.Count.LessThanOrEqualTo(report.Elapsed.TotalMilliseconds / 100));
        Assert.That(told.Select(p => p.Records), Is.Ordered);
        Assert.That(told, Has.All.Matches<RecoveryProgress>(p => p.BytesDone <= p.BytesTotal && p.BytesTotal == 4 << 20));
    }

    [Test]
    public void Appending_to_a_mapped_file_allocates_nothing()
    {
        using var journal = Open(out _, out _, Options with { SegmentBytes = 16 << 20 });
        var payload = new byte[168];
        void Appends()
        {
            for (var i = 0; i < 10_000; i++) journal.Append(RecordKind.Command, payload);
        }
        Appends();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Appends();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private sealed class Slow : IJournalReader
    {
        public void OnRecord(RecordKind kind, long position, ReadOnlySpan<byte> payload)
        {
            if (position % 4096 < 128) Thread.Sleep(2);
        }
    }
}
