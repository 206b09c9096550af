using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Coinbase;

/// <summary>The public channels: level2, market_trades, status.</summary>
/// <remarks>All subscribers of a product see the same changes; a snapshot is what was last told, so that the next change fits to it.</remarks>
internal sealed class CoinbaseFeed(Exchange exchange, Faults faults, IReadOnlyCollection<CoinbaseConnection> connections)
{
    private const int Depth = 1000;
    private const long PublishEveryNs = 50_000_000;

    private readonly Dictionary<Instrument, ToldBook<CoinbaseConnection>> _told = exchange.Instruments.ToDictionary(i => i, i => new ToldBook<CoinbaseConnection>(exchange, faults, i, Depth, PublishEveryNs));

    /// <summary>Begins a book subscription.</summary>
    public void Subscribe(CoinbaseConnection connection, Instrument instrument)
    {
        var told = _told[instrument];
        var (bids, asks) = told.Snapshot(isFirst: !connections.Any(c => c.Books.Contains(instrument)));
        connection.Books.Add(instrument);
        connection.Send("l2_data", exchange.NowNs, w => Event(w, "snapshot", instrument, bids, asks));
    }

    /// <summary>The book has changed.</summary>
    public void OnBook(Instrument instrument)
    {
        _told[instrument].Touch();
        Publish(_told[instrument]);
    }

    /// <summary>Tells what is due; to be called often.</summary>
    public void Publish()
    {
        foreach (var told in _told.Values) Publish(told);
    }

    /// <summary>Something traded.</summary>
    public void OnTrade(in Trade trade)
    {
        if (faults.IsFrozen) return;
        var t = trade;
        Tell(c => c.Trades.Contains(t.Instrument), "market_trades", w =>
        {
            w.WriteStartObject();
            w.WriteString("type", "update");
            w.WriteStartArray("trades");
            w.WriteStartObject();
            w.WriteString("trade_id", $"{t.ID}");
            w.WriteString("product_id", t.Instrument.Symbol);
            w.WriteString("price", t.Instrument.Price(t.Ticks));
            w.WriteString("size", CoinbaseText.Plain(t.Lots, t.Instrument.QtyDecimals));
            // Documentation, "Market Trades Channel": the side is the maker's.
            w.WriteString("side", CoinbaseText.Of(t.TakerSide == Side.Buy ? Side.Sell : Side.Buy));
            w.Time("time", exchange.NowNs);
            w.WriteEndObject();
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    /// <summary>State or steps of a product have changed.</summary>
    public void OnProduct(Instrument instrument) => Tell(c => c.Status.Contains(instrument), "status", w => Status(w, "update", [instrument]));

    /// <summary>The status channel's event.</summary>
    public void Status(Utf8JsonWriter w, string type, IEnumerable<Instrument> instruments)
    {
        w.WriteStartObject();
        w.WriteString("type", type);
        w.WriteStartArray("products");
        foreach (var i in instruments)
        {
            w.WriteStartObject();
            w.WriteString("product_type", "SPOT");
            w.WriteString("id", i.Symbol);
            w.WriteString("base_currency", i.Base);
            w.WriteString("quote_currency", i.Quote);
            w.WriteString("base_increment", i.Quantity(1));
            w.WriteString("quote_increment", Increment(i));
            w.WriteString("display_name", $"{i.Base}/{i.Quote}");
            w.WriteString("status", exchange.IsHalted(i) ? "offline" : "online");
            w.WriteString("status_message", "");
            w.WriteString("min_market_funds", "1");
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    /// <summary>The price step as it is announced.</summary>
    public string Increment(Instrument i) => Decimals.Text(1, i.PriceDecimals + faults.ExtraDecimals);

    private void Publish(ToldBook<CoinbaseConnection> told) => told.Publish(
        [.. connections.Where(c => c.Books.Contains(told.Instrument))],
        (connection, sides) => connection.Envelope("l2_data", exchange.NowNs, w => Event(w, "update", told.Instrument, sides.Bids, sides.Asks)),
        connection => connection.Lose());

    private void Event(Utf8JsonWriter w, string type, Instrument instrument, IEnumerable<(long, long)> bids, IEnumerable<(long, long)> asks)
    {
        w.WriteStartObject();
        w.WriteString("type", type);
        w.WriteString("product_id", instrument.Symbol);
        w.WriteStartArray("updates");
        foreach (var (side, levels) in new[] { ("bid", bids), ("offer", asks) })
        {
            foreach (var (ticks, lots) in levels)
            {
                w.WriteStartObject();
                w.WriteString("side", side);
                w.Time("event_time", exchange.NowNs);
                w.WriteString("price_level", CoinbaseText.Plain(ticks, instrument.PriceDecimals));
                w.WriteString("new_quantity", CoinbaseText.Plain(lots, instrument.QtyDecimals));
                w.WriteEndObject();
            }
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private void Tell(Func<CoinbaseConnection, bool> to, string channel, Action<Utf8JsonWriter> events)
    {
        foreach (var connection in connections)
            if (to(connection)) connection.Send(channel, exchange.NowNs, events);
    }
}
