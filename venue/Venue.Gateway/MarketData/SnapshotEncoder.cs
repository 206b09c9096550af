using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>
/// MarketDataSnapshotFullRefresh (W) of one feed, from Symbol(55) on: in one message, or in several of which the last has
/// LastFragment(893)=Y. What it says is of the moment at which it was begun; large books are encoded in slices.
/// </summary>
internal sealed class SnapshotEncoder
{
    private readonly List<EntryStep> _orders = [];   // of both sides, those that are still to be encoded from _at on
    private readonly Figure[] _figures = new Figure[EntryTypeCodes.Figures.Length];
    private Trade _trade;
    private uint _checksum;
    private long _rptSeq;
    private int _at;
    private bool _isWhole;

    /// <summary>Begins with the book as it is; its levels are encoded at once, its orders by <see cref="Continue"/>.</summary>
    public void Begin(BookFeed feed, Instrument instrument, DepthBook book, IOrderBooks? orders)
    {
        feed.Snapshot.Clear();
        _orders.Clear();
        _at = 0;
        _isWhole = false;
        (_trade, _checksum, _rptSeq) = (book.LastTrade, book.Checksum(instrument.Terms), feed.RptSeq);
        for (var i = 0; i < _figures.Length; i++) _figures[i] = Figure.Of(EntryTypeCodes.Figures[i].Type, book);
        for (var side = Side.Buy; side <= Side.Sell; side++)
        {
            if (!feed.Shows(side == Side.Buy ? EntryTypes.Bids : EntryTypes.Offers)) continue;
            if (feed.Kind.IsByOrder) _orders.AddRange(orders!.Entries(instrument.Id, side));
            else Levels(feed.Snapshot, instrument, book, side, feed.Kind.Depth);
        }
    }

    /// <summary>Encodes so many orders more; true when the snapshot is whole.</summary>
    public bool Continue(BookFeed feed, Instrument instrument, int orders)
    {
        if (_isWhole) return true;
        var end = Math.Min(_orders.Count, _at + orders);
        foreach (ref readonly var order in CollectionsMarshal.AsSpan(_orders)[_at..end])
        {
            var entry = feed.Snapshot.Entry();
            entry.Add(269, EntryFields.TypeOf(order.Side));
            entry.Add(278, order.Entry);
            EntryFields.PriceAndSize(entry, instrument.Terms, order.Ticks, order.Lots);
        }
        _at = end;
        if (_at < _orders.Count) return false;
        Complete(feed, instrument);
        return _isWhole = true;
    }

    private void Complete(BookFeed feed, Instrument instrument)
    {
        var to = feed.Snapshot;
        if (feed.Shows(EntryTypes.Trades) && _trade.Lots > 0)
        {
            var entry = to.Entry();
            entry.Add(269, '2');
            EntryFields.PriceAndSize(entry, instrument.Terms, _trade.PriceTicks, _trade.Lots);
        }
        for (var i = 0; i < _figures.Length; i++)
        {
            var (type, code) = EntryTypeCodes.Figures[i];
            if (!feed.Shows(type) || !_figures[i].Is) continue;
            var entry = to.Entry();
            entry.Add(269, (char)code);
            EntryFields.Figure(entry, instrument.Terms, _figures[i]);
        }
        to.Complete();
        for (var part = 0; part < to.Count; part++)
        {
            var isLast = part == to.Count - 1;
            to.Head.Add(55, instrument.Symbol);
            if (feed.Kind.IsIncremental) to.Head.Add(83, _rptSeq);
            if (isLast) to.Head.Add(BookTags.Checksum, _checksum);
            if (to.Count > 1) to.Head.Add(893, isLast ? 'Y' : 'N');
            to.EndHead(part);
        }
    }

    private static void Levels(EncodedParts to, Instrument instrument, DepthBook book, Side side, int depth)
    {
        for (var n = 0; n < Math.Min(book.Count(side), depth); n++)
        {
            var (ticks, lots) = book[side, n];
            var entry = to.Entry();
            entry.Add(269, EntryFields.TypeOf(side));
            EntryFields.PriceAndSize(entry, instrument.Terms, ticks, lots);
            entry.Add(290, n + 1);
        }
    }
}
