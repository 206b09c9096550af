namespace LiquidityBridge.Tests.Hedging;

/// <summary>A state in the place of its records changes nothing, now and from then on.</summary>
internal sealed class StateTests
{
    [TestCase(1), TestCase(2), TestCase(3)]
    public void A_state_gives_itself_again_byte_for_byte_and_goes_on_like_its_records(int seed)
    {
        var world = new World(seed, oneWay: false);
        world.Run(steps: 600);
        var random = new Random(seed);
        for (var run = 0; run < 12; run++)
        {
            var cut = run == 0 ? world.Disk.Count : random.Next(world.Disk.Count);
            var state = States.Of(world.Options, world.Disk.Take(cut));
            var written = States.Text(state);
            Assert.That(States.Text(States.Of(world.Options, States.Read(written))), Is.EqualTo(written), $"cut at {cut} of {world.Disk.Count}");
            var whole = States.Text(States.Of(world.Options, world.Disk));
            Assert.That(States.Text(States.Of(world.Options, state.Concat(world.Disk.Skip(cut)))), Is.EqualTo(whole), $"cut at {cut} of {world.Disk.Count}, then the rest");
        }
    }

    [Test]
    public void A_configuration_in_another_order_is_refused()
    {
        var options = TestBridge.Options(TestBridge.Instrument());
        var state = States.Of(options, []);
        Assert.Multiple(() =>
        {
            Assert.That(() => States.Of(options with { Exchanges = ["B", "A"] }, state), Throws.InvalidOperationException.With.Message.Contains("exchange 1 as A"));
            Assert.That(() => States.Of(options with { Exchanges = ["A"] }, state), Throws.InvalidOperationException);
            Assert.That(() => States.Of(options with { Exchanges = ["A", "B", "C"] }, state), Throws.Nothing, "new ones go behind");
            Assert.That(() => States.Of(options with { Instruments = [] }, state), Throws.InvalidOperationException.With.Message.Contains("BTC-USD"));
        });
    }

    [Test]
    public void A_core_that_runs_has_no_state_to_write()
    {
        var core = new Bridge(TestBridge.Options(TestBridge.Instrument()));
        core.Start(TestBridge.StartNs);
        Assert.That(core.State, Throws.InvalidOperationException);
    }
}
