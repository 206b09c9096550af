using Venue.Gateway;

namespace Venue.Tests.Gateway;

/// <summary>Messages over the rate.</summary>
public class ThrottleTests
{
    private const long SecondNs = 1_000_000_000;
    private static readonly SessionProfile Limited = new() { Rate = new RateLimit { PerSecond = 10, Burst = 3, AbuseMax = 5, BlockNs = 15 * SecondNs } };
    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness(
        profiles: new Dictionary<string, SessionProfile> { ["CLIENT1"] = Limited },
        firmRates: new Dictionary<string, RateLimit> { ["BRAVO"] = new() { PerSecond = 1, Burst = 2 } },
        more: "[SESSION]\nTargetCompID=BRAVO2\nFirm=BRAVO\n");

    [TearDown]
    public void Stop() => _venue.Dispose();

    private CoreHarness.Peer LoggedOn(string compID)
    {
        var peer = _venue.Connect(compID).Logon("141=Y");
        peer.Inbox();
        return peer;
    }

    private static string Field(string message, int tag) =>
        message.Split('|').Select(f => f.Split('=', 2)).Where(f => f[0] == tag.ToString()).Select(f => f[1]).FirstOrDefault("");

    [Test]
    public void A_burst_passes_then_one_each_tenth_of_a_second()
    {
        var client = LoggedOn("CLIENT1");
        for (var i = 0; i < 4; i++) client.Order($"a{i}", "buy", "1", "49000");
        Assert.That(client.Inbox().Select(m => Field(m, 150)), Is.EqualTo(new[] { "0", "0", "0", "8" }));
        _venue.NowNs += SecondNs / 10;
        client.Order("b1", "buy", "1", "49000").Order("b2", "buy", "1", "49000");
        Assert.That(client.Inbox().Select(m => Field(m, 150)), Is.EqualTo(new[] { "0", "8" }));
        _venue.NowNs += SecondNs;
        for (var i = 0; i < 4; i++) client.Order($"c{i}", "buy", "1", "49000");
        Assert.That(client.Inbox().Select(m => Field(m, 150)), Is.EqualTo(new[] { "0", "0", "0", "8" }), "a silence fills the burst and no more");
    }

    [Test]
    public void The_refusal_says_why_and_the_id_may_be_used_again()
    {
        var client = LoggedOn("CLIENT1");
        for (var i = 0; i < 3; i++) client.Order($"a{i}", "buy", "1", "49000");
        client.Inbox();
        Assert.That(client.Order("b", "buy", "1", "49000").Inbox().Single(),
            Does.Match(@"^35=8\|34=5\|37=NONE\|11=b\|17=R1-\d+-5\|150=8\|39=8\|55=BTC-USD\|54=1\|38=1\|40=2\|44=49000\|59=1\|151=0\|14=0\|6=0\|60=.*\|103=99\|58=RATE\|Rate limit exceeded$"));
        Assert.That(client.Send("35=G|11=r|41=a0|55=BTC-USD|54=1|60=now|38=2|40=2|44=49000").Inbox().Single(), Does.Match(@"^35=9\|34=6\|37=NONE\|11=r\|41=a0\|39=8\|60=.*\|434=2\|102=99\|58=RATE\|Rate limit exceeded$"));
        Assert.That(client.Send("35=H|11=a0|55=BTC-USD|54=1|790=h").Inbox().Single(), Does.StartWith("35=j|").And.Contain("372=H|379=a0|380=0|58=RATE|"));
        _venue.NowNs += SecondNs;
        Assert.That(client.Order("b", "buy", "1", "49000").Inbox().Single(), Does.Contain("|11=b|").And.Contain("|150=0|"));
    }

    [Test]
    public void A_session_asks_how_much_of_its_rate_is_left()
    {
        const string Ask = "35=BE|923=u|924=5|553=me";
        var client = LoggedOn("CLIENT1");
        Assert.That(client.Send(Ask).Inbox().Single(), Does.Match(@"^35=BF\|34=2\|923=u\|553=me\|926=1\|1610=1\|1611=2\|1612=0\|1613=10\|1614=1\|1615=0\|8040=S\|8041=3\|8042=3\|8043=0\|8044=5\|8045=15$"));
        for (var i = 0; i < 5; i++) client.Order($"a{i}", "buy", "1", "49000");
        client.Inbox();
        Assert.That(Left(), Is.EqualTo(("0", "2")), "asking costs no token and is told when there is none");
        _venue.NowNs += SecondNs / 5;
        Assert.That(Left(), Is.EqualTo(("2", "2")));
        _venue.NowNs += 10 * SecondNs;
        Assert.That(Left(), Is.EqualTo(("3", "0")));

        var bravo = LoggedOn("CLIENT2");
        bravo.Order("b", "buy", "1", "49000").Inbox();
        Assert.That(bravo.Send(Ask).Inbox().Single(), Does.Contain("|1610=1|1611=2|1612=0|1613=1|1614=1|1615=0|8040=F|8041=2|8042=1|8043=0|"));
        Assert.That(LoggedOn("CLIENT3").Send(Ask).Inbox().Single(), Does.Match(@"^35=BF\|34=2\|923=u\|553=me\|926=1\|927=No rate"));

        // Asking has a rate of its own; beyond it costs what any message does.
        for (var i = 0; i < 20; i++) client.Send(Ask);
        var told = client.Inbox();
        Assert.That((told.Count(m => m.StartsWith("35=BF", StringComparison.Ordinal)), told.Count(m => m.Contains("|372=BE|379=u|380=0|58=RATE|"))), Is.EqualTo((9 + 3, 5)), "one of ten was just used, and three tokens are left");
        Assert.That(told[^1], Does.StartWith("35=5|").And.Contain("58=Rate limit exceeded"), "the fifth is abuse");

        (string Tokens, string Refusals) Left()
        {
            var told = client.Send(Ask).Inbox().Single();
            return (Field(told, 8042), Field(told, 8043));
        }
    }

    [Test]
    public void Cancels_are_never_refused()
    {
        var client = LoggedOn("CLIENT1");
        for (var i = 0; i < 3; i++) client.Order($"a{i}", "buy", "1", "49000");
        client.Inbox();
        client.Send("35=F|11=x|41=a0|55=BTC-USD|54=1|60=now").Send("35=q|11=y|530=7|60=now");
        Assert.That(client.Inbox().Select(m => Field(m, 35) + Field(m, 150)), Is.EqualTo(new[] { "84", "r", "84", "84" }));
    }

    [Test]
    public void All_sessions_of_a_firm_share_its_rate()
    {
        var (one, other) = (LoggedOn("CLIENT2"), LoggedOn("BRAVO2"));
        one.Order("a", "buy", "1", "49000");
        other.Order("b", "buy", "1", "49000");
        Assert.That(one.Inbox().Concat(other.Inbox()).Select(m => Field(m, 150)), Is.EqualTo(new[] { "0", "0" }));
        one.Order("c", "buy", "1", "49000");
        other.Order("d", "buy", "1", "49000");
        Assert.That(one.Inbox().Concat(other.Inbox()).Select(m => Field(m, 150)), Is.EqualTo(new[] { "8", "8" }));
    }

    [Test]
    public void Who_does_not_stop_is_logged_out_and_kept_out_for_a_while()
    {
        var client = LoggedOn("CLIENT1");
        for (var i = 0; i < 8; i++) client.Order($"a{i}", "buy", "1", "49000");
        var told = client.Inbox();
        Assert.That(told.Count(m => Field(m, 103) == "99"), Is.EqualTo(5));
        Assert.That(told[^1], Does.StartWith("35=5|").And.EndWith("|58=Rate limit exceeded"));
        Assert.That(_venue.Alarms.Single(), Is.EqualTo("CLIENT1 was logged out for 15 s: 5 messages over its rate"));
        client.Drop();
        _venue.NowNs += 14 * SecondNs;
        Assert.That(_venue.Connect("CLIENT1").Logon("141=Y").Connection.CloseReason, Is.EqualTo("CLIENT1 is kept out for its rate"));
        _venue.NowNs += 2 * SecondNs;
        Assert.That(_venue.Connect("CLIENT1").Logon("141=Y").Inbox().Single(), Does.StartWith("35=A"));
    }

    [Test]
    public void Now_and_then_over_the_rate_is_no_abuse()
    {
        var client = LoggedOn("CLIENT1");
        for (var i = 0; i < 30; i++)
        {
            client.Order($"a{i}", "buy", "1", "49000");
            if (i % 4 == 3) _venue.NowNs += 6 * SecondNs;
        }
        Assert.That(client.Inbox().Count(m => Field(m, 103) == "99"), Is.EqualTo(7));
        Assert.That(_venue.Alarms, Is.Empty);
    }
}
