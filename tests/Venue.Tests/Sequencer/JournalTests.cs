using Venue.Sequencer;

namespace Venue.Tests.Sequencer;

/// <summary>The journal on the simulated disk: appending, rolling, reading back.</summary>
[TestFixture]
public sealed class JournalTests
{
    [Test]
    public void Hands_back_what_was_appended_in_order_over_many_segments()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        var written = new List<Written>();
        using (var journal = Journals.Open(disk))
        {
            for (var i = 0; i < 500; i++) written.Add(journal.AppendNumbered(i, i % 300));
            foreach (var record in written)
                Assert.That(Convert.ToHexString(journal.Read(record.Position)), Is.EqualTo(record.Payload));
        }
        Assert.That(disk.Segments, Has.Count.GreaterThan(10));

        using var again = Journals.Open(disk, out var found, out var report);
        Assert.That(found.Records, Is.EqualTo(written));
        Assert.That(report.Commands, Is.EqualTo(written.Count(r => r.Kind == RecordKind.Command)));
        Assert.That(report.DroppedBytes, Is.Zero);
        Assert.That(report.FirstPosition, Is.EqualTo(written[0].Position));
        Assert.That(report.LastPosition, Is.EqualTo(written[^1].Position));
        Assert.That(report.End, Is.EqualTo(again.Appended).And.EqualTo(again.Durable));
        foreach (var record in written)
            Assert.That(Convert.ToHexString(again.Read(record.Position)), Is.EqualTo(record.Payload));
    }

    [Test]
    public void Twice_the_memory_that_came_is_made_ready_also_in_the_next_segment()
    {
        const int SegmentBytes = 1 << 20, Least = 256 << 10, Much = 300 << 10;
        var disk = new SimulatedDisk(SegmentBytes);
        using var journal = Journal.Open(Journals.Options(SegmentBytes), disk.Mount());
        journal.Recover(new Recording(), progress: null);
        var ready = disk.Segments.SelectMany(s => s.Value.Ready.Select(part => (Segment: s.Key, part.From, part.Bytes)));

        Append(1000);
        journal.Prepare();
        var first = (int)journal.Appended;
        Assert.That(ready, Is.EqualTo(new[] { (0L, first, Least) }), "however little came");
        Append(1000);
        journal.Prepare();
        Assert.That(ready.Count(), Is.EqualTo(1), "more than half of it is left");

        // All of that is used, and what comes next goes on in the spare segment.
        var before = journal.Appended;
        Append(Much);
        journal.Prepare();
        var end = (int)journal.Appended;
        var readyTo = end + 2 * (int)(end - before);
        Assert.That(ready.Skip(1), Is.EqualTo(new[] { (0L, end, readyTo - end) }));
        before = end;
        Append(Much);
        journal.Prepare();
        var rest = (int)(journal.Appended + 2 * (journal.Appended - before)) - SegmentBytes;
        Assert.That(rest, Is.GreaterThan(0));
        Assert.That(ready.Skip(2), Is.EqualTo(new[] { (0L, readyTo, SegmentBytes - readyTo), (1L, 0, rest) }));
        Assert.That(disk.Segments.Values.Select(s => s.IsForWriting), Is.EqualTo(new[] { true, true }));

        void Append(int bytes)
        {
            for (var end = journal.Appended + bytes; journal.Appended < end;) journal.AppendNumbered(0, 1000);
        }
    }

    [Test]
    public void Goes_on_behind_what_was_recovered()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        var written = new List<Written>();
        for (var start = 0; start < 20; start++)
        {
            using var journal = Journals.Open(disk, out var found, out _);
            Assert.That(found.Records, Is.EqualTo(written));
            for (var i = 0; i < start; i++) written.Add(journal.AppendNumbered(start * 100 + i, 150));
            if (start % 3 == 0) journal.Prepare();
            if (start % 2 == 0) journal.Finish();
        }
    }

    [Test]
    public void Nothing_is_durable_or_safe_before_the_sync_and_all_of_it_after()
    {
        using var journal = Journals.Open(new SimulatedDisk(Journals.SegmentBytes));
        var start = journal.Appended;
        var position = journal.AppendNumbered(1, 100).Position;
        Assert.That(position, Is.EqualTo(start));
        Assert.That(journal.Durable, Is.EqualTo(start));
        Assert.That(journal.Safe, Is.EqualTo(start));
        journal.Sync();
        Assert.That(journal.Durable, Is.EqualTo(journal.Appended).And.GreaterThan(position));
        Assert.That(journal.Safe, Is.EqualTo(journal.Durable));
    }

    [Test]
    public void With_async_durability_what_is_appended_is_safe()
    {
        using var journal = Journal.Open(Journals.Options() with { Durability = Durability.Async }, new SimulatedDisk(Journals.SegmentBytes).Mount());
        journal.Recover(new Recording(), progress: null);
        journal.AppendNumbered(1, 100);
        Assert.That(journal.Safe, Is.EqualTo(journal.Appended).And.GreaterThan(journal.Durable));
    }

    [Test]
    public void Takes_the_longest_payload_and_refuses_one_byte_more()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        using (var journal = Journals.Open(disk))
        {
            journal.AppendNumbered(0, 10);
            journal.AppendNumbered(1, journal.PayloadBytesMax);
            Assert.That(() => journal.Append(RecordKind.Sent, new byte[journal.PayloadBytesMax], [1]),
                Throws.ArgumentException.With.Message.Contains($"{journal.PayloadBytesMax + 1} bytes"));
            journal.AppendNumbered(2, 10);
        }
        using var again = Journals.Open(disk, out var found, out _);
        Assert.That(found.Records.Select(r => r.Payload.Length / 2), Is.EqualTo(new[] { 10, again.PayloadBytesMax, 10 }));
    }

    [TestCase(RecordKind.None)]
    [TestCase(RecordKind.Mark)]
    [TestCase(RecordKind.Roll)]
    [TestCase((RecordKind)6)]
    public void Refuses_a_kind_that_is_not_the_owners_to_append(RecordKind kind)
    {
        using var journal = Journals.Open(new SimulatedDisk(Journals.SegmentBytes));
        Assert.That(() => journal.Append(kind, [1]), Throws.ArgumentException);
    }

    [Test]
    public void Refuses_to_append_before_it_has_recovered()
    {
        using var journal = Journal.Open(Journals.Options(), new SimulatedDisk(Journals.SegmentBytes).Mount());
        Assert.That(() => journal.Append(RecordKind.Command, [1]), Throws.InvalidOperationException);
    }

    [Test]
    public void Reading_where_no_record_begins_names_segment_and_offset()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        using var journal = Journals.Open(disk);
        for (var i = 0; i < 60; i++) journal.AppendNumbered(i, 100);
        Assert.That(() => journal.Read(Journals.SegmentBytes + 72),
            Throws.TypeOf<JournalDamagedException>().With.Message.Contains("disk/1").And.Message.Contains("byte 72"));
        Assert.That(() => journal.Read(journal.Appended), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => journal.Read(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => journal.Read(-8), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => journal.Read(65), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Every_position_in_a_journal_reads_a_record_or_throws_its_own_exception()
    {
        using var journal = Journals.Open(new SimulatedDisk(Journals.SegmentBytes));
        var starts = Enumerable.Range(0, 40).Select(i => journal.AppendNumbered(i, i * 5).Position).ToHashSet();
        for (var position = -16L; position < journal.Appended + 16; position++)
        {
            if (starts.Contains(position))
            {
                journal.Read(position);
                continue;
            }
            try
            {
                journal.Read(position);
                // The only other whole records are rolls.
                Assert.That(journal.Read(position).Length, Is.Zero, $"position {position}");
            }
            catch (Exception refused) when (refused is ArgumentOutOfRangeException or JournalDamagedException)
            {
                Assert.That(refused.Message, Is.Not.Empty);
            }
        }
    }

    [Test]
    public void A_full_disk_is_refused_before_anything_is_written_and_nothing_is_lost()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes) { SegmentsLeft = 2 };
        var written = new List<Written>();
        using (var journal = Journals.Open(disk))
        {
            Assert.That(() => { while (true) written.Add(journal.AppendNumbered(written.Count, 200)); }, Throws.TypeOf<JournalFullException>());
            var end = journal.Appended;
            Assert.That(() => journal.AppendNumbered(written.Count, 200), Throws.TypeOf<JournalFullException>());
            Assert.That(journal.Appended, Is.EqualTo(end));
            journal.Prepare();
            Assert.That(journal.SpaceFault, Is.Not.Null);
            written.Add(journal.AppendNumbered(written.Count, 8));   // what still fits is still taken

            disk.SegmentsLeft = 1;   // somebody has cleared up
            written.Add(journal.AppendNumbered(written.Count, 200));
            journal.Sync();
        }
        using var again = Journals.Open(disk, out var found, out _);
        Assert.That(found.Records, Is.EqualTo(written));
    }

    [Test]
    public void A_failed_sync_is_final()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        using var journal = Journals.Open(disk);
        journal.AppendNumbered(1, 100);
        var durable = journal.Durable;
        disk.SyncFault = new IOException("bad sector");
        Assert.That(journal.Sync, Throws.TypeOf<JournalException>().With.Message.Contains("bad sector").And.Message.Contains("disk/0"));
        disk.SyncFault = null;
        Assert.That(journal.Sync, Throws.TypeOf<JournalException>().With.Message.Contains("earlier sync failed"));
        Assert.That(journal.Durable, Is.EqualTo(durable));
    }

    [Test]
    public void A_mark_is_written_once_when_the_last_record_has_become_durable()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        using var journal = Journals.Open(disk);
        Assert.That(journal.MarkIfNeeded(), Is.False, "an empty journal");
        journal.AppendNumbered(1, 100);
        Assert.That(journal.MarkIfNeeded(), Is.False, "not durable yet");
        journal.Sync();
        Assert.That(journal.MarkIfNeeded(), Is.True);
        Assert.That(journal.MarkIfNeeded(), Is.False);
        journal.Sync();
        Assert.That(journal.MarkIfNeeded(), Is.False, "a mark needs no mark");
        journal.AppendNumbered(2, 100);
        journal.Sync();
        Assert.That(journal.MarkIfNeeded(), Is.True);
    }

    [Test]
    public void Appending_syncing_and_reading_allocate_nothing()
    {
        const int Records = 10_000, SegmentBytes = 8 << 20;
        using var journal = Journal.Open(Journals.Options(SegmentBytes), new SimulatedDisk(SegmentBytes).Mount());
        journal.Recover(new Recording(), progress: null);
        var head = new byte[32];
        var tail = new byte[136];
        void Appends()
        {
            for (var i = 0; i < Records; i++)
            {
                journal.Append(RecordKind.Command, tail);
                journal.Read(journal.Append(RecordKind.Sent, head, tail));
            }
        }
        Appends();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Appends();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Every_wrong_option_is_named_with_its_consequence()
    {
        var faults = new JournalOptions { Directory = " ", SegmentBytes = 5000, Durability = (Durability)7, AsyncSyncMs = 0, UnsafeBytesMax = 0 }.Validate();
        Assert.That(faults, Has.Count.EqualTo(5));
        Assert.That(faults, Has.All.Contains(":"));
        Assert.That(new JournalOptions { Directory = "journal" }.Validate(), Is.Empty);
        Assert.That(() => Journal.Open(Journals.Options() with { SegmentBytes = 100 }, new SimulatedDisk(4096).Mount()),
            Throws.TypeOf<JournalException>().With.Message.Contains("segmentBytes 100"));
    }
}
