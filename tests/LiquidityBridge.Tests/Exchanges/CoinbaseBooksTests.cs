using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Coinbase;
using LiquidityBridge.Tests.Sandbox;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>Coinbase's market data, frame by frame.</summary>
internal sealed class CoinbaseBooksTests
{
    private const string Products = """{"products":[{"product_id":"BTC-USD","price_increment":"0.01","base_increment":"0.00000001","base_min_size":"0.00001","status":"online","trading_disabled":false}]}""";
    private const string First = "bid 1@45000 bid 2@44999.5 offer 3@45001";

    private readonly List<Input> _told = [];
    private readonly List<string> _sent = [];
    private Tally _tally = null!;
    private CoinbaseBooks _books = null!;
    private long _nowNs, _number;

    private static Instrument Btc() => new(0, "BTC-USD", "BTC", "USD", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = "BTC-USD", Tick = 1, Lot = 1, Min = 5000, TakerFeePpm = 0 }],
    };

    [SetUp]
    public void Connect()
    {
        _nowNs = TestBridge.StartNs;
        Make();
        Open();
    }

    private void Make()
    {
        _told.Clear();
        _sent.Clear();
        _tally = new Tally(0, _ => { });
        _books = new CoinbaseBooks(0, [Btc()], _told.Add, _tally, new SlidingLimit(30, TestBridge.SecondNs), new SlidingLimit(100, TestBridge.SecondNs));
    }

    private void Open(string products = Products)
    {
        _number = 0;
        _books.Connecting(_nowNs);
        _books.Open(bytes => _sent.Add(Encoding.UTF8.GetString(bytes)), Encoding.UTF8.GetBytes(products), _nowNs);
    }

    private static string Envelope(string channel, string events, long number) => $$"""{"channel":"{{channel}}","client_id":"","timestamp":"2026-01-01T00:00:00Z","sequence_num":{{number}},"events":[{{events}}]}""";

    private void Get(string channel, string events, long? number = null)
    {
        _books.On(Encoding.UTF8.GetBytes(Envelope(channel, events, number ?? _number)), _nowNs += 1_000_000);
        _number = (number ?? _number) + 1;
    }

    private static string Event(string type, string levels) =>
        $$"""{"type":"{{type}}","product_id":"BTC-USD","updates":[{{string.Join(',', levels.Split(' ', StringSplitOptions.RemoveEmptyEntries).Chunk(2).Select(l => $$"""{"side":"{{l[0]}}","event_time":"x","price_level":"{{l[1].Split('@')[1]}}","new_quantity":"{{l[1].Split('@')[0]}}"}"""))}}]}""";

    private void Book(string type, string levels, long? number = null) => Get("l2_data", Event(type, levels), number);

    private void Answer(string levels)
    {
        Assert.That(_books.NextQuestion(_nowNs), Is.EqualTo("/api/v3/brokerage/product_book?product_id=BTC-USD&limit=5"));
        string Side(string side) => string.Join(',', levels.Split(' ').Chunk(2).Where(l => l[0] == side).Select(l => $$"""{"price":"{{l[1].Split('@')[1]}}","size":"{{l[1].Split('@')[0]}}"}"""));
        _books.OnAnswer(Encoding.UTF8.GetBytes($$"""{"pricebook":{"product_id":"BTC-USD","bids":[{{Side("bid")}}],"asks":[{{Side("offer")}}],"time":"x"} }"""), _nowNs += 1_000_000);
    }

    private BookImage Last => _told.OfType<BookImage>().Last();

    [Test]
    public void Each_channel_is_subscribed_by_itself_and_heartbeats_first() => Assert.That(_sent, Is.EqualTo(new[]
    {
        """{"type":"subscribe","channel":"heartbeats","product_ids":[]}""",
        """{"type":"subscribe","channel":"status","product_ids":["BTC-USD"]}""",
        """{"type":"subscribe","channel":"market_trades","product_ids":["BTC-USD"]}""",
        """{"type":"subscribe","channel":"level2","product_ids":["BTC-USD"]}""",
    }));

    [Test]
    public void A_snapshot_is_live_once_REST_shows_it_and_goes_on_by_its_updates()
    {
        Book("snapshot", First);
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
        Answer(First);
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
        Assert.That(Last.Bids, Is.EqualTo(new[] { new Level(4500000, 100_000_000), new Level(4499950, 200_000_000) }));
        Book("update", "bid 0@45000 offer 1.5@45000.75");
        Assert.That((Last.State, Last.Bids[0].Price, Last.Asks[0]), Is.EqualTo((BookState.Live, 4499950L, new Level(4500075, 150_000_000))));
    }

    [Test]
    public void What_REST_showed_a_moment_before_or_after_is_the_same_book()
    {
        Book("snapshot", First);
        Book("update", "offer 1@45000.5");
        Answer(First);
        Assert.That(Last.State, Is.EqualTo(BookState.Live), "it was so a moment ago");
        Assert.That(Last.Asks[0].Price, Is.EqualTo(4500050));
        Connect();
        Book("snapshot", First);
        Answer("bid 1@45000 bid 2@44999.5 offer 1@45000.5 offer 3@45001");
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
        Book("update", "offer 1@45000.5");
        Assert.That(Last.State, Is.EqualTo(BookState.Live), "it came");
    }

    [Test]
    public void An_old_snapshot_never_gets_live_and_is_asked_for_anew()
    {
        Book("snapshot", First);
        for (var n = 0; n < 7; n++)
        {
            // It moves, and never to where REST is.
            Answer("bid 7@45000 offer 3@45001");
            Assert.That((Last.State, Last.Why == OutsideReason.OldSnapshot), Is.EqualTo((BookState.Syncing, n == 6)));
            if (n < 6) Book("update", $"bid {n + 1}@44000");
            _nowNs += TestBridge.SecondNs / 2;
        }
        Assert.That((Last.Why, _sent[^1]), Is.EqualTo((OutsideReason.OldSnapshot, """{"type":"subscribe","channel":"level2","product_ids":["BTC-USD"]}""")));
    }

    [TestCase(5, OutsideReason.Gap)]
    [TestCase(0, OutsideReason.Repeated)]
    public void A_number_that_is_not_the_next_voids_all_books_and_ends_the_connection(long number, OutsideReason why)
    {
        Book("snapshot", First);
        Answer(First);
        Get("heartbeats", """{"current_time":"x","heartbeat_counter":1}""", number);
        Assert.That((Last.State, Last.Why, Last.Bids.Count, _books.Poll(_nowNs)), Is.EqualTo((BookState.Syncing, why, 0, false)));
        Book("update", "bid 1@44000");
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
    }

    [Test]
    public void A_quiet_book_that_REST_shows_otherwise_twice_is_stale()
    {
        Book("snapshot", First);
        Answer(First);
        Assert.That(_books.NextQuestion(_nowNs), Is.Null);
        _nowNs += WitnessedBook.EveryNs;
        Answer(First);
        _nowNs += WitnessedBook.EveryNs;
        Answer("bid 7@45000 offer 3@45001");
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
        _nowNs += TestBridge.SecondNs / 2;
        Answer("bid 7@45000 offer 3@45001");
        Assert.That((Last.State, Last.Why), Is.EqualTo((BookState.Syncing, OutsideReason.Stale)));
    }

    [Test]
    public void A_crossed_book_is_not_shown()
    {
        Book("snapshot", First);
        Answer(First);
        Book("update", "bid 1@45001");
        Assert.That((Last.State, Last.Why), Is.EqualTo((BookState.Syncing, OutsideReason.Crossed)));
    }

    [TestCase("\"price_increment\":\"0.01\"", "\"price_increment\":\"0.001\"", TestName = "Coinbase: prices finer than the grid")]
    [TestCase("\"base_min_size\":\"0.00001\"", "\"base_min_size\":\"1\"", TestName = "Coinbase: a smallest order above the configured one")]
    [TestCase("BTC-USD", "BTC-EUR", TestName = "Coinbase: a product that is not traded there")]
    public void What_does_not_fit_the_configuration_disables_the_book(string from, string to)
    {
        Make();
        Open(Products.Replace(from, to, StringComparison.Ordinal));
        Assert.That(Last.State, Is.EqualTo(BookState.Disabled));
    }

    [Test]
    public void A_product_that_goes_offline_shows_nothing_until_a_new_snapshot()
    {
        Book("snapshot", First);
        Answer(First);
        const string status = """{"type":"update","products":[{"id":"BTC-USD","quote_increment":"0.01","base_increment":"0.00000001","status":"offline"}]}""";
        Get("status", status);
        Assert.That((Last.State, Last.Why), Is.EqualTo((BookState.Suspended, OutsideReason.Halted)));
        Get("status", status.Replace("offline", "online", StringComparison.Ordinal));
        Assert.That(_sent[^1], Does.Contain("level2"));
        Book("snapshot", First);
        Answer(First);
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
    }

    [Test]
    public void Heartbeats_that_stop_end_the_connection_though_others_speak()
    {
        for (var n = 0; n < 3; n++)
        {
            Get("heartbeats", """{"current_time":"x","heartbeat_counter":1}""");
            _nowNs += 4 * TestBridge.SecondNs;
            Assert.That(_books.Poll(_nowNs), Is.True);
        }
        Get("market_trades", """{"type":"update","trades":[{"trade_id":"1","product_id":"BTC-USD","price":"45000","size":"0.5","side":"BUY","time":"x"}]}""");
        Assert.That(_told.OfType<OutsideTrade>().Single().TakerSide, Is.EqualTo(Venue.Messages.Side.Sell), "the side is the maker's");
        _nowNs += 2 * TestBridge.SecondNs;
        Assert.That(_books.Poll(_nowNs), Is.False);
    }

    [TestCase("bid -1@45000")]
    [TestCase("bid 1@NaN")]
    [TestCase("bid 1@1e400")]
    [TestCase("bid 1@45000.001")]
    [TestCase("sideways 1@45000")]
    public void A_level_that_is_not_one_voids_the_book_and_is_counted(string level)
    {
        Book("snapshot", First);
        Book("update", level);
        Assert.That((Last.State, Last.Why, _tally.Of(OutsideReason.BadNumber)), Is.EqualTo((BookState.Syncing, OutsideReason.BadNumber, 1)));
    }

    [Test]
    public void No_frame_however_broken_throws_or_shows_a_book_that_cannot_be([Values(1, 2)] int seed)
    {
        var mutant = new Mutant(seed, [Products, Envelope("l2_data", Event("snapshot", First), 0), Envelope("l2_data", Event("update", "bid 1@44000"), 1), Envelope("status", """{"type":"update","products":[{"id":"BTC-USD"}]}""", 1)]);
        for (var i = 0; i < 15_000; i++)
        {
            _books.On(mutant.Next(), _nowNs += 10_000_000);
            if (_books.NextQuestion(_nowNs) is not null) _books.OnAnswer(mutant.Next(), _nowNs);
            var image = Last;
            if (image.State == BookState.Live) Assert.That(image.Bids.Zip(image.Bids.Skip(1)).All(p => p.First.Price > p.Second.Price) && !(image.Bids.Count > 0 && image.Asks.Count > 0 && image.Bids[0].Price >= image.Asks[0].Price), Is.True);
            if (image.State != BookState.Disabled && _books.Poll(_nowNs)) continue;
            Make();
            Open();
            Book("snapshot", First);
            if (i % 2 == 0) Answer(First);
        }
        Assert.That(_told, Is.Not.Empty);
    }
}
