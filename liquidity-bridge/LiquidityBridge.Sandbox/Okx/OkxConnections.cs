using LiquidityBridge.Sandbox.Control;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>What the control port can do to OKX's WebSockets.</summary>
internal sealed class OkxConnections(OkxExchange okx) : WebSocketConnections<OkxConnection>(okx.Connections)
{
    public override void ExpireTokens() => okx.ExpireKeys();

    public override void CloseSlow() => okx.CloseSlow();

    public override void Announce()
    {
        foreach (var instrument in okx.Instruments) okx.Feed.OnInstrument(instrument);
    }

    public override long OrderNumber(string orderID) => OkxText.OrderNumber(orderID);
}
