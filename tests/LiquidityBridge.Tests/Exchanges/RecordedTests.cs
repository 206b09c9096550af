using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Binance;
using LiquidityBridge.Exchanges.Kraken;
using LiquidityBridge.Tests.Sandbox;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>A session is recorded against the sandbox, every frame and answer with its time; played again, it gives the same images, byte for byte.</summary>
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
