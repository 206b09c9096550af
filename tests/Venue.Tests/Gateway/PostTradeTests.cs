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
    public void Collateral_is_the_engines_balances()
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

        static Int128 Digits(string message, int tag) => Int128.Parse(Field(message, tag).Replace(".", ""));
    }

    private void Apply<T>(CommandType type, T content) where T : unmanaged
    {
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var command = ref Command.Begin<T>(slot, type);
        var header = Command.Header(slot);
        command = content;
        Command.Header(slot) = header;
        _venue.Core.Publish(slot[..header.Length]);
        _venue.Core.Drain();
    }

    [Test]
    public void Positions_are_the_engines_with_cost_and_realised_profit()
    {
        var firm = _venue.Core.Gateway.Clients.Single(c => c.ClientCompID == "CLIENT1").Firm;
        Apply(CommandType.DefineAccount, new DefineAccount { Firm = firm, KeepsPositions = 1, Operator = Text40.From("olga") });
        var (one, other) = (LoggedOn("CLIENT1"), LoggedOn("CLIENT2"));
        other.Order("a", "sell", "2", "3000", symbol: "ETH-USD").Order("b", "buy", "3", "50000");
        one.Order("c", "buy", "2", "3000", symbol: "ETH-USD").Order("d", "sell", "1", "50000").Order("e", "sell", "2", "50000");
        other.Order("f", "buy", "1", "3100", symbol: "ETH-USD");
        one.Order("g", "sell", "1", "3100", symbol: "ETH-USD");
        one.Inbox();

        var told = one.Send("35=AN|710=p|724=0|1=ALPHA|581=1|60=now").Inbox();
        Assert.That(told[0], Does.Match(@"^35=AO\|34=\d+\|721=p-0\|710=p\|727=2\|728=0\|729=0\|453=1\|448=ALPHA\|447=D\|452=1\|1=ALPHA\|581=1$"));
        var reports = told[1..];
        Assert.That(reports.Select(m => $"{Field(m, 55)} {Field(m, 15)} {Field(m, 6)} {Field(m, 704)} {Field(m, 705)}"), Is.EqualTo(new[] { "BTC-USD USD 50000.00  3.00000", "ETH-USD USD 3000.00 1.0000 " }));
        foreach (var report in reports)
        {
            var instrument = _venue.Core.Gateway.Instruments.All.Single(i => i.Name == Field(report, 55));
            Assert.That(Int128.Parse(Field(report, 708).Replace(".", "")), Is.EqualTo(_venue.Core.Engine.Position(firm, instrument.Id).Realised.Atoms), "fees paid, and 100 earned on one ETH");
            Assert.That(report, Does.Match(@"^35=AP\|34=\d+\|721=p-[12]\|710=p\|724=0\|727=2\|728=0\|.*\|1=ALPHA\|581=1\|.*\|702=1\|703=TOT\|.*\|706=0\|753=1\|707=RPNL\|708=.*\|60="));
        }
        Assert.That(Field(reports[1], 708), Does.Match("^9[0-9]\\."), "less the fees");
        Assert.That(one.Send("35=AN|710=p|724=0|55=ETH-USD|60=now").Inbox()[1..].Select(m => Field(m, 55)), Is.EqualTo(new[] { "ETH-USD" }));
        Assert.That(other.Send("35=AN|710=p|724=0|60=now").Inbox()[^1], Does.Contain("|727=0|728=2|"), "nobody keeps them for BRAVO");
    }

    [TestCase(0, "", "1", "H", "0.40000", "50000.00")]
    [TestCase(30_000, "49000", "2", "G", "0.30000", "49000.00")]
    public void A_bust_and_a_correction_are_told_to_subscribers_and_found_in_searches(long newLots, string newPrice, string transType, string execType, string lastQty, string lastPx)
    {
        var (one, _) = Trade();
        var original = Ask(one, "35=AD|568=first|569=1|880=BTC-USD-1")[1];
        var copy = LoggedOn("COPY");
        Ask(copy, "35=AD|568=r|569=1|55=BTC-USD|263=1");
        var fill = FillOf(1);
        Apply(CommandType.CorrectTrade, fill with { NewLots = newLots, NewPriceTicks = newLots == 0 ? 0 : long.Parse(newPrice) * 100 });
        Poll();
        var live = copy.Inbox().Where(m => m.StartsWith("35=AE", StringComparison.Ordinal)).ToArray();
        var report = one.Inbox().Single(m => Field(m, 150) == execType);
        foreach (var told in (string[])[live.Single(), Ask(copy, $"35=AD|568=r2|569=1|17={Field(report, 17)}")[1]])
        {
            Assert.That((Field(told, 487), Field(told, 150), Field(told, 32), Field(told, 31)), Is.EqualTo((transType, execType, lastQty, lastPx)));
            Assert.That(Field(told, 572), Is.EqualTo(Field(original, 571)), "what it takes back");
            foreach (var tag in new[] { 17, 880, 32, 31, 37, 11, 54, 137 }) Assert.That(Field(told, tag), Is.EqualTo(Field(report, tag)), $"{tag}");
        }
        // Both sides, and the trade with what became of it: by its own name and by the match's.
        Assert.That(Ask(copy, $"35=AD|568=r3|569=1|17={Field(original, 17)}")[1..].Select(m => Field(m, 487)), Is.EqualTo(new[] { "0", transType }));
        var ops = LoggedOn("OPS1");
        Assert.That(Ask(ops, "35=AD|568=r4|569=1|880=BTC-USD-1")[1..].Select(m => $"{Field(m, 487)} {Field(m, 54)}"), Is.EqualTo(new[] { "0 1", "0 2", $"{transType} 1", $"{transType} 2" }));
    }

    /// <summary>What the feed said of the first trade on an instrument, as the command that takes it back has it.</summary>
    private CorrectTrade FillOf(int instrument)
    {
        var feed = new FeedCollector();
        var state = new ReplicaState(feed, _venue.Snapshots);
        foreach (var (kind, payload, position) in _venue.Records())
        {
            feed.Clear();
            state.Fold(kind, payload, position);
            if (kind != RecordKind.Command || feed.Batch.Events.FirstOrDefault(e => e.Fill?.Instrument == instrument) is not { Fill: { } f } e) continue;
            return new CorrectTrade
            {
                TradeSeq = e.Seq, BuyIndex = IndexOf(f.Buyer), SellIndex = IndexOf(f.Seller), TradeID = f.TradeId, Instrument = f.Instrument, PriceTicks = f.PriceTicks, Lots = f.Lots,
                BuyOrderID = f.Buyer.OrderId, SellOrderID = f.Seller.OrderId, BuySession = f.Buyer.Session, SellSession = f.Seller.Session,
                BuyFee = new Amount(Int128.Parse(f.Buyer.FeeAtoms)), SellFee = new Amount(Int128.Parse(f.Seller.FeeAtoms)), Operator = Text40.From("olga"),
            };
        }
        throw new InvalidOperationException("nothing traded");

        static int IndexOf(Venue.Api.FillSide side) => int.Parse(side.ExecId.Split('-')[1]);
    }

    [Test]
    public void An_account_is_the_firms_own_or_left_out()
    {
        var one = LoggedOn("CLIENT1");
        Assert.That(one.Order("a", "buy", "1", "40000", "59=1|1=ALPHA").Inbox().Single(), Does.Contain("|150=0|").And.Contain("|1=ALPHA|"));
        Assert.That(one.Order("b", "buy", "1", "40000", "59=1|1=BRAVO").Inbox().Single(), Does.Match(@"\|11=b\|.*\|150=8\|39=8\|.*\|1=BRAVO\|.*\|103=15\|58=ACCOUNT\|"));
        Assert.That(one.Order("b", "buy", "1", "40000").Inbox().Single(), Does.Contain("|150=0|").And.Contain("|1=ALPHA|"), "the id is free, and reports name the account");
        Assert.That(one.Send("35=G|11=c|41=a|55=BTC-USD|54=1|60=now|38=2|40=2|44=40000|59=1|1=BRAVO").Inbox().Single(), Does.Match(@"^35=9\|.*\|11=c\|41=a\|39=8\|.*\|102=99\|58=ACCOUNT\|"));
        Assert.That(one.Send("35=G|11=c|41=a|55=BTC-USD|54=1|60=now|38=2|40=2|44=40000|59=1|1=ALPHA").Inbox().Single(), Does.Contain("|150=5|"));
    }

    [TestCase("CLIENT1", "35=BB|909=q|1=BRAVO", "35=j|.*|380=6|58=RIGHTS")]
    [TestCase("OPS1", "35=BB|909=q|1=BRAVO", "35=BA|.*|448=BRAVO|")]
    [TestCase("CLIENT1", "35=AN|710=q|724=0|1=NOBODY|60=now", "35=AO|.*|728=3|729=2|58=RIGHTS")]
    [TestCase("CLIENT1", "35=BB|909=q|453=1|448=BRAVO|447=D|452=1", "35=j|.*|372=BB|379=q|380=6|58=RIGHTS")]
    [TestCase("CLIENT1", "35=AN|710=q|724=0|60=now|453=1|448=BRAVO|447=D|452=1", "35=AO|.*|727=0|728=3|729=2|58=RIGHTS")]
    [TestCase("OPS1", "35=BB|909=q|453=1|448=BRAVO|447=D|452=1", "35=BA|.*|911=\\d|.*|448=BRAVO|")]
    [TestCase("OPS1", "35=BB|909=q", "35=j|.*|380=6|58=RIGHTS")]
    [TestCase("MD1", "35=BB|909=q", "35=j|.*|380=6|58=RIGHTS")]
    [TestCase("CLIENT1", "35=BB|909=q|15=XRP", "35=BA|.*|910=0|911=0|912=Y|")]
    [TestCase("CLIENT1", "35=AN|710=q|724=0|55=XRP-USD|60=now", "35=AO|.*|727=0|728=2|729=0|")]
    public void Who_may_not_see_it_or_asks_for_nothing_is_told_so(string compID, string request, string answer) =>
        Assert.That(LoggedOn(compID).Send(request).Inbox()[0], Does.Match("^" + answer.Replace("|", "\\|")));
}
