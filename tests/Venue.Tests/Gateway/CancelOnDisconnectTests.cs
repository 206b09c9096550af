using System.Text.RegularExpressions;
using Venue.Gateway;
using Venue.Messages;

namespace Venue.Tests.Gateway;

/// <summary>Sessions that are lost, and the orders that go with them.</summary>
public class CancelOnDisconnectTests
{
    private const long SecondNs = 1_000_000_000;
    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness(profiles: new Dictionary<string, SessionProfile>
    {
        ["CLIENT2"] = new() { CancelOnDisconnect = CancelOnDisconnect.Session, CancelOnLogout = true, RestartGraceNs = 5 * SecondNs },
        ["CLIENT3"] = new() { CancelOnDisconnect = CancelOnDisconnect.Session, RestartGraceNs = 0 },
    });

    [TearDown]
    public void Stop() => _venue.Dispose();

    private static string Field(string message, int tag) =>
        message.Split('|').Select(f => f.Split('=', 2)).Where(f => f[0] == tag.ToString()).Select(f => f[1]).FirstOrDefault("");

    private CoreHarness.Peer LoggedOn(string compID, string more = "")
    {
        var peer = _venue.Connect(compID).Logon(more);
        Assert.That(peer.Inbox(), Has.One.StartsWith("35=A"));
        return peer;
    }

    private void Poll(long seconds)
    {
        _venue.NowNs += seconds * SecondNs;
        _venue.Core.NowNs = _venue.NowNs;
        _venue.Core.Gateway.Poll(_venue.NowNs);
        _venue.Core.Drain();
    }

    private int Open => _venue.Core.Engine.OpenOrders;

    [TestCase("8013=S", 0), TestCase("8013=A", 0), TestCase("8013=N", 1), TestCase("", 1)]
    public void A_lost_socket_takes_the_orders_that_the_logon_said(string asked, int left)
    {
        var client = LoggedOn("CLIENT1", asked);
        client.Order("a", "buy", "1", "50000");
        client.Drop();
        _venue.Core.Drain();
        Assert.That(Open, Is.EqualTo(left));
    }

    [TestCase("8013=X", "CancelOnDisconnect(8013) of a Logon must be N, S or A"), TestCase("8013=SA", "CancelOnDisconnect(8013) of a Logon must be N, S or A")]
    [TestCase("8013=S|8001=X", "SelfTradeDefault(8001) of a Logon must be N, O, B or D"), TestCase("8013=S|8001=NO", "SelfTradeDefault(8001) of a Logon must be N, O, B or D")]
    [TestCase("8013=S|7928=0", "SelfTradeGroup(7928) of a Logon must be above 0"), TestCase("8013=S|7928=99999999999", "SelfTradeGroup(7928) of a Logon must be above 0")]
    [TestCase("8013=S|7928=x", "SelfTradeGroup(7928) of a Logon must be above 0")]
    public void A_logon_that_the_engine_would_not_take_is_refused_also_by_a_dictionary_without_code_sets(string asked, string told)
    {
        using var venue = new CoreHarness(dictionary: WithoutCodes);
        Assert.That(venue.Connect("CLIENT1").Logon(asked).Inbox().Single(), Does.StartWith("35=5|").And.EndsWith("|58=" + told));
        var client = venue.Connect("CLIENT1").Logon("8013=S|8001=D|7928=7");
        Assert.That(client.Inbox().Single(), Does.StartWith("35=A|"));
        client.Order("a", "buy", "1", "50000").Drop();
        venue.Core.Drain();
        Assert.That(venue.Core.Engine.OpenOrders, Is.Zero);
    }

    [TestCase("8013=X", 8013), TestCase("8001=X", 8001)]
    public void The_venues_own_dictionary_refuses_what_is_not_in_the_code_set(string asked, int tag) =>
        Assert.That(_venue.Connect("CLIENT1").Logon(asked).Inbox().Single(), Does.Match($@"^35=5\|.*58=Value is incorrect \(out of range\) for this tag: \w+\({tag}\)$"));

    /// <summary>An operator's own dictionary: these fields are any text.</summary>
    private static string WithoutCodes(string dictionary)
    {
        foreach (var tag in new[] { 7928, 8001, 8013 })
            dictionary = Regex.Replace(dictionary, $"(<field number='{tag}' name='\\w+') type='\\w+'(/>|>.*?</field>)", "$1 type='STRING'/>", RegexOptions.Singleline);
        return dictionary;
    }

    [Test]
    public void A_logon_that_says_N_overrules_the_sessions_setting()
    {
        LoggedOn("CLIENT2", "8013=N").Order("a", "buy", "1", "50000").Drop();
        _venue.Core.Drain();
        Assert.That(Open, Is.EqualTo(1));
    }

    [TestCase("CLIENT2", 0), TestCase("CLIENT3", 1)]
    public void A_logout_takes_them_where_that_is_agreed(string compID, int left)
    {
        var client = LoggedOn(compID);
        client.Order("a", "buy", "1", "50000").Send("35=5").Drop();
        _venue.Core.Drain();
        Assert.That(Open, Is.EqualTo(left));
    }

    [Test]
    public void A_silent_session_is_lost_after_its_heartbeats()
    {
        LoggedOn("CLIENT2").Order("a", "buy", "1", "50000");
        Poll(40);
        Assert.That(Open, Is.EqualTo(1), "asked, and given time to answer");
        Poll(40);
        Assert.That(Open, Is.Zero);
    }

    [Test]
    public void The_cancels_come_by_resend()
    {
        var client = LoggedOn("CLIENT2");
        client.Order("a", "buy", "1", "50000").Order("b", "buy", "2", "49000").Inbox();
        client.Drop();
        _venue.Core.Drain();
        var back = _venue.Connect("CLIENT2");
        back.NextOut = client.NextOut;
        back.Logon();
        Assert.That(Field(back.Inbox().Single(), 34), Is.EqualTo("6"));
        var resent = back.Send("35=2|7=4|16=5").Inbox();
        Assert.That(resent.Select(m => (Field(m, 11), Field(m, 150), Field(m, 378))), Is.EqualTo(new[] { ("a", "4", "7"), ("b", "4", "7") }));
        Assert.That(resent, Has.All.Contains("58=DISCONNECT|"));
    }

    [TestCase(false), TestCase(true)]
    public void After_a_reset_the_cancels_are_told_again_once(bool killedBetween)
    {
        var client = LoggedOn("CLIENT2");
        client.Order("a", "buy", "1", "50000").Order("b", "buy", "2", "49000").Inbox();
        client.Drop();
        _venue.Core.Drain();
        if (killedBetween) _venue.Restart();

        var back = _venue.Connect("CLIENT2").Logon("141=Y");
        Poll(0);
        var told = back.Inbox();
        Assert.That(told.Select(m => (Field(m, 35), Field(m, 34), Field(m, 97), Field(m, 11), Field(m, 150))),
            Is.EqualTo(new[] { ("A", "1", "", "", ""), ("8", "2", "Y", "a", "4"), ("8", "3", "Y", "b", "4") }));
        back.Drop();
        if (killedBetween) _venue.Restart();
        var third = _venue.Connect("CLIENT2").Logon("141=Y");
        Poll(0);
        Assert.That(third.Inbox().Single(), Does.StartWith("35=A"), "they were told");
    }

    [Test]
    public void What_was_told_again_is_kept_for_resend_like_any_other()
    {
        var client = LoggedOn("CLIENT2");
        client.Order("a", "buy", "1", "50000").Inbox();
        client.Drop();
        _venue.Core.Drain();
        var back = _venue.Connect("CLIENT2").Logon("141=Y");
        Poll(0);
        var told = back.Inbox()[1];
        _venue.Restart();
        var again = _venue.Connect("CLIENT2");
        again.NextOut = back.NextOut;
        again.Logon().Inbox();
        var resent = again.Send("35=2|7=2|16=2").Inbox().Single();
        Assert.That(Field(resent, 17), Is.EqualTo(Field(told, 17)));
        Assert.That(Field(resent, 43), Is.EqualTo("Y"));
    }

    [Test]
    public void After_a_start_of_the_venue_a_session_that_comes_back_in_time_keeps_its_orders()
    {
        var client = LoggedOn("CLIENT2");
        client.Order("a", "buy", "1", "50000");
        _venue.Restart();
        Poll(4);
        Assert.That(Open, Is.EqualTo(1));
        var back = _venue.Connect("CLIENT2");
        back.NextOut = client.NextOut;
        back.Logon();
        Poll(4);
        Assert.That(Open, Is.EqualTo(1));
        back.Drop();
        _venue.Core.Drain();
        Assert.That(Open, Is.Zero);
    }

    [TestCase("CLIENT2", 1), TestCase("CLIENT3", 0)]
    public void One_that_does_not_come_back_in_time_loses_them(string compID, int atOnce)
    {
        LoggedOn(compID).Order("a", "buy", "1", "50000");
        _venue.Restart();
        _venue.Core.Drain();
        Assert.That(Open, Is.EqualTo(atOnce));
        Poll(6);
        Assert.That(Open, Is.Zero);
        _venue.Restart();
        Assert.That(_venue.Untold, Is.Zero);
    }

    [Test]
    public void A_venue_that_stops_gives_its_sessions_the_time_to_come_back()
    {
        var client = LoggedOn("CLIENT2");
        client.Order("a", "buy", "1", "50000");
        _venue.Core.Gateway.LogoutAll("The venue is stopping", _venue.NowNs);
        client.Send("35=5").Drop();
        _venue.Core.Drain();
        Assert.That(Open, Is.EqualTo(1));
        _venue.Restart();
        Poll(6);
        Assert.That(Open, Is.Zero);
    }

    [Test]
    public void The_sample_bridge_session_leaves_nothing_behind()
    {
        LoggedOn("BRIDGE1").Order("q", "buy", "1", "50000");
        _venue.Restart();
        _venue.Core.Drain();
        Assert.That(Open, Is.Zero);
    }

    [Test]
    public void Thousands_of_orders_go_in_slices_with_others_served_between()
    {
        using var venue = new CoreHarness(orders: 20_000);
        var maker = venue.Connect("CLIENT1").Logon("8013=S");
        var taker = venue.Connect("CLIENT2").Logon();
        taker.Inbox();
        for (var i = 0; i < 5000; i++)
        {
            maker.Order($"a{i}", "buy", "0.01", $"{40001 + i}");
            if (i % 1000 == 999) maker.Inbox();
        }
        maker.Drop();
        venue.Core.Drain();
        Assert.That(venue.Core.Engine.OpenOrders, Is.InRange(4800, 4999));
        taker.Order("t", "sell", "0.01", "45000");
        Assert.That(taker.Inbox().Select(m => Field(m, 150)), Is.EqualTo(new[] { "0", "F" }), "the last orders have not been reached");
        Assert.That(venue.Core.IsWalking, Is.True);
        for (var slices = 0; venue.Core.IsWalking; slices++)
        {
            venue.Core.Drain();
            Assert.That(slices, Is.LessThan(100));
        }
        Assert.That(venue.Core.Engine.OpenOrders, Is.Zero);
    }

    [Test]
    public void A_walk_that_a_crash_cut_off_is_finished_after_the_start()
    {
        using var venue = new CoreHarness(orders: 20_000);
        var maker = venue.Connect("CLIENT1").Logon("8013=S");
        for (var i = 0; i < 500; i++) maker.Order($"a{i}", "buy", "0.01", $"{40001 + i}");
        maker.Drop();
        venue.Core.Drain();
        Assert.That(venue.Core.Engine.OpenOrders, Is.GreaterThan(100));
        venue.Restart();
        for (var i = 0; i < 20; i++) venue.Core.Drain();
        Assert.That(venue.Core.Engine.OpenOrders, Is.Zero);
        venue.Restart();
        Assert.That(venue.Untold, Is.Zero);
    }
}
