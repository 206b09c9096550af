using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What readers of one pace have not been told of a book yet.</summary>
internal sealed class Untold
{
    /// <summary>True while somebody reads increments at this pace.</summary>
    public bool IsWatched { get; set; }

    /// <summary>True when there is something to tell them.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Trades, in order.</summary>
    public List<Trade> Trades { get; } = [];

    /// <summary>Steps order by order.</summary>
    public List<EntryStep> Steps { get; } = [];

    /// <summary>What there was to tell is in the snapshot that everybody gets.</summary>
    public void Clear()
    {
        IsChanged = false;
        Trades.Clear();
        Steps.Clear();
    }
}

/// <summary>One instrument's public book with those who read it.</summary>
internal sealed class WatchedBook(int instrument, DepthBook book)
{
    private readonly Untold _atOnce = new(), _conflated = new();

    /// <summary>Number of the instrument.</summary>
    public int Instrument => instrument;

    /// <summary>The book.</summary>
    public DepthBook Book => book;

    /// <summary>What is sent to whom.</summary>
    public List<BookFeed> Feeds { get; } = [];

    /// <summary>True while the engine tells the steps of its orders.</summary>
    public bool IsFollowed { get; set; }

    /// <summary>True while what happens to it is not known: nobody is told anything of it.</summary>
    public bool IsLost { get; set; }

    /// <summary>True while a snapshot of it is made in slices: what happens meanwhile is told behind that.</summary>
    public bool IsHeld { get; set; }

    /// <summary>What readers of a pace have not been told.</summary>
    public Untold Of(bool isConflated) => isConflated ? _conflated : _atOnce;

    /// <summary>The feed of a kind; null when nobody reads it.</summary>
    public BookFeed? Find(FeedKind kind)
    {
        foreach (var feed in Feeds)
            if (feed.Kind == kind) return feed;
        return null;
    }

    /// <summary>Something traded.</summary>
    public void On(in Trade e)
    {
        if (_atOnce.IsWatched) _atOnce.Trades.Add(e);
        if (_conflated.IsWatched) _conflated.Trades.Add(e);
    }
}
