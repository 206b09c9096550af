using Venue.Gateway;

namespace Venue.Tests.Gateway;

/// <summary>Incremental books.</summary>
public class MarketDataTests
{
    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness(more: "[SESSION]\nTargetCompID=MD\nKind=MarketData\n[SESSION]\nTargetCompID=MD2\nKind=MarketData\n");

    [TearDown]
    public void Stop() => _venue.Dispose();

    private CoreHarness.Peer LoggedOn(string compID)
    {
        var peer = _venue.Connect(compID).Logon("141=Y");
        peer.Inbox();
        return peer;
    }

    private static string Watch(int depth, string types = "267=3|269=0|269=1|269=2", string more = "", string id = "w") =>
        $"35=V|262={id}|263=1|264={depth}|265=1{more}|{types}|146=1|55=BTC-USD";

    /// <summary>Without header and checksum: what the readers of a kind have in common.</summary>
    private static string Body(string message) => string.Join('|', message.Split('|').Where(f => f.Split('=')[0] is not ("34" or "8020")));

    private void Poll(int ms)
    {
        _venue.NowNs += ms * 1_000_000L;
        _venue.Core.NowNs = _venue.NowNs;
        _venue.Core.Gateway.Poll(_venue.NowNs);
        _venue.Core.Drain();
    }

    [Test]
    public void Each_turn_tells_what_came_changed_and_went()
    {
        var watcher = LoggedOn("MD");
        var trader = LoggedOn("CLIENT1");
        trader.Order("a", "buy", "1", "50000").Order("b", "sell", "1", "50002");
        Assert.That(watcher.Send(Watch(0)).Inbox().Select(Body), Is.EqualTo(new[]
        {
            "35=W|262=w|55=BTC-USD|83=0|268=2|269=0|270=50000.00|271=1.00000|290=1|269=1|270=50002.00|271=1.00000|290=1",
        }));
        trader.Order("c", "buy", "2", "50000").Order("d", "buy", "1", "49999").Order("e", "sell", "3", "50000");
        trader.Send("35=F|11=x|41=d|55=BTC-USD|54=1|60=now");
        Assert.That(watcher.Inbox().Select(Body), Is.EqualTo(new[]
        {
            "35=X|262=w|83=1|268=1|279=1|269=0|55=BTC-USD|270=50000.00|271=3.00000",
            "35=X|262=w|83=2|268=1|279=0|269=0|55=BTC-USD|270=49999.00|271=1.00000",
            "35=X|262=w|83=3|268=3|279=2|269=0|55=BTC-USD|270=50000.00|279=0|269=2|55=BTC-USD|270=50000.00|271=1.00000|278=1|279=0|269=2|55=BTC-USD|270=50000.00|271=2.00000|278=2",
            "35=X|262=w|83=4|268=1|279=2|269=0|55=BTC-USD|270=49999.00",
        }));
        watcher.Send("35=V|262=w|263=2|264=0|267=1|269=0|146=1|55=BTC-USD");
        trader.Order("f", "buy", "1", "49000");
        Assert.That(watcher.Inbox(), Is.Empty);
    }

    [Test]
    public void A_best_level_that_goes_brings_the_next_into_sight()
    {
        var watcher = LoggedOn("MD");
        var trader = LoggedOn("CLIENT1");
        trader.Order("a", "buy", "1", "50000").Order("b", "buy", "2", "49999");
        watcher.Send(Watch(1, "267=1|269=0")).Inbox();
        trader.Order("c", "buy", "5", "49998");
        Assert.That(watcher.Inbox(), Is.Empty, "out of sight");
        trader.Send("35=F|11=x|41=a|55=BTC-USD|54=1|60=now").Order("d", "sell", "1", "50100");
        Assert.That(watcher.Inbox().Select(Body), Is.EqualTo(new[]
        {
            "35=X|262=w|83=1|268=2|279=2|269=0|55=BTC-USD|270=50000.00|279=0|269=0|55=BTC-USD|270=49999.00|271=2.00000",
        }));
    }

    [Test]
    public void Commands_of_one_turn_are_told_together_and_every_trade_is_told()
    {
        var watcher = LoggedOn("MD");
        var trader = LoggedOn("CLIENT1");
        watcher.Send(Watch(10)).Inbox();
        foreach (var order in new[] { "11=a|55=BTC-USD|54=1|60=now|38=1|40=2|44=50000|59=1", "11=b|55=BTC-USD|54=2|60=now|38=0.4|40=2|44=50000|59=1", "11=c|55=BTC-USD|54=2|60=now|38=0.6|40=2|44=50000|59=1" })
            trader.Send("35=D|" + order, drain: false);
        _venue.Core.Drain();
        Assert.That(watcher.Inbox().Select(Body), Is.EqualTo(new[]
        {
            "35=X|262=w|83=1|268=2|279=0|269=2|55=BTC-USD|270=50000.00|271=0.40000|278=1|279=0|269=2|55=BTC-USD|270=50000.00|271=0.60000|278=2",
        }));
    }

    [Test]
    public void With_conflation_an_interval_is_told_together()
    {
        var watcher = LoggedOn("MD");
        var trader = LoggedOn("CLIENT1");
        watcher.Send(Watch(10, more: "|8021=Y")).Inbox();
        Poll(150);
        trader.Order("a", "buy", "1", "50000").Order("b", "buy", "1", "50000");
        Assert.That(watcher.Inbox(), Is.Empty);
        Poll(150);
        Assert.That(watcher.Inbox().Select(Body), Is.EqualTo(new[] { "35=X|262=w|83=1|268=1|279=0|269=0|55=BTC-USD|270=50000.00|271=2.00000" }));
    }

    [Test]
    public void Who_joins_later_gets_the_same_numbers()
    {
        var trader = LoggedOn("CLIENT1");
        var (first, second) = (LoggedOn("MD"), LoggedOn("MD2"));
        first.Send(Watch(10)).Inbox();
        trader.Order("a", "buy", "1", "50000");
        second.Send(Watch(10, id: "other"));
        trader.Order("b", "buy", "1", "50001");
        Assert.That(second.Inbox().Select(m => m[..4] + m.Split('|').First(f => f.StartsWith("83="))), Is.EqualTo(new[] { "35=W83=1", "35=X83=2" }));
        first.Inbox();
        trader.Order("c", "buy", "1", "50002");
        Assert.That(first.Inbox().Single().Split("|83=")[1], Is.EqualTo(second.Inbox().Single().Split("|83=")[1]));
    }

    [TestCase("35=V|262=w|263=1|264=1|265=1|266=N|267=1|269=0|146=1|55=BTC-USD", "281=5")]
    [TestCase("35=V|262=w|263=1|264=0|265=0|266=N|267=1|269=0|146=1|55=BTC-USD", "281=6")]
    [TestCase("35=V|262=w|263=1|264=0|265=1|266=N|8021=Y|267=1|269=0|146=1|55=BTC-USD", "281=6")]
    [TestCase("35=V|262=w|263=1|264=-1|265=1|267=1|269=0|146=1|55=BTC-USD", "281=5")]
    public void What_is_not_published_is_refused(string request, string expected) =>
        Assert.That(LoggedOn("MD").Send(request).Inbox().Single(), Does.StartWith("35=Y|").And.Contain(expected));

    /// <summary>Random orders of two clients; a client's book is built from W and X, each proven by its checksum, and at the end compared with the venue's.</summary>
    [TestCase(0, false, 1), TestCase(10, false, 2), TestCase(10, true, 3), TestCase(25, false, 4)]
    public void A_client_can_build_the_book_and_prove_it(int depth, bool isConflated, int seed)
    {
        var random = new Engine.SplitMix((ulong)seed);
        var watcher = LoggedOn("MD");
        var traders = new[] { LoggedOn("CLIENT1"), LoggedOn("CLIENT2") };
        var book = new ClientBook();
        watcher.Send(Watch(depth, more: isConflated ? "|8021=Y" : ""));
        var live = new List<(CoreHarness.Peer Trader, string Id, string Side)>();
        for (var i = 0; i < 3000; i++)
        {
            var trader = traders[random.Below(2)];
            if (live.Count > 60 || (live.Count > 0 && random.Below(3) == 0))
            {
                var at = random.Below(live.Count);
                live[at].Trader.Send($"35=F|11=c{i}|41={live[at].Id}|55=BTC-USD|54={live[at].Side}|60=now", drain: random.Below(4) != 0);
                live.RemoveAt(at);
            }
            else
            {
                var side = 1 + random.Below(2);
                trader.Send($"35=D|11=o{i}|55=BTC-USD|54={side}|60=now|38=0.{1 + random.Below(9)}|40=2|44={50000 + (side == 1 ? -1 : 1) * (random.Below(60) - 5)}|59=1", drain: random.Below(4) != 0);
                live.Add((trader, $"o{i}", $"{side}"));
            }
            if (i % 7 == 0) foreach (var t in traders) t.Inbox();
            if (i % 10 == 0) Poll(50);
            foreach (var message in watcher.Inbox().Where(m => m.StartsWith("35=X") || m.StartsWith("35=W"))) book.Take(message, isWholeBook: true);
        }
        Poll(0);
        Poll(150);
        foreach (var message in watcher.Inbox().Where(m => m.StartsWith("35=X"))) book.Take(message, isWholeBook: true);
        Assert.That(book.Messages, Is.GreaterThan(isConflated ? 50 : 800));
        Assert.That(book.Snapshots, Is.EqualTo(1));
        Assert.That(book.Trades, Is.Unique.And.Count.EqualTo(_venue.Core.Engine.Trades));
        Assert.That(book.Text, Is.EqualTo(VenuesBook(depth)));
    }

    [Test]
    public void A_reader_that_falls_behind_is_left_out_and_gets_a_snapshot_when_it_is_back()
    {
        var watcher = LoggedOn("MD");
        var trader = LoggedOn("CLIENT1");
        watcher.Send(Watch(0)).Inbox();
        for (var i = 0; i < 2000; i++)
        {
            trader.Order($"o{i}", "buy", "0.1", $"{49000 + i % 500}");
            if (i % 100 == 0) trader.Inbox();
        }
        Assert.That(watcher.Connection.Output.Count, Is.LessThan(70_000));
        var book = new ClientBook();
        var missed = watcher.Inbox();
        Assert.That(missed, Has.Length.LessThan(2000));
        Poll(150);
        trader.Order("last", "sell", "0.1", "51000");
        foreach (var message in watcher.Inbox()) book.Take(message, isWholeBook: true);
        Assert.That((book.Snapshots, book.Messages), Is.EqualTo((1, 2)));
        Assert.That(book.Text, Is.EqualTo(VenuesBook(0)));
    }

    [Test]
    public void Market_data_sessions_write_nothing_into_the_journal()
    {
        var watcher = LoggedOn("MD");
        var trader = LoggedOn("CLIENT1");
        trader.Order("a", "buy", "1", "50000");
        var end = _venue.JournalEnd;
        for (var i = 0; i < 10; i++) watcher.Send(Watch(10, id: $"w{i}"));
        Assert.That(watcher.Inbox(), Has.Length.EqualTo(10));
        Assert.That(_venue.JournalEnd, Is.EqualTo(end));
    }

    private string VenuesBook(int depth)
    {
        var book = _venue.Core.Gateway.Book(1);
        return string.Join(' ', Side(Venue.Messages.Side.Buy)) + " / " + string.Join(' ', Side(Venue.Messages.Side.Sell));

        IEnumerable<string> Side(Venue.Messages.Side side) => Enumerable.Range(0, Math.Min(book.Count(side), depth == 0 ? 500 : depth))
            .Select(n => $"{book[side, n].Ticks / 100}.{book[side, n].Ticks % 100:00}x{book[side, n].Lots / 100_000}.{book[side, n].Lots % 100_000:00000}");
    }

    [Test]
    public void What_an_interval_has_for_many_readers_goes_out_in_bounded_slices()
    {
        const int Subscriptions = 20, SliceBytes = 16 << 10, SnapshotBytes = 4 << 10;
        CoreHarness.Peer[] watchers = [LoggedOn("MD"), LoggedOn("MD2")];
        var trader = LoggedOn("CLIENT1");
        for (var level = 0; level < 40; level++)
            trader.Order($"b{level}", "buy", "1", $"{50000 - level}").Order($"s{level}", "sell", "1", $"{50001 + level}");
        foreach (var watcher in watchers)
            for (var n = 0; n < Subscriptions; n++)
                Assert.That(watcher.Send($"35=V|262=w{n}|263=1|264=0|265=0|267=2|269=0|269=1|146=1|55=BTC-USD").Inbox(), Has.Length.EqualTo(1));
        trader.Order("more", "buy", "1", "49000").Inbox();

        var told = watchers.Select(_ => new List<string>()).ToArray();
        var slices = 0;
        Poll(150);
        while (true)
        {
            slices++;
            var bytes = 0;
            for (var i = 0; i < watchers.Length; i++)
            {
                bytes += watchers[i].Connection.Output.Count;
                told[i].AddRange(watchers[i].Taken());
            }
            Assert.That(bytes, Is.LessThan(SliceBytes + SnapshotBytes));
            if (!_venue.Core.Gateway.IsPublishing) break;
            _venue.Core.Gateway.ContinuePublishing(_venue.NowNs);
        }
        Assert.That(slices, Is.GreaterThan(4));
        foreach (var messages in told)
            Assert.That(messages.Where(m => m.StartsWith("35=W", StringComparison.Ordinal)).Select(m => m.Split('|').First(f => f.StartsWith("262=", StringComparison.Ordinal))),
                Is.EqualTo(Enumerable.Range(0, Subscriptions).Select(n => $"262=w{n}")), "each once, and in turn");
    }

    [Test]
    public void A_reader_that_asks_for_more_than_it_takes_gets_the_rest_in_later_rounds()
    {
        var watcher = LoggedOn("MD");
        var trader = LoggedOn("CLIENT1");
        for (var level = 0; level < 100; level++)
            trader.Order($"b{level}", "buy", "1", $"{50000 - level}").Order($"s{level}", "sell", "1", $"{50001 + level}");
        for (var n = 0; n < 40; n++) watcher.Send($"35=V|262=w{n}|263=0|264=0|267=2|269=0|269=1|146=1|55=BTC-USD");
        Assert.That(watcher.Connection.Output.Count, Is.InRange(64 << 10, 80 << 10));
        var told = watcher.Taken().ToList();
        Assert.That(told, Has.Count.LessThan(40));
        for (var round = 0; round < 10; round++)
        {
            Poll(150);
            while (_venue.Core.Gateway.IsPublishing) _venue.Core.Gateway.ContinuePublishing(_venue.NowNs);
            told.AddRange(watcher.Taken());
        }
        Assert.That(told.Count(m => m.StartsWith("35=W", StringComparison.Ordinal)), Is.EqualTo(40));
    }
}
