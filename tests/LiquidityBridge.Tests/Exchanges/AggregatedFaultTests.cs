using System.Diagnostics;
using System.Globalization;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>
/// Every adapter against its stand-in over real sockets while the market moves, with each fault of the menu: whenever the
/// aggregated book claims an exchange's levels, they are that exchange's true levels.
/// </summary>
internal sealed class AggregatedFaultTests
{
    private readonly bool[] _unknown = new bool[Outside.Names.Length];   // since the fault: its book was not claimed at some time
    private Stopwatch _since = Stopwatch.StartNew();                      // the fault

    private static readonly string[] _menu =
    [
        "book-gap", "book-duplicate", "book-reorder", "wrong-checksum", "book-crossed", "freeze", "no-heartbeats", "half-open", "slow-consumer", "disconnect", "old-snapshot", "fragments", "shutdown", "expire-tokens",
    ];

    private const int StepMs = 120;
    /// <summary>Longer than a message can be on its way on a busy machine, and than a frozen book is believed.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(4), _recovery = TimeSpan.FromSeconds(30);

    [Test, CancelAfter(300_000)]
    public async Task Each_fault_by_itself_is_survived_and_nothing_untrue_is_claimed(CancellationToken cancel)
    {
        // Each adapter by itself has every fault of the menu in every run.
        if (Environment.GetEnvironmentVariable("VENUE_SOAK") != "1") Assert.Ignore("VENUE_SOAK=1 runs it");
        await using var outside = await Outside.Start(seed: 3);
        await Recover(outside, "start", cancel);
        foreach (var fault in _menu)
        {
            Array.Clear(_unknown);
            _since = Stopwatch.StartNew();
            await Inject(outside, fault, on: true, Outside.Names);
            for (var i = 0; i < (fault is "freeze" or "half-open" ? 12 : 4); i++) await StepAndCheck(outside, fault, cancel);
            await Inject(outside, "none", on: false, Outside.Names);
            if (fault == "fragments") await Inject(outside, "fragments", on: false, Outside.Names);
            await Recover(outside, fault, cancel);
        }
        Assert.Multiple(() =>
        {
            // The faults were really there: each was found by what finds it.
            Assert.That(outside.Count(0, OutsideReason.Checksum), Is.GreaterThanOrEqualTo(4), "kraken: gap, reorder, checksum, and a level that is not in the checksum");
            Assert.That(outside.Count(1, OutsideReason.Gap), Is.GreaterThanOrEqualTo(1));
            Assert.That(outside.Count(2, OutsideReason.Gap), Is.GreaterThanOrEqualTo(2), "binance: gap, reorder");
            Assert.That(outside.Count(2, OutsideReason.Crossed), Is.GreaterThanOrEqualTo(1));
            Assert.That(outside.Count(2, OutsideReason.Shutdown), Is.GreaterThanOrEqualTo(1));
            Assert.That(outside.Count(3, OutsideReason.Gap), Is.GreaterThanOrEqualTo(2), "okx: gap, reorder");
            Assert.That(outside.Count(4, OutsideReason.Gap) + outside.Count(4, OutsideReason.Repeated), Is.GreaterThanOrEqualTo(2), "coinbase: gap, duplicate, reorder");
            Assert.That(outside.Count(5, OutsideReason.Stale), Is.GreaterThanOrEqualTo(1), "coinbase-exchange: gap");
            for (var exchange = 3; exchange < 6; exchange++) Assert.That(outside.Count(exchange, OutsideReason.Crossed), Is.GreaterThanOrEqualTo(1));
            for (var exchange = 0; exchange < Outside.Names.Length; exchange++) Assert.That(outside.Count(exchange, OutsideReason.Lost), Is.GreaterThanOrEqualTo(1));
        });
    }

    [TestCase(11)]
    [CancelAfter(900_000)]
    public async Task Faults_at_random_are_survived_and_nothing_untrue_is_claimed(int seed, CancellationToken cancel)
    {
        var seconds = Environment.GetEnvironmentVariable("VENUE_SOAK") == "1" ? 300 : 8;
        TestContext.Out.WriteLine($"seed {seed}, {seconds} s");
        var random = new Random(seed);
        await using var outside = await Outside.Start((ulong)seed);
        await Recover(outside, "start", cancel);
        var end = Stopwatch.StartNew();
        while (end.Elapsed < TimeSpan.FromSeconds(seconds))
        {
            var (fault, exchange) = (_menu[random.Next(_menu.Length)], Outside.Names[random.Next(Outside.Names.Length)]);
            if (fault is "freeze" or "no-heartbeats" or "fragments") await Inject(outside, fault, on: random.Next(2) == 0, exchange);
            else if (random.Next(4) == 0) await Inject(outside, "none", on: false, exchange);
            else await Inject(outside, fault, on: true, exchange);
            for (var i = random.Next(6); i >= 0; i--) await StepAndCheck(outside, fault, cancel);
        }
        await Inject(outside, "none", on: false, Outside.Names);
        await Recover(outside, "all of them", cancel);
    }

    private static async Task Inject(Outside outside, string fault, bool on, params string[] exchanges)
    {
        foreach (var exchange in exchanges) await outside.Sandbox.Fault(exchange, fault, on: on);
    }

    /// <summary>After a step every book is true, or says that it is not known; which of them are true.</summary>
    private async Task<bool[]> StepAndCheck(Outside outside, string fault, CancellationToken cancel)
    {
        await outside.Step();
        var since = Stopwatch.StartNew();
        var truths = await outside.Truths();
        var isTrue = new bool[truths.Length];
        for (var exchange = 0; exchange < Outside.Names.Length; exchange++)
        {
            var truth = truths[exchange];
            while (true)
            {
                var claimed = outside.Claimed(exchange);
                if (claimed is null) _unknown[exchange] = true;
                isTrue[exchange] = claimed == truth;
                if (claimed is null || isTrue[exchange]) break;
                if (since.Elapsed > _patience) Assert.Fail($"{fault}: {Outside.Names[exchange]} claims\n{claimed}\nand the truth is\n{truth}\n{outside.Counts(exchange)}");
                await Task.Delay(5, cancel);
            }
        }
        await Task.Delay(StepMs, cancel);
        return isTrue;
    }

    /// <summary>Every book becomes true again while the market moves on; says how long after the fault, when it was not claimed in between.</summary>
    private async Task Recover(Outside outside, string fault, CancellationToken cancel)
    {
        var since = Stopwatch.StartNew();
        var after = new TimeSpan?[Outside.Names.Length];
        while (after.Any(a => a is null))
        {
            var isTrue = await StepAndCheck(outside, fault, cancel);
            for (var exchange = 0; exchange < after.Length; exchange++)
                if (after[exchange] is null && isTrue[exchange]) after[exchange] = _since.Elapsed;
            if (since.Elapsed > _recovery) Assert.Fail($"{fault}: not recovered\n{string.Join('\n', Outside.Names.Select((n, i) => $"{n}: {outside.State(i)}: {outside.Claimed(i)} {outside.Counts(i)}"))}");
        }
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fault,-16} {string.Join("  ", Outside.Names.Select((n, i) => $"{n} {(_unknown[i] ? after[i]!.Value.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture) : "true all the time")}"))}"));
    }
}
