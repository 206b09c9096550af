using Venue.Messages;

namespace Venue.Gateway;

/// <summary>MarketDataSnapshotFullRefresh (W), from Symbol(55) on: in one message, or in several of which the last has LastFragment(893)=Y.</summary>
internal static class SnapshotEncoder
{
    /// <summary>Encodes the book as it is into the feed's snapshot.</summary>
    public static void Encode(BookFeed feed, Instrument instrument, DepthBook book, IOrderBooks? orders)
    {
        var to = feed.Snapshot;
        to.Clear();
        for (var side = Side.Buy; side <= Side.Sell; side++)
        {
            if (!feed.Shows(side == Side.Buy ? EntryTypes.Bids : EntryTypes.Offers)) continue;
            if (feed.Kind.IsByOrder) Orders(to, instrument, side, orders!);
            else Levels(to, instrument, book, side, feed.Kind.Depth);
        }
        if (feed.Shows(EntryTypes.Trades) && book.LastTrade.Lots > 0)
        {
            var entry = to.Entry();
            entry.Add(269, '2');
            EntryFields.PriceAndSize(entry, instrument.Terms, book.LastTrade.PriceTicks, book.LastTrade.Lots);
        }
        foreach (var (type, code) in EntryTypeCodes.Figures)
        {
            if (!feed.Shows(type) || Figure.Of(type, book) is not { Is: true } figure) continue;
            var entry = to.Entry();
            entry.Add(269, (char)code);
            EntryFields.Figure(entry, instrument.Terms, figure);
        }
        to.Complete();
        for (var part = 0; part < to.Count; part++)
        {
            var isLast = part == to.Count - 1;
            to.Head.Add(55, instrument.Symbol);
            if (feed.Kind.IsIncremental) to.Head.Add(83, feed.RptSeq);
            if (isLast) to.Head.Add(BookTags.Checksum, book.Checksum(instrument.Terms));
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

    private static void Orders(EncodedParts to, Instrument instrument, Side side, IOrderBooks orders)
    {
        foreach (ref readonly var order in orders.Entries(instrument.Id, side))
        {
            var entry = to.Entry();
            entry.Add(269, EntryFields.TypeOf(side));
            entry.Add(278, order.Entry);
            EntryFields.PriceAndSize(entry, instrument.Terms, order.Ticks, order.Lots);
        }
    }
}
