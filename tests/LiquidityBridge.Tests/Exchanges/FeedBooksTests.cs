using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.CoinbaseFeed;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>The books of Coinbase Exchange's feed, frame by frame.</summary>
internal sealed class FeedBooksTests
{
    private const long MsNs = 1_000_000;
    private const string Products = """[{"id":"BTC-USD","quote_increment":"0.01","base_increment":"0.00000001","status":"online","cancel_only":false,"trading_disabled":false}]""";
    private const string Snapshot = """{"type":"snapshot","product_id":"BTC-USD","bids":[["100.00","1"],["99.00","2"]],"asks":[["101.00","1"]]}""";
    private const string Same = """{"bids":[["100","1",3],["99","2",1]],"asks":[["101","1",1]],"sequence":7}""";

    private static readonly Instrument Btc = new(0, "BTC-USD", "BTC", "USD", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = "BTC-USD", Tick = 1, Lot = 1, Min = 1000, TakerFeePpm = 0 }],
    };

    private readonly List<Input> _told = [];
    private readonly List<string> _sent = [];
    private FeedBooks _books = null!;
    private Tally _tally = null!;
    private long _nowNs;

    [SetUp]
    public void Connect() => Connect(Products);

    private void Connect(string products, FeedKey? key = null)
    {
        _told.Clear();
        _sent.Clear();
        _nowNs = TestBridge.StartNs;
        _books = new FeedBooks(0, [Btc], _told.Add, _tally = new Tally(0, _ => { }), new SlidingLimit(10, TestBridge.SecondNs), key);
        _books.Connecting(_nowNs);
        _books.Open(bytes => _sent.Add(Encoding.UTF8.GetString(bytes)), Encoding.UTF8.GetBytes(products), 0, _nowNs);
    }

    private void Get(string frame) => _books.On(Encoding.UTF8.GetBytes(frame), _nowNs += MsNs);

    private void Shows(string book)
    {
        Assert.That(Question(), Is.EqualTo("/products/BTC-USD/book?level=2"));
        _books.OnAnswer("/products/BTC-USD/book?level=2", Encoding.UTF8.GetBytes(book), _nowNs += MsNs);
    }

    private string? Question() => _books.NextQuestion(_nowNs += MsNs);

    private void Wait(long ms) => _books.Poll(_nowNs += ms * MsNs);

    private static string Update(string side, string price, string size) => $$"""{"type":"l2update","product_id":"BTC-USD","changes":[["{{side}}","{{price}}","{{size}}"]]}""";

    private BookImage Last => _told.OfType<BookImage>().Last();

    private void Live()
    {
        Get(Snapshot);
        Shows(Same);
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
    }

    [Test]
    public void Without_a_key_the_batches_are_subscribed_and_with_one_level2_is_signed()
    {
        Assert.That(_sent, Is.EqualTo(new[]
        {
            """{"type":"subscribe","product_ids":["BTC-USD"],"channels":["heartbeat","matches","status"]}""",
            """{"type":"subscribe","product_ids":["BTC-USD"],"channels":["level2_batch"]}""",
        }));
        Connect(Products, new FeedKey("KEY", "c2VjcmV0", "PASS"));
        Assert.That(_sent[1], Does.StartWith("""{"type":"subscribe","product_ids":["BTC-USD"],"channels":["level2"],"signature":""").And.Contain("\"key\":\"KEY\",\"passphrase\":\"PASS\",\"timestamp\":"));
    }

    [Test]
    public void A_snapshot_is_live_once_REST_shows_it_and_changes_follow_it()
    {
        Get(Snapshot);
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
        Shows(Same);
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
        Get(Update("buy", "100.50", "0.5"));
        Get(Update("sell", "101.00", "0"));
        Assert.Multiple(() =>
        {
            Assert.That(Last.Bids, Is.EqualTo(new[] { new Level(10050, 50_000_000), new Level(10000, 100_000_000), new Level(9900, 200_000_000) }));
            Assert.That(Last.Asks, Is.Empty);
        });
    }

    [Test]
    public void What_REST_showed_a_moment_too_early_proves_the_book_when_it_comes()
    {
        Get(Snapshot);
        Shows(Same.Replace("100\",\"1\"", "100\",\"5\""));
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
        Get(Update("buy", "100.00", "5"));
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
    }

    [Test]
    public void A_change_that_was_lost_is_found_while_others_go_on()
    {
        Live();
        // REST has a bid at 98 that the feed has lost; the book changes elsewhere all the time.
        var truth = Same.Replace("[\"99\",\"2\",1]", "[\"99\",\"2\",1],[\"98\",\"4\",1]");
        for (var asked = 0; Last.State == BookState.Live; asked++)
        {
            Assert.That(asked, Is.LessThan(3));
            Wait(2000);
            Get(Update("sell", "101.00", $"{asked + 2}"));
            Shows(truth.Replace("[\"101\",\"1\"", $"[\"101\",\"{asked + 2}\""));
            if (Last.State != BookState.Live) break;
            Wait(500);
            Shows(truth.Replace("[\"101\",\"1\"", $"[\"101\",\"{asked + 2}\""));
        }
        Assert.That(Last, Is.EqualTo(Last with { State = BookState.Syncing, Why = OutsideReason.Stale }));
        Assert.That(_sent[^2..], Is.EqualTo(new[] { """{"type":"unsubscribe","product_ids":["BTC-USD"],"channels":["level2_batch"]}""", """{"type":"subscribe","product_ids":["BTC-USD"],"channels":["level2_batch"]}""" }));
    }

    [Test]
    public void A_book_that_changes_is_not_contradicted_by_what_it_was_a_moment_ago()
    {
        Live();
        Wait(2100);
        Assert.That(Question(), Is.Not.Null);
        Get(Update("buy", "100.00", "7"));
        _books.OnAnswer("/products/BTC-USD/book?level=2", Encoding.UTF8.GetBytes(Same), _nowNs += MsNs);
        Wait(500);
        Assert.That(Question(), Is.Null, "it agreed: asked again two seconds later");
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
    }

    [Test]
    public void A_match_that_a_heartbeat_names_and_that_does_not_come_ends_the_connection()
    {
        Live();
        Get("""{"type":"match","trade_id":5,"side":"sell","size":"0.1","price":"101.00","product_id":"BTC-USD"}""");
        Assert.That(_told.OfType<OutsideTrade>().Single(), Is.EqualTo(new OutsideTrade { NowNs = _nowNs, Exchange = 0, Instrument = 0, Price = 10100, Quantity = 10_000_000, TakerSide = Side.Buy }));
        Get("""{"type":"heartbeat","sequence":9,"last_trade_id":5,"product_id":"BTC-USD"}""");
        Get("""{"type":"heartbeat","sequence":9,"last_trade_id":6,"product_id":"BTC-USD"}""");
        Assert.That(_books.Poll(_nowNs), Is.True, "it may be a moment behind");
        Get("""{"type":"heartbeat","sequence":9,"last_trade_id":6,"product_id":"BTC-USD"}""");
        Assert.Multiple(() =>
        {
            Assert.That(_books.Poll(_nowNs), Is.False);
            Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
            Assert.That(_tally.Of(OutsideReason.Gap), Is.EqualTo(1));
        });
    }

    [Test]
    public void A_crossed_book_and_a_number_that_is_none_are_never_told()
    {
        Live();
        Get(Update("buy", "101.50", "1"));
        Assert.That(Last.Why, Is.EqualTo(OutsideReason.Crossed));
        Wait(1000);
        Live();
        foreach (var size in new[] { "-1", "NaN", "1e400", "" })
        {
            Get(Update("buy", "100.00", size));
            Assert.That(Last, Is.EqualTo(Last with { State = BookState.Syncing, Why = OutsideReason.BadNumber }), size);
            Wait(1000);
            Live();
        }
    }

    [Test]
    public void A_halt_pulls_the_book_and_a_step_that_does_not_fit_disables_it()
    {
        Live();
        Get($$"""{"type":"status","products":{{Products.Replace("online", "offline")}}}""");
        Assert.That(Last.State, Is.EqualTo(BookState.Suspended));
        Get($$"""{"type":"status","products":{{Products}}}""");
        Live();
        Connect(Products.Replace("0.01\"", "0.05\""));
        Assert.That(Last.State, Is.EqualTo(BookState.Disabled));
    }

    [TestCase("1-1000-1", "00000001-0001-4b1d-8b1d-0000000003e8")]
    [TestCase("12-1767225600-9", "0000000c-0009-4b1d-8b1d-00006955b900")]
    public void Our_ids_are_UUIDs_there_and_come_back_as_they_were(string id, string uuid) => Assert.Multiple(() =>
    {
        Assert.That(FeedId.ToUuid(id), Is.EqualTo(uuid));
        Assert.That(FeedId.FromUuid(uuid), Is.EqualTo(id));
        Assert.That(FeedId.FromUuid(uuid.Replace("4b1d", "4b1e")), Is.Null, "somebody else's");
    });

    /// <summary>HMAC-SHA256 of "1700000000GET/users/self/verify" under "secret", computed with openssl.</summary>
    [Test]
    public void The_signature_is_the_documented_one() =>
        Assert.That(new FeedKey("KEY", "c2VjcmV0", "PASS").Sign(1700000000, "GET", "/users/self/verify"), Is.EqualTo("lhmJXK08fk9SI1ZwFXKFRrPtzfbNOwC+D1xMJJ/1KZg="));
}
