namespace Venue.Tests.Gateway;

/// <summary>Requests for quotes over FIX: AH, R, S, AJ and D in, R, S, AG, Z and AI out.</summary>
public class QuoteRequestTests
{
    private const string Sessions = """
        [SESSION]
        TargetCompID=LP
        Kind=LiquidityProvider
        Firm=ALPHA
        [SESSION]
        TargetCompID=OPEN
        Firm=BRAVO
        DiscloseRequests=Y
        """;

    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness(more: Sessions);

    [TearDown]
    public void Stop() => _venue.Dispose();

    private const string Ask = "35=R|131=r1|146=1|55=BTC-USD|54=1|38=0.5|126=20261122-12:00:10";

    [TestCase("CLIENT2", false), TestCase("OPEN", true)]
    public void A_request_reaches_a_provider_that_watches_and_says_who_asks_only_when_that_was_agreed(string asker, bool isOpen)
    {
        var (lp, client) = (Provider(), Connected(asker));
        client.Send(Ask);
        var asked = lp.Inbox().Single();
        Assert.That(asked, Does.Match(@"^35=R\|34=2\|131=R\d+\|146=1\|55=BTC-USD\|54=1\|38=0.50000\|126=20261122-12:00:10.000\|60="));
        Assert.That(asked.Contains("|453=1|448=OPEN|447=D|452=36"), Is.EqualTo(isOpen));
    }

    [TestCase("35=D|11=h1|55=BTC-USD|54=1|60=now|38=0.5|40=D|117={0}")]
    [TestCase("35=D|11=h1|55=BTC-USD|54=1|60=now|38=0.5|40=D|117={0}|44=50010")]
    [TestCase("35=AJ|693=h1|117={0}|694=1|55=BTC-USD|54=1|38=0.5")]
    [TestCase("35=AJ|693=x|11=h1|117={0}|694=1|55=BTC-USD|54=1|38=0.5")]
    public void An_answer_is_hit_by_its_QuoteID(string hit)
    {
        var (lp, client) = (Provider(), Connected("CLIENT2"));
        client.Send(Ask);
        lp.Send($"35=S|131={Field(lp.Inbox().Single(), 131)}|117=mine|55=BTC-USD|132=49990|133=50010|134=1|135=1");
        var offer = client.Inbox().Single();
        Assert.That(offer, Does.Match(@"^35=S\|34=2\|131=r1\|117=Q\d+\|537=1\|55=BTC-USD\|132=49990.00\|133=50010.00\|134=1.00000\|135=1.00000\|62=20261122-12:00:10.000\|60="));
        var told = client.Send(string.Format(hit, Field(offer, 117))).Inbox();
        Assert.That(told.Select(m => Field(m, 150)), Is.EqualTo(new[] { "0", "F" }));
        Assert.That(told[1], Does.Contain("|11=h1|").And.Contain("|40=D|").And.Contain("|32=0.50000|31=50010.00|").And.Contain("|851=2|"));
        var filled = lp.Inbox().Single();
        Assert.That(filled, Does.Contain("|11=mine|117=mine|").And.Contain("|150=F|39=2|").And.Contain("|54=2|").And.Contain("|851=1|"));
        Assert.That(Field(filled, 880), Is.EqualTo(Field(told[1], 880)).And.Not.Empty);
    }

    //       request                                          answer
    [TestCase("35=R|131=r|146=1|55=BTC-USD|126=20261122-11:59:59", "35=AG|34=2|131=r|658=4|146=1|55=BTC-USD|58=EXPIRETIME|")]
    [TestCase("35=R|131=r|146=1|55=XRP-USD", "35=AG|34=2|131=r|658=1|146=1|55=[N/A]|58=SYMBOL|")]
    [TestCase("35=R|131=r|146=1|55=ETH-USD", "35=AG|34=2|131=r|658=8|146=1|55=ETH-USD|58=NOPROVIDER|")]
    [TestCase("35=R|131=r|146=2|55=BTC-USD|55=ETH-USD", "35=j|34=2|45=2|372=R|379=r|380=5|58=NoRelatedSym(146) is 1")]
    [TestCase("35=AJ|693=h|117=Q1|694=1|55=BTC-USD|54=1|38=1", "35=8|34=2|37=NONE|11=h|17=*|150=8|39=8|")]
    [TestCase("35=AJ|693=h|117=Q1|694=2|55=BTC-USD", "35=j|34=2|45=2|372=AJ|379=h|380=5|58=UNSUPPORTED|")]
    [TestCase("35=AJ|693=h|117=Q1|694=6|55=BTC-USD", "35=AG|34=2|131=NONE|658=7|146=1|55=[N/A]|58=UNKNOWNQUOTE|")]
    public void What_cannot_be_asked_or_taken_is_refused(string request, string answer)
    {
        Provider();
        var told = Connected("CLIENT2").Send(request).Inbox().Single();
        Assert.That(System.Text.RegularExpressions.Regex.Replace(told, @"\|17=[^|]+", "|17=*"), Does.StartWith(answer));
    }

    [Test]
    public void Time_ends_a_request_with_a_reject_or_when_it_was_answered_with_a_cancel()
    {
        var (lp, client) = (Provider(), Connected("CLIENT2"));
        client.Send(Ask).Send(Ask.Replace("r1", "r2"));
        lp.Send($"35=S|131={Field(lp.Inbox()[0], 131)}|117=mine|55=BTC-USD|133=50010|135=1");
        client.Inbox();
        _venue.NowNs += 11_000_000_000;
        client.Send("35=H|11=none|55=BTC-USD|54=1");
        var told = client.Inbox();
        Assert.That(told[0], Does.StartWith("35=Z|").And.Contain("|131=r1|117=NONE|298=4|295=1|55=BTC-USD"));
        Assert.That(told[1], Does.StartWith("35=AG|").And.Contain("|131=r2|658=8|146=1|55=BTC-USD|58=EXPIRED|"));
        Assert.That(lp.Inbox().Single(), Does.StartWith("35=AI|").And.Contain("|117=mine|55=BTC-USD|").And.Contain("|297=7|"));
        var counts = _venue.Core.Requests("LP");
        Assert.That((counts.Asked, counts.Answered, counts.Missed), Is.EqualTo((2, 1, 1)));
    }

    [Test]
    public void Whoever_passes_ends_the_request()
    {
        var (lp, client) = (Provider(), Connected("CLIENT2"));
        client.Send(Ask);
        lp.Send($"35=S|131={Field(lp.Inbox()[0], 131)}|117=mine|55=BTC-USD|133=50010|135=1");
        var offer = client.Inbox().Single();
        Assert.That(client.Send($"35=AJ|693=p|117={Field(offer, 117)}|694=6|55=BTC-USD").Inbox().Single(), Does.StartWith("35=Z|"));
        Assert.That(lp.Inbox().Single(), Does.StartWith("35=AI|").And.Contain("|117=mine|").And.Contain("|297=11"));
    }

    [Test]
    public void A_provider_that_no_longer_watches_is_not_asked()
    {
        var (lp, client) = (Provider(), Connected("CLIENT2"));
        lp.Send("35=AH|644=w|146=1|55=BTC-USD|263=2");
        Assert.That(client.Send(Ask).Inbox().Single(), Does.StartWith("35=AG|").And.Contain("|658=8|"));
        Assert.That(lp.Send("35=AH|644=w|146=1|55=XRP-USD").Inbox().Single(), Does.StartWith("35=j|").And.Contain("|379=w|380=6|"));
    }

    private CoreHarness.Peer Provider()
    {
        var peer = Connected("LP");
        peer.Send("35=AH|644=w|146=1|55=BTC-USD|263=1");
        return peer;
    }

    private CoreHarness.Peer Connected(string compID)
    {
        var peer = _venue.Connect(compID).Logon();
        peer.Inbox();
        return peer;
    }

    private static string Field(string message, int tag) =>
        message.Split('|').Select(f => f.Split('=', 2)).Where(f => f[0] == tag.ToString()).Select(f => f[1]).FirstOrDefault("");
}
