using System.Globalization;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Tests.Matching;

/// <summary>The price of an auction, against worked examples that exchanges publish and against the rules one by one.</summary>
internal sealed class AuctionTests
{
    /// <summary>
    /// ASX's algorithm of 2002 with its example in cents (UNSW, Trading Engine Course, session 3, appendix): most trades from 610 to
    /// 639, least is left from 635 to 639, buyers are left at all of these, so the highest.
    /// </summary>
    [TestCase(0), TestCase(620), TestCase(700)]
    public void The_example_of_the_Australian_exchange(long reference) => Expect(
        buys: "500@640 500@639 500@639 1000@634 500@633",
        sells: "1000@610 500@640 520@641 550@642 519@643",
        reference, price: 639, lots: 1000, surplus: 500);

    /// <summary>MarketGrid's documentation, "Single-Price Auction": the most that can trade is 290, at 12,400 alone.</summary>
    [Test]
    public void The_example_of_MarketGrid() => Expect(
        buys: "45@13000 95@12900 25@12800 35@12700 25@12600 55@12500 200@12400 80@12300 60@12200",
        sells: "35@13100 50@13000 10@12900 15@12800 10@12700 20@12600 90@12500 155@12400 125@12300 10@12200",
        reference: 13000, price: 12400, lots: 290, surplus: 190);

    /// <summary>
    /// Binance DEX, "Match Steps and Examples", numbers 1 to 4, 5.1 and 6.2: most trades; least is left (both ways); sellers are left at all
    /// prices, so the lowest; both are left, so the nearest to the last trade's price, 97.
    /// </summary>
    [TestCase("150@100 150@98", "250@98 50@97", 0, 98, 300, 0)]
    [TestCase("150@100 50@99 300@97", "200@97 100@96", 0, 97, 300, 200)]
    [TestCase("300@102 100@100 200@99 300@98", "250@98 250@97 1000@96", 0, 96, 900, -100)]
    [TestCase("30@102 10@101 50@99 15@96", "10@98 50@97 50@95", 0, 97, 90, -10)]
    [TestCase("10@102 10@97", "50@95", 80, 95, 20, -30)]
    [TestCase("25@100 25@97", "25@98 25@95", 97, 97, 25, 25)]
    public void The_examples_of_Binance_DEX(string buys, string sells, long reference, long price, long lots, long surplus) =>
        Expect(buys, sells, reference, price, lots, surplus);

    [Test]
    public void The_most_trades_even_when_more_is_left() => Expect("10@102 100@100", "10@99 10@100", 0, 100, 20, 90);

    [TestCase(90, 98), TestCase(98, 98), TestCase(100, 100), TestCase(103, 102), TestCase(0, 98)]
    public void With_nothing_left_the_reference_decides_as_far_as_the_orders_allow(long reference, long price) =>
        Expect("10@102", "10@98", reference, price, 10, 0);

    [TestCase(0), TestCase(100), TestCase(500)]
    public void With_sellers_left_at_all_prices_the_lowest(long reference) => Expect("10@102 5@90", "30@98", reference, 98, 10, -20);

    /// <summary>Buyers are left up to 100, sellers from 101 on: only these two can be the price.</summary>
    [TestCase(50, 100, 5), TestCase(100, 100, 5), TestCase(101, 101, -5), TestCase(300, 101, -5)]
    public void With_both_left_the_nearer_to_the_reference(long reference, long price, long surplus) =>
        Expect("10@102 5@100", "10@98 5@101", reference, price, 10, surplus);

    [TestCase("10@99", "10@100"), TestCase("", "10@100"), TestCase("10@99", "")]
    public void Without_a_crossing_there_is_no_price(string buys, string sells) => Expect(buys, sells, 100, 0, 0, 0);

    [Test]
    public void Hidden_orders_and_what_icebergs_keep_back_count()
    {
        var slab = new OrderSlab(10);
        var pages = new LevelPages(10);
        var (lit, dark) = (NewBook(slab, pages), NewBook(slab, pages));
        lit.Rest(1, Side.Buy, new Price(100), new Quantity(5));
        lit.AddReserve(1, new Quantity(20));
        dark.Rest(2, Side.Sell, new Price(99), new Quantity(15));
        lit.Rest(3, Side.Sell, new Price(101), new Quantity(5));
        dark.Rest(4, Side.Buy, new Price(102), new Quantity(1));
        Assert.That(Auction.Find(new Depth<NoEvents>(lit, dark), 0), Is.EqualTo(new AuctionResult(100, 15, 11)));
    }

    /// <summary>Of either side, between the best sell and the best buy; what rests beyond is not counted.</summary>
    [TestCase("1@102 1@101 1@100 9@90", "1@100", 2, 0), TestCase("1@102 1@101 1@100 9@90", "1@100", 3, 1)]
    [TestCase("1@102", "1@100 1@101 1@102 9@103", 2, 0), TestCase("1@102", "1@100 1@101 1@102 9@103", 3, 1)]
    public void Among_more_prices_than_may_be_looked_at_nothing_is_said(string buys, string sells, int levelsMax, long lots) =>
        Assert.That(Auction.Find(new Depth<NoEvents>(BookOf(buys, sells), null), 100, levelsMax).Lots, Is.EqualTo(lots));

    private static void Expect(string buys, string sells, long reference, long price, long lots, long surplus) =>
        Assert.That(Auction.Find(new Depth<NoEvents>(BookOf(buys, sells), null), reference), Is.EqualTo(new AuctionResult(price, lots, surplus)));

    private static Book<NoEvents> BookOf(string buys, string sells)
    {
        var book = NewBook(new OrderSlab(100), new LevelPages(100));
        var slot = 0;
        foreach (var (side, orders) in new[] { (Side.Buy, buys), (Side.Sell, sells) })
            foreach (var order in orders.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = order.Split('@').Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
                book.Rest(++slot, side, new Price(parts[1]), new Quantity(parts[0]));
            }
        return book;
    }

    private static Book<NoEvents> NewBook(OrderSlab slab, LevelPages pages) => new(slab, pages, new Price(20_000), default);

    private readonly struct NoEvents : IBookEvents
    {
        public void OnFill(int maker, Price price, Quantity quantity) => Assert.Fail("an auction's price is found without trading");
        public void OnStep(int slot, BookStep step) => Assert.Fail("nobody follows");
    }
}
