using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>A plain client of Coinbase's Advanced Trade.</summary>
internal sealed class CoinbaseClient : SocketClient
{
    // SAMPLE KEYS, FOR THE SANDBOX ONLY (SEC1, base64): they are public.
    public const string Key = "organizations/sandbox-only/apiKeys/bridge";
    public const string Secret = "MHcCAQEEIJRLlZWETdNpDbWkHZyY2POKRXwQuKM5WRmPbzsmHoIcoAoGCCqGSM49AwEHoUQDQgAEEDI6WIAOy+HVAvre/xJv5KJxsu92JKD2RCWK5+O36XAtt70fWJjTGBGgTH7NkBhqFiQmaZp2867WwkxkmK3WWw==";
    public const string SecondKey = "organizations/sandbox-only/apiKeys/second";
    public const string SecondSecret = "MHcCAQEEIEek+ySBgpEPiEbU6AaDS2zEHNCwT6nvmfdPNQ+eKPJIoAoGCCqGSM49AwEHoUQDQgAESgoYhBJ41T6DxvOWrnM/e/bzaJr44ZP3Gv+GdVgKwZaGHjLQX1gKO+SIoRSotXzB8cUEBDaUvK7YXT3vEy0l9A==";

    private static readonly HttpClient _http = new();

    /// <summary>As Coinbase gives a key's secret.</summary>
    public static string Pem(string secret) => $"-----BEGIN EC PRIVATE KEY-----\n{secret[..64]}\n{secret[64..128]}\n{secret[128..]}\n-----END EC PRIVATE KEY-----\n";

    public static async Task<CoinbaseClient> Connect(RunningSandbox sandbox, string path = "/ws")
    {
        var client = new CoinbaseClient();
        await client.Connect(sandbox.CoinbaseSocket + path);
        return client;
    }

    public static string Jwt(string key = Key, string secret = Secret, string? uri = null, int offsetSeconds = 0, int lifeSeconds = 120)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + offsetSeconds;
        var header = $$"""{"alg":"ES256","typ":"JWT","kid":"{{key}}","nonce":"{{Guid.NewGuid():N}}"}""";
        var claims = $$"""{"sub":"{{key}}","iss":"cdp","nbf":{{now}},"exp":{{now + lifeSeconds}}{{(uri is null ? "" : $",\"uri\":\"{uri}\"")}}}""";
        var text = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        using var ec = ECDsa.Create();
        ec.ImportECPrivateKey(Convert.FromBase64String(secret), out _);
        return $"{text}.{Base64Url.EncodeToString(ec.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }

    public Task Subscribe(string channel, string? product = "BTC-USD", string? jwt = null, string type = "subscribe") =>
        Send($$"""{"type":"{{type}}","channel":"{{channel}}"{{(product is null ? "" : $",\"product_ids\":[\"{product}\"]")}}{{(jwt is null ? "" : $",\"jwt\":\"{jwt}\"")}}}""");

    /// <summary>The next event of a channel, with its sequence number.</summary>
    public async Task<(JsonElement Event, long Sequence)> Event(string channel, string? type = null)
    {
        var message = await Next(m => Text(m, "channel") == channel && (type is null || Text(m.GetProperty("events")[0], "type") == type));
        return (message.GetProperty("events")[0], message.GetProperty("sequence_num").GetInt64());
    }

    /// <summary>The next push of an order in this status.</summary>
    public async Task<JsonElement> Push(string status) =>
        (await Next(m => Text(m, "channel") == "user" && m.GetProperty("events")[0].GetProperty("orders") is var orders && orders.GetArrayLength() > 0 && Text(orders[0], "status") == status)).GetProperty("events")[0].GetProperty("orders")[0];

    /// <summary>A signed request: its status and its answer.</summary>
    public static async Task<(int Status, string Body)> Rest(RunningSandbox sandbox, HttpMethod method, string path, string? body = null, string? jwt = null)
    {
        using var request = new HttpRequestMessage(method, sandbox.CoinbaseRest + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", jwt ?? Jwt(uri: Uri(sandbox, method, path)));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static string Uri(RunningSandbox sandbox, HttpMethod method, string path) => $"{method} {sandbox.CoinbaseRest["http://".Length..]}{path.Split('?')[0]}";

    /// <summary>Creates an order on BTC-USD.</summary>
    public static async Task<JsonElement> Order(RunningSandbox sandbox, string side, string size, string price, string type = "limit_limit_gtc", string? clientID = null)
    {
        var (status, body) = await Rest(sandbox, HttpMethod.Post, "/api/v3/brokerage/orders",
            $$$"""{"client_order_id":"{{{clientID ?? Guid.NewGuid().ToString()}}}","product_id":"BTC-USD","side":"{{{side}}}","order_configuration":{"{{{type}}}":{"base_size":"{{{size}}}","limit_price":"{{{price}}}"} } }""");
        Assert.That(status, Is.EqualTo(200), body);
        return Read(body);
    }

    public static JsonElement Read(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.Clone();
    }
}
