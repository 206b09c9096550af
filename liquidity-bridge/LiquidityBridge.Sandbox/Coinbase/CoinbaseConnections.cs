using LiquidityBridge.Sandbox.Control;

namespace LiquidityBridge.Sandbox.Coinbase;

/// <summary>What the control port can do to Coinbase's WebSockets.</summary>
internal sealed class CoinbaseConnections(IReadOnlyCollection<CoinbaseConnection> lines, Action announce) : WebSocketConnections<CoinbaseConnection>(lines)
{
    public override void CloseSlow() => CloseAll("ErrSlowConsume");

    // A token is good for one message; what can expire is the listening on the user channel.
    public override void ExpireTokens() => CloseAll("authentication failure", c => c.User is not null);

    public override void Announce() => announce();

    public override long OrderNumber(string orderID) => CoinbaseText.Number(orderID);
}
