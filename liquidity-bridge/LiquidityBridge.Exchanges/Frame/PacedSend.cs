namespace LiquidityBridge.Exchanges;

/// <summary>Messages to an exchange, sent in their order and no faster than it counts them; what cannot go now waits for the next poll.</summary>
/// <param name="limit">May be shared by connections that the exchange counts together.</param>
internal sealed class PacedSend(ILimit limit)
{
    private readonly Queue<byte[]> _waiting = new();
    private Action<byte[]>? _send;

    /// <summary>True while there is a connection.</summary>
    public bool IsOpen => _send is not null;

    /// <summary>A connection is there.</summary>
    public void Open(Action<byte[]> send)
    {
        _waiting.Clear();
        _send = send;
    }

    /// <summary>It is gone, and what waited with it.</summary>
    public void Close()
    {
        _waiting.Clear();
        _send = null;
    }

    /// <summary>One message more.</summary>
    public void Send(byte[] message, long nowNs)
    {
        _waiting.Enqueue(message);
        Poll(nowNs);
    }

    /// <summary>Sends what may go now.</summary>
    public void Poll(long nowNs)
    {
        while (_send is { } send && _waiting.TryPeek(out var next))
        {
            lock (limit)
                if (!limit.TryTake(1, nowNs)) return;
            _waiting.Dequeue();
            send(next);
        }
    }
}
