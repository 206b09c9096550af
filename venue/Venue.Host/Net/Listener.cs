using System.Net;
using System.Net.Sockets;

namespace Venue.Host;

/// <summary>The open port: takes what waits there, a few in each turn, and sends away who may not come from where he does.</summary>
internal sealed class Listener : IDisposable
{
    /// <summary>What a slow reader leaves in the kernel is bounded too.</summary>
    public const int KernelSendBytes = 256 << 10;

    /// <summary>Most that one turn takes: a thousand clients that come back at once do not hold up those that are there.</summary>
    private const int TurnMax = 4;

    private readonly Socket _socket;
    private readonly TransportSettings _transport;
    private readonly ConnectionLog _log;

    /// <summary>Opens the port.</summary>
    public Listener(IPEndPoint endPoint, TransportSettings transport, ConnectionLog log)
    {
        (_transport, _log) = (transport, log);
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _socket.Bind(endPoint);
        _socket.Listen(1024);
    }

    /// <summary>Address and port in use.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>For epoll.</summary>
    public int Fd => (int)_socket.Handle;

    /// <summary>Hands over those that wait, up to a turn's number; true when more may wait.</summary>
    public bool Accept(Action<Socket, Peer> open)
    {
        for (var i = 0; i < TurnMax; i++)
        {
            Socket socket;
            try
            {
                socket = _socket.Accept();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted or SocketError.TooManyOpenSockets)
            {
                return false;   // none waiting, or it went away again, or there are no descriptors left: it stays in the backlog
            }
            var remote = (IPEndPoint)socket.RemoteEndPoint!;
            if (!_transport.Allows(remote.Address))
            {
                socket.Dispose();
                _log.Refuse(RefusedFor.Address, remote, "no session may come from this address");
                continue;
            }
            socket.Blocking = false;
            socket.NoDelay = true;
            socket.SendBufferSize = KernelSendBytes;
            open(socket, new Peer(remote, Tls: null));
        }
        return true;
    }

    /// <summary>Closes the port.</summary>
    public void Dispose() => _socket.Dispose();
}
