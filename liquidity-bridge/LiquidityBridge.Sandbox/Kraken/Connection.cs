using System.Net.WebSockets;
using System.Threading.Channels;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>One WebSocket: what it subscribed to, and the messages on their way to it.</summary>
/// <remarks>Owned by the loop's thread, but for the two pumps.</remarks>
internal sealed class Connection(WebSocket socket, bool isPrivate, long id)
{
    /// <summary>A reader that falls behind by more than this is cut off.</summary>
    private const long UnsentBytesMax = 4 << 20;

    private readonly Channel<byte[]> _outgoing = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _aborted = new();
    private long _unsentBytes;

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

    /// <summary>When something was last sent, nanoseconds since 1970-01-01 UTC.</summary>
    public long LastSentNs { get; private set; }

    /// <summary>True once nothing is read and nothing is sent any more, though the socket is open.</summary>
    public bool IsHalfOpen { get; private set; }

    /// <summary>True when there is something that heartbeats are sent for.</summary>
    public bool IsSubscribed => Books.Count + Trades.Count > 0 || Instruments || Executions is not null || Balances is not null;

    /// <summary>Queues a message; a reader that is too slow is cut off.</summary>
    public void Send(byte[] message, long nowNs)
    {
        if (IsHalfOpen || _aborted.IsCancellationRequested) return;
        LastSentNs = nowNs;
        if (Interlocked.Add(ref _unsentBytes, message.Length) > UnsentBytesMax) Abort();
        else _outgoing.Writer.TryWrite(message);
    }

    /// <summary>Breaks the connection without a goodbye.</summary>
    public void Abort() => _aborted.Cancel();

    /// <summary>Keeps the socket open and lets nothing through any more.</summary>
    public void HalfOpen() => IsHalfOpen = true;

    /// <summary>Pumps until the connection ends, whichever way; <paramref name="received"/> gets each message.</summary>
    public async Task Run(Func<Request, Task> received)
    {
        var writing = Write();
        try
        {
            await Read(received).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The other end went away, or we broke the connection: both end here.
        }
        _outgoing.Writer.TryComplete();
        if (_aborted.IsCancellationRequested) socket.Abort();
        await writing.ConfigureAwait(false);
    }

    private async Task Read(Func<Request, Task> received)
    {
        var buffer = new byte[Request.BytesMax];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                if (length == buffer.Length)
                {
                    await Close(WebSocketCloseStatus.MessageTooBig).ConfigureAwait(false);
                    return;
                }
                result = await socket.ReceiveAsync(buffer.AsMemory(length), _aborted.Token).ConfigureAwait(false);
                if (IsHalfOpen) await Task.Delay(Timeout.Infinite, _aborted.Token).ConfigureAwait(false);
                length += result.Count;
            }
            while (!result.EndOfMessage);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await Close(WebSocketCloseStatus.NormalClosure).ConfigureAwait(false);
                return;
            }
            await received(Request.Parse(buffer.AsMemory(0, length).ToArray())).ConfigureAwait(false);
        }
    }

    private async Task Close(WebSocketCloseStatus status)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_aborted.Token);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        await socket.CloseOutputAsync(status, null, patience.Token).ConfigureAwait(false);
    }

    private async Task Write()
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(_aborted.Token).ConfigureAwait(false))
            {
                Interlocked.Add(ref _unsentBytes, -message.Length);
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _aborted.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // As in Run: the reader notices too, and ends the connection.
        }
    }
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
