namespace EndToEnd;

/// <summary>A firm's reports on sessions that only read, with QuickFIX and jspurefix as their readers.</summary>
[TestFixture]
[Category("EndToEnd")]
public sealed class DropCopyTests
{
    private readonly string _config = Places.NewFolder("config");
    private readonly string _stores = Places.NewFolder("stores");
    private VenueProcess _venue = null!;

    [OneTimeSetUp]
    public void Start()
    {
        foreach (var file in Directory.GetFiles(Places.Config)) File.Copy(file, Path.Combine(_config, Path.GetFileName(file)));
        File.AppendAllText(Path.Combine(_config, "sessions.cfg"), """

            [SESSION]
            TargetCompID=COPY2
            Firm=ALPHA
            Kind=DropCopy
            [SESSION]
            TargetCompID=COPY3
            Firm=ALPHA
            Kind=DropCopy
            """);
        _venue = new VenueProcess(_config);
        _venue.Start();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _venue.Dispose();
        Directory.Delete(_config, recursive: true);
        Directory.Delete(_stores, recursive: true);
    }

    [Test]
    public void Readers_that_were_there_away_or_killed_with_the_venue_have_every_report_once()
    {
        using var trader = Client(ClientKind.QuickFix, "CLIENT1");
        using var other = Client(ClientKind.QuickFix, "CLIENT2");
        using var quickfix = Client(ClientKind.QuickFix, "COPY2");
        using var jspurefix = Client(ClientKind.JsPureFix, "COPY3");
        foreach (var client in new[] { trader, other, quickfix, jspurefix }) client.Connect();
        trader.Do("new a sell BTC-USD 1 limit 50000");
        trader.WaitForMessage("the report", m => m.Find(11) == "a", 0);
        other.Do("new b buy BTC-USD 0.4 limit 50000");
        Wait(quickfix, jspurefix, "11=a 150=F");

        // One goes, the venue is killed under the other, and orders go on in between.
        quickfix.Logout();
        trader.Do("replace a2 a sell BTC-USD 0.9 50001");
        trader.WaitForMessage("the replace", m => m.Find(11) == "a2", 0);
        trader.Do("new c buy ETH-USD 1 limit 3000");
        trader.WaitForMessage("the order", m => m.Find(11) == "c", 0);
        var marks = (trader.Mark, jspurefix.Mark);
        _venue.Kill();
        _venue.Start();
        trader.WaitForLogon(marks.Item1);
        jspurefix.WaitForLogon(marks.Item2);
        trader.Do("cancel d c buy ETH-USD");
        trader.WaitForMessage("the cancel", m => m.Find(11) == "d", 0);
        quickfix.Connect();
        Wait(quickfix, jspurefix, "11=d 150=4");

        var told = Brief(trader);
        Assert.That(told, Has.Length.EqualTo(5));
        foreach (var reader in new[] { quickfix, jspurefix })
        {
            Assert.That(Brief(reader), Is.EqualTo(told), reader.Kind.ToString());
            Assert.That(reader.Received(0).Where(m => m.Type == "8").Select(m => $"{m[797]} {m[448]} {m[452]}"), Has.All.EqualTo("Y CLIENT1 36"));
            var mark = reader.Mark;
            reader.Do("new x buy BTC-USD 1 limit 50000");
            Assert.That(reader.WaitForMessage("the refusal", m => m.Type == "j", mark)[380], Is.EqualTo("6"));
        }
    }

    /// <summary>What happened to which order, each report once, in the order of their numbers.</summary>
    private static string[] Brief(FixClient client) =>
        [.. client.Received(0).Where(m => m.Type == "8").DistinctBy(m => m[34]).Select(m => $"{m[17]} {m[11]} {m[150]} {m[14]}")];

    private static void Wait(FixClient one, FixClient two, string fields)
    {
        foreach (var reader in new[] { one, two })
            reader.WaitForMessage(fields, m => m.Type == "8" && fields.Split(' ').All(f => m.Find(int.Parse(f.Split('=')[0])) == f.Split('=')[1]), 0);
    }

    private FixClient Client(ClientKind kind, string compID) => new(kind, compID, _venue.Port, Path.Combine(_stores, compID));
}
