using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>The public streams: diff depth, trades, best prices.</summary>
internal sealed class BinanceFeed(Exchange exchange, Faults faults, IReadOnlyCollection<BinanceConnection> connections)
{
    private readonly Dictionary<Instrument, BinanceBook> _books = exchange.Instruments.ToDictionary(i => i, i => new BinanceBook(exchange, i));
    private readonly Dictionary<Instrument, (long, long, long, long)> _best = [];

    /// <summary>The book of an instrument.</summary>
    public BinanceBook Book(Instrument instrument) => _books[instrument];

    /// <summary>A stream is subscribed.</summary>
    public void Subscribed(string stream)
    {
        if (!stream.Contains("@depth", StringComparison.Ordinal)) return;
        _books.First(b => Name(b.Key) == stream[..stream.IndexOf('@')]).Value.Subscribed();
    }

    /// <summary>True when there is a stream of this name.</summary>
    public bool Has(string stream) => stream.IndexOf('@') is > 0 and var at
        && exchange.Instruments.Any(i => Name(i) == stream[..at]) && stream[at..] is "@depth" or "@depth@100ms" or "@trade" or "@bookTicker";

    /// <summary>The book has changed.</summary>
    public void OnBook(Instrument instrument)
    {
        _books[instrument].OnBook();
        Best(instrument);
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
        Tell($"{Name(t.Instrument)}@trade", Json.Object(w =>
        {
            w.WriteString("e", "trade");
            w.WriteNumber("E", BinanceText.Ms(exchange.NowNs));
            w.WriteString("s", t.Instrument.Symbol);
            w.WriteNumber("t", t.ID);
            w.WriteString("p", t.Instrument.Px(t.Ticks));
            w.WriteString("q", t.Instrument.Sz(t.Lots));
            w.WriteNumber("T", BinanceText.Ms(exchange.NowNs));
            w.WriteBoolean("m", t.TakerSide == Side.Sell);   // the buyer is the maker
            w.WriteBoolean("M", true);
        }));
    }

    private void Publish(BinanceBook book)
    {
        if (faults.IsFrozen) return;
        Publish(book, book.Fast, $"{Name(book.Instrument)}@depth@100ms");
        Publish(book, book.Slow, $"{Name(book.Instrument)}@depth");
    }

    private void Publish(BinanceBook book, BinanceBook.DiffStream stream, string name)
    {
        if (!stream.IsDue(book.LastID, exchange.NowNs)) return;
        if (!connections.Any(c => c.Streams.Contains(name)))
        {
            stream.Skip(book.LastID);
            return;
        }
        var isCrossed = faults.Take(FaultKind.BookCrossed);
        if (isCrossed || stream.HasPhantom) book.Count();
        var (first, changes) = stream.Advance(book.LastID, exchange.NowNs, isCrossed);
        book.Keep();
        var message = Diff(book.Instrument, first, stream.ToldID, changes);
        if (faults.Take(FaultKind.BookGap)) return;
        if (faults.Take(FaultKind.BookReorder))
        {
            stream.Late = message;
            return;
        }
        Tell(name, message);
        if (faults.Take(FaultKind.BookDuplicate)) Tell(name, message);
        if (stream.Late is not { } late) return;
        stream.Late = null;
        Tell(name, late);
    }

    private byte[] Diff(Instrument instrument, long first, long last, List<LevelChange> changes) => Json.Object(w =>
    {
        w.WriteString("e", "depthUpdate");
        w.WriteNumber("E", BinanceText.Ms(exchange.NowNs));
        w.WriteString("s", instrument.Symbol);
        w.WriteNumber("U", first);
        w.WriteNumber("u", last);
        BinanceText.Levels(w, "b", instrument, changes.Where(c => c.Side == Side.Buy).Select(c => (c.Ticks, c.Lots)));
        BinanceText.Levels(w, "a", instrument, changes.Where(c => c.Side == Side.Sell).Select(c => (c.Ticks, c.Lots)));
    });

    private void Best(Instrument instrument)
    {
        var book = exchange.Book(instrument);
        if (faults.IsFrozen || !book.TryBest(Side.Buy, out var bid) || !book.TryBest(Side.Sell, out var ask)) return;
        var best = (bid.Ticks, book.QuantityAt(Side.Buy, bid).Lots, ask.Ticks, book.QuantityAt(Side.Sell, ask).Lots);
        if (_best.TryGetValue(instrument, out var told) && told == best) return;
        _best[instrument] = best;
        Tell($"{Name(instrument)}@bookTicker", Json.Object(w =>
        {
            w.WriteNumber("u", _books[instrument].LastID);
            w.WriteString("s", instrument.Symbol);
            w.WriteString("b", instrument.Px(best.Item1));
            w.WriteString("B", instrument.Sz(best.Item2));
            w.WriteString("a", instrument.Px(best.Item3));
            w.WriteString("A", instrument.Sz(best.Item4));
        }));
    }

    private void Tell(string stream, byte[] message)
    {
        byte[]? enveloped = null;
        foreach (var connection in connections)
        {
            if (!connection.Streams.Contains(stream)) continue;
            if (connection.Line == BinanceLine.Raw) connection.Send(message, exchange.NowNs);
            else connection.Send(enveloped ??= Envelope(stream, message), exchange.NowNs);
        }
    }

    private static byte[] Envelope(string stream, byte[] message) => Json.Object(w =>
    {
        w.WriteString("stream", stream);
        w.WritePropertyName("data");
        w.WriteRawValue(message, skipInputValidation: true);
    });

    private static string Name(Instrument instrument) => instrument.Symbol.ToLowerInvariant();
}
