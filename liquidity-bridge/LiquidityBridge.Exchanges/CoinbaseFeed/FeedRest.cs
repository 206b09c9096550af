using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace LiquidityBridge.Exchanges.CoinbaseFeed;

/// <summary>An answer of Coinbase Exchange's REST API.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="After">CB-AFTER: where the next, older page begins; empty for none.</param>
internal readonly record struct FeedAnswer(int Status, byte[] Body, string After)
{
    /// <summary>True when Coinbase did it.</summary>
    public bool IsGood => Status is >= 200 and < 300;

    /// <summary>True when Coinbase certainly did nothing: it refused the request.</summary>
    public bool IsRefused => Status is >= 400 and < 500 and not 408;
}

/// <summary>Requests to Coinbase Exchange's REST API, signed where they must be.</summary>
internal sealed class FeedRest(Uri rest, FeedKey? key) : IDisposable
{
    /// <summary>A request that arrives later than this is not taken, seconds.</summary>
    public const int LifeSeconds = 5;

    // Documentation, "REST API Authentication": a timestamp must be within 30 s of the API's time. One that is set back is
    // good for less: no order can trade later than the core believes.
    private const int ToleranceSeconds = 30;
    private const long SecondNs = 1_000_000_000;

    private readonly HttpClient _http = new(new HttpClientHandler { AutomaticDecompression = DecompressionMethods.All })
    {
        BaseAddress = rest, Timeout = TimeSpan.FromSeconds(LifeSeconds), MaxResponseContentBufferSize = JsonFrame.BytesMax, DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("LiquidityBridge", "1.0") } },
    };
    private long _aheadNs;

    /// <summary>Coinbase's time, seconds since 1970, as <see cref="SetClock"/> found it.</summary>
    public long NowSeconds => (Clock.NowNs() + AheadNs) / SecondNs;

    /// <summary>How far Coinbase's clock is ahead of ours, nanoseconds.</summary>
    public long AheadNs => Volatile.Read(ref _aheadNs);

    /// <summary>Whatever its status is.</summary>
    public async Task<FeedAnswer> Ask(HttpMethod method, string path, byte[]? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            var seconds = NowSeconds - (ToleranceSeconds - LifeSeconds);
            request.Headers.Add("CB-ACCESS-KEY", key.Name);
            request.Headers.Add("CB-ACCESS-PASSPHRASE", key.Passphrase);
            request.Headers.Add("CB-ACCESS-TIMESTAMP", seconds.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("CB-ACCESS-SIGN", key.Sign(seconds, method.Method, path, body));
        }
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await _http.SendAsync(request, cancel).ConfigureAwait(false);
        var after = response.Headers.TryGetValues("CB-AFTER", out var values) ? values.First() : "";
        return new FeedAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false), after);
    }

    /// <summary>The body of an answer that must be good.</summary>
    /// <exception cref="InvalidOperationException">Coinbase refused; its words.</exception>
    public async Task<byte[]> Get(string path, CancellationToken cancel)
    {
        var answer = await Ask(HttpMethod.Get, path, null, cancel).ConfigureAwait(false);
        return answer.IsGood ? answer.Body : throw new InvalidOperationException($"{path}: HTTP {answer.Status} {Encoding.UTF8.GetString(answer.Body.AsSpan(0, Math.Min(200, answer.Body.Length)))}");
    }

    /// <summary>Asks for Coinbase's time: timestamps are held against its clock.</summary>
    /// <exception cref="InvalidOperationException">Coinbase refused, or told no time.</exception>
    public async Task SetClock(CancellationToken cancel)
    {
        var beforeNs = Clock.NowNs();
        using var response = await _http.GetAsync("/time", cancel).ConfigureAwait(false);
        var frame = new JsonFrame();
        var body = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        // {"iso":"...","epoch":1420674445.201}
        if (!frame.TryRead(body, out _) || !DecimalText.TryScaled(frame.Root["epoch"].Digits, 9, out var ns) || ns <= 0) throw new InvalidOperationException($"/time: no time, HTTP {(int)response.StatusCode}");
        Volatile.Write(ref _aheadNs, ns - (beforeNs + Clock.NowNs()) / 2);
    }

    public void Dispose() => _http.Dispose();
}
