using Venue.Messages;

namespace Venue.Tests.Gateway;

/// <summary>Books order by order: AggregatedBook(266)=N.</summary>
public class OrderByOrderTests
{
    private const string Watch = "35=V|262=w|263=1|264=0|265=1|266=N|267=2|269=0|269=1|146=1|55=BTC-USD";

    private CoreHarness _venue = null!;
    private CoreHarness.Peer _trader = null!, _other = null!, _watcher = null!;

    [SetUp]
    public void Start()
    {
        _venue = new CoreHarness(orders: 1 << 15);
        LogOn();
    }

    [TearDown]
    public void Stop() => _venue.Dispose();

    private void LogOn()
    {
        (_trader, _other, _watcher) = (_venue.Connect("CLIENT1").Logon("141=Y"), _venue.Connect("CLIENT2").Logon("141=Y"), _venue.Connect("MD1").Logon("141=Y"));
        foreach (var peer in new[] { _trader, _other, _watcher }) peer.Inbox();
    }

    /// <summary>Without header and checksum.</summary>
    private static string Body(string message) => string.Join('|', message.Split('|').Where(f => f.Split('=')[0] is not ("34" or "8020" or "55" or "262")));

    private IEnumerable<string> Told() => _watcher.Inbox().Select(Body);

    [Test]
    public void Every_order_is_an_entry_and_keeps_its_number_as_long_as_its_place()
    {
        _trader.Order("a", "buy", "1", "50000").Order("b", "buy", "2", "50000").Order("c", "sell", "1", "50002");
        Assert.That(_watcher.Send(Watch).Inbox().Select(Body), Is.EqualTo(new[]
        {
            "35=W|83=0|268=3|269=0|278=1|270=50000.00|271=1.00000|269=0|278=2|270=50000.00|271=2.00000|269=1|278=3|270=50002.00|271=1.00000",
        }));
        _other.Order("d", "sell", "0.4", "50000");
        Assert.That(Told(), Is.EqualTo(new[] { "35=X|83=1|268=1|279=1|269=0|278=1|270=50000.00|271=0.60000" }), "a fill in part");
        _trader.Send("35=G|11=b2|41=b|55=BTC-USD|54=1|60=now|38=1.5|40=2|44=50000|59=1");
        Assert.That(Told(), Is.EqualTo(new[] { "35=X|83=2|268=1|279=1|269=0|278=2|270=50000.00|271=1.50000" }), "made smaller");
        _trader.Send("35=G|11=a2|41=a|55=BTC-USD|54=1|60=now|38=3|40=2|44=50000|59=1");
        Assert.That(Told(), Is.EqualTo(new[] { "35=X|83=3|268=2|279=2|269=0|278=1|270=50000.00|279=0|269=0|278=5|270=50000.00|271=2.60000" }), "made larger: last in the queue");
        _other.Order("e", "sell", "1.5", "50000");
        Assert.That(Told(), Is.EqualTo(new[] { "35=X|83=4|268=1|279=2|269=0|278=2|270=50000.00" }), "the older one trades first");
        _trader.Send("35=F|11=x|41=c|55=BTC-USD|54=2|60=now");
        Assert.That(Told(), Is.EqualTo(new[] { "35=X|83=5|268=1|279=2|269=1|278=3|270=50002.00" }));
    }

    [Test]
    public void An_icebergs_next_part_is_a_new_entry_behind_the_others()
    {
        _trader.Order("i", "sell", "1", "50000", "59=1|111=0.3").Order("p", "sell", "0.5", "50000");
        _watcher.Send(Watch).Inbox();
        _other.Order("t", "buy", "0.4", "50000");
        Assert.That(Told(), Is.EqualTo(new[] { "35=X|83=1|268=3|279=2|269=1|278=2|270=50000.00|279=0|269=1|278=6|270=50000.00|271=0.30000|279=1|269=1|278=4|270=50000.00|271=0.40000" }));
    }

    [Test]
    public void Hidden_orders_are_not_shown()
    {
        _watcher.Send(Watch).Inbox();
        _trader.Order("h", "sell", "1", "50000", "59=1|111=0");
        Assert.That(Told(), Is.Empty);
    }

    /// <summary>Random orders with terms of two clients; the client's book is proven after every message and compared with the engine's at the end, and again after kill -9 and a start.</summary>
    [TestCase(1UL), TestCase(2UL)]
    public void A_client_can_build_the_book_and_a_restart_keeps_its_numbers(ulong seed)
    {
        var random = new Engine.SplitMix(seed);
        var book = new ClientOrders();
        _watcher.Send(Watch);
        var live = new List<(CoreHarness.Peer Trader, string Id, int Side)>();
        for (var i = 0; i < 3000; i++)
        {
            var trader = random.Below(2) == 0 ? _trader : _other;
            var isDrained = random.Below(4) != 0;
            if (live.Count > 80 || (live.Count > 0 && random.Below(3) == 0))
            {
                var at = random.Below(live.Count);
                var (owner, id, side) = live[at];
                live.RemoveAt(at);
                if (random.Below(2) == 0) owner.Send($"35=F|11=c{i}|41={id}|55=BTC-USD|54={side}|60=now", isDrained);
                else
                {
                    owner.Send($"35=G|11=r{i}|41={id}|55=BTC-USD|54={side}|60=now|38=0.{1 + random.Below(9)}|40=2|44={Price(side)}|59=1", isDrained);
                    live.Add((owner, $"r{i}", side));
                }
            }
            else
            {
                var side = 1 + random.Below(2);
                var terms = random.Below(8) switch { 0 => "|111=0.1", 1 => "|111=0", 2 => "|18=6", _ => "" };
                trader.Send($"35=D|11=o{i}|55=BTC-USD|54={side}|60=now|38=0.{1 + random.Below(9)}|40=2|44={Price(side)}|59=1{terms}", isDrained);
                live.Add((trader, $"o{i}", side));
            }
            if (i % 7 == 0) foreach (var t in new[] { _trader, _other }) t.Inbox();
            foreach (var message in _watcher.Inbox()) book.Take(message);
        }
        _venue.Core.Drain();
        foreach (var message in _watcher.Inbox()) book.Take(message);
        Assert.That((book.Snapshots, book.Unproven), Is.EqualTo((1, 0)));
        Assert.That(book.Increments, Is.GreaterThan(1000));
        Assert.That(book.Text, Is.EqualTo(EnginesBook()));

        var before = book.Text;
        _venue.Restart();
        LogOn();
        Assert.That(EnginesBook(), Is.EqualTo(before), "the same numbers after a replay");
        foreach (var message in _watcher.Send(Watch).Inbox()) book.Take(message);
        Assert.That((book.Snapshots, book.Text), Is.EqualTo((2, before)));

        int Price(int side) => 50000 + (side == 1 ? -1 : 1) * (random.Below(30) - 4);
    }

    [Test]
    public void A_large_book_comes_in_fragments_and_only_the_last_proves_it()
    {
        for (var i = 0; i < 2500; i++)
        {
            _trader.Order($"o{i}", "buy", "0.1", $"{49000 + i % 900}");
            if (i % 100 == 0) _trader.Inbox();
        }
        _trader.Inbox();
        var messages = WatchLarge();
        Assert.That(messages, Has.Length.GreaterThan(2).And.All.Length.LessThan(60_000));
        var book = new ClientOrders();
        foreach (var message in messages) book.Take(message);
        Assert.That((book.Snapshots, book.Unproven, book.Text), Is.EqualTo((1, messages.Length - 1, EnginesBook())));
    }

    /// <summary>Subscribes to a book whose snapshot is made in slices.</summary>
    private string[] WatchLarge()
    {
        _watcher.Send(Watch);
        while (_venue.Core.Gateway.IsPublishing) _venue.Core.Drain();
        return _watcher.Inbox();
    }

    [Test]
    public void A_large_snapshot_is_made_in_slices_and_what_happens_meanwhile_comes_behind_it()
    {
        for (var i = 0; i < 2500; i++)
        {
            _trader.Order($"o{i}", "buy", "0.1", $"{49000 + i % 900}");
            if (i % 100 == 0) _trader.Inbox();
        }
        foreach (var symbol in new[] { "BTC-USD", "ETH-USD" }) _other.Send($"35=V|262={symbol}|263=1|264=1|265=1|267=1|269=0|146=1|55={symbol}");
        _other.Inbox();
        var book = new ClientOrders();
        _watcher.Send(Watch);
        _trader.Order("b", "buy", "0.1", "49990").Order("e", "buy", "0.1", "3000", symbol: "ETH-USD");
        Assert.That(_watcher.Inbox(), Is.Empty, "it is not whole");
        Assert.That(_other.Inbox(), Has.Length.EqualTo(1).And.All.Contain("55=ETH-USD"), "others go on, and this book waits");
        _trader.Order("c", "buy", "0.1", "49991");
        Read();   // who has so much unread is left out
        while (_venue.Core.Gateway.IsPublishing)
        {
            _venue.Core.Drain();
            Read();
        }
        Assert.That((book.Snapshots, book.Increments, book.Text == EnginesBook()), Is.EqualTo((1, 1, true)));
        Assert.That(_other.Inbox(), Has.Length.EqualTo(1).And.All.Contain("270=49991.00"));

        _watcher.Send("35=V|262=w|263=2|264=0|267=1|269=0|146=1|55=BTC-USD").Send(Watch).Drop();
        _trader.Order("d", "buy", "0.1", "49992");
        while (_venue.Core.Gateway.IsPublishing) _venue.Core.Drain();
        Assert.That(_other.Inbox(), Has.Length.EqualTo(1).And.All.Contain("270=49992.00"), "who waited for it has gone");

        void Read()
        {
            foreach (var message in _watcher.Inbox()) book.Take(message);
        }
    }

    /// <summary>One order that takes 2,500 others: more than fits into one message.</summary>
    [Test]
    public void A_long_sweep_is_told_in_several_increments()
    {
        for (var i = 0; i < 2500; i++)
        {
            _trader.Order($"o{i}", "buy", "0.01", $"{49000 + i % 400}");
            if (i % 100 == 0) _trader.Inbox();
        }
        _trader.Inbox();
        var levels = new ClientBook();
        var orders = new ClientOrders();
        foreach (var message in WatchLarge()) orders.Take(message);
        var fragments = orders.Unproven;
        foreach (var message in _watcher.Send("35=V|262=l|263=1|264=0|265=1|267=3|269=0|269=1|269=2|146=1|55=BTC-USD").Inbox()) levels.Take(message, isWholeBook: true);
        _other.Order("sweep", "sell", "24", "49000");
        while (_venue.Core.Gateway.IsPublishing) _venue.Core.Gateway.ContinuePublishing(_venue.NowNs);
        var told = _watcher.Inbox();
        Assert.That(told, Has.All.Length.LessThan(60_000));
        foreach (var message in told.Where(m => m.Contains("|262=w|"))) orders.Take(message);
        foreach (var message in told.Where(m => m.Contains("|262=l|"))) levels.Take(message, isWholeBook: message.Contains("|8020="));
        Assert.That((levels.Trades.Count, orders.Increments - orders.Unproven + fragments), Is.EqualTo((2400, 1)));
        Assert.That(orders.Increments, Is.GreaterThan(2));
        Assert.That(orders.Text, Is.EqualTo(EnginesBook()));
    }

    [Test]
    public void A_reader_that_falls_behind_gets_a_snapshot_when_it_is_back()
    {
        _watcher.Send(Watch).Inbox();
        for (var i = 0; i < 2000; i++)
        {
            _trader.Order($"o{i}", "buy", "0.1", $"{49000 + i % 500}");
            if (i % 100 == 0) _trader.Inbox();
        }
        Assert.That(_watcher.Connection.Output.Count, Is.LessThan(70_000));
        _watcher.Inbox();
        _venue.NowNs += 150_000_000;
        _venue.Core.Gateway.Poll(_venue.NowNs);
        while (_venue.Core.Gateway.IsPublishing) _venue.Core.Gateway.ContinuePublishing(_venue.NowNs);
        var book = new ClientOrders();
        foreach (var message in _watcher.Inbox()) book.Take(message);
        _trader.Order("last", "sell", "0.1", "51000");
        foreach (var message in _watcher.Inbox()) book.Take(message);
        Assert.That((book.Snapshots, book.Increments, book.Text), Is.EqualTo((1, 1, EnginesBook())));
    }

    [Test]
    public void Nobody_is_followed_when_nobody_reads()
    {
        _watcher.Send(Watch).Inbox();
        _watcher.Send("35=V|262=w|263=2|264=0|267=1|269=0|146=1|55=BTC-USD");
        _trader.Order("a", "buy", "1", "50000");
        Assert.That(_watcher.Inbox(), Is.Empty);
        _watcher.Send(Watch.Replace("262=w", "262=again")).Inbox();
        _watcher.Drop();
        _trader.Send("35=D|11=b|55=BTC-USD|54=1|60=now|38=1|40=2|44=50000|59=1", drain: false);
        _venue.Core.Drain();
        var entries = new List<EntryStep>();
        _venue.Core.Engine.CopyEntries(1, Side.Buy, entries);
        Assert.That((entries.Count, _venue.Core.Engine.Steps.Length), Is.EqualTo((2, 0)));
    }

    private string EnginesBook()
    {
        return string.Join(' ', Queue(Side.Buy)) + " / " + string.Join(' ', Queue(Side.Sell));

        IEnumerable<string> Queue(Side side)
        {
            var entries = new List<EntryStep>();
            _venue.Core.Engine.CopyEntries(1, side, entries);
            return entries.Select(e => $"{e.Entry}:{e.Lots / 100_000}.{e.Lots % 100_000:00000}@{e.Ticks / 100}.{e.Ticks % 100:00}");
        }
    }
}
