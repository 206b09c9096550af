using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>The messages of the feed's public channels, and the numbers and the time that they bear.</summary>
internal sealed class FeedMessages(Exchange exchange, Faults faults, Loop loop)
{
    private readonly Dictionary<Instrument, long> _sequences = [];

    /// <summary>The exchange's own clock, nanoseconds.</summary>
    public long NowNs => loop.NowNs + faults.SkewNs;

    /// <summary>Number of the last event of a product.</summary>
    public long Sequence(Instrument instrument) => _sequences.GetValueOrDefault(instrument);

    /// <summary>The number of one more event.</summary>
    public long NextSequence(Instrument instrument) => _sequences[instrument] = Sequence(instrument) + 1;

    /// <summary>One product, as REST and the status channel have it.</summary>
    public void Product(Utf8JsonWriter w, Instrument i)
    {
        var halted = exchange.IsHalted(i);
        w.WriteStartObject();
        w.WriteString("id", i.Symbol);
        w.WriteString("base_currency", i.Base);
        w.WriteString("quote_currency", i.Quote);
        w.WriteString("quote_increment", Decimals.Text(1, i.PriceDecimals + faults.ExtraDecimals));
        w.WriteString("base_increment", i.Quantity(1));
        w.WriteString("display_name", $"{i.Base}/{i.Quote}");
        w.WriteString("min_market_funds", "1");
        w.WriteBoolean("margin_enabled", false);
        w.WriteBoolean("post_only", false);
        w.WriteBoolean("limit_only", false);
        w.WriteBoolean("cancel_only", halted);
        w.WriteBoolean("trading_disabled", halted);
        w.WriteString("status", halted ? "offline" : "online");
        w.WriteString("status_message", "");
        w.WriteEndObject();
    }

    /// <summary>What a connection has subscribed to.</summary>
    public static void Subscriptions(Utf8JsonWriter w, FeedConnection connection)
    {
        w.WriteString("type", "subscriptions");
        w.WriteStartArray("channels");
        foreach (var (channel, products) in connection.Channels)
        {
            if (products.Count == 0) continue;
            w.WriteStartObject();
            w.WriteString("name", channel);
            w.WriteStartArray("product_ids");
            foreach (var product in products) w.WriteStringValue(product.Symbol);
            w.WriteEndArray();
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    /// <summary>A book as a whole.</summary>
    public byte[] Snapshot(Instrument instrument, ToldBook<FeedConnection>.Sides sides) => Json.Object(w =>
    {
        w.WriteString("type", "snapshot");
        w.WriteString("product_id", instrument.Symbol);
        foreach (var (name, levels) in new[] { ("bids", sides.Bids), ("asks", sides.Asks) })
        {
            w.WriteStartArray(name);
            foreach (var (ticks, lots) in levels)
            {
                w.WriteStartArray();
                w.WriteStringValue(instrument.Price(ticks));
                w.WriteStringValue(instrument.Quantity(lots));
                w.WriteEndArray();
            }
            w.WriteEndArray();
        }
        w.Time("time", NowNs);
    });

    /// <summary>Changes of a book.</summary>
    public byte[] Update(Instrument instrument, ToldBook<FeedConnection>.Sides sides) => Json.Object(w =>
    {
        w.WriteString("type", "l2update");
        w.WriteString("product_id", instrument.Symbol);
        w.WriteStartArray("changes");
        foreach (var (side, levels) in new[] { ("buy", sides.Bids), ("sell", sides.Asks) })
        {
            foreach (var (ticks, lots) in levels)
            {
                w.WriteStartArray();
                w.WriteStringValue(side);
                w.WriteStringValue(instrument.Price(ticks));
                w.WriteStringValue(instrument.Quantity(lots));
                w.WriteEndArray();
            }
        }
        w.WriteEndArray();
        w.Time("time", NowNs);
    });

    /// <summary>A trade, whoever traded.</summary>
    public byte[] Match(string type, Trade trade) => Json.Object(w =>
    {
        w.WriteString("type", type);
        w.WriteNumber("trade_id", trade.ID);
        w.WriteString("maker_order_id", FeedText.ID(1L << 42));
        w.WriteString("taker_order_id", FeedText.ID(1L << 43));
        // Documentation, "Match": the side is the maker's.
        w.WriteString("side", FeedText.Of(trade.TakerSide == Side.Buy ? Side.Sell : Side.Buy));
        w.WriteString("size", trade.Instrument.Quantity(trade.Lots));
        w.WriteString("price", trade.Instrument.Price(trade.Ticks));
        w.WriteString("product_id", trade.Instrument.Symbol);
        w.WriteNumber("sequence", Sequence(trade.Instrument));
        w.Time("time", NowNs);
    });

    /// <summary>All products.</summary>
    public byte[] Status() => Json.Object(w =>
    {
        w.WriteString("type", "status");
        w.WriteStartArray("products");
        foreach (var instrument in exchange.Instruments) Product(w, instrument);
        w.WriteEndArray();
        w.WriteStartArray("currencies");
        w.WriteEndArray();
    });
}
