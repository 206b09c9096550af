using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Kraken;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>Kraken's orders and executions, frame by frame.</summary>
internal sealed class KrakenOrdersTests
{
    private static readonly Instrument Btc = new(0, "BTC-USD", "BTC", "USD", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = "BTC/USD", Tick = 10, Lot = 1, Min = 5000, TakerFeePpm = 0 }],
    };

    private static readonly HedgeIntent Intent = new()
    {
        NowNs = TestBridge.StartNs, ClientId = "1-1000-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = 150_000_000, Limit = 4528350, Seq = 1000, Attempt = 1,
    };

    private readonly List<Input> _told = [];
    private readonly List<string> _sent = [];
    private KrakenOrders _orders = null!;
    private Tally _tally = null!;
    private long _nowNs;

    [SetUp]
    public void Connect()
    {
        _told.Clear();
        _sent.Clear();
        _nowNs = TestBridge.StartNs;
        _orders = new KrakenOrders(0, [Btc], _told.Add, _tally = new Tally(0, _ => { }), new DecayingLimit(KrakenOrders.CounterMax, KrakenOrders.CounterDecayMilli));
        _orders.Open(bytes => _sent.Add(Encoding.UTF8.GetString(bytes)), "TOKEN", _nowNs);
    }

    private void Get(string frame) => _orders.On(Encoding.UTF8.GetBytes(frame), _nowNs += 1_000_000);

    private void Up() => Get("""{"channel":"executions","type":"snapshot","data":[],"sequence":1}""");

    private IEnumerable<string> Reports => _told.OfType<HedgeReport>().Select(r => r.Kind == HedgeReportKind.Filled ? $"Filled {r.ClientId} {r.Quantity} @ {r.Price} fee {r.FeeAtoms} {r.ExecId}" : $"{r.Kind} {r.ClientId} {r.Cum}");

    [Test]
    public void It_is_up_when_the_snapshot_of_executions_is_there()
    {
        Assert.That(_sent[0], Does.Contain("\"executions\"").And.Contain("\"snap_orders\":true").And.Contain("\"snap_trades\":true").And.Contain("\"TOKEN\""));
        Assert.That(_told, Is.Empty);
        Up();
        Assert.That(((ExchangeTrading)_told.Single()).IsUp, Is.True);
    }

    [Test]
    public void An_order_is_immediate_or_cancel_with_our_id_and_a_deadline()
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Assert.That(_sent[^1], Is.EqualTo(
            """{"method":"add_order","params":{"order_type":"limit","side":"buy","order_qty":1.5,"symbol":"BTC/USD","limit_price":45283.5,"time_in_force":"ioc","cl_ord_id":"1-1000-1","deadline":"1970-01-01T00:16:45.001000Z","token":"TOKEN"},"req_id":3}"""));
        Assert.That(Reports, Is.EqualTo(new[] { "Sent 1-1000-1 0" }));
    }

    [Test]
    public void Its_life_is_told_as_it_comes()
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Get("""{"method":"add_order","req_id":3,"success":true,"result":{"order_id":"OAAAAA-AAAAA-AAAAAA","cl_ord_id":"1-1000-1"}}""");
        Get("""{"channel":"executions","type":"update","data":[{"exec_type":"pending_new","order_status":"pending_new","cl_ord_id":"1-1000-1"}],"sequence":2}""");
        Get("""{"channel":"executions","type":"update","data":[{"exec_type":"trade","exec_id":"TAAAAA-AAAAA-AAAAAA","cl_ord_id":"1-1000-1","symbol":"BTC/USD","last_qty":1.50000000,"last_price":45283.0,"order_status":"partially_filled","fees":[{"asset":"USD","qty":176.60370}]}],"sequence":3}""");
        Get("""{"channel":"executions","type":"update","data":[{"exec_type":"filled","order_status":"filled","cl_ord_id":"1-1000-1","cum_qty":1.50000000}],"sequence":4}""");
        Assert.That(Reports, Is.EqualTo(new[] { "Sent 1-1000-1 0", "Acknowledged 1-1000-1 0", "Filled 1-1000-1 150000000 @ 4528300 fee 176603700000000000000 TAAAAA-AAAAA-AAAAAA", "Canceled 1-1000-1 150000000" }));
    }

    [TestCase("1970-01-01T00:26:40Z", "1970-01-01T00:26:45", TestName = "A deadline is by Kraken's clock when that is ahead")]
    [TestCase("1970-01-01T00:06:40Z", "1970-01-01T00:06:45", TestName = "A deadline is by Kraken's clock when that is behind")]
    public void A_deadline_is_by_krakens_clock(string theirs, string deadline)
    {
        Up();
        Get($$"""{"method":"subscribe","success":true,"result":{"channel":"balances"},"time_in":"{{theirs}}","time_out":"{{theirs}}"}""");
        _orders.Send(Intent, _nowNs);
        Assert.That(_sent[^1], Does.Contain($"\"deadline\":\"{deadline}"));
    }

    [Test]
    public void The_bound_of_the_counter_is_the_one_that_kraken_tells()
    {
        Up();
        Get("""{"method":"subscribe","success":true,"result":{"channel":"executions","maxratecount":3}}""");
        for (var i = 0; i < 5; i++) _orders.Send(Intent with { ClientId = $"1-1000-{i}" }, _nowNs);
        Assert.That(_sent.Count(s => s.Contains("add_order", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [TestCase("EOrder:Insufficient funds", true)]
    [TestCase("EService:Deadline elapsed", true)]
    [TestCase("EService:Unavailable", false)]
    [TestCase("EGeneral:Internal error", false)]
    public void A_refusal_is_told_unless_kraken_itself_does_not_know(string error, bool isTold)
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Get($$"""{"method":"add_order","req_id":3,"success":false,"error":"{{error}}"}""");
        Assert.That(Reports.Contains("Rejected 1-1000-1 0"), Is.EqualTo(isTold));
    }

    [Test]
    public void Before_it_is_up_an_order_is_certainly_not_sent()
    {
        _orders.Send(Intent, _nowNs);
        Assert.That(_sent, Has.Count.EqualTo(2), "executions and balances");
        Assert.That(Reports, Is.EqualTo(new[] { "Rejected 1-1000-1 0" }));
    }

    [Test]
    public void A_gap_in_the_sequence_is_healed_by_a_new_snapshot()
    {
        Up();
        _nowNs += 2 * TestBridge.SecondNs;
        Get("""{"channel":"executions","type":"update","data":[],"sequence":3}""");
        Assert.That(((ExchangeTrading)_told[^1]).IsUp, Is.False);
        Assert.That(_sent[^2], Does.Contain("\"unsubscribe\""));
        Assert.That(_sent[^1], Does.Contain("\"subscribe\""));
        Get("""{"channel":"executions","type":"snapshot","data":[],"sequence":1}""");
        Assert.That(((ExchangeTrading)_told[^1]).IsUp, Is.True);
    }

    [Test]
    public void A_question_is_answered_from_a_new_snapshot_with_the_missing_fills_first()
    {
        Up();
        _nowNs += 2 * TestBridge.SecondNs;
        _orders.Query(Intent, _nowNs);
        Get("""{"channel":"executions","type":"snapshot","data":[{"exec_type":"trade","exec_id":"T1","cl_ord_id":"1-1000-1","symbol":"BTC/USD","last_qty":0.5,"last_price":45283.0,"fees":[]},{"exec_type":"trade","exec_id":"T2","cl_ord_id":"other","symbol":"BTC/USD","last_qty":0.5,"last_price":45283.0,"fees":[]}],"sequence":1}""");
        Assert.That(Reports, Is.EqualTo(new[] { "Filled 1-1000-1 50000000 @ 4528300 fee 0 T1", "Gone 1-1000-1 50000000" }));
    }

    [Test]
    public void An_order_that_is_still_open_is_told_so()
    {
        Up();
        _nowNs += 2 * TestBridge.SecondNs;
        _orders.Query(Intent, _nowNs);
        Get("""{"channel":"executions","type":"snapshot","data":[{"exec_type":"new","order_status":"new","cl_ord_id":"1-1000-1","symbol":"BTC/USD","cum_qty":0.00000000}],"sequence":1}""");
        Assert.That(Reports, Is.EqualTo(new[] { "Open 1-1000-1 0" }));
    }

    [TestCase("1970-01-01T00:10:00Z", true, TestName = "Fifty trades that reach back to before the order tell that it is over")]
    [TestCase("1970-01-01T00:16:40Z", false, TestName = "Fifty trades that are all younger tell nothing")]
    public void Fifty_trades(string oldest, bool isAnswered)
    {
        Up();
        _nowNs += 2 * TestBridge.SecondNs;
        _orders.Query(Intent, _nowNs);
        var trades = string.Join(',', Enumerable.Range(0, 50).Select(i => $$"""{"exec_type":"trade","exec_id":"X{{i}}","cl_ord_id":"other","symbol":"BTC/USD","last_qty":1,"last_price":1,"timestamp":"{{oldest}}"}"""));
        Get($$"""{"channel":"executions","type":"snapshot","data":[{{trades}}],"sequence":1}""");
        Assert.That(Reports, Is.EqualTo(isAnswered ? new[] { "Gone 1-1000-1 0" } : []));
    }

    [Test]
    public void A_token_that_is_no_longer_good_ends_the_connection()
    {
        Up();
        _orders.Send(Intent, _nowNs);
        Get("""{"method":"add_order","req_id":3,"success":false,"error":"ESession:Invalid session"}""");
        Assert.That(_orders.Poll(_nowNs), Is.False);
    }

    [Test]
    public void More_orders_than_the_counter_takes_are_not_sent()
    {
        Up();
        for (var i = 0; i <= KrakenOrders.CounterMax; i++) _orders.Send(Intent with { ClientId = $"1-1000-{i}" }, _nowNs);
        Assert.Multiple(() =>
        {
            Assert.That(_sent.Count(s => s.Contains("add_order", StringComparison.Ordinal)), Is.EqualTo(KrakenOrders.CounterMax));
            Assert.That(Reports.Last(), Is.EqualTo($"Rejected 1-1000-{KrakenOrders.CounterMax} 0"));
            Assert.That(_tally.Of(OutsideReason.RateLimited), Is.EqualTo(1));
        });
    }

    [Test]
    public void A_fee_in_credits_is_told_as_such()
    {
        Up();
        Get("""{"channel":"executions","type":"update","data":[{"exec_type":"trade","exec_id":"T","cl_ord_id":"1-1000-1","symbol":"BTC/USD","last_qty":1,"last_price":45283.0,"fees":[{"asset":"USD","qty":1},{"asset":"KFEE","qty":2.5},{"asset":"XYZ","qty":3}]}],"sequence":2}""");
        var fill = _told.OfType<HedgeReport>().Single();
        Assert.That((fill.FeeAtoms, fill.FeeAsset, fill.AssetFeeAtoms), Is.EqualTo((Instrument.Power(18), "KFEE", 25 * Instrument.Power(17))));
        Assert.That(fill.Text, Does.Contain("3 XYZ"), "a second one has no place: a person is told");
    }

    [Test]
    public void Balances_are_told()
    {
        Get("""{"channel":"balances","type":"snapshot","data":[{"asset":"USD","balance":12.5},{"asset":"BTC","balance":1}],"sequence":1}""");
        Get("""{"channel":"balances","type":"update","data":[{"asset":"USD","amount":-2.5,"balance":10.0}],"sequence":2}""");
        Assert.That(_told.OfType<ExchangeBalance>().Select(b => $"{b.Asset} {b.Atoms / Instrument.Power(17)}"), Is.EqualTo(new[] { "USD 125", "BTC 10", "USD 100" }));
    }

    [Test]
    public void The_rest_signature_is_the_documented_one()
    {
        // docs.kraken.com, "Authentication", worked example.
        var secret = Convert.FromBase64String("kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==");
        const string body = "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25";
        Assert.That(KrakenRest.Sign("/0/private/AddOrder", "1616492376594", body, secret),
            Is.EqualTo("4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ=="));
    }

    [Test]
    public void No_frame_however_broken_throws()
    {
        Up();
        var random = new Random(5);
        var frames = new[]
        {
            """{"channel":"executions","type":"update","data":[{"exec_type":"trade","exec_id":"T","cl_ord_id":"1-1000-1","symbol":"BTC/USD","last_qty":1.5,"last_price":45283.0,"fees":[{"asset":"USD","qty":1.1}]}],"sequence":2}""",
            """{"method":"add_order","req_id":3,"success":false,"error":"EOrder:Insufficient funds"}""",
            """{"channel":"executions","type":"snapshot","data":[{"exec_type":"new","order_status":"new","cl_ord_id":"1-1000-1","symbol":"BTC/USD","cum_qty":0.1,"timestamp":"2026-01-01T00:00:00Z"}],"sequence":1}""",
        };
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(frames[random.Next(frames.Length)]);
            for (var n = random.Next(4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _orders.Query(Intent, _nowNs);
            Assert.That(() => _orders.On(bytes, _nowNs += 10_000_000), Throws.Nothing, Encoding.Latin1.GetString(bytes));
        }
    }
}
