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

/// <summary>
/// An adapter's book of one bid (1 at 100.0) and one ask (1 at 101.0) that is live, and the messages that change it:
/// the first puts a bid in at 100.5, the second one at 100.6. No socket.
/// </summary>
internal abstract class HostileBooks
{
    protected const long Ns = TestBridge.StartNs;

    private readonly List<Input> _told = [];
    private long _nowNs = Ns;

    protected Tally Tally { get; } = new(0, _ => { });

    protected abstract string Symbol { get; }

    protected Instrument Btc => new(0, "BTC-USD", "BTC", "USD", 1, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = Symbol, Tick = 1, Lot = 1000, Min = 10_000, TakerFeePpm = 0 }],
    };

    public BookImage Last => _told.OfType<BookImage>().Last();

    public long Count(OutsideReason reason) => Tally.Of(reason);

    public static HostileBooks Of(string protocol)
    {
        HostileBooks books = protocol switch { "kraken" => new Kraken(), "binance" => new Binance(), "okx" => new Okx(), "coinbase" => new Coinbase(), "coinbase-exchange" => new Feed(), _ => new Fix() };
        books.GoLive();
        return books;
    }

    public void Give(string message) => Give(Encoding.ASCII.GetBytes(message));

    public void Give(byte[] message) => On(message, _nowNs += 1_000_000);

    /// <summary>The message that puts a bid into the book, the first or the second after the snapshot.</summary>
    public abstract string Update(int number, string price, string size);

    protected abstract void GoLive();

    protected abstract void On(byte[] message, long nowNs);

    protected void Tell(Input input) => _told.Add(input);

    private sealed class Kraken : HostileBooks
    {
        private KrakenBooks _books = null!;

        protected override string Symbol => "BTC/USD";

        protected override void GoLive()
        {
            _books = new KrakenBooks(0, [Btc], Tell, Tally);
            _books.Connecting(Ns);
            _books.Open(_ => { }, Ns);
            Give("""{"channel":"instrument","type":"snapshot","data":{"assets":[],"pairs":[{"symbol":"BTC/USD","base":"BTC","quote":"USD","status":"online","qty_precision":8,"qty_increment":0.00000001,"qty_min":0.00005,"price_precision":1,"price_increment":0.1}]}}""");
            Give(Message("snapshot", """{"price":100.0,"qty":1.00000000}""", """{"price":101.0,"qty":1.00000000}""", 0));
        }

        // The sum is that of the true book: asks, then bids, digits without points and leading zeros.
        public override string Update(int number, string price, string size) => Message("update", $$"""{"price":{{price}},"qty":{{size}}}""", "", number);

        private static string Message(string type, string bids, string asks, int number)
        {
            var sum = TextBook.Crc("1010100000000" + (number > 1 ? "1006100000000" : "") + (number > 0 ? "1005100000000" : "") + "1000100000000");
            return $$$"""{"channel":"book","type":"{{{type}}}","data":[{"symbol":"BTC/USD","bids":[{{{bids}}}],"asks":[{{{asks}}}],"checksum":{{{sum}}}}]}""";
        }

        protected override void On(byte[] message, long nowNs) => _books.On(message, nowNs);
    }

    private sealed class Binance : HostileBooks
    {
        private readonly List<BinanceQuestion> _questions = [];
        private BinanceBooks _books = null!;

        protected override string Symbol => "BTCUSDT";

        protected override void GoLive()
        {
            _books = new BinanceBooks(0, [Btc], Tell, Tally, question =>
            {
                _questions.Add(question);
                return true;
            });
            _books.Connecting(Ns);
            _books.Open(_ => { }, Ns);
            _books.OnAnswer(_questions[^1], """{"symbols":[{"symbol":"BTCUSDT","status":"TRADING","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.1"},{"filterType":"LOT_SIZE","minQty":"0.00001","stepSize":"0.00001"}]}]}"""u8.ToArray(), Ns);
            Give("""{"result":null,"id":1}""");
            _books.Poll(Ns + 1_100_000_000);
            _books.OnAnswer(_questions[^1], """{"lastUpdateId":100,"bids":[["100.0","1"]],"asks":[["101.0","1"]]}"""u8.ToArray(), Ns + 1_100_000_000);
            _books.On(System.Text.Encoding.UTF8.GetBytes(Update(0, "100.0", "1")), Ns + 1_100_000_000);   // in the snapshot already
        }

        public override string Update(int number, string price, string size) => $$"""{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":{{100 + number}},"u":{{100 + number}},"b":[["{{price}}","{{size}}"]],"a":[]}""";

        protected override void On(byte[] message, long nowNs) => _books.On(message, nowNs);
    }

    private sealed class Okx : HostileBooks
    {
        private OkxBooks _books = null!;

        protected override string Symbol => "BTC-USDT";

        protected override void GoLive()
        {
            _books = new OkxBooks(0, [Btc], Tell, Tally, new SlidingLimit(40, 2 * TestBridge.SecondNs));
            _books.Connecting(Ns);
            _books.Open(_ => { }, """{"arg":{"channel":"instruments","instType":"SPOT"},"code":"0","data":[{"instType":"SPOT","instId":"BTC-USDT","instIdCode":10,"tickSz":"0.1","lotSz":"0.00000001","minSz":"0.00001","state":"live"}]}"""u8.ToArray(), Ns);
            Give(Message("snapshot", """["100","1","0","1"]""", """["101","1","0","1"]""", -1, 10));
            _books.OnAnswer(_books.NextQuestion(Ns + 2_000_000)!, """{"code":"0","msg":"","data":[{"bids":[["100","1","0","1"]],"asks":[["101","1","0","1"]],"ts":"1","seqId":10}]}"""u8.ToArray(), Ns + 2_000_000);
        }

        public override string Update(int number, string price, string size) => Message("update", $"""["{price}","{size}","0","1"]""", "", 9 + number, 10 + number);

        private static string Message(string action, string bids, string asks, int previous, int seqId) =>
            $$"""{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"{{action}}","data":[{"asks":[{{asks}}],"bids":[{{bids}}],"ts":"1","checksum":0,"prevSeqId":{{previous}},"seqId":{{seqId}}}]}""";

        protected override void On(byte[] message, long nowNs) => _books.On(message, nowNs);
    }

    private sealed class Coinbase : HostileBooks
    {
        private CoinbaseBooks _books = null!;

        protected override string Symbol => "BTC-USD";

        protected override void GoLive()
        {
            _books = new CoinbaseBooks(0, [Btc], Tell, Tally, new SlidingLimit(30, TestBridge.SecondNs), new SlidingLimit(100, TestBridge.SecondNs));
            _books.Connecting(Ns);
            _books.Open(_ => { }, """{"products":[{"product_id":"BTC-USD","price_increment":"0.1","base_increment":"0.00000001","base_min_size":"0.00001","status":"online","trading_disabled":false}]}"""u8.ToArray(), Ns);
            Give(Message("snapshot", Level("bid", "100.0", "1") + "," + Level("offer", "101.0", "1"), 0));
            Assert.That(_books.NextQuestion(Ns + 2_000_000), Is.Not.Null);
            _books.OnAnswer("""{"pricebook":{"product_id":"BTC-USD","bids":[{"price":"100.0","size":"1"}],"asks":[{"price":"101.0","size":"1"}]}}"""u8.ToArray(), Ns + 2_000_000);
        }

        public override string Update(int number, string price, string size) => Message("update", Level("bid", price, size), number);

        private static string Level(string side, string price, string size) => $$"""{"side":"{{side}}","event_time":"x","price_level":"{{price}}","new_quantity":"{{size}}"}""";

        private static string Message(string type, string levels, int number) =>
            $$"""{"channel":"l2_data","client_id":"","timestamp":"x","sequence_num":{{number}},"events":[{"type":"{{type}}","product_id":"BTC-USD","updates":[{{levels}}]}]}""";

        protected override void On(byte[] message, long nowNs) => _books.On(message, nowNs);
    }

    private sealed class Feed : HostileBooks
    {
        private FeedBooks _books = null!;

        protected override string Symbol => "BTC-USD";

        protected override void GoLive()
        {
            _books = new FeedBooks(0, [Btc], Tell, Tally, new SlidingLimit(10, TestBridge.SecondNs), null);
            _books.Connecting(Ns);
            _books.Open(_ => { }, """[{"id":"BTC-USD","quote_increment":"0.1","base_increment":"0.00000001","status":"online","cancel_only":false,"trading_disabled":false}]"""u8.ToArray(), 0, Ns);
            Give("""{"type":"snapshot","product_id":"BTC-USD","bids":[["100.0","1"]],"asks":[["101.0","1"]]}""");
            _books.OnAnswer(_books.NextQuestion(Ns + 2_000_000)!, """{"bids":[["100.0","1",1]],"asks":[["101.0","1",1]],"sequence":7}"""u8.ToArray(), Ns + 2_000_000);
        }

        public override string Update(int number, string price, string size) => $$"""{"type":"l2update","product_id":"BTC-USD","changes":[["buy","{{price}}","{{size}}"]]}""";

        protected override void On(byte[] message, long nowNs) => _books.On(message, nowNs);
    }

    /// <summary>With the session in front of it, as it is in the adapter.</summary>
    private sealed class Fix : HostileBooks, ISessionHandler
    {
        private readonly SendBuffer _output = new(1 << 20);
        private FixBooks _books = null!;
        private FixRefusals _refusals = null!;
        private Session _session = null!;
        private string _request = "";
        private long _atNs;

        protected override string Symbol => "BTC-USD";

        protected override void GoLive()
        {
            _refusals = new FixRefusals(Tally);
            _books = new FixBooks(0, [Btc], Tell, Tally);
            _session = new Session(new SessionSettings { SenderCompID = "BRIDGE", TargetCompID = "SANDBOX", Initiator = true, CheckLatency = false }, HostileText.Dictionary, new MemoryStore(), this) { Log = _refusals };
            _session.Connect(_output, Ns);
            Give(Message(1, "35=A|98=0|108=30|"));
            Give(Message(2, "35=y|320=1|322=1|560=0|146=1|55=BTC-USD|"));
            Give(Message(3, $"35=W|262={_request}|55=BTC-USD|83=0|268=2|269=0|270=100.0|271=1|269=1|270=101.0|271=1|"));
        }

        public override string Update(int number, string price, string size) => Message(3 + number, $"35=X|262={_request}|268=1|279=0|269=0|270={price}|271={size}|83={number}|");

        protected override void On(byte[] message, long nowNs)
        {
            _atNs = nowNs;
            _session.OnBytes(message, nowNs);
            if (!_session.WantsClose) return;
            _refusals.Closed(_session.CloseReason!);
            _session.Disconnected(_session.CloseReason!, nowNs);
        }

        private static string Message(int number, string body) => HostileText.Fix(body, "SANDBOX", "BRIDGE", number, Ns);

        private int Send(ReadOnlySpan<byte> msgType, MessageBody body)
        {
            var before = _output.Unsent(_output.Tail).Length;
            body(ref _session.Begin(msgType, _atNs), _atNs);
            _session.End(keep: false);
            var sent = Encoding.ASCII.GetString(_output.Unsent(_output.Tail)[before..]);
            if (sent.Contains("\u0001263=1\u0001", StringComparison.Ordinal)) _request = sent.Split("\u0001262=")[1].Split('\u0001')[0];
            return 1;
        }

        void ISessionHandler.OnLogon(Session session, long nowNs) => _books.Up(Send, nowNs);

        void ISessionHandler.OnMessage(Session session, in Message message, long nowNs) => _books.On(message, nowNs);

        void ISessionHandler.OnLogout(Session session, string reason, long nowNs) => _books.Down(nowNs);
    }
}
