using LiquidityBridge.Sandbox;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>A market is recorded from the sandbox and given to another one: the same books everywhere, moment by moment.</summary>
[Parallelizable]
internal sealed class RecordedMarketTests
{
    private static readonly (string Exchange, string Symbol)[] _books = [("kraken", "BTC/USD"), ("fix", "BTC-USD"), ("okx", "ETH-USDT"), ("coinbase", "BTC-USD"), ("coinbase-exchange", "ETH-USD"), ("binance", "BTCUSDT")];

    private string _file = "";

    [SetUp]
    public void Name() => _file = Path.GetTempFileName();

    [TearDown]
    public void Delete() => File.Delete(_file);

    [Test]
    public async Task It_has_the_same_books_step_by_step_whatever_the_seed()
    {
        var recorded = new List<string>();
        await using (var sandbox = await RunningSandbox.Start(new Options { Scripted = true, Seed = 5, RecordFile = _file }))
        {
            for (var n = 0; n < 60; n++) recorded.Add(await Step(sandbox));
            // What a script does belongs to the market too.
            await sandbox.Book("kraken", "BTC/USD", "buy 3 @ 50500.0");
            await sandbox.Do("trade", new { exchange = "fix", symbol = "BTC-USD", side = "sell", qty = "0.01" });
            recorded.Add(await Books(sandbox));
        }
        Assert.That(recorded.Distinct().Count(), Is.EqualTo(61));
        await using var again = await RunningSandbox.Start(new Options { Scripted = true, Seed = 6, MarketFile = _file });
        for (var n = 0; n < 60; n++) Assert.That(await Step(again), Is.EqualTo(recorded[n]), $"after step {n + 1}");
        Assert.That(await Step(again), Is.EqualTo(recorded[60]));
        Assert.That(await Step(again), Is.EqualTo(recorded[60]), "it is over: the market stands still");
    }

    [Test]
    public async Task At_its_pace_or_faster_it_ends_with_the_same_books()
    {
        string seen;
        await using (var sandbox = await RunningSandbox.Start(new Options { Seed = 7, RecordFile = _file }))
        {
            await Task.Delay(1500);
            seen = await Best(sandbox);
        }
        string end;
        await using (var fast = await RunningSandbox.Start(new Options { MarketFile = _file, MarketSpeed = 1000 })) end = await Wait(fast, _ => false, 1000);
        await using var again = await RunningSandbox.Start(new Options { MarketFile = _file });
        var since = Environment.TickCount64;
        Assert.That(await Wait(again, best => best == seen, 20_000), Is.EqualTo(seen), "at its pace every moment can be seen");
        Assert.That(Environment.TickCount64 - since, Is.GreaterThan(700));
        Assert.That(await Wait(again, best => best == end, 20_000), Is.EqualTo(end), "both end alike");
    }

    /// <summary>The best levels once they are so, or when the time is over.</summary>
    private static async Task<string> Wait(RunningSandbox sandbox, Func<string, bool> isSo, int ms)
    {
        var until = Environment.TickCount64 + ms;
        string best;
        do best = await Best(sandbox);
        while (!isSo(best) && Environment.TickCount64 < until);
        return best;
    }

    /// <summary>The best levels of all books at one moment.</summary>
    private static async Task<string> Best(RunningSandbox sandbox) =>
        string.Join('\n', (await sandbox.Do("status", new { })).EnumerateObject().Select(e => e.Value.GetProperty("books").GetRawText()));

    [TestCase("at 0 nowhere", "there is no exchange 'nowhere'")]
    [TestCase("at 5 kraken\nat 4 fix", "a time is whole microseconds, and none before the last one")]
    [TestCase("at -1 kraken", "a time is whole microseconds, and none before the last one")]
    [TestCase("BTC/USD buy 50000.0 1", "an act needs a line 'at MICROSECONDS EXCHANGE' before it")]
    [TestCase("at 0 kraken\nBTC/USD buy 50000.05 1", "no act of kraken: 'BTC/USD buy 50000.05 1'")]
    [TestCase("at 0 kraken\nBTC/USD buy 50000.0 -1", "no act of kraken: 'BTC/USD buy 50000.0 -1'")]
    [TestCase("at 0 kraken\nBTC/USD buy NaN 1", "no act of kraken: 'BTC/USD buy NaN 1'")]
    [TestCase("at 0 kraken\nBTC/USD sell take 0", "no act of kraken: 'BTC/USD sell take 0'")]
    [TestCase("at 0 kraken\nDOGE/USD buy 1 1", "no act of kraken: 'DOGE/USD buy 1 1'")]
    public void A_line_that_is_not_one_is_named(string text, string fault)
    {
        File.WriteAllText(_file, "# recorded\n" + text);
        var kraken = new Exchange("kraken", Settings.Read(Path.Combine(AppContext.BaseDirectory, "sandbox.cfg")).Instruments("kraken"));
        var fix = new Exchange("fix", Settings.Read(Path.Combine(AppContext.BaseDirectory, "sandbox.cfg")).Instruments("fix"));
        Assert.That(() => MarketFile.Read(_file, [kraken, fix]), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo($"{_file}:{text.Count(c => c == '\n') + 2}: {fault}"));
    }

    private static async Task<string> Step(RunningSandbox sandbox)
    {
        await sandbox.Do("step", new { count = 1 });
        return await Books(sandbox);
    }

    private static async Task<string> Books(RunningSandbox sandbox)
    {
        var books = new List<string>();
        foreach (var (exchange, symbol) in _books) books.Add((await sandbox.Do("depth", new { exchange, symbol, levels = 50 })).GetRawText());
        return string.Join('\n', books);
    }
}
