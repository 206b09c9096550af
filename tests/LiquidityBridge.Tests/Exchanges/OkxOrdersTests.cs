using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Okx;
using LiquidityBridge.Tests.Sandbox;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>OKX's orders, their reports and what became of them, frame by frame.</summary>
internal sealed class OkxOrdersTests
{
    private static readonly Instrument Btc = new(0, "BTC-USD", "BTC", "USD", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = "BTC-USD", Tick = 10, Lot = 1, Min = 5000, TakerFeePpm = 0 }],
    };

    private static readonly HedgeIntent Intent = new()
    {
        NowNs = TestBridge.StartNs, ClientId = "1-1000-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = 150_000_000, Limit = 4528350, Seq = 1000, Attempt = 1,
    };

    // docs-v5, "Login", shows what is signed; the secret is its example, the signature another implementation's.
    private static readonly OkxKey Key = new("KEY", "22582BD0CFF14C41EDBF1AB98506286D", "PASS");

    private readonly List<Input> _told = [];
    private readonly List<string> _sent = [];
    private Tally _tally = null!;
    private OkxOrders _orders = null!;
    private long _nowNs;

    [SetUp]
    public void Connect()
    {
        _told.Clear();
        _sent.Clear();
        _nowNs = TestBridge.StartNs;
        _tally = new Tally(0, _ => { });
        _orders = new OkxOrders(0, [Btc], _told.Add, _tally, Key, new OkxLimits());
        // OKX's clock is two seconds ahead.
        _orders.Open(bytes => _sent.Add(Encoding.UTF8.GetString(bytes)), """{"code":"0","data":[{"instId":"BTC-USD","instIdCode":10}]}"""u8.ToArray(), 2 * TestBridge.SecondNs, _nowNs);
    }

    private void Get(string frame) => _orders.On(Encoding.UTF8.GetBytes(frame), _nowNs += 1_000_000);

    private void Up()
    {
        Get("""{"event":"login","code":"0","msg":"","connId":"a4d3ae55"}""");
        Get("""{"event":"subscribe","arg":{"channel":"orders","instType":"SPOT"},"connId":"a4d3ae55"}""");
    }

    private static string Push(string members) => $$"""{"arg":{"channel":"orders","instType":"SPOT","uid":"1"},"data":[{"instType":"SPOT","instId":"BTC-USD","ordId":"77","clOrdId":"1x1000x1",{{members}}}]}""";

    private static string Of(HedgeReport r) => r.Kind == HedgeReportKind.Filled ? $"Filled {r.ClientId} {r.Quantity} @ {r.Price} fee {r.FeeAtoms} {r.ExecId}{(r.BaseFeeAtoms != 0 ? $" base fee {r.BaseFeeAtoms}" : "")}{(r.Text.Length > 0 ? " " + r.Text : "")}" : $"{r.Kind} {r.ClientId} {r.Cum}";

    private IEnumerable<string> Reports => _told.OfType<HedgeReport>().Select(Of);

    private ExchangeTrading Trading => _told.OfType<ExchangeTrading>().Last();

    [Test]
    public void It_logs_in_by_the_exchanges_clock_then_listens_then_is_up()
    {
        Assert.That(_sent.Single(), Is.EqualTo(
            """{"op":"login","args":[{"apiKey":"KEY","passphrase":"PASS","timestamp":"1002","sign":"SIGN"}]}""".Replace("SIGN", Key.Sign("1002GET/users/self/verify").Replace("+", "\\u002B", StringComparison.Ordinal), StringComparison.Ordinal)));
        Get("""{"event":"login","code":"0","msg":"","connId":"a4d3ae55"}""");
        Assert.That(_sent[1..], Is.EqualTo(new[] { """{"op":"subscribe","args":[{"channel":"orders","instType":"SPOT"}]}""", """{"op":"subscribe","args":[{"channel":"account"}]}""" }));
        Assert.That(_told, Is.Empty);
        Get("""{"event":"subscribe","arg":{"channel":"orders","instType":"SPOT"},"connId":"a4d3ae55"}""");
        Assert.That(Trading.IsUp, Is.True);
    }

    // Computed with openssl: printf '1538054050GET/users/self/verify' | openssl dgst -sha256 -hmac SECRET -binary | base64
    [Test]
    public void The_signature_is_that_of_another_implementation() => Assert.That(Key.Sign("1538054050GET/users/self/verify"), Is.EqualTo("+LdIr8lkkvhr5hoA3g9TMC0+uQJ849ftAcocA/ouu4M="));

    [Test]
    public void An_order_is_immediate_or_cancel_with_an_id_that_OKX_takes_and_a_deadline_by_its_clock()
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Assert.That(_sent[^1], Is.EqualTo("""{"id":"1x1000x1","op":"order","expTime":"1007002","args":[{"instIdCode":10,"tdMode":"cash","clOrdId":"1x1000x1","side":"buy","ordType":"ioc","sz":"1.5","px":"45283.5"}]}"""));
        Assert.That(Reports, Is.EqualTo(new[] { "Sent 1-1000-1 0" }));
        _orders.Cancel(Intent, _nowNs);
        Assert.That(_sent[^1], Is.EqualTo("""{"id":"1x1000x1","op":"cancel-order","args":[{"instIdCode":10,"clOrdId":"1x1000x1"}]}"""));
    }

    [Test]
    public void Its_life_is_told_as_it_comes()
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Get("""{"id":"1x1000x1","op":"order","code":"0","msg":"","data":[{"ordId":"77","clOrdId":"1x1000x1","sCode":"0","sMsg":""}]}""");
        Get(Push("\"state\":\"live\",\"accFillSz\":\"0\",\"tradeId\":\"\",\"fillSz\":\"0\",\"fillPx\":\"\""));
        Get(Push("\"state\":\"partially_filled\",\"accFillSz\":\"0.5\",\"tradeId\":\"9\",\"fillSz\":\"0.5\",\"fillPx\":\"45283\",\"fillFee\":\"-22.6415\",\"fillFeeCcy\":\"USD\""));
        Get(Push("\"state\":\"canceled\",\"accFillSz\":\"0.5\",\"tradeId\":\"\",\"fillSz\":\"0\",\"fillPx\":\"\",\"cancelSource\":\"14\""));
        Assert.That(Reports, Is.EqualTo(new[]
        {
            "Sent 1-1000-1 0", "Acknowledged 1-1000-1 0", "Acknowledged 1-1000-1 0", "Filled 1-1000-1 50000000 @ 4528300 fee 22641500000000000000 BTC-USD/9/77", "Canceled 1-1000-1 50000000",
        }));
    }

    [Test]
    public void The_last_fill_brings_the_end_with_it_and_a_fee_in_what_was_bought_is_kept_apart()
    {
        Up();
        Get(Push("\"state\":\"filled\",\"accFillSz\":\"1.5\",\"tradeId\":\"9\",\"fillSz\":\"1.5\",\"fillPx\":\"45283\",\"fillFee\":\"-0.0015\",\"fillFeeCcy\":\"BTC\""));
        Assert.That(Reports, Is.EqualTo(new[] { "Filled 1-1000-1 150000000 @ 4528300 fee 0 BTC-USD/9/77 base fee 1500000000000000", "Canceled 1-1000-1 150000000" }));
    }

    [TestCase("51008", true)]
    [TestCase("50036", true)]
    [TestCase("50011", true)]
    [TestCase("50001", false)]
    [TestCase("50004", false)]
    [TestCase("50013", false)]
    [TestCase("50026", false)]
    [TestCase("51054", false)]
    [TestCase("64007", false)]
    public void A_refusal_is_told_unless_OKX_itself_does_not_know(string code, bool isTold)
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Get($$"""{"id":"1x1000x1","op":"order","code":"1","msg":"","data":[{"ordId":"","clOrdId":"1x1000x1","sCode":"{{code}}","sMsg":"x"}]}""");
        Assert.That(Reports.Contains("Rejected 1-1000-1 0"), Is.EqualTo(isTold));
        Connect();
        Up();
        _orders.Send(Intent, _nowNs);
        Get($$"""{"id":"1x1000x1","op":"order","code":"{{code}}","msg":"x","data":[]}""");
        Assert.That(Reports.Contains("Rejected 1-1000-1 0"), Is.EqualTo(isTold));
    }

    [Test]
    public void What_cannot_be_sent_is_certainly_never_sent()
    {
        _orders.Send(Intent, _nowNs);
        Up();
        _orders.Send(Intent with { ClientId = "house_1" }, _nowNs);
        for (var i = 0; i < 61; i++) _orders.Send(Intent with { ClientId = $"1-2000-{i}" }, _nowNs);
        Assert.That(_sent.Count(s => s.Contains("\"order\"", StringComparison.Ordinal)), Is.EqualTo(60), "docs-v5: 60 orders in 2 seconds");
        Assert.That(Reports.Where(r => r.StartsWith("Rejected", StringComparison.Ordinal)), Is.EqualTo(new[] { "Rejected 1-1000-1 0", "Rejected house_1 0", "Rejected 1-2000-60 0" }));
        Assert.That(_tally.Of(OutsideReason.RateLimited), Is.EqualTo(1));
        _orders.Send(Intent with { ClientId = "1-3000-1" }, _nowNs + 2 * TestBridge.SecondNs);
        Assert.That(_sent[^1], Does.Contain("1x3000x1"));
    }

    [Test]
    public void A_login_that_is_refused_ends_the_connection()
    {
        Get("""{"event":"error","code":"60007","msg":"Invalid sign","connId":"a4d3ae55"}""");
        Assert.That(_orders.Poll(_nowNs), Is.False);
        Assert.That(_tally.Of(OutsideReason.Refused), Is.EqualTo(1));
    }

    [Test]
    public void A_session_that_is_no_longer_good_ends_the_connection()
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Get("""{"id":"1x1000x1","op":"order","code":"60011","msg":"Please log in","data":[]}""");
        Assert.That(Reports.Last(), Is.EqualTo("Rejected 1-1000-1 0"));
        Assert.That(_orders.Poll(_nowNs), Is.False);
        _orders.Lost("closed", _nowNs);
        Assert.That((Trading.IsUp, Trading.Reason), Is.EqualTo((false, "closed")));
    }

    [Test]
    public void Silence_is_asked_about_and_a_login_without_an_answer_ends()
    {
        _nowNs += 2 * TestBridge.SecondNs;
        Assert.That(_orders.Poll(_nowNs), Is.True);
        Assert.That(_sent[^1], Is.EqualTo("ping"));
        Get("pong");
        _nowNs += 4 * TestBridge.SecondNs;
        Assert.That(_orders.Poll(_nowNs), Is.False, "heard of lately, and yet not up");
    }

    [Test]
    public void Balances_are_told()
    {
        Get("""{"arg":{"channel":"account","uid":"1"},"eventType":"snapshot","curPage":1,"lastPage":true,"data":[{"details":[{"ccy":"BTC","cashBal":"0.5"},{"ccy":"USD","cashBal":"1e3"}]}]}""");
        Assert.That(_told.OfType<ExchangeBalance>().Select(b => $"{b.Asset} {b.Atoms}"), Is.EqualTo(new[] { "BTC 500000000000000000", "USD 1000000000000000000000" }));
    }

    private List<string> Query(params string[] answers)
    {
        var query = new OkxQuery(Intent, Btc, _told.Add, _tally);
        List<string> paths = [];
        foreach (var answer in answers)
        {
            paths.Add(query.Path!);
            query.On(Encoding.UTF8.GetBytes(answer), _nowNs);
        }
        Assert.That(query.Path, Is.Null);
        return paths;
    }

    private static string Order(string state, string filled) => $$"""{"code":"0","msg":"","data":[{"instId":"BTC-USD","ordId":"77","clOrdId":"1x1000x1","state":"{{state}}","accFillSz":"{{filled}}"}]}""";

    private static string Fill(int trade, string size) => $$"""{"instId":"BTC-USD","ordId":"77","tradeId":"{{trade}}","billId":"b{{trade}}","fillSz":"{{size}}","fillPx":"45283","fee":"-1","feeCcy":"USD"}""";

    private static string Fills(params string[] fills) => $$"""{"code":"0","msg":"","data":[{{string.Join(',', fills)}}]}""";

    [Test]
    public void A_question_is_answered_with_the_fills_first()
    {
        var paths = Query(Order("canceled", "1.5"), Fills(Fill(2, "1"), Fill(1, "0.5")));
        Assert.That(paths, Is.EqualTo(new[] { "/api/v5/trade/order?instId=BTC-USD&clOrdId=1x1000x1", "/api/v5/trade/fills?instId=BTC-USD&ordId=77" }));
        Assert.That(Reports, Is.EqualTo(new[] { "Filled 1-1000-1 100000000 @ 4528300 fee 1000000000000000000 BTC-USD/2/77", "Filled 1-1000-1 50000000 @ 4528300 fee 1000000000000000000 BTC-USD/1/77", "Gone 1-1000-1 150000000" }));
    }

    [Test]
    public void An_order_with_many_fills_is_read_page_by_page()
    {
        var page = Enumerable.Range(1, 100).Select(i => Fill(i, "0.01")).ToArray();
        var paths = Query(Order("filled", "1.5"), Fills(page), Fills(Fill(200, "0.5")));
        Assert.That(paths[^1], Is.EqualTo("/api/v5/trade/fills?instId=BTC-USD&ordId=77&after=b100"));
        Assert.That(Reports.Last(), Is.EqualTo("Gone 1-1000-1 150000000"));
    }

    [Test]
    public void Fills_that_are_not_there_yet_leave_the_question_open()
    {
        Query(Order("filled", "1.5"), Fills(Fill(1, "0.5")));
        Assert.That(Reports.Count(r => !r.StartsWith("Filled", StringComparison.Ordinal)), Is.Zero);
    }

    [TestCase("live", "Open 1-1000-1 0")]
    [TestCase("canceled", "Gone 1-1000-1 0")]
    public void An_order_without_fills_is_answered_at_once(string state, string expected)
    {
        Query(Order(state, "0"));
        Assert.That(Reports, Is.EqualTo(new[] { expected }));
    }

    [TestCase("""{"code":"51603","msg":"Order does not exist","data":[]}""", "Gone 1-1000-1 0")]
    [TestCase("""{"code":"50001","msg":"Service temporarily unavailable","data":[]}""", null)]
    [TestCase("""{"code":"50113","msg":"Invalid signature","data":[]}""", null)]
    [TestCase("<html>502</html>", null)]
    [TestCase("""{"code":"0","msg":"","data":[]}""", null)]
    [TestCase("""{"code":"0","msg":"","data":[{"ordId":"77","state":"dancing","accFillSz":"0"}]}""", null)]
    public void Only_an_order_that_OKX_does_not_know_is_gone(string answer, string? expected)
    {
        Query(answer);
        Assert.That(Reports.LastOrDefault(), Is.EqualTo(expected));
    }

    [Test]
    public void No_frame_however_broken_throws([Values(5, 6)] int seed)
    {
        Up();
        var mutant = new Mutant(seed,
        [
            Push("\"state\":\"filled\",\"accFillSz\":\"1.5\",\"tradeId\":\"9\",\"fillSz\":\"1.5\",\"fillPx\":\"45283\",\"fillFee\":\"-0.0015\",\"fillFeeCcy\":\"USD\""),
            """{"id":"1x1000x1","op":"order","code":"1","msg":"","data":[{"ordId":"","clOrdId":"1x1000x1","sCode":"51008","sMsg":"x"}]}""",
            """{"arg":{"channel":"account","uid":"1"},"data":[{"details":[{"ccy":"BTC","cashBal":"0.5"}]}]}""", Order("filled", "1.5"), Fills(Fill(1, "0.5")),
        ]);
        for (var i = 0; i < 20_000; i++)
        {
            _orders.On(mutant.Next(), _nowNs += 10_000_000);
            var query = new OkxQuery(Intent, Btc, _told.Add, _tally);
            for (var n = 0; n < 3 && query.Path is not null; n++) query.On(mutant.Next(), _nowNs);
        }
        Assert.That(_told.OfType<HedgeReport>().All(r => r.Kind != HedgeReportKind.Filled || r is { Quantity: > 0, Price: > 0 }), Is.True);
    }
}
