using System.Net;
using System.Net.Sockets;

namespace LiquidityBridge.Sandbox.Fix;

/// <summary>The FIX port.</summary>
internal sealed class FixServer : IDisposable
{
    private const int ConnectionsMax = 100;

    private readonly FixExchange _fix;
    private readonly Loop _loop;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Opens the port.</summary>
    public FixServer(FixExchange fix, Loop loop, int port)
    {
        _fix = fix;
        _loop = loop;
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(ConnectionsMax);
    }

    /// <summary>Address and port in use.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Accepts until the port is closed.</summary>
    public async Task Run()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException { SocketErrorCode: SocketError.OperationAborted } or ObjectDisposedException)
            {
                return;
            }
            socket.NoDelay = true;
            _ = Serve(socket);
        }
    }

    /// <summary>Closes the port.</summary>
    public void Dispose() => _listener.Dispose();

    private async Task Serve(Socket socket)
    {
        var line = new FixLine(socket) { OpenedNs = _loop.NowNs };
        var isTaken = await _loop.Ask(() =>
        {
            if (_fix.Lines.Count >= ConnectionsMax) return false;
            _fix.Opened(line);
            return true;
        }).ConfigureAwait(false);
        if (!isTaken)
        {
            socket.Dispose();
            return;
        }
        await line.Run(async bytes => await _loop.Post(() => _fix.Received(line, bytes)).ConfigureAwait(false)).ConfigureAwait(false);
        await _loop.Post(() => _fix.Closed(line)).ConfigureAwait(false);
    }
}
