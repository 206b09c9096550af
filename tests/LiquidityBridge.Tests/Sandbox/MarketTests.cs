using LiquidityBridge.Sandbox;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;
using Trade = LiquidityBridge.Sandbox.Market.Trade;

namespace LiquidityBridge.Tests.Sandbox;

// The bridge's own Instrument is nearer.
using Instrument = LiquidityBridge.Sandbox.Market.Instrument;

public class MarketTests
{
    private static (Exchange Exchange, SyntheticMarket Market) Make(string name, ulong seed)
    {
        var settings = Settings.Read(Path.Combine(AppContext.BaseDirectory, "sandbox.cfg"));
        var exchange = new Exchange(name, settings.Instruments(name));
        return (exchange, new SyntheticMarket(seed, exchange, new House(exchange)));
    }

    private static string Books(Exchange exchange)
    {
        var text = new System.Text.StringBuilder();
        foreach (var instrument in exchange.Instruments)
        {
            var view = new DepthView(exchange, instrument, 50);
            view.Advance();
            text.AppendJoin(' ', view.Bids).Append(" | ").AppendJoin(' ', view.Asks).AppendLine();
        }
        return text.ToString();
    }

    [Test]
    public void The_same_seed_gives_the_same_books_and_another_seed_others()
    {
        var (first, same, other) = (Make("kraken", 5), Make("kraken", 5), Make("kraken", 6));
        for (var n = 0; n < 500; n++)
        {
            first.Market.Step();
            same.Market.Step();
            other.Market.Step();
        }
        Assert.That(Books(same.Exchange), Is.EqualTo(Books(first.Exchange)));
        Assert.That(Books(other.Exchange), Is.Not.EqualTo(Books(first.Exchange)));
    }

    [Test]
    public void Every_instrument_always_has_both_sides_and_is_never_crossed([Values(1u, 2u, 3u)] uint seed)
    {
        var (exchange, market) = Make("fix", seed);
        for (var n = 0; n < 2000; n++)
        {
            market.Step();
            foreach (var instrument in exchange.Instruments)
            {
                var book = exchange.Book(instrument);
                Assert.That(book.TryBest(Side.Buy, out var bid) && book.TryBest(Side.Sell, out var ask) && bid < ask, Is.True, $"{instrument.Symbol} after step {n}");
            }
        }
    }

    [Test]
    public void Now_this_exchange_has_the_better_price_and_now_the_other([Values("BTC", "ETH")] string asset)
    {
        var (kraken, fix) = (Make("kraken", 9), Make("fix", 9));
        int krakenBetter = 0, fixBetter = 0;
        for (var n = 0; n < 2000; n++)
        {
            kraken.Market.Step();
            fix.Market.Step();
            var (a, b) = (BestAskMicros(kraken.Exchange, $"{asset}/USD"), BestAskMicros(fix.Exchange, $"{asset}-USD"));
            if (a < b) krakenBetter++;
            if (b < a) fixBetter++;
            Assert.That(Math.Abs(a - b), Is.LessThan(a / 1000), "the two never part by more than 10 basis points");
        }
        Assert.That(Math.Min(krakenBetter, fixBetter), Is.GreaterThan(400));
    }

    [Test]
    public async Task Trades_are_told_now_and_then()
    {
        await using var sandbox = await RunningSandbox.Start(scripted: false);
        using var client = await KrakenClient.Public(sandbox);
        await client.Subscribe("trade", "BTC/USD");
        var first = (await client.Channel("trade")).GetProperty("data")[0];
        var second = (await client.Channel("trade")).GetProperty("data")[0];
        Assert.That(second.GetProperty("trade_id").GetInt64(), Is.GreaterThan(first.GetProperty("trade_id").GetInt64()));
        Assert.That(second.GetProperty("qty").GetRawText(), Does.Match(@"^\d+\.\d{8}$"));
    }

    [Test]
    public void Clients_and_the_house_together_neither_gain_nor_lose([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var (exchange, market) = Make("fix", (ulong)seed);
        var ledger = new FeeLedger();
        exchange.Events = ledger;
        var accounts = Enumerable.Range(0, 3).Select(n => new Account($"a{n}")).ToList();
        foreach (var account in accounts)
        {
            account["USD"].Total = 1_000_000L * Decimals.Power(Instrument.AtomDecimals);
            account["BTC"].Total = 20L * Decimals.Power(Instrument.AtomDecimals);
        }
        var instrument = exchange.Find("BTC-USD")!;
        var open = new List<Order>();
        for (var n = 0; n < 3000; n++)
        {
            var account = accounts[random.Next(accounts.Count)];
            if (random.Next(4) > 0)
            {
                var (_, order) = exchange.Enter(new OrderRequest
                {
                    Account = account, Instrument = instrument, Side = random.Next(2) == 0 ? Side.Buy : Side.Sell,
                    Type = random.Next(5) == 0 ? OrdType.Market : OrdType.Limit,
                    TimeInForce = random.Next(3) switch { 0 => TimeInForce.ImmediateOrCancel, 1 => TimeInForce.FillOrKill, _ => TimeInForce.GoodTillCancel },
                    LimitTicks = 5_000_000 + random.Next(-20_000, 20_000), Lots = random.Next(10, 200_000),
                });
                if (order is { IsOpen: true }) open.Add(order);
            }
            else if (open.Count > 0)
            {
                var order = open[random.Next(open.Count)];
                if (random.Next(2) == 0) exchange.Cancel(order);
                else exchange.Amend(order, order.LimitTicks + random.Next(-500, 500), Math.Max(1, order.Lots + random.Next(-5000, 5000)), "", false);
                open.RemoveAll(o => !o.IsOpen);
            }
            if (n % 10 == 0) market.Step();
            foreach (var a in accounts)
                foreach (var (asset, balance) in a.Balances)
                    Assert.That(balance.Held >= 0 && balance.Available >= 0, Is.True, $"{a.Name} {asset} after {n}");
        }
        foreach (var account in accounts)
        {
            var resting = open.Where(o => o.Account == account).ToList();
            Assert.That(account["BTC"].Held, Is.EqualTo(Sum(resting.Where(o => o.Side == Side.Sell).Select(o => o.Held))));
            Assert.That(account["USD"].Held, Is.EqualTo(Sum(resting.Where(o => o.Side == Side.Buy).Select(o => o.Held))));
            // What came and went by fills, reported one by one, is what the balance says.
            Assert.That(account["BTC"].Total - 20L * Decimals.Power(Instrument.AtomDecimals), Is.EqualTo(ledger.Base(account)));
            Assert.That(account["USD"].Total - 1_000_000L * Decimals.Power(Instrument.AtomDecimals), Is.EqualTo(ledger.Quote(account)));
        }
        Assert.That(ledger.Fills, Is.GreaterThan(500));
    }

    [TestCase("1", 2, 100)]
    [TestCase("-1.5", 1, -15)]
    [TestCase("0.10", 1, 1)]
    [TestCase("1e-7", 8, 10)]
    [TestCase("1.5E+2", 0, 150)]
    [TestCase("0e99", 2, null)]
    [TestCase("0.01", 1, null)]
    [TestCase("9223372036854775808", 0, null)]
    [TestCase("1e30", 0, null)]
    [TestCase("", 0, null)]
    [TestCase(".5", 1, null)]
    [TestCase("5.", 1, null)]
    [TestCase("1.2.3", 4, null)]
    [TestCase("0x10", 0, null)]
    public void Decimals_are_exact_or_refused(string text, int decimals, long? expected) =>
        Assert.That(Decimals.TryScale(text, decimals, out var scaled) ? scaled : (long?)null, Is.EqualTo(expected));

    private static long BestAskMicros(Exchange exchange, string symbol)
    {
        var instrument = exchange.Find(symbol)!;
        Assert.That(exchange.Book(instrument).TryBest(Side.Sell, out var price), Is.True);
        return price.Ticks * Decimals.Power(6 - instrument.PriceDecimals);
    }

    private static Int128 Sum(IEnumerable<Int128> values) => values.Aggregate((Int128)0, (a, b) => a + b);

    /// <summary>A second set of books, kept from the fills alone.</summary>
    private sealed class FeeLedger : IExchangeEvents
    {
        private readonly Dictionary<(Account, bool IsBase), Int128> _sums = [];

        public int Fills { get; private set; }

        public Int128 Base(Account account) => _sums.GetValueOrDefault((account, true));

        public Int128 Quote(Account account) => _sums.GetValueOrDefault((account, false));

        public void OnFill(Order order, in Fill fill)
        {
            Fills++;
            var sign = order.Side == Side.Buy ? 1 : -1;
            _sums[(order.Account, true)] = Base(order.Account) + sign * (Int128)fill.Trade.Lots * 100_000;
            _sums[(order.Account, false)] = Quote(order.Account) - sign * (Int128)fill.Trade.Lots * fill.Trade.Ticks * 1000 - fill.Fee;
        }

        public void OnAccepted(Order order) { }
        public void OnCanceled(Order order, CancelReason reason) { }
        public void OnAmended(Order order) { }
        public void OnTrade(in Trade trade) { }
        public void OnBalance(Account account, string asset, Int128 change, in Trade trade) { }
        public void OnHalt(Instrument instrument, bool halted) { }
        public void OnBook(Instrument instrument) { }
    }
}
