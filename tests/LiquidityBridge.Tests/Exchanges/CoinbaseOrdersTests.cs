using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Coinbase;
using LiquidityBridge.Tests.Sandbox;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>Coinbase's orders, the user channel and what became of them, frame by frame.</summary>
internal sealed class CoinbaseOrdersTests
{
    private static readonly Instrument Btc = new(0, "BTC-USD", "BTC", "USD", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = "BTC-USD", Tick = 1, Lot = 1, Min = 5000, TakerFeePpm = 0 }],
    };

    private static readonly HedgeIntent Intent = new()
    {
        NowNs = TestBridge.StartNs, ClientId = "1-1000-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = 150_000_000, Limit = 4528350, Seq = 1000, Attempt = 1,
    };

    private readonly List<Input> _told = [];
    private readonly List<string> _sent = [];
    private Tally _tally = null!;
    private CoinbaseOrders _orders = null!;
    private SlidingLimit _limit = null!;
    private long _nowNs, _number;

    [SetUp]
    public void Connect()
    {
        _told.Clear();
        _sent.Clear();
        _number = 0;
        _nowNs = TestBridge.StartNs;
        _tally = new Tally(0, _ => { });
        _limit = new SlidingLimit(30, TestBridge.SecondNs);
        _orders = new CoinbaseOrders(0, [Btc], _told.Add, _tally);
        _orders.Open(bytes => _sent.Add(Encoding.UTF8.GetString(bytes)), "TOKEN", _nowNs);
    }

    private void Get(string events, string channel = "user", long? number = null) =>
        _orders.On(Encoding.UTF8.GetBytes($$"""{"channel":"{{channel}}","client_id":"","timestamp":"x","sequence_num":{{number ?? _number++}},"events":[{{events}}]}"""), _nowNs += 1_000_000);

    private void Up() => Get("""{"type":"snapshot","orders":[]}""");

    private static string Order(string status, string filled) => $$"""{"type":"update","orders":[{"order_id":"O1","client_order_id":"1-1000-1","product_id":"BTC-USD","status":"{{status}}","cumulative_quantity":"{{filled}}"}]}""";

    private static CoinbaseAnswer Answer(string body, int status = 200) => new(status, Encoding.UTF8.GetBytes(body));

    private IEnumerable<string> Reports => _told.OfType<HedgeReport>().Select(r => r.Kind == HedgeReportKind.Filled ? $"Filled {r.ClientId} {r.Quantity} @ {r.Price} fee {r.FeeAtoms} {r.ExecId}" : $"{r.Kind} {r.ClientId} {r.Cum}");

    [Test]
    public void It_is_up_when_the_snapshot_of_open_orders_is_there()
    {
        Assert.That(_sent, Is.EqualTo(new[] { """{"type":"subscribe","channel":"heartbeats","product_ids":[]}""", """{"type":"subscribe","channel":"user","product_ids":["BTC-USD"],"jwt":"TOKEN"}""" }));
        Get("""{"subscriptions":{"user":["x"]}}""", "subscriptions");
        Assert.That(_told, Is.Empty);
        Up();
        Assert.That(_told.OfType<ExchangeTrading>().Single().IsUp, Is.True);
    }

    [Test]
    public void An_order_is_immediate_or_cancel_with_our_id()
    {
        Assert.That(_orders.Place(Intent, _limit, _nowNs), Is.Null, "not up yet");
        Up();
        Assert.That(Encoding.UTF8.GetString(_orders.Place(Intent, _limit, _nowNs)!), Is.EqualTo(
            """{"client_order_id":"1-1000-1","product_id":"BTC-USD","side":"BUY","order_configuration":{"sor_limit_ioc":{"base_size":"1.5","limit_price":"45283.5"}}}"""));
        Assert.That(Reports, Is.EqualTo(new[] { "Rejected 1-1000-1 0", "Sent 1-1000-1 0" }));
        for (var n = 1; n < 30; n++) Assert.That(_orders.Place(Intent, _limit, _nowNs), Is.Not.Null);
        Assert.That((_orders.Place(Intent, _limit, _nowNs), _tally.Of(OutsideReason.RateLimited)), Is.EqualTo(((byte[]?)null, 1L)));
    }

    [TestCase(200, """{"success":true,"success_response":{"order_id":"O1"}}""", "Acknowledged 1-1000-1 0")]
    [TestCase(200, """{"success":false,"error_response":{"error":"INSUFFICIENT_FUND"}}""", "Rejected 1-1000-1 0")]
    [TestCase(401, "Unauthorized\n", "Rejected 1-1000-1 0")]
    [TestCase(429, "{}", "Rejected 1-1000-1 0")]
    [TestCase(400, "{}", "Rejected 1-1000-1 0")]
    [TestCase(408, "", null)]
    [TestCase(500, "{}", null)]
    [TestCase(502, "<html>", null)]
    [TestCase(503, "", null)]
    [TestCase(200, "<html>", null)]
    [TestCase(200, "{}", null)]
    public void Only_an_answer_that_is_certain_is_told(int status, string body, string? expected)
    {
        _orders.OnPlaced(Intent, Answer(body, status), _nowNs);
        Assert.That(Reports.LastOrDefault(), Is.EqualTo(expected));
    }

    [Test]
    public void The_end_is_told_after_the_fills_that_REST_has()
    {
        Up();
        Get(Order("OPEN", "0"));
        Get(Order("OPEN", "0.5"));
        Assert.That(_orders.NextQuery(), Is.Null);
        Get(Order("FILLED", "1.5"));
        var query = _orders.NextQuery()!;
        Assert.That(query.Path, Is.EqualTo("/api/v3/brokerage/orders/historical/fills?limit=100&order_ids=O1"));
        query.On(Answer(Fills("", ("T2", "1"), ("T1", "0.5"))), _nowNs);
        Assert.That(Reports, Is.EqualTo(new[]
        {
            "Acknowledged 1-1000-1 0", "Acknowledged 1-1000-1 0", "Filled 1-1000-1 50000000 @ 4528300 fee 1250000000000000000 T1/O1", "Filled 1-1000-1 100000000 @ 4528300 fee 1250000000000000000 T2/O1", "Canceled 1-1000-1 150000000",
        }));
    }

    [Test]
    public void An_order_that_ends_with_nothing_needs_no_question()
    {
        Up();
        Get(Order("CANCELLED", "0"));
        Assert.That((Reports.Last(), _orders.NextQuery()), Is.EqualTo(("Canceled 1-1000-1 0", (CoinbaseQuery?)null)));
    }

    [Test]
    public void A_number_that_is_missing_or_a_refusal_ends_the_connection()
    {
        Up();
        Get(Order("OPEN", "0"), number: 5);
        Assert.That((_orders.Poll(_nowNs), _told.OfType<ExchangeTrading>().Last().IsUp, _tally.Of(OutsideReason.Gap)), Is.EqualTo((false, false, 1L)));
        Connect();
        _orders.On("""{"type":"error","message":"authentication failure"}"""u8.ToArray(), _nowNs);
        Assert.That((_orders.Poll(_nowNs), _tally.Of(OutsideReason.Refused)), Is.EqualTo((false, 1L)));
    }

    [Test]
    public void Balances_are_told()
    {
        _orders.OnAccounts("""{"accounts":[{"currency":"BTC","available_balance":{"value":"0.5","currency":"BTC"},"hold":{"value":"0.25","currency":"BTC"}}]}"""u8.ToArray(), _nowNs);
        Assert.That(_told.OfType<ExchangeBalance>().Select(b => $"{b.Asset} {b.Atoms}"), Is.EqualTo(new[] { "BTC 750000000000000000" }));
    }

    private static string Fills(string cursor, params (string Trade, string Size)[] fills) =>
        $$"""{"fills":[{{string.Join(',', fills.Select(f => $$"""{"trade_id":"{{f.Trade}}","order_id":"O1","price":"45283","size":"{{f.Size}}","commission":"1.25"}"""))}}],"cursor":"{{cursor}}"}""";

    private static string Orders(string orders, bool hasNext = false, string cursor = "") => $$"""{"orders":[{{orders}}],"has_next":{{(hasNext ? "true" : "false")}},"cursor":"{{cursor}}"}""";

    private const string Other = """{"order_id":"O9","client_order_id":"1-9-1","status":"OPEN","filled_size":"0"}""";

    private List<string> Query(params string[] answers)
    {
        var query = new CoinbaseQuery(Intent, Btc, _told.Add, _tally, aheadNs: -300 * TestBridge.SecondNs);
        List<string> paths = [];
        foreach (var answer in answers)
        {
            paths.Add(query.Path!);
            query.On(Answer(answer), _nowNs);
        }
        Assert.That(query.Path, Is.Null);
        return paths;
    }

    [Test]
    public void A_question_reads_the_orders_since_then_page_by_page_and_then_the_fills()
    {
        var paths = Query(Orders(Other, hasNext: true, cursor: "7"), Orders("""{"order_id":"O1","client_order_id":"1-1000-1","status":"CANCELLED","filled_size":"1.5"}"""), Fills("9", ("T2", "1")), Fills("", ("T1", "0.5")));
        Assert.That(paths, Is.EqualTo(new[]
        {
            "/api/v3/brokerage/orders/historical/batch?limit=100&product_ids=BTC-USD&start_date=1970-01-01T00:10:40Z",
            "/api/v3/brokerage/orders/historical/batch?limit=100&product_ids=BTC-USD&start_date=1970-01-01T00:10:40Z&cursor=7",
            "/api/v3/brokerage/orders/historical/fills?limit=100&order_ids=O1",
            "/api/v3/brokerage/orders/historical/fills?limit=100&order_ids=O1&cursor=9",
        }));
        Assert.That(Reports.Select(r => r.Split(" @")[0]), Is.EqualTo(new[] { "Filled 1-1000-1 50000000", "Filled 1-1000-1 100000000", "Gone 1-1000-1 150000000" }));
    }

    [TestCase("""{"orders":[],"has_next":false}""", "Gone 1-1000-1 0")]
    [TestCase("""{"orders":[{"order_id":"O1","client_order_id":"1-1000-1","status":"OPEN","filled_size":"0"}]}""", "Open 1-1000-1 0")]
    [TestCase("""{"orders":[{"order_id":"O1","client_order_id":"1-1000-1","status":"DANCING","filled_size":"0"}]}""", null)]
    [TestCase("""{"error":"x"}""", null)]
    [TestCase("<html>", null)]
    public void Only_an_order_that_is_not_in_the_list_is_gone(string answer, string? expected)
    {
        Query(answer);
        Assert.That(Reports.LastOrDefault(), Is.EqualTo(expected));
    }

    [Test]
    public void A_question_that_is_refused_settles_nothing()
    {
        var query = new CoinbaseQuery(Intent, Btc, _told.Add, _tally, 0);
        query.On(Answer("""{"orders":[],"has_next":false}""", 503), _nowNs);
        Assert.That((query.Path, _told.Count), Is.EqualTo(((string?)null, 0)));
    }

    [Test]
    public void A_token_verifies_by_the_public_half_and_says_what_it_is_for()
    {
        using var key = new CoinbaseKey(CoinbaseClient.Key, CoinbaseClient.Pem(CoinbaseClient.Secret).Replace("\n", "\\n", StringComparison.Ordinal));
        var parts = key.Token("GET api.coinbase.com/api/v3/brokerage/accounts", 1000, 5).Split('.');
        using var ec = ECDsa.Create();
        ec.ImportECPrivateKey(Convert.FromBase64String(CoinbaseClient.Secret), out _);
        Assert.That(ec.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation), Is.True);
        Assert.That(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])), Is.EqualTo($$"""{"sub":"{{CoinbaseClient.Key}}","iss":"cdp","nbf":1000,"exp":1005,"uri":"GET api.coinbase.com/api/v3/brokerage/accounts"}"""));
        Assert.That(() => new CoinbaseKey("x", "no key"), Throws.ArgumentException);
    }

    [Test]
    public void No_frame_however_broken_throws([Values(5)] int seed)
    {
        var mutant = new Mutant(seed, ["""{"channel":"user","sequence_num":0,"events":[""" + Order("FILLED", "1.5") + "]}", Orders(Other), Fills("9", ("T1", "0.5")), """{"accounts":[{"currency":"BTC"}]}""", """{"success":true}"""]);
        for (var i = 0; i < 20_000; i++)
        {
            _orders.On(mutant.Next(), _nowNs += 10_000_000);
            _orders.OnPlaced(Intent, new CoinbaseAnswer(200, mutant.Next()), _nowNs);
            _orders.OnAccounts(mutant.Next(), _nowNs);
            var query = _orders.NextQuery() ?? new CoinbaseQuery(Intent, Btc, _told.Add, _tally, 0);
            for (var n = 0; n < 3 && query.Path is not null; n++) query.On(new CoinbaseAnswer(200, mutant.Next()), _nowNs);
            if (!_orders.Poll(_nowNs)) _orders.Open(_ => { }, "T", _nowNs);
        }
        Assert.That(_told.OfType<HedgeReport>().All(r => r.Kind != HedgeReportKind.Filled || r is { Quantity: > 0, Price: > 0 }), Is.True);
    }
}
