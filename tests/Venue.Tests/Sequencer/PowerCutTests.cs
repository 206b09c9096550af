using Venue.Sequencer;

namespace Venue.Tests.Sequencer;

/// <summary>What a crash may do to the journal: it may cut off what nobody was told of, and nothing else.</summary>
[TestFixture]
public sealed class PowerCutTests
{
    [Test]
    public void Cut_at_every_byte_it_recovers_exactly_the_whole_records_before_the_cut()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        var written = new List<Written>();
        var ends = new List<long>();
        using (var journal = Journals.Open(disk))
        {
            for (var i = 0; i < 60; i++)
            {
                written.Add(journal.AppendNumbered(i, i * 5));
                ends.Add(journal.Appended);
            }
        }
        Assert.That(disk.Segments, Has.Count.EqualTo(3));
        for (var cut = SegmentBody(0); cut <= ends[^1]; cut++)
        {
            var after = new SimulatedDisk(Journals.SegmentBytes);
            foreach (var (number, segment) in disk.Segments)
            {
                var bytes = segment.Volatile.ToArray();
                bytes.AsSpan((int)Math.Clamp(cut - number * Journals.SegmentBytes, 64, bytes.Length)).Clear();
                after.Add(number, bytes);
            }
            using var journal = Journals.Open(after, out var found, out var report);
            // Behind the last byte that is not zero, a record's padding is there whether it was written or not.
            var least = ends.Count(end => end <= cut);
            var most = ends.Count(end => end <= cut + 7);
            Assert.That(found.Records, Has.Count.InRange(least, most), $"cut at {cut}");
            Assert.That(found.Records, Is.EqualTo(written.Take(found.Records.Count)), $"cut at {cut}");
            Assert.That(report.DroppedBytes, Is.LessThan(cut - report.End + 1).Or.Zero, $"cut at {cut}");
            var next = journal.AppendNumbered(7, 77);
            Assert.That(Convert.ToHexString(journal.Read(next.Position)), Is.EqualTo(next.Payload), $"cut at {cut}");
        }
    }

    [Test]
    public void After_any_power_cut_all_that_was_durable_is_there_in_order_and_nothing_else([Range(0, 19)] int hundred)
    {
        for (var seed = hundred * 100; seed < hundred * 100 + 100; seed++) LiveThroughPowerCuts(seed);
    }

    [Test]
    public void After_kill_everything_appended_is_there_and_becomes_durable()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        var journal = Journals.Open(disk);
        var written = Enumerable.Range(0, 100).Select(i => journal.AppendNumbered(i, 100)).ToList();
        disk = disk.Kill();
        using (var again = Journals.Open(disk, out var found, out var report))
        {
            Assert.That(found.Records, Is.EqualTo(written));
            Assert.That(report.DroppedBytes, Is.Zero);
            Assert.That(again.Durable, Is.EqualTo(again.Appended));
        }
        // Durable means durable: the power goes right after the start.
        using var last = Journals.Open(disk.PowerCut(new Random(1), writtenPercent: 0), out var kept, out _);
        Assert.That(kept.Records, Is.EqualTo(written));
    }

    [Test]
    public void A_hole_that_no_watermark_covers_drops_the_records_behind_it_and_counts_them()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        var written = new List<Written>();
        using (var journal = Journals.Open(disk))
        {
            for (var i = 0; i < 60; i++) written.Add(journal.AppendNumbered(i, 100));
        }
        Assert.That(disk.Segments, Has.Count.EqualTo(2));
        disk.Segments[0].Volatile.AsSpan((int)written[10].Position, 256).Clear();

        var roll = 1;
        using var again = Journals.Open(disk, out var found, out var report);
        Assert.That(found.Records, Is.EqualTo(written.Take(10)));
        Assert.That(report.DroppedRecords, Is.EqualTo(60 - 10 - 2 + roll));
        Assert.That(report.DroppedBytes, Is.GreaterThan(48 * 100));
        Assert.That(disk.Segments, Has.Count.EqualTo(1), "a later segment that held dropped records is removed");
        Assert.That(disk.Segments[0].Durable.AsSpan((int)report.End).IndexOfAnyExcept((byte)0), Is.EqualTo(-1), "wiped, durably");
    }

    [Test]
    public void What_was_dropped_never_comes_back()
    {
        // The hole swallows record 10; 11 and later are dropped. A new record 10 of the same length must not bring them back.
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        var written = new List<Written>();
        using (var journal = Journals.Open(disk))
        {
            for (var i = 0; i < 20; i++) written.Add(journal.AppendNumbered(i, 100));
        }
        disk.Segments[0].Volatile[written[10].Position]++;
        Written replaced;
        using (var journal = Journals.Open(disk)) replaced = journal.AppendNumbered(10, 100);
        using var again = Journals.Open(disk, out var found, out _);
        Assert.That(found.Records, Is.EqualTo(written.Take(10).Append(replaced)));
    }

    private static void LiveThroughPowerCuts(int seed)
    {
        var random = new Random(seed);
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        var promised = new List<Written>();    // what must be there
        var appended = new List<Written>();    // what may be there, in this order
        for (var life = 0; life < 4; life++)
        {
            Recording found;
            var journal = OpenOrFail(disk, $"seed {seed}, life {life}", out found);
            Assert.That(found.Records, Is.EqualTo(appended.Take(found.Records.Count)), $"seed {seed}, life {life}: order, or something that was never written");
            Assert.That(found.Records, Has.Count.AtLeast(promised.Count), $"seed {seed}, life {life}: a durable record is lost");
            appended = [.. found.Records];
            for (var step = random.Next(120); step > 0; step--)
            {
                switch (random.Next(10))
                {
                    case < 7:
                        appended.Add(journal.AppendNumbered(random.Next(1000), random.Next(4) == 0 ? random.Next(2000) : random.Next(200)));
                        break;
                    case 7:
                        disk.WriteBack(random, sectors: 3);
                        break;
                    case 8:
                        journal.Sync();
                        break;
                    case 9:
                        if (!journal.MarkIfNeeded()) journal.Prepare();
                        break;
                }
            }
            promised = [.. appended.Where(r => r.Position < journal.Durable)];
            disk = random.Next(4) == 0 ? disk.Kill() : disk.PowerCut(random, random.Next(3) * 50);
        }
    }

    private static Journal OpenOrFail(SimulatedDisk disk, string when, out Recording found)
    {
        try
        {
            return Journals.Open(disk, out found, out _);
        }
        catch (JournalException refused)
        {
            Assert.Fail($"{when}: a power cut is not damage, yet: {refused.Message}");
            throw;
        }
    }

    private static long SegmentBody(long number) => number * Journals.SegmentBytes + 64;
}
