using System.Collections.Concurrent;
using System.Globalization;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Tests.Sandbox;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>Connections that come of age, with books and orders on them.</summary>
[Parallelizable]
internal sealed class RotationTests
{
    [SetUp]
    public void Forget() => _passed.Clear();

    private static Instrument Btc(string symbol) => new(0, "BTC-USD", "BTC", "USD", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = symbol, Tick = 10, Lot = 1000, Min = 10_000, TakerFeePpm = 0, QuoteAsset = symbol == "BTCUSDT" ? "USDT" : null }],
    };

    [TestCase("kraken", "BTC/USD"), TestCase("binance", "BTCUSDT"), TestCase("okx", "BTC-USD"), TestCase("coinbase", "BTC-USD"), TestCase("coinbase-exchange", "BTC-USD"), CancelAfter(60_000)]
    public async Task A_new_connection_follows_an_old_one_without_a_blind_moment(string protocol, string symbol, CancellationToken cancel)
    {
        // Of this exchange alone: one of another case may tell something while it ends.
        var told = new ConcurrentQueue<Input>();
        long Followed() => told.OfType<ExchangeCounts>().LastOrDefault()?.Counts.Where(c => c.Reason == OutsideReason.Followed).Sum(c => c.Count) ?? 0;

        await using var sandbox = await RunningSandbox.Start(scripted: false);
        using var exchange = Adapters.Make(protocol, sandbox, Btc(symbol), told.Enqueue, "", ageMax: TimeSpan.FromSeconds(1));
        exchange.Start();
        await Until(() => told.OfType<ExchangeTrading>().Any(t => t.IsUp) && told.OfType<BookImage>().Any(b => b.State == BookState.Live), cancel);
        // Two generations of both sockets from here on: a busy machine may have seen some before the first book was there.
        var before = Followed();
        await Until(() => Followed() >= before + 4, cancel);
        var images = told.OfType<BookImage>().SkipWhile(b => b.State != BookState.Live).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(images.All(b => b.State == BookState.Live), Is.True, "the book was live all the time");
            Assert.That(images.All(b => b.Bids[0].Price < b.Asks[0].Price), Is.True);
            Assert.That(told.OfType<ExchangeTrading>().All(t => t.IsUp), Is.True, "orders could be sent all the time");
            Assert.That(images.Zip(images.Skip(1)).Max(p => p.Second.NowNs - p.First.NowNs), Is.LessThan(TestBridge.SecondNs), "the market steps ten times a second");
        });
    }

    private static async Task Until(Func<bool> condition, CancellationToken cancel)
    {
        while (!condition()) await Task.Delay(20, cancel);
    }

    private readonly List<string> _passed = [];

    private Gate Make(Lock gates) => new(i => _passed.Add(string.Create(CultureInfo.InvariantCulture, $"{((BookImage)i).State}@{i.NowNs}")), gates);

    private static BookImage Image(BookState state, long nowNs) => new() { NowNs = nowNs, Exchange = 0, Instrument = 0, State = state };

    [Test]
    public void What_the_follower_knows_is_told_when_it_takes_over_and_nothing_of_the_former_after_it()
    {
        var gates = new Lock();
        var (former, follower) = (Make(gates), Make(gates));
        former.Follow(null);
        former.Post(Image(BookState.Live, 1));
        follower.Post(Image(BookState.Syncing, 2));
        Assert.That(follower.KnowsAsMuchAs(former), Is.False);
        follower.Post(Image(BookState.Live, 3));
        Assert.That(follower.KnowsAsMuchAs(former), Is.True);
        former.Post(Image(BookState.Live, 4));
        follower.Follow(former);
        former.Post(Image(BookState.Disconnected, 5));
        follower.Post(Image(BookState.Live, 6));
        Assert.That(_passed, Is.EqualTo(new[] { "Live@1", "Live@4", "Live@3", "Live@6" }));
    }

    [Test]
    public void One_that_cannot_send_orders_does_not_follow_one_that_can()
    {
        var gates = new Lock();
        var (former, follower) = (new Gate(_ => { }, gates), new Gate(_ => { }, gates));
        former.Post(new ExchangeTrading { NowNs = 1, Exchange = 0, IsUp = true });
        Assert.That(follower.KnowsAsMuchAs(former), Is.False);
        follower.Post(new ExchangeTrading { NowNs = 2, Exchange = 0, IsUp = true });
        Assert.That(follower.KnowsAsMuchAs(former), Is.True);
    }
}
