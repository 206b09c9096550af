using System.Collections.Concurrent;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Fix;
using LiquidityBridge.Tests.Sandbox;
using Venue.Fix;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>Counterparties with rules of their own, by configuration alone: signed Logons, tags on orders, streaming quotes.</summary>
[Parallelizable]
internal sealed class FixDialectTests
{
    private const int PatienceMs = 30_000;
    private const string Secret = "sandbox-only-signature-secret";

    private readonly ConcurrentQueue<Input> _told = new();
    private readonly ConcurrentQueue<string> _log = new();
    private string _folder = "";
    private RunningSandbox _sandbox = null!;

    [SetUp]
    public async Task Start()
    {
        _told.Clear();
        _log.Clear();
        _folder = Directory.CreateTempSubdirectory("bridge-dialect").FullName;
        _sandbox = await RunningSandbox.Start();
        await _sandbox.Book("fix", "BTC-USD", """
            buy 1 @ 49999.0
            buy 4 @ 49990.0
            sell 1 @ 50001.0
            sell 4 @ 50010.0
            """);
    }

    [TearDown]
    public async Task Stop()
    {
        await _sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static LogonSignature Signature(string style) => style switch
    {
        "COINBASE" => new LogonSignature { Algorithm = LogonAlgorithm.HmacSha256, Secret = Ascii(Secret), Signed = [52, 35, 34, 49, 56, 554], Tag = 96 },
        "BINANCE" => new LogonSignature { Algorithm = LogonAlgorithm.Ed25519, Secret = Convert.FromBase64String(RunningSandbox.BinanceEd25519Seed), Signed = [35, 49, 56, 34, 52], Tag = 96 },
        "DERIBIT" => new LogonSignature { Algorithm = LogonAlgorithm.Sha256, Secret = Ascii(Secret), Signed = [96], Tag = 554, NonceTag = 96 },
        _ => new LogonSignature { Algorithm = LogonAlgorithm.HmacSha256, Secret = Ascii(Secret), Signed = [5025, 49, 34], Tag = 554, NonceTag = 5025, IsHex = true },
    };

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private FixExchange Connect(string name, FixDialect dialect, string? password = null, params IReadOnlyList<long> quoteSizes)
    {
        var instrument = new Instrument(0, "BTC-USD", "BTC", "USD", 2, 8)
        {
            VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
            Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
            Markets = [new Market { Exchange = 0, Symbol = "BTC-USD", Tick = 10, Lot = 1000, Min = 10_000, TakerFeePpm = 0, IsFullAmount = quoteSizes.Count > 0, QuoteSizes = quoteSizes }],
        };
        using var xml = File.OpenRead(Places.Path("liquidity-bridge/LiquidityBridge.Sandbox/Fix/SANDBOX44.xml"));
        var settings = new SessionSettings { SenderCompID = name, TargetCompID = "SANDBOX", HeartBtIntSeconds = 1, Username = "key-id", Password = password };
        var exchange = new FixExchange(0, [instrument], "127.0.0.1", _sandbox.FixPort, settings, FixDictionary.Load(xml), Path.Combine(_folder, name + ".seq"), _told.Enqueue, _log.Enqueue, dialect);
        exchange.Start();
        return exchange;
    }

    private async Task Until(Func<bool> condition)
    {
        for (var until = Environment.TickCount64 + PatienceMs; !condition(); await Task.Delay(10))
            if (Environment.TickCount64 > until) Assert.Fail($"waited in vain; told:\n{string.Join('\n', _told.TakeLast(10))}\n{string.Join('\n', _log)}");
    }

    private bool IsUp => _told.OfType<ExchangeTrading>().LastOrDefault()?.IsUp == true;

    private BookImage? Book => _told.OfType<BookImage>().LastOrDefault();

    private IEnumerable<HedgeReport> Reports => _told.OfType<HedgeReport>();

    private static HedgeIntent Order(string id, long quantity, long limit) =>
        new() { NowNs = Clock.NowNs(), ClientId = id, Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = quantity, Limit = limit, Seq = 1, Attempt = 1 };

    [TestCase("COINBASE", null), TestCase("BINANCE", "25035=1"), TestCase("DERIBIT", null), TestCase("BITVAVO", null)]
    public async Task A_signed_logon_is_taken_and_orders_bring_their_own_tags(string style, string? logonFields)
    {
        var dialect = new FixDialect
        {
            Signature = Signature(style), OrderFields = [new FixField(7928, "42")],
            LogonFields = logonFields is null ? [] : [new FixField(int.Parse(logonFields.Split('=')[0]), logonFields.Split('=')[1])],
        };
        using var exchange = Connect("STYLE-" + style, dialect, style == "COINBASE" ? "passphrase" : null);
        await Until(() => IsUp && Book?.State == BookState.Live);
        exchange.Send(Order("1-1-1", 10_000, 5000100));
        await Until(() => Reports.Any(r => r.Kind == HedgeReportKind.Filled && r.Quantity == 10_000));
    }

    [TestCase("COINBASE"), TestCase("BINANCE"), TestCase("DERIBIT"), TestCase("BITVAVO")]
    public async Task A_wrong_secret_is_refused(string style)
    {
        using var exchange = Connect("STYLE-" + style, new FixDialect { Signature = Signature(style) with { Secret = new byte[32] }, LogonFields = style == "BINANCE" ? [new FixField(25035, "1")] : [] });
        await Until(() => _log.Any(l => l.Contains("Invalid signature", StringComparison.Ordinal)));
        Assert.That(_told.OfType<ExchangeTrading>().Any(t => t.IsUp), Is.False);
    }

    [Test]
    public async Task An_order_without_the_tag_is_rejected()
    {
        using var exchange = Connect("STYLE-DERIBIT", new FixDialect { Signature = Signature("DERIBIT") });
        await Until(() => IsUp);
        exchange.Send(Order("1-1-1", 10_000, 5000100));
        await Until(() => Reports.Any(r => r.Kind == HedgeReportKind.Rejected));
    }

    [Test]
    public async Task Streaming_quotes_are_a_book_of_full_amounts_that_follows_the_maker_and_takes_orders()
    {
        using var exchange = Connect("BRIDGE", FixDialect.Plain, null, 100_000_000, 500_000_000);
        await Until(() => IsUp && Book is { State: BookState.Live, Asks.Count: 2 });
        Assert.Multiple(() =>
        {
            Assert.That(Book!.Bids, Is.EqualTo(new[] { new Level(4999900, 100_000_000), new Level(4999000, 500_000_000) }));
            Assert.That(Book!.Asks, Is.EqualTo(new[] { new Level(5000100, 100_000_000), new Level(5001000, 500_000_000) }));
        });
        await _sandbox.Book("fix", "BTC-USD", "sell 2 @ 50000.5");
        await Until(() => Book!.Asks[0] == new Level(5000050, 100_000_000));
        exchange.Send(Order("1-1-1", 300_000_000, 5001000));
        await Until(() => Reports.Where(r => r.Kind == HedgeReportKind.Filled).Sum(r => r.Quantity) == 300_000_000);
        // No quote for so much any more: the larger one is pulled, the smaller one stands.
        await _sandbox.Book("fix", "BTC-USD", "sell 0 @ 50010.0\nsell 0 @ 50001.0\nsell 1.5 @ 50020.0");
        await Until(() => Book is { State: BookState.Live, Asks: [{ Price: 5002000, Quantity: 100_000_000 }] });
    }

    [Test]
    public async Task Quotes_that_are_not_renewed_expire()
    {
        using var exchange = Connect("BRIDGE", FixDialect.Plain, null, 100_000_000);
        await Until(() => IsUp && Book?.State == BookState.Live);
        await _sandbox.Fault("fix", "freeze");
        await Until(() => Book is { State: not BookState.Live, Why: OutsideReason.Expired });
        await _sandbox.Fault("fix", "freeze", on: false);
        await Until(() => Book?.State == BookState.Live);
    }
}
