namespace Venue.Gateway;

/// <summary>One client's wish to see one instrument's book: MarketDataRequest (V) with 263=1.</summary>
public sealed class Subscription
{
    internal Subscription(ClientSession client, byte[] requestId, int instrument, FeedKind kind)
    {
        (Client, RequestId, Instrument, Kind) = (client, requestId, instrument, kind);
    }

    /// <summary>MDReqID(262).</summary>
    public byte[] RequestId { get; }

    /// <summary>Number of the instrument.</summary>
    public int Instrument { get; }

    internal ClientSession Client { get; }

    internal FeedKind Kind { get; }

    /// <summary>The incremental feed that it reads; null when it is sent snapshots only.</summary>
    internal BookFeed? Feed { get; init; }

    /// <summary>One snapshot was asked for, which could not be sent at once.</summary>
    internal bool IsOnce { get; init; }

    /// <summary>Snapshots: the book's version in the last one.</summary>
    internal long SentVersion { get; set; } = -1;

    /// <summary>Incremental: the reader fell behind and was left out; it gets a snapshot when it has caught up.</summary>
    internal bool IsBehind { get; set; }
}
