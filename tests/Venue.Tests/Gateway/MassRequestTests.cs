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
        Assert.That(told, Does.Match(@"^35=8\|34=2\|37=NONE\|584=r\|911=0\|912=Y\|17=\d+-0\|150=I\|39=8\|55=\[N/A\]\|54=7\|151=0\|14=0\|6=0\|60=.*\|103=5\|58=UNKNOWN\|"));
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
