using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>A plain client of OKX's API v5.</summary>
internal sealed class OkxClient : SocketClient
{
    public const string Key = "SANDBOX-ONLY-KEY-BRIDGE";
    public const string Secret = "SANDBOX-ONLY-SECRET-OF-THE-BRIDGE";
    public const string Passphrase = "sandbox-only";
    public const string SecondKey = "SANDBOX-ONLY-KEY-SECOND";
    public const string SecondSecret = "SANDBOX-ONLY-SECRET-OF-THE-SECOND";
    public const string SecondPassphrase = "sandbox-only-second";

    private static readonly HttpClient _http = new();
    private int _ids;

    public static async Task<OkxClient> Public(RunningSandbox sandbox)
    {
        var client = new OkxClient();
        await client.Connect(sandbox.OkxSocket + "/public");
        return client;
    }

    public static async Task<OkxClient> Private(RunningSandbox sandbox, string key = Key, string secret = Secret, string passphrase = Passphrase)
    {
        var client = new OkxClient();
        await client.Connect(sandbox.OkxSocket + "/private");
        await client.LogIn(key, secret, passphrase);
        Assert.That((await client.Event("login")).GetProperty("code").GetString(), Is.EqualTo("0"));
        return client;
    }

    public Task LogIn(string key, string secret, string passphrase, long offsetSeconds = 0)
    {
        var timestamp = (DateTimeOffset.UtcNow.ToUnixTimeSeconds() + offsetSeconds).ToString(CultureInfo.InvariantCulture);
        return Send($$"""{"op":"login","args":[{"apiKey":"{{key}}","passphrase":"{{passphrase}}","timestamp":"{{timestamp}}","sign":"{{Sign(secret, timestamp + "GET/users/self/verify")}}"}]}""");
    }

    public Task Subscribe(string arg) => Send($$"""{"op":"subscribe","args":[{{arg}}]}""");

    /// <summary>Sends an order request and waits for its answer.</summary>
    public async Task<JsonElement> Ask(string op, string arg, string more = "")
    {
        var id = $"t{++_ids}";
        await Send($$"""{"id":"{{id}}","op":"{{op}}"{{more}},"args":[{{arg}}]}""");
        return await Next(m => Text(m, "id") == id);
    }

    /// <summary>Places an order on BTC-USDT that must be taken; its ordId.</summary>
    public async Task<string> Order(string side, string size, string price, string type = "limit", string clOrdId = "")
    {
        var answer = await Ask("order", $$"""{"instId":"BTC-USDT","tdMode":"cash","side":"{{side}}","ordType":"{{type}}","sz":"{{size}}","px":"{{price}}"{{(clOrdId.Length > 0 ? $",\"clOrdId\":\"{clOrdId}\"" : "")}}}""");
        Assert.That(SCode(answer), Is.EqualTo("0"), answer.GetRawText());
        return answer.GetProperty("data")[0].GetProperty("ordId").GetString()!;
    }

    public static string? SCode(JsonElement answer) => answer.GetProperty("data").GetArrayLength() == 0 ? answer.GetProperty("code").GetString() : Text(answer.GetProperty("data")[0], "sCode");

    public Task<JsonElement> Event(string name) => Next(m => Text(m, "event") == name);

    /// <summary>The next message of a channel.</summary>
    public Task<JsonElement> Channel(string channel, string? action = null) =>
        Next(m => m.ValueKind == JsonValueKind.Object && m.TryGetProperty("data", out _) && m.TryGetProperty("arg", out var arg) && Text(arg, "channel") == channel && (action is null || Text(m, "action") == action));

    /// <summary>The next push of an order in this state.</summary>
    public async Task<JsonElement> Push(string state) =>
        (await Next(m => m.ValueKind == JsonValueKind.Object && m.TryGetProperty("arg", out var arg) && Text(arg, "channel") == "orders" && m.TryGetProperty("data", out var data) && Text(data[0], "state") == state)).GetProperty("data")[0];

    /// <summary>A signed GET.</summary>
    public static async Task<JsonElement> Get(RunningSandbox sandbox, string path, string key = Key, string secret = Secret, string passphrase = Passphrase, int offsetSeconds = 0)
    {
        var timestamp = DateTime.UtcNow.AddSeconds(offsetSeconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Get, sandbox.OkxRest + path);
        request.Headers.Add("OK-ACCESS-KEY", key);
        request.Headers.Add("OK-ACCESS-SIGN", Sign(secret, timestamp + "GET" + path));
        request.Headers.Add("OK-ACCESS-TIMESTAMP", timestamp);
        request.Headers.Add("OK-ACCESS-PASSPHRASE", passphrase);
        using var response = await _http.SendAsync(request);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }

    private static string Sign(string secret, string text) => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
}
