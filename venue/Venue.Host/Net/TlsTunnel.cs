using System.Net.Security;
using System.Net.Sockets;

namespace Venue.Host;

/// <summary>One TLS connection and the local socket to the core: plain bytes of the one are the other's, both ways, and both end together.</summary>
/// <remarks>
/// Holds one buffer for each way and reads only when that is empty, so a slow reader fills the core's send buffer, where
/// it is cut off as on a plain connection, and a core that is behind fills the client's.
/// </remarks>
internal sealed class TlsTunnel(SslStream outside, Socket outsideSocket, Socket inside) : IDisposable
{
    private const int BufferBytes = 16 << 10;   // one TLS record: RFC 8446 5.1
    private const int CloseTimeoutMs = 2_000;

    private readonly CancellationTokenSource _end = new();
    private volatile string? _reason;

    /// <summary>Why it ended, when that was on the outside; the core only sees that its socket was closed.</summary>
    public string? Reason => _reason;

    /// <summary>The core has closed its end: what it had told goes out if the client reads it soon. Any thread.</summary>
    public void CoreClosed()
    {
        try
        {
            _end.CancelAfter(CloseTimeoutMs);
        }
        catch (ObjectDisposedException)
        {
            // The outside ended at the same time: there is nothing left to end.
        }
    }

    /// <summary>Carries bytes until both sides are closed.</summary>
    public Task Run() => Task.WhenAll(Inward(), Outward());

    private async Task Inward()
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (true)
            {
                var count = await outside.ReadAsync(buffer, _end.Token);
                if (count == 0) break;
                if (!await Give(buffer.AsMemory(0, count))) continue;   // the core has closed: read on, so that the close is an orderly one
            }
            _reason ??= "closed by the other end";
        }
        catch (Exception e) when (IsEnd(e))
        {
            _reason ??= Text(e);
        }
        Shutdown(inside, SocketShutdown.Send);
    }

    private async ValueTask<bool> Give(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0) bytes = bytes[await inside.SendAsync(bytes, _end.Token)..];
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task Outward()
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (true)
            {
                var count = await Take(buffer);
                if (count == 0) break;
                await outside.WriteAsync(buffer.AsMemory(0, count), _end.Token);
            }
            await outside.ShutdownAsync().WaitAsync(_end.Token);   // close_notify: the client knows that nothing was cut off
        }
        catch (Exception e) when (IsEnd(e))
        {
            _reason ??= Text(e);
            // Nothing can be told any more: the core learns it by the end of its socket.
            Shutdown(inside, SocketShutdown.Both);
        }
        Shutdown(outsideSocket, SocketShutdown.Send);
    }

    private async ValueTask<int> Take(byte[] buffer)
    {
        try
        {
            return await inside.ReceiveAsync(buffer, _end.Token);
        }
        // A local socket that is closed with bytes unread says so; here it is an end like any other.
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
    }

    private static bool IsEnd(Exception e) => e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private static string Text(Exception e) => e is OperationCanceledException ? "the other end took too long to close" : $"{(e.InnerException ?? e).Message}";

    private static void Shutdown(Socket socket, SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already, which is what was wanted.
        }
    }

    public void Dispose()
    {
        inside.Dispose();
        _end.Dispose();
    }
}
