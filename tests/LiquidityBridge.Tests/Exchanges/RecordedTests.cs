using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Binance;
using LiquidityBridge.Exchanges.Coinbase;
using LiquidityBridge.Exchanges.CoinbaseFeed;
using LiquidityBridge.Exchanges.Fix;
using LiquidityBridge.Exchanges.Kraken;
using LiquidityBridge.Exchanges.Okx;
using LiquidityBridge.Tests.Sandbox;
using Venue.Fix;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>A session is recorded against the sandbox, every frame and answer with its time; played again, it gives the same images, byte for byte.</summary>
[Parallelizable]
internal sealed class RecordedTests
{
    private const int Frames = 150;

    private static Instrument Btc(string symbol) => new(0, "BTC-USD", "BTC", "USD", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = symbol, Tick = 10, Lot = 1000, Min = 10_000, TakerFeePpm = 0 }],
    };

    /// <summary>One thing that the protocol half was given: a frame, or the answer to its last question; and when.</summary>
    private sealed record Given(long NowNs, bool IsAnswer, byte[] Bytes);

    [Test, CancelAfter(60_000)]
    public async Task Kraken(CancellationToken cancel)
    {
        await using var sandbox = await RunningSandbox.Start(scripted: false, seed: 5);
        var recorded = new List<Given>();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(sandbox.KrakenSocket + "/v2"), cancel);
        var live = new StringBuilder();
        var books = new KrakenBooks(0, [Btc("BTC/USD")], Writer(live), new Tally(0, _ => { }));
        Begin(books, bytes => Send(socket, bytes, cancel));
        await sandbox.Fault("kraken", "book-gap");
        await Record(socket, recorded, given => books.On(given.Bytes, given.NowNs), cancel);
        for (var times = 0; times < 2; times++)
        {
            var again = new StringBuilder();
            var replayed = new KrakenBooks(0, [Btc("BTC/USD")], Writer(again), new Tally(0, _ => { }));
            Begin(replayed, _ => { });
            foreach (var given in recorded) replayed.On(given.Bytes, given.NowNs);
            Assert.That(again.ToString(), Is.EqualTo(live.ToString()));
        }
        Assert.That(live.ToString(), Does.Contain("Live").And.Contain("Syncing Checksum"), "with a gap and its end in it");

        static void Begin(KrakenBooks books, Action<byte[]> send)
        {
            books.Connecting(TestBridge.StartNs);
            books.Open(send, TestBridge.StartNs);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Binance(CancellationToken cancel)
    {
        await using var sandbox = await RunningSandbox.Start(scripted: false, seed: 6);
        var recorded = new List<Given>();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(sandbox.BinanceSocket + "/ws"), cancel);
        using var http = new HttpClient { BaseAddress = new Uri(sandbox.BinanceRest) };
        var live = new StringBuilder();
        var questions = new Queue<BinanceQuestion>();
        var books = Begin(live, questions, bytes => Send(socket, bytes, cancel));
        await Record(socket, recorded, Give, cancel);
        for (var times = 0; times < 2; times++)
        {
            var again = new StringBuilder();
            var asked = new Queue<BinanceQuestion>();
            var replayed = Begin(again, asked, _ => { });
            foreach (var given in recorded)
            {
                replayed.Poll(given.NowNs);
                if (given.IsAnswer) replayed.OnAnswer(asked.Dequeue(), given.Bytes, given.NowNs);
                else replayed.On(given.Bytes, given.NowNs);
            }
            Assert.That(again.ToString(), Is.EqualTo(live.ToString()));
        }
        Assert.That(live.ToString().Split('\n').Count(l => l.Contains("Live")), Is.GreaterThan(20));

        void Give(Given given)
        {
            books.Poll(given.NowNs);
            books.On(given.Bytes, given.NowNs);
            while (questions.TryPeek(out var question))
            {
                var answer = new Given(given.NowNs + 1, true, http.GetByteArrayAsync(question.PathAndQuery, cancel).GetAwaiter().GetResult());
                recorded.Add(answer);
                books.Poll(answer.NowNs);
                books.OnAnswer(questions.Dequeue(), answer.Bytes, answer.NowNs);
            }
        }

        static BinanceBooks Begin(StringBuilder told, Queue<BinanceQuestion> questions, Action<byte[]> send)
        {
            var books = new BinanceBooks(0, [Btc("BTCUSDT")], Writer(told), new Tally(0, _ => { }), question =>
            {
                questions.Enqueue(question);
                return true;
            });
            books.Connecting(TestBridge.StartNs);
            books.Open(send, TestBridge.StartNs);
            return books;
        }
    }

    /// <summary>A FIX session is recorded as the bytes came, in the pieces in which they came: the session and the books are played again from them.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Fix(CancellationToken cancel)
    {
        await using var sandbox = await RunningSandbox.Start(scripted: false, seed: 7);
        var recorded = new List<Given>();
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", sandbox.FixPort, cancel);
        var live = new FixPlayer();
        live.Begin();
        var buffer = new byte[1 << 16];
        for (var n = 1; n <= Frames; n++)
        {
            if (live.Output.Count > 0) await socket.GetStream().WriteAsync(live.Take(), cancel);
            if (n == 20) await sandbox.Fault("fix", "book-gap");
            var length = await socket.GetStream().ReadAsync(buffer, cancel);
            // Its times are the exchange's: SendingTime(52) is held against ours.
            var given = new Given(Clock.NowNs(), false, buffer[..length]);
            recorded.Add(given);
            live.Give(given);
        }
        for (var times = 0; times < 2; times++)
        {
            var again = new FixPlayer();
            again.Begin();
            foreach (var given in recorded) again.Give(given);
            Assert.That(again.Told, Is.EqualTo(live.Told));
        }
        Assert.That(live.Told, Does.Contain("Live").And.Contain("Syncing Gap"), "with a gap and its end in it");
    }

    /// <summary>Our end of a FIX session without a socket: bytes and times in, images out.</summary>
    private sealed class FixPlayer : ISessionHandler
    {
        private static readonly string _dictionary = Places.Path("liquidity-bridge/LiquidityBridge.Sandbox/Fix/SANDBOX44.xml");

        private readonly StringBuilder _told = new();
        private readonly FixBooks _books;
        private readonly Session _session;
        private byte[] _received = [];
        private long _nowNs;

        public FixPlayer()
        {
            using var xml = File.OpenRead(_dictionary);
            _books = new FixBooks(0, [Btc("BTC-USD")], Writer(_told), new Tally(0, _ => { }));
            _session = new Session(new SessionSettings { SenderCompID = "BRIDGE", TargetCompID = "SANDBOX", Initiator = true, HeartBtIntSeconds = 5, ResetOnLogon = true }, FixDictionary.Load(xml), new MemoryStore(), this);
        }

        public SendBuffer Output { get; } = new(1 << 20);

        public string Told => _told.ToString();

        public void Begin() => _session.Connect(Output, Clock.NowNs());

        public byte[] Take()
        {
            var bytes = Output.Unsent(Output.Tail).ToArray();
            Output.Taken(bytes.Length);
            return bytes;
        }

        public void Give(Given given)
        {
            _nowNs = given.NowNs;
            _received = [.. _received, .. given.Bytes];
            _received = _received[_session.OnBytes(_received, _nowNs)..];
            _session.Poll(_nowNs);
            if (_session.State == SessionState.Active) _books.Poll(_nowNs, _nowNs);
            if (Output.Count > 1 << 19) Take();
        }

        private int Send(ReadOnlySpan<byte> msgType, MessageBody body)
        {
            var number = _session.NextOut;
            body(ref _session.Begin(msgType, _nowNs), _nowNs);
            _session.End(keep: false);
            return number;
        }

        void ISessionHandler.OnLogon(Session session, long nowNs) => _books.Up(Send, nowNs);

        void ISessionHandler.OnMessage(Session session, in Message message, long nowNs) => _books.On(message, nowNs);

        void ISessionHandler.OnLogout(Session session, string reason, long nowNs) => _books.Down(nowNs);
    }

    /// <summary>OKX's and both Coinbases' sessions: frames of the socket, and answers of REST in between.</summary>
    [TestCase("okx"), TestCase("coinbase"), TestCase("coinbase-exchange"), CancelAfter(60_000)]
    public async Task Asking(string protocol, CancellationToken cancel)
    {
        await using var sandbox = await RunningSandbox.Start(scripted: false, seed: 8);
        using var http = new HttpClient { BaseAddress = new Uri(protocol switch { "okx" => sandbox.OkxRest, "coinbase" => sandbox.CoinbaseRest, _ => sandbox.FeedRest }) };
        var list = await http.GetByteArrayAsync(protocol switch { "okx" => "/api/v5/public/instruments?instType=SPOT", "coinbase" => "/api/v3/brokerage/market/products", _ => "/products" }, cancel);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(protocol switch { "okx" => sandbox.OkxSocket + "/public", "coinbase" => sandbox.CoinbaseSocket + "/ws", _ => sandbox.FeedSocket }), cancel);
        var recorded = new List<Given>();
        var live = new StringBuilder();
        var player = Asker.Of(protocol, list, Writer(live), bytes => Send(socket, bytes, cancel));
        await Record(socket, recorded, Give, cancel);
        for (var times = 0; times < 2; times++)
        {
            var again = new StringBuilder();
            var replayed = Asker.Of(protocol, list, Writer(again), _ => { });
            foreach (var given in recorded)
            {
                if (given.IsAnswer) replayed.Answer(replayed.Question(given.NowNs)!, given.Bytes, given.NowNs);
                else replayed.On(given.Bytes, given.NowNs);
            }
            Assert.That(again.ToString(), Is.EqualTo(live.ToString()));
        }
        Assert.That(live.ToString().Split('\n').Count(l => l.Contains("Live")), Is.GreaterThan(20));

        void Give(Given given)
        {
            player.On(given.Bytes, given.NowNs);
            if (player.Question(given.NowNs + 1) is not { } path) return;
            var question = path.Replace("brokerage/product_book", "brokerage/market/product_book", StringComparison.Ordinal);
            var answer = new Given(given.NowNs + 1, true, http.GetByteArrayAsync(question, cancel).GetAwaiter().GetResult());
            recorded.Add(answer);
            player.Answer(path, answer.Bytes, answer.NowNs);
        }
    }

    /// <summary>A protocol half that asks REST, whichever it is.</summary>
    private sealed record Asker(Action<byte[], long> On, Func<long, string?> Question, Action<string, byte[], long> Answer)
    {
        public static Asker Of(string protocol, byte[] list, Inbox inbox, Action<byte[]> send)
        {
            var (tally, limit, nowNs) = (new Tally(0, _ => { }), new SlidingLimit(1000, 1), TestBridge.StartNs);
            switch (protocol)
            {
                case "okx":
                    var okx = new OkxBooks(0, [Btc("BTC-USD")], inbox, tally, limit);
                    okx.Connecting(nowNs);
                    okx.Open(send, list, nowNs);
                    return new Asker((b, t) => okx.On(b, t), okx.NextQuestion, (p, b, t) => okx.OnAnswer(p, b, t));
                case "coinbase":
                    var advanced = new CoinbaseBooks(0, [Btc("BTC-USD")], inbox, tally, limit, new SlidingLimit(1000, 1));
                    advanced.Connecting(nowNs);
                    advanced.Open(send, list, nowNs);
                    return new Asker((b, t) => advanced.On(b, t), advanced.NextQuestion, (_, b, t) => advanced.OnAnswer(b, t));
                default:
                    var feed = new FeedBooks(0, [Btc("BTC-USD")], inbox, tally, limit, null);
                    feed.Connecting(nowNs);
                    feed.Open(send, list, 0, nowNs);
                    return new Asker((b, t) => feed.On(b, t), feed.NextQuestion, (p, b, t) => feed.OnAnswer(p, b, t));
            }
        }
    }

    /// <summary>Frames get times of their own, ten milliseconds apart: what is played again has no clock.</summary>
    private static async Task Record(ClientWebSocket socket, List<Given> recorded, Action<Given> give, CancellationToken cancel)
    {
        var buffer = new byte[1 << 20];
        for (var n = 1; n <= Frames; n++)
        {
            var length = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                result = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
                length += result.Count;
            }
            while (!result.EndOfMessage);
            var given = new Given(TestBridge.StartNs + n * 20_000_000L, false, buffer[..length]);
            recorded.Add(given);
            give(given);
        }
    }

    private static void Send(ClientWebSocket socket, byte[] bytes, CancellationToken cancel) =>
        socket.SendAsync(bytes, WebSocketMessageType.Text, true, cancel).GetAwaiter().GetResult();

    private static Inbox Writer(StringBuilder to) => input =>
    {
        if (input is not BookImage image) return;
        to.Append(CultureInfo.InvariantCulture, $"{image.NowNs} {image.State} {image.Why} {Levels(image.Bids)} | {Levels(image.Asks)}\n");
    };

    private static string Levels(IReadOnlyList<Level> levels) => string.Join(' ', levels.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Quantity}@{l.Price}")));
}
