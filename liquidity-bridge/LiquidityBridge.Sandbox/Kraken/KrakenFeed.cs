using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>The public channels: book, trade, instrument.</summary>
/// <remarks>
/// All subscribers of one instrument and depth see the same messages: a snapshot is what was last published, so that
/// the next update fits to it.
/// </remarks>
internal sealed class KrakenFeed(Exchange exchange, Faults faults, IReadOnlyCollection<Connection> connections)
{
    /// <summary>Depths that can be subscribed.</summary>
    public static readonly int[] Depths = [10, 25, 100, 500, 1000];

    private readonly Dictionary<(Instrument, int), DepthView> _views = [];
    private readonly Dictionary<DepthView, byte[]> _heldBack = [];

    /// <summary>Begins a book subscription.</summary>
    public void Subscribe(Connection connection, Instrument instrument, int depth, bool snapshot)
    {
        var view = View(instrument, depth);
        // Nobody was watching, so the view stands where the last one left it.
        if (!faults.IsFrozen && !connections.Any(c => Watches(c, view))) view.Advance();
        connection.Books[instrument] = depth;
        if (!snapshot) return;
        var (bids, asks) = faults.Take(FaultKind.OldSnapshot) ? view.Before : (view.Bids, view.Asks);
        connection.Send(Book("snapshot", instrument, bids, asks, Checksum.Of(bids, asks)), exchange.NowNs);
    }

    /// <summary>The book has changed.</summary>
    public void OnBook(Instrument instrument)
    {
        if (faults.IsFrozen) return;
        foreach (var depth in Depths)
        {
            if (!_views.TryGetValue((instrument, depth), out var view) || !connections.Any(c => Watches(c, view))) continue;
            // What better levels push out of view is not told: docs.kraken.com, "truncate to the subscribed depth".
            var told = view.Advance().Where(c => c.Kind != LevelChangeKind.OutOfView).ToList();
            if (told.Count == 0 || faults.Take(FaultKind.BookGap)) continue;
            if (faults.Take(FaultKind.BookCrossed) && view.Asks.Count > 0) told.Add(new LevelChange(Venue.Messages.Side.Buy, LevelChangeKind.New, view.Asks[0].Ticks, 1));
            var checksum = Checksum.Of(view.Bids, view.Asks) ^ (faults.Take(FaultKind.WrongChecksum) ? 1u : 0);
            var message = Book("update", instrument, Side(told, Venue.Messages.Side.Buy), Side(told, Venue.Messages.Side.Sell), checksum);
            if (faults.Take(FaultKind.BookReorder))
            {
                _heldBack[view] = message;
                continue;
            }
            Publish(c => Watches(c, view), message);
            if (faults.Take(FaultKind.BookDuplicate)) Publish(c => Watches(c, view), message);
            if (_heldBack.Remove(view, out var late)) Publish(c => Watches(c, view), late);
        }
    }

    /// <summary>Something traded.</summary>
    public void OnTrade(in Trade trade)
    {
        if (faults.IsFrozen) return;
        var instrument = trade.Instrument;
        var (id, ticks, lots, side, type) = (trade.ID, trade.Ticks, trade.Lots, trade.TakerSide, trade.TakerType);
        Publish(c => c.Trades.Contains(instrument), Json.Object(w =>
        {
            w.WriteString("channel", "trade");
            w.WriteString("type", "update");
            w.WriteStartArray("data");
            w.WriteStartObject();
            w.WriteString("symbol", instrument.Symbol);
            w.WriteString("side", Words.Of(side));
            w.Number("price", instrument.Price(ticks));
            w.Number("qty", instrument.Quantity(lots));
            w.WriteString("ord_type", Words.Of(type));
            w.WriteNumber("trade_id", id);
            w.Time("timestamp", faults.ByItsClock(exchange.NowNs));
            w.WriteEndObject();
            w.WriteEndArray();
        }));
    }

    /// <summary>An instrument's status, or what is announced of it, has changed.</summary>
    public void OnHalt(Instrument instrument) => Publish(c => c.Instruments, Instruments("update", [instrument]));

    /// <summary>The instrument channel's snapshot: everything.</summary>
    public byte[] Instruments() => Instruments("snapshot", exchange.Instruments);

    private byte[] Instruments(string type, IReadOnlyList<Instrument> instruments) => Json.Object(w =>
    {
        w.WriteString("channel", "instrument");
        w.WriteString("type", type);
        w.WriteStartObject("data");
        w.WriteStartArray("assets");
        var assets = type == "snapshot" ? instruments.SelectMany(i => new[] { i.Base, i.Quote }) : [];
        foreach (var asset in assets.Distinct().Order(StringComparer.Ordinal))
        {
            w.WriteStartObject();
            w.WriteString("id", asset);
            w.WriteString("status", "enabled");
            w.WriteNumber("precision", Instrument.AtomDecimals);
            w.WriteNumber("precision_display", 5);
            w.WriteBoolean("borrowable", false);
            w.Number("collateral_value", "0.00");
            w.Number("margin_rate", "0.000000");
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteStartArray("pairs");
        foreach (var i in instruments)
        {
            w.WriteStartObject();
            w.WriteString("symbol", i.Symbol);
            w.WriteString("base", i.Base);
            w.WriteString("quote", i.Quote);
            w.WriteString("status", exchange.IsHalted(i) ? "cancel_only" : "online");
            w.WriteNumber("qty_precision", i.QtyDecimals);
            w.Number("qty_increment", i.Quantity(1));
            w.Number("qty_min", i.Quantity(i.MinLots));
            w.WriteNumber("price_precision", i.PriceDecimals + faults.ExtraDecimals);
            w.Number("price_increment", Decimals.Text(1, i.PriceDecimals + faults.ExtraDecimals));
            w.WriteNumber("cost_precision", Instrument.AtomDecimals);
            w.Number("cost_min", "0.00");
            w.WriteBoolean("marginable", false);
            w.WriteBoolean("has_index", false);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    });

    private byte[] Book(string type, Instrument instrument, IEnumerable<(long Ticks, long Lots)> bids, IEnumerable<(long Ticks, long Lots)> asks, uint checksum) => Json.Object(w =>
    {
        w.WriteString("channel", "book");
        w.WriteString("type", type);
        w.WriteStartArray("data");
        w.WriteStartObject();
        w.WriteString("symbol", instrument.Symbol);
        Levels(w, "bids", instrument, bids);
        Levels(w, "asks", instrument, asks);
        w.WriteNumber("checksum", checksum);
        w.Time("timestamp", faults.ByItsClock(exchange.NowNs));
        w.WriteEndObject();
        w.WriteEndArray();
    });

    private static void Levels(Utf8JsonWriter w, string name, Instrument instrument, IEnumerable<(long Ticks, long Lots)> levels)
    {
        w.WriteStartArray(name);
        foreach (var (ticks, lots) in levels)
        {
            w.WriteStartObject();
            w.Number("price", instrument.Price(ticks));
            w.Number("qty", instrument.Quantity(lots));
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static IEnumerable<(long, long)> Side(IEnumerable<LevelChange> changes, Side side) => changes.Where(c => c.Side == side).Select(c => (c.Ticks, c.Lots));

    private static bool Watches(Connection connection, DepthView view) => connection.Books.TryGetValue(view.Instrument, out var depth) && depth == view.Depth;

    private DepthView View(Instrument instrument, int depth)
    {
        if (!_views.TryGetValue((instrument, depth), out var view)) _views[(instrument, depth)] = view = new DepthView(exchange, instrument, depth);
        return view;
    }

    private void Publish(Func<Connection, bool> to, byte[] message)
    {
        foreach (var connection in connections)
            if (to(connection)) connection.Send(message, exchange.NowNs);
    }
}
