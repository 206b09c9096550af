using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Binance;
using LiquidityBridge.Exchanges.Coinbase;
using LiquidityBridge.Exchanges.CoinbaseFeed;
using LiquidityBridge.Exchanges.Fix;
using LiquidityBridge.Exchanges.Kraken;
using LiquidityBridge.Exchanges.Okx;
using Venue.Fix;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>The private half of an adapter that is up, and the message that tells it of a fill. No socket.</summary>
internal abstract class HostileReports
{
    protected const long Ns = TestBridge.StartNs;

    protected static readonly HedgeIntent Intent = new()
    {
        NowNs = Ns, ClientId = "1-1000-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = 150_000_000, Limit = 1_005, Seq = 1000, Attempt = 1,
    };

    private readonly List<Input> _told = [];
    private long _nowNs = Ns;

    protected Tally Tally { get; } = new(0, _ => { });

    protected virtual string Symbol => "BTC-USD";

    protected Instrument Btc => new(0, "BTC-USD", "BTC", "USD", 1, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = Symbol, Tick = 1, Lot = 1000, Min = 10_000, TakerFeePpm = 0 }],
    };

    public IEnumerable<HedgeReport> Fills => _told.OfType<HedgeReport>().Where(r => r.Kind == HedgeReportKind.Filled);

    public long Count(OutsideReason reason) => Tally.Of(reason);

    public static HostileReports Of(string protocol)
    {
        HostileReports reports = protocol switch { "kraken" => new Kraken(), "binance" => new Binance(), "okx" => new Okx(), "coinbase" => new Coinbase(), "coinbase-exchange" => new Feed(), _ => new Fix() };
        reports.GoUp();
        return reports;
    }

    public void Give(string message) => Give(Encoding.ASCII.GetBytes(message));

    public void Give(byte[] message) => On(message, _nowNs += 1_000_000);

    /// <summary>The message, or the answer of REST, that has a fill of this price and size.</summary>
    public abstract string Fill(string price, string size);

    protected abstract void GoUp();

    protected abstract void On(byte[] message, long nowNs);

    protected void Tell(Input input) => _told.Add(input);

    private sealed class Kraken : HostileReports
    {
        private KrakenOrders _orders = null!;

        protected override string Symbol => "BTC/USD";

        protected override void GoUp()
        {
            _orders = new KrakenOrders(0, [Btc], Tell, Tally, new DecayingLimit(KrakenOrders.CounterMax, KrakenOrders.CounterDecayMilli));
            _orders.Open(_ => { }, "TOKEN", Ns);
            Give("""{"channel":"executions","type":"snapshot","data":[],"sequence":1}""");
        }

        public override string Fill(string price, string size) =>
            $$"""{"channel":"executions","type":"update","data":[{"exec_type":"trade","exec_id":"T","cl_ord_id":"1-1000-1","symbol":"BTC/USD","last_qty":{{size}},"last_price":{{price}},"fees":[{"asset":"USD","qty":1.1}]},{"exec_type":"filled","order_status":"filled","cl_ord_id":"1-1000-1","cum_qty":{{size}}}],"sequence":2}""";

        protected override void On(byte[] message, long nowNs) => _orders.On(message, nowNs);
    }

    private sealed class Binance : HostileReports
    {
        private BinanceOrders _orders = null!;

        protected override string Symbol => "BTCUSDT";

        protected override void GoUp()
        {
            _orders = new BinanceOrders(0, [Btc], Tell, Tally, BinanceSigner.Hmac("KEY", "SECRET"), new BinanceWeight(), new BinanceOrderLimits());
            _orders.Open(_ => { }, Ns);
        }

        public override string Fill(string price, string size) =>
            $$$"""{"subscriptionId":0,"event":{"e":"executionReport","s":"BTCUSDT","c":"1-1000-1","C":"","x":"TRADE","X":"FILLED","t":55,"l":"{{{size}}}","L":"{{{price}}}","n":"1.1","N":"USD","z":"{{{size}}}"}}""";

        protected override void On(byte[] message, long nowNs) => _orders.On(message, nowNs);
    }

    private sealed class Okx : HostileReports
    {
        private OkxOrders _orders = null!;

        protected override void GoUp()
        {
            _orders = new OkxOrders(0, [Btc], Tell, Tally, new OkxKey("KEY", "SECRET", "PASS"), new OkxLimits());
            _orders.Open(_ => { }, """{"code":"0","data":[{"instId":"BTC-USD","instIdCode":10}]}"""u8.ToArray(), 0, Ns);
        }

        public override string Fill(string price, string size) =>
            $$"""{"arg":{"channel":"orders","instType":"SPOT","uid":"1"},"data":[{"instType":"SPOT","instId":"BTC-USD","ordId":"77","clOrdId":"1x1000x1","state":"partially_filled","accFillSz":"{{size}}","tradeId":"9","fillSz":"{{size}}","fillPx":"{{price}}","fillFee":"-1.1","fillFeeCcy":"USD"}]}""";

        protected override void On(byte[] message, long nowNs) => _orders.On(message, nowNs);
    }

    private sealed class Coinbase : HostileReports
    {
        protected override void GoUp()
        {
        }

        public override string Fill(string price, string size) => $$"""{"fills":[{"trade_id":"T1","order_id":"O1","price":"{{price}}","size":"{{size}}","commission":"1.1"}],"cursor":""}""";

        protected override void On(byte[] message, long nowNs) => CoinbaseQuery.Fills("1-1000-1", "O1", 100_000_000, Btc, 0, Tell, Tally).On(new CoinbaseAnswer(200, message), nowNs);
    }

    private sealed class Feed : HostileReports
    {
        protected override void GoUp()
        {
        }

        public override string Fill(string price, string size) => $$"""[{"trade_id":7,"product_id":"BTC-USD","order_id":"O1","price":"{{price}}","size":"{{size}}","fee":"1.1"}]""";

        protected override void On(byte[] message, long nowNs)
        {
            var query = new FeedQuery(Intent, Btc, Tell, Tally);
            query.On(new FeedAnswer(200, """{"id":"O1","status":"done","filled_size":"1"}"""u8.ToArray(), ""), nowNs);
            query.On(new FeedAnswer(200, message, ""), nowNs);
        }
    }

    /// <summary>With the session in front of it, as it is in the adapter.</summary>
    private sealed class Fix : HostileReports, ISessionHandler
    {
        private readonly SendBuffer _output = new(1 << 20);
        private FixOrders _orders = null!;
        private FixRefusals _refusals = null!;
        private Session _session = null!;

        protected override void GoUp()
        {
            _refusals = new FixRefusals(Tally);
            _orders = new FixOrders(0, [Btc], Tell, Tally, FixDialect.Plain, new FixQuotes(0, [Btc], Tell, Tally));
            _session = new Session(new SessionSettings { SenderCompID = "BRIDGE", TargetCompID = "SANDBOX", Initiator = true, CheckLatency = false }, HostileText.Dictionary, new MemoryStore(), this) { Log = _refusals };
            _session.Connect(_output, Ns);
            Give(HostileText.Fix("35=A|98=0|108=30|", "SANDBOX", "BRIDGE", 1, Ns));
        }

        public override string Fill(string price, string size) =>
            HostileText.Fix($"35=8|37=O1|11=1-1000-1|17=E1|150=F|39=2|55=BTC-USD|54=1|32={size}|31={price}|151=0|14=1|6=100.5|136=1|137=1.1|138=USD|139=4|", "SANDBOX", "BRIDGE", 2, Ns);

        protected override void On(byte[] message, long nowNs)
        {
            _session.OnBytes(message, nowNs);
            if (!_session.WantsClose) return;
            _refusals.Closed(_session.CloseReason!);
            _session.Disconnected(_session.CloseReason!, nowNs);
        }

        void ISessionHandler.OnLogon(Session session, long nowNs) => _orders.Up((_, _) => 1, nowNs);

        void ISessionHandler.OnMessage(Session session, in Message message, long nowNs) => _orders.On(message, nowNs);

        void ISessionHandler.OnLogout(Session session, string reason, long nowNs) => _orders.Down(reason, nowNs);
    }
}
