using System.Net.WebSockets;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>What a connection is for.</summary>
internal enum BinanceLine
{
    /// <summary>/ws: events as they are.</summary>
    Raw,
    /// <summary>/stream: events in an envelope with their stream's name.</summary>
    Combined,
    /// <summary>/ws-api/v3: requests and the user data stream.</summary>
    Api,
}

/// <summary>One WebSocket of Binance's, and what it subscribed to.</summary>
internal sealed class BinanceConnection(WebSocket socket, BinanceLine line) : WebSocketLine(socket, BytesMax)
{
    /// <summary>Largest message taken, bytes.</summary>
    public const int BytesMax = 64 << 10;

    private const int MessagesPerSecond = 5;
    private const long SecondNs = 1_000_000_000;

    /// <summary>What it is for.</summary>
    public BinanceLine Line { get; } = line;

    /// <summary>Names of the subscribed streams.</summary>
    public HashSet<string> Streams { get; } = [];

    /// <summary>Messages in: web-socket-streams.md, "limit of 5 incoming messages per second".</summary>
    public RateWindow Messages { get; } = new(MessagesPerSecond, SecondNs);

    /// <summary>Who has logged the session on; null when nobody has.</summary>
    public Account? Session { get; set; }

    /// <summary>User data streams, by subscription id.</summary>
    public Dictionary<int, Account> UserData { get; } = [];

    /// <summary>The next subscription's id.</summary>
    public int NextSubscription { get; set; }
}
