using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What one kind of reader of an instrument is shown; readers of the same kind are sent the same bytes.</summary>
/// <param name="Depth">Levels a side.</param>
/// <param name="Shows">Which entry types.</param>
/// <param name="IsConflated">Told at most once per interval, instead of with every turn of the venue.</param>
internal readonly record struct FeedKind(int Depth, EntryTypes Shows, bool IsConflated);

/// <summary>One instrument's incremental feed of one kind: MarketDataIncrementalRefresh (X), numbered without gaps by RptSeq(83).</summary>
internal sealed class BookFeed(FeedKind kind)
{
    private readonly List<(long Ticks, long Lots)> _bids = [], _asks = [];   // what readers have
    private readonly Figure[] _figures = new Figure[EntryTypeCodes.Figures.Length];

    /// <summary>What is shown.</summary>
    public FeedKind Kind => kind;

    /// <summary>RptSeq(83) of the last message.</summary>
    public long RptSeq { get; private set; }

    /// <summary>Who reads it.</summary>
    public List<Subscription> Readers { get; } = [];

    /// <summary>The last message's fields, from RptSeq(83) on.</summary>
    public FieldBuffer Message { get; } = new();

    /// <summary>The first reader is about to get a snapshot: what is published from here on follows the book as it is.</summary>
    public void Begin(DepthBook book)
    {
        Show(book, Side.Buy, _bids);
        Show(book, Side.Sell, _asks);
        for (var i = 0; i < _figures.Length; i++) _figures[i] = Figure.Of(EntryTypeCodes.Figures[i].Type, book);
    }

    /// <summary>Encodes what readers of this kind do not know yet; false when there is nothing.</summary>
    public bool Encode(Instrument instrument, DepthBook book, List<Trade> trades, FieldBuffer entries)
    {
        entries.Clear();
        var count = 0;
        if ((kind.Shows & EntryTypes.Bids) != 0) count += Levels(instrument, book, Side.Buy, _bids, entries);
        if ((kind.Shows & EntryTypes.Offers) != 0) count += Levels(instrument, book, Side.Sell, _asks, entries);
        if ((kind.Shows & EntryTypes.Trades) != 0)
            foreach (var trade in trades)
            {
                Entry(instrument, '0', '2', trade.PriceTicks, trade.Lots, entries);
                entries.Add(278, trade.TradeID);   // MDEntryID: the number of TrdMatchID(880)
                count++;
            }
        if (kind.Shows >= EntryTypes.Opening) count += Figures(instrument, book, entries);
        if (count == 0) return false;
        Message.Clear();
        Message.Add(83, ++RptSeq);
        Message.Add(BookTags.Checksum, BookChecksum.Of(book, instrument.Terms));
        Message.Add(268, count);
        return true;
    }

    /// <summary>Values that are others than those that readers have.</summary>
    private int Figures(Instrument instrument, DepthBook book, FieldBuffer to)
    {
        var count = 0;
        for (var i = 0; i < _figures.Length; i++)
        {
            var (type, code) = EntryTypeCodes.Figures[i];
            var now = (kind.Shows & type) != 0 ? Figure.Of(type, book) : default;
            if (now == _figures[i] || (kind.Shows & type) == 0) continue;
            to.Add(279, _figures[i].Is ? now.Is ? '1' : '2' : '0');
            to.Add(269, (char)code);
            to.Add(55, instrument.Symbol);
            ref readonly var d = ref instrument.Terms;
            if (now.Ticks != 0) to.AddDecimal(270, (Int128)now.Ticks * d.TickMantissa, d.TickDecimals);
            if (now.Lots != 0) to.AddDecimal(271, now.Lots * d.LotMantissa, d.LotDecimals);
            if (now.Condition != 0) to.Add(277, (char)now.Condition);
            _figures[i] = now;
            count++;
        }
        return count;
    }

    /// <summary>Both lists are best first: a walk along both finds what came, changed and went.</summary>
    private int Levels(Instrument instrument, DepthBook book, Side side, List<(long Ticks, long Lots)> shown, FieldBuffer to)
    {
        var count = 0;
        var most = Math.Min(book.Count(side), kind.Depth);
        for (int n = 0, s = 0; n < most || s < shown.Count;)
        {
            var now = n < most ? book[side, n] : default;
            if (s == shown.Count || (n < most && IsBetter(side, now.Ticks, shown[s].Ticks))) count += Level(instrument, side, now.Ticks, 0, book[side, n++].Lots, to);
            else if (n == most || IsBetter(side, shown[s].Ticks, now.Ticks)) count += Level(instrument, side, shown[s].Ticks, shown[s++].Lots, 0, to);
            else count += Level(instrument, side, now.Ticks, shown[s++].Lots, book[side, n++].Lots, to);
        }
        Show(book, side, shown);
        return count;
    }

    private void Show(DepthBook book, Side side, List<(long Ticks, long Lots)> shown)
    {
        shown.Clear();
        for (var n = 0; n < Math.Min(book.Count(side), kind.Depth); n++) shown.Add(book[side, n]);
    }

    private static bool IsBetter(Side side, long a, long b) => side == Side.Buy ? a > b : a < b;

    /// <summary>MDUpdateAction(279): 0 new, 1 change, 2 delete. A level that is as it was is not told.</summary>
    private static int Level(Instrument instrument, Side side, long ticks, long before, long lots, FieldBuffer to)
    {
        if (before == lots) return 0;
        Entry(instrument, before == 0 ? '0' : lots == 0 ? '2' : '1', side == Side.Buy ? '0' : '1', ticks, lots, to);
        return 1;
    }

    private static void Entry(Instrument instrument, char action, char type, long ticks, long lots, FieldBuffer to)
    {
        ref readonly var d = ref instrument.Terms;
        to.Add(279, action);
        to.Add(269, type);
        to.Add(55, instrument.Symbol);
        to.AddDecimal(270, (Int128)ticks * d.TickMantissa, d.TickDecimals);
        if (lots > 0) to.AddDecimal(271, (Int128)lots * d.LotMantissa, d.LotDecimals);
    }
}
