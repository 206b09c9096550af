using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>
/// The public books over FIX. MDUpdateType(265)=0: MarketDataSnapshotFullRefresh (W) now, and again when the book has
/// changed, at most once per interval. 265=1: a snapshot, then MarketDataIncrementalRefresh (X), encoded once for all
/// readers of a kind.
/// </summary>
/// <remarks>
/// Market data is not kept for resend: a gap is filled, and the next snapshot says everything. A reader that falls behind
/// is left out, and gets a snapshot when it has caught up: its RptSeq(83) says where it is.
/// </remarks>
internal sealed class MarketData(Instruments instruments)
{
    // MDReqRejReason(281).
    private const byte UnknownSymbol = (byte)'0';
    private const byte DuplicateRequestId = (byte)'1';
    private const byte InsufficientBandwidth = (byte)'2';
    private const byte InsufficientPermissions = (byte)'3';
    private const byte UnsupportedDepth = (byte)'5';
    private const byte UnsupportedAggregatedBook = (byte)'7';

    /// <summary>Most subscriptions of one session.</summary>
    private const int SubscriptionsMax = 1000;
    /// <summary>Levels a side of a full book: the message stays within what every engine takes.</summary>
    private const int LevelsMax = 500;
    /// <summary>A reader with more than this unread is behind.</summary>
    private const int BehindBytes = 1 << 16;
    /// <summary>Encoded in one slice of a round, but for the last message: some tens of microseconds.</summary>
    private const int SliceBytes = 1 << 14;

    /// <summary>What readers of one pace have not been told of a book yet.</summary>
    private sealed class News
    {
        public bool IsWatched { get; set; }
        public bool IsChanged { get; set; }
        public List<Trade> Trades { get; } = [];
    }

    private sealed class Watched
    {
        public DepthBook Book { get; } = new();
        public List<BookFeed> Feeds { get; } = [];
        public News AtOnce { get; } = new();
        public News Conflated { get; } = new();

        public News Of(bool isConflated) => isConflated ? Conflated : AtOnce;
    }

    private readonly List<Watched> _books = [];
    private readonly List<int> _changed = [];
    private readonly FieldBuffer _entries = new();
    // How far the round of this interval has come: instruments, then sessions and their subscriptions.
    private int _roundInstrument, _roundClient, _roundSubscription;
    private long _bytes;

    /// <summary>Sessions for which something was written since the owner last emptied this list.</summary>
    public List<ClientSession> ToTell { get; } = [];

    /// <summary>The public book of an instrument.</summary>
    public DepthBook Book(int instrument)
    {
        while (_books.Count < instrument) _books.Add(new Watched());
        return _books[instrument - 1].Book;
    }

    /// <summary>A level changed.</summary>
    public void On(in LevelChanged e)
    {
        Book(e.Header.Instrument).On(e);
        Changed(e.Header.Instrument);
    }

    /// <summary>Something traded.</summary>
    public void On(in Trade e)
    {
        Book(e.Header.Instrument).On(e);
        var watched = _books[e.Header.Instrument - 1];
        if (watched.AtOnce.IsWatched) watched.AtOnce.Trades.Add(e);
        if (watched.Conflated.IsWatched) watched.Conflated.Trades.Add(e);
        Changed(e.Header.Instrument);
    }

    /// <summary>An auction would do something else now.</summary>
    public void On(in Indicative e)
    {
        Book(e.Header.Instrument).On(e);
        Changed(e.Header.Instrument);
    }

    /// <summary>Another phase: an auction is over, or has not been counted yet.</summary>
    public void On(in PhaseChanged e)
    {
        Book(e.Header.Instrument).EndAuction();
        Changed(e.Header.Instrument);
    }

    /// <summary>MarketDataRequest (V). The dictionary has seen to SubscriptionRequestType(263) and MDUpdateType(265).</summary>
    public void Request(ClientSession client, in Message message, long nowNs)
    {
        message.TryGet(262, out var requestId);
        message.TryGetChar(263, out var type);
        if (type == (byte)'2') Unsubscribe(client, requestId);
        else if (TryAccept(client, message, requestId, out var reason, out var wanted, out var kind)) Begin(client, message, requestId, type == (byte)'1', wanted, kind, nowNs);
        else Refuse(client, requestId, reason, nowNs);
    }

    private bool TryAccept(ClientSession client, in Message message, ReadOnlySpan<byte> requestId, out byte reason, out List<Instrument> wanted, out FeedKind kind)
    {
        message.TryGetInt(264, out var depth);
        wanted = [];
        var shows = EntryTypes.None;
        foreach (var entry in message.Groups(267))
            if (entry.TryGetChar(269, out var type)) shows |= EntryTypeCodes.Of(type);
        kind = new FeedKind(depth == 0 ? LevelsMax : Math.Min(depth, LevelsMax), shows, message.TryGetChar(BookTags.Conflation, out var conflation) && conflation == 'Y');
        reason = UnsupportedDepth;
        if (depth < 0) return false;
        reason = UnsupportedAggregatedBook;
        if (message.TryGetChar(266, out var aggregated) && aggregated == 'N') return false;
        reason = DuplicateRequestId;
        if (IsSubscribed(client, requestId)) return false;
        foreach (var entry in message.Groups(146))
        {
            reason = UnknownSymbol;
            if (!entry.TryGet(55, out var symbol) || instruments.Find(symbol) is not { } instrument) return false;
            reason = InsufficientPermissions;
            if (!client.May(instrument)) return false;
            wanted.Add(instrument);
        }
        reason = InsufficientBandwidth;
        return client.Subscriptions.Count + wanted.Count <= SubscriptionsMax;
    }

    private void Begin(ClientSession client, in Message message, ReadOnlySpan<byte> requestId, bool subscribes, List<Instrument> wanted, FeedKind kind, long nowNs)
    {
        var isIncremental = subscribes && message.TryGetInt(265, out var updates) && updates == 1;
        foreach (var instrument in wanted)
        {
            // During a resend a snapshot would not be sent, and nobody is sent everything at once: then it follows in a later round.
            var isHeldUp = client.Fix!.IsResending || client.Connection is not { Output.Count: < BehindBytes };
            var subscription = new Subscription(client, requestId.ToArray(), instrument.Id, kind)
            {
                Feed = isIncremental ? FeedOf(instrument, kind, nowNs) : null,
                IsOnce = !subscribes,
                IsBehind = isHeldUp,
            };
            if (!isHeldUp) Snapshot(subscription, nowNs);
            if (!subscribes && !isHeldUp) continue;
            client.Subscriptions.Add(subscription);
            subscription.Feed?.Readers.Add(subscription);
        }
    }

    private BookFeed FeedOf(Instrument instrument, FeedKind kind, long nowNs)
    {
        var book = Book(instrument.Id);
        var watched = _books[instrument.Id - 1];
        var feed = watched.Feeds.Find(f => f.Kind == kind);
        // Those that read already must be as far as the snapshot, and nobody is told again what is in it.
        Tell(instrument.Id, kind.IsConflated, nowNs);
        if (feed is null) watched.Feeds.Add(feed = new BookFeed(kind));
        if (feed.Readers.Count == 0) feed.Begin(book);
        watched.Of(kind.IsConflated).IsWatched = true;
        return feed;
    }

    /// <summary>The session is gone, or wants nothing more.</summary>
    public static void End(ClientSession client)
    {
        foreach (var subscription in client.Subscriptions) subscription.Feed?.Readers.Remove(subscription);
        client.Subscriptions.Clear();
    }

    /// <summary>The end of a turn: all readers without conflation are told what it has changed.</summary>
    public void Turn(long nowNs)
    {
        foreach (var instrument in _changed) Tell(instrument, isConflated: false, nowNs);
        _changed.Clear();
    }

    /// <summary>True from the end of an interval until everybody has been told what is due then.</summary>
    public bool IsInRound { get; private set; }

    /// <summary>The end of an interval: <see cref="ContinueRound"/> tells those with conflation, then each session its snapshots.</summary>
    public void BeginRound()
    {
        IsInRound = true;
        (_roundInstrument, _roundClient, _roundSubscription) = (1, 0, 0);
    }

    /// <summary>The next slice of the round, so that a thousand readers do not hold up an order.</summary>
    public void ContinueRound(IReadOnlyList<ClientSession> clients, long nowNs)
    {
        _bytes = 0;
        for (; _roundInstrument <= _books.Count; _roundInstrument++)
        {
            if (_bytes >= SliceBytes) return;
            if (_books[_roundInstrument - 1].Book.Advance(nowNs)) Changed(_roundInstrument);
            Tell(_roundInstrument, isConflated: true, nowNs);
        }
        for (; _roundClient < clients.Count; _roundClient++)
        {
            if (!Publish(clients[_roundClient], nowNs)) return;
            _roundSubscription = 0;
        }
        IsInRound = false;
    }

    /// <summary>Snapshots of what has changed, and for incremental readers that have caught up; false when the slice is over before them.</summary>
    private bool Publish(ClientSession client, long nowNs)
    {
        for (; _roundSubscription < client.Subscriptions.Count; _roundSubscription++)
        {
            // Conflation by back-pressure too: while a reader has not taken the last snapshots it gets no further ones.
            if (client.Connection is not { Output.Count: < BehindBytes } || client.Fix!.IsResending) return true;
            if (_bytes >= SliceBytes) return false;
            var subscription = client.Subscriptions[_roundSubscription];
            if (subscription.Feed is null)
            {
                if (subscription.SentVersion == Book(subscription.Instrument).Version) continue;
                Snapshot(subscription, nowNs);
                if (subscription.IsOnce) client.Subscriptions.RemoveAt(_roundSubscription--);
            }
            else if (subscription.IsBehind)
            {
                Tell(subscription.Instrument, subscription.Kind.IsConflated, nowNs);
                Snapshot(subscription, nowNs);
                subscription.IsBehind = false;
            }
        }
        return true;
    }

    private void Changed(int instrument)
    {
        var watched = _books[instrument - 1];
        watched.Conflated.IsChanged = watched.Conflated.IsWatched;
        if (watched.AtOnce.IsChanged || !watched.AtOnce.IsWatched) return;
        watched.AtOnce.IsChanged = true;
        _changed.Add(instrument);
    }

    private void Tell(int instrument, bool isConflated, long nowNs)
    {
        var watched = _books[instrument - 1];
        var news = watched.Of(isConflated);
        if (!news.IsChanged) return;
        news.IsChanged = news.IsWatched = false;
        foreach (var feed in watched.Feeds)
        {
            if (feed.Kind.IsConflated != isConflated || feed.Readers.Count == 0) continue;
            news.IsWatched = true;
            if (!feed.Encode(instruments[instrument], watched.Book, news.Trades, _entries)) continue;
            foreach (var reader in feed.Readers) Send(reader, feed, nowNs);
        }
        news.Trades.Clear();
    }

    private void Send(Subscription reader, BookFeed feed, long nowNs)
    {
        if (reader.IsBehind) return;
        if (reader.Client.Connection is not { Output.Count: < BehindBytes } || reader.Client.Fix!.IsResending)
        {
            reader.IsBehind = true;
            return;
        }
        ref var w = ref reader.Client.Fix.Begin("X"u8, nowNs);
        w.Add(262, reader.RequestId);
        w.AddFields(feed.Message.Bytes);
        w.AddFields(_entries.Bytes);
        reader.Client.Fix.End(keep: false);
        _bytes += feed.Message.Bytes.Length + _entries.Bytes.Length;
        Written(reader.Client);
    }

    private void Snapshot(Subscription subscription, long nowNs)
    {
        var instrument = instruments[subscription.Instrument];
        ref readonly var d = ref instrument.Terms;
        var book = Book(subscription.Instrument);
        var kind = subscription.Kind;
        subscription.SentVersion = book.Version;
        var bids = (kind.Shows & EntryTypes.Bids) != 0 ? Math.Min(book.Count(Side.Buy), kind.Depth) : 0;
        var asks = (kind.Shows & EntryTypes.Offers) != 0 ? Math.Min(book.Count(Side.Sell), kind.Depth) : 0;
        var trade = (kind.Shows & EntryTypes.Trades) != 0 ? book.LastTrade : default;
        var fix = subscription.Client.Fix!;
        var before = subscription.Client.Connection?.Output.Tail ?? 0;
        ref var w = ref fix.Begin("W"u8, nowNs);
        w.Add(262, subscription.RequestId);
        w.Add(55, instrument.Symbol);
        if (subscription.Feed is { } feed) w.Add(83, feed.RptSeq);
        w.Add(BookTags.Checksum, BookChecksum.Of(book, d));
        var figures = 0;
        foreach (var (type, _) in EntryTypeCodes.Figures)
            if ((kind.Shows & type) != 0 && Figure.Of(type, book).Is) figures++;
        w.Add(268, bids + asks + (trade.Lots > 0 ? 1 : 0) + figures);
        for (var side = Side.Buy; side <= Side.Sell; side++)
        {
            var shown = side == Side.Buy ? bids : asks;
            for (var n = 0; n < shown; n++)
            {
                var (ticks, lots) = book[side, n];
                w.Add(269, side == Side.Buy ? (byte)'0' : (byte)'1');
                w.AddDecimal(270, (Int128)ticks * d.TickMantissa, d.TickDecimals);
                w.AddDecimal(271, (Int128)lots * d.LotMantissa, d.LotDecimals);
                w.Add(290, n + 1);
            }
        }
        if (trade.Lots > 0)
        {
            w.Add(269, (byte)'2');
            w.AddDecimal(270, (Int128)trade.PriceTicks * d.TickMantissa, d.TickDecimals);
            w.AddDecimal(271, (Int128)trade.Lots * d.LotMantissa, d.LotDecimals);
        }
        if (figures > 0) Figures(ref w, d, kind, book);
        fix.End(keep: false);
        _bytes += (subscription.Client.Connection?.Output.Tail ?? 0) - before;
        Written(subscription.Client);
    }

    private static void Figures(ref MessageWriter w, in DefineInstrument d, FeedKind kind, DepthBook book)
    {
        foreach (var (type, code) in EntryTypeCodes.Figures)
        {
            if ((kind.Shows & type) == 0 || Figure.Of(type, book) is not { Is: true } figure) continue;
            w.Add(269, code);
            if (figure.Ticks != 0) w.AddDecimal(270, (Int128)figure.Ticks * d.TickMantissa, d.TickDecimals);
            if (figure.Lots != 0) w.AddDecimal(271, figure.Lots * d.LotMantissa, d.LotDecimals);
            if (figure.Condition != 0) w.Add(277, figure.Condition);
        }
    }

    private void Written(ClientSession client)
    {
        if (client.HasNews) return;
        client.HasNews = true;
        ToTell.Add(client);
    }

    private static bool IsSubscribed(ClientSession client, ReadOnlySpan<byte> requestId)
    {
        foreach (var subscription in client.Subscriptions)
            if (requestId.SequenceEqual(subscription.RequestId)) return true;
        return false;
    }

    private static void Unsubscribe(ClientSession client, ReadOnlySpan<byte> requestId)
    {
        for (var i = client.Subscriptions.Count - 1; i >= 0; i--)
        {
            if (!requestId.SequenceEqual(client.Subscriptions[i].RequestId)) continue;
            client.Subscriptions[i].Feed?.Readers.Remove(client.Subscriptions[i]);
            client.Subscriptions.RemoveAt(i);
        }
    }

    /// <summary>MarketDataRequestReject (Y).</summary>
    private static void Refuse(ClientSession client, ReadOnlySpan<byte> requestId, byte reason, long nowNs)
    {
        ref var w = ref client.Fix!.Begin("Y"u8, nowNs);
        w.Add(262, requestId);
        w.Add(281, reason);
        w.Add(58, reason switch
        {
            UnknownSymbol => "SYMBOL|Symbol(55) is not an instrument of this venue"u8,
            DuplicateRequestId => "DUPLICATE|MDReqID(262) is in use on this session"u8,
            InsufficientBandwidth => "SUBSCRIPTIONS|A session has at most 1000 market data subscriptions"u8,
            InsufficientPermissions => "RIGHTS|This session may not watch this instrument"u8,
            UnsupportedAggregatedBook => "AGGREGATED|The book is shown by price level: AggregatedBook(266)=Y"u8,
            _ => "DEPTH|MarketDepth(264) is 0 for the full book (500 levels a side) or a positive number of levels"u8,
        });
        client.Fix.End(keep: false);
    }
}
