using System.Text.Json;
using Venue.Gateway;
using Venue.Messages;

namespace Venue.Host;

/// <summary>Levels of a book: [price, quantity], quantity 0 for a level that has gone.</summary>
internal sealed class BookChannel : ScreenChannel
{
    private readonly int _depth;
    private readonly LevelList _bids = new(Side.Buy), _asks = new(Side.Sell);

    public BookChannel(ScreenView view, Instrument instrument, DepthBook book) : base(view, instrument, book)
    {
        _depth = view.Depth == 0 ? int.MaxValue : view.Depth;
        _bids.Show(book, _depth);
        _asks.Show(book, _depth);
    }

    protected override bool TryChange(out Action<Utf8JsonWriter> content)
    {
        var (bids, asks) = (_bids.Follow(Book, _depth), _asks.Follow(Book, _depth));
        content = w =>
        {
            Steps(w, "bids", bids);
            Steps(w, "asks", asks);
            Checksum(w);
        };
        return bids.Count + asks.Count > 0;
    }

    protected override void All(Utf8JsonWriter w)
    {
        Levels(w, "bids", Side.Buy);
        Levels(w, "asks", Side.Sell);
        Checksum(w);
    }

    private void Steps(Utf8JsonWriter w, string name, IReadOnlyList<LevelStep> steps)
    {
        w.WriteStartArray(name);
        foreach (var step in steps) Level(w, step.Ticks, step.Lots);
        w.WriteEndArray();
    }

    private void Levels(Utf8JsonWriter w, string name, Side side)
    {
        w.WriteStartArray(name);
        for (var n = 0; n < Math.Min(Book.Count(side), _depth); n++) Level(w, Book[side, n].Ticks, Book[side, n].Lots);
        w.WriteEndArray();
    }

    private void Level(Utf8JsonWriter w, long ticks, long lots)
    {
        w.WriteStartArray();
        w.Price(Instrument.Terms, ticks);
        w.Quantity(Instrument.Terms, lots);
        w.WriteEndArray();
    }
}
