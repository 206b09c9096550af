namespace Venue.Tests.Gateway;

/// <summary>Last look and the best answers over FIX: S with what is said of it, AJ and AI, AG, 150=A; kept over a crash and a restart.</summary>
public class LastLookTests
{
    private const string Ask = "35=R|131=r1|146=1|55=BTC-USD|54=1|38=0.5|126=20261122-12:00:10";

    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness(more: """
        [SESSION]
        TargetCompID=LP
        Kind=LiquidityProvider
        Firm=ALPHA
        LastLookMs=50
        [SESSION]
        TargetCompID=FIRM-LP
        Kind=LiquidityProvider
        Firm=CHARLIE
        [SESSION]
        TargetCompID=ONE
        Firm=BRAVO
        AnswerWindowMs=100
        AnswersMax=1
        """);

    [TearDown]
    public void Stop() => _venue.Dispose();

    [Test]
    public void A_hit_waits_for_its_provider_and_trades_when_it_accepts()
    {
        var (lp, client) = (Provider("LP"), Connected("CLIENT2"));
        var (offer, asked) = Hit(lp, client);
        Assert.That(offer, Does.Contain("|537=1|55=BTC-USD|133=50010.00|135=1.00000|").And.EndWith("|8046=50"));
        var pending = client.Inbox().Single();
        Assert.That(pending, Does.Contain("|11=h1|").And.Contain("|150=A|39=A|").And.Contain("|40=D|44=50010.00|").And.Contain("|151=0.50000|14=0.00000|"));
        Assert.That(asked, Does.Match(@"^35=AJ\|34=\d+\|693=H\d+\|117=mine\|694=1\|55=BTC-USD\|54=1\|38=0.50000\|60=20261122-12:00:00.000\|44=50010.00\|62=20261122-12:00:00.050$"));
        _venue.NowNs += 20_000_000;
        lp.Send($"35=AI|693={Field(asked, 693)}|117=mine|55=BTC-USD|297=0");
        var filled = client.Inbox().Single();
        Assert.That(filled, Does.Contain("|11=h1|").And.Contain("|150=F|39=2|").And.Contain("|32=0.50000|31=50010.00|").And.Contain("|851=2|"));
        var made = lp.Inbox().Single();
        Assert.That(made, Does.Contain("|11=mine|117=mine|").And.Contain("|150=F|39=2|").And.Contain("|54=2|"));
        Assert.That(Field(made, 880), Is.EqualTo(Field(filled, 880)).And.Not.Empty);
        var looks = _venue.Core.Requests("LP").Looks;
        Assert.That((looks.Held, looks.Accepted, looks.HoldMeanNs, looks.HoldMaxNs, looks.Times.At(500)), Is.EqualTo((1, 1, 20_000_000, 20_000_000, 20)));
        client.Send(Ask.Replace("r1", "r2"));
        lp.Send($"35=S|131={Field(lp.Inbox().Single(), 131)}|117=next|55=BTC-USD|133=50010|135=1");
        Assert.That(client.Inbox().Single(), Does.EndWith("|8046=50|8047=1|8048=100|8049=20"), "what it did before stands in what it answers next");
    }

    //        QuoteRejectReason                                                                                  counted
    [TestCase("300=8", "LASTLOOK|The provider looked at the hit and refused it: its price has moved", 1, 0)]
    [TestCase("300=3", "LASTLOOK|The provider looked at the hit and refused it: it may not or cannot make this trade", 0, 1)]
    [TestCase("58=no", "LASTLOOK|The provider looked at the hit and refused it: it may not or cannot make this trade", 0, 1)]
    public void A_refused_hit_says_why(string why, string text, int price, int validity)
    {
        var (lp, client) = (Provider("LP"), Connected("CLIENT2"));
        var (_, asked) = Hit(lp, client);
        client.Inbox();
        lp.Send($"35=AI|693={Field(asked, 693)}|117=mine|55=BTC-USD|297=5|{why}");
        Assert.That(client.Inbox().Single(), Does.Contain("|11=h1|").And.Contain("|150=8|39=8|").And.Contain("|151=0.00000|").And.EndWith($"|103=99|58={text}"));
        Assert.That(lp.Inbox().Single(), Does.StartWith("35=AI|").And.Contain("|117=mine|").And.Contain("|297=5|58=LASTLOOK|"));
        var looks = _venue.Core.Requests("LP").Looks;
        Assert.That((looks.RefusedPrice, looks.RefusedValidity, looks.TimedOut), Is.EqualTo((price, validity, 0)));
        Assert.That(client.Send("35=H|11=h1|55=BTC-USD|54=1").Inbox().Single(), Does.Contain("|150=I|39=8|"));
    }

    [Test]
    public void Silence_refuses_and_what_comes_late_or_from_others_changes_nothing()
    {
        var (lp, client) = (Provider("LP"), Connected("CLIENT2"));
        var (_, asked) = Hit(lp, client);
        client.Inbox();
        Assert.That(client.Send("35=F|11=c1|41=h1|55=BTC-USD|54=1|60=now").Inbox().Single(), Does.StartWith("35=9|").And.Contain("|39=A|").And.Contain("|58=LOOKING|"));
        var other = Provider("FIRM-LP");
        Assert.That(other.Send($"35=AI|693={Field(asked, 693)}|117=mine|55=BTC-USD|297=0").Inbox().Single(), Does.StartWith("35=AI|").And.Contain("|58=UNKNOWNQUOTE|"));
        Assert.That(lp.Send($"35=AI|693={Field(asked, 693)}|117=mine|55=BTC-USD|297=10").Inbox().Single(), Does.StartWith("35=j|").And.Contain("|58=UNSUPPORTED|"));
        _venue.NowNs += 50_000_000;
        lp.Send($"35=AI|693={Field(asked, 693)}|117=mine|55=BTC-USD|297=0");
        Assert.That(client.Inbox().Single(), Does.Contain("|150=8|39=8|").And.Contain("|58=LASTLOOK|The provider said nothing of the hit in its hold time"));
        Assert.That(lp.Inbox().Select(m => Field(m, 58)[..8]), Is.EqualTo(new[] { "LASTLOOK", "UNKNOWNQ" }));
        Assert.That(_venue.Core.Requests("LP").Looks.TimedOut, Is.EqualTo(1));
        Assert.That(client.Send($"35=AI|693={Field(asked, 693)}|117=mine|55=BTC-USD|297=0").Inbox().Single(), Does.StartWith("35=j|").And.Contain("|380=6|"), "not a provider");
    }

    /// <summary>The journal ends with the hit itself: the replay tells both, and the hit is decided as any.</summary>
    [Test]
    public void A_hit_that_a_crash_cut_off_is_told_after_the_start_and_ends_with_its_session()
    {
        var (lp, client) = (Provider("LP"), Connected("CLIENT2"));
        Hit(lp, client);
        var hit = _venue.Records().Last(r => r.Kind == Venue.Sequencer.RecordKind.Command && Venue.Messages.Command.Header(r.Payload).Type == Venue.Messages.CommandType.TakeOffer);
        _venue.CutAfterCommandAt(hit.Position);
        Assert.That(_venue.Untold, Is.EqualTo(2), "150=A and the question");
        var hash = _venue.Core.Engine.StateHash();
        _venue.Core.Engine.CheckInvariants();
        _venue.Restart();
        Assert.That(_venue.Core.Engine.StateHash(), Is.EqualTo(hash), "the same state again");
        _venue.NowNs += 60_000_000;
        var back = _venue.Connect("CLIENT2");
        back.NextOut = 10;
        back.Logon("789=2");
        Assert.That(_venue.Core.Requests("LP").Looks.TimedOut, Is.EqualTo(1));
        back.Send("35=2|7=2|16=0");
        Assert.That(back.Inbox().Where(m => m.StartsWith("35=8|", StringComparison.Ordinal)).Select(m => Field(m, 150)).Distinct(), Is.EquivalentTo(new[] { "A", "8" }), "pending before the crash, refused by silence after it");
    }

    /// <summary>As with cancels of a lost session: told again under the new numbers, since the old ones are gone.</summary>
    [Test]
    public void Who_is_lost_while_a_hit_is_held_is_told_that_it_came_to_nothing()
    {
        var (lp, client) = (Provider("LP"), Connected("CLIENT2"));
        Hit(lp, client);
        client.Drop();
        _venue.Core.Drain();
        Assert.That(lp.Inbox().Single(), Does.StartWith("35=AI|").And.Contain("|117=mine|").And.Contain("|58=DISCONNECT|"));
        Assert.That((_venue.Core.Engine.OpenOrders, _venue.Core.Requests("LP").Looks.Ended), Is.EqualTo((0, 1)));
        var back = _venue.Connect("CLIENT2").Logon("141=Y");
        _venue.Core.Gateway.Poll(_venue.NowNs);
        _venue.Core.Drain();
        var told = back.Inbox().Single(m => m.StartsWith("35=8|", StringComparison.Ordinal));
        Assert.That(told, Does.Contain("|97=Y|").And.Contain("|11=h1|").And.Contain("|150=8|39=8|").And.Contain("|58=DISCONNECT|").And.Not.Contain("|378="));
    }

    [Test]
    public void Answers_are_told_best_first_when_all_have_come_or_the_window_is_over()
    {
        var (lp, firm) = (Provider("LP"), Provider("FIRM-LP"));
        var (one, many) = (Connected("ONE"), Connected("CLIENT2"));
        foreach (var (client, told) in new[] { (one, new[] { "50009.00" }), (many, ["50009.00", "50010.00"]) })
        {
            client.Send(Ask);
            lp.Send($"35=S|131={Field(lp.Inbox()[^1], 131)}|117=a|55=BTC-USD|133=50010|135=1");
            Assert.That(client.Inbox(), Is.Empty, "the other one is waited for");
            firm.Send($"35=S|131={Field(firm.Inbox()[^1], 131)}|117=b|55=BTC-USD|133=50009|135=1");
            Assert.That(client.Inbox().Select(m => Field(m, 133)), Is.EqualTo(told));
        }
        one.Send(Ask.Replace("r1", "r2"));
        lp.Send($"35=S|131={Field(lp.Inbox()[^1], 131)}|117=a|55=BTC-USD|133=50011|135=1");
        _venue.NowNs += 100_000_000;
        one.Send("35=H|11=none|55=BTC-USD|54=1");
        Assert.That(one.Inbox().Where(m => m.StartsWith("35=S|", StringComparison.Ordinal)).Select(m => Field(m, 133)), Is.EqualTo(new[] { "50011.00" }), "the session's window is over");
    }

    [Test]
    public void Who_declines_is_not_waited_for_and_when_all_do_the_request_is_over()
    {
        var (lp, firm, client) = (Provider("LP"), Provider("FIRM-LP"), Connected("CLIENT2"));
        client.Send(Ask);
        var request = Field(lp.Inbox().Single(), 131);
        lp.Send($"35=S|131={request}|117=mine|55=BTC-USD|133=50010|135=1");
        firm.Send($"35=AG|131={request}|658=10|146=1|55=BTC-USD");
        Assert.That(client.Inbox().Single(), Does.StartWith("35=S|"));
        Assert.That(lp.Send($"35=AG|131={request}|658=10|146=1|55=BTC-USD").Inbox().Single(), Does.StartWith("35=AI|").And.Contain("|117=mine|").And.Contain("|297=6|58=DECLINED|"));
        Assert.That(client.Inbox().Single(), Does.StartWith("35=Z|").And.Contain("|131=r1|"));
        Assert.That(lp.Send("35=AG|131=R1|658=10|146=1|55=BTC-USD").Inbox().Single(), Does.Contain("|117=NONE|").And.Contain("|58=UNKNOWNQUOTE|"));
        Assert.That((_venue.Core.Requests("LP").Declined, _venue.Core.Requests("FIRM-LP").Declined), Is.EqualTo((1, 1)));
    }

    [Test]
    public void A_setting_that_is_gone_ends_the_last_look()
    {
        var before = _venue.Core.LastSeq;
        _venue.Restart();
        Assert.That(_venue.Core.LastSeq, Is.EqualTo(before), "what is known is not said again");
        _venue.Reconfigure("""
            [SESSION]
            TargetCompID=LP
            Kind=LiquidityProvider
            Firm=ALPHA
            """);
        var (lp, client) = (Provider("LP"), Connected("CLIENT2"));
        client.Send(Ask);
        lp.Send($"35=S|131={Field(lp.Inbox().Single(), 131)}|117=mine|55=BTC-USD|133=50010|135=1");
        var offer = client.Inbox().Single();
        Assert.That(offer, Does.EndWith("|8046=0"));
        Assert.That(client.Send($"35=D|11=h1|55=BTC-USD|54=1|60=now|38=0.5|40=D|117={Field(offer, 117)}").Inbox().Select(m => Field(m, 150)), Is.EqualTo(new[] { "0", "F" }));
    }

    private static (string Offer, string Asked) Hit(CoreHarness.Peer lp, CoreHarness.Peer client)
    {
        client.Send(Ask);
        lp.Send($"35=S|131={Field(lp.Inbox().Single(), 131)}|117=mine|55=BTC-USD|133=50010|135=1");
        var offer = client.Inbox().Single();
        client.Send($"35=D|11=h1|55=BTC-USD|54=1|60=now|38=0.5|40=D|117={Field(offer, 117)}|44=50010");
        return (offer, lp.Inbox().Single());
    }

    private CoreHarness.Peer Provider(string compID)
    {
        var peer = Connected(compID);
        peer.Send("35=AH|644=w|146=1|55=BTC-USD|263=1");
        return peer;
    }

    private CoreHarness.Peer Connected(string compID)
    {
        var peer = _venue.Connect(compID).Logon();
        peer.Inbox();
        return peer;
    }

    private static string Field(string message, int tag) => message.StartsWith("35=", StringComparison.Ordinal)
        ? System.Text.RegularExpressions.Regex.Match(message, $@"\|{tag}=(?<value>.*?)(\|\d+=|$)", System.Text.RegularExpressions.RegexOptions.ExplicitCapture).Groups["value"].Value
        : "";
}
