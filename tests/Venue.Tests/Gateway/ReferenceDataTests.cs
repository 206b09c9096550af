using Venue.Messages;

namespace Venue.Tests.Gateway;

/// <summary>SecurityList, SecurityDefinition, SecurityStatus, TradingSessionStatus, News.</summary>
public class ReferenceDataTests
{
    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness(more: "[SESSION]\nTargetCompID=NARROW\nFirm=ALPHA\nInstruments=ETH-USD\n");

    [TearDown]
    public void Stop() => _venue.Dispose();

    private CoreHarness.Peer LoggedOn(string compID)
    {
        var peer = _venue.Connect(compID).Logon("141=Y");
        peer.Inbox();
        return peer;
    }

    private void Set(Phase phase, string symbol = "BTC-USD")
    {
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<SetPhase>(slot, CommandType.SetPhase);
        (c.Instrument, c.Phase) = (_venue.Core.Gateway.Instruments.Find(System.Text.Encoding.ASCII.GetBytes(symbol))!.Id, phase);
        _venue.Core.Publish(slot[..c.Header.Length]);
        _venue.Core.Drain();
    }

    //        request                                        answer
    [TestCase("35=x|320=l|559=0|55=ETH-USD", @"^35=y\|34=2\|320=l\|322=l\|560=0\|146=1\|55=ETH-USD\|15=USD\|561=.*\|562=.*\|1140=.*\|969=0.01$")]
    [TestCase("35=x|320=l|559=0|55=XRP-USD", @"^35=y\|34=2\|320=l\|322=l\|560=2$")]
    [TestCase("35=c|320=d|321=0|55=BTC-USD", @"^35=d\|34=2\|320=d\|322=d\|323=1\|55=BTC-USD\|15=USD\|561=0.00001\|562=.*\|1140=.*\|969=0.01$")]
    [TestCase("35=c|320=d|321=0|55=XRP-USD", @"^35=d\|34=2\|320=d\|322=d\|323=6\|55=XRP-USD$")]
    [TestCase("35=e|324=s|55=BTC-USD|263=0", @"^35=f\|34=2\|324=s\|55=BTC-USD\|336=VENUE\|325=N\|326=17\|8022=0\|60=20261122-12:00:00.000$")]
    [TestCase("35=e|324=s|55=XRP-USD|263=0", @"^35=j\|34=2\|45=2\|372=e\|379=s\|380=2\|58=SYMBOL")]
    [TestCase("35=g|335=t|263=0", @"^35=h\|34=2\|335=t\|336=VENUE\|338=1\|325=N\|340=2$")]
    [TestCase("35=g|335=t|336=NIGHT|263=0", @"^35=h\|34=2\|335=t\|336=NIGHT\|340=6\|567=1$")]
    [TestCase("35=B|148=x|33=1|58=y", @"^35=j\|34=2\|45=2\|372=B\|380=6\|58=RIGHTS")]
    public void A_request_is_answered(string request, string answer) => Assert.That(LoggedOn("CLIENT1").Send(request).Inbox().Single(), Does.Match(answer));

    [Test]
    public void A_session_with_instruments_of_its_own_watches_those_alone()
    {
        var narrow = LoggedOn("NARROW");
        Assert.That(narrow.Send("35=e|324=s|55=BTC-USD|263=1").Inbox().Single(), Does.StartWith("35=j|").And.Contain("|379=s|380=6|"));
        Assert.That(narrow.Send("35=e|324=s|55=ETH-USD|263=1").Inbox().Single(), Does.StartWith("35=f|"));
    }

    [TestCase(Phase.PreOpen, "326=21|8022=1"), TestCase(Phase.VolatilityAuction, "326=5|8022=2"), TestCase(Phase.CloseAuction, "326=5|8022=3")]
    [TestCase(Phase.Halt, "326=2|8022=4"), TestCase(Phase.CancelOnly, "326=18|8022=5"), TestCase(Phase.Closed, "326=18|8022=6")]
    public void Who_watches_is_told_of_each_phase(Phase phase, string said)
    {
        var (watcher, other) = (LoggedOn("MD1"), LoggedOn("CLIENT1"));
        watcher.Send("35=e|324=b|55=BTC-USD|263=1").Send("35=e|324=e|55=ETH-USD|263=1");
        Assert.That(watcher.Inbox(), Has.Length.EqualTo(2));
        Set(phase);
        Assert.That(watcher.Inbox().Single(), Does.StartWith("35=f|34=4|324=b|55=BTC-USD|336=VENUE|325=Y|" + said + "|"));
        Set(Phase.Continuous);
        Assert.That(watcher.Inbox().Single(), Does.Contain("|326=17|8022=0|"));
        watcher.Send("35=e|324=b|55=BTC-USD|263=2");
        Set(Phase.Halt);
        Assert.That(watcher.Inbox().Concat(other.Inbox()), Is.Empty);
    }

    [Test]
    public void The_trading_session_stands_as_its_best_instrument()
    {
        var watcher = LoggedOn("MD1");
        watcher.Send("35=g|335=t|263=1");
        var symbols = _venue.Core.Gateway.Instruments.All.Select(i => i.Name).ToArray();
        foreach (var symbol in symbols[1..]) Set(Phase.Halt, symbol);
        Assert.That(watcher.Inbox(), Has.All.Contains("|340=2"));
        Set(Phase.PreOpen, symbols[0]);
        Assert.That(watcher.Inbox().Single(), Does.EndWith("|325=Y|340=4"));
        Set(Phase.Halt, symbols[0]);
        Assert.That(watcher.Inbox().Single(), Does.EndWith("|340=1"));
        foreach (var symbol in symbols) Set(Phase.Closed, symbol);
        Assert.That(watcher.Inbox()[^1], Does.EndWith("|340=3"));
    }

    [Test]
    public void Who_is_behind_is_told_the_latest_alone()
    {
        var watcher = LoggedOn("CLIENT1");
        watcher.Send("35=e|324=b|55=BTC-USD|263=1").Inbox();
        for (var i = 0; i < 300; i++) watcher.Order($"a{i}", "buy", "0.001", "49000");
        Set(Phase.Halt);
        Set(Phase.PreOpen);
        Assert.That(watcher.Inbox(), Has.Length.EqualTo(300).And.All.StartsWith("35=8"), "64 KiB were unread");
        _venue.NowNs += 200_000_000;
        _venue.Core.Gateway.Poll(_venue.NowNs);
        Assert.That(watcher.Inbox().Single(), Does.Contain("|326=21|8022=1|"));
    }

    [Test]
    public void A_phase_survives_a_restart()
    {
        Set(Phase.Halt);
        _venue.Restart();
        Assert.That(LoggedOn("CLIENT1").Send("35=e|324=s|55=BTC-USD|263=0").Inbox().Single(), Does.Contain("|326=2|8022=4|60=20261122-12:00:00.000"));
    }

    [Test]
    public void News_of_an_operator_reach_everybody_those_who_are_away_too()
    {
        var (ops, here, watcher) = (LoggedOn("OPS1"), LoggedOn("CLIENT1"), LoggedOn("MD1"));
        ops.Send("35=B|61=1|148=Maintenance|33=2|58=At 22:00 UTC|58=for ten minutes");
        const string news = @"^35=B\|34=\d+\|42=20261122-12:00:00.000\|61=1\|148=Maintenance\|33=2\|58=At 22:00 UTC\|58=for ten minutes$";
        foreach (var peer in new[] { ops, here, watcher }) Assert.That(peer.Inbox().Single(), Does.Match(news));
        Assert.That(_venue.Connect("CLIENT2").Logon().Send("35=2|7=1|16=0").Inbox(), Has.One.StartsWith("35=B").And.One.Contains("148=Maintenance"));
    }
}
