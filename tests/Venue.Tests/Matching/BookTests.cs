using System.Globalization;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Tests.Matching;

internal sealed class BookTests
{
    [Test]
    public void Sweeps_the_best_level_then_rests_what_is_left() => Play("""
        sell a 50@50000
        => rest a 50
        sell b 100@50010
        => rest b 100
        buy c 200@50010
        => trade a 50@50000
        => trade b 100@50010
        => rest c 50
        """);

    [Test]
    public void At_one_price_the_oldest_trades_first() => Play("""
        buy a 1@10
        => rest a 1
        buy b 1@10
        => rest b 1
        buy c 1@10
        => rest c 1
        cancel b
        sell d 5@10
        => trade a 1@10
        => trade c 1@10
        => rest d 3
        """);

    [Test]
    public void A_reduced_order_keeps_its_place_and_one_that_came_back_does_not() => Play("""
        buy a 5@10
        => rest a 5
        buy b 5@10
        => rest b 5
        reduce a 2
        sell c 1@10
        => trade a 1@10
        cancel a
        buy a 1@10
        => rest a 1
        sell d 6@10
        => trade b 5@10
        => trade a 1@10
        """);

    [Test]
    public void Finds_the_next_price_however_far_away() => Play("""
        sell a 1@268435456
        => rest a 1
        sell b 1@1
        => rest b 1
        sell c 1@64
        => rest c 1
        sell d 1@4096
        => rest d 1
        sell e 1@262144
        => rest e 1
        sell f 1@16777216
        => rest f 1
        buy g 7@268435456
        => trade b 1@1
        => trade c 1@64
        => trade d 1@4096
        => trade e 1@262144
        => trade f 1@16777216
        => trade a 1@268435456
        => rest g 1
        buy h 1@16777215
        => rest h 1
        buy i 1@63
        => rest i 1
        sell j 9@1
        => trade g 1@268435456
        => trade h 1@16777215
        => trade i 1@63
        => rest j 6
        """);

    [Test]
    public void Looking_ahead_changes_nothing() => Play("""
        sell a 5@10
        => rest a 5
        sell b 5@10
        => rest b 5
        sell c 5@12
        => rest c 5
        fillable buy 20@11
        => 10
        fillable buy 7@12
        => 7
        fillable buy 20@9
        => 0
        walk buy 12@12
        => 10@10
        => 2@12
        buy d 15@12
        => trade a 5@10
        => trade b 5@10
        => trade c 5@12
        """);

    [Test]
    public void An_order_cannot_be_reduced_to_nothing_or_to_more()
    {
        var (book, _, _) = NewBook(10);
        book.Rest(1, Side.Buy, new Price(10), new Quantity(5));
        Assert.That(() => book.Reduce(1, new Quantity(0)), Throws.InvalidOperationException);
        Assert.That(() => book.Reduce(1, new Quantity(6)), Throws.InvalidOperationException);
        Assert.That(book.QuantityAt(Side.Buy, new Price(10)), Is.EqualTo(new Quantity(5)));
    }

    [Test]
    public void The_first_maker_is_the_oldest_at_the_best_price_that_crosses()
    {
        var (book, _, _) = NewBook(10);
        Assert.That(book.FirstMaker(Side.Sell, new Price(1)), Is.Zero, "empty");
        book.Rest(1, Side.Buy, new Price(9), new Quantity(1));
        book.Rest(2, Side.Buy, new Price(10), new Quantity(1));
        book.Rest(3, Side.Buy, new Price(10), new Quantity(1));
        Assert.That(book.FirstMaker(Side.Sell, new Price(10)), Is.EqualTo(2));
        Assert.That(book.FirstMaker(Side.Sell, new Price(11)), Is.Zero, "does not cross");
        Assert.That(book.FirstMaker(Side.Buy, new Price(10)), Is.Zero, "own side");
        foreach (var ticks in new[] { 0, -1, long.MinValue, long.MaxValue, (1L << 32) + 5 })
            Assert.That(book.FirstMaker(Side.Sell, new Price(ticks)), Is.Zero, "no price that can rest");
    }

    [Test]
    public void Level_pages_come_back_when_they_are_empty()
    {
        var (book, pages, _) = NewBook(10);
        for (var round = 0; round < 100; round++)
        {
            for (var slot = 1; slot <= 4; slot++) book.Rest(slot, slot % 2 == 0 ? Side.Buy : Side.Sell, new Price(slot * 1000), new Quantity(1));
            Assert.That(pages.Left, Is.EqualTo(6));
            for (var slot = 1; slot <= 4; slot++) book.Cancel(slot);
            Assert.That(pages.Left, Is.EqualTo(10));
        }
    }

    [Test]
    public void The_book_says_when_there_is_no_room_for_a_level()
    {
        var (book, _, _) = NewBook(1);
        book.Rest(1, Side.Buy, new Price(64), new Quantity(1));
        Assert.That(book.HasRoom(Side.Buy, new Price(127)), Is.True, "same page");
        Assert.That(book.HasRoom(Side.Buy, new Price(128)), Is.False, "next page");
        Assert.That(book.HasRoom(Side.Sell, new Price(127)), Is.False, "other side");
        Assert.That(() => book.Rest(2, Side.Buy, new Price(128), new Quantity(1)), Throws.InvalidOperationException);
    }

    [Test]
    public void Sizes_stay_what_the_memory_was_planned_for()
    {
        Assert.That(System.Runtime.CompilerServices.Unsafe.SizeOf<RestingOrder>(), Is.LessThanOrEqualTo(40));
        Assert.That(System.Runtime.CompilerServices.Unsafe.SizeOf<Level>(), Is.EqualTo(16));
    }

    private static (Book<Fills> Book, LevelPages Pages, List<string> Said) NewBook(int pageCount)
    {
        var pages = new LevelPages(pageCount);
        var said = new List<string>();
        return (new Book<Fills>(new OrderSlab(100), pages, new Price(Ladder.TicksMax), new Fills(said)), pages, said);
    }

    /// <summary>Plays a transcript; an order's name is one letter, its slot the letter's place in the alphabet.</summary>
    private static void Play(string transcript)
    {
        var (book, _, said) = NewBook(50);
        var expected = transcript.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var actual = new List<string>();
        foreach (var line in expected.Where(line => !line.StartsWith("=>", StringComparison.Ordinal)))
        {
            actual.Add(line);
            said.Clear();
            Do(book, line.Split(' '), said);
            actual.AddRange(said.Select(text => "=> " + text));
        }
        Assert.That(string.Join('\n', actual), Is.EqualTo(string.Join('\n', expected)));
    }

    private static void Do(Book<Fills> book, string[] words, List<string> said)
    {
        var slot = words[1][0] - 'a' + 1;
        switch (words[0])
        {
            case "cancel":
                book.Cancel(slot);
                break;
            case "reduce":
                book.Reduce(slot, new Quantity(long.Parse(words[2], CultureInfo.InvariantCulture)));
                break;
            case "fillable":
                var (wanted, limit) = Terms(words[2]);
                said.Add(book.Fillable(SideOf(words[1]), limit, wanted).Lots.ToString(CultureInfo.InvariantCulture));
                break;
            case "walk":
                var visitor = new Visitor(said);
                var (most, worst) = Terms(words[2]);
                book.Walk(SideOf(words[1]), worst, most, ref visitor);
                break;
            default:
                var (quantity, price) = Terms(words[2]);
                var rested = book.Enter(slot, SideOf(words[0]), price, quantity);
                if (rested.Lots > 0) said.Add($"rest {words[1]} {rested.Lots}");
                break;
        }
    }

    private static Side SideOf(string word) => word == "buy" ? Side.Buy : word == "sell" ? Side.Sell : throw new ArgumentException(word);

    private static (Quantity, Price) Terms(string text)
    {
        var parts = text.Split('@');
        return (new Quantity(long.Parse(parts[0], CultureInfo.InvariantCulture)), new Price(long.Parse(parts[1], CultureInfo.InvariantCulture)));
    }

    private readonly struct Fills(List<string> said) : IBookEvents
    {
        public void OnFill(int maker, Price price, Quantity quantity) => said.Add($"trade {(char)('a' + maker - 1)} {quantity.Lots}@{price.Ticks}");
        public void OnStep(int slot, BookStep step) => said.Add($"{step} {(char)('a' + slot - 1)}");
    }

    private readonly struct Visitor(List<string> said) : IFillVisitor
    {
        public void Visit(Price price, Quantity quantity) => said.Add($"{quantity.Lots}@{price.Ticks}");
    }
}
