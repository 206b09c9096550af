namespace EndToEnd;

/// <summary>What counterparties ask beside orders: trades, balances, positions, reference data, news. QuickFIX and jspurefix both ask and check what they get against the published dictionary.</summary>
[TestFixture]
[Category("EndToEnd")]
public sealed class PostTradeTests
{
    private readonly string _stores = Places.NewFolder("stores");
    private VenueProcess _venue = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _venue = new VenueProcess();
        _venue.Start();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _venue.Dispose();
        Directory.Delete(_stores, recursive: true);
    }

    private FixClient Client(ClientKind kind, string compID)
    {
        var client = new FixClient(kind, compID, _venue.Port, Path.Combine(_stores, compID));
        client.Connect();
        return client;
    }

    [TestCase(ClientKind.QuickFix, "CLIENT1", ClientKind.JsPureFix, "CLIENT2"), TestCase(ClientKind.JsPureFix, "CLIENT3", ClientKind.QuickFix, "CLIENT4")]
    public void Both_sides_of_a_trade_are_reported_with_one_match_and_the_balances_follow(ClientKind kind, string compID, ClientKind otherKind, string otherCompID)
    {
        using var one = Client(kind, compID);
        using var other = Client(otherKind, otherCompID);
        var held = Balance(one, "BTC");
        one.Do($"new {compID}-a sell BTC-USD 1 limit 50000");
        one.WaitForMessage("the order", m => m.Find(11) == $"{compID}-a" && m[150] == "0", 0);
        other.Do($"new {compID}-b buy BTC-USD 0.4 limit 50000");
        var fill = one.WaitForMessage("the fill", m => m.Find(11) == $"{compID}-a" && m[150] == "F", 0);
        var match = fill[880];
        foreach (var (client, side) in new[] { (one, "2"), (other, "1") })
        {
            var mark = client.Mark;
            client.Do($"raw AD 568={match}|569=1|880={match}");
            var report = client.WaitForMessage("the trade", m => m.Type == "AE" && m[568] == match, mark);
            Assert.That(client.WaitForMessage("the answer", m => m.Type == "AQ", mark)[748], Is.EqualTo("1"));
            Assert.That((report[880], report[54], report.Number(32), report.Number(31), report[912]), Is.EqualTo((match, side, 0.4m, 50000m, "Y")));
        }
        Assert.That(held - Balance(one, "BTC"), Is.EqualTo(0.4m));
        var since = one.Mark;
        one.Do("raw AN 710=p|724=0|15=BTC|60=20261122-12:00:00");
        Assert.That(one.WaitForMessage("the positions", m => m.Type == "AO", since)[728], Is.EqualTo("2"), "nobody has said that this firm's are kept");
        one.Do($"cancel {compID}-c {compID}-a sell BTC-USD");
        one.WaitForMessage("the cancel", m => m.Find(11) == $"{compID}-c", since);
        ExpectNoReject(one);
        ExpectNoReject(other);
    }

    [TestCase(ClientKind.QuickFix, "CLIENT5"), TestCase(ClientKind.JsPureFix, "CLIENT6")]
    public void Reference_data_and_news_are_understood(ClientKind kind, string compID)
    {
        using var client = Client(kind, compID);
        using var operators = new FixClient(ClientKind.QuickFix, "OPS1", _venue.Port, Path.Combine(_stores, "OPS1"));
        operators.Connect();
        foreach (var (request, answer, fields) in new[]
        {
            ("x 320=l|559=4", "y", "560=0"),
            ("c 320=d|321=0|55=BTC-USD", "d", "323=1 55=BTC-USD 969=0.01"),
            ("e 324=s|55=BTC-USD|263=1", "f", "326=17 8022=0 325=N"),
            ("g 335=t|263=0", "h", "340=2 336=VENUE"),
        })
        {
            var mark = client.Mark;
            client.Do("raw " + request);
            var told = client.WaitForMessage(request, m => m.Type == answer, mark);
            foreach (var field in fields.Split(' ')) Assert.That(told[int.Parse(field.Split('=')[0])], Is.EqualTo(field.Split('=')[1]), request);
        }
        var before = client.Mark;
        operators.Do("raw B 61=1|148=Maintenance at 22:00|33=1\u000158=for ten minutes");
        Assert.That(client.WaitForMessage("the news", m => m.Type == "B", before)[58], Is.EqualTo("for ten minutes"));
        ExpectNoReject(client);
        operators.Logout();
    }

    /// <summary>What is free and what is held.</summary>
    private static decimal Balance(FixClient client, string asset)
    {
        var mark = client.Mark;
        client.Do($"raw BB 909=q|15={asset}");
        return client.WaitForMessage("the collateral", m => m.Type == "BA" && m[15] == asset, mark).Number(900);
    }

    /// <summary>An engine that did not understand a message says so with a Reject (3).</summary>
    private static void ExpectNoReject(FixClient client)
    {
        client.Settle();
        Assert.That(client.Outgoing(0).Where(m => m.Type is "3" or "j").Concat(client.Received(0).Where(m => m.Type == "j")), Is.Empty);
    }
}
