using System.Globalization;

namespace LiquidityBridge.Tests.Books;

/// <summary>What the venue is told an instrument is worth outside.</summary>
internal sealed class IndexPricesTests
{
    private const long Now = TestBridge.StartNs, StaleNs = 5 * TestBridge.SecondNs, EveryNs = TestBridge.SecondNs / 4;

    private static readonly RateTerms[] Terms = [new("USDT", "USD", 500_000_000, -1, 0)];

    private static (IndexPrices Prices, OutsideBooks Books) Make(string text, long tick = 1, int sourcesMin = 2)
    {
        var lines = text.Split(" | ").Select(l => l.Split(' ')).ToArray();
        var instrument = new Instrument(0, "BTC-USD", "BTC", "USD", 0, 0)
        {
            VenueTick = tick, VenueLot = 1, VenueMin = 1, Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
            Markets = [.. lines.Select((l, i) => new Market { Exchange = i, Symbol = "M", Tick = 1, Lot = 1, Min = 1, TakerFeePpm = 0, QuoteAsset = l.Length > 2 ? l[2] : null })],
        };
        var books = new OutsideBooks(instrument, new Rates(Terms));
        for (var i = 0; i < lines.Length; i++) Tell(books, i, lines[i][0], lines[i][1], Now);
        return (new IndexPrices(new IndexTerms(EveryNs, sourcesMin), 1), books);
    }

    private static void Tell(OutsideBooks books, int exchange, string bid, string ask, long nowNs) =>
        books.On(new BookImage { NowNs = nowNs, Exchange = exchange, Instrument = 0, State = BookState.Live, Bids = [new Level(Number(bid), 5)], Asks = [new Level(Number(ask), 5)] });

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static long Next(IndexPrices prices, OutsideBooks books, long nowNs, long tick = 1) =>
        prices.Next(new Instrument(0, "BTC-USD", "BTC", "USD", 0, 0) { VenueTick = tick, VenueLot = 1, VenueMin = 1, Quoting = null!, Hedging = null!, Markets = [] }, books, nowNs, StaleNs);

    [TestCase("1000 1002 | 1002 1004 | 1004 1006", 1003, TestName = "Of three the middle one")]
    [TestCase("1000 1002 | 1002 1004", 1002, TestName = "Of two what lies between")]
    [TestCase("1000 1001 | 1000 1002", 1001, TestName = "Half a tick is rounded up")]
    [TestCase("1000 1002", 0, TestName = "One alone is none")]
    [TestCase("1000 1002 | 1100 1102", 0, TestName = "Two that are far apart are none")]
    [TestCase("1000 1002 | 1002 1004 | 1100 1102", 1002, TestName = "One that is far from the others is left out")]
    [TestCase("1000 1002 | 1003 1003", 0, TestName = "A crossed book says nothing")]
    [TestCase("1000 1002 | 2004 2008 USDT", 1002, TestName = "Prices in another asset are converted")]
    [TestCase("1000 1002 | 2004 2008 EUR", 0, TestName = "Without a rate a book says nothing")]
    public void The_index_is_the_median_of_what_agrees(string sources, long expected)
    {
        var (prices, books) = Make(sources);
        Assert.That(Next(prices, books, Now), Is.EqualTo(expected));
    }

    [Test]
    public void It_is_told_in_ticks_now_and_then_and_when_it_has_changed()
    {
        var (prices, books) = Make("1000 1002 | 1002 1004", tick: 10);
        Assert.That(Next(prices, books, Now, 10), Is.EqualTo(100));
        Tell(books, 0, "1040", "1042", Now);
        Tell(books, 1, "1040", "1042", Now);
        Assert.That(Next(prices, books, Now + EveryNs - 1, 10), Is.Zero, "too early");
        Assert.That(Next(prices, books, Now + EveryNs, 10), Is.EqualTo(104));
        Tell(books, 0, "1041", "1043", Now);
        Assert.That(Next(prices, books, Now + 2 * EveryNs, 10), Is.Zero, "the same tick");
    }

    [Test]
    public void Nothing_is_told_of_books_that_are_stale_and_people_are_told_once()
    {
        var (prices, books) = Make("1000 1002 | 1002 1004");
        var instrument = TestBridge.Instrument();
        Assert.That(prices.IsMissed(instrument, Now + TestBridge.SecondNs * 3600), Is.False, "there never was one");
        Assert.That(Next(prices, books, Now), Is.EqualTo(1002));
        Tell(books, 0, "1050", "1052", Now);
        Assert.That(Next(prices, books, Now + StaleNs + 1), Is.Zero);
        Assert.That(prices.IsMissed(instrument, Now + 9 * TestBridge.SecondNs), Is.False);
        Assert.That(prices.IsMissed(instrument, Now + 10 * TestBridge.SecondNs), Is.True);
        Assert.That(prices.IsMissed(instrument, Now + 11 * TestBridge.SecondNs), Is.False, "only once");
        foreach (var exchange in (int[])[0, 1]) Tell(books, exchange, "1050", "1052", Now + 12 * TestBridge.SecondNs);
        Assert.That(Next(prices, books, Now + 12 * TestBridge.SecondNs), Is.EqualTo(1051));
        Assert.That(prices.IsMissed(instrument, Now + 22 * TestBridge.SecondNs), Is.True, "and again the next time");
    }

    [Test]
    public void The_core_tells_it_once_it_knows_the_venues_number()
    {
        var bridge = new Bridge(TestBridge.Options(TestBridge.Instrument()) with { Index = new IndexTerms(EveryNs) });
        bridge.Start(Now);
        foreach (var exchange in (int[])[0, 1])
            Assert.That(bridge.On(new BookImage { NowNs = Now, Exchange = exchange, Instrument = 0, State = BookState.Live, Bids = [new Level(999, 5)], Asks = [new Level(1001, 5)] }), Has.None.InstanceOf<TellIndex>());
        var told = TestBridge.Definitions(Now).SelectMany(d => bridge.On(d).ToArray()).OfType<TellIndex>();
        Assert.That(told, Is.EqualTo(new[] { new TellIndex(1, 1000) }));
    }
}
