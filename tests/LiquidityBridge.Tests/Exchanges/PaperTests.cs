using System.Collections.Concurrent;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Binance;
using LiquidityBridge.Exchanges.CoinbaseFeed;
using LiquidityBridge.Exchanges.Kraken;
using LiquidityBridge.Exchanges.Okx;
using LiquidityBridge.Exchanges.Paper;
using LiquidityBridge.Tests.Sandbox;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>Trading on paper: filled by the live book, by its rules, and never sent.</summary>
[Parallelizable]
internal sealed class PaperTests
{
    private static Instrument Btc(string symbol = "BTC-USD") => new(0, "BTC-USD", "BTC", "USD", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = symbol, Tick = 10, Lot = 1000, Min = 10_000, TakerFeePpm = 1000, QuoteAsset = symbol == "BTCUSDT" ? "USDT" : null }],
    };

    private readonly List<string> _reports = [];
    private PaperOrders _orders = null!;

    [SetUp]
    public void Begin()
    {
        _reports.Clear();
        _orders = new PaperOrders(0, [Btc()], input =>
        {
            var r = (HedgeReport)input;
            _reports.Add(r.Kind == HedgeReportKind.Filled ? $"{r.Quantity}@{r.Price} fee {r.FeeAtoms / Instrument.Power(14)} {r.ExecId}" : $"{r.Kind} {r.Cum} {r.Text}");
        });
    }

    private void Book(long askQuantity, long nowNs, BookState state = BookState.Live) => _orders.On(new BookImage
    {
        NowNs = nowNs, Exchange = 0, Instrument = 0, State = state, Bids = [new Level(4999900, 100_000_000)], Asks = [new Level(5000000, askQuantity), new Level(5000100, 200_000_000)],
    });

    private void Buy(string id, long quantity, long limit, long nowNs) =>
        _orders.Place(new HedgeIntent { NowNs = nowNs, ClientId = id, Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = quantity, Limit = limit, Seq = 1, Attempt = 1 }, nowNs);

    [Test]
    public void Takes_what_the_book_shows_within_its_limit_and_cancels_the_rest()
    {
        Book(100_000_000, 1000);
        Buy("1-1-1", 150_000_000, 5000000, 1001);
        Assert.That(_reports, Is.EqualTo(new[] { "Sent 0 PAPER", "Acknowledged 0 PAPER", "100000000@5000000 fee 500000 PAPER-1-1-1-100000000", "Canceled 100000000 PAPER" }));
    }

    [Test]
    public void What_was_taken_is_not_there_again_until_the_level_is_told_anew()
    {
        Book(100_000_000, 1000);
        Buy("1-1-1", 60_000_000, 5000000, 1001);
        Book(100_000_000, 1002);
        _reports.Clear();
        Buy("1-2-1", 60_000_000, 5000100, 1003);
        Assert.That(_reports[2..], Is.EqualTo(new[] { "40000000@5000000 fee 200000 PAPER-1-2-1-40000000", "20000000@5000100 fee 100002 PAPER-1-2-1-60000000" }));
        Book(90_000_000, 1004);
        _reports.Clear();
        Buy("1-3-1", 90_000_000, 5000000, 1005);
        Assert.That(_reports[2], Does.StartWith("90000000@5000000"));
    }

    [TestCase(BookState.Syncing, 1001), TestCase(BookState.Live, 6_000_001_001)]
    public void Without_a_live_book_it_is_refused(BookState state, long nowNs)
    {
        Book(100_000_000, 1000, state);
        Buy("1-1-1", 60_000_000, 5000000, nowNs);
        Assert.That(_reports[^1], Is.EqualTo("Rejected 0 PAPER: no live book"));
    }

    [Test]
    public void A_question_is_answered_with_what_it_took_and_of_one_that_is_not_known_with_nothing()
    {
        Book(100_000_000, 1000);
        Buy("1-1-1", 60_000_000, 5000000, 1001);
        _reports.Clear();
        var intent = new HedgeIntent { NowNs = 1, ClientId = "1-1-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = 1, Limit = 1, Seq = 1, Attempt = 1 };
        _orders.Query(intent, 1002);
        _orders.Query(intent with { ClientId = "1-9-1" }, 1003);
        Assert.That(_reports, Is.EqualTo(new[] { "Gone 60000000 PAPER", "Gone 0 PAPER" }));
    }

    /// <summary>The public feed of each protocol, without a key, over real sockets.</summary>
    [TestCase("kraken", "BTC/USD"), TestCase("binance", "BTCUSDT"), TestCase("okx", "BTC-USD"), TestCase("coinbase-exchange", "BTC-USD"), CancelAfter(60_000)]
    public async Task Needs_no_key_and_nothing_reaches_the_exchange(string protocol, string symbol, CancellationToken cancel)
    {
        await using var sandbox = await RunningSandbox.Start();
        await sandbox.Book(protocol, symbol, """
            buy 1 @ 49999.0
            sell 1 @ 50001.0
            """);
        var told = new ConcurrentQueue<Input>();
        Instrument[] instruments = [Btc(symbol)];
        var nowhere = new Uri("ws://127.0.0.1:1");
        using var exchange = new PaperExchange(0, instruments, told.Enqueue, inbox => protocol switch
        {
            "kraken" => new KrakenExchange(0, instruments, new KrakenEndPoints(new Uri(sandbox.KrakenSocket + "/v2"), nowhere, new Uri(sandbox.KrakenRest), "", []) { IsPublicOnly = true }, inbox, _ => { }),
            "binance" => new BinanceExchange(0, instruments, new BinanceEndPoints(new Uri(sandbox.BinanceSocket + "/ws"), nowhere, new Uri(sandbox.BinanceRest), BinanceSigner.Hmac("", "")) { IsPublicOnly = true }, inbox, _ => { }),
            "okx" => new OkxExchange(0, instruments, new OkxEndPoints(new Uri(sandbox.OkxSocket + "/public"), nowhere, new Uri(sandbox.OkxRest), new OkxKey("", "", "")) { IsPublicOnly = true }, inbox, _ => { }),
            _ => new FeedExchange(0, instruments, new FeedEndPoints(new Uri(sandbox.FeedSocket), new Uri(sandbox.FeedRest), null), inbox, _ => { }),
        });
        exchange.Start();
        while (!told.OfType<BookImage>().Any(b => b.State == BookState.Live)) await Task.Delay(10, cancel);
        exchange.Send(new HedgeIntent { NowNs = Clock.NowNs(), ClientId = "1-1-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = 50_000_000, Limit = 5000100, Seq = 1, Attempt = 1 });
        var status = (await sandbox.Do("status", new { })).GetProperty(protocol);
        Assert.Multiple(() =>
        {
            Assert.That(told.OfType<HedgeReport>().Single(r => r.Kind == HedgeReportKind.Filled), Is.EqualTo(told.OfType<HedgeReport>().Single(r => r.Kind == HedgeReportKind.Filled) with { Quantity = 50_000_000, Price = 5000100, ExecId = "PAPER-1-1-1-50000000" }));
            Assert.That(status.GetProperty("books").GetProperty(symbol).GetProperty("asks").GetString(), Does.StartWith("1.0"), "the exchange's own book is as it was");
            Assert.That(status.GetProperty("connections").GetInt32(), Is.EqualTo(1), "market data alone");
        });
    }
}
