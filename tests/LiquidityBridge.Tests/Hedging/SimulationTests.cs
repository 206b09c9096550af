namespace LiquidityBridge.Tests.Hedging;

/// <summary>Seeded runs of the core against a world that loses, repeats, delays and forgets.</summary>
internal sealed class SimulationTests
{
    [TestCase(1), TestCase(2), TestCase(3), TestCase(4), TestCase(5), TestCase(6), TestCase(7), TestCase(8)]
    public void Whatever_happens_every_fill_is_counted_once_and_nothing_is_hedged_twice(int block)
    {
        for (var seed = block * 1000; seed < block * 1000 + 12; seed++) new World(seed, oneWay: seed % 2 == 0).Run(steps: 1500);
    }
}
