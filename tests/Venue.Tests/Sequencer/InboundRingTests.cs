using System.Buffers.Binary;
using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Tests.Sequencer;

[TestFixture]
public sealed class InboundRingTests
{
    [Test]
    public void Takes_in_the_order_of_publishing()
    {
        var ring = new InboundRing(4);
        var into = new byte[CommandSlot.Size];
        for (byte round = 0; round < 10; round++)   // round and round the slots
        {
            Assert.That(ring.TryPublish([round, 1, 2]), Is.True);
            Assert.That(ring.TryPublish([round, 9]), Is.True);
            Assert.That(ring.TryTake(into, out var length), Is.True);
            Assert.That(into.AsSpan(0, length).ToArray(), Is.EqualTo(new byte[] { round, 1, 2 }));
            Assert.That(ring.TryTake(into, out length), Is.True);
            Assert.That(into.AsSpan(0, length).ToArray(), Is.EqualTo(new byte[] { round, 9 }));
        }
        Assert.That(ring.TryTake(into, out _), Is.False);
    }

    [Test]
    public void Refuses_when_full_and_takes_again_after_one_is_gone()
    {
        var ring = new InboundRing(4);
        for (byte i = 0; i < 4; i++) Assert.That(ring.TryPublish([i]), Is.True);
        Assert.That(ring.TryPublish([4]), Is.False);
        Assert.That(ring.Count, Is.EqualTo(4));
        Assert.That(ring.TryPeek(out var oldest), Is.True);
        Assert.That(oldest[0], Is.Zero);
        Assert.That(ring.TryPublish([4]), Is.False, "a slot that is looked at is not free yet");
        ring.Advance();
        Assert.That(ring.Count, Is.EqualTo(3));
        Assert.That(ring.TryPublish([4]), Is.True);
        Assert.That(ring.TryPublish([5]), Is.False);
    }

    [TestCase(0)]
    [TestCase(CommandSlot.Size + 1)]
    public void Refuses_a_command_that_no_slot_holds(int length) =>
        Assert.That(() => new InboundRing(2).TryPublish(new byte[length]), Throws.ArgumentException.With.Message.Contains($"has {length}"));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(-4)]
    public void Refuses_a_capacity_that_is_no_power_of_two(int capacity) =>
        Assert.That(() => new InboundRing(capacity), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Loses_nothing_and_keeps_each_publishers_order_under_contention()
    {
        const int Publishers = 4, Each = 100_000, Capacity = 64;
        var ring = new InboundRing(Capacity);
        var refused = 0L;
        var threads = Enumerable.Range(0, Publishers).Select(p => new Thread(() =>
        {
            Span<byte> command = stackalloc byte[CommandSlot.Size];
            for (var i = 0; i < Each; i++)
            {
                var length = 16 + (i + p) % (CommandSlot.Size - 15);
                command[..length].Fill((byte)(p + i));
                BinaryPrimitives.WriteInt32LittleEndian(command, p);
                BinaryPrimitives.WriteInt32LittleEndian(command[4..], i);
                while (!ring.TryPublish(command[..length]))
                {
                    Interlocked.Increment(ref refused);
                    Thread.Yield();
                }
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();

        var next = new int[Publishers];
        Span<byte> taken = stackalloc byte[CommandSlot.Size];
        for (var count = 0; count < Publishers * Each;)
        {
            Assert.That(ring.Count, Is.InRange(0, Capacity));
            if (!ring.TryTake(taken, out var length))
            {
                Thread.Yield();
                continue;
            }
            var publisher = BinaryPrimitives.ReadInt32LittleEndian(taken);
            var number = BinaryPrimitives.ReadInt32LittleEndian(taken[4..]);
            if (number != next[publisher] || length != 16 + (number + publisher) % (CommandSlot.Size - 15)
                || taken[8..length].IndexOfAnyExcept((byte)(publisher + number)) >= 0)
                Assert.Fail($"publisher {publisher}: expected command {next[publisher]}, got {number} of {length} bytes");
            next[publisher]++;
            count++;
        }
        foreach (var thread in threads) thread.Join();
        Assert.That(next, Is.All.EqualTo(Each));
        Assert.That(ring.Count, Is.Zero);
        Assert.That(refused, Is.Positive, "the ring was never full, so this has not tested that it is bounded");
    }

    [Test]
    public void Allocates_nothing()
    {
        var ring = new InboundRing(8);
        var command = new byte[100];
        var into = new byte[CommandSlot.Size];
        void Round()
        {
            for (var i = 0; i < 1000; i++)
            {
                ring.TryPublish(command);
                ring.TryTake(into, out _);
            }
        }
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
