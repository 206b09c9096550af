using System.Globalization;
using Venue.Messages;

namespace LiquidityBridge.Tests.Books;

/// <summary>All books outside seen as one: whole prices and quantities, fees in percent, so that tables can be read.</summary>
internal sealed class AggregatedBookTests
{
    private const long Now = TestBridge.StartNs, StaleNs = 5 * TestBridge.SecondNs;

    private static readonly RateTerms[] Terms = [new("USDT", "USD", 999_000_000, -1, 0), new("USDC", "USD", 0, 7, TestBridge.SecondNs)];

    /// <summary>"A fee 1 lot 5 min 10 in USDT full | 3@100 4@101" is an exchange's terms and its asks.</summary>
    private static OutsideBooks Make(string text, Rates? rates = null)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var markets = new List<Market>();
        foreach (var line in lines)
        {
            var terms = line.Split('|')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
            string Of(string name, string otherwise) => terms.IndexOf(name) is >= 0 and var at ? terms[at + 1] : otherwise;
            markets.Add(new Market
            {
                Exchange = markets.Count, Symbol = terms[0], Tick = 1, Lot = Number(Of("lot", "1")), Min = Number(Of("min", "1")), TakerFeePpm = 10_000 * (int)Number(Of("fee", "0")),
                QuoteAsset = Of("in", "") is { Length: > 0 } own ? own : null, IsFullAmount = terms.Contains("full"),
            });
        }
        var books = new OutsideBooks(new Instrument(0, "BTC-USD", "BTC", "USD", 0, 0)
        {
            VenueTick = 1, VenueLot = 1, VenueMin = 1, Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging, Markets = markets,
        }, rates ?? new Rates(Terms));
        for (var i = 0; i < lines.Length; i++)
        {
            var asks = lines[i].Split('|')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('@')).Select(l => new Level(Number(l[1]), Number(l[0]))).ToList();
            books.On(new BookImage { NowNs = Now + i, Exchange = i, Instrument = 0, State = BookState.Live, Bids = [new Level(1, 1000)], Asks = asks });
        }
        return books;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(OutsideLevel l) => $"{l.Market.Symbol}:{l.Quantity}@{l.Price}";

    private static string Buy(OutsideBooks books) => string.Join(' ', books.Levels(Side.Buy, Now, s => s.IsLive(Now, StaleNs)).Select(Text));

    [TestCase("A | 3@100 4@102\nB | 5@101", "A:3@100 B:5@101 A:4@102", TestName = "Levels of all books by price")]
    [TestCase("A fee 1 | 3@1000\nB fee 0 | 5@1005", "B:5@1005 A:3@1000", TestName = "Best is best after fees")]
    [TestCase("A | 3@100\nB | 5@100", "A:3@100 B:5@100", TestName = "Of equal levels the market that is configured first")]
    [TestCase("A lot 5 | 3@100 4@101 13@102", "A:5@101 A:15@102", TestName = "What is no whole lot is had at the next level's price")]
    [TestCase("A min 10 | 3@100 4@101 13@102", "A:20@102", TestName = "What is less than the smallest order is had at the next level's price")]
    [TestCase("A min 10 | 12@100 1@101", "A:12@100 A:1@101", TestName = "Beyond the smallest order any level counts")]
    [TestCase("A min 10 | 3@100", "", TestName = "A book that is thinner than the smallest order is none")]
    [TestCase("A in USDT | 3@1001\nB | 5@1000\nC in USDT | 1@1000", "C:1@999 A:3@1000 B:5@1000", TestName = "Prices in another asset are converted, rounded against us")]
    [TestCase("A in EUR | 3@100\nB | 5@101", "B:5@101", TestName = "Without a rate a book is not used")]
    [TestCase("A full | 3@100 9@101\nB | 5@102", "B:5@102", TestName = "Prices for a full amount are no part of it")]
    public void What_a_buyer_can_hit(string books, string expected) => Assert.That(Buy(Make(books)), Is.EqualTo(expected));

    [TestCase(3, "A:3@100")]
    [TestCase(5, "B:5@101")]
    [TestCase(9, "A:9@105")]
    [TestCase(10, null)]
    public void A_full_amount_is_had_from_one_source_at_one_price(long quantity, string? expected)
    {
        var books = Make("A full | 3@100 9@105\nB full | 5@101\nC | 50@99");
        Assert.That(books.FullAmount(Side.Buy, quantity, Now, s => s.IsLive(Now, StaleNs)) is { } level ? Text(level) : null, Is.EqualTo(expected));
    }

    [Test]
    public void A_rate_from_an_instrument_is_good_for_a_while()
    {
        var rates = new Rates(Terms);
        var books = Make("A in USDC | 3@1000\nB | 5@1002", rates);
        Assert.That(Buy(books), Is.EqualTo("B:5@1002"), "nothing told yet");
        rates.On(new Instrument(7, "USDC-USD", "USDC", "USD", 4, 0) { VenueTick = 1, VenueLot = 1, VenueMin = 1, Quoting = null!, Hedging = null!, Markets = [] }, 2 * 10_010, Now - TestBridge.SecondNs);
        Assert.That(Buy(books), Is.EqualTo("A:3@1001 B:5@1002"));
        Assert.That(books.Sources[0].IsLive(Now + 1, StaleNs), Is.False, "a moment later it is too old");
        Assert.That(books.Sources[1].IsLive(Now + 1, StaleNs), Is.True);
    }

    [Test]
    public void The_best_is_the_first_of_all_levels_whatever_the_books()
    {
        var random = new Random(41);
        for (var n = 0; n < 2000; n++)
        {
            var text = string.Join('\n', Enumerable.Range(0, random.Next(1, 6)).Select(i =>
                $"{(char)('A' + i)} fee {random.Next(3)} lot {random.Next(1, 4)} min {random.Next(1, 9)} {(random.Next(3) == 0 ? "in USDT" : "")} | {string.Join(' ', Enumerable.Range(0, random.Next(1, 6)).Select(l => $"{random.Next(1, 9)}@{1000 + 10 * l + random.Next(10)}"))}"));
            var books = Make(text);
            var all = books.Levels(Side.Buy, Now, s => s.IsLive(Now, StaleNs)).ToList();
            Assert.That(books.TryBest(Side.Buy, Now, StaleNs, out var best) ? best : default, Is.EqualTo(all.FirstOrDefault()), text);
            Assert.That(all.Zip(all.Skip(1)).All(p => p.First.NetPrice <= p.Second.NetPrice), Is.True, text);
            // Nothing is invented: of each book no more than it has.
            foreach (var source in books.Sources)
                Assert.That(all.Where(l => l.Market == source.Market).Sum(l => l.Quantity), Is.LessThanOrEqualTo(source.Image!.Asks.Sum(l => l.Quantity)), text);
        }
    }

    [Test]
    public void Each_level_says_since_when() =>
        Assert.That(Make("A | 3@100\nB | 5@101").Levels(Side.Buy, Now, _ => true).Select(l => l.TimeNs - Now), Is.EqualTo(new[] { 0L, 1L }));
}
