using System.Globalization;

namespace LiquidityBridge.Exchanges.Okx;

/// <summary>GET requests to OKX's REST API, signed or not.</summary>
internal sealed class OkxRest(Uri rest, OkxKey key) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = rest, Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = JsonFrame.BytesMax };
    private long _aheadNs;

    /// <summary>How far OKX's clock is ahead of ours, nanoseconds, as <see cref="SetClock"/> found it.</summary>
    public long AheadNs => Volatile.Read(ref _aheadNs);

    /// <summary>The body of the answer, whatever its status: OKX puts its code there.</summary>
    public async Task<byte[]> Get(string path, bool isSigned, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (isSigned)
        {
            // docs-v5, "Signature": timestamp + method + path with query + body.
            var timestamp = DateTime.UnixEpoch.AddTicks((Clock.NowNs() + AheadNs) / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            request.Headers.Add("OK-ACCESS-KEY", key.ApiKey);
            request.Headers.Add("OK-ACCESS-PASSPHRASE", key.Passphrase);
            request.Headers.Add("OK-ACCESS-TIMESTAMP", timestamp);
            request.Headers.Add("OK-ACCESS-SIGN", key.Sign($"{timestamp}GET{path}"));
        }
        using var response = await _http.SendAsync(request, cancel).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>The data of an answer that must be good.</summary>
    /// <exception cref="InvalidOperationException">OKX refused; its words.</exception>
    public async Task<byte[]> GetGood(string path, bool isSigned, CancellationToken cancel)
    {
        var body = await Get(path, isSigned, cancel).ConfigureAwait(false);
        var frame = new JsonFrame();
        if (!frame.TryRead(body, out var fault)) throw new InvalidOperationException($"{path}: {fault}");
        if (!frame.Root["code"].Is("0")) throw new InvalidOperationException($"{path}: {frame.Root["code"].Text} {frame.Root["msg"].Text}");
        return body;
    }

    /// <summary>Asks for OKX's time: logins and deadlines are by its clock.</summary>
    /// <exception cref="InvalidOperationException">OKX refused; its words.</exception>
    public async Task SetClock(CancellationToken cancel)
    {
        var beforeNs = Clock.NowNs();
        var body = await GetGood("/api/v5/public/time", isSigned: false, cancel).ConfigureAwait(false);
        var frame = new JsonFrame();
        if (!frame.TryRead(body, out _) || !frame.Root["data"][0]["ts"].TryLong(out var ms) || ms is <= 0 or > long.MaxValue / 1_000_000) throw new InvalidOperationException("/public/time: no time");
        Volatile.Write(ref _aheadNs, ms * 1_000_000 - (beforeNs + Clock.NowNs()) / 2);
    }

    public void Dispose() => _http.Dispose();
}
