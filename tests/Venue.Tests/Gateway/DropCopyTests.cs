using Venue.Gateway;
using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Tests.Gateway;

/// <summary>A session that is given a copy of every ExecutionReport of its firm.</summary>
public class DropCopyTests
{
    private const string Copies = """
        [SESSION]
        TargetCompID=COPY
        Firm=ALPHA
        Kind=DropCopy
        [SESSION]
        TargetCompID=COPY2
        Firm=ALPHA
        Kind=DropCopy
        [SESSION]
        TargetCompID=OTHERCOPY
        Firm=BRAVO
        Kind=DropCopy
        [SESSION]
        TargetCompID=ALPHA2
        Firm=ALPHA
        """;

    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness(more: Copies);

    [TearDown]
    public void Stop() => _venue.Dispose();

    private static string Field(string message, int tag) =>
        message.Split('|').Select(f => f.Split('=', 2)).Where(f => f[0] == tag.ToString()).Select(f => f[1]).FirstOrDefault("");

    /// <summary>Two sessions of ALPHA and one of BRAVO trade with each other: new, fill, replace, cancel, refusal.</summary>
    private (CoreHarness.Peer One, CoreHarness.Peer Two, CoreHarness.Peer Other) Trade()
    {
        var (one, two, other) = (_venue.Connect("CLIENT1").Logon(), _venue.Connect("ALPHA2").Logon(), _venue.Connect("CLIENT2").Logon());
        one.Order("a", "sell", "1", "50000");
        two.Order("b", "buy", "1", "49000");
        other.Order("c", "buy", "0.4", "50000");
        one.Send("35=G|11=a2|41=a|55=BTC-USD|54=2|60=now|38=0.9|40=2|44=50001");
        two.Send("35=F|11=b2|41=b|55=BTC-USD|54=1|60=now");
        two.Order("b", "buy", "1", "49000");
        two.Send("35=F|11=b3|41=nothing|55=BTC-USD|54=1|60=now");
        return (one, two, other);
    }

    /// <summary>What each copy says: whose, which order, what happened.</summary>
    private static string[] Brief(IEnumerable<string> messages) => [.. messages.Where(m => m.StartsWith("35=8", StringComparison.Ordinal)).Select(m => $"{Field(m, 448)} {Field(m, 11)} {Field(m, 150)} {Field(m, 14)}")];

    private static readonly string[] AllOfAlpha = ["CLIENT1 a 0 0.00000", "ALPHA2 b 0 0.00000", "CLIENT1 a F 0.40000", "CLIENT1 a2 5 0.40000", "ALPHA2 b2 4 0.00000", "ALPHA2 b 8 0.00000"];

    private string[] Resent(string compID, int next = 1)
    {
        var copy = _venue.Connect(compID);
        copy.NextOut = next;
        return [.. copy.Logon().Send("35=2|7=1|16=0").Inbox().Where(m => m.StartsWith("35=8", StringComparison.Ordinal))];
    }

    [Test]
    public void All_reports_of_the_firms_sessions_arrive_as_they_happen()
    {
        var (copy, other) = (_venue.Connect("COPY").Logon(), _venue.Connect("OTHERCOPY").Logon());
        copy.Inbox();
        other.Inbox();
        Trade();
        var told = copy.Inbox();
        Assert.That(Brief(told), Is.EqualTo(AllOfAlpha));
        Assert.That(told, Has.All.Contains("|797=Y|453=1|448=").And.All.Not.Contains("43=Y"));
        Assert.That(told.Select(m => Field(m, 34)), Is.EqualTo(Enumerable.Range(2, 6).Select(n => $"{n}")), "numbers of its own, without a gap");
        Assert.That(Brief(other.Inbox()), Is.EqualTo(new[] { "CLIENT2 c 0 0.00000", "CLIENT2 c F 0.40000" }));
    }

    [Test]
    public void A_copy_is_the_report_with_the_copys_two_marks()
    {
        var copy = _venue.Connect("COPY").Logon();
        copy.Inbox();
        var one = _venue.Connect("CLIENT1").Logon();
        one.Inbox();
        var report = one.Order("a", "sell", "1", "50000").Inbox().Single();
        Assert.That(copy.Inbox().Single().Replace("|797=Y|453=1|448=CLIENT1|447=D|452=36", ""), Is.EqualTo(report));
    }

    [Test]
    public void Who_was_away_asks_for_what_it_missed_and_gets_it_in_order()
    {
        Trade();
        var told = Resent("COPY");
        Assert.That(Brief(told), Is.EqualTo(AllOfAlpha));
        Assert.That(told, Has.All.Contains("|43=Y|"));
        Assert.That(Brief(Resent("COPY2")), Is.EqualTo(AllOfAlpha), "each copy has numbers of its own");
    }

    /// <summary>Cut behind every command and between any two reports that it caused: each report is in the copy once.</summary>
    [Test]
    public void A_crash_at_any_record_neither_loses_nor_doubles_a_copy()
    {
        Trade();
        var whole = Resent("COPY").Select(m => Field(m, 17)).ToArray();
        Assert.That(whole, Has.Length.EqualTo(6).And.Unique);
        var cuts = _venue.Records().Where(r => r.Kind is RecordKind.Sent or RecordKind.Command).Select(r => r.Position).Reverse().ToArray();
        var tested = 0;
        foreach (var cut in cuts)
        {
            if (_venue.Records().All(r => r.Position != cut)) continue;
            _venue.CutAfterCommandAt(cut);
            var copied = Copied();
            var reported = _venue.Records().Where(r => r.Kind == RecordKind.Sent).Select(r => Text(r.Payload)).Where(t => t.Contains("|35=8|") && !t.Contains("|797=Y|"));
            Assert.That(copied, Is.EqualTo(reported.Where(t => t.Contains("|56=CLIENT1|") || t.Contains("|56=ALPHA2|")).Select(t => Field(t, 17))), $"cut behind {cut}");
            Assert.That(copied, Is.Unique);
            if (copied.Length == 0) break;
            tested++;
        }
        Assert.That(tested, Is.GreaterThan(20));

        string[] Copied() => [.. _venue.Records().Where(r => r.Kind == RecordKind.Sent).Select(r => Text(r.Payload)).Where(t => t.Contains("|56=COPY|") && t.Contains("|797=Y|")).Select(t => Field(t, 17))];
        static string Text(byte[] payload) => System.Text.Encoding.ASCII.GetString(payload, SentRecord.Size, payload.Length - SentRecord.Size).Replace('\u0001', '|');
    }

    [Test]
    public void Reports_from_before_a_session_became_a_copy_are_not_in_it_and_a_replay_knows_that()
    {
        _venue.Reconfigure(Copies.Replace("TargetCompID=COPY2\nFirm=ALPHA\nKind=DropCopy", "TargetCompID=COPY2\nFirm=ALPHA"));
        _venue.Connect("CLIENT1").Logon().Order("before", "sell", "1", "50000");
        _venue.Reconfigure(Copies);
        var one = _venue.Connect("CLIENT1");
        one.NextOut = 3;
        one.Logon().Order("after", "sell", "1", "50000");
        _venue.Restart();
        Assert.That(Resent("COPY2").Select(m => Field(m, 11)), Is.EqualTo(new[] { "after" }));
        Assert.That(Resent("COPY").Select(m => Field(m, 11)), Is.EqualTo(new[] { "before", "after" }));
    }
}
