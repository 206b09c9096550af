namespace LiquidityBridge.Tests.Books;

internal sealed class BookTests
{
    [Test]
    public void Levels_are_kept_best_first_and_a_quantity_of_zero_removes_one()
    {
        var book = new LevelBook();
        foreach (var (price, quantity) in new[] { (10L, 1L), (12, 2), (11, 3), (12, 5) }) Assert.That(book.Set(isBid: true, price, quantity), Is.True);
        foreach (var (price, quantity) in new[] { (15L, 1L), (13, 2), (14, 3) }) book.Set(isBid: false, price, quantity);
        Assert.That(book.Set(isBid: true, 11, 0), Is.True);
        Assert.That(book.Set(isBid: true, 11, 0), Is.False, "it is gone already");
        Assert.Multiple(() =>
        {
            Assert.That(book.Bids, Is.EqualTo(new[] { new Level(12, 5), new Level(10, 1) }));
            Assert.That(book.Asks, Is.EqualTo(new[] { new Level(13, 2), new Level(14, 3), new Level(15, 1) }));
            Assert.That(book.IsCrossed, Is.False);
        });
        book.Truncate(1);
        book.Set(isBid: true, 13, 1);
        Assert.Multiple(() =>
        {
            Assert.That(book.Asks, Is.EqualTo(new[] { new Level(13, 2) }));
            Assert.That(book.IsCrossed, Is.True, "a bid as high as the ask");
        });
    }

    [Test]
    public void A_sorted_list_agrees_with_a_dictionary_whatever_is_set()
    {
        var random = new Random(7);
        var book = new LevelBook();
        var naive = new SortedDictionary<long, long>();
        for (var i = 0; i < 5000; i++)
        {
            var (price, quantity) = (random.NextInt64(60), random.NextInt64(4));
            book.Set(isBid: true, price, quantity);
            if (quantity == 0) naive.Remove(price);
            else naive[price] = quantity;
            Assert.That(book.Bids, Is.EqualTo(naive.Reverse().Select(l => new Level(l.Key, l.Value))));
        }
    }

    [TestCase("Connecting Subscribed Proven", BookState.Live)]
    [TestCase("Connecting Subscribed Proven Broken", BookState.Syncing)]
    [TestCase("Connecting Subscribed Proven Broken Proven", BookState.Live)]
    [TestCase("Connecting Subscribed Proven Silent", BookState.Stale)]
    [TestCase("Connecting Subscribed Proven Silent Proven", BookState.Live)]
    [TestCase("Connecting Subscribed Proven Halted Proven", BookState.Suspended)]
    [TestCase("Connecting Subscribed Proven Halted Resumed", BookState.Syncing)]
    [TestCase("Connecting Subscribed Proven Lost", BookState.Disconnected)]
    [TestCase("Connecting Subscribed Misfit Proven Lost Connecting", BookState.Disabled)]
    public void A_book_is_live_only_by_proof(string events, BookState expected)
    {
        var status = new BookStatus();
        foreach (var e in events.Split(' ')) status.Move(Enum.Parse<BookEvent>(e));
        Assert.That(status.State, Is.EqualTo(expected));
    }

    [Test]
    public void A_proof_without_a_subscription_is_a_bug() => Assert.That(() => new BookStatus().Move(BookEvent.Proven), Throws.InvalidOperationException);

    [Test]
    public void Nothing_but_a_proof_makes_a_book_live()
    {
        foreach (var from in Enum.GetValues<BookState>().Where(s => s != BookState.Live))
            foreach (var on in Enum.GetValues<BookEvent>().Where(e => e != BookEvent.Proven))
                Assert.That(LeadsTo(from, on), Is.Not.EqualTo(BookState.Live), $"{on} while {from}");

        static BookState? LeadsTo(BookState from, BookEvent on)
        {
            try
            {
                return BookStatus.Next(from, on);
            }
            catch (InvalidOperationException)   // no legal move
            {
                return null;
            }
        }
    }
}
