using System.Runtime.CompilerServices;
using LiquidityBridge.Exchanges;
using Microsoft.Playwright;
using Venue.Messages;
using static Microsoft.Playwright.Assertions;

namespace LiquidityBridge.Tests.Desk;

/// <summary>Makes the README's picture of the page: every panel with something in it.</summary>
[Explicit("writes liquidity-bridge/desk.png")]
public sealed class Picture
{
    private const long BtcMid = 4_528_350, EthMid = 242_180;

    [Test]
    public async Task Is_taken()
    {
        using var desk = new RunningDesk(Options());
        Tell(desk);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await browser.NewPageAsync(new() { BaseURL = desk.Address.ToString(), ViewportSize = new() { Width = 1680, Height = 780 } });
        await page.GotoAsync("/sign-in");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Path.GetTempPath(), "desk-sign-in.png") });
        await page.Locator("[name=name]").FillAsync("desk");
        await page.Locator("[name=password]").FillAsync(desk.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator("[data-hedge]").First).ToBeVisibleAsync();
        desk.Kill(KillLevel.Instrument, "LTC-USD", "desk", "member disputes a fill");
        await Expect(page.Locator(".engaged")).ToHaveCountAsync(1);
        Books(desk);
        await Task.Delay(1000);
        await page.ScreenshotAsync(new() { Path = Target() });
        await page.Locator("tr[data-switch='Bridge/'] button").ClickAsync();
        await page.Locator("[data-field=reason]").FillAsync("exercise");
        await Task.Delay(500);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Path.GetTempPath(), "desk-kill.png") });
        desk.StopCore();
        await Task.Delay(2500);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Path.GetTempPath(), "desk-old.png") });
        Assert.That(File.Exists(Target()));
    }

    private static string Target([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../../../../liquidity-bridge/desk.png"));

    private static BridgeOptions Options()
    {
        Instrument[] instruments = [Make(0, "BTC", 1_000_000), Make(1, "ETH", 20_000_000), Make(2, "LTC", 100_000_000)];
        return new BridgeOptions
        {
            Firm = "HOUSE", Exchanges = ["Kraken", "LMAX"], Instruments = instruments, DrawdownMaxAtoms = 5_000 * Instrument.Power(18), HedgeTimeoutNs = 600 * TestBridge.SecondNs,
            Limits = [Limit("BTC", 2, 5), Limit("ETH", 40, 100), Limit("LTC", 500, 1000)],
        };
    }

    private static AssetLimit Limit(string asset, long soft, long hard) => new(asset, soft * Instrument.Power(18), hard * Instrument.Power(18));

    private static Instrument Make(int id, string asset, long band) => new(id, asset + "-USD", asset, "USD", 2, 8)
    {
        VenueTick = 1, VenueLot = 10_000, VenueMin = 10_000,
        Quoting = new QuoteTerms { MarkupPpm = 800, SkewPpm = 200, Size = 50_000_000, DepthPercent = 25, RequoteTicks = 2 },
        Hedging = new HedgeTerms { Band = band * 20, SlippagePpm = 1500, SlippageStepPpm = 1000, AttemptsMax = 3, PauseNs = 30 * TestBridge.SecondNs },
        Markets = [.. Enumerable.Range(0, 2).Select(e => new Market { Exchange = e, Symbol = asset + "/USD", Tick = 1, Lot = 10_000, Min = 10_000, TakerFeePpm = 1600 })],
    };

    private static void Tell(RunningDesk desk)
    {
        var now = Clock.NowNs();
        desk.Post(new VenueAssetDefined { NowNs = now, Asset = 1, Code = "USD", Decimals = 8 });
        for (var n = 1; n <= 3; n++)
            desk.Post(new VenueInstrumentDefined { NowNs = now, Number = n, Symbol = Options().Instruments[n - 1].Symbol, QuoteAsset = 1, TickMantissa = 1, TickDecimals = 2, LotMantissa = 1, LotDecimals = 4 });
        desk.Post(new VenueFirmDefined { NowNs = now, Firm = 7, Name = "HOUSE" });
        desk.Post(new VenueSessionChanged { NowNs = now, IsUp = true });
        desk.Post(new FeedChanged { NowNs = now, IsUp = true });
        for (var e = 0; e < 2; e++) desk.Post(new ExchangeTrading { NowNs = now, Exchange = e, IsUp = true });
        Books(desk);
        desk.Fill(Side.Sell, 4_200, BtcMid + 3_600, 1, $"Q1-{BtcMid + 400}", 1_902_000);
        Answer(desk, "BTC-USD", HedgeReportKind.Filled);
        desk.Fill(Side.Buy, 1_750, BtcMid - 3_500, 1, $"Q2-{BtcMid - 400}", 792_000);
        desk.Fill(Side.Buy, 3_100, BtcMid - 3_600, 1, $"Q3-{BtcMid - 450}", 1_403_000);
        desk.Fill(Side.Sell, 260_000, EthMid + 250, 2, $"Q4-{EthMid + 40}", 629_000);
        Answer(desk, "ETH-USD", HedgeReportKind.Rejected);
        Answer(desk, "ETH-USD", HedgeReportKind.Acknowledged);
        Answer(desk, "BTC-USD", HedgeReportKind.Lost);
        desk.Post(new FeedPosition { NowNs = Clock.NowNs(), ThroughSeq = 184_223 });
    }

    private static void Books(RunningDesk desk)
    {
        for (var e = 0; e < 2; e++)
        {
            desk.Post(Book(e, 0, BtcMid + e * 30, 45, 130_000_000));
            desk.Post(Book(e, 1, EthMid + e * 5, 6, 2_450_000_000));
            desk.Post(Book(e, 2, 8_412 + e, 2, 31_000_000_000) with { State = e == 0 ? BookState.Live : BookState.Syncing });
        }
    }

    private static BookImage Book(int exchange, int instrument, long mid, long half, long quantity) => new()
    {
        NowNs = Clock.NowNs(), Exchange = exchange, Instrument = instrument, State = BookState.Live,
        Bids = [.. Enumerable.Range(0, 10).Select(n => new Level(mid - half * (n + 1), quantity * (n + 3) / 4))],
        Asks = [.. Enumerable.Range(0, 10).Select(n => new Level(mid + half * (n + 1), quantity * (n + 2) / 3))],
    };

    /// <summary>The exchange says this of the instrument's hedge that was not answered yet, as soon as there is one.</summary>
    private static void Answer(RunningDesk desk, string symbol, HedgeReportKind kind)
    {
        DeskHedge? hedge = null;
        Assert.That(() => hedge = desk.State.Hedges.FirstOrDefault(h => h.Symbol == symbol && h.State == HedgeState.Intended), Is.Not.Null.After(5000, 20), () => $"{symbol}: {string.Join('\n', desk.State.Instruments)}\n{desk.Log}");
        desk.Post(new HedgeReport
        {
            NowNs = Clock.NowNs(), Exchange = hedge!.Exchange == "Kraken" ? 0 : 1, ClientId = hedge.ClientId, Kind = kind, ExecId = "E" + hedge.ClientId,
            Quantity = hedge.Quantity, Price = BtcMid + 700, FeeAtoms = 30 * Instrument.Power(17), Cum = 0, Text = kind == HedgeReportKind.Rejected ? "insufficient funds" : "",
        });
        Assert.That(() => desk.State.Hedges.Single(h => h.ClientId == hedge.ClientId).State, Is.Not.EqualTo(HedgeState.Intended).After(5000, 20));
    }
}
