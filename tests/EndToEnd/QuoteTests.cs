namespace EndToEnd;

/// <summary>
/// Liquidity providers on QuickFIX and jspurefix: mass quotes, single quotes, cancels, status, protection, requests for quotes that clients of both hit,
/// the best of several answers, and hits that a provider looks at.
/// </summary>
[TestFixture]
[Category("EndToEnd")]
public sealed class QuoteTests
{
    private readonly string _config = Places.NewFolder("config");
    private TradingFloor _floor = null!;
    private string _token = "";

    [OneTimeSetUp]
    public void Open()
    {
        foreach (var file in Directory.GetFiles(Places.Config)) File.Copy(file, Path.Combine(_config, Path.GetFileName(file)));
        File.AppendAllText(Path.Combine(_config, "sessions.cfg"), """

            [SESSION]
            TargetCompID=LPQ
            Firm=ALPHA
            Kind=LiquidityProvider
            Quoting.ETH-USD=fills 1 window 60000
            Quoting.BTC-USD=size 0.5 spread 0.2
            [SESSION]
            TargetCompID=LPJ
            Firm=CHARLIE
            Kind=LiquidityProvider
            Quoting.ETH-USD=fills 1 window 60000
            [SESSION]
            TargetCompID=LPL
            Firm=ECHO
            Kind=LiquidityProvider
            LastLookMs=200
            """);
        _floor = new TradingFloor(_config);
        _floor.Venue.Start();
        _floor.Seat("LPQ", ClientKind.QuickFix, "LPQ");
        _floor.Seat("LPJ", ClientKind.JsPureFix, "LPJ");
        _floor.Seat("LPL", ClientKind.QuickFix, "LPL");
        _floor.Seat("quickfix", ClientKind.QuickFix, "CLIENT2");
        _floor.Seat("jspurefix", ClientKind.JsPureFix, "CLIENT4");
    }

    [OneTimeTearDown]
    public void Close()
    {
        _floor.Dispose();
        Directory.Delete(_config, recursive: true);
    }

    [SetUp]
    public void Begin() => _floor.NewScene();

    [TearDown]
    public void End()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed) TestContext.Out.WriteLine(_floor.Transcript());
        else _floor.ExpectSilence();
    }

    [TestCase("LPQ", "jspurefix"), TestCase("LPJ", "quickfix")]
    public void A_mass_quote_is_taken_replaced_traded_told_and_pulled(string provider, string client) => Play(provider, client, """
        lp: raw i 117=$q1|301=2|296=1^302=s^304=3^295=3^299=1^55=BTC-USD^132=49990^133=50010^134=1^135=2^299=2^55=ETH-USDC^132=2990^133=3010^134=1^135=1^299=3^55=BTC-USDC^132=50010^133=50010^134=1^135=1
        lp< b 117=$q1 297=0 301=2 302=s 299=3 368=7 58~CROSSED
        lp: raw i 117=$q2|301=2|296=1^302=s^304=1^295=1^299=1^55=BTC-USD^132=49995^133=50005^134=1^135=2
        lp< b 117=$q2 297=0 !296
        client: new $o sell BTC-USD 0.4 limit 49995
        client< 8 11=$o 150=0
        lp< 8 11=$q2 117=$q2 526=1 150=F 39=1 54=1 32=0.4 31=49995 151=0.6
        client< 8 11=$o 150=F 39=2 31=49995
        lp: raw a 649=$a|55=BTC-USD
        lp< AI 649=$a 117=$q2 55=BTC-USD 132=49995 133=50005 134=0.6 135=2 297=8
        lp: raw Z 117=$z1|298=1|295=1^55=BTC-USD
        lp< AI 117=$z1 55=BTC-USD 297=1
        lp: raw Z 117=$q1|298=5
        lp< AI 117=$q1 297=1
        lp: raw Z 117=$z3|298=4
        lp< AI 117=$z3 297=4
        lp: raw a 649=$b|55=ETH-USDC
        lp< AI 649=$b 117=NONE 55=ETH-USDC 297=9
        """);

    [TestCase("LPQ", "jspurefix"), TestCase("LPJ", "quickfix")]
    public void A_protection_pulls_and_a_reset_takes_quotes_again(string provider, string client) => Play(provider, client, """
        lp: raw S 117=$s1|301=2|55=ETH-USD|132=2990|133=3010|134=1|135=1
        lp< AI 117=$s1 55=ETH-USD 297=0
        client: new $o buy ETH-USD 0.5 limit 3010
        client< 8 11=$o 150=0
        lp< 8 11=$s1 117=$s1 150=F 54=2 32=0.5 31=3010
        lp< AI 117=NONE 55=ETH-USD 297=6 58~PROTECTION
        lp< 8 11=$s1 150=4 54=1 58~PROTECTION
        lp< 8 11=$s1 150=4 54=2 58~PROTECTION
        client< 8 11=$o 150=F 39=2
        lp: raw S 117=$s2|55=ETH-USD|132=2990|134=1
        lp< AI 117=$s2 297=5 58~PROTECTED
        lp: raw S 117=$s3|301=2|9773=Y|55=ETH-USD|132=2990|134=1
        lp< AI 117=$s3 297=0
        lp: raw Z 117=$z|298=4
        lp< AI 117=$z 297=4
        """);

    [TestCase("LPQ", "jspurefix", "D"), TestCase("LPJ", "quickfix", "D"), TestCase("LPQ", "quickfix", "AJ"), TestCase("LPJ", "jspurefix", "AJ")]
    public void A_request_is_answered_and_the_answer_hit_by_its_QuoteID(string provider, string client, string hit)
    {
        var (lp, asker) = (_floor[provider], _floor[client]);
        lp.Do(Raw(lp, "raw AH 644=w|146=1^55=BTC-USD|263=1"));
        lp.Settle();
        asker.Do(Raw(asker, "raw R 131=r|146=1^55=BTC-USD^54=1^38=0.5"));
        var asked = lp.Next("R 131=*");
        Assert.That((asked.Type, asked.Find(55), asked.Find(54), asked.Find(38)), Is.EqualTo(("R", "BTC-USD", "1", "0.50000")));
        Assert.That(asked.Find(448), Is.Null, "nobody says who asks");
        lp.Do($"raw S 117=mine|131={asked.Find(131)}|55=BTC-USD|132=49990|133=50010|134=1|135=1");
        var offer = asker.Next("S 131=r");
        Assert.That((offer.Type, offer.Find(131), offer.Find(133)), Is.EqualTo(("S", "r", "50010.00")));
        var name = $"hit-{provider}-{client}";
        asker.Do(hit == "D"
            ? $"raw D 11={name}|55=BTC-USD|54=1|60=20261122-12:00:00|38=0.5|40=D|117={offer.Find(117)}"
            : $"raw AJ 693=x|11={name}|117={offer.Find(117)}|694=1|55=BTC-USD|54=1|38=0.5");
        _floor.Play($"""
            {client}< 8 11={name} 150=0 40=D
            {client}< 8 11={name} 150=F 39=2 32=0.5 31=50010
            {provider}< 8 11=mine 117=mine 150=F 39=2 54=2 32=0.5 31=50010
            """);
        lp.Do(Raw(lp, "raw AH 644=w|146=1^55=BTC-USD|263=2"));
        lp.Settle();
        asker.Do(Raw(asker, "raw R 131=r2|146=1^55=BTC-USD"));
        _floor.Play($"{client}< AG 131=r2 658=8 58~NOPROVIDER");
    }

    [Test]
    public void Operators_see_what_a_provider_did_and_how_long_it_met_its_obligation()
    {
        var (lp, asker) = (_floor["LPQ"], _floor["jspurefix"]);
        Play("LPQ", "jspurefix", """
            lp: raw S 117=$s|301=2|55=BTC-USD|132=49950|133=50040|134=1|135=1
            lp< AI 117=$s 297=0
            """);
        lp.Do(Raw(lp, "raw AH 644=w|146=1^55=BTC-USD|263=1"));
        lp.Settle();
        asker.Do(Raw(asker, "raw R 131=seen|146=1^55=BTC-USD^54=1^38=0.5"));
        lp.Do($"raw S 117=seen|131={lp.Next("R 131=*").Find(131)}|55=BTC-USD|132=49990|133=50010|134=1|135=1");
        var offer = asker.Next("S 131=seen");
        // It is over: neither has anything more to hear of it.
        asker.Do($"raw AJ 693=x|117={offer.Find(117)}|694=6|55=BTC-USD");
        lp.Next("AI 117=seen");
        asker.Next("Z 131=seen");
        lp.Do(Raw(lp, "raw AH 644=w|146=1^55=BTC-USD|263=2"));
        lp.Settle();
        Play("LPQ", "jspurefix", """
            lp: raw Z 117=$z|298=1|295=1^55=BTC-USD
            lp< AI 117=$z 55=BTC-USD 297=1
            """);

        var provider = Provider("LPQ");
        Assert.That((provider.Asked, provider.Answered), Is.EqualTo((provider.Answered, provider.Answered)).And.Not.EqualTo((0L, 0L)));
        Assert.That((provider.Missed, provider.Declined, provider.Gone), Is.EqualTo((0L, 0L, 0L)));
        Assert.That(provider.LastLook, Is.Null, "it never had one");
        var owed = provider.Obligations.Single();
        Assert.That((owed.Symbol, owed.SizeMin, owed.SpreadMaxPpm), Is.EqualTo(("BTC-USD", "0.5", 2000)));
        Assert.That(owed.MetNs, Is.GreaterThan(0).And.LessThan(owed.OpenNs));
        Assert.That(CtlProviders(), Has.One.Match($@"LPQ +{provider.Asked} +{provider.Answered} +0 +0 +{provider.Taken} +0").And.One.Match(@"LPQ +BTC-USD +0\.5 +0\.2 % +\S+ % of \d+ s"));
    }

    [Test]
    public void A_hit_that_its_provider_looks_at_is_accepted_refused_or_ends_with_the_hold_time()
    {
        var (lp, asker) = (_floor["LPL"], _floor["quickfix"]);
        lp.Do(Raw(lp, "raw AH 644=w|146=1^55=BTC-USD|263=1"));
        lp.Settle();
        //                     what it says                          what the client is told    of itself before
        var rounds = new[] { ("look 297=0", "150=F 39=2 32=0.5 31=50010", (string?)null), ("look 297=5|300=8", "150=8 39=8 103=99 58~LASTLOOK", "1"), ("look", "150=8 39=8 103=99 58~LASTLOOK", "2") };
        foreach (var (look, told, looks) in rounds)
        {
            var name = $"look{looks}";
            lp.Do(look);
            asker.Do(Raw(asker, $"raw R 131={name}|146=1^55=BTC-USD^54=1^38=0.5"));
            var request = lp.Next("R 131=*").Find(131);
            lp.Do($"raw S 117={name}|131={request}|55=BTC-USD|133=50010|135=1");
            var offer = asker.Next($"S 131={name}");
            Assert.That((offer.Find(8046), offer.Find(8047)), Is.EqualTo(("200", looks)));
            asker.Do($"raw D 11={name}|55=BTC-USD|54=1|60=20261122-12:00:00|38=0.5|40=D|117={offer.Find(117)}|44=50010");
            _floor.Play($"""
                quickfix< 8 11={name} 150=A 39=A 40=D
                LPL< AJ 117={name} 694=1 54=1 38=0.5 44=50010
                quickfix< 8 11={name} {told}
                LPL< {(looks is null ? $"8 11={name} 117={name} 150=F 39=2 54=2" : $"AI 117={name} 297=5 58~LASTLOOK")}
                """);
            if (looks is null) continue;
            // Nobody is left who could answer: the request is over.
            lp.Do(Raw(lp, $"raw AG 131={request}|658=10|146=1^55=BTC-USD"));
            _floor.Play($"quickfix< Z 131={name}");
        }
        lp.Do(Raw(lp, "raw AH 644=w|146=1^55=BTC-USD|263=2"));
        lp.Settle();
        var counted = Provider("LPL").LastLook;
        Assert.That((counted.HoldMs, counted.Held, counted.Accepted, counted.RefusedPrice, counted.RefusedValidity, counted.TimedOut, counted.Ended), Is.EqualTo((200, 3L, 1L, 1L, 0L, 1L, 0L)));
        Assert.That(counted.MaxNs, Is.GreaterThanOrEqualTo(200_000_000), "the one that it let pass");
        Assert.That(counted.MeanNs, Is.LessThan(counted.MaxNs));
        var lines = CtlProviders();
        TestContext.Out.WriteLine(string.Join('\n', lines));
        Assert.That(lines, Has.One.Match(@"LPL +200 ms +3 +1 +1 +0 +1 +0 +\S+ ms +\S+ ms"));
    }

    [Test]
    public void The_better_of_two_answers_is_told_first_whoever_came_first()
    {
        var (slow, quick, asker) = (_floor["LPQ"], _floor["LPJ"], _floor["jspurefix"]);
        foreach (var lp in new[] { slow, quick })
        {
            lp.Do(Raw(lp, "raw AH 644=w|146=1^55=ETH-USDC|263=1"));
            lp.Settle();
        }
        asker.Do(Raw(asker, "raw R 131=two|146=1^55=ETH-USDC^54=1^38=0.5"));
        quick.Do($"raw S 117=dear|131={quick.Next("R 131=*").Find(131)}|55=ETH-USDC|133=3010|135=1");
        quick.Settle();
        slow.Do($"raw S 117=cheap|131={slow.Next("R 131=*").Find(131)}|55=ETH-USDC|133=3009|135=1");
        var (first, second) = (asker.Next("S 131=two"), asker.Next("S 131=two"));
        Assert.That((first.Find(133), second.Find(133)), Is.EqualTo(("3009.00", "3010.00")));
        asker.Do($"raw AJ 693=x|117={first.Find(117)}|694=6|55=ETH-USDC");
        asker.Next("Z 131=two");
        slow.Next("AI 117=cheap");
        quick.Next("AI 117=dear");
        foreach (var lp in new[] { slow, quick })
        {
            lp.Do(Raw(lp, "raw AH 644=w|146=1^55=ETH-USDC|263=2"));
            lp.Settle();
        }
    }

    private Venue.Api.ProviderState Provider(string name)
    {
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress($"http://127.0.0.1:{_floor.Venue.ApiPort}");
        var who = new Grpc.Core.Metadata { { "authorization", "Bearer " + Token() } };
        return new Venue.Api.Operators.OperatorsClient(channel).Providers(new Venue.Api.ProvidersRequest(), who).Providers.Single(p => p.Session == name);
    }

    private IReadOnlyList<string> CtlProviders()
    {
        var file = Path.Combine(_config, "token");
        File.WriteAllText(file, Token());
        using var ctl = new ChildProcess("ctl", ["dotnet", Places.Venue, "ctl", "providers", "--api", $"http://127.0.0.1:{_floor.Venue.ApiPort}", "--token-file", file]);
        Assert.That(ctl.WaitForExit(TimeSpan.FromSeconds(30)), Is.Zero, () => ctl.Transcript());
        return ctl.Lines(0);
    }

    /// <summary>An operator's, hired with the first question.</summary>
    private string Token()
    {
        if (_token.Length > 0) return _token;
        using var hire = new ChildProcess("ctl", ["dotnet", Places.Venue, "ctl", "new-operator", "carol", "watch", "--config", _config]);
        Assert.That(hire.WaitForExit(TimeSpan.FromSeconds(30)), Is.Zero, () => hire.Transcript());
        return _token = hire.Lines(0).Select(l => l.Trim()).Single(l => l.Length == 64);
    }

    private void Play(string provider, string client, string scene)
    {
        foreach (var line in scene.Split('\n', StringSplitOptions.TrimEntries))
        {
            var name = line.StartsWith("lp", StringComparison.Ordinal) ? provider : client;
            _floor.Play(name + Raw(_floor[name], line[line.IndexOfAny([':', '<'])..]));
        }
    }

    /// <summary>Groups go through QuickFIX's raw fields with delimiters inside, so that it leaves them in their order; jspurefix leaves all.</summary>
    private static string Raw(FixClient client, string text) => text.Replace('^', client.Kind == ClientKind.QuickFix ? '\u0001' : '|');
}
