using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LiquidityBridge.Exchanges.Kraken;

/// <summary>Kraken's signed REST call for a WebSocket token.</summary>
internal sealed class KrakenRest(Uri rest, string apiKey, byte[] secret) : IDisposable
{
    private const string Path = "/0/private/GetWebSocketsToken";

    private readonly HttpClient _http = new() { BaseAddress = rest, Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = JsonFrame.BytesMax };

    /// <summary>A new token, good for the private socket.</summary>
    /// <exception cref="InvalidOperationException">Kraken refused; its words.</exception>
    public async Task<string> Token(CancellationToken cancel)
    {
        var nonce = (Clock.NowNs() / 1000).ToString(CultureInfo.InvariantCulture);
        var body = $"nonce={nonce}";
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.ASCII, "application/x-www-form-urlencoded") };
        request.Headers.Add("API-Key", apiKey);
        request.Headers.Add("API-Sign", Sign(Path, nonce, body, secret));
        using var response = await _http.SendAsync(request, cancel).ConfigureAwait(false);
        var frame = new JsonFrame();
        var isRead = frame.TryRead(await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false), out _);
        if (isRead && frame.Root["result"]["token"].Text is { Length: > 0 } token) return token;
        var error = isRead ? frame.Root["error"][0].Text : "";
        throw new InvalidOperationException($"no token: {(error.Length > 0 ? error : $"HTTP {(int)response.StatusCode}")}");
    }

    /// <summary>docs.kraken.com, "Authentication": base64(HMAC-SHA512(path + SHA256(nonce + body), key = secret)).</summary>
    public static string Sign(string path, string nonce, string body, byte[] secret)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(nonce + body));
        byte[] signed = [.. Encoding.UTF8.GetBytes(path), .. hash];
        return Convert.ToBase64String(HMACSHA512.HashData(secret, signed));
    }

    public void Dispose() => _http.Dispose();
}
