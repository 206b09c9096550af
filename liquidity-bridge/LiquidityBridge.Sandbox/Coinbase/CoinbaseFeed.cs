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

    private readonly Dictionary<Instrument, Told> _told = exchange.Instruments.ToDictionary(i => i, i => new Told(exchange, i));

    /// <summary>Begins a book subscription.</summary>
    public void Subscribe(CoinbaseConnection connection, Instrument instrument)
    {
        var told = _told[instrument];
        if (!faults.IsFrozen && !connections.Any(c => c.Books.Contains(instrument))) told.Advance();
        connection.Books.Add(instrument);
        var (bids, asks) = faults.Take(FaultKind.OldSnapshot) ? told.Before : (told.View.Bids, told.View.Asks);
        connection.Send("l2_data", exchange.NowNs, w => Event(w, "snapshot", instrument, bids, asks));
    }

    /// <summary>The book has changed.</summary>
    public void OnBook(Instrument instrument)
    {
        _told[instrument].IsDirty = true;
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

    private void Publish(Told told)
    {
        if (faults.IsFrozen || !told.IsDirty && told.CrossedTicks == 0 || exchange.NowNs - told.AtNs < PublishEveryNs || !connections.Any(c => c.Books.Contains(told.View.Instrument))) return;
        told.AtNs = exchange.NowNs;
        var changes = told.Advance();
        List<(long, long)> bids = [.. Of(changes, Side.Buy)], asks = [.. Of(changes, Side.Sell)];
        if (told.CrossedTicks != 0)
        {
            bids.Add((told.CrossedTicks, 0));
            told.CrossedTicks = 0;
        }
        else if (told.View.Asks.Count > 0 && faults.Take(FaultKind.BookCrossed))
        {
            told.CrossedTicks = told.View.Asks[0].Ticks + 1;
            bids.Add((told.CrossedTicks, told.View.Instrument.MinLots));
        }
        if (bids.Count + asks.Count == 0) return;
        var (isLost, isLate, isTwice) = (faults.Take(FaultKind.BookGap), faults.Take(FaultKind.BookReorder), faults.Take(FaultKind.BookDuplicate));
        foreach (var connection in connections)
        {
            if (!connection.Books.Contains(told.View.Instrument)) continue;
            if (isLost)
            {
                connection.Lose();
                continue;
            }
            var message = connection.Envelope("l2_data", exchange.NowNs, w => Event(w, "update", told.View.Instrument, bids, asks));
            if (isLate)
            {
                told.HeldBack[connection] = message;
                continue;
            }
            connection.Send(message, exchange.NowNs);
            if (isTwice) connection.Send(message, exchange.NowNs);
            if (told.HeldBack.Remove(connection, out var late)) connection.Send(late, exchange.NowNs);
        }
    }

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

    private static IEnumerable<(long, long)> Of(IEnumerable<LevelChange> changes, Side side) => changes.Where(c => c.Side == side).Select(c => (c.Ticks, c.Lots));

    /// <summary>What of one product has been told.</summary>
    private sealed class Told(Exchange exchange, Instrument instrument)
    {
        public DepthView View { get; } = new(exchange, instrument, Depth);
        public (IReadOnlyList<(long, long)> Bids, IReadOnlyList<(long, long)> Asks) Before { get; private set; } = ([], []);
        public bool IsDirty { get; set; } = true;
        public long AtNs { get; set; }
        public long CrossedTicks { get; set; }
        public Dictionary<CoinbaseConnection, byte[]> HeldBack { get; } = [];

        public List<LevelChange> Advance()
        {
            IsDirty = false;
            Before = (View.Bids, View.Asks);
            return View.Advance();
        }
    }
}
