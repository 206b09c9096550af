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
    /// <summary>Orders of a snapshot that one slice encodes: some seventy microseconds.</summary>
    private const int OrdersPerSlice = 500;

    private readonly List<DepthBook> _books = [];
    // Who reads is the process's own.
    [NotState] private readonly List<WatchedBook> _watched = [];
    [NotState] private readonly MarketDataRequests _requests = new(instruments);
    [NotState] private readonly Publisher _publisher = new(instruments);
    // Whose snapshot is being made in slices; one at a time.
    [NotState] private (WatchedBook Watched, BookFeed Feed)? _large;
    // How far the round of this interval has come: sessions and their subscriptions.
    private int _roundClient, _roundSubscription;

    /// <summary>Where orders are seen one by one; null: nobody reads here.</summary>
    [field: NotState]
    public IOrderBooks? Orders { get; set; }

    /// <summary>Subscriptions.</summary>
    [field: NotState]
    public int Readers { get; private set; }

    /// <summary>Sessions for which something was written since the owner last emptied this list.</summary>
    public List<ClientSession> ToTell => _publisher.ToTell;

    /// <summary>The public book of an instrument.</summary>
    public DepthBook Book(int instrument)
    {
        while (_books.Count < instrument) _books.Add(new DepthBook());
        return _books[instrument - 1];
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
        if (e.Header.Instrument <= _watched.Count) _watched[e.Header.Instrument - 1].On(e);
        Changed(e.Header.Instrument);
    }

    /// <summary>Steps of followed books.</summary>
    public void On(ReadOnlySpan<EntryStep> steps)
    {
        foreach (ref readonly var step in steps)
        {
            // Perhaps it is followed for others.
            if (step.Instrument > _watched.Count || !_watched[step.Instrument - 1].IsFollowed) continue;
            var watched = _watched[step.Instrument - 1];
            watched.Of(isConflated: false).Steps.Add(step);
            _publisher.Changed(watched, isConflated: false);
        }
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
        if (type == (byte)'2') End(client, requestId);
        else if (_requests.TryAccept(client, message, requestId, out var reason, out var wanted, out var kind))
            foreach (var instrument in wanted) Begin(client, requestId, instrument, kind, isOnce: type == (byte)'0', nowNs);
        else MarketDataRequests.Refuse(client, requestId, reason, nowNs);
    }

    /// <summary>The session is gone, or wants nothing more.</summary>
    public void End(ClientSession client)
    {
        foreach (var subscription in client.Subscriptions) Leave(subscription);
        client.Subscriptions.Clear();
    }

    private void End(ClientSession client, ReadOnlySpan<byte> requestId)
    {
        for (var i = client.Subscriptions.Count - 1; i >= 0; i--)
        {
            if (!requestId.SequenceEqual(client.Subscriptions[i].RequestId)) continue;
            Leave(client.Subscriptions[i]);
            client.Subscriptions.RemoveAt(i);
        }
    }

    private void Begin(ClientSession client, ReadOnlySpan<byte> requestId, Instrument instrument, FeedKind kind, bool isOnce, long nowNs)
    {
        var watched = Watched(instrument.Id);
        // Those that read already must be as far as the snapshot, and nobody is told again what is in it.
        if (kind.IsIncremental) _publisher.Settle(watched, kind.IsConflated, nowNs);
        var subscription = new Subscription(client, requestId.ToArray(), watched, watched.Find(kind) ?? new BookFeed(kind)) { IsOnce = isOnce };
        // Orders are there only while they are followed.
        if (!isOnce || kind.IsByOrder) Join(subscription);
        // During a resend a snapshot would not be sent, and nobody is sent everything at once: then it follows in a later round.
        subscription.IsBehind = Publisher.IsHeldUp(client) || !IsKnown(subscription) || !IsMade(subscription);
        if (isOnce && !subscription.IsBehind)
        {
            Snapshot(subscription, nowNs);
            Leave(subscription);
            return;
        }
        client.Subscriptions.Add(subscription);
        if (!subscription.IsBehind && !Snapshot(subscription, nowNs)) End(client, requestId);
    }

    private void Join(Subscription subscription)
    {
        var (watched, feed) = (subscription.Watched, subscription.Feed);
        if (feed.Readers.Count == 0)
        {
            watched.Feeds.Add(feed);
            feed.Begin(watched.Book);
        }
        feed.Readers.Add(subscription);
        Readers++;
        if (feed.Kind.IsIncremental) watched.Of(feed.Kind.IsConflated).IsWatched = true;
        if (feed.Kind.IsByOrder && !watched.IsFollowed) Follow(watched, true);
    }

    private void Leave(Subscription subscription)
    {
        var (watched, feed) = (subscription.Watched, subscription.Feed);
        subscription.IsEnded = true;
        if (!feed.Readers.Remove(subscription)) return;
        Readers--;
        if (feed.Readers.Count > 0) return;
        // Feeds nobody reads are not kept: a client could ask for any number of kinds.
        watched.Feeds.Remove(feed);
        if (watched.IsFollowed && !watched.Feeds.Exists(f => f.Kind.IsByOrder)) Follow(watched, false);
    }

    private void Follow(WatchedBook watched, bool isFollowed)
    {
        watched.IsFollowed = isFollowed;
        Orders!.Follow(watched.Instrument, isFollowed);
    }

    /// <summary>The end of a turn: all readers without conflation are told what it has changed, as far as a slice goes.</summary>
    public void Turn(long nowNs)
    {
        _publisher.BeginSlice();
        ContinueLarge(nowNs);
        _publisher.Continue(nowNs);
    }

    /// <summary>True while somebody waits for <see cref="ContinueRound"/>.</summary>
    public bool IsPublishing => IsInRound || _large is not null || _publisher.IsBusy;

    /// <summary>True in the middle of a round: some have been told, others not.</summary>
    public bool IsDelivering => IsInRound || _publisher.IsDelivering;

    /// <summary>True from the end of an interval until everybody has been told what is due then.</summary>
    public bool IsInRound { get; private set; }

    /// <summary>The end of an interval: <see cref="ContinueRound"/> tells those with conflation, then each session its snapshots.</summary>
    public void BeginRound(long nowNs)
    {
        IsInRound = true;
        (_roundClient, _roundSubscription) = (0, 0);
        for (var i = 0; i < _watched.Count; i++)
        {
            if (_books[i].Advance(nowNs)) Changed(i + 1);
            _publisher.EndInterval(_watched[i]);
        }
    }

    /// <summary>The next slice, so that a thousand readers do not hold up an order.</summary>
    public void ContinueRound(IReadOnlyList<ClientSession> clients, long nowNs)
    {
        _publisher.BeginSlice();
        ContinueLarge(nowNs);
        _publisher.Continue(nowNs);
        for (; IsInRound && _roundClient < clients.Count; _roundClient++)
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
            if (Publisher.IsHeldUp(client)) return true;
            if (_publisher.IsSliceOver) return false;
            var subscription = client.Subscriptions[_roundSubscription];
            if (!IsDue(subscription)) continue;
            if (subscription.Feed.Kind.IsIncremental) _publisher.Settle(subscription.Watched, subscription.Feed.Kind.IsConflated, nowNs);
            if (!IsMade(subscription) || (Snapshot(subscription, nowNs) && !subscription.IsOnce)) continue;
            Leave(subscription);
            client.Subscriptions.RemoveAt(_roundSubscription--);
        }
        return true;
    }

    private bool IsDue(Subscription subscription) =>
        (subscription.Feed.Kind.IsIncremental ? subscription.IsBehind : subscription.SentVersion != subscription.Watched.Book.Version) && IsKnown(subscription);

    /// <summary>False while what it reads is on its way.</summary>
    private bool IsKnown(Subscription subscription) =>
        !subscription.Watched.IsLost && !subscription.Watched.IsHeld && (!subscription.Feed.Kind.IsByOrder || Orders!.Has(subscription.Watched.Instrument));

    /// <summary>True when the snapshot is whole; else it is being made, and sent to all who wait for it once it is.</summary>
    private bool IsMade(Subscription subscription)
    {
        if (!subscription.Feed.Kind.IsByOrder) return true;
        if (_large is not null) return false;
        var (watched, feed) = (subscription.Watched, subscription.Feed);
        feed.BeginSnapshot(instruments[watched.Instrument], watched.Book, Orders);
        if (feed.ContinueSnapshot(instruments[watched.Instrument], OrdersPerSlice)) return true;
        _large = (watched, feed);
        watched.IsHeld = true;
        return false;
    }

    /// <summary>The next slice of a large snapshot; when it is whole, those that wait for it get it. Then what happened meanwhile is told.</summary>
    private void ContinueLarge(long nowNs)
    {
        if (_large is not var (watched, feed) || !feed.ContinueSnapshot(instruments[watched.Instrument], OrdersPerSlice)) return;
        for (var i = feed.Readers.Count - 1; i >= 0; i--)
        {
            var reader = feed.Readers[i];
            if (!reader.IsBehind || Publisher.IsHeldUp(reader.Client)) continue;
            if (_publisher.IsSliceOver) return;
            if (Snapshot(reader, nowNs) && !reader.IsOnce) continue;
            Leave(reader);
            reader.Client.Subscriptions.Remove(reader);
        }
        EndLarge();
    }

    private void EndLarge()
    {
        _publisher.Release(_large!.Value.Watched);
        _large = null;
    }

    /// <summary>What happens to this book is not told any more: its readers are left out until <see cref="Restore"/>.</summary>
    public void Lose(int instrument)
    {
        var watched = Watched(instrument);
        if (_large?.Watched == watched) EndLarge();
        watched.IsLost = true;
        watched.Of(isConflated: false).Clear();
        watched.Of(isConflated: true).Clear();
        foreach (var feed in watched.Feeds)
            foreach (var reader in feed.Readers) reader.IsBehind = true;
    }

    /// <summary>This is the book now: who reads it gets a snapshot.</summary>
    public void Restore(int instrument, DepthBook book)
    {
        Book(instrument).Take(book);
        if (instrument > _watched.Count) return;
        _watched[instrument - 1].IsLost = false;
        foreach (var feed in _watched[instrument - 1].Feeds) feed.Begin(Book(instrument));
    }

    /// <summary>Sends a snapshot; false when the book is larger than the send buffer, so that it never can.</summary>
    private bool Snapshot(Subscription subscription, long nowNs)
    {
        var (client, watched, parts) = (subscription.Client, subscription.Watched, subscription.Feed.Snapshot);
        if (!watched.IsHeld)
        {
            subscription.Feed.BeginSnapshot(instruments[watched.Instrument], watched.Book, Orders);
            while (!subscription.Feed.ContinueSnapshot(instruments[watched.Instrument], OrdersPerSlice)) { }
        }
        if (!Publisher.Fits(client, parts))
        {
            MarketDataRequests.Refuse(client, subscription.RequestId, MarketDataRequests.InsufficientBandwidth, nowNs);
            _publisher.Written(client, 0);
            return false;
        }
        subscription.IsBehind = false;
        subscription.SentVersion = watched.Book.Version;
        _publisher.Write(client, "W"u8, subscription.RequestId, parts, nowNs);
        return true;
    }

    private WatchedBook Watched(int instrument)
    {
        while (_watched.Count < instrument) _watched.Add(new WatchedBook(_watched.Count + 1, Book(_watched.Count + 1)));
        return _watched[instrument - 1];
    }

    private void Changed(int instrument)
    {
        if (instrument > _watched.Count || _watched[instrument - 1].IsLost) return;
        _publisher.Changed(_watched[instrument - 1], isConflated: false);
        _publisher.Changed(_watched[instrument - 1], isConflated: true);
    }
}
