using Venue.Host;

namespace Venue.Tests.Gateway;

/// <summary>What each kind of session may send.</summary>
public class RightsTests
{
    private const string Sessions = """
        [SESSION]
        TargetCompID=MD
        Kind=MarketData
        [SESSION]
        TargetCompID=DC
        Kind=DropCopy
        Firm=ALPHA
        [SESSION]
        TargetCompID=LP
        Kind=LiquidityProvider
        Firm=ALPHA
        [SESSION]
        TargetCompID=OPS
        Kind=Operator
        [SESSION]
        TargetCompID=NARROW
        Firm=ALPHA
        MessageTypes=D,F,q,V
        Instruments=ETH-USD
        """;

    private CoreHarness _venue = null!;

    [OneTimeSetUp]
    public void Start() => _venue = new CoreHarness(more: Sessions);

    [OneTimeTearDown]
    public void Stop() => _venue.Dispose();

    private const string New = "35=D|11=x|55=BTC-USD|54=1|60=now|38=0.1|40=2|44=50000";
    private const string Cancel = "35=F|11=y|41=x|55=BTC-USD|54=1|60=now";
    private const string MassCancel = "35=q|11=z|530=7|60=now";
    private const string MassStatus = "35=AF|584=s|585=7";
    private const string Watch = "35=V|262=w|263=0|264=1|267=1|269=0|146=1|55=BTC-USD";
    private const string List = "35=x|320=l|559=4";

    //       session  message     answer
    [TestCase("CLIENT1", New, "35=8")]
    [TestCase("CLIENT1", Watch, "35=W")]
    [TestCase("MD", Watch, "35=W")]
    [TestCase("MD", List, "35=y")]
    [TestCase("MD", New, "35=j|372=D|379=x|380=6|58=RIGHTS")]
    [TestCase("MD", Cancel, "35=j|372=F|379=y|380=6")]
    [TestCase("MD", MassCancel, "35=j|372=q|379=z|380=6")]
    [TestCase("MD", MassStatus, "35=j|372=AF|379=s|380=6")]
    [TestCase("DC", New, "35=j|372=D|379=x|380=6")]
    [TestCase("DC", Watch, "35=j|372=V|379=w|380=6")]
    [TestCase("DC", MassStatus, "35=8")]
    [TestCase("LP", New, "35=8")]
    [TestCase("OPS", New, "35=j|372=D|379=x|380=6")]
    [TestCase("OPS", MassCancel, "35=r|11=z|531=7")]
    [TestCase("NARROW", New, "35=j|372=D|379=x|380=6|58=RIGHTS|This session may not trade this instrument")]
    [TestCase("NARROW", Watch, "35=Y|262=w|281=3")]
    [TestCase("NARROW", Cancel, "35=9")]
    [TestCase("NARROW", MassStatus, "35=j|372=AF|380=6")]
    [TestCase("CLIENT1", "35=8|37=1|17=1|150=0|39=0|55=BTC-USD|54=1|151=1|14=0|6=0", "35=j|372=8|380=3")]
    [TestCase("CLIENT1", "35=E|66=l|394=3", "35=j|372=E|380=3")]
    public void A_message_is_taken_or_refused(string compID, string message, string answer)
    {
        var peer = _venue.Connect(compID).Logon("141=Y");
        peer.Inbox();
        var told = peer.Send(message).Inbox()[0];
        peer.Drop();
        _venue.Core.Drain();
        foreach (var field in answer.Split('|')) Assert.That(told, Does.Contain(field));
    }

    [Test]
    public void An_operator_pulls_the_orders_of_whom_it_names()
    {
        using var venue = new CoreHarness(more: Sessions);
        venue.Connect("CLIENT1").Logon().Order("a", "buy", "1", "50000");
        venue.Connect("CLIENT2").Logon().Order("b", "buy", "1", "50000");
        venue.Connect("CLIENT3").Logon().Order("c", "buy", "1", "50000");
        var operators = venue.Connect("OPS").Logon();
        Assert.That(operators.Send("35=AF|584=s|585=7").Inbox()[1..], Has.Length.EqualTo(3).And.All.Contains("|452=36|"));
        operators.Send("35=q|11=1|530=7|453=1|448=ALPHA|447=D|452=1|60=now");
        Assert.That(venue.Core.Engine.OpenOrders, Is.EqualTo(2));
        operators.Send("35=q|11=2|530=7|453=1|448=CLIENT2|447=D|452=36|60=now");
        Assert.That(venue.Core.Engine.OpenOrders, Is.EqualTo(1));
        operators.Send("35=q|11=3|530=7|60=now");
        Assert.That(venue.Core.Engine.OpenOrders, Is.Zero);
    }

    [TestCase("Kind=Trader", "Kind=Trader is none of OrderEntry, MarketData")]
    [TestCase("Kind=1", "Kind=1 is none of")]
    [TestCase("Kind=MarketData\nMessageTypes=V,D", "MessageTypes: a session of kind MarketData cannot send 'D'")]
    [TestCase("Kind=DropCopy", "Firm is missing")]
    [TestCase("Firm=ALPHA\nCancelOnDisconnect=Y", "CancelOnDisconnect=Y is none of N")]
    [TestCase("Firm=ALPHA\nRestartGrace=4000", "RestartGrace=4000 is not a whole number between 0 and 3600")]
    [TestCase("Firm=ALPHA\nLastLookMs=100", "LastLookMs is for sessions of Kind=LiquidityProvider")]
    [TestCase("Firm=ALPHA\nKind=LiquidityProvider\nLastLookMs=201", "LastLookMs=201 is not a whole number between 0 and 200")]
    [TestCase("Firm=ALPHA\nAnswerWindowMs=60001", "AnswerWindowMs=60001 is not a whole number between 0 and 60000")]
    [TestCase("Firm=ALPHA\nAnswersMax=0", "AnswersMax=0 is not a whole number between 1 and 16")]
    public void A_setting_that_cannot_be_is_a_fault(string settings, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("venue-rights-").FullName;
        foreach (var file in Directory.GetFiles(Repository.Path("fix-config"))) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        File.AppendAllText(Path.Combine(folder, "sessions.cfg"), $"\n[SESSION]\nTargetCompID=X\n{settings}\n");
        var faults = new List<string>();
        SessionsFile.Read(folder, faults);
        Directory.Delete(folder, recursive: true);
        Assert.That(faults, Has.Exactly(1).Contains(expected));
    }
}
