using System.Net.WebSockets;
using System.Threading.Channels;

namespace LiquidityBridge.Sandbox;

/// <summary>One WebSocket, whatever is spoken on it: messages on their way out, messages read in, and the ways in which it can break.</summary>
/// <remarks>Owned by the loop's thread, but for the two pumps.</remarks>
internal class WebSocketLine(WebSocket socket, int messageBytesMax)
{
    /// <summary>A reader that falls behind by more than this is cut off.</summary>
    private const long UnsentBytesMax = 4 << 20;

    private readonly Channel<byte[]> _outgoing = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource<(int Code, string Text)> _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _unsentBytes;

    /// <summary>When something was last sent, nanoseconds since 1970-01-01 UTC.</summary>
    public long LastSentNs { get; private set; }

    /// <summary>True once nothing is read and nothing is sent any more, though the socket is open.</summary>
    public bool IsHalfOpen { get; private set; }

    /// <summary>Messages go out in frames of at most so many bytes; 0 for one frame each.</summary>
    public int FrameBytesMax { get; set; }

    /// <summary>Queues a message; a reader that is too slow is cut off.</summary>
    public void Send(byte[] message, long nowNs)
    {
        if (IsHalfOpen || _aborted.IsCancellationRequested || _closing.Task.IsCompleted) return;
        LastSentNs = nowNs;
        if (Interlocked.Add(ref _unsentBytes, message.Length) > UnsentBytesMax) Abort();
        else _outgoing.Writer.TryWrite(message);
    }

    /// <summary>Breaks the connection without a goodbye.</summary>
    public void Abort() => _aborted.Cancel();

    /// <summary>Says goodbye with a close frame, after what is queued.</summary>
    public void Close(int code, string text)
    {
        _closing.TrySetResult((code, text));
        _outgoing.Writer.TryComplete();
    }

    /// <summary>Keeps the socket open and lets nothing through any more.</summary>
    public void HalfOpen() => IsHalfOpen = true;

    /// <summary>Pumps until the connection ends, whichever way; <paramref name="received"/> gets each message.</summary>
    public async Task Run(Func<ReadOnlyMemory<byte>, Task> received)
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

    private async Task Read(Func<ReadOnlyMemory<byte>, Task> received)
    {
        var buffer = new byte[messageBytesMax];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                if (length == buffer.Length)
                {
                    await CloseOutput((int)WebSocketCloseStatus.MessageTooBig, null).ConfigureAwait(false);
                    return;
                }
                result = await socket.ReceiveAsync(buffer.AsMemory(length), _aborted.Token).ConfigureAwait(false);
                if (IsHalfOpen) await Task.Delay(Timeout.Infinite, _aborted.Token).ConfigureAwait(false);
                length += result.Count;
            }
            while (!result.EndOfMessage);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await CloseOutput((int)WebSocketCloseStatus.NormalClosure, null).ConfigureAwait(false);
                return;
            }
            await received(buffer.AsMemory(0, length).ToArray()).ConfigureAwait(false);
        }
    }

    private async Task CloseOutput(int code, string? text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_aborted.Token);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        await socket.CloseOutputAsync((WebSocketCloseStatus)code, text, patience.Token).ConfigureAwait(false);
    }

    private async Task Write()
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(_aborted.Token).ConfigureAwait(false))
            {
                Interlocked.Add(ref _unsentBytes, -message.Length);
                var most = FrameBytesMax == 0 ? message.Length : FrameBytesMax;
                for (var at = 0; at < message.Length; at += most)
                {
                    var length = Math.Min(most, message.Length - at);
                    await socket.SendAsync(message.AsMemory(at, length), WebSocketMessageType.Text, endOfMessage: at + length == message.Length, _aborted.Token).ConfigureAwait(false);
                }
            }
            if (!_closing.Task.IsCompleted) return;
            var (code, text) = await _closing.Task.ConfigureAwait(false);
            await CloseOutput(code, text).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // As in Run: the reader notices too, and ends the connection.
        }
    }
}
