using System.Text.Json;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>exchangeInfo and depth, over REST and over the WebSocket API.</summary>
internal sealed class BinanceMarketData(Exchange exchange, BinanceExchange binance)
{
    private const int DefaultDepth = 100;

    /// <summary>rest-api.md, "Order book": the weight goes by the limit.</summary>
    public static int DepthWeight(BinanceRequest request) => request.Number("limit", DefaultDepth) switch
    {
        <= 100 => 5,
        <= 500 => 25,
        <= 1000 => 50,
        _ => 250,
    };

    /// <summary>The book as a snapshot that the diff streams fit to.</summary>
    public (BinanceError?, Action<Utf8JsonWriter>?) Depth(BinanceRequest request)
    {
        var symbol = request.RequiredText("symbol");
        var limit = (int)Math.Clamp(request.Number("limit", DefaultDepth), 1, BinanceBook.DepthMax);
        request.Finish();
        if (request.Fault is not null) return (request.Fault, null);
        if (exchange.Find(symbol) is not { } instrument) return (BinanceError.BadSymbol, null);
        var (id, bids, asks) = binance.Snapshot(instrument);
        return (null, w =>
        {
            w.WriteNumber("lastUpdateId", id);
            BinanceText.Levels(w, "bids", instrument, bids.Take(limit));
            BinanceText.Levels(w, "asks", instrument, asks.Take(limit));
        });
    }

    /// <summary>Symbols with their filters, and rate limits.</summary>
    public (BinanceError?, Action<Utf8JsonWriter>?) Info(BinanceRequest request)
    {
        var (one, list) = (request.Text("symbol"), request.Text("symbols"));
        request.Finish();
        if (request.Fault is not null) return (request.Fault, null);
        IEnumerable<string> names = one is not null ? [one] : list is not null ? list.Trim('[', ']').Split(',').Select(n => n.Trim('"')) : exchange.Instruments.Select(i => i.Symbol);
        var instruments = names.Select(exchange.Find).ToList();
        if (instruments.Contains(null)) return (BinanceError.BadSymbol, null);
        return (null, w =>
        {
            w.WriteString("timezone", "UTC");
            w.WriteNumber("serverTime", binance.Login.Ms(exchange.NowNs));
            binance.Limits.Write(w, null, null);
            w.WriteStartArray("exchangeFilters");
            w.WriteEndArray();
            w.WriteStartArray("symbols");
            foreach (var instrument in instruments) Write(w, instrument!);
            w.WriteEndArray();
        });
    }

    private void Write(Utf8JsonWriter w, Instrument i)
    {
        w.WriteStartObject();
        w.WriteString("symbol", i.Symbol);
        w.WriteString("status", exchange.IsHalted(i) ? "HALT" : "TRADING");
        w.WriteString("baseAsset", i.Base);
        w.WriteNumber("baseAssetPrecision", 8);
        w.WriteString("quoteAsset", i.Quote);
        w.WriteNumber("quotePrecision", 8);
        w.WriteNumber("quoteAssetPrecision", 8);
        Strings(w, "orderTypes", "LIMIT", "LIMIT_MAKER", "MARKET");
        w.WriteBoolean("icebergAllowed", false);
        w.WriteBoolean("ocoAllowed", false);
        w.WriteBoolean("isSpotTradingAllowed", true);
        w.WriteBoolean("isMarginTradingAllowed", false);
        w.WriteStartArray("filters");
        Filter(w, "PRICE_FILTER", ("minPrice", i.Px(1)), ("maxPrice", i.Px(i.HighestTicks)), ("tickSize", Decimals.Text(binance.TickOf(i), 8)));
        Filter(w, "LOT_SIZE", ("minQty", i.Sz(i.MinLots)), ("maxQty", i.Sz(i.MaxLots)), ("stepSize", i.Sz(1)));
        w.WriteEndArray();
        Strings(w, "permissions");
        w.WriteStartArray("permissionSets");
        w.WriteStartArray();
        w.WriteStringValue("SPOT");
        w.WriteEndArray();
        w.WriteEndArray();
        w.WriteString("defaultSelfTradePreventionMode", "NONE");
        Strings(w, "allowedSelfTradePreventionModes", "NONE");
        w.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter w, string name, params ReadOnlySpan<string> texts)
    {
        w.WriteStartArray(name);
        foreach (var text in texts) w.WriteStringValue(text);
        w.WriteEndArray();
    }

    private static void Filter(Utf8JsonWriter w, string type, params ReadOnlySpan<(string Name, string Value)> members)
    {
        w.WriteStartObject();
        w.WriteString("filterType", type);
        foreach (var (name, value) in members) w.WriteString(name, value);
        w.WriteEndObject();
    }
}
