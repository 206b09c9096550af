using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace LiquidityBridge.Exchanges.Coinbase;

/// <summary>An answer of Coinbase's REST API.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Its bytes.</param>
internal readonly record struct CoinbaseAnswer(int Status, byte[] Body)
{
    /// <summary>True when Coinbase did it, or said why not.</summary>
    public bool IsGood => Status is >= 200 and < 300;

    /// <summary>True when Coinbase certainly did nothing: it refused the request before it looked at what it asks for.</summary>
    public bool IsRefused => Status is >= 400 and < 500 and not 408;
}

/// <summary>Signed requests to Advanced Trade's REST API.</summary>
internal sealed class CoinbaseRest(Uri rest, CoinbaseKey key) : IDisposable
{
    /// <summary>The root of all paths.</summary>
    public const string Root = "/api/v3/brokerage/";

    /// <summary>A request that arrives later than this is not taken, since its token is not good any more, seconds.</summary>
    public const int LifeSeconds = 5;

    private const long SecondNs = 1_000_000_000;

    private readonly HttpClient _http = new() { BaseAddress = rest, Timeout = TimeSpan.FromSeconds(LifeSeconds), MaxResponseContentBufferSize = JsonFrame.BytesMax };
    private long _aheadNs;

    /// <summary>Coinbase's time, seconds since 1970, as <see cref="SetClock"/> found it.</summary>
    public long NowSeconds => (Clock.NowNs() + AheadNs) / SecondNs;

    /// <summary>How far Coinbase's clock is ahead of ours, nanoseconds.</summary>
    public long AheadNs => Volatile.Read(ref _aheadNs);

    /// <summary>Whatever its status is.</summary>
    public async Task<CoinbaseAnswer> Ask(HttpMethod method, string path, byte[]? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        // "uri" of the token: method, host and path, without the query.
        var uri = $"{method} {rest.Authority}{path.AsSpan(0, path.IndexOf('?') is var at and >= 0 ? at : path.Length)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Token(uri, NowSeconds, LifeSeconds));
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await _http.SendAsync(request, cancel).ConfigureAwait(false);
        return new CoinbaseAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false));
    }

    /// <summary>The body of an answer that must be good.</summary>
    /// <exception cref="InvalidOperationException">Coinbase refused; its words.</exception>
    public async Task<byte[]> Get(string path, CancellationToken cancel)
    {
        var answer = await Ask(HttpMethod.Get, path, null, cancel).ConfigureAwait(false);
        return answer.IsGood ? answer.Body : throw new InvalidOperationException($"{path}: HTTP {answer.Status} {Encoding.UTF8.GetString(answer.Body.AsSpan(0, Math.Min(200, answer.Body.Length)))}");
    }

    /// <summary>Asks for Coinbase's time: tokens are good by its clock.</summary>
    /// <exception cref="InvalidOperationException">Coinbase refused, or told no time.</exception>
    public async Task SetClock(CancellationToken cancel)
    {
        var beforeNs = Clock.NowNs();
        using var response = await _http.GetAsync(Root + "time", cancel).ConfigureAwait(false);
        var frame = new JsonFrame();
        var body = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        if (!frame.TryRead(body, out _) || !frame.Root["epochMillis"].TryLong(out var ms) || ms is <= 0 or > long.MaxValue / 1_000_000)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{Root}time: no time, HTTP {(int)response.StatusCode}"));
        Volatile.Write(ref _aheadNs, ms * 1_000_000 - (beforeNs + Clock.NowNs()) / 2);
    }

    public void Dispose() => _http.Dispose();
}
