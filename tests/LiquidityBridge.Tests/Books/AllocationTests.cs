using LiquidityBridge.Benchmarks;

namespace LiquidityBridge.Tests.Books;

/// <summary>What an update costs the collector, from the bytes that a socket gives to the top of the aggregated book.</summary>
internal sealed class AllocationTests
{
    private const int Updates = 20_000;

    [Test]
    public void An_update_allocates_nothing_once_every_buffer_has_its_size()
    {
        var market = new OutsideMarket(instruments: 20, exchanges: 5, levelsPerUpdate: 4);
        for (var i = 0; i < 3 * Updates; i++) market.Update();
        var windows = new List<long>();
        for (var window = 0; window < 5; window++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Updates; i++) market.Update();
            windows.Add(GC.GetAllocatedBytesForCurrentThread() - before);
        }
        TestContext.Out.WriteLine($"bytes in each {Updates} updates: {string.Join(", ", windows)}");
        Assert.That(market.Live, Is.EqualTo(100), "all books are live: there was work");
        // A book that becomes larger than it ever was makes room once.
        Assert.That(windows.Min(), Is.Zero);
        Assert.That(windows.Sum(), Is.LessThan(Updates), "less than a byte for five updates");
    }
}
