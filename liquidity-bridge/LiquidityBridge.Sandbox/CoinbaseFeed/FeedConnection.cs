using System.Net.WebSockets;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>One WebSocket of the feed: what it subscribed to.</summary>
internal sealed class FeedConnection(WebSocket socket, long openedNs) : WebSocketLine(socket, FeedRequest.BytesMax)
{
    /// <summary>When it was opened, nanoseconds.</summary>
    public long OpenedNs { get; } = openedNs;

    /// <summary>Some subscription was asked for.</summary>
    public bool HasSubscribed { get; set; }

    /// <summary>Products by channel, in the order of their first subscription.</summary>
    public Dictionary<string, HashSet<Instrument>> Channels { get; } = [];

    /// <summary>Whose orders the user channel tells; null when it is not subscribed.</summary>
    public Account? User { get; set; }

    /// <summary>True when it gets this product on this channel.</summary>
    public bool Hears(string channel, Instrument instrument) => Channels.TryGetValue(channel, out var products) && products.Contains(instrument);

    /// <summary>level2, or level2_batch, which is the same to whoever shows no key.</summary>
    public bool HearsBook(Instrument instrument) => Hears("level2", instrument) || Hears("level2_batch", instrument);
}
