using Venue.Messages;

namespace Venue.Gateway;

/// <summary>One instrument's feed of one kind: snapshots (W), and increments (X) numbered without gaps by RptSeq(83). Both are encoded once.</summary>
internal sealed class BookFeed(FeedKind kind)
{
    private readonly LevelList _bids = new(Side.Buy), _asks = new(Side.Sell);
    private readonly Figure[] _figures = new Figure[EntryTypeCodes.Figures.Length];   // what readers have
    private readonly SnapshotEncoder _encoder = new();
    private (long Version, long RptSeq) _snapshotOf = (-1, -1);

    /// <summary>What is shown.</summary>
    public FeedKind Kind => kind;

    /// <summary>RptSeq(83) of the last increment.</summary>
    public long RptSeq { get; private set; }

    /// <summary>Who reads it.</summary>
    public List<Subscription> Readers { get; } = [];

    /// <summary>The last increments: from RptSeq(83) on.</summary>
    public EncodedParts Increments { get; } = new();

    /// <summary>The last snapshot: from Symbol(55) on.</summary>
    public EncodedParts Snapshot { get; } = new();

    /// <summary>The first reader is about to get a snapshot: what is published from here on follows the book as it is.</summary>
    public void Begin(DepthBook book)
    {
        _bids.Show(book, kind.Depth);
        _asks.Show(book, kind.Depth);
        for (var i = 0; i < _figures.Length; i++) _figures[i] = Figure.Of(EntryTypeCodes.Figures[i].Type, book);
    }

    /// <summary>Encodes what readers do not know yet; false when there is nothing.</summary>
    public bool Encode(Instrument instrument, DepthBook book, Untold untold)
    {
        Increments.Clear();
        if (kind.IsByOrder) Steps(instrument, untold.Steps);
        else Levels(instrument, book);
        if (Shows(EntryTypes.Trades))
            foreach (var trade in untold.Trades) EntryFields.Trade(Increments.Entry(), instrument, trade);
        if (kind.Shows >= EntryTypes.Opening) Figures(instrument, book);
        if (Increments.Entries == 0) return false;
        Increments.Complete();
        for (var part = 0; part < Increments.Count; part++)
        {
            Increments.Head.Add(83, ++RptSeq);
            // Between parts the book is one that never was: only the last proves it.
            if (part == Increments.Count - 1) Increments.Head.Add(BookTags.Checksum, book.Checksum(instrument.Terms));
            Increments.EndHead(part);
        }
        return true;
    }

    /// <summary>Begins to make <see cref="Snapshot"/> what the book is, unless it is that already; <see cref="ContinueSnapshot"/> makes it whole.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="book">Its book.</param>
    /// <param name="orders">Where orders come from, for a feed by order.</param>
    public void BeginSnapshot(Instrument instrument, DepthBook book, IOrderBooks? orders)
    {
        if (_snapshotOf == (book.Version, RptSeq)) return;
        _snapshotOf = (book.Version, RptSeq);
        _encoder.Begin(this, instrument, book, orders);
    }

    /// <summary>So many orders more; true when the snapshot is whole.</summary>
    public bool ContinueSnapshot(Instrument instrument, int orders) => _encoder.Continue(this, instrument, orders);

    /// <summary>True when this type was asked for.</summary>
    public bool Shows(EntryTypes type) => (kind.Shows & type) != 0;

    private void Levels(Instrument instrument, DepthBook book)
    {
        if (Shows(EntryTypes.Bids)) Levels(instrument, Side.Buy, _bids.Follow(book, kind.Depth));
        if (Shows(EntryTypes.Offers)) Levels(instrument, Side.Sell, _asks.Follow(book, kind.Depth));
    }

    private void Levels(Instrument instrument, Side side, IReadOnlyList<LevelStep> steps)
    {
        // By place: an enumerator of the interface would be allocated.
        for (var i = 0; i < steps.Count; i++) EntryFields.Level(Increments.Entry(), instrument, side, steps[i]);
    }

    private void Steps(Instrument instrument, List<EntryStep> steps)
    {
        foreach (var step in steps)
            if (Shows(step.Side == Side.Buy ? EntryTypes.Bids : EntryTypes.Offers)) EntryFields.Step(Increments.Entry(), instrument, step);
    }

    /// <summary>Values that are others than those that readers have.</summary>
    private void Figures(Instrument instrument, DepthBook book)
    {
        for (var i = 0; i < _figures.Length; i++)
        {
            var (type, code) = EntryTypeCodes.Figures[i];
            if (!Shows(type)) continue;
            var now = Figure.Of(type, book);
            if (now == _figures[i]) continue;
            var entry = Increments.Entry();
            entry.Add(279, _figures[i].Is ? now.Is ? '1' : '2' : '0');
            entry.Add(269, (char)code);
            entry.Add(55, instrument.Symbol);
            EntryFields.Figure(entry, instrument.Terms, now);
            _figures[i] = now;
        }
    }
}
