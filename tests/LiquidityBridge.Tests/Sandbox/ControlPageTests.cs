using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>The control port's page in a real browser: what it shows, and what its switches do while everything runs.</summary>
internal sealed class ControlPageTests
{
    private RunningSandbox _sandbox = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private IPage _page = null!;

    [SetUp]
    public async Task Open()
    {
        _sandbox = await RunningSandbox.Start(scripted: false);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        _page = await _browser.NewPageAsync(new() { ViewportSize = new() { Width = 1400, Height = 900 } });
    }

    [TearDown]
    public async Task Close()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Test, CancelAfter(120_000)]
    public async Task Shows_every_exchange_and_switches_its_faults()
    {
        var errors = new List<string>();
        _page.Console += (_, message) =>
        {
            if (message.Type == "error") errors.Add(message.Text);
        };
        await _page.GotoAsync($"{_sandbox.Control}/#sandbox-only-control-token");
        await Expect(_page.Locator("section")).ToHaveCountAsync(6);
        await Expect(_page.Locator("#token")).ToBeHiddenAsync();
        Assert.That(await _page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll('section')].every(s => s.scrollWidth <= s.clientWidth)"), Is.True, "nothing is cut off");
        Assert.That(_page.Url, Does.Not.Contain("token"), "it does not stay in the address");
        var kraken = _page.Locator("section[data-exchange=kraken]");
        await Expect(kraken.Locator("tr").First).ToContainTextAsync("BTC/USD");

        await kraken.Locator("[data-fault=freeze]").ClickAsync();
        await Expect(kraken.Locator("[data-fault=freeze]")).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.That((await _sandbox.Do("status", new { })).GetProperty("kraken").GetProperty("frozen").GetBoolean(), Is.True);
        await kraken.Locator("[data-fault=book-gap]").ClickAsync();
        await Expect(kraken.Locator("h2")).ToContainTextAsync("2 faults");
        await Expect(_page.Locator("section[data-exchange=okx] h2")).ToContainTextAsync("as it should be");
        await _page.ScreenshotAsync(new() { Path = Path.Combine(Path.GetTempPath(), "sandbox-control.png"), FullPage = true });

        await kraken.Locator("[data-fault=freeze]").ClickAsync();
        await Expect(kraken.Locator("[data-fault=freeze]")).ToHaveAttributeAsync("aria-pressed", "false");
        await kraken.Locator("[data-fault=none]").ClickAsync();
        await Expect(kraken.Locator("h2")).ToContainTextAsync("as it should be");
        await kraken.Locator("tr").First.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(kraken.Locator("tr").First).ToContainTextAsync("halted");
        Assert.That(errors, Is.Empty);
    }

    [Test, CancelAfter(120_000)]
    public async Task Asks_for_the_token_and_shows_nothing_without_it()
    {
        await _page.GotoAsync(_sandbox.Control);
        await Expect(_page.Locator("#token")).ToBeVisibleAsync();
        await Expect(_page.Locator("section")).ToHaveCountAsync(0);
        await _page.Locator("#token").FillAsync("wrong");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Expect(_page.Locator("#said")).ToContainTextAsync("the control token is missing or wrong");
        await _page.Locator("#token").FillAsync("sandbox-only-control-token");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Expect(_page.Locator("section")).ToHaveCountAsync(6);
    }
}
