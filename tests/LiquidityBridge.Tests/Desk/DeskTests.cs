using System.Text.RegularExpressions;
using Microsoft.Playwright;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Host.Desk;
using Venue.Messages;
using static Microsoft.Playwright.Assertions;

namespace LiquidityBridge.Tests.Desk;

/// <summary>The desk's page in a browser, on a running core.</summary>
public sealed class DeskTests
{
    private const string Refusal = "Sign-in refused";

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private RunningDesk _desk = null!;
    private IPage _page = null!;

    [OneTimeSetUp]
    public async Task Start_the_browser()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        SetDefaultExpectTimeout(20_000);
    }

    [OneTimeTearDown]
    public async Task Stop_the_browser()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    [SetUp]
    public async Task Open_a_desk()
    {
        _desk = new RunningDesk(TestBridge.Options(TestBridge.Instrument(band: 1000), soft: 50, hard: 100));
        foreach (var definition in TestBridge.Definitions(Clock.NowNs())) _desk.Post(definition);
        _page = await _browser.NewPageAsync(new() { BaseURL = _desk.Address.ToString(), ViewportSize = new() { Width = 1680, Height = 900 } });
    }

    [TearDown]
    public async Task Close_the_desk()
    {
        await _page.CloseAsync();
        _desk.Dispose();
    }

    [Test]
    public async Task Nobody_sees_the_page_who_has_not_signed_in()
    {
        await _page.GotoAsync("/");
        await Expect(_page).ToHaveURLAsync(new Regex("/sign-in"));
        await Expect(_page.GetByText("NET EXPOSURE")).ToHaveCountAsync(0);
    }

    [Test]
    public async Task A_wrong_password_and_an_unknown_name_are_refused_in_the_same_words()
    {
        await SignInAsync("desk", "wrong");
        var wrong = await _page.Locator(".refused").TextContentAsync();
        await SignInAsync("nobody", "wrong");
        Assert.That(await _page.Locator(".refused").TextContentAsync(), Is.EqualTo(wrong).And.Contains(Refusal));
    }

    [Test]
    public async Task A_name_is_locked_after_repeated_failures_and_free_again_later()
    {
        for (var i = 0; i < LockOut.FailuresMax; i++) await SignInAsync("desk", "wrong");
        await SignInAsync("desk", _desk.Password);
        await Expect(_page.Locator(".refused")).ToContainTextAsync(Refusal);
        _desk.Time.Advance(LockOut.For);
        await SignInAsync("desk", _desk.Password);
        await Expect(_page.GetByText("NET EXPOSURE")).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_program_reads_the_state_with_its_token_and_only_with_it()
    {
        _desk.Fill(Side.Buy, 100_000, 5_000_000);
        using var http = new HttpClient { BaseAddress = _desk.Address };
        Assert.That((await http.GetAsync("/state")).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.Unauthorized));
        http.DefaultRequestHeaders.Authorization = new("Bearer", "wrong");
        Assert.That((await http.GetAsync("/state")).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.Unauthorized));
        http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(_desk.TokenFile)).Trim());
        Assert.That(() => State().GetProperty("assets")[0].GetProperty("net_atoms").GetString(), Is.EqualTo("100000000000000000000000").After(10_000, 50), "100,000 BTC in atoms of 10^-18");
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(_desk.TokenFile), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));

        System.Text.Json.JsonElement State()
        {
            using var state = System.Text.Json.JsonDocument.Parse(http.GetStringAsync("/state").GetAwaiter().GetResult());
            return state.RootElement.Clone();
        }
    }

    [Test]
    public async Task A_changed_exposure_appears_without_reload()
    {
        await EnterAsync();
        var net = _page.Locator("tr[data-asset=BTC] .net");
        await Expect(net).ToHaveTextAsync("0 BTC");
        await _page.EvaluateAsync("window.isSamePage = true");
        _desk.Fill(Side.Buy, 60, 100);
        await Expect(net).ToHaveTextAsync("+60 BTC");
        await Expect(net).ToHaveClassAsync(new Regex("soft"));
        Assert.That(await _page.EvaluateAsync<bool>("window.isSamePage"));
    }

    [Test]
    public async Task A_kill_needs_a_confirmation_and_a_reason_and_is_recorded_with_the_user()
    {
        await EnterAsync();
        var row = _page.Locator("tr[data-switch='Exchange/B']");
        await row.Locator("button").ClickAsync();
        await _page.GetByText("Cancel", new() { Exact = true }).ClickAsync();
        await Expect(_page.Locator(".mud-dialog")).ToHaveCountAsync(0);
        Assert.That(_desk.State.Switches, Is.Empty);

        await row.Locator("button").ClickAsync();
        await Expect(_page.Locator(".confirm")).ToBeDisabledAsync();
        await _page.Locator("[data-field=reason]").FillAsync("fat finger at B");
        await _page.Locator(".confirm").ClickAsync();
        await Expect(row).ToContainTextAsync("by desk: fat finger at B");
        Assert.That(_desk.State.Switches, Has.One.Matches<Switched>(s => s is { Level: KillLevel.Exchange, Target: "B", By: "desk", Reason: "fat finger at B" }));

        await row.Locator("button").ClickAsync();
        await _page.Locator("[data-field=reason]").FillAsync("B explained it");
        await _page.Locator(".confirm").ClickAsync();
        await Expect(row).ToContainTextAsync("RUNNING");
        Assert.That(_desk.State.Switches, Is.Empty);
        Assert.That(_desk.StopAndReadJournal(), Does.Contain("fat finger at B").And.Contains("B explained it"));
    }

    [Test]
    public async Task A_core_that_stands_still_is_visible_at_once()
    {
        await EnterAsync();
        await Expect(_page.Locator("#stale")).ToHaveCountAsync(0);
        _desk.StopCore();
        await Expect(_page.Locator("#stale")).ToContainTextAsync("NOT LIVE", new() { Timeout = 5000 });
    }

    [Test]
    public async Task A_session_ends_on_an_open_page_too()
    {
        await EnterAsync();
        _desk.Time.Advance(SignIn.Lasts);
        await Expect(_page).ToHaveURLAsync(new Regex("/sign-in"));
    }

    [Test]
    public async Task Nothing_is_fetched_from_elsewhere_and_nothing_is_reported_in_the_console()
    {
        var faults = new List<string>();
        _page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != _desk.Address.Authority && !request.Url.StartsWith("data:", StringComparison.Ordinal)) faults.Add(request.Url);
        };
        _page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") faults.Add(message.Text);
        };
        await EnterAsync();
        await _page.Locator("tr[data-switch='Bridge/'] button").ClickAsync();
        await Expect(_page.Locator(".confirm")).ToBeVisibleAsync();
        Assert.That(faults, Is.Empty);
    }

    private async Task EnterAsync()
    {
        await SignInAsync("desk", _desk.Password);
        await Expect(_page.GetByText("NET EXPOSURE")).ToBeVisibleAsync();
    }

    private async Task SignInAsync(string name, string password)
    {
        await _page.GotoAsync("/sign-in");
        await _page.Locator("[name=name]").FillAsync(name);
        await _page.Locator("[name=password]").FillAsync(password);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await _page.WaitForURLAsync(new Regex("/$|refused"));
    }
}
