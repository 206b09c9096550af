using System.Runtime.CompilerServices;
using Venue.Engine;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Memory: nothing allocated per order, little per order kept, nothing forgotten too early or too late.</summary>
internal sealed class FootprintTests
{
    [Test]
    public void Order_commands_allocate_nothing()
    {
        var capacity = new EngineCapacity { Orders = 1 << 12, ClOrdIDs = 1 << 13, LevelPages = 1 << 10 };
        var log = new EventLog();
        var engine = new VenueEngine<Recorder>(capacity, log.Recorder);
        var random = new RandomCommands(5, isRich: true);
        long allocated = 0;
        var orders = 0;
        for (var i = 0; i < 130_000; i++)
        {
            var command = random.Next();
            log.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            engine.Apply(command);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            // The first commands run code for the first time; definitions, credits and what operators do may allocate.
            if (i < 20_000 || Command.Header(command).Type is < CommandType.NewOrder or >= CommandType.DefineLimits) continue;
            allocated += bytes;
            orders++;
        }
        Assert.That(allocated, Is.Zero);
        Assert.That(orders, Is.GreaterThan(100_000));
    }

    [Test]
    public void A_resting_order_with_its_ClOrdID_and_its_share_of_the_table_takes_at_most_160_bytes() =>
        Assert.That(Unsafe.SizeOf<Order>() + IDBuckets.BytesPerEntry, Is.LessThanOrEqualTo(160));

    [Test]
    public void A_venue_for_millions_of_orders_starts_small()
    {
        var before = Environment.WorkingSet;
        var engine = new VenueEngine<Recorder>(new EngineCapacity(), new EventLog().Recorder);
        var grown = Environment.WorkingSet - before;
        GC.KeepAlive(engine);
        Assert.That(grown, Is.LessThan(100_000_000), "a gigabyte is reserved, almost nothing of it is touched");
    }

    [Test]
    public void A_capacity_says_all_that_is_wrong_with_it()
    {
        Assert.That(new EngineCapacity().Validate(), Is.Empty);
        Assert.That(new EngineCapacity { Orders = 0, ClOrdIDs = -1, LevelPages = 0 }.Validate(), Has.Count.EqualTo(3));
        Assert.That(() => new VenueEngine<Recorder>(new EngineCapacity { Orders = 10, ClOrdIDs = 9 }, new EventLog().Recorder), Throws.ArgumentException);
    }

    [Test]
    public void Closed_orders_and_their_ids_are_forgotten_oldest_first() => Script.Run("""
        firm alice USD 1000
        alice buy a1 1@100
        => alice New a1 1@100 New 0+1
        => level buy 1@100
        alice buy a2 1@100
        => alice New a2 1@100 New 0+1
        => level buy 2@100
        alice buy a3 1@100
        => alice Rejected a3 1@100 Rejected 0+0 VenueFull
        alice cancel c1 a1
        => alice Canceled c1 of a1 1@100 Canceled 0+0 ClientRequest
        => level buy 1@100
        alice status a1
        => alice OrderStatus a1 1@100 Canceled 0+0
        alice buy a3 1@100
        => alice New a3 1@100 New 0+1
        => level buy 2@100
        alice status a1
        => alice OrderStatus a1 0 Rejected 0+0 UnknownOrder
        alice buy a1 1@100
        => alice Rejected a1 1@100 Rejected 0+0 DuplicateClOrdID
        alice cancel c2 a3
        => alice Canceled c2 of a3 1@100 Canceled 0+0 ClientRequest
        => level buy 1@100
        alice buy a1 1@100
        => alice New a1 1@100 New 0+1
        => level buy 2@100
        alice cancel c3 a2
        => alice Canceled c3 of a2 1@100 Canceled 0+0 ClientRequest
        => level buy 1@100
        """, new EngineCapacity { Orders = 2, ClOrdIDs = 2, LevelPages = 5 });
}
