using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Kraken;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>Kraken's public channels, frame by frame.</summary>
internal sealed class KrakenBooksTests
{
    private const string Pair =
        """
        {"channel":"instrument","type":"snapshot","data":{"assets":[],"pairs":[{"symbol":"BTC/USD","base":"BTC","quote":"USD","status":"online","qty_precision":8,"qty_increment":0.00000001,"qty_min":0.00005,"price_precision":1,"price_increment":0.1}]}}
        """;

    // The documented book: docs.kraken.com, "Book checksum", 3310070434.
    private const string Snapshot =
        """
        {"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":45283.5,"qty":0.10000000},{"price":45283.4,"qty":1.54582015},{"price":45282.1,"qty":0.10000000},{"price":45281.0,"qty":0.10000000},{"price":45280.3,"qty":1.54592586},{"price":45279.0,"qty":0.07990000},{"price":45277.6,"qty":0.03310103},{"price":45277.5,"qty":0.30000000},{"price":45277.3,"qty":1.54602737},{"price":45276.6,"qty":0.15445238}],"asks":[{"price":45285.2,"qty":0.00100000},{"price":45286.4,"qty":1.54571953},{"price":45286.6,"qty":1.54571109},{"price":45289.6,"qty":1.54560911},{"price":45290.2,"qty":0.15890660},{"price":45291.8,"qty":1.54553491},{"price":45294.7,"qty":0.04454749},{"price":45296.1,"qty":0.35380000},{"price":45297.5,"qty":0.09945542},{"price":45299.5,"qty":0.18772827}],"checksum":3310070434}]}
        """;

    private readonly List<Input> _told = [];
    private readonly List<string> _sent = [];
    private KrakenBooks _books = null!;
    private Tally _tally = null!;
    private long _nowNs;

    private static Instrument Btc(int priceDecimals = 2) => new(0, "BTC-USD", "BTC", "USD", priceDecimals, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = "BTC/USD", Tick = priceDecimals == 0 ? 1 : 10, Lot = 1, Min = 5000, TakerFeePpm = 0 }],
    };

    [SetUp]
    public void Connect()
    {
        _told.Clear();
        _sent.Clear();
        _nowNs = TestBridge.StartNs;
        _books = new KrakenBooks(0, [Btc()], _told.Add, _tally = new Tally(0, _ => { }));
        Open();
    }

    private void Open()
    {
        _books.Connecting(_nowNs);
        _books.Open(bytes => _sent.Add(Encoding.UTF8.GetString(bytes)), _nowNs);
    }

    private void Get(string frame) => _books.On(Encoding.UTF8.GetBytes(frame.Trim()), _nowNs += 1_000_000);

    private BookImage Last => _told.OfType<BookImage>().Last();

    [Test]
    public void Precisions_first_then_the_book()
    {
        Assert.That(_sent, Has.Count.EqualTo(1));
        Assert.That(_sent[0], Does.Contain("\"instrument\""));
        Get(Pair);
        Assert.That(_sent, Has.Count.EqualTo(3));
        Assert.That(_sent[1], Does.Contain("\"subscribe\"").And.Contain("\"trade\""));
        Assert.That(_sent[2], Does.Contain("\"subscribe\"").And.Contain("\"book\"").And.Contain("BTC/USD").And.Contain("\"depth\":25"));
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
    }

    [Test]
    public void The_documented_book_proves_itself_and_comes_onto_the_grid()
    {
        Get(Pair);
        Get(Snapshot);
        Assert.Multiple(() =>
        {
            Assert.That(Last.State, Is.EqualTo(BookState.Live));
            Assert.That(Last.Bids[0], Is.EqualTo(new Level(4528350, 10000000)));
            Assert.That(Last.Asks[0], Is.EqualTo(new Level(4528520, 100000)));
            Assert.That(Last.Bids, Has.Count.EqualTo(10));
        });
    }

    [Test]
    public void A_number_with_an_exponent_is_the_same_number()
    {
        Get(Pair);
        Get(Snapshot.Replace("0.00100000", "1e-3", StringComparison.Ordinal));
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
    }

    [Test]
    public void A_wrong_checksum_voids_the_book_and_it_is_asked_for_anew()
    {
        Get(Pair);
        Get(Snapshot);
        _nowNs += 2 * TestBridge.SecondNs;
        Get("""{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":45283.5,"qty":0.20000000}],"asks":[],"checksum":1}]}""");
        Assert.Multiple(() =>
        {
            Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
            Assert.That(Last.Bids, Is.Empty);
            Assert.That(_sent[^2], Does.Contain("\"unsubscribe\""));
            Assert.That(_sent[^1], Does.Contain("\"subscribe\""));
            Assert.That(_tally.Of(OutsideReason.Checksum), Is.EqualTo(1));
        });
        // An update of the old subscription that was on its way proves nothing.
        Get("""{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[],"asks":[],"checksum":0}]}""");
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
        Get(Snapshot);
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
    }

    [Test]
    public void Mismatches_in_a_row_are_answered_once_a_second()
    {
        Get(Pair);
        for (var i = 0; i < 50; i++) Get(Snapshot.Replace("3310070434", "1", StringComparison.Ordinal));
        Assert.That(_sent.Count(s => s.Contains("\"subscribe\"", StringComparison.Ordinal)), Is.EqualTo(3), "instrument, trades and one book");
        _nowNs += TestBridge.SecondNs;
        Assert.That(_books.Poll(_nowNs), Is.True);
        Assert.That(_sent.Count(s => s.Contains("\"subscribe\"", StringComparison.Ordinal)), Is.EqualTo(4));
    }

    [TestCase("\"price_increment\":0.1", "\"price_increment\":0.5", TestName = "A step that is not the configured one")]
    [TestCase("\"qty_min\":0.00005", "\"qty_min\":0.001", TestName = "A smallest order above the configured one")]
    [TestCase("\"price_precision\":1", "\"price_precision\":3", TestName = "A precision finer than the grid")]
    [TestCase("BTC/USD", "XXX/USD", TestName = "A pair that is not traded there")]
    public void What_does_not_fit_the_configuration_disables_the_book(string from, string to)
    {
        Get(Pair.Replace(from, to, StringComparison.Ordinal));
        Assert.That(Last.State, Is.EqualTo(BookState.Disabled));
        Get(Snapshot);
        Assert.That(Last.State, Is.EqualTo(BookState.Disabled));
    }

    [Test]
    public void A_halted_pair_is_suspended_until_a_new_book_after_it_resumed()
    {
        Get(Pair);
        Get(Snapshot);
        Get(Pair.Replace("online", "cancel_only", StringComparison.Ordinal).Replace("snapshot", "update", StringComparison.Ordinal));
        Assert.That(Last.State, Is.EqualTo(BookState.Suspended));
        Get(Pair.Replace("snapshot", "update", StringComparison.Ordinal));
        Get(Snapshot);
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
    }

    [Test]
    public void A_book_that_meets_itself_is_void_however_right_its_checksum()
    {
        Get(Pair);
        // Bid and ask at 1.0: the digits of "10" and "100000000" twice.
        var checksum = Crc32.Of("1010000000010100000000"u8);
        Get($$$"""{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":1.0,"qty":1.00000000}],"asks":[{"price":1.0,"qty":1.00000000}],"checksum":{{{checksum}}}}]}""");
        Assert.Multiple(() =>
        {
            Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
            Assert.That(Last.Why, Is.EqualTo(OutsideReason.Crossed));
            Assert.That(_tally.Of(OutsideReason.Checksum), Is.Zero);
        });
    }

    [TestCase("""{"channel":"book","channel":"book"}""", OutsideReason.DuplicateKey)]
    [TestCase("""{"channel":[[[[[[[[[[[[[]]]]]]]]]]]]]}""", OutsideReason.Malformed)]
    [TestCase("""{"channel":NaN}""", OutsideReason.Malformed)]
    [TestCase("""{"\u0061":1}""", OutsideReason.Malformed)]
    [TestCase("[]", OutsideReason.Malformed)]
    [TestCase("", OutsideReason.Malformed)]
    public void What_no_exchange_sends_is_counted(string frame, OutsideReason reason)
    {
        Get(frame);
        Assert.That(_tally.Of(reason), Is.EqualTo(1));
    }

    [TestCase("1e400")]
    [TestCase("-0.5")]
    [TestCase("0.123456789")]
    [TestCase("99999999999999999999")]
    public void A_quantity_that_cannot_be_voids_the_book(string quantity)
    {
        Get(Pair);
        Get(Snapshot);
        Get($$"""{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":45283.5,"qty":{{quantity}}}],"asks":[],"checksum":1}]}""");
        Assert.Multiple(() =>
        {
            Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
            Assert.That(Last.Why, Is.EqualTo(OutsideReason.BadNumber));
            Assert.That(_tally.Of(OutsideReason.BadNumber), Is.EqualTo(1));
        });
    }

    [Test]
    public void A_trade_is_told()
    {
        Get(Pair);
        Get("""{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"sell","price":45283.5,"qty":0.25,"ord_type":"limit","trade_id":7,"timestamp":"2026-01-01T00:00:00Z"}]}""");
        Assert.That(_told.OfType<OutsideTrade>().Select(t => (t.Price, t.Quantity, t.TakerSide)), Is.EqualTo(new[] { (4528350L, 25_000_000L, Side.Sell) }));
    }

    [Test]
    public void Silence_ends_the_connection_and_a_heartbeat_keeps_it()
    {
        Get(Pair);
        _nowNs += 4 * TestBridge.SecondNs;
        Get("""{"channel":"heartbeat"}""");
        Assert.That(_told[^1], Is.InstanceOf<ExchangeHeard>());
        _nowNs += 4 * TestBridge.SecondNs;
        Assert.That(_books.Poll(_nowNs), Is.True);
        _nowNs += 2 * TestBridge.SecondNs;
        Assert.That(_books.Poll(_nowNs), Is.False);
        _books.Lost(_nowNs);
        Assert.That(Last.State, Is.EqualTo(BookState.Disconnected));
        Open();
        Get(Pair);
        Get(Snapshot);
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
    }

    [Test]
    public void No_frame_however_broken_does_more_than_void_the_book()
    {
        var random = new Random(99);
        var frames = new[] { Pair.Trim(), Snapshot.Trim(), """{"channel":"status","type":"update","data":[{"system":"online"}]}""" };
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(frames[random.Next(frames.Length)]);
            for (var n = random.Next(4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(5) == 0) bytes = bytes[..random.Next(bytes.Length)];
            _books.On(bytes, _nowNs += 10_000_000);
            if (Last.State == BookState.Live) Assert.That(Last.Bids.Zip(Last.Bids.Skip(1)).All(p => p.First.Price > p.Second.Price), Is.True);
            if (Last.State != BookState.Disabled) continue;
            _books = new KrakenBooks(0, [Btc()], _told.Add, _tally = new Tally(0, _ => { }));
            Open();
            _told.RemoveRange(0, _told.Count - 1);
        }
    }
}
