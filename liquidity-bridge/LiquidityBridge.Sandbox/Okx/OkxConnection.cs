using System.Net.WebSockets;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>One WebSocket of OKX's: who logged in on it, and what it subscribed to.</summary>
internal sealed class OkxConnection(WebSocket socket, bool isPrivate, string id, long openedNs) : WebSocketLine(socket, OkxRequest.BytesMax)
{
    private const long HourNs = 3_600_000_000_000;
    private const int RequestsPerHour = 480;

    private readonly RateWindow _requests = new(RequestsPerHour, HourNs);

    /// <summary>connId.</summary>
    public string ID { get; } = id;

    /// <summary>True at /ws/v5/private.</summary>
    public bool IsPrivate { get; } = isPrivate;

    /// <summary>Who logged in; null before.</summary>
    public OkxMember? Member { get; set; }

    /// <summary>Instruments whose books are subscribed.</summary>
    public HashSet<Instrument> Books { get; } = [];

    /// <summary>Instruments whose trades are subscribed.</summary>
    public HashSet<Instrument> Trades { get; } = [];

    /// <summary>The instruments channel is subscribed.</summary>
    public bool Instruments { get; set; }

    /// <summary>The orders channel, with the text of each subscription's arg: the pushes repeat it.</summary>
    public List<OrdersSubscription> Orders { get; } = [];

    /// <summary>The account channel is subscribed.</summary>
    public bool Account { get; set; }

    /// <summary>Last sign of life that was sent, nanoseconds.</summary>
    public long SpokeNs => Math.Max(openedNs, LastSentNs);

    /// <summary>docs-v5, "Connect": 480 subscribe, unsubscribe and login requests an hour.</summary>
    public bool TryCount(long nowNs) => _requests.TryTake(nowNs);
}

/// <summary>One subscription of the orders channel; no instrument for all.</summary>
internal sealed record OrdersSubscription(string InstType, Instrument? Instrument);

/// <summary>An account with its passphrase and number.</summary>
internal sealed record OkxMember(Account Account, string Uid);
