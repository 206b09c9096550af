using Venue.Gateway;
using Venue.Host;
using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Tests.Gateway;

/// <summary>What a firm has traded and what it has: AD, AQ, AE; AN, AO, AP; BB, BA.</summary>
public class PostTradeTests
{
    private const long HourNs = 3_600_000_000_000;

    private CoreHarness _venue = null!;

    [SetUp]
    public void Start()
    {
        _venue = new CoreHarness(more: "[SESSION]\nTargetCompID=COPY\nFirm=ALPHA\nKind=DropCopy\n[SESSION]\nTargetCompID=ALPHA2\nFirm=ALPHA\n");
        _venue.Core.Gateway.TradeSearch = new WholeJournal(_venue);
    }

    [TearDown]
    public void Stop() => _venue.Dispose();

    /// <summary>Searches at once in what the journal makes of the feed.</summary>
    private sealed class WholeJournal(CoreHarness venue) : ITradeSearch
    {
        public bool TryBegin(TradeQuery query)
        {
            var path = Path.Combine(venue.Folder, "feed", $"{venue.Core.LastSeq}-{query.Connection!.Remote}-{_searches++}");
            using var log = new FeedLog(path, 64 << 20);
            var feed = new FeedCollector();
            var state = new ReplicaState(feed, venue.Snapshots);
            foreach (var (kind, payload, position) in venue.Records())
            {
                feed.Clear();
                state.Fold(kind, payload, position);
                if (kind == RecordKind.Command && feed.Encode(Command.Header(payload).Seq) is { } events) log.Append(Command.Header(payload).Seq, events, () => []);
            }
            log.Publish(venue.Core.LastSeq);
            TradeSearch.Search(log, query, venue.Core.LastSeq, CancellationToken.None);
            _later = query;
            return true;
        }

        private TradeQuery? _later;
        private int _searches;

        /// <summary>The search is over: as in the venue after the request was read.</summary>
        public void Hand()
        {
            if (_later is { } query) venue.Core.Gateway.Searched(query, venue.NowNs);
            _later = null;
        }
    }

    private static string Field(string message, int tag) =>
        message.Split('|').Select(f => f.Split('=', 2)).Where(f => f[0] == tag.ToString()).Select(f => f[1]).FirstOrDefault("");

    private CoreHarness.Peer LoggedOn(string compID)
    {
        var peer = _venue.Connect(compID).Logon("141=Y");
        peer.Inbox();
        return peer;
    }

    private string[] Ask(CoreHarness.Peer peer, string request)
    {
        peer.Send(request);
        ((WholeJournal)_venue.Core.Gateway.TradeSearch!).Hand();
        return peer.Inbox();
    }

    /// <summary>At 12:00 one and two trade BTC, at 13:00 one and the other session ETH, at 14:00 two with itself.</summary>
    private (CoreHarness.Peer One, CoreHarness.Peer Two) Trade()
    {
        var (one, two, other) = (LoggedOn("CLIENT1"), LoggedOn("ALPHA2"), LoggedOn("CLIENT2"));
        one.Order("a", "sell", "1", "50000");
        other.Order("b", "buy", "0.4", "50000");
        _venue.NowNs += HourNs;
        other.Order("c", "sell", "2", "3000", symbol: "ETH-USD");
        one.Order("d", "buy", "2", "3000", symbol: "ETH-USD");
        _venue.NowNs += HourNs;
        two.Order("e", "buy", "0.1", "50000");
        one.Inbox();
        return (one, two);
    }

    //        what narrows it                                                        the sides that are told
    [TestCase("569=0", "a d e a")]
    [TestCase("569=1|55=ETH-USD", "d")]
    [TestCase("569=1|54=2", "a a")]
    [TestCase("569=1|880=BTC-USD-2", "e a")]
    [TestCase("569=1|880=ETH-USD-1", "d")]
    [TestCase("569=1|880=ETH-USD-9", "")]
    [TestCase("569=1|11=e", "e")]
    [TestCase("569=1|580=1|75=20261122", "a d e a")]
    [TestCase("569=1|580=1|75=20261121", "")]
    [TestCase("569=1|580=1|75=20261122|60=20261122-13:00:00", "d e a")]
    [TestCase("569=1|580=2|75=20261122|60=20261122-12:30:00|75=20261122|60=20261122-13:00:00", "d")]
    [TestCase("569=1|580=2|75=20261122|60=20261122-12:00:00|75=20261122|60=20261122-12:59:59.999", "a")]
    public void Trades_are_told_by_time_and_by_name(string request, string sides)
    {
        Trade();
        var copy = LoggedOn("COPY");
        var told = Ask(copy, "35=AD|568=r|" + request);
        var expected = sides.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(told[0], Does.Match($@"^35=AQ\|34=\d+\|568=r\|569=1\|748={expected.Length}\|749=0\|750={(expected.Length == 0 ? 1 : 0)}$"));
        Assert.That(told[1..].Select(m => Field(m, 11)), Is.EqualTo(expected));
        Assert.That(told[1..].Select(m => Field(m, 912)), Is.EqualTo(expected.Select((_, i) => i == expected.Length - 1 ? "Y" : "N")));
    }

    [Test]
    public void A_report_says_what_the_execution_report_said()
    {
        var (one, _) = Trade();
        var ae = Ask(one, "35=AD|568=r|569=1|11=a|580=2|75=20261122|75=20261122").ElementAt(1);
        Assert.That(ae, Does.Match(@"^35=AE\|34=\d+\|571=(\d+-\d+)\|487=0\|856=0\|568=r\|150=F\|748=2\|912=N\|325=N\|880=BTC-USD-1\|17=\1\|527=1\|570=N\|55=BTC-USD\|32=0.40000\|31=50000.00\|75=20261122\|60=20261122-12:00:00.000\|552=1\|54=2\|37=\d+\|11=a\|453=2\|448=ALPHA\|447=D\|452=1\|448=CLIENT1\|447=D\|452=36\|136=1\|137=.*\|138=USD\|139=4$"));
        var back = one.Send("35=2|7=1|16=0").Inbox().First(m => Field(m, 150) == "F");
        foreach (var tag in new[] { 17, 880, 527, 32, 31, 37, 54, 137, 138 }) Assert.That(Field(ae, tag), Is.EqualTo(Field(back, tag)), $"{tag}");
    }

    [Test]
    public void Both_sides_have_the_same_match()
    {
        var (one, _) = Trade();
        var other = _venue.Connect("OPS1").Logon("141=Y");
        other.Inbox();
        var all = Ask(other, "35=AD|568=r|569=1|880=BTC-USD-1")[1..];
        Assert.That(all.Select(m => $"{Field(m, 448)} {Field(m, 54)} {Field(m, 880)}"), Is.EquivalentTo(new[] { "ALPHA 2 BTC-USD-1", "BRAVO 1 BTC-USD-1" }));
        Assert.That(Ask(other, "35=AD|568=r|569=1|880=BTC-USD-1|453=1|448=BRAVO|447=D|452=1"), Has.Length.EqualTo(2));
        Assert.That(one.Inbox(), Is.Empty);
    }

    //        request                                                  749  text
    [TestCase("569=1|55=XRP-USD", "1", "SYMBOL")]
    [TestCase("569=1|453=1|448=BRAVO|447=D|452=1", "9", "RIGHTS")]
    [TestCase("569=1|453=1|448=NOBODY|447=D|452=1", "3", "PARTY")]
    [TestCase("569=1|880=nothing", "99", "TRDMATCHID")]
    [TestCase("569=1|580=2|75=20261122|75=20261121", "8", "DATES")]
    public void A_request_that_cannot_be_answered_is_refused(string request, string result, string text)
    {
        var told = LoggedOn("CLIENT1").Send("35=AD|568=r|" + request).Inbox().Single();
        Assert.That(told, Does.StartWith("35=AQ|34=2|568=r|569=1|749=" + result + "|750=2|58=" + text));
    }

    [Test]
    public void Without_a_log_of_trades_there_is_no_search()
    {
        _venue.Core.Gateway.TradeSearch = null;
        Assert.That(LoggedOn("CLIENT1").Send("35=AD|568=r|569=0").Inbox().Single(), Does.Contain("|749=99|750=2|58=BUSY"));
    }

    [Test]
    public void A_subscription_tells_later_trades_until_it_is_ended()
    {
        var (one, _) = Trade();
        var copy = LoggedOn("COPY");
        Assert.That(Ask(copy, "35=AD|568=r|569=1|55=BTC-USD|263=1"), Has.Length.EqualTo(4));
        var other = LoggedOn("CLIENT3");
        other.Order("x", "buy", "0.2", "50000").Order("y", "sell", "1", "3000", symbol: "ETH-USD");
        Poll();
        var told = copy.Inbox().Where(m => m.StartsWith("35=AE", StringComparison.Ordinal)).ToArray();
        Assert.That(told.Single(), Does.Contain("|325=Y|880=BTC-USD-3|").And.Contain("|11=a|"));
        copy.Send("35=AD|568=r|569=1|263=2");
        other.Order("z", "buy", "0.1", "50000");
        Poll();
        Assert.That(copy.Inbox(), Has.None.StartsWith("35=AE"));
        Assert.That(one.Inbox(), Is.Not.Empty);
    }

    [Test]
    public void Answers_wait_for_a_reader_and_end_with_its_connection()
    {
        Trade();
        var copy = LoggedOn("COPY");
        copy.Send("35=AD|568=r|569=0");
        copy.Drop();
        _venue.Core.Drain();
        var back = LoggedOn("COPY");
        ((WholeJournal)_venue.Core.Gateway.TradeSearch!).Hand();
        Assert.That(back.Inbox(), Is.Empty, "another connection asked");
    }

    private void Poll()
    {
        _venue.NowNs += 10_000_000;
        _venue.Core.Gateway.Poll(_venue.NowNs);
    }

    private (string Asset, Int128 Free, Int128 Held)[] Balances(int firm) => [.. _venue.Core.Gateway.Instruments.Assets
        .Select(a => (a.Code.ToString(), _venue.Core.Engine.Balance(firm, a.Asset).Available.Atoms, _venue.Core.Engine.Balance(firm, a.Asset).Held.Atoms))
        .Where(b => b.Item2 != 0 || b.Item3 != 0)];

    [Test]
    public void Collateral_and_positions_are_the_engines_balances()
    {
        var (one, _) = Trade();
        one.Order("open", "buy", "1", "40000");
        var copy = LoggedOn("COPY");
        var firm = _venue.Core.Gateway.Clients.Single(c => c.ClientCompID == "COPY").Firm;
        var balances = Balances(firm);
        Assert.That(balances, Has.Some.Matches<(string, Int128, Int128)>(b => b.Item3 != 0));

        var reports = copy.Send("35=BB|909=q").Inbox();
        Assert.That(reports.Select(m => Field(m, 15)), Is.EqualTo(balances.Select(b => b.Asset)));
        Assert.That(reports.Select(m => (Digits(m, 899), Digits(m, 901), Digits(m, 900))), Is.EqualTo(balances.Select(b => (b.Free, b.Held, b.Free + b.Held))));
        Assert.That(reports[^1], Does.Contain("|909=q|910=3|").And.Contain($"|911={balances.Length}|912=Y|453=1|448=ALPHA|"));

        var positions = copy.Send("35=AN|710=p|724=0|60=now").Inbox();
        Assert.That(positions[0], Does.StartWith($"35=AO|34={balances.Length + 2}|721=p-0|710=p|727={balances.Length}|728=0|729=0|"));
        Assert.That(positions[1..].Select(m => (Field(m, 55), Digits(m, 704))), Is.EqualTo(balances.Select(b => (b.Asset, b.Free + b.Held))));
        Assert.That(copy.Send("35=AN|710=p|724=0|15=BTC|60=now").Inbox(), Has.Length.EqualTo(2));

        static Int128 Digits(string message, int tag) => Int128.Parse(Field(message, tag).Replace(".", ""));
    }

    [TestCase("CLIENT1", "35=BB|909=q|453=1|448=BRAVO|447=D|452=1", "35=j|.*|372=BB|379=q|380=6|58=RIGHTS")]
    [TestCase("CLIENT1", "35=AN|710=q|724=0|60=now|453=1|448=BRAVO|447=D|452=1", "35=AO|.*|727=0|728=3|729=2|58=RIGHTS")]
    [TestCase("OPS1", "35=BB|909=q|453=1|448=BRAVO|447=D|452=1", "35=BA|.*|911=\\d|.*|448=BRAVO|")]
    [TestCase("OPS1", "35=BB|909=q", "35=j|.*|380=6|58=RIGHTS")]
    [TestCase("MD1", "35=BB|909=q", "35=j|.*|380=6|58=RIGHTS")]
    [TestCase("CLIENT1", "35=BB|909=q|15=XRP", "35=BA|.*|910=0|911=0|912=Y|")]
    [TestCase("CLIENT1", "35=AN|710=q|724=0|15=XRP|60=now", "35=AO|.*|727=0|728=2|729=0|")]
    public void Who_may_not_see_it_or_asks_for_nothing_is_told_so(string compID, string request, string answer) =>
        Assert.That(LoggedOn(compID).Send(request).Inbox()[0], Does.Match("^" + answer.Replace("|", "\\|")));
}
