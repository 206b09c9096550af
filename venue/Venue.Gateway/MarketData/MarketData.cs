using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>One client's wish to see one instrument's book: MarketDataRequest (V) with 263=1.</summary>
public sealed class Subscription(byte[] requestId, int instrument, int depth)
{
    /// <summary>MDReqID(262).</summary>
    public byte[] RequestId { get; } = requestId;

    /// <summary>Number of the instrument.</summary>
    public int Instrument { get; } = instrument;

    /// <summary>Levels a side; 0 for all.</summary>
    public int Depth { get; } = depth;

    internal long SentVersion { get; set; } = -1;

    /// <summary>One snapshot was asked for, which a resend holds up.</summary>
    internal bool IsOnce { get; init; }
}

/// <summary>
/// The public book over FIX: MarketDataSnapshotFullRefresh (W) on request, and again when the book has changed, at
/// most once per interval: what lies between is conflated, so a slow reader costs no memory.
/// </summary>
/// <remarks>Market data is not kept for resend: a gap is filled and the next snapshot says everything.</remarks>
internal sealed class MarketData(Instruments instruments)
{
    // MDReqRejReason(281).
    private const byte UnknownSymbol = (byte)'0';
    private const byte DuplicateRequestId = (byte)'1';
    private const byte InsufficientPermissions = (byte)'3';
    private const byte UnsupportedDepth = (byte)'5';

    /// <summary>Most subscriptions of one session.</summary>
    private const int SubscriptionsMax = 1000;

    private readonly List<DepthBook> _books = [];

    /// <summary>The public book of an instrument.</summary>
    public DepthBook Book(int instrument)
    {
        while (_books.Count < instrument) _books.Add(new DepthBook());
        return _books[instrument - 1];
    }

    /// <summary>MarketDataRequest (V). The dictionary has seen to SubscriptionRequestType(263) and MDUpdateType(265).</summary>
    public void Request(ClientSession client, in Message message, long nowNs)
    {
        message.TryGet(262, out var requestId);
        message.TryGetChar(263, out var type);
        message.TryGetInt(264, out var depth);
        if (type == (byte)'2')
        {
            Unsubscribe(client, requestId);
            return;
        }
        if (depth < 0) Refuse(client, requestId, UnsupportedDepth, "MarketDepth(264) is 0 for the full book or a number of levels"u8, nowNs);
        else if (IsSubscribed(client, requestId)) Refuse(client, requestId, DuplicateRequestId, "MDReqID(262) is in use on this session"u8, nowNs);
        else Accept(client, message, requestId, type == (byte)'1', depth, nowNs);
    }

    private void Accept(ClientSession client, in Message message, ReadOnlySpan<byte> requestId, bool subscribe, int depth, long nowNs)
    {
        var wanted = new List<Instrument>();
        foreach (var entry in message.Groups(146))
        {
            if (!entry.TryGet(55, out var symbol) || instruments.Find(symbol) is not { } instrument)
            {
                Refuse(client, requestId, UnknownSymbol, "Symbol(55) is not an instrument of this venue"u8, nowNs);
                return;
            }
            if (!client.May(instrument))
            {
                Refuse(client, requestId, InsufficientPermissions, "RIGHTS|This session may not watch this instrument"u8, nowNs);
                return;
            }
            wanted.Add(instrument);
        }
        if (client.Subscriptions.Count + wanted.Count > SubscriptionsMax)
        {
            Refuse(client, requestId, (byte)'2', "A session has at most 1000 market data subscriptions"u8, nowNs);   // 281=2: insufficient bandwidth
            return;
        }
        foreach (var instrument in wanted)
        {
            var subscription = new Subscription(requestId.ToArray(), instrument.Id, depth) { IsOnce = !subscribe };
            // During a resend a snapshot would not be sent: it follows with the first after it.
            var isHeldUp = client.Fix!.IsResending;
            if (!isHeldUp) Snapshot(client, subscription, nowNs);
            if (subscribe || isHeldUp) client.Subscriptions.Add(subscription);
        }
    }

    /// <summary>Tells a session what has changed in the books that it watches.</summary>
    public void Publish(ClientSession client, long nowNs)
    {
        // Conflation by back-pressure too: while a reader has not taken the last snapshot it gets no further one.
        if (client.Connection is not { Output.Count: < 1 << 16 } || client.Fix!.IsResending) return;
        for (var i = 0; i < client.Subscriptions.Count; i++)
        {
            var subscription = client.Subscriptions[i];
            if (subscription.SentVersion == Book(subscription.Instrument).Version) continue;
            Snapshot(client, subscription, nowNs);
            if (subscription.IsOnce) client.Subscriptions.RemoveAt(i--);
        }
    }

    private void Snapshot(ClientSession client, Subscription subscription, long nowNs)
    {
        var instrument = instruments[subscription.Instrument];
        ref readonly var d = ref instrument.Terms;
        var book = Book(subscription.Instrument);
        subscription.SentVersion = book.Version;
        var bids = Shown(book.Count(Side.Buy), subscription.Depth);
        var asks = Shown(book.Count(Side.Sell), subscription.Depth);
        var trade = book.LastTrade;
        ref var w = ref client.Fix!.Begin("W"u8, nowNs);
        w.Add(262, subscription.RequestId);
        w.Add(55, instrument.Symbol);
        w.Add(268, bids + asks + (trade.Lots > 0 ? 1 : 0));
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
        client.Fix!.End(keep: false);
    }

    /// <summary>A whole book is cut so that the message stays within what every engine takes.</summary>
    private static int Shown(int levels, int depth)
    {
        const int LevelsMax = 500;
        return Math.Min(levels, depth == 0 ? LevelsMax : Math.Min(depth, LevelsMax));
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
            if (requestId.SequenceEqual(client.Subscriptions[i].RequestId)) client.Subscriptions.RemoveAt(i);
    }

    /// <summary>MarketDataRequestReject (Y).</summary>
    private static void Refuse(ClientSession client, ReadOnlySpan<byte> requestId, byte reason, ReadOnlySpan<byte> text, long nowNs)
    {
        ref var w = ref client.Fix!.Begin("Y"u8, nowNs);
        w.Add(262, requestId);
        w.Add(281, reason);
        w.Add(58, text);
        client.Fix.End(keep: false);
    }
}
