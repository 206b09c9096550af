using System.Text;
using System.Text.Json;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Binance;
using LiquidityBridge.Tests.Sandbox;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>Binance's orders and user data, frame by frame.</summary>
internal sealed class BinanceOrdersTests
{
    private static readonly Instrument Btc = new(0, "BTC-USDT", "BTC", "USDT", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = "BTCUSDT", Tick = 1, Lot = 1000, Min = 1000, TakerFeePpm = 0 }],
    };

    private static readonly HedgeIntent Intent = new()
    {
        NowNs = TestBridge.StartNs, ClientId = "1-1000-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = 150_000_000, Limit = 4528350, Seq = 1000, Attempt = 1,
    };

    private readonly List<Input> _told = [];
    private readonly List<JsonElement> _sent = [];
    private BinanceOrders _orders = null!;
    private Tally _tally = null!;
    private long _nowNs;

    [SetUp]
    public void Connect() => Connect(BinanceSigner.Hmac("KEY", "SECRET"));

    private void Connect(BinanceSigner signer)
    {
        _told.Clear();
        _sent.Clear();
        _nowNs = TestBridge.StartNs;
        _orders = new BinanceOrders(0, [Btc], _told.Add, _tally = new Tally(0, _ => { }), signer, new BinanceWeight(), new BinanceOrderLimits());
        _orders.Open(bytes =>
        {
            using var json = JsonDocument.Parse(bytes);
            _sent.Add(json.RootElement.Clone());
        }, _nowNs);
    }

    private string Method => _sent[^1].GetProperty("method").GetString()!;

    private JsonElement Params => _sent[^1].GetProperty("params");

    private void Get(string frame) => _orders.On(Encoding.UTF8.GetBytes(frame), _nowNs += 1_000_000);

    /// <summary>Answers the last request.</summary>
    private void Answer(string result) => Get($$"""{"id":{{_sent[^1].GetProperty("id").GetRawText()}},"status":200,"result":{{result}}}""");

    private void Refuse(int status, int code, string text = "no") => Get($$$"""{"id":{{{_sent[^1].GetProperty("id").GetRawText()}}},"status":{{{status}}},"error":{"code":{{{code}}},"msg":"{{{text}}}"}}""");

    private void Up()
    {
        Answer("""{"serverTime":1000000}""");
        Answer("""{"subscriptionId":0}""");
        Answer("""{"balances":[{"asset":"USDT","free":"10.50000000","locked":"0.00000000"}]}""");
    }

    private void Event(string members) => Get("{\"subscriptionId\":0,\"event\":{" + members + "}}");

    private void Execution(string type, string more) => Event($$"""
        "e":"executionReport","s":"BTCUSDT","c":"1-1000-1","C":"","x":"{{type}}",{{more}}
        """);

    private IEnumerable<string> Reports => _told.OfType<HedgeReport>().Select(r => r.Kind == HedgeReportKind.Filled ? $"Filled {r.ClientId} {r.Quantity} @ {r.Price} fee {r.FeeAtoms / Instrument.Power(14)} {r.ExecId}" : $"{r.Kind} {r.ClientId} {r.Cum}");

    [Test]
    public void The_clock_comes_first_then_who_we_are_then_balances()
    {
        Assert.That(Method, Is.EqualTo("time"));
        Answer("""{"serverTime":1500000}""");
        Assert.That(Method, Is.EqualTo("userDataStream.subscribe.signature"));
        Assert.That(Params.GetProperty("timestamp").GetInt64(), Is.EqualTo(1_500_000).Within(2), "as the exchange has it, not we");
        Assert.That(_told, Is.Empty);
        Answer("""{"subscriptionId":0}""");
        Assert.That(((ExchangeTrading)_told.Single()).IsUp, Is.True);
        Assert.That(Method, Is.EqualTo("account.status"));
        Answer("""{"balances":[{"asset":"USDT","free":"10.50000000","locked":"0.00000000"}]}""");
        Assert.That(((ExchangeBalance)_told[^1]).Atoms, Is.EqualTo(105 * Instrument.Power(17)));
    }

    [Test]
    public void An_Ed25519_key_logs_a_session_on_and_signs_nothing_more()
    {
        Connect(BinanceSigner.Ed25519("KEY", Convert.FromBase64String(RunningSandbox.BinanceEd25519Seed)));
        Answer("""{"serverTime":1000000}""");
        Assert.That(Method, Is.EqualTo("session.logon"));
        Assert.That(Params.GetProperty("signature").GetString(), Has.Length.EqualTo(88));
        Answer("""{"apiKey":"KEY"}""");
        Assert.That(Method, Is.EqualTo("userDataStream.subscribe"));
        Answer("""{"subscriptionId":0}""");
        _orders.Send(Intent, _nowNs);
        Assert.That(Params.TryGetProperty("signature", out _), Is.False);
        Assert.That(Params.GetProperty("timestamp").GetInt64(), Is.Positive);
    }

    // web-socket-api.md, "SIGNED request example (HMAC)".
    [Test]
    public void The_signature_is_the_documented_one()
    {
        var signer = BinanceSigner.Hmac("vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j");
        Assert.That(signer.Sign("apiKey=vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A&newOrderRespType=ACK&price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL&symbol=BTCUSDT&timeInForce=GTC&timestamp=1645423376532&type=LIMIT"),
            Is.EqualTo("cc15477742bd704c29492d96c7ead9414dfd8e0ec4a00f947bb5bb454ddbd08a"));
    }

    [Test]
    public void An_order_is_immediate_or_cancel_with_our_id()
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Assert.That(Method, Is.EqualTo("order.place"));
        Assert.That(string.Join(' ', Params.EnumerateObject().Where(p => p.Name is not ("signature" or "timestamp")).Select(p => $"{p.Name}={p.Value}")),
            Is.EqualTo("apiKey=KEY newClientOrderId=1-1000-1 newOrderRespType=ACK price=45283.5 quantity=1.5 recvWindow=5000 side=BUY symbol=BTCUSDT timeInForce=IOC type=LIMIT"));
        Assert.That(Reports, Is.EqualTo(new[] { "Sent 1-1000-1 0" }));
    }

    [Test]
    public void Its_life_is_told_as_it_comes()
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Answer("""{"symbol":"BTCUSDT","orderId":7,"clientOrderId":"1-1000-1"}""");
        Execution("NEW", "\"X\":\"NEW\",\"t\":-1,\"z\":\"0\"");
        Execution("TRADE", """ "X":"PARTIALLY_FILLED","t":55,"l":"1.00000000","L":"45283.00000000","n":"45.28300000","N":"USDT","z":"1.00000000" """);
        Event("""
            "e":"executionReport","s":"BTCUSDT","c":"x","C":"1-1000-1","x":"EXPIRED","X":"EXPIRED","t":-1,"z":"1.00000000"
            """);
        Assert.That(Reports, Is.EqualTo(new[]
        {
            "Sent 1-1000-1 0", "Acknowledged 1-1000-1 0", "Acknowledged 1-1000-1 0", "Filled 1-1000-1 100000000 @ 4528300 fee 452830 BTCUSDT-55", "Canceled 1-1000-1 100000000",
        }));
    }

    [TestCase(400, -2010, "Account has insufficient balance for requested action.", true)]
    [TestCase(400, -1013, "Filter failure: LOT_SIZE", true)]
    [TestCase(429, -1015, "Too many new orders.", true)]
    [TestCase(400, -2010, "Duplicate order sent.", false)]
    [TestCase(503, -1007, "Timeout waiting for response from backend server.", false)]
    [TestCase(500, -1000, "An unknown error occurred.", false)]
    public void A_refusal_is_told_unless_Binance_itself_does_not_know(int status, int code, string text, bool isTold)
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Refuse(status, code, text);
        Assert.That(Reports.Contains("Rejected 1-1000-1 0"), Is.EqualTo(isTold));
    }

    [Test]
    public void A_question_is_answered_by_status_and_the_missing_fills_first()
    {
        Up();
        _orders.Query(Intent, _nowNs);
        Assert.That(Params.GetProperty("origClientOrderId").GetString(), Is.EqualTo("1-1000-1"));
        Answer("""{"orderId":7,"executedQty":"0.50000000","status":"EXPIRED"}""");
        Assert.That(Method, Is.EqualTo("myTrades"));
        Assert.That(Reports, Is.Empty, "not before the fills are there");
        Answer("""[{"id":55,"orderId":7,"price":"45283.00000000","qty":"0.50000000","commission":"0","commissionAsset":"USDT"}]""");
        Assert.That(Reports, Is.EqualTo(new[] { "Filled 1-1000-1 50000000 @ 4528300 fee 0 BTCUSDT-55", "Gone 1-1000-1 50000000" }));
    }

    [Test]
    public void Fills_that_are_not_listed_yet_leave_the_question_open()
    {
        Up();
        _orders.Query(Intent, _nowNs);
        Answer("""{"orderId":7,"executedQty":"0.50000000","status":"EXPIRED"}""");
        Answer("[]");
        Assert.That(Reports, Is.Empty);
    }

    [Test]
    public void An_order_that_Binance_does_not_know_is_gone_and_one_that_works_is_open()
    {
        Up();
        _orders.Query(Intent, _nowNs);
        Refuse(400, -2013, "Order does not exist.");
        _orders.Query(Intent, _nowNs);
        Answer("""{"orderId":7,"executedQty":"0.00000000","status":"NEW"}""");
        Assert.That(Reports, Is.EqualTo(new[] { "Gone 1-1000-1 0", "Open 1-1000-1 0" }));
    }

    [Test]
    public void A_clock_that_is_off_is_set_again()
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Refuse(400, -1021, "Timestamp for this request is outside of the recvWindow.");
        Assert.That(Reports, Does.Contain("Rejected 1-1000-1 0"), "it was not executed");
        Assert.That(Method, Is.EqualTo("time"));
        Answer("""{"serverTime":7000000}""");
        _orders.Send(Intent with { ClientId = "1-1000-2" }, _nowNs);
        Assert.That(Params.GetProperty("timestamp").GetInt64(), Is.EqualTo(7_000_000).Within(5));
    }

    [Test]
    public void A_wrong_key_ends_the_connection()
    {
        Answer("""{"serverTime":1000000}""");
        Refuse(401, -2015);
        Assert.That(_orders.Poll(_nowNs), Is.False);
        Assert.That(_tally.Of(OutsideReason.Refused), Is.EqualTo(1));
    }

    [Test]
    public void A_stream_that_was_ended_takes_no_more_orders()
    {
        Up();
        Event("\"e\":\"eventStreamTerminated\",\"E\":1");
        _orders.Send(Intent, _nowNs);
        Assert.That(Reports, Is.EqualTo(new[] { "Rejected 1-1000-1 0" }));
        Assert.That(_orders.Poll(_nowNs), Is.False);
    }

    [Test]
    public void More_orders_than_ten_seconds_allow_are_not_sent()
    {
        Up();
        for (var i = 0; i <= BinanceOrderLimits.PerTenSeconds; i++) _orders.Send(Intent with { ClientId = $"1-1000-{i}" }, _nowNs);
        Assert.That(_sent.Count(s => s.GetProperty("method").GetString() == "order.place"), Is.EqualTo(BinanceOrderLimits.PerTenSeconds));
        Assert.That(_tally.Of(OutsideReason.RateLimited), Is.EqualTo(1));
    }

    [Test]
    public void What_others_used_counts_too()
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Get($$"""{"id":{{_sent[^1].GetProperty("id").GetRawText()}},"status":200,"result":{},"rateLimits":[{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":100,"count":100}]}""");
        _orders.Send(Intent with { ClientId = "1-1000-2" }, _nowNs);
        Assert.That(Reports.Last(), Is.EqualTo("Rejected 1-1000-2 0"));
    }

    [Test]
    public void No_frame_however_broken_throws()
    {
        Up();
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            _orders.Query(Intent, _nowNs);
            var id = _sent[^1].GetProperty("id").GetRawText();
            var frames = new[]
            {
                """{"subscriptionId":0,"event":{"e":"executionReport","s":"BTCUSDT","c":"1-1000-1","C":"","x":"TRADE","t":5,"l":"1.5","L":"45283.00","n":"1.1","N":"USDT","z":"1.5"}}""",
                $$$"""{"id":{{{id}}},"status":200,"result":{"orderId":7,"executedQty":"0.5","status":"EXPIRED"}}""",
                $$"""{"id":{{id}},"status":400,"error":{"code":-1021,"msg":"x"},"rateLimits":[{"rateLimitType":"ORDERS","count":1}]}""",
            };
            var bytes = Encoding.UTF8.GetBytes(frames[random.Next(frames.Length)]);
            for (var n = random.Next(4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Assert.That(() => _orders.On(bytes, _nowNs += 100_000_000), Throws.Nothing, Encoding.Latin1.GetString(bytes));
            if (i % 100 == 0)
            {
                Connect();
                Up();
            }
        }
    }
}
