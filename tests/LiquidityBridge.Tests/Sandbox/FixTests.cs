using System.Net.Sockets;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>QuickFIX (C++), which shares nothing with our engine, trades on the sandbox.</summary>
[Parallelizable]
public class FixTests
{
    private RunningSandbox _sandbox = null!;
    private QuickFixClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _sandbox = await RunningSandbox.Start();
        await _sandbox.Book("fix", "BTC-USD", """
            buy  1 @ 49999
            buy  2 @ 49998.50
            sell 0.5 @ 50001
            """);
        _client = new QuickFixClient(_sandbox.FixPort);
        _client.Connect();
    }

    [TearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _sandbox.DisposeAsync();
    }

    private string NextReport() => Report(_client.Next("8"));

    private static string Report(FixFields m) => $"{m[150]} {m[39]} {m[11]} leaves {m[151]} cum {m[14]}";

    [Test]
    public void Lists_what_trades_and_in_which_steps()
    {
        _client.Do("raw x 320=r1|559=4");
        var list = _client.Next("y");
        Assert.That((list[320], list[560], list[393]), Is.EqualTo(("r1", "0", "4")));
        Assert.That(list.Entries(55, 15, 561, 562, 969, 1140), Is.EqualTo(new[]
        {
            "BTC-USD USD 0.00001 0.00010 500.00000 0.01", "ETH-USD USD 0.0001 0.0010 10000.0000 0.01", "BTC-USDC USDC 0.00001 0.00010 500.00000 0.01",
            "ETH-USDC USDC 0.0001 0.0010 10000.0000 0.01",
        }));
        _client.Do("raw x 320=r2|559=0|55=DOGE-USD");
        Assert.That(_client.Next("y")[560], Is.EqualTo("2"));
    }

    [Test]
    public async Task Gets_a_snapshot_and_then_each_change_with_a_count()
    {
        _client.Subscribe("m1", "BTC-USD", 2, "012");
        var snapshot = _client.Next("W");
        Assert.That(snapshot.Entries(269, 278, 270, 271), Is.EqualTo(new[] { "0 B4999900 49999.00 1.00000", "0 B4999850 49998.50 2.00000", "1 A5000100 50001.00 0.50000" }));
        Assert.That(snapshot[83], Is.EqualTo("0"));
        await _sandbox.Book("fix", "BTC-USD", "buy 3 @ 50000");   // pushes 49998.50 out
        Assert.That(_client.Next("X").Entries(279, 269, 278, 55, 270, 271, 83), Is.EqualTo(new[] { "0 0 B5000000 BTC-USD 50000.00 3.00000 1", "2 0 B4999850 BTC-USD 49998.50 2" }));
        await _sandbox.Book("fix", "BTC-USD", "buy 4 @ 50000");
        Assert.That(_client.Next("X").Entries(279, 269, 278, 55, 270, 271, 83), Is.EqualTo(new[] { "1 0 B5000000 BTC-USD 50000.00 4.00000 3" }));
        await _sandbox.Do("trade", new { exchange = "fix", symbol = "BTC-USD", side = "sell", qty = "1" });
        Assert.That(_client.Next("X").Entries(279, 269, 278, 55, 270, 271, 83), Is.EqualTo(new[] { "0 2 T1 BTC-USD 50000.00 1.00000 4" }));
        Assert.That(_client.Next("X").Entries(279, 269, 278, 55, 270, 271, 83), Is.EqualTo(new[] { "1 0 B5000000 BTC-USD 50000.00 3.00000 5" }));
        Assert.That(_client.Lines(0), Has.None.StartsWith("OUT 8=FIX.4.4|9=").And.Contain("|35=3|"), "QuickFIX found fault with none of our messages");
    }

    [TestCase("m1", "DOGE-USD", 1, "0")]
    [TestCase("m1", "BTC-USD", 5000, "5")]
    public void A_wrong_subscription_is_refused(string id, string symbol, int depth, string reason)
    {
        _client.Subscribe(id, symbol, depth);
        var reject = _client.Next("Y");
        Assert.That((reject[262], reject[281]), Is.EqualTo((id, reason)));
    }

    [Test]
    public void An_order_trades_rests_is_replaced_and_canceled()
    {
        _client.Do("new a buy BTC-USD 2 limit 50001 gtc");
        Assert.That(NextReport(), Is.EqualTo("0 0 a leaves 2.00000 cum 0.00000"));
        var fill = _client.Next("8");
        Assert.That(Report(fill), Is.EqualTo("F 1 a leaves 1.50000 cum 0.50000"));
        Assert.That((fill[32], fill[31], fill[6], fill[851], fill[137], fill[138]), Is.EqualTo(("0.50000", "50001.00", "50001.00", "2", "12.5002500000", "USD")));
        _client.Do("replace b a buy BTC-USD 1.2 50000.5");
        var replaced = _client.Next("8");
        Assert.That(Report(replaced), Is.EqualTo("5 1 b leaves 0.70000 cum 0.50000"));
        Assert.That((replaced[41], replaced[44]), Is.EqualTo(("a", "50000.50")));
        _client.Do("status b buy BTC-USD");
        Assert.That(NextReport(), Is.EqualTo("I 1 b leaves 0.70000 cum 0.50000"));
        _client.Do("cancel c b buy BTC-USD");
        var canceled = _client.Next("8");
        Assert.That(Report(canceled), Is.EqualTo("4 4 c leaves 0.00000 cum 0.50000"));
        Assert.That(canceled[41], Is.EqualTo("b"));
        _client.Do("cancel d b buy BTC-USD");
        var refused = _client.Next("9");
        Assert.That((refused[434], refused[102], refused[39]), Is.EqualTo(("1", "0", "4")));
    }

    [TestCase("new a buy DOGE-USD 1 limit 1", "1")]
    [TestCase("new a buy BTC-USD 300 limit 50000", "3")]
    [TestCase("new a buy BTC-USD 0.000001 limit 50000", "13")]
    [TestCase("new a buy BTC-USD 0.00001 limit 50000", "13")]
    [TestCase("new a buy BTC-USD 1 limit 50000.001", "99")]
    [TestCase("new a sell ETH-USD 1 market", "99")]
    public void A_wrong_order_is_refused(string command, string reason)
    {
        _client.Do(command);
        var report = _client.Next("8");
        Assert.That((report[150], report[39], report[103], report[37]), Is.EqualTo(("8", "8", reason, "NONE")));
    }

    [Test]
    public void A_name_can_be_used_once()
    {
        _client.Do("new a buy BTC-USD 1 limit 40000");
        Assert.That(NextReport(), Does.StartWith("0 0 a"));
        _client.Do("new a buy BTC-USD 1 limit 40000");
        Assert.That(_client.Next("8")[103], Is.EqualTo("6"));
        _client.Do("cancel x nobody buy BTC-USD");
        Assert.That(_client.Next("9")[102], Is.EqualTo("1"));
    }

    [Test]
    public async Task The_script_fills_a_resting_order()
    {
        _client.Do("new a sell BTC-USD 1 limit 60000");
        Assert.That(NextReport(), Does.StartWith("0 0 a"));
        await _sandbox.Do("fill", new { exchange = "fix", cl_ord_id = "a", qty = "0.25" });
        var fill = _client.Next("8");
        Assert.That(Report(fill), Is.EqualTo("F 1 a leaves 0.75000 cum 0.25000"));
        Assert.That((fill[31], fill[851]), Is.EqualTo(("60000.00", "1")));
    }

    [Test]
    public async Task An_acknowledgement_can_be_lost_and_a_fill_can_come_twice()
    {
        await _sandbox.Fault("fix", "ack-lost");
        await _sandbox.Fault("fix", "duplicate-fill");
        _client.Do("new a buy BTC-USD 0.5 limit 50001");
        var (first, second) = (_client.Next("8"), _client.Next("8"));
        Assert.That((first[150], second[150], second[17]), Is.EqualTo(("F", "F", first[17])));
        Assert.That(second[34], Is.Not.EqualTo(first[34]));
    }

    [Test]
    public async Task A_fill_can_come_before_the_acknowledgement()
    {
        await _sandbox.Fault("fix", "fill-before-ack");
        _client.Do("new a buy BTC-USD 0.5 limit 50001");
        Assert.That((NextReport(), NextReport()), Is.EqualTo(("F 2 a leaves 0.00000 cum 0.50000", "0 0 a leaves 0.50000 cum 0.00000")));
    }

    [Test]
    public async Task A_report_lost_on_its_way_is_asked_for_and_resent()
    {
        await _sandbox.Fault("fix", "execution-gap");
        var mark = _client.Mark;
        _client.Do("new a buy BTC-USD 0.5 limit 50001");   // the acknowledgement is lost, the fill shows the gap
        _client.WaitFor(l => l.StartsWith("OUT ") && l.Contains("|35=2|"), mark);
        _client.WaitFor(l => l.StartsWith("IN ") && l.Contains("|43=Y|") && l.Contains("|150=0|"), mark);
    }

    [Test]
    public async Task A_lost_update_of_the_book_shows_in_RptSeq()
    {
        _client.Subscribe("m1", "BTC-USD", 10);
        _client.Next("W");
        await _sandbox.Fault("fix", "book-gap");
        await _sandbox.Book("fix", "BTC-USD", "buy 1 @ 49000");
        await _sandbox.Book("fix", "BTC-USD", "buy 1 @ 48000");
        Assert.That(_client.Next("X").Entries(279, 278, 83), Is.EqualTo(new[] { "0 B4800000 2" }));
    }

    [Test]
    public async Task A_message_with_a_wrong_CheckSum_is_not_taken_and_its_number_is_missed()
    {
        _client.Subscribe("m1", "BTC-USD", 10);
        _client.Next("W");
        await _sandbox.Fault("fix", "wrong-checksum");
        var mark = _client.Mark;
        await _sandbox.Book("fix", "BTC-USD", "buy 1 @ 49000");
        await _sandbox.Book("fix", "BTC-USD", "buy 1 @ 48000");
        _client.WaitFor(l => l.StartsWith("OUT ") && l.Contains("|35=2|"), mark);
    }

    [Test]
    public async Task A_frozen_feed_says_nothing_while_the_session_lives()
    {
        _client.Subscribe("m1", "BTC-USD", 10);
        _client.Next("W");
        await _sandbox.Fault("fix", "freeze");
        await _sandbox.Book("fix", "BTC-USD", "buy 1 @ 49000");
        var mark = _client.Mark;
        _client.Do("raw 1 112=alive");
        _client.WaitFor(l => l.StartsWith("IN ") && l.Contains("|112=alive|"), mark);
        Assert.That(_client.Lines(mark), Has.None.Contains("|35=X|"));
        await _sandbox.Fault("fix", "freeze", on: false);
        Assert.That(_client.Next("X").Entries(279, 278, 83), Is.EqualTo(new[] { "0 B4900000 1" }));
    }

    [Test]
    public async Task A_halt_is_told_and_refuses_orders()
    {
        _client.Subscribe("m1", "BTC-USD", 10);
        _client.Next("W");
        await _sandbox.Do("halt", new { exchange = "fix", symbol = "BTC-USD" });
        Assert.That(_client.Next("f")[326], Is.EqualTo("2"));
        _client.Do("new a buy BTC-USD 0.5 limit 50001");
        Assert.That(_client.Next("8")[103], Is.EqualTo("2"));
    }

    [Test]
    public async Task An_order_whose_connection_breaks_is_reported_after_the_next_logon()
    {
        await _sandbox.Fault("fix", "drop-after-order");
        var mark = _client.Mark;
        _client.Do("new a buy BTC-USD 0.5 limit 50001");
        _client.WaitFor(l => l == "DISCONNECT", mark);
        _client.WaitFor(l => l.StartsWith("IN ") && l.Contains("|150=F|") && l.Contains("|11=a|"), mark);
    }

    [Test]
    public async Task A_half_open_connection_answers_nothing()
    {
        await _sandbox.Fault("fix", "half-open");
        var mark = _client.Mark;
        _client.Do("raw 1 112=alive");
        await Task.Delay(1500);
        Assert.That(_client.Lines(mark), Has.None.StartsWith("IN ").And.None.EqualTo("DISCONNECT"));
        _client.Do("kill");
        _client.Connect();
    }

    [Test]
    public void A_session_with_a_password_is_refused_without_it()
    {
        using var second = new QuickFixClient(_sandbox.FixPort, "SECOND");
        var mark = second.Mark;
        second.Do("connect");
        second.WaitFor(l => l == "LOGOUT Invalid credentials", mark);
    }

    [TestCase("8=FIX.4.4\u00019=49\u000135=A\u000149=NOBODY\u000156=SANDBOX\u000134=1\u000198=0\u0001108=30\u000110=112\u0001")]
    [TestCase("GET / HTTP/1.1\r\n\r\n")]
    public async Task A_stranger_is_told_nothing(string bytes)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _sandbox.FixPort);
        await socket.Client.SendAsync(System.Text.Encoding.ASCII.GetBytes(bytes));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            Assert.That(await socket.Client.ReceiveAsync(new byte[100], patience.Token), Is.Zero);
        }
        catch (SocketException e)
        {
            Assert.That(e.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        }
    }
}
