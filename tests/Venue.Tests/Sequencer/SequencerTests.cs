using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Tests.Sequencer;

[TestFixture]
public sealed class SequencerTests
{
    /// <summary>Remembers what was applied, and checks that it stood in the journal before.</summary>
    private sealed class Applied : ICommandHandler
    {
        public Journal? Journal { get; set; }
        public List<(long Seq, long TimeNs, int MsgSeqNum)> Commands { get; } = [];
        public List<int> Expected { get; } = [];

        public void Expect(ReadOnlySpan<byte> command) => Expected.Add(Command.Header(command).MsgSeqNum);

        public void Apply(ReadOnlySpan<byte> command, long journalPosition)
        {
            Assert.That(Journal!.Read(journalPosition).SequenceEqual(command), Is.True, "journaled before matched");
            ref readonly var header = ref Command.Header(command);
            Commands.Add((header.Seq, header.TimeNs, header.MsgSeqNum));
        }
    }

    private static byte[] Status(int msgSeqNum)
    {
        var bytes = new byte[CommandSlot.Size];
        ref var command = ref Command.Begin<OrderStatusRequest>(bytes, CommandType.OrderStatus);
        command.Header.MsgSeqNum = msgSeqNum;
        return bytes[..command.Header.Length];
    }

    private static (InboundRing, Journal, Applied, Sequencer<Applied>) Make(SimulatedDisk disk, int slots = 8)
    {
        var ring = new InboundRing(slots);
        var journal = Journals.Open(disk);
        var applied = new Applied { Journal = journal };
        return (ring, journal, applied, new Sequencer<Applied>(ring, journal, applied));
    }

    [Test]
    public void Numbers_without_gaps_and_time_never_goes_back()
    {
        var (ring, journal, applied, sequencer) = Make(new SimulatedDisk(Journals.SegmentBytes));
        using var _ = journal;
        foreach (var (nowNs, msgSeqNum) in new[] { (1000L, 1), (1500L, 2), (1200L, 3), (1600L, 4) })
        {
            ring.TryPublish(Status(msgSeqNum));
            Assert.That(sequencer.Drain(nowNs, max: 10), Is.EqualTo(1));
        }
        Assert.That(applied.Commands, Is.EqualTo(new[] { (1L, 1000L, 1), (2L, 1500L, 2), (3L, 1500L, 3), (4L, 1600L, 4) }));
        Assert.That((sequencer.LastSeq, sequencer.LastTimeNs), Is.EqualTo((4L, 1600L)));
    }

    [Test]
    public void Takes_no_more_than_asked()
    {
        var (ring, journal, applied, sequencer) = Make(new SimulatedDisk(Journals.SegmentBytes));
        using var _ = journal;
        for (var i = 0; i < 5; i++) ring.TryPublish(Status(i));
        Assert.That(sequencer.Drain(1, max: 3), Is.EqualTo(3));
        Assert.That(applied.Commands, Has.Count.EqualTo(3));
        Assert.That(ring.Count, Is.EqualTo(2));
        Assert.That(sequencer.Drain(1, max: 3), Is.EqualTo(2));
        Assert.That(sequencer.Drain(1, max: 3), Is.Zero);
    }

    [Test]
    public void Takes_no_more_than_the_disk_can_follow()
    {
        const int UnsafeBytesMax = 4096;
        using var journal = Journal.Open(Journals.Options(1 << 20) with { UnsafeBytesMax = UnsafeBytesMax }, new SimulatedDisk(1 << 20).Mount());
        journal.Recover(new Recording(), progress: null);
        var ring = new InboundRing(64);
        var sequencer = new Sequencer<Nothing>(ring, journal, new Nothing());
        while (ring.TryPublish(Status(1)))
        {
        }
        var taken = sequencer.Drain(1, max: 64);
        Assert.That(taken, Is.InRange(1, 63));
        Assert.That(journal.Appended - journal.Durable, Is.InRange(UnsafeBytesMax, UnsafeBytesMax + 256));
        Assert.That(sequencer.Drain(1, max: 64), Is.Zero);
        journal.Sync();
        Assert.That(sequencer.Drain(1, max: 64), Is.EqualTo(64 - taken));
    }

    [Test]
    public void A_full_disk_leaves_the_command_in_the_ring_and_takes_no_number()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes) { SegmentsLeft = 1 };
        var (ring, journal, applied, sequencer) = Make(disk);
        using var _ = journal;
        Assert.That(() =>
        {
            while (true)
            {
                ring.TryPublish(Status(1));
                sequencer.Drain(1, max: 1);
            }
        }, Throws.TypeOf<JournalFullException>());
        Assert.That(ring.Count, Is.EqualTo(1));
        Assert.That(sequencer.LastSeq, Is.EqualTo(applied.Commands.Count));
        disk.SegmentsLeft = 1;
        Assert.That(sequencer.Drain(1, max: 1), Is.EqualTo(1));
        Assert.That(sequencer.LastSeq, Is.EqualTo(applied.Commands.Count));
    }

    [Test]
    public void Goes_on_with_the_number_behind_what_was_recovered()
    {
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        var (ring, journal, _, sequencer) = Make(disk);
        for (var i = 0; i < 5; i++) ring.TryPublish(Status(i));
        sequencer.Drain(77, max: 5);
        journal.Dispose();

        Recording found;
        using (Journals.Open(disk, out found, out _))
        {
        }
        (ring, journal, var applied, sequencer) = Make(disk);
        using var __ = journal;
        foreach (var record in found.Records) sequencer.Recovered(Convert.FromHexString(record.Payload));
        Assert.That((sequencer.LastSeq, sequencer.LastTimeNs), Is.EqualTo((5L, 77L)));
        ring.TryPublish(Status(9));
        sequencer.Drain(50, max: 1);
        Assert.That(applied.Commands, Is.EqualTo(new[] { (6L, 77L, 9) }));
    }

    [TestCase(2, 10, "from command 0 to command 2", TestName = "A_gap_in_the_numbers_is_refused")]
    [TestCase(0, 10, "from command 0 to command 0", TestName = "A_repeated_number_is_refused")]
    [TestCase(1, -1, "of -1 ns, before command 0", TestName = "Time_that_goes_back_is_refused")]
    public void Refuses_what_is_not_the_next(long seq, long timeNs, string says)
    {
        var (_, journal, _, sequencer) = Make(new SimulatedDisk(Journals.SegmentBytes));
        using var __ = journal;
        var command = Status(1);
        Command.Header(command.AsSpan()).Seq = seq;
        Command.Header(command.AsSpan()).TimeNs = timeNs;
        Assert.That(() => sequencer.Recovered(command), Throws.TypeOf<JournalException>().With.Message.Contains(says));
    }

    [Test]
    public void Refuses_bytes_that_are_no_command()
    {
        var (ring, journal, _, sequencer) = Make(new SimulatedDisk(Journals.SegmentBytes));
        using var _ = journal;
        Assert.That(() => sequencer.Recovered(new byte[31]), Throws.TypeOf<JournalException>().With.Message.Contains("31 bytes"));
        ring.TryPublish(new byte[31]);
        Assert.That(() => sequencer.Drain(1, 1), Throws.InvalidOperationException);
    }

    [Test]
    public void Sequencing_allocates_nothing()
    {
        var ring = new InboundRing(1024);
        using var journal = Journal.Open(Journals.Options(8 << 20) with { UnsafeBytesMax = int.MaxValue }, new SimulatedDisk(8 << 20).Mount());
        journal.Recover(new Recording(), progress: null);
        var sequencer = new Sequencer<Nothing>(ring, journal, new Nothing());
        var command = Status(1);
        void Round()
        {
            for (var i = 0; i < 10_000; i++)
            {
                ring.TryPublish(command);
                sequencer.Drain(i, max: 16);
            }
        }
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sequencer.LastSeq, Is.EqualTo(20_000));
    }

    [Test]
    public void Each_command_is_announced_once_and_in_order_before_it_is_applied()
    {
        var (ring, journal, applied, sequencer) = Make(new SimulatedDisk(Journals.SegmentBytes), slots: 16);
        using var _ = journal;
        // As many as the ring has room for.
        for (var i = 1; i <= 8; i++) Assert.That(ring.TryPublish(Status(i)), Is.True);
        sequencer.Drain(1, max: 1);
        Assert.That(applied.Expected, Is.EqualTo(Enumerable.Range(1, 7)), "six ahead of the first");
        Assert.That(ring.TryPublish(Status(9)), Is.True);
        sequencer.Drain(1, max: 100);
        Assert.That(applied.Expected, Is.EqualTo(Enumerable.Range(1, 9)));
        Assert.That(applied.Commands.Select(c => c.MsgSeqNum), Is.EqualTo(Enumerable.Range(1, 9)));
    }

    private struct Nothing : ICommandHandler
    {
        public readonly void Expect(ReadOnlySpan<byte> command)
        {
        }

        public readonly void Apply(ReadOnlySpan<byte> command, long journalPosition)
        {
        }
    }
}
