using System.Net.WebSockets;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>One WebSocket of Kraken's, and what it subscribed to.</summary>
internal sealed class Connection(WebSocket socket, bool isPrivate, long id) : WebSocketLine(socket, Request.BytesMax)
{
    /// <summary>As told in the status message.</summary>
    public long ID { get; } = id;

    /// <summary>True on the endpoint for orders and accounts.</summary>
    public bool IsPrivate { get; } = isPrivate;

    /// <summary>Depth of the subscribed books, by instrument.</summary>
    public Dictionary<Instrument, int> Books { get; } = [];

    /// <summary>Instruments whose trades are subscribed.</summary>
    public HashSet<Instrument> Trades { get; } = [];

    /// <summary>The instrument channel is subscribed.</summary>
    public bool Instruments { get; set; }

    /// <summary>The executions channel; null when it is not subscribed.</summary>
    public PrivateChannel? Executions { get; set; }

    /// <summary>The balances channel; null when it is not subscribed.</summary>
    public PrivateChannel? Balances { get; set; }

    /// <summary>True when there is something that heartbeats are sent for.</summary>
    public bool IsSubscribed => Books.Count + Trades.Count > 0 || Instruments || Executions is not null || Balances is not null;
}

/// <summary>One subscription to an account's own events, with its count of messages.</summary>
internal sealed class PrivateChannel(Account account)
{
    /// <summary>Whose events.</summary>
    public Account Account { get; } = account;

    /// <summary>All transitions are wanted, not only the first and the last.</summary>
    public bool AllTransitions { get; init; } = true;

    /// <summary>Number of the next message; per connection and channel, without a gap.</summary>
    public long Next { get; set; } = 1;
}
