namespace Venue.Tests.Gateway;

/// <summary>OrderMassCancelRequest (q) and OrderMassStatusRequest (AF) over FIX.</summary>
public class MassRequestTests
{
    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness();

    [TearDown]
    public void Stop() => _venue.Dispose();

    private static string Field(string message, int tag) =>
        message.Split('|').Select(f => f.Split('=', 2)).Where(f => f[0] == tag.ToString()).Select(f => f[1]).FirstOrDefault("");

    private CoreHarness.Peer Trader()
    {
        var peer = _venue.Connect("CLIENT1").Logon();
        peer.Order("b1", "buy", "1", "50000").Order("s1", "sell", "1", "50100").Order("e1", "buy", "1", "3000", symbol: "ETH-USD");
        peer.Inbox();
        return peer;
    }

    [TestCase("530=7", "530=7|531=7|533=3", "b1 s1 e1")]
    [TestCase("530=1|55=BTC-USD", "530=1|531=1|533=2|55=BTC-USD", "b1 s1")]
    [TestCase("530=7|54=1", "530=7|531=7|533=2|54=1", "b1 e1")]
    [TestCase("530=1|55=BTC-USD|54=2", "530=1|531=1|533=1|55=BTC-USD|54=2", "s1")]
    [TestCase("530=7|453=1|448=ALPHA|447=D|452=1", "530=7|531=7|533=3", "b1 s1 e1")]
    [TestCase("530=7|453=1|448=CLIENT1|447=D|452=36", "530=7|531=7|533=3", "b1 s1 e1")]
    [TestCase("530=1|55=XRP-USD", "530=1|531=0|532=1|55=XRP-USD", "")]
    [TestCase("530=2", "530=2|531=0|532=0", "")]
    [TestCase("530=7|453=1|448=BRAVO|447=D|452=1", "530=7|531=0|532=99", "")]
    [TestCase("530=7|453=1|448=CLIENT2|447=D|452=36", "530=7|531=0|532=99", "")]
    [TestCase("530=7|453=1|448=NOBODY|447=D|452=1", "530=7|531=0|532=99", "")]
    public void A_mass_cancel_is_answered_and_then_carried_out(string request, string answer, string canceled)
    {
        var told = Trader().Send($"35=q|11=m|{request}|60=now").Inbox();
        Assert.That(told[0], Does.StartWith("35=r|").And.Contain("|11=m|37=").And.Contain("|" + answer + "|"));
        Assert.That(told[1..].Select(m => Field(m, 150)), Has.All.EqualTo("4"));
        Assert.That(string.Join(' ', told[1..].Select(m => Field(m, 11))), Is.EqualTo(canceled));
        Assert.That(told[1..], Has.All.Contains("58=MASSCANCEL|"));
    }

    // name  what                                             its AF report says
    private const string Kinds = """
        stop    54=2|40=3|38=1|99=48000|59=1                      40=3 99=48000.00
        stoplmt 54=2|40=4|38=1|99=48000|44=47900|59=1             40=4 99=48000.00
        trail   54=2|40=3|18=a|38=1|99=48000|211=100|59=1         18=a 211=100.00
        peg     54=1|40=P|18=R|38=1|44=50050|59=1                 40=P 18=R
        iceberg 54=2|40=2|38=1|44=50200|111=0.1|59=1              111=0.10000
        hidden  54=2|40=2|38=1|44=50300|111=0|59=1                111=0
        post    54=1|40=2|38=1|44=49900|18=6|59=1                 18=6
        until   54=1|40=2|38=1|44=49800|59=6|126=20261123-12:00:00 126=20261123
        closing 54=1|40=2|38=1|44=49700|59=7                      59=7
        """;

    private static IEnumerable<string[]> EachKind => Kinds.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [TestCase("530=7", ""), TestCase("530=1|55=BTC-USD", ""), TestCase("530=7|54=1", "stop stoplmt trail iceberg hidden"), TestCase("530=7|54=2", "peg post until closing")]
    public void Orders_of_every_kind_are_in_a_mass_status_and_go_with_a_mass_cancel(string request, string left)
    {
        var trader = _venue.Connect("CLIENT1").Logon();
        trader.Order("bid", "buy", "1", "49000");
        _venue.Connect("CLIENT2").Logon().Order("ask", "sell", "1", "51000");
        foreach (var kind in EachKind) trader.Send($"35=D|11={kind[0]}|55=BTC-USD|60=now|{kind[1]}");
        Assert.That(trader.Inbox().Where(m => m.StartsWith("35=8", StringComparison.Ordinal)).Select(m => Field(m, 150)), Has.All.EqualTo("0"));

        var status = trader.Send("35=AF|584=s|585=7").Inbox();
        foreach (var kind in EachKind)
            foreach (var said in kind[2..]) Assert.That(status.Single(m => Field(m, 11) == kind[0]), Does.Contain("|" + said));
        Assert.That(status, Has.Length.EqualTo(10).And.All.Contains("|911=10|"));

        var told = trader.Send($"35=q|11=m|{request}|60=now").Inbox();
        Assert.That(Field(told[0], 533), Is.EqualTo($"{told.Length - 1}"));
        Assert.That(told[1..], Has.All.Contains("|150=4|39=4|").And.All.Contains("58=MASSCANCEL|"));
        trader.Send("35=AF|584=t|585=7");
        Assert.That(trader.Inbox().Where(m => Field(m, 37) != "NONE" && Field(m, 11) != "bid").Select(m => Field(m, 11)), Is.EquivalentTo(left.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        _venue.Core.Engine.CheckInvariants();
    }

    /// <summary>A stop order that is canceled must not be triggered, and the other one of a pair goes too.</summary>
    [Test]
    public void What_a_mass_cancel_took_is_not_triggered_later()
    {
        var (trader, other) = (_venue.Connect("CLIENT1").Logon(), _venue.Connect("CLIENT2").Logon());
        other.Order("rest", "buy", "5", "48000");
        trader.Send("35=D|11=limit|55=BTC-USD|54=2|60=now|38=1|40=2|44=52000|59=1").Send("35=D|11=stop|583=limit|55=BTC-USD|54=2|60=now|38=1|40=3|99=49000|59=1");
        trader.Inbox();
        Assert.That(trader.Send("35=q|11=m|530=1|55=BTC-USD|54=2|60=now").Inbox().Select(m => Field(m, 35) + Field(m, 11)), Is.EquivalentTo(new[] { "rm", "8limit", "8stop" }));
        _venue.Connect("CLIENT3").Logon().Order("down", "sell", "1", "48000");
        Assert.That(trader.Inbox(), Is.Empty);
        Assert.That(_venue.Core.Engine.OpenOrders, Is.EqualTo(1));
        _venue.Core.Engine.CheckInvariants();
    }

    [Test]
    public void A_mass_cancel_passes_while_the_journal_is_behind()
    {
        var trader = Trader();
        _venue.Core.Gateway.IsCongested = true;
        trader.Send("35=q|11=m|530=7|60=now");
        Assert.That(trader.Inbox(), Has.Length.EqualTo(4));
    }

    [Test]
    public void The_answer_to_a_mass_cancel_survives_a_crash()
    {
        var trader = Trader();
        var before = _venue.JournalEnd;
        var told = trader.Send("35=q|11=m|530=7|60=now").Inbox();
        _venue.CutAfterCommandAt(before);
        Assert.That(_venue.Untold, Is.EqualTo(4));
        var back = _venue.Connect("CLIENT1");
        back.NextOut = trader.NextOut;
        back.Logon().Inbox();
        var resent = back.Send($"35=2|7={Field(told[0], 34)}|16={Field(told[3], 34)}").Inbox();
        Assert.That(resent.Select(m => Field(m, 35) + Field(m, 11)), Is.EqualTo(new[] { "rm", "8b1", "8s1", "8e1" }));
    }

    [TestCase("585=7", "b1 s1 e1"), TestCase("585=1|55=ETH-USD", "e1"), TestCase("585=7|54=2", "s1")]
    public void A_mass_status_tells_the_open_orders_and_which_is_the_last(string request, string expected)
    {
        var told = Trader().Send($"35=AF|584=r|{request}").Inbox();
        Assert.That(string.Join(' ', told.Select(m => Field(m, 11))), Is.EqualTo(expected));
        Assert.That(told, Has.All.Contains($"|584=r|911={told.Length}|"));
        Assert.That(told.Select(m => Field(m, 912)), Is.EqualTo(Enumerable.Repeat("N", told.Length - 1).Append("Y")));
        Assert.That(told.Select(m => Field(m, 150)), Has.All.EqualTo("I"));
    }

    [Test]
    public void Without_an_order_there_is_one_report_that_says_so()
    {
        var told = _venue.Connect("CLIENT2").Logon().Send("35=AF|584=r|585=7").Inbox()[1];
        Assert.That(told, Does.Match(@"^35=8\|34=2\|37=NONE\|584=r\|911=0\|912=Y\|17=\d+-0\|150=I\|39=8\|55=\[N/A\]\|54=7\|151=0\|14=0\|6=0\|1=BRAVO\|60=.*\|103=5\|58=UNKNOWN\|"));
    }

    [TestCase("585=1|55=XRP-USD", "35=j", "372=AF|379=r|380=2"), TestCase("585=7|453=1|448=NOBODY|447=D|452=1", "35=j", "380=6"), TestCase("585=3", "35=3", "371=585|372=AF|373=5")]
    public void A_mass_status_that_cannot_be_answered_is_refused(string request, string type, string expected) =>
        Assert.That(Trader().Send($"35=AF|584=r|{request}").Inbox().Single(), Does.StartWith(type).And.Contain(expected));

    [Test]
    public void A_status_is_not_kept_and_a_resend_fills_it()
    {
        var trader = Trader();
        var told = trader.Send("35=AF|584=r|585=7").Inbox();
        Assert.That(trader.Send($"35=2|7={Field(told[0], 34)}|16={Field(told[2], 34)}").Inbox().Single(), Does.StartWith("35=4|").And.Contain("|123=Y|"));
    }
}
