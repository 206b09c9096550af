using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Venue.Fix;

namespace LiquidityBridge.Sandbox.Fix;

/// <summary>One TCP connection: bytes that came and are not understood yet, and bytes on their way.</summary>
/// <remarks>Owned by the loop's thread, but for the two pumps.</remarks>
internal sealed class FixLine(Socket socket)
{
    private const int ReceiveBytes = 64 << 10;
    private const int UnderstoodBytesMax = 128 << 10;
    private const long UnsentBytesMax = 4 << 20;

    private readonly Channel<byte[]> _outgoing = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _aborted = new();
    private byte[] _received = [];
    private long _unsentBytes;

    /// <summary>Whose connection it is; null until its Logon.</summary>
    public FixMember? Member { get; set; }

    /// <summary>When it was accepted, nanoseconds since 1970-01-01 UTC.</summary>
    public long OpenedNs { get; init; }

    /// <summary>True once nothing is read and nothing is sent any more, though the connection is up.</summary>
    public bool IsHalfOpen { get; set; }

    /// <summary>What goes out from now on goes in pieces of at most so many bytes; 0 for as it comes.</summary>
    public int PieceBytesMax { get; set; }

    /// <summary>True once it is to be closed after what is on its way.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Takes bytes in; gives the session's name once the first whole message is there.</summary>
    public (string Client, string Us)? Name(byte[] bytes)
    {
        _received = _received.Length == 0 ? bytes : [.. _received, .. bytes];
        if (Member is not null) return (Member.TheirCompID, Member.OurCompID);
        if (Framing.Find(_received, UnderstoodBytesMax, out var length) == FrameKind.Frame && Framing.TryReadHeader(_received.AsSpan(0, length), out var header))
            return (Encoding.ASCII.GetString(header.SenderCompID), Encoding.ASCII.GetString(header.TargetCompID));
        // Not FIX, or no end of it: nothing is answered to a stranger.
        if (_received.Length > UnderstoodBytesMax || !"8=FIX"u8.StartsWith(_received.AsSpan(0, Math.Min(5, _received.Length)))) Abort();
        return null;
    }

    /// <summary>Gives the session what has come.</summary>
    public void Feed(Session session, long nowNs) => _received = _received[session.OnBytes(_received, nowNs)..];

    /// <summary>Sends what the session has to say, a mute one without its heartbeats; closes when the session wants that.</summary>
    public void Flush(bool isMute = false)
    {
        if (Member?.Session is not { Output: { } output } session || IsHalfOpen) return;
        if (output.Count > 0) Send(isMute ? WithoutHeartbeats(Take(output)) : Take(output));
        if (session.WantsClose && !IsClosing)
        {
            IsClosing = true;
            _outgoing.Writer.TryComplete();
        }
    }

    /// <summary>Writes one message whose bytes go out changed, or not at all: the session believes that it was sent.</summary>
    public void Tampered(Action write, Func<byte[], byte[]?> change)
    {
        Flush();
        write();
        if (Member?.Session.Output is { Count: > 0 } output && change(Take(output)) is { } bytes) Send(bytes);
    }

    /// <summary>Breaks the connection without a goodbye.</summary>
    public void Abort() => _aborted.Cancel();

    /// <summary>Pumps until the connection ends; <paramref name="received"/> gets the bytes as they come.</summary>
    public async Task Run(Func<byte[], Task> received)
    {
        var writing = Write();
        var buffer = new byte[ReceiveBytes];
        try
        {
            while (true)
            {
                var count = await socket.ReceiveAsync(buffer, _aborted.Token).ConfigureAwait(false);
                if (IsHalfOpen) await Task.Delay(Timeout.Infinite, _aborted.Token).ConfigureAwait(false);
                if (count == 0) break;
                await received(buffer[..count]).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The other end went away, or we broke the connection: both end here.
        }
        _outgoing.Writer.TryComplete();
        await writing.ConfigureAwait(false);
        if (_aborted.IsCancellationRequested) socket.LingerState = new LingerOption(true, 0);   // a reset, as when a machine goes down
        socket.Dispose();
    }

    private static byte[] Take(SendBuffer output)
    {
        var bytes = output.Unsent(output.Tail).ToArray();
        output.Taken(bytes.Length);
        return bytes;
    }

    // All that is there are whole messages: the session's own.
    private static byte[] WithoutHeartbeats(byte[] messages)
    {
        var kept = new List<byte>(messages.Length);
        for (var at = 0; at < messages.Length;)
        {
            Framing.Find(messages.AsSpan(at), UnderstoodBytesMax, out var length);
            var message = messages.AsSpan(at, length);
            if (!(Framing.TryReadHeader(message, out var header) && header.MsgType.SequenceEqual("0"u8))) kept.AddRange(message);
            at += length;
        }
        return [.. kept];
    }

    private void Send(byte[] bytes)
    {
        if (IsHalfOpen || _aborted.IsCancellationRequested) return;
        if (Interlocked.Add(ref _unsentBytes, bytes.Length) > UnsentBytesMax) Abort();
        else _outgoing.Writer.TryWrite(bytes);
    }

    private async Task Write()
    {
        try
        {
            await foreach (var bytes in _outgoing.Reader.ReadAllAsync(_aborted.Token).ConfigureAwait(false))
            {
                Interlocked.Add(ref _unsentBytes, -bytes.Length);
                for (var sent = 0; sent < bytes.Length;)
                {
                    var piece = PieceBytesMax > 0 ? Math.Min(PieceBytesMax, bytes.Length - sent) : bytes.Length - sent;
                    sent += await socket.SendAsync(bytes.AsMemory(sent, piece), _aborted.Token).ConfigureAwait(false);
                }
            }
            // The session is over: the other end reads what is on its way and then closes too.
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // As in Run: the reader notices too, and ends the connection.
        }
    }
}
