using System.Diagnostics;
using System.Globalization;
using Venue.Host;
using Venue.Messages;
using Venue.Sequencer;
using Venue.Tests.Gateway;

namespace Venue.Tests.Host;

/// <summary>How long a start takes, with and without a snapshot.</summary>
[TestFixture, Explicit("Writes gigabytes: VENUE_START_RECORDS says how many records, ten million when it does not.")]
internal sealed class StartTests
{
    [Test]
    public void A_start_from_a_snapshot_replays_only_what_follows()
    {
        var wanted = long.Parse(Environment.GetEnvironmentVariable("VENUE_START_RECORDS") ?? "10000000", CultureInfo.InvariantCulture);
        using var venue = new CoreHarness(orders: 1 << 20);
        var state = new ReplicaState(new FeedCollector(), venue.Snapshots);
        long records = 0, next = 0;
        var order = 0;
        var written = false;
        while (records < wanted)
        {
            for (var i = 0; i < 1000; i++) Send(venue, ++order);
            venue.Journal.Sync();
            venue.Journal.Prepare();
            while (venue.Journal.TryNext(ref next, venue.Journal.Appended, out var kind, out var payload))
            {
                records++;
                if (!written) state.Fold(kind, payload, next - Journal.RecordBytes(payload.Length));
            }
            if (written || records < wanted - 100_000) continue;
            var started = Stopwatch.GetTimestamp();
            var writer = state.Write(feedSeq: 0);
            var filled = Stopwatch.GetElapsedTime(started);
            venue.Snapshots.Finish(writer);
            written = true;
            TestContext.Out.WriteLine($"snapshot of command {state.Engine.LastSeq}: {new FileInfo(writer.Path).Length / 1048576.0:N1} MiB, {filled.TotalMilliseconds:N0} ms to write, {Stopwatch.GetElapsedTime(started).TotalMilliseconds:N0} ms until durable");
        }
        var hash = venue.Core.Engine.StateHash();
        var with = Start(venue, hash);
        Assert.That(venue.Core.SnapshotNotes[0], Does.StartWith("began with snapshot"));
        File.Delete(venue.Snapshots.Newest[0]);
        var without = Start(venue, hash);
        TestContext.Out.WriteLine($"{records:N0} records, {venue.JournalEnd / 1048576.0:N0} MiB, {venue.Core.LastSeq:N0} commands: start in {with.TotalSeconds:N2} s with the snapshot, {without.TotalSeconds:N2} s without");
        Assert.That(with, Is.LessThan(without));
    }

    private static TimeSpan Start(CoreHarness venue, ulong hash)
    {
        var started = Stopwatch.GetTimestamp();
        venue.Restart();
        var elapsed = Stopwatch.GetElapsedTime(started);
        Assert.That(venue.Core.Engine.StateHash(), Is.EqualTo(hash));
        return elapsed;
    }

    /// <summary>Half new orders, some of which trade, half cancels of earlier ones.</summary>
    private static void Send(CoreHarness venue, int n)
    {
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var order = ref Command.Begin<NewOrder>(slot, CommandType.NewOrder);
        order.Header.Session = 1 + n % 2;
        order.ClOrdID = Text40.From($"order {n}");
        order.Instrument = 1;
        order.Side = n % 3 == 0 ? Side.Sell : Side.Buy;
        order.OrdType = OrdType.Limit;
        order.TimeInForce = TimeInForce.GoodTillCancel;
        order.PriceTicks = 5_000_000 + (order.Side == Side.Buy ? -1 : 1) * (n % 101) + n % 7;
        order.Lots = 10_000;
        venue.Core.Publish(slot[..order.Header.Length]);
        if (n > 50)
        {
            ref var cancel = ref Command.Begin<CancelOrder>(slot, CommandType.CancelOrder);
            cancel.Header.Session = 1 + (n - 50) % 2;
            cancel.ClOrdID = Text40.From($"cancel {n}");
            cancel.OrigClOrdID = Text40.From($"order {n - 50}");
            cancel.Instrument = 1;
            cancel.Side = (n - 50) % 3 == 0 ? Side.Sell : Side.Buy;
            venue.Core.Publish(slot[..cancel.Header.Length]);
        }
        venue.Core.Drain();
    }
}
