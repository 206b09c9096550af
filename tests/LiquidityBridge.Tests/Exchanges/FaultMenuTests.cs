using System.Collections.Concurrent;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Tests.Sandbox;

// Most of what these tests do, and others that say Parallelizable, is wait.
[assembly: LevelOfParallelism(4)]

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>
/// Each fault of the menu, one by one, at each adapter, over real sockets and while the market moves: the adapter's book is
/// the exchange's whenever it claims to be live, and it comes back by itself. How long that takes is printed.
/// </summary>
[TestFixture("kraken"), TestFixture("fix"), TestFixture("binance"), TestFixture("okx"), TestFixture("coinbase"), TestFixture("coinbase-exchange"), FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
internal sealed class FaultMenuTests(string protocol)
{
    // What finds each fault, at each exchange: the reason that is counted. "true": it harms nothing. "none": the protocol has no such thing.
    private const string Menu = """
        fault           kraken    fix       binance      okx        coinbase     coinbase-exchange
        book-gap        Checksum  Gap       Gap          Gap        Gap          Stale|Crossed
        book-duplicate  true      Gap       Repeated     Gap        Repeated     true
        book-reorder    Checksum  Gap       Gap          Gap        Gap          true
        wrong-checksum  Checksum  Malformed none         Checksum   none         none
        book-crossed    Checksum  Crossed   Crossed      Crossed    Crossed      Crossed
        old-snapshot    Checksum  Gap       OldSnapshot  true       OldSnapshot  OldSnapshot
        disconnect      Lost      Lost      Lost         Lost       Lost         Lost
        half-open       Silent    Lost      Silent       Silent     Silent       Silent
        slow-consumer   Lost      Lost      Lost         Lost       Lost         Lost
        shutdown        Lost      Lost      true         Lost       Lost         Lost
        fragments       true      true      true         true       true         true
        expire-tokens   true      none      true         true       true         true
        no-heartbeats   Silent    Lost      Silent       Silent     Silent       Silent
        clock-skew      ClockSkew ClockSkew true         true       true         true
        freeze          true      true      true         true       true         true
        halt            Halted    Halted    Halted       Halted     Halted       Halted
        decimals        Misfit    Misfit    Misfit       Misfit     Misfit       Misfit
        """;

    private static readonly string[][] _rows = [.. Menu.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>What can come at any time, and needs no hand to end it.</summary>
    private static readonly string[] _atRandom = ["book-gap", "book-duplicate", "book-reorder", "wrong-checksum", "book-crossed", "disconnect", "slow-consumer", "fragments", "old-snapshot", "none"];

    /// <summary>A claim may outlive its truth by the feed's own pace and a busy machine, milliseconds. A lost change that has no number is found by comparing, every two seconds.</summary>
    private int LagMs => protocol == "coinbase-exchange" ? 4500 : 1500;

    /// <summary>Until comparing finds out a change that was lost or came late, where changes have no number, milliseconds.</summary>
    private int UntrueMs => protocol == "coinbase-exchange" ? 4500 : 0;

    /// <summary>A feed that stands still while its connection lives is found out within this, milliseconds.</summary>
    private const int FrozenLagMs = 6000;

    private readonly ConcurrentDictionary<OutsideReason, long> _counts = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("bridge-menu").FullName;
    private RunningSandbox _sandbox = null!;
    private Truth _truth = null!;
    private IExchange _exchange = null!;

    private string Symbol => protocol switch { "kraken" => "BTC/USD", "binance" => "BTCUSDT", _ => "BTC-USD" };

    [SetUp]
    public async Task Connect()
    {
        _sandbox = await RunningSandbox.Start();
        // Only REST can tell that a feed stands still; where it is not compared, the core's own limit of a book's age does.
        _truth = new Truth(_sandbox, protocol, Symbol, 2, 8, 25, protocol is "kraken" or "fix" or "binance" ? 2 * TestBridge.SecondNs : long.MaxValue);
        var instrument = new Instrument(0, "BTC-USD", "BTC", "USD", 2, 8)
        {
            VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
            Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
            Markets = [new Market { Exchange = 0, Symbol = Symbol, Tick = 10, Lot = 1000, Min = 10_000, TakerFeePpm = 0, QuoteAsset = protocol == "binance" ? "USDT" : null }],
        };
        _exchange = Adapters.Make(protocol, _sandbox, instrument, On, _folder);
        await _truth.Step();
        _exchange.Start();
        await _truth.Recovery();
    }

    private void On(Input input)
    {
        if (input is ExchangeCounts counts)
            foreach (var reason in counts.Counts.GroupBy(c => c.Reason)) _counts[reason.Key] = reason.Sum(c => c.Count);
        else _truth.On(input);
    }

    [TearDown]
    public async Task Disconnect()
    {
        _exchange.Dispose();
        await _sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<string> Faults => _rows.Skip(1).Select(r => r[0]);

    [TestCaseSource(nameof(Faults))]
    public async Task The_book_is_true_or_not_live_and_comes_back(string fault)
    {
        var foundBy = _rows.Single(r => r[0] == fault)[Array.IndexOf(_rows[0], protocol)];
        Assume.That(foundBy, Is.Not.EqualTo("none"), "the protocol has no such thing");
        await _truth.Run(300);
        var recoveryMs = await (fault switch
        {
            "freeze" => StandStill(),
            "halt" => Halt(),
            "decimals" => Misfit(),
            "no-heartbeats" => FallSilent(),
            "clock-skew" when protocol == "fix" => WrongClock(),
            "old-snapshot" or "clock-skew" => ComeBack(fault, "disconnect"),
            _ => ComeBack(fault),
        });
        var claims = _truth.Check(fault == "freeze" ? FrozenLagMs : LagMs + (fault == "half-open" ? 5000 : 0), UntrueMs);
        TestContext.Out.WriteLine($"{protocol,-18} {fault,-15} {(fault == "decimals" ? "disabled, as it must be" : $"true again after {recoveryMs} ms")}, {claims} claims, found by {foundBy}");
        Assert.That(claims, Is.Positive);
        if (foundBy == "true") return;
        // A change that is missing may cross the book before the comparison sees it.
        for (var until = Environment.TickCount64 + 5000; !foundBy.Split('|').Any(by => _counts.ContainsKey(Enum.Parse<OutsideReason>(by))); await _truth.Run(20))
            Assert.That(Environment.TickCount64, Is.LessThan(until), $"{(await _sandbox.Do("status", new { })).GetProperty(protocol).GetProperty("faults")} not counted as {foundBy}: {string.Join(", ", _counts.Select(c => $"{c.Key} {c.Value}"))}");
    }

    private async Task<long> ComeBack(params string[] faults)
    {
        var begin = Environment.TickCount64;
        foreach (var fault in faults) await _sandbox.Fault(protocol, fault, ms: fault == "clock-skew" ? 300_000 : 0);
        await _truth.Run(500);
        await _truth.Recovery();
        return Environment.TickCount64 - begin;
    }

    /// <summary>The feed stands still and its connection lives; since it goes on again.</summary>
    private async Task<long> StandStill()
    {
        await _sandbox.Fault(protocol, "freeze");
        await Until(s => s != BookState.Live, 2 * FrozenLagMs, step: true);
        await _truth.Run(1000);
        Assert.That(_truth.Claim.State, Is.Not.EqualTo(BookState.Live));
        await _sandbox.Fault(protocol, "none");
        return await _truth.Recovery();
    }

    /// <summary>A quiet market, and no heartbeat; since it is given up.</summary>
    private async Task<long> FallSilent()
    {
        await _sandbox.Fault(protocol, "no-heartbeats");
        await Until(s => s is not (BookState.Live or BookState.Stale), 40_000, step: false);
        await _sandbox.Fault(protocol, "none");
        return await _truth.Recovery();
    }

    /// <summary>Its clock is five minutes ahead, and FIX has no way around that: nothing is claimed until it is right again.</summary>
    private async Task<long> WrongClock()
    {
        await _sandbox.Fault(protocol, "clock-skew", ms: 300_000);
        await Until(s => s != BookState.Live, 5000, step: true);
        await _truth.Run(1500);
        Assert.That(_truth.Claim.State, Is.Not.EqualTo(BookState.Live));
        await _sandbox.Fault(protocol, "none");
        return await _truth.Recovery();
    }

    /// <summary>Since it is traded again.</summary>
    private async Task<long> Halt()
    {
        await _sandbox.Do("halt", new { exchange = protocol, symbol = Symbol });
        await Until(s => s == BookState.Suspended, 15_000, step: false);
        await _sandbox.Do("resume", new { exchange = protocol, symbol = Symbol });
        return await _truth.Recovery();
    }

    private async Task<long> Misfit()
    {
        await _sandbox.Fault(protocol, "decimals");
        await _sandbox.Fault(protocol, "disconnect");
        await Until(s => s == BookState.Disabled, 15_000, step: false);
        await _truth.Run(300);
        Assert.That(_truth.Claim.State, Is.EqualTo(BookState.Disabled));
        return 0;
    }

    private async Task Until(Func<BookState, bool> reached, int patienceMs, bool step)
    {
        for (var until = Environment.TickCount64 + patienceMs; !reached(_truth.Claim.State); await Task.Delay(10))
        {
            Assert.That(Environment.TickCount64, Is.LessThan(until), $"still {_truth.Claim.State}");
            if (step) await _truth.Step();
        }
    }

    /// <summary>All faults at random: some seconds in every run, minutes with VENUE_SOAK=1.</summary>
    [Test]
    public async Task Faults_at_random([Values(1)] int seed)
    {
        var random = new Random(seed);
        var seconds = Environment.GetEnvironmentVariable("VENUE_SOAK") == "1" ? 240 : 4;
        for (var until = Environment.TickCount64 + seconds * 1000; Environment.TickCount64 < until;)
        {
            await _sandbox.Fault(protocol, _atRandom[random.Next(_atRandom.Length)]);
            await _truth.Run(random.Next(200, 1200));
        }
        await _sandbox.Fault(protocol, "none");
        TestContext.Out.WriteLine($"{protocol,-18} at random for {seconds} s: true again after {await _truth.Recovery()} ms, {_truth.Check(LagMs, UntrueMs)} claims");
    }
}
