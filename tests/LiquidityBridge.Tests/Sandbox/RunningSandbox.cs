using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LiquidityBridge.Sandbox;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>A sandbox in this process, with its control port.</summary>
internal sealed class RunningSandbox : IAsyncDisposable
{
    public const string Key = "SANDBOX-ONLY-KEY-BRIDGE";
    public const string Secret = "c2FuZGJveC1vbmx5LXNlY3JldC1vZi10aGUtYnJpZGdlLW5vdC1hLXJlYWwta2V5";
    public const string SecondKey = "SANDBOX-ONLY-KEY-SECOND";
    public const string SecondSecret = "c2FuZGJveC1vbmx5LXNlY3JldC1vZi10aGUtc2Vjb25kLW5vdC1hLXJlYWwta2V5";

    public const string BinanceSecret = "SANDBOX-ONLY-SECRET-OF-THE-BRIDGE";
    public const string BinanceEd25519Key = "SANDBOX-ONLY-ED25519-KEY-BRIDGE";
    public const string BinanceEd25519Seed = "KUyHbh/UjXY9NeGgl5lOoLP2b1N5dn0fSfTtai7PbzQ=";

    private readonly LiquidityBridge.Sandbox.Sandbox _sandbox;
    private readonly HttpClient _control;

    private RunningSandbox(LiquidityBridge.Sandbox.Sandbox sandbox, string token)
    {
        _sandbox = sandbox;
        _control = new HttpClient { BaseAddress = new Uri($"http://{sandbox.Control}/") };
        _control.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public string KrakenRest => $"http://{_sandbox.Kraken}";

    public string KrakenSocket => $"ws://{_sandbox.Kraken}";

    public string OkxRest => $"http://{_sandbox.Okx}";

    public string OkxSocket => $"ws://{_sandbox.Okx}/ws/v5";

    public string CoinbaseRest => $"http://{_sandbox.Coinbase}";

    public string CoinbaseSocket => $"ws://{_sandbox.Coinbase}";

    public const string FeedPassphrase = "sandbox-only";

    public string FeedRest => $"http://{_sandbox.CoinbaseExchange}";

    public string FeedSocket => $"ws://{_sandbox.CoinbaseExchange}/feed";

    public int FixPort => _sandbox.Fix.Port;

    public string BinanceRest => $"http://{_sandbox.Binance}";

    public string BinanceSocket => $"ws://{_sandbox.Binance}";

    public string Control => $"http://{_sandbox.Control}";

    public static Task<RunningSandbox> Start(bool scripted = true, ulong seed = 1) => Start(new Options { Scripted = scripted, Seed = seed });

    public static async Task<RunningSandbox> Start(Options options)
    {
        var settings = Settings.Read(Path.Combine(AppContext.BaseDirectory, "sandbox.cfg"));
        Assert.That(settings.Faults, Is.Empty);
        return new RunningSandbox(await LiquidityBridge.Sandbox.Sandbox.Start(options, settings), settings.ControlToken);
    }

    /// <summary>Asks the control port; a refusal fails the test.</summary>
    public async Task<JsonElement> Do(string verb, object arguments)
    {
        using var response = await _control.PostAsync(verb, new StringContent(JsonSerializer.Serialize(arguments), Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.That((int)response.StatusCode, Is.EqualTo(200), $"{verb}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    /// <summary>Sets levels of the house: "buy 1.5 @ 50000.0", one a line.</summary>
    public Task Book(string exchange, string symbol, string levels) => Do("book", new
    {
        exchange,
        symbol,
        levels = levels.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(w => new { side = w[0], qty = w[1], price = w[3] }),
    });

    public Task Fault(string exchange, string fault, int count = 1, int ms = 0, bool on = true) => Do("fault", new { exchange, fault, count, ms, on });

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _sandbox.DisposeAsync();
    }
}
