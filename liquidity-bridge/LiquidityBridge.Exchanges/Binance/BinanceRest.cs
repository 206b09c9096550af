using System.Globalization;

namespace LiquidityBridge.Exchanges.Binance;

/// <summary>A question that only REST answers.</summary>
/// <param name="PathAndQuery">What is asked.</param>
/// <param name="Weight">What it costs, as Binance counts.</param>
/// <param name="Symbol">Whose book; empty for exchangeInfo.</param>
/// <param name="Number">Tells answers apart that were asked for again.</param>
internal sealed record BinanceQuestion(string PathAndQuery, int Weight, string Symbol, long Number);

/// <summary>Asks over REST, within the weight that Binance allows an address.</summary>
internal sealed class BinanceRest(Uri rest, BinanceWeight weight, Tally tally) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = rest, Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = JsonFrame.BytesMax };
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Asks; <paramref name="answered"/> is given the body, or null when there is none that can be used. False when it may not be asked now.</summary>
    public bool TryAsk(BinanceQuestion question, Action<byte[]?> answered)
    {
        if (!weight.TryTake(question.Weight, Clock.NowNs()))
        {
            tally.Count(OutsideReason.RateLimited);
            return false;
        }
        _ = Ask(question, answered);
        return true;
    }

    private async Task Ask(BinanceQuestion question, Action<byte[]?> answered)
    {
        byte[]? body = null;
        try
        {
            using var response = await _http.GetAsync(new Uri(question.PathAndQuery, UriKind.Relative), _stop.Token).ConfigureAwait(false);
            var nowNs = Clock.NowNs();
            if (response.Headers.TryGetValues("x-mbx-used-weight-1m", out var used) && int.TryParse(used.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) weight.OnUsed(count, nowNs);
            if ((int)response.StatusCode is 418 or 429)
            {
                tally.Count(OutsideReason.RateLimited);
                weight.Hold(nowNs + (long)(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromMinutes(1)).TotalSeconds * 1_000_000_000);
            }
            if (response.IsSuccessStatusCode) body = await response.Content.ReadAsByteArrayAsync(_stop.Token).ConfigureAwait(false);
            else tally.Count(OutsideReason.Refused);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The books ask again; a REST address that does not answer is a reason of its own.
            if (!_stop.IsCancellationRequested) tally.Count(OutsideReason.ConnectFailed);
        }
        answered(body);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _http.Dispose();
        _stop.Dispose();
    }
}

/// <summary>The weight that one address may use in a minute, over REST and the WebSocket API together. Any thread.</summary>
internal sealed class BinanceWeight
{
    /// <summary>rateLimits of exchangeInfo: REQUEST_WEIGHT in one minute.</summary>
    public const int PerMinute = 6000;

    private readonly Lock _lock = new();
    private readonly WindowLimit _limit = new(PerMinute, 60_000_000_000);

    /// <inheritdoc cref="ILimit.TryTake"/>
    public bool TryTake(int weight, long nowNs)
    {
        lock (_lock) return _limit.TryTake(weight, nowNs);
    }

    /// <inheritdoc cref="WindowLimit.OnUsed"/>
    public void OnUsed(int used, long nowNs)
    {
        lock (_lock) _limit.OnUsed(used, nowNs);
    }

    /// <inheritdoc cref="WindowLimit.Hold"/>
    public void Hold(long untilNs)
    {
        lock (_lock) _limit.Hold(untilNs);
    }
}
