using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Venue.Load;

/// <summary>What the machine's TCP costs by itself: one thread, epoll, recv, send the same back. The venue's loop without a venue.</summary>
internal static unsafe class EchoServer
{
    private const int EventsMax = 256, BufferBytes = 64 << 10, ListenerSlot = -1;

    /// <summary>Serves for ever; writes READY and the port.</summary>
    public static void Run()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1024);
        var epoll = Host.Linux.CreateEpoll();
        Host.Linux.Control(epoll, Host.Linux.EpollAdd, (int)listener.Handle, Host.Linux.EpollIn, ListenerSlot);
        var sockets = new List<Socket>();
        var events = (byte*)NativeMemory.Alloc(EventsMax * 16);
        var buffer = (byte*)NativeMemory.Alloc(BufferBytes);
        Console.WriteLine($"READY fix={listener.LocalEndPoint}");
        while (true)
        {
            var n = Host.Linux.Wait(epoll, events, EventsMax, -1);
            for (var i = 0; i < n; i++)
            {
                var slot = Host.Linux.Data(events, i);
                if (slot == ListenerSlot)
                {
                    Socket socket;
                    try
                    {
                        socket = listener.Accept();
                        socket.NoDelay = true;
                    }
                    catch (SocketException)
                    {
                        continue;   // it was reset before it was looked at
                    }
                    Host.Linux.Control(epoll, Host.Linux.EpollAdd, (int)socket.Handle, Host.Linux.EpollIn, sockets.Count);
                    sockets.Add(socket);
                    continue;
                }
                var fd = (int)sockets[slot].Handle;
                var count = Host.Linux.Receive(fd, buffer, BufferBytes, 0);
                if (count <= 0)
                {
                    sockets[slot].Dispose();
                    continue;
                }
                for (nint sent = 0; sent < count;)
                {
                    var part = Host.Linux.Send(fd, buffer + sent, count - sent, Host.Linux.MsgNoSignal | Host.Linux.MsgDontWait);
                    if (part < 0)
                    {
                        // It went away, or does not read: nobody waits for it.
                        sockets[slot].Dispose();
                        break;
                    }
                    sent += part;
                }
            }
        }
    }
}
