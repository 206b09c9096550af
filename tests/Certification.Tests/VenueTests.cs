using System.Net;
using System.Text.Json;
using EndToEnd;

namespace Certification.Tests;

/// <summary>The venue passes, and a broken one fails each case that it breaks.</summary>
[TestFixture]
[Category("EndToEnd")]
public sealed class VenueTests
{
    private VenueProcess _venue = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _venue = new VenueProcess();
        _venue.Start();
    }

    [OneTimeTearDown]
    public void Stop() => _venue.Dispose();

    [Test]
    public void The_venue_passes_all_cases_and_the_report_says_so()
    {
        var folder = Places.NewFolder("report");
        try
        {
            using var screen = new StringWriter();
            var code = CommandLine.Run(new Options
            {
                Role = Role.Venue, Port = $"{_venue.Port}", Session = "CLIENT1", Second = "CLIENT2", Report = folder,
                Cases = Scripts.Folder, Dictionary = Places.Dictionary, Subject = "Venue <&> test",
            }, screen, screen);
            Assert.That(code, Is.EqualTo(CommandLine.Passed), screen.ToString());

            using var json = JsonDocument.Parse(File.ReadAllText(Directory.GetFiles(folder, "*.json").Single()));
            var cases = json.RootElement.GetProperty("cases");
            Assert.That(cases.GetArrayLength(), Is.EqualTo(12));
            Assert.That(cases.EnumerateArray().Select(c => c.GetProperty("verdict").GetString()), Has.All.EqualTo("PASS"));
            var html = File.ReadAllText(Directory.GetFiles(folder, "*.html").Single());
            Assert.That(html, Does.Contain(json.RootElement.GetProperty("transcriptSha256").GetString()!));
            Assert.That(html, Does.Contain("Venue &lt;&amp;&gt; test").And.Not.Contain("http"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // case, what is broken, what the verdict must say
    [TestCase("01-logon", "another HeartBtInt", "HeartBtInt(108) must be 30, and is 31")]
    [TestCase("01-logon", "no answer to Logout", "expected Logout")]
    [TestCase("02-sequence-gap", "no ResendRequest", "expected ResendRequest")]
    [TestCase("03-resend", "resends without PossDupFlag", "PossDupFlag(43) must be Y, and is absent")]
    [TestCase("03-resend", "resends with another ExecID", "ExecID(17) must be")]
    [TestCase("04-heartbeat", "no TestRequest", "expected TestRequest")]
    [TestCase("05-new", "another Price", "Price(44) must be 41000")]
    [TestCase("05-new", "nothing left of a new order", "LeavesQty(151) must be 0.01, and is 0")]
    [TestCase("05-new", "one ExecID for all", "check ids")]
    [TestCase("05-new", "a field that nobody defined", "check dictionary: tag 20123")]
    [TestCase("05-new", "damaged reports", "expected ExecutionReport")]
    [TestCase("05-new", "another TestReqID", "expected Heartbeat")]
    [TestCase("06-cancel", "no OrigClOrdID", "OrigClOrdID(41) must be")]
    [TestCase("07-replace", "another OrderID", "OrderID(37) must be")]
    [TestCase("08-partial-fill", "another TrdMatchID for the maker", "TrdMatchID(880) must be")]
    [TestCase("09-reject", "another RefTagID", "RefTagID(371) must be 54, and is 55")]
    [TestCase("10-duplicate", "another OrdRejReason", "OrdRejReason(103) must be 6")]
    [TestCase("11-recovery", "fills that are filled over", "a SequenceReset came")]
    [TestCase("12-mass", "one report less", "ClOrdID(11) must be")]
    public void A_broken_venue_fails(string name, string mutant, string reason)
    {
        var reports = 0;
        var result = Play(name, m => mutant switch
        {
            "another HeartBtInt" when m.Type == "A" => MutatingProxy.With(m, (108, "31")),
            "no answer to Logout" when m.Type == "5" => MutatingProxy.Swallowed(m),
            "no ResendRequest" when m.Type == "2" => MutatingProxy.Swallowed(m),
            "resends without PossDupFlag" when m is { Type: "8", IsPossDup: true } => MutatingProxy.With(m, (43, ""), (122, "")),
            "resends with another ExecID" when m is { Type: "8", IsPossDup: true } => MutatingProxy.With(m, (17, $"{m.Find(17)}-again")),
            "no TestRequest" when m.Type == "1" => MutatingProxy.Swallowed(m),
            "another Price" when m.Find(150) == "0" => MutatingProxy.With(m, (44, "41000.01")),
            "nothing left of a new order" when m.Find(150) == "0" => MutatingProxy.With(m, (151, "0")),
            "one ExecID for all" when m.Type == "8" => MutatingProxy.With(m, (17, "1")),
            "a field that nobody defined" when m.Type == "8" => MutatingProxy.With(m, (20123, "x")),
            "damaged reports" when m.Find(150) == "0" => Damaged(m),
            "another TestReqID" when m.Type == "0" && m.Find(112) is not null => MutatingProxy.With(m, (112, "x")),
            "no OrigClOrdID" when m.Find(150) == "4" => MutatingProxy.With(m, (41, "")),
            "another OrderID" when m.Find(150) == "5" => MutatingProxy.With(m, (37, $"{m.Find(37)}0")),
            "another TrdMatchID for the maker" when m.Find(851) == "1" => MutatingProxy.With(m, (880, "x")),
            "another RefTagID" when m.Type == "3" => MutatingProxy.With(m, (371, "55")),
            "another OrdRejReason" when m.Find(103) == "6" => MutatingProxy.With(m, (103, "99")),
            "fills that are filled over" when m is { Type: "8", IsPossDup: true } => MutatingProxy.Swallowed(m),
            "one report less" when m.Find(150) == "0" && ++reports == 250 => MutatingProxy.Swallowed(m),
            _ => m.Bytes,
        });
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Fail), () => Scripts.Text(result));
        Assert.That(result.Reason, Does.Contain(reason), "it failed for another reason than the one that was made");
    }

    [TestCase("05-new")]
    [TestCase("08-partial-fill")]
    [TestCase("11-recovery")]
    public void A_venue_behind_a_line_that_changes_nothing_passes(string name)
    {
        var result = Play(name, m => m.Bytes);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Pass), () => Scripts.Text(result));
    }

    [Test]
    public void A_venue_that_is_not_there_is_inconclusive_for_orders()
    {
        var result = Scripts.Play("05-new", Role.Venue, new CertifiedVenue(new IPEndPoint(IPAddress.Loopback, 1), "VENUE", "CLIENT3", null));
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive), () => Scripts.Text(result));
    }

    private CaseResult Play(string name, Func<FixMessage, byte[]> mutation)
    {
        using var proxy = new MutatingProxy(_venue.Port, changesAnswers: true, mutation);
        return Scripts.Play(name, Role.Venue, new CertifiedVenue(new IPEndPoint(IPAddress.Loopback, proxy.Port), "VENUE", "CLIENT3", "CLIENT4"));
    }

    private static byte[] Damaged(FixMessage message)
    {
        var bytes = message.Bytes.ToArray();
        bytes[^2] = bytes[^2] == (byte)'0' ? (byte)'1' : (byte)'0';
        return bytes;
    }
}
