using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LiquidityBridge.Exchanges.Kraken;

/// <summary>Kraken's signed REST call for a WebSocket token.</summary>
internal sealed class KrakenRest(Uri rest, string apiKey, byte[] secret, Tally tally) : IDisposable
{
    private const string Path = "/0/private/GetWebSocketsToken";
    private const string InvalidNonce = "EAPI:Invalid nonce", RateLimit = "EAPI:Rate limit exceeded";
    private const int NonceTries = 5;
    private const long LeadUs = 1_000_000, LeadFactor = 60, LeadMaxUs = LeadUs * LeadFactor * LeadFactor * LeadFactor * LeadFactor;   // 150 days

    private readonly HttpClient _http = new() { BaseAddress = rest, Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = JsonFrame.BytesMax };

    private long _leadUs;

    /// <summary>A new token, good for the private socket.</summary>
    /// <remarks>
    /// Kraken takes a nonce that is larger than all before it of the same key. Ours are microseconds; when a clock that was
    /// ahead has used those of the time to come, they go ahead too: a second, a minute, an hour, ...
    /// </remarks>
    /// <exception cref="InvalidOperationException">Kraken refused; its words.</exception>
    public async Task<string> Token(CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            var (token, error) = await Ask(cancel).ConfigureAwait(false);
            if (token.Length > 0) return token;
            if (error == RateLimit) tally.Count(OutsideReason.RateLimited);
            if (error == InvalidNonce) tally.Count(OutsideReason.ClockSkew);
            if (error != InvalidNonce || tries == NonceTries) throw new InvalidOperationException($"no token: {error}");
            _leadUs = Math.Clamp(_leadUs * LeadFactor, LeadUs, LeadMaxUs);
        }
    }

    private async Task<(string Token, string Error)> Ask(CancellationToken cancel)
    {
        var nonce = (Clock.NowNs() / 1000 + _leadUs).ToString(CultureInfo.InvariantCulture);
        var body = $"nonce={nonce}";
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.ASCII, "application/x-www-form-urlencoded") };
        request.Headers.Add("API-Key", apiKey);
        request.Headers.Add("API-Sign", Sign(Path, nonce, body, secret));
        using var response = await _http.SendAsync(request, cancel).ConfigureAwait(false);
        var frame = new JsonFrame();
        var isRead = frame.TryRead(await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false), out _);
        if (isRead && frame.Root["result"]["token"].Text is { Length: > 0 } token) return (token, "");
        var error = isRead ? frame.Root["error"][0].Text : "";
        return ("", error.Length > 0 ? error : $"HTTP {(int)response.StatusCode}");
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
