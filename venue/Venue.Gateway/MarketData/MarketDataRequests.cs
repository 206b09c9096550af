using Venue.Fix;

namespace Venue.Gateway;

/// <summary>MarketDataRequest (V) read, and MarketDataRequestReject (Y) written.</summary>
internal sealed class MarketDataRequests(Instruments instruments)
{
    // MDReqRejReason(281).
    private const byte UnknownSymbol = (byte)'0';
    private const byte DuplicateRequestId = (byte)'1';
    /// <summary>More than the session is given.</summary>
    public const byte InsufficientBandwidth = (byte)'2';
    private const byte InsufficientPermissions = (byte)'3';
    private const byte UnsupportedDepth = (byte)'5';
    private const byte UnsupportedUpdateType = (byte)'6';

    /// <summary>Most subscriptions of one session.</summary>
    private const int SubscriptionsMax = 1000;

    /// <summary>What is asked for; false when it is refused, and the <paramref name="reason"/>.</summary>
    public bool TryAccept(ClientSession client, in Message message, ReadOnlySpan<byte> requestId, out byte reason, out List<Instrument> wanted, out FeedKind kind)
    {
        wanted = [];
        if (!TryKind(message, out kind, out reason)) return false;
        reason = DuplicateRequestId;
        foreach (var subscription in client.Subscriptions)
            if (requestId.SequenceEqual(subscription.RequestId)) return false;
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

    private static bool TryKind(in Message message, out FeedKind kind, out byte reason)
    {
        message.TryGetInt(264, out var depth);
        var shows = EntryTypes.None;
        foreach (var entry in message.Groups(267))
            if (entry.TryGetChar(269, out var type)) shows |= EntryTypeCodes.Of(type);
        var subscribes = message.TryGetChar(263, out var requestType) && requestType == '1';
        kind = new FeedKind(
            Depth: depth == 0 ? FeedKind.LevelsMax : Math.Min(depth, FeedKind.LevelsMax),
            Shows: shows,
            IsConflated: message.TryGetChar(BookTags.Conflation, out var conflation) && conflation == 'Y',
            IsByOrder: message.TryGetChar(266, out var aggregated) && aggregated == 'N',
            IsIncremental: subscribes && message.TryGetInt(265, out var updates) && updates == 1);
        reason = UnsupportedDepth;
        if (depth < 0 || (kind.IsByOrder && depth != 0)) return false;
        reason = UnsupportedUpdateType;
        return !kind.IsByOrder || (kind.IsIncremental == subscribes && !kind.IsConflated);
    }

    /// <summary>MarketDataRequestReject (Y).</summary>
    public static void Refuse(ClientSession client, ReadOnlySpan<byte> requestId, byte reason, long nowNs)
    {
        ref var w = ref client.Fix!.Begin("Y"u8, nowNs);
        w.Add(262, requestId);
        w.Add(281, reason);
        w.Add(58, reason switch
        {
            UnknownSymbol => "SYMBOL|Symbol(55) is not an instrument of this venue"u8,
            DuplicateRequestId => "DUPLICATE|MDReqID(262) is in use on this session"u8,
            InsufficientBandwidth => "BANDWIDTH|A session has at most 1000 subscriptions, and no book larger than its send buffer"u8,
            InsufficientPermissions => "RIGHTS|This session may not watch this instrument"u8,
            UnsupportedUpdateType => "UPDATES|Order by order (266=N) there is one snapshot (263=0), or increments (263=1, 265=1) without conflation"u8,
            _ => "DEPTH|MarketDepth(264) is 0 for the full book (500 levels a side, or every order with 266=N) or a positive number of levels"u8,
        });
        client.Fix.End(keep: false);
    }
}
