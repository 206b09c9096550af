using Venue.Host.Terminal;

namespace Venue.Tests.Host;

/// <summary>The terminal's settings: the file that a QuickFIX client of this venue has.</summary>
public sealed class TradeSettingsTests
{
    private const string Sample = """
        [DEFAULT]
        ConnectionType=initiator
        BeginString=FIX.4.4
        SocketConnectHost=venue.example
        SocketConnectPort=9900
        HeartBtInt=15
        NonStopSession=Y
        DataDictionary=WORDS.xml
        FileStorePath=store
        TargetCompID=VENUE
        [SESSION]
        SenderCompID=CLIENT1
        [SESSION]
        SenderCompID=CLIENT2
        SocketConnectPort=9901
        """;

    private string _folder = null!;

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("venue-trade-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    private TradeSettings? Read(string text, string? session, out List<string> faults)
    {
        var path = Path.Combine(_folder, "trade.cfg");
        File.WriteAllText(path, text);
        return TradeSettings.Read(path, session, "VENUE44.xml", faults = []);
    }

    [Test]
    public void A_QuickFIX_file_says_whom_to_call_and_as_whom()
    {
        File.WriteAllText(Path.Combine(_folder, "WORDS.xml"), "");
        var settings = Read(Sample, "CLIENT2", out var faults)!;
        Assert.That(faults, Is.Empty);
        Assert.That((settings.Host, settings.Port, settings.Session.SenderCompID, settings.Session.TargetCompID, settings.Session.HeartBtIntSeconds, settings.Session.Initiator),
            Is.EqualTo(("venue.example", 9901, "CLIENT2", "VENUE", 15, true)));
        Assert.That(settings.Dictionary, Is.EqualTo(Path.Combine(_folder, "WORDS.xml")), "beside the file");
        Assert.That(settings.Notes.Single(), Does.Contain(":9: FileStorePath has no effect"));
    }

    [TestCase(Sample, null, "2 sessions; say which by --session")]
    [TestCase(Sample, "CLIENT3", "0 sessions with SenderCompID=CLIENT3")]
    [TestCase("[SESSION]\nConnectionType=acceptor\nSenderCompID=A\nTargetCompID=B", null, ":1: ConnectionType is not initiator")]
    [TestCase("[SESSION]\nConnectionType=initiator\nSenderCompID=A\nTargetCompID=B\nHeartBeat=30", null, ":5: 'HeartBeat' is not a setting that is known")]
    [TestCase("[SESSION]\nConnectionType=initiator\nSenderCompID=A", null, "TargetCompID is missing")]
    [TestCase("[VENUE]\nA=b\n[SESSION]\nConnectionType=initiator\nSenderCompID=A\nTargetCompID=B", null, ":1: [VENUE] is neither [DEFAULT] nor [SESSION]")]
    public void What_is_wrong_is_said_with_its_line(string text, string? session, string fault)
    {
        Assert.That(Read(text, session, out var faults), Is.Null);
        Assert.That(faults, Has.One.Contains(fault));
    }
}
