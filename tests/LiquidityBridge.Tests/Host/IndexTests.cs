using System.Collections.Concurrent;
using Grpc.Core;
using LiquidityBridge.Host;

namespace LiquidityBridge.Tests.Host;

/// <summary>Index prices on their way to the venue, over a real HTTP/2 connection.</summary>
internal sealed class IndexTests
{
    [Test, CancelAfter(20_000)]
    public async Task What_the_venue_did_not_take_is_told_again_and_only_the_newest(CancellationToken cancel)
    {
        await using var server = await FakeFeed.Start();
        var lines = new ConcurrentQueue<string>();
        using var index = new VenueIndex(server.Address, FakeFeed.Token, lines.Enqueue);
        index.Start();
        server.Refusal = new Status(StatusCode.FailedPrecondition, "an operator must set it");
        index.Send(new TellIndex(1, 500));
        while (server.Told.IsEmpty) await Task.Delay(5, cancel);
        index.Send(new TellIndex(1, 501));
        index.Send(new TellIndex(2, 7));
        server.Refusal = null;
        while (!server.Told.Contains((2, 7))) await Task.Delay(5, cancel);
        while (!server.Told.Contains((1, 501))) await Task.Delay(5, cancel);
        await Task.Delay(100, cancel);
        Assert.That(server.Told.Where(t => t.Instrument == 1).SkipWhile(t => t.Ticks == 500), Is.EqualTo(new[] { (1, 501L) }), "the older one is not told after the newer, and nothing twice");
        Assert.That(lines.Where(l => l.Contains("an operator must set it")), Has.Exactly(1).Items);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_venue_that_is_not_there_is_tried_until_the_end(CancellationToken cancel)
    {
        var free = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var address = new Uri($"http://{free.LocalEndpoint}");
        free.Stop();
        var lines = new ConcurrentQueue<string>();
        using (var index = new VenueIndex(address, FakeFeed.Token, lines.Enqueue))
        {
            index.Start();
            index.Send(new TellIndex(1, 500));
            while (lines.IsEmpty) await Task.Delay(5, cancel);
        }
        Assert.That(lines.First(), Does.StartWith("index price 500 of the venue's instrument 1: "));
        Assert.That(lines.Last(), Is.EqualTo("index prices: stopped"));
    }
}
