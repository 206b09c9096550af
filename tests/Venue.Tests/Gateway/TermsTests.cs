namespace Venue.Tests.Gateway;

/// <summary>Order types and terms over FIX: what comes in is what the engine does and what the reports say.</summary>
internal sealed class TermsTests
{
    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness();

    [TearDown]
    public void Stop() => _venue.Dispose();

    private CoreHarness.Peer LoggedOn(string compID)
    {
        var peer = _venue.Connect(compID).Logon();
        Assert.That(peer.Inbox(), Has.One.StartsWith("35=A"));
        return peer;
    }

    [TestCase("38=1|40=2|44=49000|59=1|18=6", "150=0|39=0", "|18=6|")]
    [TestCase("38=1|40=2|44=49000|59=1|111=0.1", "150=0|39=0", "|111=0.10000|")]
    [TestCase("38=1|40=2|44=49000|59=1|1138=0.1", "150=0|39=0", "|111=0.10000|")]
    [TestCase("38=1|40=2|44=49000|59=1|111=0", "150=0|39=0", "|111=0|")]
    [TestCase("38=1|40=2|44=49000|59=6|126=20261122-13:00:00", "150=0|39=0", "|59=6|126=20261122-13:00:00.000|")]
    [TestCase("38=1|40=2|44=49000|59=6|432=20261122", "150=0|39=0", "|126=20261123-00:00:00.000|")]
    [TestCase("38=1|40=3|99=51000|59=1", "150=0|39=0", "|40=3|59=1|99=51000.00|")]
    [TestCase("38=1|40=4|99=51000|44=51100|59=1|1107=I", "150=0|39=0", "|40=4|44=51100.00|59=1|99=51000.00|")]
    [TestCase("38=1|40=3|99=51000|211=100|18=a|59=1", "150=0|39=0", "|18=a|99=51000.00|211=100.00|")]
    [TestCase("38=1|40=P|44=50000|18=R|211=-0.01|59=1", "150=0|39=0", "|40=P|44=50000.00|59=1|18=R|211=-0.01|")]
    [TestCase("38=1|40=2|44=49000|59=1|7928=5|8000=O", "150=0|39=0", "|7928=5|8000=O|")]
    [TestCase("38=1|40=2|44=49000|59=7", "150=0|39=0", "|59=7|")]
    [TestCase("38=1|40=2|44=49000|59=2", "150=8|39=8", "|103=2|58=PHASE|")]
    [TestCase("38=1|40=K|59=1", "150=8|39=8", "58=NOOPPOSITE|")]
    [TestCase("38=1|40=2|44=49000|59=6|126=20261122-11:00:00", "150=8|39=8", "58=EXPIRETIME|")]
    [TestCase("38=1|40=2|44=49000|59=1|18=G", "150=8|39=8", "103=11|58=UNSUPPORTED|")]
    [TestCase("38=1|40=3|99=51000.001|59=1", "150=8|39=8", "58=TICK|")]
    [TestCase("38=1|40=2|44=49000|59=1|583=none", "150=8|39=8", "58=LINK|")]
    [TestCase("40=1|152=100", "150=8|39=8", "103=13|58=MINQTY|")]
    public void An_order_with_terms_is_taken_or_refused_by_the_engine(string terms, string status, string expected)
    {
        var client = LoggedOn("CLIENT1");
        var report = client.Send($"35=D|11=x|55=BTC-USD|54=1|60=now|{terms}").Inbox().Single();
        Assert.That(report, Does.StartWith("35=8|").And.Contain(status).And.Contain(expected));
    }

    [Test]
    public void Cash_buys_what_it_covers_and_an_iceberg_shows_its_next_part()
    {
        var maker = LoggedOn("CLIENT1");
        var taker = LoggedOn("CLIENT2");
        maker.Send("35=D|11=m|55=BTC-USD|54=2|60=now|38=1|40=2|44=50000|59=1|111=0.1").Inbox();
        taker.Send("35=D|11=t|55=BTC-USD|54=1|60=now|40=1|152=10003");
        var bought = taker.Inbox();
        Assert.That(bought[0], Does.Contain("|150=0|").And.Contain("|38=0.20001|40=1|"));
        Assert.That(bought, Has.Length.EqualTo(4));
        Assert.That(bought[^1], Does.Contain("|39=2|").And.Contain("|14=0.20001|"));
    }

    [TestCase("8001=O", "|7928=1|8000=O|"), TestCase("7928=4", "|7928=4|8000=N|"), TestCase("7928=4|8001=B", "|7928=4|8000=B|")]
    public void A_logon_gives_its_orders_their_self_trade_group_and_mode(string logon, string expected)
    {
        var client = _venue.Connect("CLIENT1").Logon(logon);
        Assert.That(client.Inbox(), Has.One.StartsWith("35=A"));
        Assert.That(client.Order("a", "buy", "1", "49000").Inbox().Single(), Does.Contain(expected));
        Assert.That(client.Order("b", "buy", "1", "49000", "59=1|7928=9|8000=D").Inbox().Single(), Does.Contain("|7928=9|8000=D|"), "what an order says itself counts");
        client.Drop();
        _venue.Core.Drain();
        Assert.That(_venue.Connect("CLIENT1").Logon("141=Y").Order("c", "buy", "1", "49000").Inbox()[^1], Does.Not.Contain("|7928="), "for that connection alone");
    }

    [Test]
    public void A_prevented_match_is_told_on_both_orders()
    {
        var client = LoggedOn("CLIENT1");
        client.Send("35=D|11=a|55=BTC-USD|54=2|60=now|38=1|40=2|44=50000|59=1|7928=1|8000=N").Inbox();
        var told = client.Send("35=D|11=b|55=BTC-USD|54=1|60=now|38=3|40=2|44=50000|59=1|7928=1|8000=D").Inbox();
        Assert.That(told, Has.Length.EqualTo(3));
        Assert.That(told[1], Does.Contain("|11=a|").And.Contain("|150=4|39=4|").And.Contain("|378=8|58=STP|"));
        Assert.That(told[2], Does.Contain("|11=b|").And.Contain("|150=D|39=0|").And.Contain("|38=2.00000|").And.Contain("|378=5|58=STP|"));
    }

    [Test]
    public void A_replace_changes_what_an_order_shows()
    {
        var client = LoggedOn("CLIENT1");
        client.Send("35=D|11=a|55=BTC-USD|54=2|60=now|38=1|40=2|44=50000|59=1|111=0.1").Inbox();
        var told = client.Send("35=G|11=b|41=a|55=BTC-USD|54=2|60=now|38=2|40=2|44=50000|111=0.5").Inbox();
        Assert.That(told.Single(), Does.Contain("|150=5|39=0|").And.Contain("|38=2.00000|").And.Contain("|111=0.50000|"));
    }
}
