using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Binance;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>Binance's streams and snapshots, frame by frame.</summary>
internal sealed class BinanceBooksTests
{
    private const string Info = """{"symbols":[{"symbol":"BTCUSDT","status":"TRADING","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.01000000"},{"filterType":"LOT_SIZE","minQty":"0.00001000","stepSize":"0.00001000"}]}]}""";

    private readonly List<Input> _told = [];
    private readonly List<string> _sent = [];
    private readonly List<BinanceQuestion> _questions = [];
    private BinanceBooks _books = null!;
    private Tally _tally = null!;
    private long _nowNs;

    private static Instrument Btc => new(0, "BTC-USDT", "BTC", "USDT", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = "BTCUSDT", Tick = 1, Lot = 1000, Min = 1000, TakerFeePpm = 0 }],
    };

    [SetUp]
    public void Connect()
    {
        _told.Clear();
        _sent.Clear();
        _questions.Clear();
        _nowNs = TestBridge.StartNs;
        _books = new BinanceBooks(0, [Btc], _told.Add, _tally = new Tally(0, _ => { }), q =>
        {
            _questions.Add(q);
            return true;
        });
        _books.Connecting(_nowNs);
        _books.Open(bytes => _sent.Add(Encoding.UTF8.GetString(bytes)), _nowNs);
    }

    private void Get(string frame) => _books.On(Encoding.UTF8.GetBytes(frame), _nowNs += 1_000_000);

    private void Answer(string body) => _books.OnAnswer(_questions[^1], Encoding.UTF8.GetBytes(body), _nowNs += 1_000_000);

    /// <summary>A snapshot, and the same when it is asked for again.</summary>
    private void Show(string snapshot)
    {
        Answer(snapshot);
        Poll();
        Answer(snapshot);
    }

    private void Ready()
    {
        Answer(Info);
        Get("""{"result":null,"id":1}""");
        Poll();
    }

    private void Poll()
    {
        _nowNs += 1_100_000_000;
        Assert.That(_books.Poll(_nowNs), Is.True);
    }

    private static string Diff(long first, long last, string bids = "", string asks = "") =>
        $$"""{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":{{first}},"u":{{last}},"b":[{{Levels(bids)}}],"a":[{{Levels(asks)}}]}""";

    private static string Snapshot(long last, string bids, string asks) => $$"""{"lastUpdateId":{{last}},"bids":[{{Levels(bids)}}],"asks":[{{Levels(asks)}}]}""";

    // "1@100 2@99" as Binance writes levels.
    private static string Levels(string text) =>
        string.Join(',', text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('@')).Select(l => $"""["{l[1]}.00000000","{l[0]}.00000000"]"""));

    private BookImage Last => _told.OfType<BookImage>().Last();

    private static string Text(IEnumerable<Level> levels) => string.Join(' ', levels.Select(l => $"{l.Quantity / 100_000_000}@{l.Price / 100}"));

    [Test]
    public void Streams_and_filters_first_then_a_snapshot()
    {
        Assert.That(_sent.Single(), Is.EqualTo("""{"method":"SUBSCRIBE","params":["btcusdt@depth@100ms","btcusdt@trade"],"id":1}"""));
        Assert.That(_questions.Single().PathAndQuery, Does.StartWith("/api/v3/exchangeInfo?symbols="));
        Ready();
        Assert.That(_questions[^1].PathAndQuery, Is.EqualTo("/api/v3/depth?symbol=BTCUSDT&limit=1000"));
        Answer(Snapshot(100, "1@99 2@98", "1@101"));
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing), "it may be older than what the stream has told");
        Get(Diff(99, 100, "7@98"));
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
        Assert.That(Text(Last.Bids), Is.EqualTo("1@99 2@98"));
    }

    [TestCase("95-99 100-102", "1@99 5@97 | 1@101", BookState.Live, OutsideReason.None, TestName = "Diffs up to the snapshot are dropped and the first kept covers its successor")]
    [TestCase("99-101 102-102", "1@99 5@97 | 1@101", BookState.Live, OutsideReason.None, TestName = "The first kept may begin before the snapshot ends")]
    [TestCase("102-103", "", BookState.Syncing, OutsideReason.OldSnapshot, TestName = "A snapshot older than the first diff is not used")]
    [TestCase("100-101 103-104", "", BookState.Syncing, OutsideReason.Gap, TestName = "A hole behind the first diff is a gap")]
    [TestCase("100-101 101-102", "", BookState.Syncing, OutsideReason.Gap, TestName = "A diff that overlaps the one before is a gap")]
    public void Diffs_that_came_before_the_snapshot(string ranges, string expected, BookState state, OutsideReason why)
    {
        Ready();
        foreach (var range in ranges.Split(' '))
        {
            var (first, last) = (long.Parse(range.Split('-')[0]), long.Parse(range.Split('-')[1]));
            Get(Diff(first, last, last <= 100 ? "9@98" : "5@97 0@98"));
        }
        Answer(Snapshot(100, "1@99 2@98", "1@101"));
        Assert.Multiple(() =>
        {
            Assert.That(Last.State, Is.EqualTo(state));
            Assert.That(Last.Why, Is.EqualTo(why));
            if (state == BookState.Live) Assert.That($"{Text(Last.Bids)} | {Text(Last.Asks)}", Is.EqualTo(expected));
            else Assert.That(Last.Bids, Is.Empty);
        });
    }

    [Test]
    public void A_gap_voids_the_book_and_a_new_snapshot_heals_it()
    {
        Ready();
        Show(Snapshot(100, "1@99", "1@101"));
        Get(Diff(101, 101, "2@99"));
        Get(Diff(103, 103, "3@99"));
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
        Get(Diff(104, 104, "4@99"));
        var asked = _questions.Count;
        Poll();
        Assert.That(_questions, Has.Count.EqualTo(asked + 1));
        Answer(Snapshot(104, "4@99", "1@101"));
        Get(Diff(105, 105, "", "7@102"));
        Assert.That($"{Last.State} {Text(Last.Bids)} | {Text(Last.Asks)}", Is.EqualTo("Live 4@99 | 1@101 7@102"));
        Assert.That(_tally.Of(OutsideReason.Gap), Is.EqualTo(1));
    }

    [Test]
    public void Where_nothing_changes_the_same_snapshot_again_is_the_proof()
    {
        Ready();
        Answer(Snapshot(100, "1@99", "1@101"));
        Poll();
        Answer(Snapshot(102, "3@99", "1@101"));
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing), "the first was old, and nobody told of the difference");
        Poll();
        Answer(Snapshot(102, "3@99", "1@101"));
        Assert.That($"{Last.State} {Text(Last.Bids)}", Is.EqualTo("Live 3@99"));
        var asked = _questions.Count;
        Poll();
        Assert.That(_questions, Has.Count.EqualTo(asked), "it is not asked for any more");
    }

    [Test]
    public void A_snapshot_that_is_older_than_the_stream_is_never_shown()
    {
        Ready();
        Answer(Snapshot(100, "1@99", "1@101"));
        Get(Diff(103, 104, "2@99"));
        Assert.That($"{Last.State} {Last.Why}", Is.EqualTo("Syncing OldSnapshot"));
        Assert.That(_told.OfType<BookImage>().Any(b => b.State == BookState.Live), Is.False);
    }

    [Test]
    public void A_diff_that_comes_again_is_passed_over_and_counted()
    {
        Ready();
        Show(Snapshot(100, "1@99", "1@101"));
        Get(Diff(101, 102, "2@99"));
        Get(Diff(101, 102, "9@99"));
        Assert.That($"{Last.State} {Text(Last.Bids)}", Is.EqualTo("Live 2@99"));
        Assert.That(_tally.Of(OutsideReason.Repeated), Is.EqualTo(1));
    }

    [Test]
    public void A_crossed_book_is_void()
    {
        Ready();
        Show(Snapshot(100, "1@99", "1@101"));
        Get(Diff(101, 101, "1@101"));
        Assert.That($"{Last.State} {Last.Why} {Last.Bids.Count}", Is.EqualTo("Syncing Crossed 0"));
    }

    [Test]
    public void Levels_that_the_snapshot_did_not_cover_are_never_shown()
    {
        Ready();
        // A thousand bids: what lies below the last one is unknown.
        Show(Snapshot(100, string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"1@{5000 - i}")), "1@5001"));
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
        Get(Diff(101, 101, string.Join(' ', Enumerable.Range(0, 980).Select(i => $"0@{5000 - i}"))));
        Assert.That($"{Last.State} {Last.Why}", Is.EqualTo("Syncing OldSnapshot"), "the 25 best would reach below what is known");
    }

    [TestCase("\"tickSize\":\"0.01000000\"", "\"tickSize\":\"0.05000000\"", TestName = "A step that is not the configured one there")]
    [TestCase("\"minQty\":\"0.00001000\"", "\"minQty\":\"0.10000000\"", TestName = "A smallest order above the configured one there")]
    [TestCase("BTCUSDT", "XXXUSDT", TestName = "A symbol that is not traded there")]
    public void What_does_not_fit_the_configuration_disables_the_book(string from, string to)
    {
        Answer(Info.Replace(from, to, StringComparison.Ordinal));
        Assert.That(Last.State, Is.EqualTo(BookState.Disabled));
    }

    [Test]
    public void A_halted_symbol_is_suspended_until_a_new_book_after_it_resumed()
    {
        Ready();
        Show(Snapshot(100, "1@99", "1@101"));
        _nowNs += 9 * TestBridge.SecondNs;
        Get("""{"result":[],"id":9}""");
        Poll();
        Answer(Info.Replace("TRADING", "HALT", StringComparison.Ordinal));
        Assert.That($"{Last.State} {Last.Why}", Is.EqualTo("Suspended Halted"));
        _nowNs += 10 * TestBridge.SecondNs;
        Get("""{"result":[],"id":9}""");
        Poll();
        Answer(Info);
        Poll();
        Show(Snapshot(200, "1@90", "1@91"));
        Assert.That($"{Last.State} {Text(Last.Bids)}", Is.EqualTo("Live 1@90"));
    }

    [Test]
    public void Silence_is_asked_about_and_then_ends_the_connection()
    {
        Ready();
        _nowNs += 500_000_000;
        Poll();
        Assert.That(_sent[^1], Does.Contain("LIST_SUBSCRIPTIONS"));
        _nowNs += 5 * TestBridge.SecondNs;
        Assert.That(_books.Poll(_nowNs), Is.False);
    }

    [Test]
    public void The_end_of_the_connection_is_announced() => Assert.Multiple(() =>
    {
        Assert.That(_books.IsEnding, Is.False);
        Get("""{"e":"serverShutdown","E":1}""");
        Assert.That(_books.IsEnding, Is.True);
    });

    [TestCase("1e400")]
    [TestCase("-1")]
    [TestCase("NaN")]
    [TestCase("0.000000001")]
    public void A_quantity_that_cannot_be_voids_the_book(string quantity)
    {
        Ready();
        Show(Snapshot(100, "1@99", "1@101"));
        Get($$"""{"e":"depthUpdate","s":"BTCUSDT","U":101,"u":101,"b":[["99.00","{{quantity}}"]],"a":[]}""");
        Assert.That($"{Last.State} {Last.Why}", Is.EqualTo("Syncing BadNumber"));
    }

    [Test]
    public void A_trade_is_told_with_its_takers_side()
    {
        Get("""{"e":"trade","E":1,"s":"BTCUSDT","t":5,"p":"99.50000000","q":"0.25000000","T":1,"m":true,"M":true}""");
        var trade = _told.OfType<OutsideTrade>().Single();
        Assert.That((trade.Price, trade.Quantity, trade.TakerSide), Is.EqualTo((9950L, 25_000_000L, Side.Sell)));
    }

    [Test]
    public void No_frame_however_broken_does_more_than_void_the_book()
    {
        var random = new Random(17);
        var frames = new[] { Diff(101, 103, "1@99 0@98", "2@101"), Diff(104, 104), """{"e":"trade","s":"BTCUSDT","p":"99.5","q":"0.25","m":true}""", """{"result":null,"id":1}""" };
        for (var i = 0; i < 20_000; i++)
        {
            var isAnswer = random.Next(4) == 0;
            var bytes = Encoding.UTF8.GetBytes(isAnswer ? (random.Next(2) == 0 ? Info : Snapshot(100, "1@99 2@98", "1@101")) : frames[random.Next(frames.Length)]);
            for (var n = random.Next(4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (isAnswer) _books.OnAnswer(_questions[^1], bytes, _nowNs += 10_000_000);
            else _books.On(bytes, _nowNs += 10_000_000);
            _books.Poll(_nowNs);
            if (Last.State == BookState.Live) Assert.That(Last.Bids.Count == 0 || Last.Asks.Count == 0 || Last.Bids[0].Price < Last.Asks[0].Price, Is.True);
            if (Last.State == BookState.Disabled) Connect();
            if (_told.Count > 1000) _told.RemoveRange(0, 900);
        }
    }
}
