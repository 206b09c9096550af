using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.House;

/// <summary>The story: everything is started with one command, played with another, and looked at by a browser and by the operators' own tools.</summary>
[Category("EndToEnd"), System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed partial class StoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5), SoakPatience = TimeSpan.FromHours(2), CommandPatience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Money_in_liquidity_trades_hedges_money_out_and_accidents_and_all_books_agree()
    {
        using var house = new RunningHouse();
        var first = house.Start();
        using (var demo = house.Run("demo"))
        {
            await LookAtTheDesk(house, demo);
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

    // A real browser at the desk's page: exposure comes with the trade and goes with the hedge.
    private static async Task LookAtTheDesk(RunningHouse house, ChildProcess demo)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await browser.NewPageAsync(new() { BaseURL = $"http://127.0.0.1:{house.Port(9890)}", ViewportSize = new() { Width = 1680, Height = 780 } });
        await page.GotoAsync("/");
        await Expect(page).ToHaveURLAsync(SignIn());
        await page.Locator("[name=name]").FillAsync("desk");
        await page.Locator("[name=password]").FillAsync((await File.ReadAllTextAsync(Path.Combine(house.Data, "bridge", "desk.users.first-password"))).Trim());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        var net = page.Locator("tr[data-asset=BTC] .net");
        await Expect(net).ToHaveTextAsync("0 BTC", new() { Timeout = 20_000 });
        await Expect(net).ToHaveTextAsync(Short(), new() { Timeout = 120_000 });
        await Expect(net).ToHaveTextAsync("0 BTC", new() { Timeout = 20_000 });
        await Expect(page.Locator("[data-hedge]").First).ToContainTextAsync("Filled");
        await page.ScreenshotAsync(new() { Path = Environment.GetEnvironmentVariable("DESK_PICTURE") ?? Path.Combine(house.Data, "desk.png") });
        Assert.That(demo.Lines(0), Has.None.StartWith("! "), () => demo.Transcript());
    }

    private static IReadOnlyList<string> Custody(RunningHouse house, string verb)
    {
        using var command = new ChildProcess("custody " + verb, [Path.Combine(Places.Root, "run"), "custody", verb, "--url", $"http://127.0.0.1:{house.Port(9883)}", "--token-file", Path.Combine(house.Data, "custody", "operator.token")]);
        Assert.That(command.WaitForExit(CommandPatience), Is.Zero, () => command.Transcript());
        return command.Lines(0);
    }

    [GeneratedRegex("/sign-in")]
    private static partial Regex SignIn();

    // The house has sold what the client bought.
    [GeneratedRegex(@"^[-−]0\.\d+ BTC$")]
    private static partial Regex Short();
}
