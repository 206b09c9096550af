using System.Buffers.Binary;
using Venue.Sequencer;

namespace Venue.Tests.Sequencer;

[TestFixture]
public sealed class GroupCommitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public void Tells_only_what_the_disk_holds_and_never_backwards()
    {
        const int SegmentBytes = 64 << 10, Records = 20_000;
        var disk = new SimulatedDisk(SegmentBytes) { DuringSync = () => Thread.Sleep(1) };
        using var journal = Journal.Open(Journals.Options(SegmentBytes), disk.Mount());
        journal.Recover(new Recording(), progress: null);
        var told = new List<long>();
        var lies = new List<string>();
        Exception? fault = null;
        using (var commit = new GroupCommit(journal, durable =>
        {
            told.Add(durable);
            if (FirstGap(disk, SegmentBytes, durable) is { } gap) lies.Add(gap);
        }, e => fault = e))
        {
            for (var i = 0; i < Records; i++)
            {
                journal.AppendNumbered(i, 40 + i % 50);
                commit.Request();
                if (i % 500 == 0) Thread.Sleep(1);
                Assert.That(journal.Durable, Is.LessThanOrEqualTo(journal.Appended));
            }
        }
        Assert.That(fault, Is.Null);
        Assert.That(lies, Is.Empty);
        Assert.That(told, Is.Ordered.And.Unique);
        Assert.That(told, Has.Count.InRange(5, Records / 10), "one sync carries many records");
        Assert.That(told[^1], Is.EqualTo(journal.Appended), "Dispose makes the rest durable");
    }

    [Test]
    public void No_request_is_lost()
    {
        var disk = new SimulatedDisk(1 << 20);
        using var journal = Journal.Open(Journals.Options(1 << 20), disk.Mount());
        journal.Recover(new Recording(), progress: null);
        using var commit = new GroupCommit(journal, _ => { }, fault => throw fault);
        for (var i = 0; i < 5000; i++)
        {
            journal.AppendNumbered(i, 32);
            commit.Request();
            Assert.That(SpinWait.SpinUntil(() => journal.Durable == journal.Appended, Patience), Is.True, $"record {i} never became durable");
        }
        Assert.That(SpinWait.SpinUntil(() => !commit.Busy, Patience), Is.True);
    }

    [Test]
    public void A_request_during_a_sync_is_followed_by_another_sync()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        using var journal = Journals.Open(disk);
        using var commit = new GroupCommit(journal, _ => { }, fault => throw fault);
        disk.DuringSync = () =>
        {
            // This test's thread waits meanwhile, so the journal has one owner still.
            disk.DuringSync = null;
            journal.AppendNumbered(2, 10);
            commit.Request();
        };
        var first = journal.AppendNumbered(1, 10).Position;
        commit.Request();
        Assert.That(SpinWait.SpinUntil(() => journal.Durable > first + 40, Patience), Is.True, "the second record never became durable");
        Assert.That(journal.Durable, Is.EqualTo(journal.Appended));
    }

    [Test]
    public void Is_busy_from_the_request_until_it_is_told()
    {
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        using var journal = Journals.Open(disk);
        using var commit = new GroupCommit(journal, _ => { }, fault => throw fault);
        Assert.That(commit.Busy, Is.False);
        disk.DuringSync = () =>
        {
            entered.Set();
            leave.Wait();
        };
        journal.AppendNumbered(1, 10);
        commit.Request();
        Assert.That(commit.Busy, Is.True);
        Assert.That(entered.Wait(Patience), Is.True);
        Assert.That(commit.Busy, Is.True);
        leave.Set();
        Assert.That(SpinWait.SpinUntil(() => !commit.Busy, Patience), Is.True);
        Assert.That(journal.Durable, Is.EqualTo(journal.Appended));
    }

    [Test]
    public void A_failing_sync_is_reported_once_and_nothing_is_told_after_it()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        using var journal = Journals.Open(disk);
        var faults = new List<Exception>();
        var told = new List<long>();
        using (var commit = new GroupCommit(journal, told.Add, faults.Add))
        {
            disk.SyncFault = new IOException("bad sector");
            journal.AppendNumbered(1, 10);
            commit.Request();
            Assert.That(SpinWait.SpinUntil(() => faults.Count > 0, Patience), Is.True);
            disk.SyncFault = null;
            journal.AppendNumbered(2, 10);
            commit.Request();
        }
        Assert.That(faults, Has.Count.EqualTo(1));
        Assert.That(faults[0], Is.TypeOf<JournalException>().With.Message.Contains("bad sector"));
        Assert.That(told, Is.Empty);
    }

    [Test]
    public void A_callback_that_throws_is_a_fault_too()
    {
        using var journal = Journals.Open(new SimulatedDisk(Journals.SegmentBytes));
        Exception? fault = null;
        using var commit = new GroupCommit(journal, _ => throw new InvalidOperationException("broken"), e => Volatile.Write(ref fault, e));
        journal.AppendNumbered(1, 10);
        commit.Request();
        Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref fault) is not null, Patience), Is.True);
        Assert.That(fault!.Message, Is.EqualTo("broken"));
    }

    [Test]
    public void Makes_segments_ahead_so_that_appending_makes_none()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        using var journal = Journals.Open(disk);
        using var commit = new GroupCommit(journal, _ => { }, fault => throw fault);
        for (var segment = 1; segment < 10; segment++)
        {
            Assert.That(SpinWait.SpinUntil(() => disk.Segments.Count == segment + 1, Patience), Is.True);
            while (journal.Appended / Journals.SegmentBytes < segment) journal.AppendNumbered(segment, 500);
            commit.Request();
        }
    }

    [Test]
    public void With_async_durability_the_disk_follows_without_being_asked()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        using var journal = Journal.Open(Journals.Options() with { Durability = Durability.Async, AsyncSyncMs = 5 }, disk.Mount());
        journal.Recover(new Recording(), progress: null);
        using var commit = new GroupCommit(journal, _ => { }, fault => throw fault);
        journal.AppendNumbered(1, 10);
        Assert.That(SpinWait.SpinUntil(() => journal.Durable == journal.Appended, Patience), Is.True);
    }

    [Test]
    public void With_async_durability_much_is_synced_before_its_time_and_little_is_not()
    {
        const int SegmentBytes = 1 << 20, UnsafeBytesMax = 16 << 10;
        var disk = new SimulatedDisk(SegmentBytes);
        var options = Journals.Options(SegmentBytes) with { Durability = Durability.Async, AsyncSyncMs = 10_000, UnsafeBytesMax = UnsafeBytesMax };
        using var journal = Journal.Open(options, disk.Mount());
        journal.Recover(new Recording(), progress: null);
        using var commit = new GroupCommit(journal, _ => { }, fault => throw fault);
        for (var i = 0; journal.Waiting < UnsafeBytesMax / 16; i++)
        {
            journal.AppendNumbered(i, 40);
            Assert.That(commit.Busy, Is.False, "nothing was worth a sync");
            if (journal.Waiting <= UnsafeBytesMax / 16) commit.Request();
        }
        journal.AppendNumbered(0, 40);
        commit.Request();
        Assert.That(SpinWait.SpinUntil(() => journal.Waiting == 0, Patience), Is.True);
    }

    /// <summary>Reads the durable copy of the disk by itself: null when whole records reach up to <paramref name="position"/>.</summary>
    private static string? FirstGap(SimulatedDisk disk, int segmentBytes, long position)
    {
        for (var at = 64L; at < position;)
        {
            var record = disk.Segments[at / segmentBytes].Durable.AsSpan((int)(at % segmentBytes));
            var length = BinaryPrimitives.ReadInt32LittleEndian(record);
            if (length < 24) return $"{position} was told, the disk ends at {at}";
            at = record[16] == (byte)RecordKind.Roll ? (at / segmentBytes + 1) * segmentBytes + 64 : at + ((length + 7) & ~7);
        }
        return null;
    }
}
