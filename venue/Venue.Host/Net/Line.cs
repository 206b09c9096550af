using System.Net.Sockets;
using Venue.Gateway;

namespace Venue.Host;

/// <summary>One socket and the connection that it carries; behind a local socket, its TLS tunnel.</summary>
internal sealed class Line(Socket socket, Connection connection, TlsTunnel? tunnel)
{
    /// <summary>Open as long as the line stands in the table of its slot.</summary>
    public Socket Socket { get; } = socket;

    /// <summary>The socket's descriptor.</summary>
    public int Fd { get; } = (int)socket.Handle;

    /// <summary>What the gateway knows it by.</summary>
    public Connection Connection { get; } = connection;

    /// <summary>Null for a plain connection.</summary>
    public TlsTunnel? Tunnel { get; } = tunnel;

    /// <summary>When it is closed even if not everything was sent; 0 while nobody wants to close it.</summary>
    public long CloseAtNs { get; set; }

    /// <summary>When it is read again; 0 while it is read whenever something is there.</summary>
    public long ReadAtNs { get; set; }

    /// <summary>When it last filled its turn; 0 for never.</summary>
    public long LoudNs { get; set; }

    /// <summary>Closes the socket, and asks nobody.</summary>
    public void Abandon()
    {
        Socket.Dispose();
        Tunnel?.CoreClosed();
    }

    /// <summary>What its thread waits for on this socket.</summary>
    public uint Interest => Linux.EpollRdHup | (ReadAtNs == 0 ? Linux.EpollIn : 0) | (Connection.IsBlocked ? Linux.EpollOut : 0);
}
