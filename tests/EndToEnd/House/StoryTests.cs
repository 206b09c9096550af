namespace EndToEnd.House;

/// <summary>The story: everything is started with one command, played with another, and looked at by a browser and by the operators' own tools.</summary>
[Category("EndToEnd"), System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class StoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5), SoakPatience = TimeSpan.FromHours(2), CommandPatience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Money_in_liquidity_trades_hedges_money_out_and_accidents_and_all_books_agree()
    {
        using var house = new RunningHouse();
        var first = house.Start();
        await using var desk = await Desk.Open(house);
        using (var demo = house.Run("demo"))
        {
            await desk.SeeExposureComeAndGo();
            Assert.That(demo.WaitForExit(Patience), Is.Zero, () => demo.Transcript() + first.Transcript());
            Assert.That(demo.Lines(0)[^1], Does.StartWith("ALL BOOKS AGREE"), () => demo.Transcript());
        }
        // The operators' tools say the same as the demonstration.
        Assert.That(Custody(house, "reconcile"), Has.None.Contain("differs").And.Some.StartWith("venue: agrees"));
        Assert.That(Custody(house, "withdrawals"), Has.Exactly(2).Contain(" Settled "));
        Assert.That(Custody(house, "deposits"), Has.Exactly(5).EndWith(" Credited"), "2 of the treasury, 2 of the client, 1 that was reorganised");
        Assert.That(house.Stop(), Is.Zero, () => first.Transcript());
        Assert.That(house.Alive(), Is.Empty, "something outlived the house");
        using (var replay = new ChildProcess("replay", [Path.Combine(Places.Root, "run"), "replay", Path.Combine(house.Data, "venue")]))
            Assert.That(replay.WaitForExit(CommandPatience), Is.Zero, () => replay.Transcript());

        // Recovery is the ordinary start, for all of it.
        var second = house.Start();
        using var drill = house.Run("drill", "--rounds", "1");
        Assert.That(drill.WaitForExit(Patience), Is.Zero, () => drill.Transcript() + second.Transcript());
        Assert.That(house.Stop(), Is.Zero, () => second.Transcript());
    }

    [Test]
    public void Accidents_at_random_moments_a_hundred_times_without_one_disagreement()
    {
        if (Environment.GetEnvironmentVariable("VENUE_SOAK") != "1") Assert.Ignore("VENUE_SOAK=1 runs it");
        using var house = new RunningHouse();
        house.Start();
        using (var demo = house.Run("demo")) Assert.That(demo.WaitForExit(Patience), Is.Zero, () => demo.Transcript());
        using var drill = house.Run("drill", "--rounds", "100", "--seed", Random.Shared.Next().ToString());
        Assert.That(drill.WaitForExit(SoakPatience), Is.Zero, () => drill.Transcript());
        Assert.That(drill.Lines(0), Has.Exactly(100).Contain("all books agree ("), () => drill.Transcript());
    }

    private static IReadOnlyList<string> Custody(RunningHouse house, string verb)
    {
        using var command = new ChildProcess("custody " + verb, [Path.Combine(Places.Root, "run"), "custody", verb, "--url", $"http://127.0.0.1:{house.Port(9883)}", "--token-file", Path.Combine(house.Data, "custody", "operator.token")]);
        Assert.That(command.WaitForExit(CommandPatience), Is.Zero, () => command.Transcript());
        return command.Lines(0);
    }
}
