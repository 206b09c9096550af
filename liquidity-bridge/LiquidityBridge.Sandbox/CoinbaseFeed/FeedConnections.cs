using LiquidityBridge.Sandbox.Coinbase;
using LiquidityBridge.Sandbox.Control;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>What the control port can do to the feed's WebSockets.</summary>
internal sealed class FeedConnections(IReadOnlyCollection<FeedConnection> lines, Action announce) : WebSocketConnections<FeedConnection>(lines)
{
    public override void CloseSlow() => CloseAll("ErrSlowConsume");

    // Keys do not expire; what can end is the listening on the user channel.
    public override void ExpireTokens() => CloseAll("Authentication Failed", c => c.User is not null);

    public override void Announce() => announce();

    public override long OrderNumber(string orderID) => CoinbaseText.Number(orderID);
}
