using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Venue.Load;

namespace EndToEnd;

/// <summary>Sessions far over their rate, and clients that mean no good: what others feel, what is refused, and what it costs in memory. Bounds are generous, the machine may be busy.</summary>
[TestFixture]
[Category("EndToEnd")]
public sealed class SurgeTests
{
    private const int Sessions = 2, OrderRate = 100;

    private readonly string _config = Places.NewFolder("config");
    private VenueProcess _venue = null!;
    private Pair _neighbour = null!;

    [OneTimeSetUp]
    public void Open()
    {
        SessionFolder.Write(Places.Config, _config, Sessions + Enemies.Sessions, Enemies.Defaults, n => n == 2 ? $"OrderRate={OrderRate}\nOrderBurst={OrderRate}" : "");
        Enemies.WriteCredentials(_config, Sessions);
        // A page that is touched for the first time is no leak, and thousands of them would look like one: small tables, small send buffers, no
        // snapshots (their buffers wait for the collector), a first generation of 2 MiB (hexadecimal) whatever the processor's caches are, and code that is compiled once.
        _venue = new VenueProcess(_config, "--orders", "8192", "--send-buffer-mib", "1", "--snapshot-every", "0")
        {
            Environment = [("DOTNET_GCgen0size", "200000"), ("DOTNET_TieredCompilation", "0")],
        };
        _venue.Start(Durability.Async);
        _neighbour = new Pair(_venue.Port, SessionFolder.CompID(1));
    }

    [OneTimeTearDown]
    public void Close()
    {
        _neighbour.Dispose();
        _venue.Dispose();
        Directory.Delete(_config, recursive: true);
    }

    [Test]
    public void Orders_far_over_the_rate_are_refused_with_a_reason_and_cancels_pass()
    {
        using var surge = new Pair(_venue.Port, SessionFolder.CompID(2));
        var since = Stopwatch.StartNew();
        var (taken, refused, cancelled) = (0, 0, 0);
        // As fast as they are answered: the rate allows what has come in so far, and no more.
        for (var turn = 0; turn < 20; turn++)
        {
            var orders = Enumerable.Range(0, 100).Select(_ => surge.Order()).ToArray();
            var open = new List<string>();
            foreach (var id in orders)
            {
                var answer = surge.Answer(id);
                if (answer[150] == "0") open.Add(id);
                else Assert.That((answer[150], answer[103], answer[58]), Is.EqualTo(("8", "99", "RATE|Rate limit exceeded")));
            }
            (taken, refused) = (taken + open.Count, refused + orders.Length - open.Count);
            foreach (var id in open)
            {
                Assert.That(surge.Answer(surge.Cancel(id))[150], Is.EqualTo("4"), "a cancel is never over the rate");
                cancelled++;
            }
            _neighbour.Trip();
        }
        var allowed = OrderRate + since.Elapsed.TotalSeconds * OrderRate;
        Assert.That(taken, Is.InRange(OrderRate, allowed + 1));
        Assert.That(cancelled, Is.EqualTo(taken));
        Assert.That(refused, Is.GreaterThan(0));
        Assert.That(_neighbour.Longest, Is.LessThan(TimeSpan.FromSeconds(2)));
    }

    /// <summary>What was touched by the first round of all of them is used again by the second: buffers of sockets, of sessions, of Logons that wait.</summary>
    [Test]
    public void Hostile_clients_stop_nobody_and_leave_no_memory_behind()
    {
        var trips = Enemies.Kinds.ToDictionary(kind => kind, _ => 0);
        Crowd();
        Round();
        var before = _venue.Anonymous;
        Round();
        TestContext.Out.WriteLine($"{string.Join(", ", trips.Select(t => $"{t.Value} trips beside {t.Key}"))}; longest {_neighbour.Longest.TotalMilliseconds:N0} ms; memory {before >> 20} MiB, then {_venue.Anonymous >> 20}");
        Assert.That(_venue.Anonymous - before, Is.LessThan(12L << 20), "what the runtime takes and gives back is 5 MiB; thousands of connections that left a page each would be 20");
        Assert.That(trips.Values, Has.All.GreaterThan(5));
        Assert.That(_neighbour.Longest, Is.LessThan(TimeSpan.FromSeconds(2)));

        void Round()
        {
            foreach (var kind in Enemies.Kinds)
            {
                using var enemies = new Enemies(kind, new IPEndPoint(IPAddress.Loopback, _venue.Port), Sessions + 1);
                for (var since = Stopwatch.StartNew(); since.ElapsedMilliseconds < 600;)
                {
                    _neighbour.Trip();
                    trips[kind]++;
                    Thread.Sleep(5);
                }
            }
        }
    }

    /// <summary>More connections at once than buffers of ended ones are kept: whatever comes later finds one.</summary>
    private void Crowd()
    {
        var crowd = new List<Socket>();
        for (var i = 0; i < 1100; i++)
        {
            crowd.Add(new Socket(SocketType.Stream, ProtocolType.Tcp));
            crowd[i].Connect(IPAddress.Loopback, _venue.Port);
        }
        _neighbour.Trip();
        foreach (var socket in crowd) socket.Dispose();
    }

    /// <summary>A session of order and cancel.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly FixStream _stream;
        private readonly string _compID;
        private int _nextOut = 1, _orders;

        public Pair(int port, string compID)
        {
            (_compID, _stream) = (compID, new FixStream(port));
            Send("A", "98=0|108=30|141=Y");
            Assert.That(_stream.Read()?.Type, Is.EqualTo("A"));
        }

        /// <summary>The longest of all trips.</summary>
        public TimeSpan Longest { get; private set; }

        public string Order()
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"o{++_orders}");
            Send("D", $"11={id}|55=BTC-USD|54=1|60={Now}|38=1|40=2|44=45000|59=1");
            return id;
        }

        public string Cancel(string order)
        {
            Send("F", $"41={order}|11=c{order}|55=BTC-USD|54=1|60={Now}|38=1");
            return "c" + order;
        }

        /// <summary>The report about a request; refusals for the rate may overtake the engine's, within what was sent at once.</summary>
        public FixMessage Answer(string id)
        {
            FixMessage? found;
            for (; !_answers.Remove(id, out found);)
            {
                var message = _stream.Read() ?? throw new AssertionException($"{_compID}: the venue closed the connection");
                if (message.Type is "8" or "9") _answers[message[11]] = message;
                else if (message.Type is not ("0" or "1")) throw new AssertionException($"{_compID}: did not expect {message}");
            }
            return found!;
        }

        /// <summary>An order and its cancel.</summary>
        public void Trip()
        {
            var since = Stopwatch.StartNew();
            var order = Order();
            Assert.That(Answer(order)[150], Is.EqualTo("0"));
            Assert.That(Answer(Cancel(order))[150], Is.EqualTo("4"));
            if (since.Elapsed > Longest) Longest = since.Elapsed;
        }

        public void Dispose() => _stream.Dispose();

        private readonly Dictionary<string, FixMessage> _answers = [];

        private static string Now => DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);

        private void Send(string type, string fields) => _stream.Write($"35={type}|49={_compID}|56=VENUE|34={_nextOut++}|52={Now}|{fields}");
    }
}
