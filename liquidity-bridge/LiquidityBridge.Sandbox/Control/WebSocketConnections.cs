namespace LiquidityBridge.Sandbox.Control;

/// <summary>What can be done to an exchange's WebSockets whatever they speak; the rest is the protocol's.</summary>
internal abstract class WebSocketConnections<TLine>(IReadOnlyCollection<TLine> lines) : IConnections where TLine : WebSocketLine
{
    private const int PolicyViolation = 1008;

    public int Count => lines.Count;

    public void Disconnect()
    {
        foreach (var line in lines) line.Abort();
    }

    public void HalfOpen()
    {
        foreach (var line in lines) line.HalfOpen();
    }

    public void Fragment(int frameBytesMax)
    {
        foreach (var line in lines) line.FrameBytesMax = frameBytesMax;
    }

    public virtual void CloseSlow() => CloseAll("slow consumer");

    public abstract void ExpireTokens();

    public virtual void Shutdown() => Disconnect();

    public virtual void Announce()
    {
    }

    public abstract long OrderNumber(string orderID);

    /// <summary>Closes those that are meant, all by default, with code 1008.</summary>
    protected void CloseAll(string words, Func<TLine, bool>? which = null)
    {
        foreach (var line in lines)
            if (which?.Invoke(line) != false) line.Close(PolicyViolation, words);
    }
}
