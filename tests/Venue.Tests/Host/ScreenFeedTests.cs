using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Venue.Host;
using Venue.Tests.Gateway;

namespace Venue.Tests.Host;

/// <summary>What screens are told, without sockets: readers that do not read, conflation, limits, auctions; and requests that are anything at all.</summary>
public class ScreenFeedTests
{
    private const string Book = """{"method":"subscribe","params":{"channel":"book","symbol":["BTC-USD"]}}""";
    private const string Orders = """{"method":"subscribe","params":{"channel":"orders","symbol":["BTC-USD"]}}""";

    private static readonly ScreenLimits Small = new() { QueueBytes = 2000, SubscriptionsPerConnection = 3, Patience = TimeSpan.FromMilliseconds(300), Heartbeat = TimeSpan.FromMinutes(1) };

    private CoreHarness _venue = null!;
    private CoreHarness.Peer _trader = null!, _other = null!;
    private ScreenFeed _feed = null!;
    private FeedCollector _collector = null!;
    private ReplicaState _state = null!;
    private int _folded;

    /// <summary>A socket that takes messages while its gate is open.</summary>
    private sealed class Line : WebSocket
    {
        private readonly TaskCompletionSource _aborted = new();
        private volatile TaskCompletionSource _gate = new();

        public Line(ScreenLimits limits)
        {
            _gate.SetResult();
            Client = new ScreenClient(this, IPAddress.Loopback, limits);
            Sending = Task.Run(() => Client.Send(default));
        }

        public ScreenClient Client { get; }

        public Task Sending { get; }

        public ConcurrentQueue<string> Taken { get; } = new();

        public bool IsAborted => _aborted.Task.IsCompleted;

        public void Close() => _gate = new TaskCompletionSource();

        public void Open() => _gate.SetResult();

        /// <summary>All that came, once everything was sent.</summary>
        public string[] Told()
        {
            Assert.That(() => Client.HasCaughtUp, Is.True.After(5000, 1));
            var all = Taken.ToArray();
            Taken.Clear();
            return all;
        }

        public override async Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            await _gate.Task.WaitAsync(cancellationToken);
            Taken.Enqueue(Encoding.UTF8.GetString(buffer));
        }

        public override void Abort() => _aborted.TrySetResult();
        public override WebSocketState State => IsAborted ? WebSocketState.Aborted : WebSocketState.Open;
        public override WebSocketCloseStatus? CloseStatus => null;
        public override string? CloseStatusDescription => null;
        public override string? SubProtocol => null;
        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw new NotSupportedException();
        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw new NotSupportedException();
        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();
        public override void Dispose() => Abort();
    }

    [SetUp]
    public void Start()
    {
        _venue = new CoreHarness();
        (_trader, _other) = (_venue.Connect("CLIENT1").Logon(), _venue.Connect("CLIENT2").Logon());
        _feed = new ScreenFeed();
        _collector = new FeedCollector { Screens = _feed };
        _state = new ReplicaState(_collector, _venue.Snapshots);
        _folded = 0;
        Round();
    }

    [TearDown]
    public void Stop() => _venue.Dispose();

    /// <summary>The replica folds what is new, and screens are told.</summary>
    private void Round(int laterMs = 0)
    {
        _venue.NowNs += laterMs * 1_000_000L;
        foreach (var (kind, payload, position) in _venue.Records().Skip(_folded))
        {
            _state.Fold(kind, payload, position);
            _folded++;
        }
        _feed.EndRound(_state, _venue.NowNs);
    }

    private void Do(Line line, string request)
    {
        Assert.That(ScreenRequest.TryRead(Encoding.UTF8.GetBytes(request), out var read, out var fault), Is.True, fault);
        _feed.Do(line.Client, read, _state, _venue.NowNs);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    [Test]
    public void A_screen_is_told_levels_and_orders_with_numbers_and_checksums()
    {
        using var line = new Line(Small);
        _trader.Order("a", "buy", "1", "50000");
        Round();
        Do(line, Book);
        Do(line, Orders);
        _other.Order("b", "sell", "0.25", "50000");
        Round();
        var time = _venue.NowNs;
        Assert.That(line.Told().Select(m => m.Replace($"\"time_ns\":{time}", "\"time_ns\":T")), Is.EqualTo(new[]
        {
            """{"method":"subscribe","success":true,"result":{"channel":"book","symbol":"BTC-USD","depth":10}}""",
            """{"channel":"book","type":"snapshot","symbol":"BTC-USD","depth":10,"seq":0,"time_ns":T,"bids":[["50000.00","1.00000"]],"asks":[],"checksum":30779011}""",
            """{"method":"subscribe","success":true,"result":{"channel":"orders","symbol":"BTC-USD"}}""",
            """{"channel":"orders","type":"snapshot","symbol":"BTC-USD","seq":0,"time_ns":T,"orders":[["add",1,"bid","50000.00","1.00000"]],"checksum":30779011}""",
            """{"channel":"book","type":"update","symbol":"BTC-USD","depth":10,"seq":1,"time_ns":T,"bids":[["50000.00","0.75000"]],"asks":[],"checksum":3106140357}""",
            """{"channel":"orders","type":"update","symbol":"BTC-USD","seq":1,"time_ns":T,"orders":[["change",1,"bid","50000.00","0.75000"]],"checksum":3106140357}""",
        }));
    }

    [Test]
    public void Who_does_not_read_is_left_out_and_gets_a_snapshot_when_it_has_caught_up()
    {
        using var slow = new Line(Small with { Patience = TimeSpan.FromMinutes(1) });
        using var quick = new Line(Small);
        foreach (var line in new[] { slow, quick }) Do(line, Book);
        Assert.That(slow.Told(), Has.Length.EqualTo(2));
        slow.Close();
        for (var i = 0; i < 100; i++)
        {
            _trader.Order($"o{i}", "buy", "1", $"{49000 + i}");
            Round();
            quick.Told();
        }
        slow.Open();
        var kept = slow.Told();
        Assert.That(kept, Has.Length.InRange(5, 40), "as many as it may have waiting");
        _trader.Order("last", "buy", "1", "49500");
        Round();
        var then = slow.Told();
        Assert.That(then.Select(m => Json(m).GetProperty("type").GetString()), Is.EqualTo(new[] { "snapshot" }));
        Assert.That(Json(then[0]).GetProperty("seq").GetInt64(), Is.EqualTo(Json(quick.Told().Last()).GetProperty("seq").GetInt64()));
        _trader.Order("more", "buy", "1", "49501");
        Round();
        Assert.That(slow.Told().Single(), Is.EqualTo(quick.Told().Single()), "the same bytes again");
    }

    [Test]
    public void Who_never_reads_is_cut_off()
    {
        using var line = new Line(Small);
        line.Close();
        Do(line, Book);
        Assert.That(() => line.IsAborted, Is.True.After(5000, 10));
        Assert.That(line.Client.EndReason, Does.StartWith("too slow: nothing was read"));
        _feed.End(line.Client, _state);
        _trader.Order("a", "buy", "1", "50000");
        Round();
    }

    [Test]
    public void With_conflation_an_interval_is_told_together()
    {
        using var line = new Line(Small);
        Do(line, """{"method":"subscribe","params":{"channel":"book","symbol":["BTC-USD"],"depth":25,"conflate":true}}""");
        Round(laterMs: 150);
        line.Told();
        for (var i = 0; i < 5; i++)
        {
            _trader.Order($"o{i}", "buy", "1", "49000");
            Round(laterMs: 10);
        }
        Assert.That(line.Told(), Is.Empty);
        Round(laterMs: 100);
        Assert.That(line.Told().Single(), Does.Contain("""["49000.00","5.00000"]"""));
    }

    [Test]
    public void A_connection_has_so_many_subscriptions_and_a_feed_nobody_reads_is_not_kept()
    {
        using var line = new Line(Small);
        foreach (var channel in new[] { "book", "orders", "trades" }) Do(line, $$"""{"method":"subscribe","params":{"channel":"{{channel}}","symbol":["BTC-USD"]},"req_id":1}""");
        line.Told();
        Do(line, """{"method":"subscribe","params":{"channel":"status","symbol":["BTC-USD"]},"req_id":2}""");
        Assert.That(line.Told().Single(), Does.Contain("too many subscriptions").And.Contain("\"req_id\":2"));
        Do(line, Orders.Replace("subscribe", "unsubscribe"));
        _trader.Order("a", "buy", "1", "50000");
        Round();
        Assert.That(_state.Engine.Steps.Length, Is.Zero);
        Do(line, Orders);
        Assert.That(line.Told().Last(), Does.Contain("snapshot").And.Contain("""["add",1,"bid","50000.00","1.00000"]"""));
    }

    [Test]
    public void The_ticker_tells_best_prices_the_day_and_what_an_auction_would_do()
    {
        using var line = new Line(Small with { QueueBytes = 100_000 });
        Do(line, """{"method":"subscribe","params":{"channel":"ticker","symbol":["BTC-USD"]}}""");
        Do(line, """{"method":"subscribe","params":{"channel":"status","symbol":["BTC-USD"]}}""");
        _trader.Order("a", "buy", "1", "50000");
        _other.Order("b", "sell", "0.25", "50000");
        Round();
        var ticker = Json(line.Told().Last(m => m.Contains("ticker")));
        Assert.That(ticker.GetProperty("bid").ToString(), Is.EqualTo("""{"price":"50000.00","qty":"0.75000"}"""));
        Assert.That(ticker.GetProperty("day").ToString(), Is.EqualTo("""{"open":"50000.00","high":"50000.00","low":"50000.00","volume":"0.25000"}"""));
        Span<byte> slot = stackalloc byte[Venue.Messages.CommandSlot.Size];
        ref var c = ref Venue.Messages.Command.Begin<Venue.Messages.SetPhase>(slot, Venue.Messages.CommandType.SetPhase);
        (c.Instrument, c.Phase) = (1, Venue.Messages.Phase.PreOpen);
        _venue.Core.Publish(slot[..c.Header.Length]);
        _venue.Core.Drain();
        _other.Order("c", "sell", "0.5", "49990");
        Round();
        var told = line.Told();
        Assert.That(told.Last(m => m.Contains("ticker")), Does.Contain("""
            "auction":{"price":"50000.00","qty":"0.50000","buy_surplus":"0.25000","sell_surplus":"0.00000"}
            """));
        Assert.That(told.Single(m => m.Contains("status")), Does.Contain("\"phase\":\"pre_open\""));
        var auction = _collector.Batch.Events.Last(e => e.Indicative is not null).Indicative;
        Assert.That((auction.Instrument, auction.PriceTicks, auction.Lots, auction.BuySurplusLots, auction.SellSurplusLots), Is.EqualTo((1, 5_000_000L, 50_000L, 25_000L, 0L)), "the same in the feed over gRPC");
    }

    /// <summary>Good requests with bytes changed, cut, doubled; and noise. Each is read or refused with a reason, never an exception.</summary>
    [Test]
    public void Any_bytes_are_a_request_or_a_reason()
    {
        string[] seeds = [Book, Orders, """{"method":"subscribe","params":{"channel":"book","symbol":["BTC-USD","ETH-USD"],"depth":25,"conflate":true},"req_id":7}""", """{"method":"ping","req_id":9223372036854775807}""", """{"method":"\ud800","params":{"symbol":["\udfff"]}}"""];
        var random = new Engine.SplitMix(20261123);
        var read = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(seeds[random.Below(seeds.Length)]).ToList();
            for (var n = random.Below(4); n > 0; n--)
            {
                var at = random.Below(bytes.Count);
                switch (random.Below(4))
                {
                    case 0: bytes[at] = (byte)random.Below(256); break;
                    case 1: bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.Below(8))); break;
                    case 2: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Below(16)))); break;
                    default: bytes.Insert(at, (byte)"{}[]\",:\\0truefalsn"[random.Below(18)]); break;
                }
                if (bytes.Count == 0) bytes.Add(0);
            }
            if (ScreenRequest.TryRead(bytes.ToArray(), out var request, out var fault)) read++;
            else Assert.That(fault, Is.Not.Empty);
            if (fault.Length == 0) Assert.That(request.Method, Is.AnyOf("subscribe", "unsubscribe", "ping"));
        }
        Assert.That(read, Is.GreaterThan(20_000).And.LessThan(180_000));
    }
}
