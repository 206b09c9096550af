using System.Net;
using System.Net.Sockets;

namespace EndToEnd;

/// <summary>A TCP relay in front of a venue that loses what it is told to lose, each way by itself, and can be cut.</summary>
/// <remarks>It loses whole reads: who wants whole messages lost waits until those before have arrived.</remarks>
internal sealed class LossyLine : IDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _open = [];
    private readonly int _venuePort;
    private volatile bool _losesRequests, _losesAnswers, _isClosed;

    /// <summary>Begins to accept.</summary>
    public LossyLine(int venuePort)
    {
        _venuePort = venuePort;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    /// <summary>Where clients connect.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Whether what clients send is lost from now on.</summary>
    public bool LosesRequests { set => _losesRequests = value; }

    /// <summary>Whether what the venue sends is lost from now on.</summary>
    public bool LosesAnswers { set => _losesAnswers = value; }

    /// <summary>Ends all connections at once, both ways, with whatever is under way.</summary>
    public void Cut()
    {
        lock (_open)
        {
            foreach (var socket in _open) socket.Close(0);
            _open.Clear();
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        _listener.Dispose();
        Cut();
    }

    private void Accept()
    {
        while (true)
        {
            Socket client, venue = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                client = _listener.Accept();
                client.NoDelay = true;
                venue.Connect(IPAddress.Loopback, _venuePort);
            }
            catch (Exception e) when (_isClosed && e is SocketException or ObjectDisposedException)
            {
                venue.Dispose();
                return;
            }
            lock (_open) _open.AddRange([client, venue]);
            new Thread(() => Carry(client, venue, () => _losesRequests)) { IsBackground = true }.Start();
            new Thread(() => Carry(venue, client, () => _losesAnswers)) { IsBackground = true }.Start();
        }
    }

    private static void Carry(Socket from, Socket to, Func<bool> loses)
    {
        var buffer = new byte[64 << 10];
        try
        {
            for (int count; (count = from.Receive(buffer)) > 0;)
                if (!loses()) to.Send(buffer.AsSpan(0, count));
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Either end is gone: so is the line.
            from.Close(0);
            to.Close(0);
        }
    }
}
