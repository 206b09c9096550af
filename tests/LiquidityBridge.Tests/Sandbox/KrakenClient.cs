using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>A plain client of Kraken's WebSocket API.</summary>
internal sealed class KrakenClient : SocketClient
{
    private static readonly HttpClient _http = new();
    private static long _nonce = DateTime.UtcNow.Ticks;

    public string Token { get; private init; } = "";

    public static async Task<KrakenClient> Public(RunningSandbox sandbox)
    {
        var client = new KrakenClient();
        await client.Connect(sandbox.KrakenSocket + "/v2");
        return client;
    }

    public static async Task<KrakenClient> Private(RunningSandbox sandbox, string key = RunningSandbox.Key, string secret = RunningSandbox.Secret)
    {
        var answer = await Rest(sandbox, "GetWebSocketsToken", key, secret);
        var client = new KrakenClient { Token = answer.GetProperty("result").GetProperty("token").GetString()! };
        await client.Connect(sandbox.KrakenSocket + "/auth/v2");
        return client;
    }

    /// <summary>A signed REST call.</summary>
    public static async Task<JsonElement> Rest(RunningSandbox sandbox, string method, string key, string secret, long? nonce = null, string? sign = null)
    {
        var number = nonce ?? Interlocked.Increment(ref _nonce);
        var body = string.Create(CultureInfo.InvariantCulture, $"nonce={number}");
        var path = $"/0/private/{method}";
        var inner = SHA256.HashData(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture) + body));
        sign ??= Convert.ToBase64String(HMACSHA512.HashData(Convert.FromBase64String(secret), (byte[])[.. Encoding.UTF8.GetBytes(path), .. inner]));
        using var request = new HttpRequestMessage(HttpMethod.Post, sandbox.KrakenRest + path) { Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded") };
        request.Headers.Add("API-Key", key);
        request.Headers.Add("API-Sign", sign);
        using var response = await _http.SendAsync(request);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }

    /// <summary>Sends a request with the token.</summary>
    public Task Ask(string method, object parameters)
    {
        var members = JsonSerializer.SerializeToNode(parameters)!.AsObject();
        members["token"] = Token;
        return Send($$"""{"method":"{{method}}","params":{{members.ToJsonString()}},"req_id":7}""");
    }

    public Task Subscribe(string channel, string symbol, int depth = 10)
    {
        var options = channel == "book" ? $",\"depth\":{depth}" : "";
        return Send($$$"""{"method":"subscribe","params":{"channel":"{{{channel}}}","symbol":["{{{symbol}}}"]{{{options}}}}}""");
    }

    public Task<JsonElement> Channel(string channel, string type = "update") => Next(m => Text(m, "channel") == channel && Text(m, "type") == type);

    public Task<JsonElement> Reply(string method) => Next(m => Text(m, "method") == method);

    /// <summary>The next execution's data, with its sequence number.</summary>
    public async Task<(JsonElement Data, long Sequence)> Execution(string type)
    {
        var message = await Next(m => Text(m, "channel") == "executions" && m.GetProperty("data").EnumerateArray().Any(d => Text(d, "exec_type") == type));
        return (message.GetProperty("data")[0], message.GetProperty("sequence").GetInt64());
    }
}
