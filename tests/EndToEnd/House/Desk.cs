using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.House;

/// <summary>A risk manager at the desk's page, in a real browser.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed partial class Desk : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IPage _page;
    private readonly string _picture;

    private Desk(IPlaywright playwright, IBrowser browser, IPage page, string picture) => (_playwright, _browser, _page, _picture) = (playwright, browser, page, picture);

    private ILocator Net => _page.Locator("tr[data-asset=BTC] .net");

    /// <summary>Signs in with the first password, and sees no exposure yet.</summary>
    public static async Task<Desk> Open(RunningHouse house, string bridgeData = "bridge")
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await browser.NewPageAsync(new() { BaseURL = $"http://127.0.0.1:{house.Port(9890)}", ViewportSize = new() { Width = 1680, Height = 780 } });
        var desk = new Desk(playwright, browser, page, Environment.GetEnvironmentVariable("DESK_PICTURE") ?? Path.Combine(house.Data, "desk.png"));
        await page.GotoAsync("/");
        await Expect(page).ToHaveURLAsync(SignIn());
        await page.Locator("[name=name]").FillAsync("desk");
        await page.Locator("[name=password]").FillAsync((await File.ReadAllTextAsync(Path.Combine(house.Data, bridgeData, "desk.users.first-password"))).Trim());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(desk.Net).ToHaveTextAsync(Flat(), new() { Timeout = 30_000 });
        // Whatever the page shows from now on is remembered there: a hedge may be done between two looks from here.
        await page.EvaluateAsync("""
            () => {
                window.shown = [];
                const look = () => { const cell = document.querySelector('tr[data-asset=BTC] .net'); if (cell && window.shown.at(-1) !== cell.innerText.trim()) window.shown.push(cell.innerText.trim()); };
                new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
            }
            """);
        return desk;
    }

    /// <summary>What a client bought of the house makes it short; the hedge brings it back. The page shows both without being asked.</summary>
    public async Task SeeExposureComeAndGo()
    {
        await _page.WaitForFunctionAsync("short => window.shown.some(text => new RegExp(short).test(text))", Short, new() { Timeout = 120_000 });
        await Expect(Net).ToHaveTextAsync(Flat(), new() { Timeout = 30_000 });
        await Expect(_page.Locator("[data-hedge]").First).ToContainTextAsync("Filled", new() { Timeout = 30_000 });
        await _page.ScreenshotAsync(new() { Path = _picture });
    }

    /// <summary>The page says that trading is on paper, and has a hedge that was filled there.</summary>
    public async Task SeePaper()
    {
        await Expect(_page.GetByText("PAPER TRADING")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(_page.Locator("[data-hedge]").First).ToContainTextAsync("Filled", new() { Timeout = 30_000 });
        await _page.ScreenshotAsync(new() { Path = _picture });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    [GeneratedRegex("/sign-in")]
    private static partial Regex SignIn();

    private const string Short = @"^[-−]0\.[1-9]\d* BTC$";

    // Inside the band of 0.0001 nothing is hedged.
    [GeneratedRegex(@"^[-−+]?0\.000[01]\d* BTC$")]
    private static partial Regex Flat();
}
