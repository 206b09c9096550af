using System.Diagnostics;
using Venue.Sequencer;

namespace Venue.Tests.Sequencer;

/// <summary>The oldest segments go; what follows them stays whole, whatever happens meanwhile.</summary>
[TestFixture]
public sealed class PruneTests
{
    private const long Always = long.MaxValue;

    private SimulatedDisk _disk = null!;
    private List<Written> _written = null!;

    /// <summary>A journal of nine segments and a spare, all durable.</summary>
    private Journal Write()
    {
        _disk = new SimulatedDisk(Journals.SegmentBytes);
        _written = [];
        var journal = Journals.Open(_disk);
        for (var i = 0; i < 250; i++)
        {
            _written.Add(journal.AppendNumbered(i, 100 + i % 7));
            journal.Sync();
            journal.Prepare();
        }
        Assert.That(_disk.Segments, Has.Count.EqualTo(10));
        return journal;
    }

    private static long Segment(long number) => number * Journals.SegmentBytes;

    /// <summary>The first record of a segment, and where it stands among all.</summary>
    private (long Position, int Index) FirstOf(long segment)
    {
        var index = _written.FindIndex(r => r.Position >= Segment(segment));
        return (_written[index].Position, index);
    }

    private static Journal Recover(SimulatedDisk disk, long after, out Recording found)
    {
        var journal = Journal.Open(Journals.Options(), disk.Mount());
        found = new Recording();
        journal.Recover(found, progress: null, after);
        return journal;
    }

    [Test]
    public void Only_whole_segments_before_the_position_go_and_the_rest_reads_as_before()
    {
        using var journal = Write();
        var (kept, index) = FirstOf(3);
        var removed = new List<string>();
        while (journal.PruneOldest(kept, Always, archive: null) is { } name) removed.Add(name);
        Assert.That(removed, Is.EqualTo(new[] { "disk/0", "disk/1", "disk/2" }));
        Assert.That(_disk.Segments.Keys, Is.EqualTo(Enumerable.Range(3, 7)));
        Assert.That(journal.KeptFrom, Is.EqualTo(Segment(3)));
        foreach (var record in _written.Skip(index)) Assert.That(Convert.ToHexString(journal.Read(record.Position)), Is.EqualTo(record.Payload));
        foreach (var record in _written.Take(index))
        {
            Assert.That(journal.TryRead(record.Position, out _), Is.False);
            Assert.That(() => journal.Read(record.Position).Length, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("was pruned"));
        }
        var next = journal.AppendNumbered(7, 77);
        Assert.That(Convert.ToHexString(journal.Read(next.Position)), Is.EqualTo(next.Payload));
    }

    [Test]
    public void Nothing_goes_that_is_younger_or_not_durable_or_behind_the_position()
    {
        using var journal = Write();
        Assert.That(journal.PruneOldest(Segment(9), writtenBeforeNs: 0, archive: null), Is.Null, "younger");
        Assert.That(journal.PruneOldest(Segment(1) - 1, Always, archive: null), Is.Null, "not wholly before");
        Assert.That(journal.PruneOldest(0, Always, archive: null), Is.Null, "a replica that has not begun");
        while (journal.PruneOldest(long.MaxValue, Always, archive: null) is not null)
        {
        }
        Assert.That(journal.KeptFrom, Is.EqualTo(Segment(8)), "the segment that is written stays");
        Assert.That(_disk.Segments, Has.Count.EqualTo(2));
    }

    [Test]
    public void It_is_recovered_behind_a_kept_record_and_refused_from_its_beginning()
    {
        var (kept, index) = (0L, 0);
        using (var journal = Write())
        {
            (kept, index) = FirstOf(4);
            while (journal.PruneOldest(kept, Always, archive: null) is not null)
            {
            }
            journal.Finish();
        }
        Assert.That(() => Journals.Open(_disk), Throws.TypeOf<JournalDamagedException>().With.Message.Contains("segment 0 is missing, while segment 4 is there"));
        using (var again = Recover(_disk, kept, out var found))
        {
            Assert.That(found.Records, Is.EqualTo(_written.Skip(index + 1)));
            Assert.That(again.Holds(kept) && !again.Holds(_written[index - 1].Position), Is.True);
            Assert.That(again.KeptFrom, Is.EqualTo(Segment(4)));
        }
        using var tool = Journal.Open(Journals.Options() with { ReadOnly = true }, _disk.Mount());
        var all = new Recording();
        tool.Recover(all, progress: null, isPartEnough: true);
        Assert.That(all.Records, Is.EqualTo(_written.Skip(index)));
    }

    /// <summary>Killed before the n-th removal, after it, and with the power gone: it starts, and pruning goes on.</summary>
    [Test]
    public void Killed_at_any_removal_it_starts_behind_the_same_record([Range(0, 5)] int before, [Values] bool isPowerCut, [Values] bool isArchived)
    {
        var journal = Write();
        var (kept, index) = FirstOf(6);
        _disk.BeforeRemoval = number =>
        {
            if (number == before) throw new OperationCanceledException("killed");
        };
        Assert.That(() =>
        {
            while (journal.PruneOldest(kept, Always, isArchived ? "archive" : null) is not null)
            {
            }
        }, Throws.TypeOf<OperationCanceledException>());
        Assert.That(journal.KeptFrom, Is.EqualTo(Segment(before)), "what is not gone is kept");
        var disk = isPowerCut ? _disk.PowerCut(new Random(before), writtenPercent: 50) : _disk.Kill();
        using var again = Recover(disk, kept, out var found);
        Assert.That(found.Records, Is.EqualTo(_written.Skip(index + 1)));
        for (var n = 0; n < 200; n++)
        {
            again.AppendNumbered(n, 100);
            again.Sync();
            again.Prepare();
        }
        while (again.PruneOldest(kept, Always, archive: null) is not null)
        {
        }
        Assert.That(again.KeptFrom, Is.EqualTo(Segment(6)));
    }

    [Test]
    public void A_gap_in_the_kept_segments_is_damage()
    {
        Write().Dispose();
        _disk.Remove(0);
        _disk.Remove(2);
        Assert.That(() => Recover(_disk, FirstOf(4).Position, out _), Throws.TypeOf<JournalDamagedException>().With.Message.Contains("segment 2 is missing"));
    }

    [Test]
    public void Readers_and_the_writer_go_on_at_full_speed_while_segments_go()
    {
        var folder = Directory.CreateTempSubdirectory("journal-prune-").FullName;
        var options = new JournalOptions { Directory = folder, SegmentBytes = 64 << 10 };
        using (var journal = Journal.Open(options))
        {
            journal.Recover(new Recording(), progress: null);
            using var commit = new GroupCommit(journal, _ => { }, fault => throw fault);
            var (stop, removed) = (false, 0);
            var pruning = new Thread(() =>
            {
                while (!Volatile.Read(ref stop))
                {
                    while (journal.PruneOldest(journal.Durable - (256 << 10), Always, archive: null) is not null) Interlocked.Increment(ref removed);
                    journal.Reclaim();
                }
            });
            pruning.Start();
            var positions = new List<Written>();
            var gone = 0;
            for (var i = 0; i < 60_000; i++)
            {
                positions.Add(journal.AppendNumbered(i, 60));
                // One that is kept, one that may be gone at this very moment, one that is long gone.
                foreach (var back in new[] { 1, 6000, 40_000 })
                {
                    if (back > positions.Count) continue;
                    var record = positions[^back];
                    if (journal.TryRead(record.Position, out var payload)) Assert.That(Convert.ToHexString(payload), Is.EqualTo(record.Payload));
                    else gone++;
                }
                journal.EndTurn();
                if (i % 64 == 0) commit.Request();
                while (journal.Behind) Thread.Yield();
            }
            Volatile.Write(ref stop, true);
            pruning.Join();
            Assert.That(removed, Is.GreaterThan(20));
            Assert.That(gone, Is.Positive);
            // What went after the last turn waits for the end of one more.
            journal.EndTurn();
            Assert.That(() => journal.Reclaim(), Is.True);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Test, Explicit("Writes gigabytes and measures.")]
    public void The_owners_turns_take_as_long_while_segments_go()
    {
        foreach (var round in new[] { 1, 2 })
        foreach (var isPruning in new[] { false, true })
        {
            var folder = Directory.CreateTempSubdirectory("journal-turns-").FullName;
            var turns = new long[60_000];
            var removed = 0;
            using (var journal = Journal.Open(new JournalOptions { Directory = folder, Durability = Durability.Async, UnsafeBytesMax = 64 << 20 }))
            {
                journal.Recover(new Recording(), progress: null);
                using var commit = new GroupCommit(journal, _ => { }, fault => throw fault);
                var stop = false;
                var pruning = new Thread(() =>
                {
                    while (!Volatile.Read(ref stop))
                    {
                        while (isPruning && journal.PruneOldest(journal.Durable - (64 << 20), Always, archive: null) is not null) removed++;
                        journal.Reclaim();
                        Thread.Sleep(1);
                    }
                });
                pruning.Start();
                var payload = new byte[180];
                long first = 0;
                for (var turn = 0; turn < turns.Length; turn++)
                {
                    while (journal.Behind) Thread.Sleep(1);
                    var started = Stopwatch.GetTimestamp();
                    for (var i = 0; i < 64; i++) first = journal.Append(RecordKind.Command, payload);
                    journal.TryRead(first, out _);
                    journal.EndTurn();
                    turns[turn] = (long)Stopwatch.GetElapsedTime(started).TotalNanoseconds;
                    commit.Request();
                    if (turn % 16 == 0) Thread.Sleep(1);
                }
                Volatile.Write(ref stop, true);
                pruning.Join();
            }
            Directory.Delete(folder, recursive: true);
            Array.Sort(turns);
            TestContext.Out.WriteLine($"round {round}, {removed} segments removed: turn of 64 appends p50 {turns[turns.Length / 2]} ns, p99 {turns[turns.Length * 99 / 100]}, p99.9 {turns[turns.Length * 999L / 1000]}, max {turns[^1]}");
            Assert.That(removed, isPruning ? Is.GreaterThan(5) : Is.Zero);
        }
    }

    [Test]
    public void Memory_of_a_removed_segment_stays_until_the_owner_has_ended_its_turn()
    {
        var folder = Directory.CreateTempSubdirectory("journal-prune-").FullName;
        using (var journal = Journal.Open(new JournalOptions { Directory = folder, SegmentBytes = 4096 }))
        {
            journal.Recover(new Recording(), progress: null);
            var written = Enumerable.Range(0, 200).Select(i => journal.AppendNumbered(i, 100)).ToArray();
            journal.Sync();
            journal.EndTurn();
            Assert.That(journal.TryRead(written[0].Position, out var held), Is.True);
            Assert.That(journal.PruneOldest(journal.Durable, Always, archive: null), Does.EndWith("0000000000.journal"));
            Assert.That(journal.Reclaim(), Is.False);
            Assert.That(Convert.ToHexString(held), Is.EqualTo(written[0].Payload));
            journal.EndTurn();
            Assert.That(journal.Reclaim(), Is.True);
            Assert.That(journal.TryRead(written[0].Position, out _), Is.False);
        }
        Directory.Delete(folder, recursive: true);
    }
}
