using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Venue.Api;

namespace EndToEnd;

/// <summary>A venue with small segments that keeps two seconds of them: it is killed while it prunes, and its files stay few.</summary>
[Category("EndToEnd")]
public sealed class PruneTests
{
    private static readonly string[] Options = ["--segment-mib", "1", "--journal-keep", "2s"];

    private readonly string _archive = Places.NewFolder("archive");
    private VenueProcess _venue = null!;

    [SetUp]
    public void Open() => _venue = new VenueProcess(null, [.. Options, "--journal-archive", _archive]);

    [TearDown]
    public void Close()
    {
        if (TestContext.CurrentContext.Result.FailCount > 0) TestContext.Out.WriteLine(_venue.Transcript());
        _venue.Dispose();
        Directory.Delete(_archive, recursive: true);
    }

    private int Segments => Directory.GetFiles(_venue.Data, "*.journal").Length;

    private int FeedFiles => Directory.GetFiles(Path.Combine(_venue.Data, "feed")).Length;

    [Test]
    public async Task Files_stay_few_over_kills_and_who_comes_too_late_is_told()
    {
        var random = new Random(4);
        // Killed in the middle of it all, also of pruning.
        for (var life = 0; life < 2; life++)
        {
            _venue.Start(life % 2 == 0 ? Durability.Async : Durability.Fsync);
            using var trader = new Trader(_venue.Port, dollars: 50000 - life);
            trader.Trade(TimeSpan.FromMilliseconds(3000 + random.Next(1000)));
            _venue.Kill();
        }
        _venue.Start(Durability.Async);
        using var client = new Trader(_venue.Port, dollars: 49000);
        var most = (Journal: 0, Feed: 0);
        for (var i = 0; i < 10; i++)
        {
            client.Trade(TimeSpan.FromMilliseconds(800));
            most = (Math.Max(most.Journal, Segments), Math.Max(most.Feed, FeedFiles));
        }
        var archived = Directory.GetFiles(_archive).Length;
        TestContext.Out.WriteLine($"{client.Reports} reports in the last life; segments at most {most.Journal} in the journal, {archived} in the archive; files of the feed at most {most.Feed}");
        Assert.That(archived, Is.GreaterThan(most.Journal / 2).And.GreaterThan(3), "more was written than is kept");

        var (filled, resent) = client.ResendAll();
        TestContext.Out.WriteLine($"asked for all: {filled} numbers filled in front, {resent} messages resent");
        Assert.That(filled, Is.GreaterThan(1000));
        Assert.That(resent, Is.GreaterThan(1000));
        _venue.WaitForLine("session CLIENT1 asks again for messages from 1 on", "a gap fill stands for them");

        using (var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_venue.ApiPort}"))
        {
            var oldest = 3L;
            EventBatch? resumed = null;
            while (resumed is null)
            {
                var late = await Assert.ThrowsAsync<RpcException>(async () => await First(channel, new EventsRequest { AfterSeq = oldest }));
                Assert.That(late!.StatusCode, Is.EqualTo(StatusCode.OutOfRange));
                Assert.That(late.Status.Detail, Does.StartWith($"the feed cannot be resumed after command {oldest}").And.Contain("The oldest after_seq"));
                var next = long.Parse(late.Status.Detail.Split("resumed from is ")[1].Split(';')[0], CultureInfo.InvariantCulture);
                Assert.That(next, Is.GreaterThan(oldest));
                oldest = next;
                // Pruning goes on: between two questions that may be too late too.
                try
                {
                    resumed = await First(channel, new EventsRequest { AfterSeq = oldest });
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.OutOfRange)
                {
                    TestContext.Out.WriteLine($"pruned past {oldest} meanwhile");
                }
            }
            Assert.That(resumed.Events, Has.All.Property(nameof(Event.Seq)).GreaterThan(oldest));
            var known = await First(channel, new EventsRequest { FromOldest = true });
            Assert.That(known.Events.Where(e => e.AssetDefined is not null).Select(e => e.AssetDefined.Code), Does.Contain("BTC"));
        }

        var last = _venue.Stop();
        Assert.That(_venue.Replay(), Is.EqualTo(last), "a replay from the oldest snapshot");
        _venue.Start();
        Assert.That(_venue.Recovered, Is.EqualTo(last));
        using var again = new Trader(_venue.Port, dollars: 48000);
        again.Trade(TimeSpan.FromMilliseconds(300));
        Assert.That(again.Reports, Is.Positive);
    }

    private async Task<EventBatch> First(GrpcChannel channel, EventsRequest request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var call = new Feed.FeedClient(channel).Events(request, new Metadata { { "authorization", "Bearer " + _venue.Token("feed") } }, cancellationToken: limit.Token);
        Assert.That(await call.ResponseStream.MoveNext(limit.Token), Is.True);
        return call.ResponseStream.Current;
    }

    /// <summary>CLIENT1: sells and buys in turns, as fast as it is answered; each buys what it just offered.</summary>
    /// <remarks>Every life for less than the one before: an offer that a kill left there is not met.</remarks>
    private sealed class Trader : IDisposable
    {
        private const int Window = 64;

        private readonly FixStream _stream;
        private readonly int _dollars;
        private readonly string _run = Guid.NewGuid().ToString("N")[..8];
        private int _nextOut = 1, _sent, _done, _lastIn;

        public Trader(int port, int dollars)
        {
            _dollars = dollars;
            _stream = new FixStream(port);
            Send("A", "98=0|108=30|141=Y");
            Until(m => m.Type == "A");
        }

        /// <summary>ExecutionReports that came.</summary>
        public int Reports { get; private set; }

        public void Trade(TimeSpan time)
        {
            var started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                while (_sent - _done < Window) Order();
                Take(Next());
            }
            if (_sent % 2 == 1) Order();
            while (_sent > _done) Take(Next());
        }

        /// <summary>Asks for everything: numbers filled in front of the first message, and messages that came again.</summary>
        public (int Filled, int Resent) ResendAll()
        {
            var through = _lastIn;
            Send("2", $"7=1|16={through}");
            var (filled, resent, due) = (0, 0, 1);
            while (due <= through)
            {
                var message = Next();
                if (!message.IsPossDup) continue;
                Assert.That(message.SeqNum, Is.EqualTo(due), "in order and without a hole");
                if (message.Type == "4")
                {
                    var to = int.Parse(message[36], CultureInfo.InvariantCulture);
                    if (resent == 0) filled += to - due;
                    due = to;
                }
                else
                {
                    resent++;
                    due++;
                }
            }
            return (filled, resent);
        }

        public void Dispose() => _stream.Dispose();

        private void Order()
        {
            var isSell = _sent % 2 == 0;
            Send("D", $"11={_run}-{_sent++}|54={(isSell ? 2 : 1)}|55=BTC-USD|38=0.001|40=2|44={_dollars}|59={(isSell ? 1 : 3)}|60={Now()}");
        }

        private void Take(FixMessage message)
        {
            if (message.Type != "8") return;
            Reports++;
            Assert.That(message[150], Is.AnyOf("0", "F"), message.ToString());
            if (message[150] == "F") _done++;
        }

        private void Until(Func<FixMessage, bool> isIt)
        {
            while (!isIt(Next()))
            {
            }
        }

        private FixMessage Next()
        {
            var message = _stream.Read() ?? throw new EndOfStreamException("the venue closed the connection");
            if (!message.IsPossDup) _lastIn = message.SeqNum;
            if (message.Type == "1") Send("0", $"112={message[112]}");
            return message;
        }

        private void Send(string type, string fields) =>
            _stream.Write($"35={type}|34={_nextOut++}|49=CLIENT1|56=VENUE|52={Now()}|{fields}");

        private static string Now() => DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }
}
