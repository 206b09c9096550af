using System.Net;
using System.Net.WebSockets;

namespace Venue.Host;

/// <summary>One screen's connection: what it says, and what waits to be sent to it, bounded.</summary>
/// <remarks>Subscriptions are the replica's thread's; the rest is any thread's.</remarks>
internal sealed class ScreenClient(WebSocket socket, IPAddress address, ScreenLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _waiting = new();
    private readonly SemaphoreSlim _more = new(0);
    private int _bytes, _counted;
    private volatile string? _endReason;

    /// <summary>Where it comes from.</summary>
    public IPAddress Address => address;

    /// <summary>What it watches.</summary>
    public List<ScreenSubscription> Subscriptions { get; } = [];

    /// <summary>True when it has been sent everything.</summary>
    public bool HasCaughtUp
    {
        get { lock (_lock) return _waiting.Count == 0; }
    }

    /// <summary>Why it was cut off; null while it was not.</summary>
    public string? EndReason => _endReason;

    /// <summary>The subscription to a feed; null for none.</summary>
    public ScreenSubscription? Find(ScreenView view, string symbol) => Subscriptions.Find(s => s.Channel.View == view && s.Symbol == symbol);

    /// <summary>Counts one more subscription, if it may have one.</summary>
    public bool TryCount()
    {
        if (_counted >= limits.SubscriptionsPerConnection) return false;
        _counted++;
        return true;
    }

    /// <summary>One less.</summary>
    public void Uncount() => _counted--;

    /// <summary>Data to send; false when too much waits already.</summary>
    public bool TryOffer(byte[] message)
    {
        lock (_lock)
        {
            // One message may be larger than the bound: a snapshot for who has read everything.
            if (_waiting.Count > 0 && _bytes + message.Length > limits.QueueBytes) return false;
            Add(message);
        }
        _more.Release();
        return true;
    }

    /// <summary>An answer to send. Who asks and does not read the answers is cut off.</summary>
    public void Answer(byte[] message)
    {
        lock (_lock)
        {
            if (_bytes + message.Length > 2 * limits.QueueBytes)
            {
                End("too slow: it does not read the answers to what it asks");
                return;
            }
            Add(message);
        }
        _more.Release();
    }

    private void Add(byte[] message)
    {
        _waiting.Enqueue(message);
        _bytes += message.Length;
    }

    /// <summary>Cuts it off.</summary>
    public void End(string reason)
    {
        _endReason ??= reason;
        socket.Abort();
    }

    /// <summary>Sends what waits, and a heartbeat when nothing does, until the connection ends.</summary>
    public async Task Send(CancellationToken stop)
    {
        while (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            var isMore = await _more.WaitAsync(limits.Heartbeat, stop);
            var message = isMore ? Peek() : ScreenJson.Message(w => w.WriteString("channel", "heartbeat"));
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(limits.Patience);
            try
            {
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, patience.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                End($"too slow: nothing was read for {limits.Patience.TotalSeconds:0} s");
                return;
            }
            if (isMore) Taken(message);
        }
    }

    private byte[] Peek()
    {
        lock (_lock) return _waiting.Peek();
    }

    private void Taken(byte[] message)
    {
        lock (_lock)
        {
            _waiting.Dequeue();
            _bytes -= message.Length;
        }
    }
}
