using Venue.Gateway;
using Venue.Messages;

namespace Venue.Tests.Gateway;

public class BookChecksumTests
{
    private static readonly DefineInstrument Terms = new() { TickMantissa = 1, TickDecimals = 1, LotMantissa = 1, LotDecimals = 8 };

    /// <summary>The example in Kraken's own documentation of its book feed.</summary>
    private const string Asks = "45285.2 0.00100000 45286.4 1.54571953 45286.6 1.54571109 45289.6 1.54560911 45290.2 0.15890660 45291.8 1.54553491 45294.7 0.04454749 45296.1 0.35380000 45297.5 0.09945542 45299.5 0.18772827";
    private const string Bids = "45283.5 0.10000000 45283.4 1.54582015 45282.1 0.10000000 45281.0 0.10000000 45280.3 1.54592586 45279.0 0.07990000 45277.6 0.03310103 45277.5 0.30000000 45277.3 1.54602737 45276.6 0.15445238";

    private static DepthBook Book()
    {
        var book = new DepthBook();
        foreach (var (side, text) in new[] { (Side.Sell, Asks), (Side.Buy, Bids) })
        {
            var numbers = text.Split(' ').Select(n => long.Parse(n.Replace(".", ""))).ToArray();
            for (var i = 0; i < numbers.Length; i += 2) book.On(new LevelChanged { Side = side, PriceTicks = numbers[i], Lots = numbers[i + 1] });
        }
        return book;
    }

    [Test]
    public void It_is_Krakens() => Assert.That(BookChecksum.Of(Book(), Terms), Is.EqualTo(3310070434));

    [Test]
    public void What_lies_beyond_ten_levels_does_not_count()
    {
        var book = Book();
        book.On(new LevelChanged { Side = Side.Sell, PriceTicks = 999999, Lots = 1 });
        book.On(new LevelChanged { Side = Side.Buy, PriceTicks = 1, Lots = 1 });
        Assert.That(BookChecksum.Of(book, Terms), Is.EqualTo(3310070434));
        book.On(new LevelChanged { Side = Side.Buy, PriceTicks = 452835, Lots = 10000001 });
        Assert.That(BookChecksum.Of(book, Terms), Is.Not.EqualTo(3310070434));
    }

    [Test]
    public void An_empty_book_has_the_checksum_of_nothing() => Assert.That(BookChecksum.Of(new DepthBook(), Terms), Is.Zero);

    /// <summary>A tick of 0.05 and a lot of 0.25: the digits are those of the published decimals.</summary>
    [Test]
    public void Coarse_ticks_count_by_what_is_published()
    {
        var (coarse, fine) = (new DepthBook(), new DepthBook());
        coarse.On(new LevelChanged { Side = Side.Sell, PriceTicks = 20, Lots = 3 });
        fine.On(new LevelChanged { Side = Side.Sell, PriceTicks = 100, Lots = 75 });
        Assert.That(BookChecksum.Of(coarse, new DefineInstrument { TickMantissa = 5, TickDecimals = 2, LotMantissa = 25, LotDecimals = 2 }),
            Is.EqualTo(BookChecksum.Of(fine, new DefineInstrument { TickMantissa = 1, TickDecimals = 2, LotMantissa = 1, LotDecimals = 2 })));
    }
}
