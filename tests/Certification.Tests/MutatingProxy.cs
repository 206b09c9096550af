using System.Net;
using System.Net.Sockets;
using Venue.Fix;

namespace Certification.Tests;

/// <summary>A line between two FIX engines that changes what one of them says: a right engine behind it looks like a broken one.</summary>
internal sealed class MutatingProxy : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _sockets = [];
    private readonly int _target;
    private readonly bool _changesAnswers;
    private readonly Func<FixMessage, byte[]> _mutation;

    /// <param name="target">Port of whoever is called.</param>
    /// <param name="changesAnswers">True to change what the called side says, false for what the caller says.</param>
    /// <param name="mutation">The bytes that go on in place of a message.</param>
    public MutatingProxy(int target, bool changesAnswers, Func<FixMessage, byte[]> mutation)
    {
        _target = target;
        _changesAnswers = changesAnswers;
        _mutation = mutation;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    /// <summary>Where to call.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The message with other values; an empty one takes the field away, and one that was not there is added.</summary>
    public static byte[] With(FixMessage message, params (int Tag, string Value)[] changes)
    {
        var fields = message.Fields.Where(f => f.Tag is not (8 or 9 or 10))
            .Select(f => (f.Tag, Value: changes.FirstOrDefault(c => c.Tag == f.Tag).Value ?? f.Value));
        var added = changes.Where(c => message.Find(c.Tag) is null);
        return MessageText.Encode("FIX.4.4", fields.Concat(added).Where(f => f.Value.Length > 0));
    }

    /// <summary>A Heartbeat with the message's number: it is gone, and no number is missing.</summary>
    public static byte[] Swallowed(FixMessage message) =>
        MessageText.Encode("FIX.4.4", message.Fields.Where(f => f.Tag is 35 or 34 or 49 or 52 or 56 or 43 or 122).Select(f => f.Tag == 35 ? (35, "0") : f));

    public void Dispose()
    {
        _listener.Dispose();
        lock (_sockets)
            foreach (var socket in _sockets) socket.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var caller = Keep(_listener.Accept());
                var called = Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                called.Connect(IPAddress.Loopback, _target);
                caller.NoDelay = called.NoDelay = true;
                new Thread(() => Carry(caller, called, !_changesAnswers)) { IsBackground = true }.Start();
                new Thread(() => Carry(called, caller, _changesAnswers)) { IsBackground = true }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener is closed: the test is over.
        }
    }

    private Socket Keep(Socket socket)
    {
        lock (_sockets) _sockets.Add(socket);
        return socket;
    }

    private void Carry(Socket from, Socket to, bool changes)
    {
        var buffer = new byte[1 << 20];
        var filled = 0;
        try
        {
            for (int count; (count = from.Receive(buffer.AsSpan(filled))) > 0;)
            {
                filled += count;
                var done = 0;
                while (done < filled)
                {
                    var kind = Framing.Find(buffer.AsSpan(done, filled - done), 1 << 16, out var length);
                    if (kind == FrameKind.NeedMore) break;
                    var bytes = buffer.AsSpan(done, length);
                    to.Send(kind == FrameKind.Frame && changes ? _mutation(FixMessage.Parse(bytes)) : bytes.ToArray());
                    done += length;
                }
                buffer.AsSpan(done, filled - done).CopyTo(buffer);
                filled -= done;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side is gone, and below so is the other.
        }
        from.Dispose();
        to.Dispose();
    }
}
