using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EndToEnd;

/// <summary>Market data over WebSocket, read by the ws library: books by level and by order, proven after every message; and what is refused.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class ScreenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string[] Feeds = ["book BTC-USD 10", "book BTC-USD 25 conflate", "book BTC-USD 100", "book BTC-USD 0", "orders BTC-USD", "trades BTC-USD", "ticker BTC-USD conflate", "status BTC-USD"];

    private VenueProcess _venue = null!;
    private readonly List<ChildProcess> _screens = [];

    [OneTimeSetUp]
    public void Start()
    {
        _venue = new VenueProcess(null, "--screen-port", "0");
        _venue.Start();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        foreach (var screen in _screens) screen.Dispose();
        _venue.Dispose();
    }

    private ChildProcess Screen()
    {
        var screen = new ChildProcess($"screen {_screens.Count + 1} (ws)", ["node", Places.ScreenReader, $"ws://127.0.0.1:{_venue.ScreenPort}/v1"]);
        _screens.Add(screen);
        screen.WaitFor("READY", line => line == "READY", 0, Patience);
        return screen;
    }

    private static string Ask(ChildProcess screen, string command, string answer)
    {
        var mark = screen.Count;
        screen.Send(command);
        return screen.WaitFor($"{command}: {answer}", line => line.StartsWith(answer, StringComparison.Ordinal), mark, Patience).Text;
    }

    private static string[] Show(ChildProcess screen, string feed) => Ask(screen, $"show {feed}", $"SHOW {feed} | ").Split(" | ");

    /// <summary>Waits until a feed says what another one says at rest.</summary>
    private static string WaitFor(Func<string> what, Func<string, bool> isRight)
    {
        var until = DateTime.UtcNow + Patience;
        var text = what();
        while (!isRight(text) && DateTime.UtcNow < until)
        {
            Thread.Sleep(50);
            text = what();
        }
        return text;
    }

    [Test]
    public void A_screen_keeps_books_that_are_the_engines_and_proves_every_message()
    {
        var screen = Screen();
        foreach (var feed in Feeds) Assert.That(Ask(screen, $"subscribe {feed}", "ANSWER"), Does.Contain("\"success\":true"));
        var slow = Screen();
        foreach (var feed in Feeds) Ask(slow, $"subscribe {feed}", "ANSWER");
        slow.Send("pause");
        using (var flow = new OrderFlow(_venue.Port, "CLIENT1", seed: 7))
        {
            for (var i = 0; i < 1500; i++) flow.Step(requests: 3);
            slow.Send("resume");
            // The changes of one turn of the core go together: how many requests make so many messages depends on the machine.
            for (var until = DateTime.UtcNow + Patience; Messages(screen) <= 100 && DateTime.UtcNow < until;)
                for (var i = 0; i < 50; i++) flow.Step(requests: 3);
        }
        Assert.That(Messages(screen), Is.GreaterThan(100));

        using var reader = new ChildProcess("reader (QuickFIX)", [Places.MarketReader, "--port", $"{_venue.Port}", "--sender", "MD1", "--dictionary", Places.Dictionary]);
        reader.WaitFor("LOGON", line => line == "LOGON", 0, Patience);
        reader.Send("watch BTC-USD");
        Ask(reader, "settle s", "SETTLED s");
        // The orders one by one come from the core to the thread of market data first.
        var orders = Clean(WaitFor(() => Ask(reader, "book orders BTC-USD", "BOOK").Split(' ', 4)[3], text => Clean(text) != "/"));
        var levels = Clean(Ask(reader, "book levels BTC-USD", "BOOK").Split(' ', 4)[3]);
        foreach (var one in new[] { screen, slow })
        {
            Assert.That(Clean(WaitFor(() => Show(one, "orders BTC-USD")[4], text => Clean(text) == orders)), Is.EqualTo(orders), "the same numbers as over FIX");
            Assert.That(Clean(WaitFor(() => Show(one, "book BTC-USD 0")[4], text => Clean(text) == levels)), Is.EqualTo(levels));
            Assert.That(one.Lines(0).Where(line => line.StartsWith("ERROR", StringComparison.Ordinal)), Is.Empty);
        }
        Assert.That(Show(screen, "orders BTC-USD")[2], Is.EqualTo("1"), "one snapshot");
        Assert.That(Show(screen, "trades BTC-USD")[4].Split(' ').Select(long.Parse), Is.Ordered.And.Unique);
        Assert.That(Show(screen, "status BTC-USD")[4], Does.Contain("\"phase\":\"continuous\"").And.Contain("\"tick\":\"0.01\""));
        Assert.That(WaitFor(() => Show(screen, "ticker BTC-USD conflate")[4], text => text.Contains("\"volume\"")), Does.Contain("\"bid\":{\"price\":\""));
        Assert.That(Ask(screen, "unsubscribe orders BTC-USD", "ANSWER"), Does.Contain("\"success\":true"));
        screen.WaitFor("a heartbeat", line => line == "HEARTBEAT", 0, Patience);
    }

    private static int Messages(ChildProcess screen) => int.Parse(Show(screen, "orders BTC-USD")[1], CultureInfo.InvariantCulture);

    private static string Clean(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [TestCase("hello", "not JSON"), TestCase("[1]", "not an object"), TestCase("""{"method":"buy"}""", "method is not one of")]
    [TestCase("""{"method":"subscribe","params":{"channel":"secrets","symbol":["BTC-USD"]}}""", "channel is not one of")]
    [TestCase("""{"method":"subscribe","params":{"channel":"book","symbol":["BTC-USD"],"depth":11}}""", "depth is")]
    [TestCase("""{"method":"subscribe","params":{"channel":"book","symbol":["XYZ"]},"req_id":5}""", "unknown symbol")]
    [TestCase("""{"method":"unsubscribe","params":{"channel":"trades","symbol":["BTC-USD"]}}""", "not subscribed")]
    public void What_makes_no_sense_is_refused_with_a_reason(string message, string reason) =>
        Assert.That(Ask(Screen(), $"raw {message}", "ANSWER"), Does.Contain("\"success\":false").And.Contain(reason));

    [Test]
    public void Who_says_nothing_but_nonsense_is_cut_off()
    {
        var screen = Screen();
        for (var i = 0; i < 30; i++) screen.Send("raw nonsense");
        screen.WaitFor("CLOSED", line => line == "CLOSED", 0, Patience);
    }

    /// <summary>It asks for everything and never reads a byte: its memory here is bounded, and after five seconds it is gone.</summary>
    [Test]
    public void Who_never_reads_is_cut_off()
    {
        using var socket = Upgrade("127.0.0.1", receiveBytes: 4096);
        foreach (var channel in new[] { "book", "orders", "trades", "ticker" }) socket.Send(Frame("{\"method\":\"subscribe\",\"params\":{\"channel\":\"" + channel + "\",\"symbol\":[\"BTC-USD\"]}}"));
        var until = DateTime.UtcNow.AddSeconds(30);
        using var flow = new OrderFlow(_venue.Port, "CLIENT2", seed: 8);
        while (!IsReset(socket) && DateTime.UtcNow < until)
            for (var i = 0; i < 100; i++) flow.Step(requests: 5);
        Assert.That(DateTime.UtcNow, Is.LessThan(until));
    }

    /// <summary>Fifty connections of one address are served; the next is refused, others' are not, and who goes makes room.</summary>
    [Test]
    public void One_address_has_so_many_connections_and_no_more()
    {
        const int most = 50;
        var sockets = Enumerable.Range(0, most).Select(_ => Upgrade("127.0.0.21")).ToList();
        try
        {
            foreach (var socket in sockets) Assert.That(StatusOf(socket), Is.EqualTo("101"));
            using (var oneMore = Upgrade("127.0.0.21")) Assert.That(StatusOf(oneMore), Is.EqualTo("429"));
            using (var elsewhere = Upgrade("127.0.0.22")) Assert.That(StatusOf(elsewhere), Is.EqualTo("101"));
            sockets[^1].Dispose();
            Assert.That(WaitFor(() =>
            {
                using var again = Upgrade("127.0.0.21");
                return StatusOf(again);
            }, status => status == "101"), Is.EqualTo("101"), "one has gone");
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    /// <summary>A connection from an address that asks to become a WebSocket.</summary>
    private Socket Upgrade(string from, int receiveBytes = 1 << 16)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = receiveBytes, ReceiveTimeout = (int)Patience.TotalMilliseconds };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        socket.Connect(IPAddress.Loopback, _venue.ScreenPort);
        socket.Send(Encoding.ASCII.GetBytes($"GET /v1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Convert.ToBase64String(new byte[16])}\r\n\r\n"));
        return socket;
    }

    /// <summary>The status of the answer, which it is the beginning of.</summary>
    private static string StatusOf(Socket socket)
    {
        var answer = new byte[12];   // HTTP/1.1 nnn
        for (var length = 0; length < answer.Length;)
        {
            var count = socket.Receive(answer, length, answer.Length - length, SocketFlags.None);
            if (count == 0) return "closed";
            length += count;
        }
        return Encoding.ASCII.GetString(answer)[9..];
    }

    /// <summary>A client's frame: masked, with a mask of zeros.</summary>
    private static byte[] Frame(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        return [0x81, (byte)(0x80 | (payload.Length < 126 ? payload.Length : 126)), .. payload.Length < 126 ? [] : (byte[])[(byte)(payload.Length >> 8), (byte)payload.Length], 0, 0, 0, 0, .. payload];
    }

    private static bool IsReset(Socket socket)
    {
        try
        {
            // A ping that is never answered: sending to who has gone fails.
            socket.Send([0x89, 0x80, 0, 0, 0, 0]);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
