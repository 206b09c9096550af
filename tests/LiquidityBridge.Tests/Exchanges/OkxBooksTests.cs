using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Okx;
using LiquidityBridge.Tests.Sandbox;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>OKX's public channels, frame by frame.</summary>
internal sealed class OkxBooksTests
{
    private const string Pair = """{"arg":{"channel":"instruments","instType":"SPOT"},"code":"0","data":[{"instType":"SPOT","instId":"BTC-USDT","instIdCode":10,"tickSz":"0.1","lotSz":"0.00000001","minSz":"0.00001","state":"live"}]}""";

    // docs-v5, "Checksum", first example.
    private static readonly string Snapshot = Message("snapshot", """["3366.1","7","0","3"],["3366","6","3","4"]""", """["3366.8","9","10","3"],["3368","8","3","4"]""", -1, 10, (int)TextBook.Crc("3366.1:7:3366.8:9:3366:6:3368:8"));

    private readonly List<Input> _told = [];
    private readonly List<string> _sent = [];
    private Tally _tally = null!;
    private OkxBooks _books = null!;
    private long _nowNs;

    private static Instrument Btc() => new(0, "BTC-USD", "BTC", "USD", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = "BTC-USDT", Tick = 10, Lot = 1, Min = 5000, TakerFeePpm = 0 }],
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
        _books = new OkxBooks(0, [Btc()], _told.Add, _tally, new SlidingLimit(40, 2 * TestBridge.SecondNs));
    }

    private void Open(string instruments = Pair)
    {
        _books.Connecting(_nowNs);
        _books.Open(bytes => _sent.Add(Encoding.UTF8.GetString(bytes)), Encoding.UTF8.GetBytes(instruments), _nowNs);
    }

    private static string Message(string action, string bids, string asks, long previous, long seqId, int checksum = 0) =>
        $$"""{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"{{action}}","data":[{"asks":[{{asks}}],"bids":[{{bids}}],"ts":"1597026383085","checksum":{{checksum}},"prevSeqId":{{previous}},"seqId":{{seqId}}}]}""";

    private void Get(string frame) => _books.On(Encoding.UTF8.GetBytes(frame), _nowNs += 1_000_000);

    private void Update(string bids, string asks, long previous, long seqId, int checksum = 0) => Get(Message("update", bids, asks, previous, seqId, checksum));

    /// <summary>REST is asked, and shows this.</summary>
    private void Answer(string bids, string asks)
    {
        var path = _books.NextQuestion(_nowNs);
        Assert.That(path, Is.EqualTo("/api/v5/market/books?instId=BTC-USDT&sz=25"));
        _books.OnAnswer(path!, Encoding.UTF8.GetBytes($$"""{"code":"0","msg":"","data":[{"asks":[{{asks}}],"bids":[{{bids}}],"ts":"1","seqId":10}]}"""), _nowNs += 1_000_000);
    }

    private void Agree() => Answer("""["3366.1","7","0","3"],["3366","6","3","4"]""", """["3366.8","9","10","3"],["3368","8","3","4"]""");

    private BookImage Last => _told.OfType<BookImage>().Last();

    [Test]
    public void Channels_are_subscribed_once_the_steps_are_known() => Assert.That(_sent, Is.EqualTo(new[]
    {
        """{"op":"subscribe","args":[{"channel":"instruments","instType":"SPOT"}]}""",
        """{"op":"subscribe","args":[{"channel":"books","instId":"BTC-USDT"},{"channel":"trades","instId":"BTC-USDT"}]}""",
    }));

    [Test]
    public void A_snapshot_alone_proves_nothing_but_REST_and_the_next_message_do()
    {
        Get(Snapshot);
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
        Agree();
        Assert.Multiple(() =>
        {
            Assert.That(Last.State, Is.EqualTo(BookState.Live));
            Assert.That(Last.Bids, Is.EqualTo(new[] { new Level(336610, 700_000_000), new Level(336600, 600_000_000) }));
            Assert.That(Last.Asks, Is.EqualTo(new[] { new Level(336680, 900_000_000), new Level(336800, 800_000_000) }));
        });
        Connect();
        Get(Snapshot);
        Update("""["3366.1","0","0","0"]""", "", 10, 15);
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
        Assert.That(Last.Bids, Is.EqualTo(new[] { new Level(336600, 600_000_000) }));
    }

    /// <summary>docs-v5, "Sequence ID", the example of all cases.</summary>
    [Test]
    public void The_documented_chain_holds_with_its_silence_and_its_reset()
    {
        Get(Snapshot);
        Update("", """["3367","1","0","1"]""", 10, 15);
        Update("", "", 15, 15);
        Update("", """["3367.5","1","0","1"]""", 15, 3);
        Update("", """["3367.6","1","0","1"]""", 3, 5);
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
        Assert.That(Last.Asks.Select(l => l.Price), Is.EqualTo(new[] { 336680, 336700, 336750, 336760, 336800 }));
    }

    [TestCase(11, 16, TestName = "A message is missing")]
    [TestCase(9, 15, TestName = "A message of before the snapshot")]
    [TestCase(-1, 10, TestName = "The first message again as an update")]
    public void A_broken_chain_voids_the_book_and_it_is_asked_for_anew(long previous, long seqId)
    {
        Get(Snapshot);
        Agree();
        _nowNs += 2 * TestBridge.SecondNs;
        Update("""["3366.2","1","0","1"]""", "", previous, seqId);
        Assert.Multiple(() =>
        {
            Assert.That((Last.State, Last.Why, Last.Bids.Count), Is.EqualTo((BookState.Syncing, OutsideReason.Gap, 0)));
            Assert.That(_sent[^2], Is.EqualTo("""{"op":"unsubscribe","args":[{"channel":"books","instId":"BTC-USDT"}]}"""));
            Assert.That(_sent[^1], Is.EqualTo("""{"op":"subscribe","args":[{"channel":"books","instId":"BTC-USDT"}]}"""));
            Assert.That(_tally.Of(OutsideReason.Gap), Is.EqualTo(1));
        });
        // Updates of the old subscription that were on their way are passed over.
        Update("", "", 10, 15);
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
        Get(Snapshot);
        Agree();
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
    }

    [Test]
    public void A_checksum_that_is_there_must_be_right()
    {
        Get(Snapshot);
        Update("""["3366.1","0","0","0"]""", "", 10, 15, (int)TextBook.Crc("3366:6:3366.8:9:3368:8"));
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
        Update("""["3366.1","0.00100000","0","1"]""", "", 15, 20, (int)TextBook.Crc("3366.1:0.001:3366.8:9:3366:6:3368:8"));
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
        Update("""["3366.1","0.5","0","1"]""", "", 20, 25, 1);
        Assert.That((Last.State, Last.Why), Is.EqualTo((BookState.Syncing, OutsideReason.Checksum)));
    }

    [Test]
    public void A_crossed_book_is_not_shown()
    {
        Get(Snapshot);
        Agree();
        Update("""["3366.8","1","0","1"]""", "", 10, 15);
        Assert.That((Last.State, Last.Why), Is.EqualTo((BookState.Syncing, OutsideReason.Crossed)));
    }

    [Test]
    public void A_quiet_book_is_compared_with_REST_and_one_that_differs_twice_is_stale()
    {
        Get(Snapshot);
        Agree();
        Assert.That(_books.NextQuestion(_nowNs), Is.Null);
        _nowNs += OkxBooks.QuietNs;
        Agree();
        _nowNs += OkxBooks.QuietNs;
        Answer("""["3360","1","0","1"]""", """["3361","1","0","1"]""");
        Assert.That(Last.State, Is.EqualTo(BookState.Live), "the channel may be a moment behind");
        _nowNs += TestBridge.SecondNs / 2;
        Answer("""["3360","1","0","1"]""", """["3361","1","0","1"]""");
        Assert.That((Last.State, Last.Why), Is.EqualTo((BookState.Syncing, OutsideReason.Stale)));
        // A feed that stands still gives the same snapshot again: REST contradicts, so it stays void.
        _nowNs += 2 * TestBridge.SecondNs;
        _books.Poll(_nowNs);
        Get(Snapshot);
        Answer("""["3360","1","0","1"]""", """["3361","1","0","1"]""");
        Assert.That(Last.State, Is.EqualTo(BookState.Syncing));
    }

    [Test]
    public void A_book_that_moved_on_after_the_question_is_not_stale()
    {
        Get(Snapshot);
        Agree();
        _nowNs += OkxBooks.QuietNs;
        Answer("""["3360","1","0","1"]""", """["3361","1","0","1"]""");
        Update("""["3366.2","1","0","1"]""", "", 10, 15);
        _nowNs += OkxBooks.QuietNs;
        Answer("""["3360","1","0","1"]""", """["3361","1","0","1"]""");
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
    }

    [TestCase("\"tickSz\":\"0.1\"", "\"tickSz\":\"0.5\"", TestName = "A step that is not the configured one")]
    [TestCase("\"tickSz\":\"0.1\"", "\"tickSz\":\"0.0001\"", TestName = "Prices finer than the grid")]
    [TestCase("\"minSz\":\"0.00001\"", "\"minSz\":\"0.001\"", TestName = "A smallest order above the configured one")]
    [TestCase("BTC-USDT", "XXX-USDT", TestName = "An instrument that is not traded there")]
    public void What_does_not_fit_the_configuration_disables_the_book(string from, string to)
    {
        Make();
        Open(Pair.Replace(from, to, StringComparison.Ordinal));
        Assert.That(Last.State, Is.EqualTo(BookState.Disabled));
        Get(Snapshot);
        Assert.That(Last.State, Is.EqualTo(BookState.Disabled));
    }

    [Test]
    public void Decimals_that_change_on_the_way_disable_the_book()
    {
        Get(Snapshot);
        Agree();
        Get(Pair.Replace("\"0.1\"", "\"0.0001\"", StringComparison.Ordinal));
        Assert.That((Last.State, Last.Why), Is.EqualTo((BookState.Disabled, OutsideReason.Misfit)));
    }

    [Test]
    public void A_suspended_instrument_shows_nothing_until_a_new_snapshot_after_it_resumed()
    {
        Get(Snapshot);
        Agree();
        Get(Pair.Replace("live", "suspend", StringComparison.Ordinal));
        Assert.That((Last.State, Last.Why), Is.EqualTo((BookState.Suspended, OutsideReason.Halted)));
        Update("""["3366.2","1","0","1"]""", "", 10, 15);
        Assert.That(Last.State, Is.EqualTo(BookState.Suspended));
        Get(Pair);
        Assert.That(_sent[^1], Does.Contain("\"subscribe\"").And.Contain("\"books\""));
        Get(Snapshot);
        Agree();
        Assert.That(Last.State, Is.EqualTo(BookState.Live));
    }

    [Test]
    public void Silence_is_asked_about_and_then_ends_the_connection()
    {
        Get(Snapshot);
        _nowNs += 2 * TestBridge.SecondNs;
        Assert.That(_books.Poll(_nowNs), Is.True);
        Assert.That(_sent[^1], Is.EqualTo("ping"));
        Get("pong");
        Assert.That(_told[^1], Is.InstanceOf<ExchangeHeard>());
        _nowNs += 4 * TestBridge.SecondNs;
        Assert.That(_books.Poll(_nowNs), Is.True);
        _nowNs += 2 * TestBridge.SecondNs;
        Assert.That(_books.Poll(_nowNs), Is.False);
        _books.Lost(_nowNs);
        Assert.That(Last.State, Is.EqualTo(BookState.Disconnected));
    }

    [Test]
    public void Trades_are_told_and_the_announced_end_is_heeded()
    {
        Get("""{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","tradeId":"1","px":"3366.8","sz":"0.5","side":"buy","ts":"1","count":"1"}]}""");
        var trade = _told.OfType<OutsideTrade>().Single();
        Assert.That((trade.Price, trade.Quantity, trade.TakerSide), Is.EqualTo((336680, 50_000_000, Venue.Messages.Side.Buy)));
        Get("""{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade. Please reconnect.","connId":"a4d3ae55"}""");
        Assert.That(_books.IsEnding, Is.True);
    }

    [Test]
    public void A_refused_subscription_is_asked_for_again_and_the_hourly_limit_is_kept()
    {
        for (var i = 0; i < 600; i++)
        {
            Get("""{"event":"error","code":"60018","msg":"Wrong URL","connId":"x"}""");
            _nowNs += 2 * TestBridge.SecondNs;
            if (_books.Poll(_nowNs)) continue;
            Assert.That(_sent.Count(s => s != "ping"), Is.EqualTo(480), "then a new connection, with a count of its own");
            return;
        }
        Assert.Fail("asked for ever");
    }

    [TestCase("""["3366.1","-1","0","1"]""")]
    [TestCase("""["NaN","1","0","1"]""")]
    [TestCase("""["1e400","1","0","1"]""")]
    [TestCase("""["3366.123","1","0","1"]""")]
    [TestCase("""["0","1","0","1"]""")]
    [TestCase("""[]""")]
    [TestCase("""{"a":1}""")]
    public void A_level_that_is_not_one_voids_the_book_and_is_counted(string level)
    {
        Get(Snapshot);
        Update(level, "", 10, 15);
        Assert.That((Last.State, Last.Why, _tally.Of(OutsideReason.BadNumber)), Is.EqualTo((BookState.Syncing, OutsideReason.BadNumber, 1)));
    }

    [Test]
    public void No_frame_however_broken_throws_or_shows_a_book_that_cannot_be([Values(1, 2, 3)] int seed)
    {
        var mutant = new Mutant(seed, [Pair, Snapshot, Message("update", """["3366.2","1","0","1"]""", """["3368","0","0","0"]""", 10, 15), """{"event":"error","code":"60012"}"""]);
        for (var i = 0; i < 20_000; i++)
        {
            _books.On(mutant.Next(), _nowNs += 10_000_000);
            if (_books.NextQuestion(_nowNs) is { } path) _books.OnAnswer(path, mutant.Next(), _nowNs);
            var image = Last;
            if (image.State == BookState.Live) Assert.That(image.Bids.Zip(image.Bids.Skip(1)).All(p => p.First.Price > p.Second.Price) && !(image.Bids.Count > 0 && image.Asks.Count > 0 && image.Bids[0].Price >= image.Asks[0].Price), Is.True);
            if (image.State != BookState.Disabled && _books.Poll(_nowNs)) continue;
            Make();
            Open();
            Get(Snapshot);
        }
        Assert.That(_told, Is.Not.Empty);
    }
}
