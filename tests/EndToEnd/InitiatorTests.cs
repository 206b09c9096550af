using System.Net;
using System.Net.Sockets;
using Venue.Fix;

namespace EndToEnd;

/// <summary>Our session as the initiator against foreign acceptors: gaps, resends, resets and lost connections, both ways.</summary>
/// <remarks>jspurefix fills the gaps that it is asked about instead of sending again (README.md): what it has lost stays lost, in step.</remarks>
[TestFixture(ClientKind.QuickFix)]
[TestFixture(ClientKind.JsPureFix)]
[Category("EndToEnd")]
public sealed class InitiatorTests(ClientKind kind)
{
    private string _store = "";
    private int _port;
    private FixClient _acceptor = null!;
    private Initiator _ours = null!;

    /// <summary>Who ends a connection in the middle of traffic.</summary>
    public enum Ender { We, They, TheirProcess }

    [SetUp]
    public void Open()
    {
        _store = Places.NewFolder("acceptor");
        using (var probe = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _port = ((IPEndPoint)probe.LocalEndPoint!).Port;
        }
        _acceptor = Accept();
        using var xml = File.OpenRead(Places.Dictionary);
        _ours = new Initiator(new SessionSettings { SenderCompID = "US", TargetCompID = "THEM", Initiator = true }, FixDictionary.Load(xml));
    }

    [TearDown]
    public void Close()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed) TestContext.Out.WriteLine(_acceptor.Transcript());
        _ours.Dispose();
        _acceptor.Dispose();
        Directory.Delete(_store, recursive: true);
    }

    [Test]
    public void Orders_and_reports_pass_and_both_log_out()
    {
        _ours.Connect(_port);
        for (var i = 0; i < 20; i++)
        {
            Order(i);
            Report(i);
        }
        ExpectOrders(20);
        ExpectReports(20);
        _ours.Logout();
        _ours.Connect(_port);
        Order(20);
        Report(20);
        ExpectOrders(21);
        ExpectReports(21);
    }

    [Test]
    public void What_we_lost_on_the_way_to_them_we_send_again()
    {
        _ours.Connect(_port);
        Order(0);
        ExpectOrders(1);
        _ours.Mute(true);
        for (var i = 1; i < 6; i++) Order(i);
        _ours.Mute(false);
        Order(6);
        ExpectOrders(7);
        Order(7);
        ExpectOrders(8);
    }

    [Test]
    public void What_they_lost_on_the_way_to_us_we_ask_for()
    {
        _ours.Connect(_port);
        Report(0);
        ExpectReports(1);
        var mark = _acceptor.Mark;
        _ours.Deafen(true);
        for (var i = 1; i < 6; i++) Report(i);
        _acceptor.WaitForOutgoing("the last lost report", m => m.Find(17) == "E5", mark);
        Thread.Sleep(200);   // and it has arrived, and is lost
        _ours.Deafen(false);
        Report(6);
        if (kind == ClientKind.QuickFix)
        {
            ExpectReports(7);
        }
        else
        {
            _acceptor.WaitForMessage("ResendRequest", m => m.Type == "2", mark);
            _ours.WaitUntil("their number", () => _ours.Numbers.In == NextOutOfTheirs());
        }
        var before = _ours.Received.Count;
        Report(7);
        _ours.WaitUntil("the next report", () => _ours.Received.Count == before + 1);
        Assert.That(_ours.Received[^1][17], Is.EqualTo("E7"));
        ExpectNothingTwice();
    }

    [Test]
    public void A_reset_begins_both_counts_again()
    {
        _ours.Connect(_port);
        for (var i = 0; i < 5; i++)
        {
            Order(i);
            Report(i);
        }
        ExpectOrders(5);
        ExpectReports(5);
        _ours.Logout();
        var mark = _acceptor.Mark;
        _ours.Connect(_port, reset: true);
        Assert.That(_ours.Numbers, Is.EqualTo((2, 2)));
        Assert.That(_acceptor.WaitForMessage("Logon", m => m.Type == "A", mark)[141], Is.EqualTo("Y"));
        Order(5);
        Report(5);
        ExpectReports(6);
        Assert.That(_acceptor.WaitForMessage("order", m => m.Type == "D", mark).SeqNum, Is.EqualTo(2));
    }

    [Test]
    public void A_connection_lost_in_the_middle_of_traffic_loses_and_doubles_nothing([Values] Ender ender)
    {
        const int each = 120;
        _ours.Connect(_port);
        var traffic = Task.Run(() =>
        {
            for (var i = 0; i < each; i++) Report(i);
        });
        for (var i = 0; i < each / 2; i++) Order(i);
        if (ender == Ender.We)
        {
            _ours.Drop();
        }
        else if (ender == Ender.They)
        {
            _acceptor.Do("kill");
            _ours.WaitForEnd();
        }
        traffic.GetAwaiter().GetResult();
        if (ender == Ender.TheirProcess)
        {
            _acceptor.WaitForOutgoing("the last report", m => m.Find(17) == $"E{each - 1}", 0);
            _acceptor.Settle();   // a line is printed before the engine has written its number down (README.md)
            _orders.AddRange(_acceptor.Received(0).Where(m => m.Type == "D"));
            _acceptor.Dispose();
            _ours.WaitForEnd();
            _acceptor = Accept();
        }
        for (var i = each / 2; i < each; i++) Order(i);   // numbered and kept while there is no connection
        _ours.Connect(_port);
        ExpectOrders(each);
        if (kind == ClientKind.QuickFix) ExpectReports(each);
        Report(each);
        _ours.WaitUntil("the report after", () => _ours.Received.Any(m => m.Find(17) == $"E{each}"));
        ExpectNothingTwice();
    }

    private readonly List<FixMessage> _orders = [];   // taken by a life of the acceptor that is over

    private FixClient Accept() => new(kind, "THEM", _port, _store, target: "US", accepts: true);

    private void Order(int i) => _ours.Send("D", $"11=O{i}|55=BTC-USD|54=1|38=1|40=2|44=50000|59=1");

    private void Report(int i) => _acceptor.Do($"raw 8 37=1|11=O{i}|17=E{i}|150=0|39=0|55=BTC-USD|54=1|38=1|151=1|14=0|6=0");

    private int NextOutOfTheirs() => _acceptor.Outgoing(0).Max(m => m.SeqNum) + 1;

    /// <summary>Every order is there; one that came again is marked so and has its old number.</summary>
    private void ExpectOrders(int count)
    {
        _acceptor.WaitForMessage($"order {count - 1}", m => m.Type == "D" && m[11] == $"O{count - 1}", 0);
        _ours.WaitUntil($"{count} orders there", () => Orders().Select(m => m[11]).Distinct().Count() == count);
        foreach (var same in Orders().GroupBy(m => m[11]))
        {
            Assert.That(same.Select(m => m.SeqNum).Distinct().Count(), Is.EqualTo(1), $"{same.Key} has one number");
            Assert.That(same.Count(m => !m.IsPossDup), Is.LessThanOrEqualTo(1), $"{same.Key} is new once");
        }
    }

    private IEnumerable<FixMessage> Orders() => _orders.Concat(_acceptor.Received(0).Where(m => m.Type == "D"));

    private void ExpectReports(int count)
    {
        _ours.WaitUntil($"{count} reports", () => _ours.Received.Count >= count);
        Assert.That(_ours.Received.Select(m => m[17]), Is.EqualTo(Enumerable.Range(0, count).Select(i => $"E{i}")));
    }

    private void ExpectNothingTwice() => Assert.That(_ours.Received.Select(m => m[17]), Is.Unique);
}
