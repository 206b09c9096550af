using System.Text.Json;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>The public channels: books, trades, instruments.</summary>
internal sealed class OkxFeed(Exchange exchange, Faults faults, IReadOnlyCollection<OkxConnection> connections)
{
    private readonly Dictionary<Instrument, OkxBook> _books = exchange.Instruments.ToDictionary(i => i, i => new OkxBook(exchange, i));
    private readonly Dictionary<Instrument, byte[]> _heldBack = [];

    /// <summary>The book of an instrument.</summary>
    public OkxBook Book(Instrument instrument) => _books[instrument];

    /// <summary>Begins a book subscription: a snapshot is what was last told, so that the next update fits to it.</summary>
    public void Subscribe(OkxConnection connection, Instrument instrument)
    {
        var book = _books[instrument];
        if (!faults.IsFrozen && !connections.Any(c => c.Books.Contains(instrument))) book.Advance(exchange.NowNs);
        connection.Books.Add(instrument);
        connection.Send(book.Snapshot(faults.Take(FaultKind.OldSnapshot)), exchange.NowNs);
    }

    /// <summary>The book has changed.</summary>
    public void OnBook(Instrument instrument)
    {
        _books[instrument].IsDirty = true;
        Publish(_books[instrument]);
    }

    /// <summary>Tells what is due; to be called often.</summary>
    public void Publish()
    {
        foreach (var book in _books.Values) Publish(book);
    }

    /// <summary>Something traded.</summary>
    public void OnTrade(in Trade trade)
    {
        if (faults.IsFrozen) return;
        var t = trade;
        Tell(c => c.Trades.Contains(t.Instrument), Json.Object(w =>
        {
            w.WriteStartObject("arg");
            w.WriteString("channel", "trades");
            w.WriteString("instId", t.Instrument.Symbol);
            w.WriteEndObject();
            w.WriteStartArray("data");
            w.WriteStartObject();
            w.WriteString("instId", t.Instrument.Symbol);
            w.WriteString("tradeId", $"{t.ID}");
            w.WriteString("px", t.Instrument.Px(t.Ticks));
            w.WriteString("sz", t.Instrument.Sz(t.Lots));
            w.WriteString("side", OkxText.Of(t.TakerSide));
            w.WriteString("ts", OkxText.Ms(exchange.NowNs));
            w.WriteString("count", "1");
            w.WriteString("source", "0");
            w.WriteNumber("seqId", _books[t.Instrument].SeqId);
            w.WriteEndObject();
            w.WriteEndArray();
        }));
    }

    /// <summary>State or steps of an instrument have changed.</summary>
    public void OnInstrument(Instrument instrument) => Tell(c => c.Instruments, Instruments([instrument]));

    /// <summary>The instruments channel's message.</summary>
    public byte[] Instruments(IReadOnlyList<Instrument> instruments) => Json.Object(w =>
    {
        w.WriteStartObject("arg");
        w.WriteString("channel", "instruments");
        w.WriteString("instType", "SPOT");
        w.WriteEndObject();
        w.WriteStartArray("data");
        foreach (var instrument in instruments) Write(w, instrument);
        w.WriteEndArray();
    });

    /// <summary>One instrument as the channel and REST have it.</summary>
    public void Write(Utf8JsonWriter w, Instrument i)
    {
        w.WriteStartObject();
        w.WriteString("instType", "SPOT");
        w.WriteString("instId", i.Symbol);
        w.WriteNumber("instIdCode", OkxText.Code(i));
        w.WriteString("baseCcy", i.Base);
        w.WriteString("quoteCcy", i.Quote);
        w.WriteString("tickSz", Decimals.Text(1, i.PriceDecimals + faults.ExtraDecimals));
        w.WriteString("lotSz", i.Sz(1));
        w.WriteString("minSz", i.Sz(i.MinLots));
        w.WriteString("maxLmtSz", i.Sz(i.MaxLots));
        w.WriteString("maxMktSz", "");
        w.WriteString("state", exchange.IsHalted(i) ? "suspend" : "live");
        w.WriteString("ruleType", "normal");
        w.WriteString("lever", "");
        w.WriteString("settleCcy", "");
        w.WriteString("uly", "");
        w.WriteString("listTime", "1548133413000");
        w.WriteString("expTime", "");
        w.WriteEndObject();
    }

    private void Publish(OkxBook book)
    {
        if (faults.IsFrozen || !book.IsDue(exchange.NowNs) || !connections.Any(c => c.Books.Contains(book.Instrument))) return;
        var message = book.Update(faults, exchange.NowNs);
        if (faults.Take(FaultKind.BookGap)) return;
        if (faults.Take(FaultKind.BookReorder))
        {
            _heldBack[book.Instrument] = message;
            return;
        }
        Tell(c => c.Books.Contains(book.Instrument), message);
        if (faults.Take(FaultKind.BookDuplicate)) Tell(c => c.Books.Contains(book.Instrument), message);
        if (_heldBack.Remove(book.Instrument, out var late)) Tell(c => c.Books.Contains(book.Instrument), late);
    }

    private void Tell(Func<OkxConnection, bool> to, byte[] message)
    {
        foreach (var connection in connections)
            if (to(connection)) connection.Send(message, exchange.NowNs);
    }
}
