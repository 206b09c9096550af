using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Tests.Sandbox;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>The stand-in exchanges with their adapters, one aggregated book over all of them, and the truth to compare it with.</summary>
internal sealed class Outside : IAsyncDisposable
{
    /// <summary>A book that stands still for so long is not believed: what a frozen feed is found by.</summary>
    public const long AgeMaxNs = TestBridge.SecondNs;

    public static readonly string[] Names = ["kraken", "fix", "binance", "okx", "coinbase", "coinbase-exchange"];

    private static readonly string[] _symbols = ["BTC/USD", "BTC-USD", "BTCUSDT", "BTC-USD", "BTC-USD", "BTC-USD"];
    private const int TruthLevels = 5;
    private const long StaleNs = 5 * TestBridge.SecondNs;

    private readonly ConcurrentQueue<Input> _told = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bridge-outside");
    private readonly IExchange[] _exchanges;
    private readonly OutsideBooks _books;
    private readonly Dictionary<int, ExchangeCounts> _counts = [];

    private Outside(RunningSandbox sandbox)
    {
        Sandbox = sandbox;
        var instrument = new Instrument(0, "BTC-USD", "BTC", "USD", 2, 8)
        {
            VenueTick = 1, VenueLot = 1, VenueMin = 1, Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
            Markets = [.. _symbols.Select((s, i) => new Market { Exchange = i, Symbol = s, Tick = 10, Lot = Names[i] is "fix" or "binance" ? 1000 : 1, Min = 10_000, TakerFeePpm = 0, AgeMaxNs = AgeMaxNs, QuoteAsset = s.EndsWith("USDT") ? "USDT" : null })],
        };
        _books = new OutsideBooks(instrument, new Rates([new RateTerms("USDT", "USD", Rates.Par, -1, 0)]));
        _exchanges = [.. Names.Select((n, number) => Adapters.Make(n, sandbox, instrument, _told.Enqueue, _folder.FullName, number))];
        foreach (var exchange in _exchanges) exchange.Start();
    }

    public RunningSandbox Sandbox { get; }

    public static async Task<Outside> Start(ulong seed) => new(await RunningSandbox.Start(scripted: true, seed));

    /// <summary>The market's next step everywhere.</summary>
    public Task Step() => Sandbox.Do("step", new { count = 1 });

    private void Read()
    {
        while (_told.TryDequeue(out var input))
        {
            switch (input)
            {
                case BookImage image: _books.On(image); break;
                case ExchangeHeard heard: _books.On(heard); break;
                case ExchangeCounts counts: _counts[counts.Exchange] = counts; break;
            }
        }
    }

    /// <summary>What the aggregated book says of this exchange; null when it says that it knows nothing.</summary>
    public string? Claimed(int exchange)
    {
        Read();
        var nowNs = Clock.NowNs();
        if (!_books.Sources[exchange].IsLive(nowNs, StaleNs)) return null;
        var text = new StringBuilder();
        foreach (var side in new[] { Side.Sell, Side.Buy })
            text.Append(string.Join(' ', _books.Levels(side, nowNs, s => s.IsLive(nowNs, StaleNs)).Where(l => l.Market.Exchange == exchange).Take(TruthLevels).Select(l => $"{l.Quantity}@{l.Price}"))).Append(" | ");
        return text.ToString();
    }

    /// <summary>The exchanges' own books now; they change only when the market is stepped.</summary>
    public async Task<string[]> Truths()
    {
        var status = await Sandbox.Do("status", new { });
        return [.. Names.Select((name, exchange) =>
        {
            var book = status.GetProperty(name).GetProperty("books").GetProperty(_symbols[exchange]);
            return $"{OnGrid(book, "bids")} | {OnGrid(book, "asks")} | ";
        })];
    }

    /// <summary>What went wrong there, as the desk would show it.</summary>
    public string Counts(int exchange) => _counts.TryGetValue(exchange, out var counts) ? string.Join(", ", counts.Counts.OrderByDescending(c => c.Count).Select(c => $"{c.Reason} {c.Count}")) : "";

    /// <summary>Where its book stands.</summary>
    public string State(int exchange) => $"{_books.Sources[exchange].StateAt(Clock.NowNs(), StaleNs)} {_books.Sources[exchange].Image?.Why} of {(Clock.NowNs() - (_books.Sources[exchange].Image?.NowNs ?? 0)) / 1_000_000} ms";

    /// <summary>How often this happened there.</summary>
    public long Count(int exchange, OutsideReason reason) => _counts.TryGetValue(exchange, out var counts) ? counts.Counts.Where(c => c.Reason == reason).Sum(c => c.Count) : 0;

    public async ValueTask DisposeAsync()
    {
        foreach (var exchange in _exchanges) exchange.Dispose();
        await Sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string OnGrid(JsonElement book, string side) => string.Join(' ', book.GetProperty(side).GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('@'))
        .Select(l => string.Create(CultureInfo.InvariantCulture, $"{Scaled(l[0], 8)}@{Scaled(l[1], 2)}")));

    private static long Scaled(string text, int decimals) => DecimalText.TryScaled(Encoding.ASCII.GetBytes(text), decimals, out var units) ? units : throw new FormatException(text);
}
