using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace House.Demo;

/// <summary>What the bridge says of one instrument and its hedges, read from the desk's /state.</summary>
internal sealed class BridgeView : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _tokenFile;

    public BridgeView(int deskPort, string tokenFile)
    {
        _tokenFile = tokenFile;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{deskPort}"), Timeout = TimeSpan.FromSeconds(5) };
    }

    /// <summary>Null while the bridge does not answer.</summary>
    public BridgeState? TryRead()
    {
        try
        {
            return Read();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Asks now.</summary>
    public BridgeState Read()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/state");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(_tokenFile).Trim());
        using var response = _http.Send(request);
        response.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(response.Content.ReadAsStream());
        return new BridgeState(json.RootElement.Clone());
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>One reading.</summary>
internal sealed class BridgeState(JsonElement root)
{
    /// <summary>The feed's last sequence number that the bridge has dealt with.</summary>
    public long FeedThrough => root.GetProperty("feed_through").GetInt64();

    /// <summary>Venue session, feed and both exchanges are there.</summary>
    public bool IsWhole => root.GetProperty("venue_up").GetBoolean() && root.GetProperty("feed_up").GetBoolean()
        && root.GetProperty("exchanges").EnumerateArray().All(e => e.GetProperty("trading_up").GetBoolean());

    /// <summary>An instrument.</summary>
    public BridgeInstrument Of(string symbol) => new(root.GetProperty("instruments").EnumerateArray().First(i => i.GetProperty("symbol").GetString() == symbol));

    /// <summary>Hedges, open ones first.</summary>
    public IReadOnlyList<BridgeHedge> Hedges(string symbol)
    {
        var instrument = Of(symbol);
        return [.. root.GetProperty("hedges").EnumerateArray().Where(h => h.GetProperty("symbol").GetString() == symbol).Select(h => new BridgeHedge(
            h.GetProperty("client_id").GetString()!, h.GetProperty("exchange").GetString()!, h.GetProperty("side").GetString()!,
            instrument.Quantity(h.GetProperty("quantity").GetInt64()), instrument.Quantity(h.GetProperty("cum").GetInt64()),
            h.GetProperty("state").GetString()!, h.GetProperty("intent_ns").GetInt64(), h.GetProperty("changed_ns").GetInt64()))];
    }

    /// <summary>Orders outside of which nobody knows what became.</summary>
    public int Unknown => root.GetProperty("exchanges").EnumerateArray().Sum(e => e.GetProperty("unknown_hedges").GetInt32());

    /// <summary>What went wrong at each exchange, but for what is about one book.</summary>
    public IReadOnlyList<(string Exchange, string Reason)> Counts => [.. root.GetProperty("exchanges").EnumerateArray()
        .SelectMany(e => e.GetProperty("counts").EnumerateArray().Select(c => (e.GetProperty("name").GetString()!, c.GetProperty("reason").GetString()!)))];

    /// <summary>Profit so far in the reporting asset, of 18 decimals; null when a price is missing.</summary>
    public decimal? Profit => root.GetProperty("profit_atoms").GetString() is { } atoms ? decimal.Parse(atoms, CultureInfo.InvariantCulture) / 1_000_000_000_000_000_000m : null;
}

/// <summary>One instrument of the bridge; quantities and prices in units, not in steps.</summary>
internal sealed class BridgeInstrument(JsonElement instrument)
{
    /// <summary>Net quantity.</summary>
    public decimal Position => Quantity(instrument.GetProperty("position").GetInt64());

    /// <summary>Net quantity that is not hedged.</summary>
    public decimal Band => Quantity(instrument.GetProperty("band").GetInt64());

    /// <summary>What open hedges could still trade.</summary>
    public decimal PendingHedge => Quantity(instrument.GetProperty("pending_hedge").GetInt64());

    /// <summary>Null when it is quoted.</summary>
    public string? WhyNotQuoted => instrument.GetProperty("why_not_quoted").GetString();

    /// <summary>Our quote; price 0 when there is none.</summary>
    public (decimal Price, decimal Leaves, bool Rests) Quote(string side)
    {
        var quote = instrument.GetProperty(side);
        return (Price(quote.GetProperty("price").GetInt64()), Quantity(quote.GetProperty("leaves").GetInt64()), quote.GetProperty("state").GetString() == "working");
    }

    /// <summary>Books outside: exchange, state, best bid and ask; 0 where there is none.</summary>
    public IReadOnlyList<(string Exchange, string State, bool IsUsable, decimal Bid, decimal Ask)> Books =>
        [.. instrument.GetProperty("books").EnumerateArray().Select(b => (b.GetProperty("exchange").GetString()!, b.GetProperty("state").GetString()!, b.GetProperty("is_usable").GetBoolean(), Best(b, "bids"), Best(b, "asks")))];

    /// <summary>A quantity of the grid in units.</summary>
    public decimal Quantity(long steps) => steps / Power(instrument.GetProperty("quantity_decimals").GetInt32());

    private decimal Price(long steps) => steps / Power(instrument.GetProperty("price_decimals").GetInt32());

    private decimal Best(JsonElement book, string side) => book.GetProperty(side).EnumerateArray().Select(l => Price(l.GetProperty("price").GetInt64())).FirstOrDefault();

    private static decimal Power(int decimals) => (decimal)Math.Pow(10, decimals);
}

/// <summary>One hedge order.</summary>
internal sealed record BridgeHedge(string ClientID, string Exchange, string Side, decimal Quantity, decimal Filled, string State, long IntentNs, long ChangedNs)
{
    /// <summary>It may still trade, or nobody knows.</summary>
    public bool IsOpen => State is "intended" or "sent" or "acknowledged" or "partly_filled" or "unknown";
}
