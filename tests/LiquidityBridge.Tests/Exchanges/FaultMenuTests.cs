using LiquidityBridge.Exchanges;
using LiquidityBridge.Tests.Sandbox;

// Most of what these tests do, and others that say Parallelizable, is wait.
[assembly: LevelOfParallelism(4)]

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>
/// Each fault of the menu, one by one, over real sockets and while the market moves: the adapter's book is the exchange's
/// whenever it claims to be live, and it comes back by itself. How long that takes is printed.
/// </summary>
[TestFixture("okx", "BTC-USD"), TestFixture("coinbase", "BTC-USD"), TestFixture("coinbase-exchange", "BTC-USD"), FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
internal sealed class FaultMenuTests(string protocol, string symbol)
{
    /// <summary>A claim may outlive its truth by the feed's own pace and a busy machine, milliseconds. A lost change that has no number is found by comparing, every two seconds.</summary>
    private int LagMs => protocol == "coinbase-exchange" ? 4500 : 1500;

    /// <summary>Until comparing finds out a change that was lost or came late, where changes have no number, milliseconds.</summary>
    private int UntrueMs => protocol == "coinbase-exchange" ? 4500 : 0;

    /// <summary>A feed that stands still while its connection lives is found out within this, milliseconds.</summary>
    private const int FrozenLagMs = 6000;

    private RunningSandbox _sandbox = null!;
    private Truth _truth = null!;
    private IExchange _exchange = null!;

    [SetUp]
    public async Task Connect()
    {
        _sandbox = await RunningSandbox.Start();
        _truth = new Truth(_sandbox, protocol, symbol, 2, 8, 25);
        var instrument = new Instrument(0, "BTC-USD", "BTC", "USD", 2, 8)
        {
            VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
            Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
            Markets = [new Market { Exchange = 0, Symbol = symbol, Tick = 10, Lot = 1000, Min = 10_000, TakerFeePpm = 0 }],
        };
        _exchange = Adapters.Make(protocol, _sandbox, instrument, _truth.On, "");
        await _truth.Step();
        _exchange.Start();
        await _truth.Recovery();
    }

    [TearDown]
    public async Task Disconnect()
    {
        _exchange.Dispose();
        await _sandbox.DisposeAsync();
    }

    [TestCase("book-gap")]
    [TestCase("book-duplicate")]
    [TestCase("book-reorder")]
    [TestCase("wrong-checksum")]
    [TestCase("book-crossed")]
    [TestCase("disconnect")]
    [TestCase("half-open")]
    [TestCase("slow-consumer")]
    [TestCase("fragments")]
    [TestCase("expire-tokens")]
    public async Task The_book_is_true_or_not_live_and_comes_back(string fault)
    {
        Assume.That(protocol == "okx" || fault != "wrong-checksum", "Coinbase has no checksums");
        await _truth.Run(300);
        await _sandbox.Fault(protocol, fault);
        await _truth.Run(500);
        var recoveryMs = await _truth.Recovery();
        var claims = _truth.Check(LagMs + (fault == "half-open" ? 5000 : 0), UntrueMs);
        TestContext.Out.WriteLine($"{protocol} {fault}: true again {500 + recoveryMs} ms after the fault at most, {claims} claims");
        Assert.That(claims, Is.GreaterThan(1));
    }

    [Test]
    public async Task A_feed_that_stands_still_is_found_out()
    {
        await _truth.Run(300);
        await _sandbox.Fault(protocol, "freeze");
        for (var until = Environment.TickCount64 + 2 * FrozenLagMs; _truth.Claim.State == BookState.Live; await _truth.Step()) Assert.That(Environment.TickCount64, Is.LessThan(until), "still believed");
        await _truth.Run(1000);
        Assert.That(_truth.Claim.State, Is.Not.EqualTo(BookState.Live));
        await _sandbox.Fault(protocol, "none");
        var recoveryMs = await _truth.Recovery();
        TestContext.Out.WriteLine($"{protocol} freeze: true again {recoveryMs} ms after it ended, {_truth.Check(FrozenLagMs)} claims");
    }

    [Test]
    public async Task A_snapshot_that_is_older_than_the_stream_proves_nothing()
    {
        await _truth.Run(300);
        await _sandbox.Fault(protocol, "old-snapshot");
        await _sandbox.Fault(protocol, "disconnect");
        await _truth.Run(500);
        TestContext.Out.WriteLine($"{protocol} old-snapshot: true again after {500 + await _truth.Recovery()} ms, {_truth.Check(LagMs)} claims");
    }

    [Test]
    public async Task Heartbeats_that_stop_end_a_quiet_connection()
    {
        await _sandbox.Fault(protocol, "no-heartbeats");
        for (var until = Environment.TickCount64 + 15_000; _truth.Claim.State == BookState.Live; await Task.Delay(20))
            Assert.That(Environment.TickCount64, Is.LessThan(until), "still believed");
        await _sandbox.Fault(protocol, "none");
        TestContext.Out.WriteLine($"{protocol} no-heartbeats: true again after {await _truth.Recovery()} ms, {_truth.Check(LagMs)} claims");
    }

    [Test]
    public async Task A_clock_that_is_minutes_off_is_followed()
    {
        await _sandbox.Fault(protocol, "clock-skew", ms: 300_000);
        await _sandbox.Fault(protocol, "disconnect");
        await _truth.Run(500);
        TestContext.Out.WriteLine($"{protocol} clock-skew: true again after {500 + await _truth.Recovery()} ms, {_truth.Check(LagMs)} claims");
    }

    [Test]
    public async Task A_halt_pulls_the_book_until_it_resumes()
    {
        await _sandbox.Do("halt", new { exchange = protocol, symbol });
        for (var until = Environment.TickCount64 + 5000; _truth.Claim.State != BookState.Suspended; await Task.Delay(5)) Assert.That(Environment.TickCount64, Is.LessThan(until), "not suspended");
        await _sandbox.Do("resume", new { exchange = protocol, symbol });
        TestContext.Out.WriteLine($"{protocol} halt: true again after {await _truth.Recovery()} ms, {_truth.Check(LagMs)} claims");
    }

    [Test]
    public async Task Decimals_that_no_longer_fit_disable_the_book()
    {
        await _sandbox.Fault(protocol, "decimals");
        for (var until = Environment.TickCount64 + 5000; _truth.Claim.State != BookState.Disabled; await Task.Delay(5)) Assert.That(Environment.TickCount64, Is.LessThan(until), "not disabled");
        await _truth.Run(300);
        Assert.That(_truth.Claim.State, Is.EqualTo(BookState.Disabled));
        _truth.Check(LagMs);
    }

    /// <summary>All faults at random: some seconds in every run, minutes with VENUE_SOAK=1.</summary>
    [Test]
    public async Task Faults_at_random([Values(1)] int seed)
    {
        var random = new Random(seed);
        string[] faults = ["book-gap", "book-duplicate", "book-reorder", "wrong-checksum", "book-crossed", "disconnect", "slow-consumer", "fragments", "old-snapshot", "none"];
        var seconds = Environment.GetEnvironmentVariable("VENUE_SOAK") == "1" ? 240 : 4;
        for (var until = Environment.TickCount64 + seconds * 1000; Environment.TickCount64 < until;)
        {
            await _sandbox.Fault(protocol, faults[random.Next(faults.Length)]);
            await _truth.Run(random.Next(200, 1200));
        }
        await _sandbox.Fault(protocol, "none");
        TestContext.Out.WriteLine($"{protocol} at random for {seconds} s: true again after {await _truth.Recovery()} ms, {_truth.Check(LagMs, UntrueMs)} claims");
    }
}
