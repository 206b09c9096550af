using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Tests.Sandbox;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>The adapters against the stand-in exchanges, over real sockets, with what can go wrong there.</summary>
[TestFixture("kraken"), TestFixture("fix"), TestFixture("okx"), TestFixture("coinbase"), TestFixture("coinbase-exchange"), TestFixture("binance"), Parallelizable]
internal sealed class SandboxTests(string protocol)
{
    private const int Patience = 30_000;

    private readonly ConcurrentQueue<Input> _told = new();
    private RunningSandbox _sandbox = null!;
    private IExchange _exchange = null!;
    private string _folder = "";
    private int _ids;

    private string Symbol => protocol switch { "kraken" => "BTC/USD", "binance" => "BTCUSDT", _ => "BTC-USD" };

    private Instrument Btc => new(0, "BTC-USD", "BTC", "USD", 2, 8)
    {
        VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
        Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
        Markets = [new Market { Exchange = 0, Symbol = Symbol, Tick = 10, Lot = 1000, Min = 10_000, TakerFeePpm = 0, QuoteAsset = protocol == "binance" ? "USDT" : null }],
    };

    [SetUp]
    public async Task Connect()
    {
        _told.Clear();
        _folder = Directory.CreateTempSubdirectory("bridge-sandbox").FullName;
        _sandbox = await RunningSandbox.Start();
        await _sandbox.Book(protocol, Symbol, """
            buy 1 @ 49999.0
            buy 2 @ 49998.0
            sell 1 @ 50001.0
            sell 2 @ 50002.0
            """);
        _exchange = Adapters.Make(protocol, _sandbox, Btc, _told.Enqueue, _folder);
        _exchange.Start();
        await Until(() => IsUp && Book.State == BookState.Live, CancellationToken.None);
    }

    [TearDown]
    public async Task Disconnect()
    {
        _exchange.Dispose();
        await _sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private bool IsUp => _told.OfType<ExchangeTrading>().LastOrDefault()?.IsUp == true;

    private BookImage Book => _told.OfType<BookImage>().LastOrDefault() ?? new BookImage { NowNs = 0, Exchange = 0, Instrument = 0, State = BookState.Disconnected };

    private IEnumerable<HedgeReport> Reports => _told.OfType<HedgeReport>();

    private HedgeIntent Send(Side side, long quantity, long limit)
    {
        var intent = new HedgeIntent { NowNs = Clock.NowNs(), ClientId = $"1-{Clock.NowNs() / 1_000_000_000}-{++_ids}", Instrument = 0, Exchange = 0, Side = side, Quantity = quantity, Limit = limit, Seq = 1, Attempt = 1 };
        _exchange.Send(intent);
        return intent;
    }

    private Task Fault(string fault) => _sandbox.Fault(protocol, fault);

    private async Task Until(Func<bool> condition, CancellationToken cancel)
    {
        var until = Environment.TickCount64 + Patience;
        while (!condition())
        {
            if (Environment.TickCount64 > until) Assert.Fail($"waited in vain; told:\n{string.Join('\n', _told.TakeLast(10))}");
            await Task.Delay(10, cancel);
        }
    }

    [Test]
    public void The_book_is_live_and_on_the_grid() => Assert.Multiple(() =>
    {
        Assert.That(Book.Bids, Is.EqualTo(new[] { new Level(4999900, 100_000_000), new Level(4999800, 200_000_000) }));
        Assert.That(Book.Asks, Is.EqualTo(new[] { new Level(5000100, 100_000_000), new Level(5000200, 200_000_000) }));
    });

    /// <summary>Market data is compressed where the protocol runs over WebSockets; FIX has no such thing.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Market_data_comes_compressed(CancellationToken cancel)
    {
        Assume.That(protocol, Is.Not.EqualTo("fix"), "FIX runs over TCP alone");
        var uri = protocol switch { "kraken" => _sandbox.KrakenSocket + "/v2", "binance" => _sandbox.BinanceSocket + "/ws", "okx" => _sandbox.OkxSocket + "/public", "coinbase" => _sandbox.CoinbaseSocket + "/ws", _ => _sandbox.FeedSocket };
        using var socket = new ClientWebSocket { Options = { DangerousDeflateOptions = new WebSocketDeflateOptions(), CollectHttpResponseDetails = true } };
        await socket.ConnectAsync(new Uri(uri), cancel);
        Assert.That(socket.HttpResponseHeaders!["Sec-WebSocket-Extensions"], Has.Some.Contains("permessage-deflate"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Changes_are_followed(CancellationToken cancel)
    {
        await _sandbox.Book(protocol, Symbol, """
            buy 0 @ 49999.0
            sell 0.5 @ 50000.5
            """);
        await Until(() => Book.Bids.Count > 0 && Book.Bids[0].Price == 4999800 && Book.Asks[0] == new Level(5000050, 50_000_000), cancel);
        Assert.That(Book.State, Is.EqualTo(BookState.Live));
    }

    /// <summary>What is booked of a purchase and a sale is what the account has afterwards, to the last atom.</summary>
    [Test, CancelAfter(60_000)]
    public async Task What_is_booked_is_what_the_account_owns(CancellationToken cancel)
    {
        var (baseBefore, quoteBefore) = await Owned();
        Send(Side.Buy, 150_000_000, 5000200);
        Send(Side.Sell, 50_001_000, 4999900);
        await Until(() => Reports.Where(r => r.Kind == HedgeReportKind.Filled).Sum(r => r.Quantity) == 200_001_000, cancel);
        var inventory = new Inventory(Btc);
        foreach (var fill in Reports.Where(r => r.Kind == HedgeReportKind.Filled)) inventory.AddHedgeFill(fill.Price > 5000000 ? Side.Buy : Side.Sell, fill.Quantity, fill.Price, fill.FeeAtoms, fill.BaseFeeAtoms);
        var (baseAfter, quoteAfter) = await Owned();
        Assert.Multiple(() =>
        {
            Assert.That(Btc.BaseAtoms(inventory.Position), Is.EqualTo(baseAfter - baseBefore));
            Assert.That(inventory.CashAtoms, Is.EqualTo(quoteAfter - quoteBefore));
        });
    }

    private async Task<(Int128 Base, Int128 Quote)> Owned()
    {
        var balances = (await _sandbox.Do("account", new { exchange = protocol, account = "bridge" })).GetProperty("balances");
        return (Atoms("BTC"), Atoms(protocol == "binance" ? "USDT" : "USD"));

        Int128 Atoms(string asset) => DecimalText.TryAtoms(Encoding.ASCII.GetBytes(balances.GetProperty(asset).GetString()!), Instrument.AmountDecimals, out var atoms) ? atoms : throw new FormatException(asset);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_hedge_is_filled_level_by_level(CancellationToken cancel)
    {
        var intent = Send(Side.Buy, 150_000_000, 5000200);
        await Until(() => Reports.Where(r => r.Kind == HedgeReportKind.Filled).Sum(r => r.Quantity) == 150_000_000, cancel);
        var fills = Reports.Where(r => r.Kind == HedgeReportKind.Filled).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(fills.Select(f => (f.ClientId, f.Quantity, f.Price)), Is.EqualTo(new[] { (intent.ClientId, 100_000_000L, 5000100L), (intent.ClientId, 50_000_000L, 5000200L) }));
            Assert.That(fills.Select(f => f.ExecId).Distinct().Count(), Is.EqualTo(2));
            Assert.That(fills.All(f => (protocol == "binance" ? f.BaseFeeAtoms : f.FeeAtoms) > 0), Is.True);
            Assert.That(Reports.Any(r => r.Kind == HedgeReportKind.Acknowledged), Is.True);
        });
    }

    [Test, CancelAfter(60_000)]
    public async Task What_the_limit_leaves_is_canceled(CancellationToken cancel)
    {
        Send(Side.Buy, 150_000_000, 5000100);
        await Until(() => Reports.Any(r => r.Kind == HedgeReportKind.Canceled), cancel);
        Assert.That(Reports.Single(r => r.Kind == HedgeReportKind.Canceled).Cum, Is.EqualTo(100_000_000));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_reject_is_told(CancellationToken cancel)
    {
        await Fault("reject");
        Send(Side.Buy, 100_000_000, 5000100);
        await Until(() => Reports.Any(r => r.Kind == HedgeReportKind.Rejected), cancel);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_refusal_for_the_rate_is_told_and_counted_and_passes(CancellationToken cancel)
    {
        await Fault("rate-limit");
        Send(Side.Buy, 10_000_000, 5000100);
        await Until(() => Reports.Any(r => r.Kind == HedgeReportKind.Rejected) && Counted(OutsideReason.RateLimited), cancel);
        Assert.That(Reports.Any(r => r.Kind == HedgeReportKind.Filled), Is.False);
        await UntilFilled(cancel);
    }

    /// <summary>Four minutes ahead: where a protocol holds times against its clock, the adapter goes by that clock. Over FIX it cannot.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Orders_are_taken_by_an_exchange_whose_clock_is_ahead(CancellationToken cancel)
    {
        await _sandbox.Fault(protocol, "clock-skew", ms: protocol == "fix" ? 90_000 : 240_000);
        if (protocol == "fix")
        {
            // Ours are too late for it, its are not too early for us: refused with 373=10, and logged out.
            await Until(() => !IsUp && Counted(OutsideReason.ClockSkew), cancel);
            Send(Side.Buy, 10_000_000, 5000100);
            await Until(() => Reports.Any(r => r.Kind == HedgeReportKind.Rejected), cancel);
            await Fault("none");
        }
        else await Fault("disconnect");
        await Until(() => !IsUp, cancel);
        await Until(() => IsUp, cancel);
        await UntilFilled(cancel);
    }

    /// <summary>A maker's last look: acknowledged, and refused after that.</summary>
    [Test, CancelAfter(60_000)]
    public async Task A_maker_may_refuse_what_it_has_acknowledged(CancellationToken cancel)
    {
        Assume.That(protocol, Is.EqualTo("fix"), "the matching engine of an exchange has no last look");
        await Fault("last-look");
        var intent = Send(Side.Buy, 100_000_000, 5000100);
        await Until(() => Reports.Any(r => r.Kind == HedgeReportKind.Rejected), cancel);
        Assert.That(Reports.Where(r => r.ClientId == intent.ClientId).Select(r => r.Kind), Is.EqualTo(new[] { HedgeReportKind.Sent, HedgeReportKind.Acknowledged, HedgeReportKind.Rejected }));
    }

    private bool Counted(OutsideReason reason) => _told.OfType<ExchangeCounts>().Any(c => c.Counts.Any(n => n.Reason == reason));

    /// <summary>Orders pass again, at the latest when what the exchange counts by has gone by.</summary>
    private async Task UntilFilled(CancellationToken cancel)
    {
        for (var sentMs = 0L; !Reports.Any(r => r.Kind == HedgeReportKind.Filled); await Task.Delay(20, cancel))
        {
            if (Environment.TickCount64 - sentMs < 700) continue;
            sentMs = Environment.TickCount64;
            Send(Side.Buy, 10_000_000, 5000100);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task An_order_whose_connection_breaks_is_found_again(CancellationToken cancel)
    {
        await Fault("drop-after-order");
        var intent = Send(Side.Buy, 100_000_000, 5000100);
        await Until(() => _told.OfType<ExchangeTrading>().Any(t => !t.IsUp), cancel);
        await Until(() => IsUp, cancel);
        _exchange.Query(intent);
        await Until(() => Reports.Any(r => r.Kind == HedgeReportKind.Gone), cancel);
        Assert.Multiple(() =>
        {
            Assert.That(Reports.Last(r => r.Kind == HedgeReportKind.Gone).Cum, Is.EqualTo(100_000_000));
            Assert.That(Reports.Where(r => r.Kind == HedgeReportKind.Filled).DistinctBy(r => r.ExecId).Sum(r => r.Quantity), Is.EqualTo(100_000_000), "the fill was found");
            Assert.That(Reports.ToList().FindIndex(r => r.Kind == HedgeReportKind.Filled), Is.LessThan(Reports.ToList().FindIndex(r => r.Kind == HedgeReportKind.Gone)), "fills before the end");
        });
    }

    [Test, CancelAfter(60_000)]
    public async Task An_order_that_never_arrived_is_gone_with_nothing(CancellationToken cancel)
    {
        _exchange.Query(new HedgeIntent { NowNs = Clock.NowNs(), ClientId = "1-1-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = 1, Limit = 1, Seq = 1, Attempt = 1 });
        await Until(() => Reports.Any(r => r.Kind == HedgeReportKind.Gone && r.ClientId == "1-1-1" && r.Cum == 0), cancel);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_fill_told_twice_has_one_identifier(CancellationToken cancel)
    {
        await Fault("duplicate-fill");
        var intent = Send(Side.Buy, 100_000_000, 5000100);
        // Where REST is asked for the fills, a question that is not answered in time is left to the core, which asks again; Coinbase Exchange's are asked for once.
        var askedMs = Environment.TickCount64;
        await Until(() =>
        {
            if (Environment.TickCount64 - askedMs > 2000)
            {
                askedMs = Environment.TickCount64;
                _exchange.Query(intent);
            }
            return Reports.Count(r => r.Kind == HedgeReportKind.Filled) >= (protocol == "coinbase-exchange" ? 1 : 2);
        }, cancel);
        Assert.That(Reports.Where(r => r.Kind == HedgeReportKind.Filled).Select(r => r.ExecId).Distinct().Count(), Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_lost_update_voids_the_book_until_it_is_proven_anew(CancellationToken cancel)
    {
        await Fault("book-gap");
        await _sandbox.Book(protocol, Symbol, "buy 3 @ 49997.0");
        var before = _told.Count;
        await _sandbox.Book(protocol, Symbol, "buy 4 @ 49996.0");
        await Until(() => _told.Skip(before).OfType<BookImage>().Any(b => b.State == BookState.Syncing), cancel);
        await Until(() => Book is { State: BookState.Live, Bids.Count: 4 }, cancel);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_message_cut_from_the_reports_heals_by_itself(CancellationToken cancel)
    {
        await Fault("execution-gap");
        var intent = Send(Side.Buy, 100_000_000, 5000100);
        // Where orders are requests of their own, one can overtake the other.
        await Task.Delay(300, cancel);
        Send(Side.Buy, 10_000_000, 5000200);
        var askedMs = 0L;
        await Until(() =>
        {
            // As the core does: again and again.
            if (Environment.TickCount64 - askedMs > 1000)
            {
                askedMs = Environment.TickCount64;
                _exchange.Query(intent);
            }
            return Reports.Where(r => r.Kind == HedgeReportKind.Filled).DistinctBy(r => r.ExecId).Sum(r => r.Quantity) == 110_000_000
                || Reports.Any(r => r.Kind == HedgeReportKind.Gone && r.ClientId == intent.ClientId && r.Cum == 100_000_000);
        }, cancel);
    }

    /// <summary>The outcome is asked for as the core does: after a while, and again.</summary>
    [TestCase("ack-lost"), TestCase("fill-before-ack"), TestCase("slow-ack"), TestCase("execution-gap"), TestCase("duplicate-fill"), CancelAfter(60_000)]
    public async Task However_the_answers_come_every_fill_is_there_once_and_the_end_is_known(string fault, CancellationToken cancel)
    {
        await _sandbox.Fault(protocol, fault, ms: 300);
        var intent = Send(Side.Buy, 150_000_000, 5000200);
        for (var asked = 0; !IsSettled(); asked++)
        {
            Assert.That(asked, Is.LessThan(60), $"not settled; told:\n{string.Join('\n', _told.TakeLast(10))}");
            await Task.Delay(200, cancel);
            if (!IsSettled()) _exchange.Query(intent);
        }

        bool IsSettled() => Reports.Where(r => r.Kind == HedgeReportKind.Filled && r.ClientId == intent.ClientId).DistinctBy(r => r.ExecId).Sum(r => r.Quantity) == 150_000_000
            && (Reports.Any(r => r.Kind is HedgeReportKind.Canceled or HedgeReportKind.Gone && r.Cum == 150_000_000) || protocol == "fix");
    }
}
