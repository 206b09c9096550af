namespace Venue.Gateway;

/// <summary>One client's wish to see one instrument's book: MarketDataRequest (V) with 263=1.</summary>
public sealed class Subscription
{
    internal Subscription(ClientSession client, byte[] requestId, WatchedBook watched, BookFeed feed)
    {
        (Client, RequestId, Watched, Feed) = (client, requestId, watched, feed);
    }

    /// <summary>MDReqID(262).</summary>
    public byte[] RequestId { get; }

    internal ClientSession Client { get; }

    internal WatchedBook Watched { get; }

    /// <summary>What it reads.</summary>
    internal BookFeed Feed { get; }

    /// <summary>One snapshot was asked for, which could not be sent at once.</summary>
    internal bool IsOnce { get; init; }

    /// <summary>Snapshots: the book's version in the last one.</summary>
    internal long SentVersion { get; set; } = -1;

    /// <summary>Incremental: the reader fell behind and was left out; it gets a snapshot when it has caught up.</summary>
    internal bool IsBehind { get; set; }

    /// <summary>The client wants no more of it, though something may be on its way.</summary>
    internal bool IsEnded { get; set; }
}
