using System.Collections.Concurrent;
using LiquidityBridge.Host;
using Venue.Api;
using Venue.Messages;

namespace LiquidityBridge.Tests.Host;

/// <summary>The venue's feed over a real HTTP/2 connection.</summary>
internal sealed class FeedTests
{
    private static Event Fill(long seq, int index) => new()
    {
        Seq = seq, Index = index,
        Fill = new Fill
        {
            Instrument = 1, TradeId = 1, PriceTicks = 1003, Lots = 5,
            Buyer = new FillSide { Firm = 2, ClOrdId = "client", FeeAtoms = "7" },
            Seller = new FillSide { Firm = 9, ClOrdId = "Q1-1-1001", FeeAtoms = "-170141183460469231731687303715884105727" },
        },
    };

    [Test, CancelAfter(20_000)]
    public async Task A_fill_comes_as_two_sides_and_a_cut_stream_goes_on_where_it_stopped(CancellationToken cancel)
    {
        await using var server = await FakeFeed.Start();
        server.Put(10, new Event { Seq = 3, FirmDefined = new Venue.Api.FirmDefined { Firm = 9, Name = "HOUSE" } }, Fill(9, 2));
        var inputs = new ConcurrentQueue<Input>();
        using var feed = new VenueFeed(server.Address, FakeFeed.Token, 5, inputs.Enqueue, _ => { });
        feed.Start();
        await Until(() => inputs.OfType<FeedChanged>().Any(), cancel);
        Assert.Multiple(() =>
        {
            Assert.That(server.AskedAfter.Single(), Is.EqualTo(5));
            Assert.That(inputs.OfType<VenueFirmDefined>().Single().Name, Is.EqualTo("HOUSE"));
            var sides = inputs.OfType<VenueFill>().ToList();
            Assert.That(sides.Select(s => (s.Seq, s.Index, s.Side, s.Firm)), Is.EqualTo(new[] { (9L, 2, Side.Buy, 2), (9L, 2, Side.Sell, 9) }));
            Assert.That(sides[1].FeeAtoms, Is.EqualTo(-Int128.MaxValue));
            Assert.That(inputs.OfType<FeedPosition>().Single().ThroughSeq, Is.EqualTo(10));
        });

        server.Cut();
        await Until(() => inputs.OfType<FeedChanged>().Any(f => !f.IsUp), cancel);
        server.Put(12, Fill(12, 0));
        await Until(() => inputs.OfType<VenueFill>().Any(f => f.Seq == 12), cancel);
        Assert.That(server.AskedAfter, Is.EqualTo(new[] { 5L, 10L }));
        Assert.That(inputs.OfType<VenueFill>().Count(f => f.Seq == 9), Is.EqualTo(2), "told once");
    }

    [TestCase(1004, 3, "Buy 2 1004 3 6, Buy 9 1003 5 8, Sell 2 1003 5 -7, Sell 9 1004 3 -4")]
    [TestCase(0, 0, "Buy 9 1003 5 8, Sell 2 1003 5 -7")]
    [CancelAfter(20_000)]
    public async Task A_corrected_trade_is_taken_back_and_told_as_it_is_now(long ticks, long lots, string told, CancellationToken cancel)
    {
        await using var server = await FakeFeed.Start();
        server.Put(10, Fill(9, 2), new Event
        {
            Seq = 10, Index = 1,
            TradeCorrected = new TradeCorrected
            {
                Instrument = 1, TradeId = 1, PriceTicks = 1003, Lots = 5, NewPriceTicks = ticks, NewLots = lots, BuyerFirm = 2, SellerFirm = 9,
                BuyerFeeAtoms = "7", SellerFeeAtoms = "-8", NewBuyerFeeAtoms = lots == 0 ? "0" : "6", NewSellerFeeAtoms = lots == 0 ? "0" : "-4", MoreNotionalAtoms = "0", MoreBaseAtoms = "0",
            },
        });
        var inputs = new ConcurrentQueue<Input>();
        using var feed = new VenueFeed(server.Address, FakeFeed.Token, 5, inputs.Enqueue, _ => { });
        feed.Start();
        await Until(() => inputs.OfType<FeedChanged>().Any(), cancel);
        Assert.That(string.Join(", ", inputs.OfType<VenueFill>().Where(f => f.Seq == 10).Select(f => $"{f.Side} {f.Firm} {f.Ticks} {f.Lots} {f.FeeAtoms}")), Is.EqualTo(told));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_wrong_token_is_told_to_the_operator_and_never_up(CancellationToken cancel)
    {
        await using var server = await FakeFeed.Start();
        var inputs = new ConcurrentQueue<Input>();
        var lines = new ConcurrentQueue<string>();
        using var feed = new VenueFeed(server.Address, "wrong", 0, inputs.Enqueue, lines.Enqueue);
        feed.Start();
        await Until(() => !lines.IsEmpty, cancel);
        Assert.That(lines.First(), Does.Contain("no such token"));
        Assert.That(inputs.OfType<FeedChanged>().Any(f => f.IsUp), Is.False);
    }

    private static async Task Until(Func<bool> condition, CancellationToken cancel)
    {
        while (!condition()) await Task.Delay(10, cancel);
    }
}
