using LiquidityBridge.Sandbox.Control;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>What the control port can do to OKX's WebSockets.</summary>
internal sealed class OkxConnections(OkxExchange okx) : IConnections
{
    public int Count => okx.Connections.Count;

    public void Disconnect()
    {
        foreach (var connection in okx.Connections) connection.Abort();
    }

    public void HalfOpen()
    {
        foreach (var connection in okx.Connections) connection.HalfOpen();
    }

    public void ExpireTokens() => okx.ExpireKeys();

    public void CloseSlow() => okx.CloseSlow();

    public void Fragment(int frameBytesMax)
    {
        foreach (var connection in okx.Connections) connection.FrameBytesMax = frameBytesMax;
    }

    public void Announce()
    {
        foreach (var instrument in okx.Instruments) okx.Feed.OnInstrument(instrument);
    }

    public long OrderNumber(string orderID) => OkxText.OrderNumber(orderID);
}
