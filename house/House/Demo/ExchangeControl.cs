using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace House.Demo;

/// <summary>The stand-in exchanges' control port: what their books say of the bridge's account, and faults on demand.</summary>
internal sealed class ExchangeControl : IDisposable
{
    /// <summary>Both exchanges, as the control port names them.</summary>
    public static readonly IReadOnlyList<string> Exchanges = ["kraken", "fix"];

    // The sample token of sandbox.cfg: behind it is nothing but the stand-in exchanges.
    private const string Token = "sandbox-only-control-token", Account = "bridge";

    private readonly HttpClient _http;

    public ExchangeControl(int port)
    {
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    /// <summary>What the bridge owns of an asset at both exchanges together.</summary>
    public decimal BridgeOwns(string asset) => Exchanges.Sum(exchange =>
        decimal.Parse(Post("account", new { exchange, account = Account }).GetProperty("balances").GetProperty(asset).GetString()!, CultureInfo.InvariantCulture));

    /// <summary>The next order at each exchange is looked at only after so long.</summary>
    public void SlowNextOrder(TimeSpan delay)
    {
        foreach (var exchange in Exchanges) Post("fault", new { exchange, fault = "slow-ack", count = 1, ms = (int)delay.TotalMilliseconds });
    }

    /// <summary>No fault is armed any more.</summary>
    public void Calm()
    {
        foreach (var exchange in Exchanges) Post("fault", new { exchange, fault = "none" });
    }

    public void Dispose() => _http.Dispose();

    private JsonElement Post(string verb, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/" + verb) { Content = JsonContent.Create(body) };
        request.Content.LoadIntoBufferAsync().GetAwaiter().GetResult();
        using var response = _http.Send(request);
        using var json = JsonDocument.Parse(response.Content.ReadAsStream());
        if (!response.IsSuccessStatusCode) throw new StoryException($"exchanges: {verb}: {json.RootElement.GetRawText()}");
        return json.RootElement.Clone();
    }
}
