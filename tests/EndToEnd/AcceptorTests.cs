namespace EndToEnd;

/// <summary>The venue as the acceptor of foreign initiators over a line that loses messages: gaps, resends, resets and lost connections, both ways.</summary>
/// <remarks>jspurefix fills the gaps that it is asked about instead of sending again (README.md): what it has lost stays lost, in step.</remarks>
[TestFixture(ClientKind.QuickFix)]
[TestFixture(ClientKind.JsPureFix)]
[Category("EndToEnd")]
public sealed class AcceptorTests(ClientKind kind)
{
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMilliseconds(300);

    private VenueProcess _venue = null!;
    private LossyLine _line = null!;
    private FixClient _client = null!;
    private string _store = "";
    private int _tests;

    [OneTimeSetUp]
    public void Start()
    {
        _venue = new VenueProcess();
        _venue.Start(Durability.Async);
        _line = new LossyLine(_venue.Port);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _line.Dispose();
        _venue.Dispose();
    }

    /// <summary>Each test on a session of its own.</summary>
    [SetUp]
    public void Begin()
    {
        _tests++;
        _store = Places.NewFolder("initiator");
        _client = Client();
        _client.Connect();
    }

    [TearDown]
    public void End()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed) TestContext.Out.WriteLine(_client.Transcript());
        _client.Dispose();
        Directory.Delete(_store, recursive: true);
    }

    [Test]
    public void Orders_lost_on_the_way_to_the_venue_are_asked_for()
    {
        var mark = _client.Mark;
        Order(0);
        ExpectReport(0, mark);
        _line.LosesRequests = true;
        for (var i = 1; i < 6; i++) Order(i);
        _client.WaitForOutgoing("the last lost order", m => m.Find(11) == Name(5), mark);
        Thread.Sleep(OnItsWay);
        _line.LosesRequests = false;
        Order(6);
        _client.WaitForMessage("ResendRequest", m => m.Type == "2", mark);
        if (kind == ClientKind.QuickFix)
            for (var i = 1; i < 7; i++) ExpectReport(i, mark);
        _client.Settle();
        Order(7);
        ExpectReport(7, mark);
        ExpectEachOnce(mark, kind == ClientKind.QuickFix ? 8 : 2);
    }

    [Test]
    public void Reports_lost_on_the_way_to_the_client_are_sent_again()
    {
        var mark = _client.Mark;
        _line.LosesAnswers = true;
        for (var i = 0; i < 5; i++) Order(i);
        _client.WaitForOutgoing("the last order", m => m.Find(11) == Name(4), mark);
        Thread.Sleep(OnItsWay);
        Assert.That(_client.Received(mark), Is.Empty);
        _line.LosesAnswers = false;
        Order(5);
        _client.WaitForOutgoing("ResendRequest", m => m.Type == "2", mark);
        for (var i = 0; i < 5; i++) Assert.That(ExpectReport(i, mark, m => m.IsPossDup)[122], Is.Not.Empty);
        ExpectReport(5, mark);
        _client.Settle();
        Order(6);
        ExpectReport(6, mark);
    }

    [Test]
    public void A_connection_cut_in_the_middle_of_traffic_loses_no_report_and_doubles_nothing()
    {
        const int half = 40;
        var mark = _client.Mark;
        for (var i = 0; i < half; i++) Order(i);
        _line.Cut();
        _client.WaitForLogon(mark);
        _client.Settle();
        for (var i = half; i < 2 * half; i++) Order(i);
        for (var i = half; i < 2 * half; i++) ExpectReport(i, mark);
        if (kind == ClientKind.QuickFix)
            for (var i = 0; i < half; i++) ExpectReport(i, mark);
        ExpectEachOnce(mark, kind == ClientKind.QuickFix ? 2 * half : half);
    }

    [Test]
    public void A_reset_begins_both_counts_again()
    {
        _client.Settle();
        _client.Logout();
        _client.Dispose();
        _client = Client(reset: true);
        var mark = _client.Mark;
        _client.Connect();
        var logon = _client.WaitForMessage("Logon", m => m.Type == "A", mark);
        Assert.That((logon.SeqNum, logon.Find(141)), Is.EqualTo((1, "Y")));
        Order(0);
        Assert.That(ExpectReport(0, mark).SeqNum, Is.EqualTo(2));
    }

    private FixClient Client(bool reset = false) => new(kind, $"CLIENT{_tests}", _line.Port, _store, reset: reset);

    private string Name(int i) => $"{_tests}-{i}";

    private void Order(int i) => _client.Do($"new {Name(i)} buy BTC-USD 0.001 limit 40000");

    private FixMessage ExpectReport(int i, int mark, Func<FixMessage, bool>? more = null) =>
        _client.WaitForMessage($"report of {Name(i)}", m => m.Type == "8" && m.Find(11) == Name(i) && m.Find(150) == "0" && more?.Invoke(m) != false, mark);

    // Sent again is not another: the same ExecID(17), and PossDupFlag(43) but for the first.
    private void ExpectEachOnce(int mark, int atLeast)
    {
        _client.Settle();
        var reports = _client.Received(mark).Where(m => m.Type == "8").ToArray();
        Assert.That(reports.Select(m => m[150]), Has.All.EqualTo("0"));
        var orders = reports.GroupBy(m => m[11]).ToArray();
        Assert.That(orders, Has.Length.AtLeast(atLeast));
        foreach (var order in orders)
        {
            Assert.That(order.Select(m => m[17]).Distinct(), Has.Exactly(1).Items, $"ExecIDs of {order.Key}");
            Assert.That(order.Count(m => !m.IsPossDup), Is.AtMost(1), $"reports of {order.Key} that say that they are new");
        }
    }
}
