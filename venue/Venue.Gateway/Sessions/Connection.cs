using Venue.Fix;

namespace Venue.Gateway;

/// <summary>One TCP connection as the gateway sees it: bytes that came and are not understood yet, bytes to go.</summary>
/// <remarks>Owned by the core thread. The transport fills <see cref="Free"/>, and sends what <see cref="Output"/> holds.</remarks>
public sealed class Connection
{
    /// <summary>A thousand connections that send little cost little.</summary>
    private const int FirstReceiveBytes = 16 << 10;

    /// <summary>Most of what one turn reads, some twenty orders: a loud client takes turns with the others.</summary>
    private const int TurnBytes = 4 << 10;

    private static readonly SendBuffer Nothing = new(0);

    private readonly int _receiveBytes, _sendBytes;
    private byte[] _received;
    private int _start, _end;

    /// <summary>Makes a connection with room for up to <paramref name="receiveBytes"/> in and, once it has a session, <paramref name="sendBytes"/> out.</summary>
    /// <param name="remote">Who is at the other end, for people to read.</param>
    /// <param name="receiveBytes">At least one largest message.</param>
    /// <param name="sendBytes">A reader that falls behind by more is cut off.</param>
    /// <param name="nowNs">When it was accepted.</param>
    /// <param name="buffers">Where its first receive buffer comes from.</param>
    public Connection(string remote, int receiveBytes, int sendBytes, long nowNs, ReceiveBuffers buffers)
    {
        Remote = remote;
        OpenedNs = nowNs;
        (_receiveBytes, _sendBytes) = (receiveBytes, sendBytes);
        _received = buffers.Take(Math.Min(receiveBytes, FirstReceiveBytes));
    }

    /// <summary>Address and port of the other end.</summary>
    public string Remote { get; }

    /// <summary>When it was accepted, nanoseconds since 1970-01-01 UTC.</summary>
    public long OpenedNs { get; }

    /// <summary>Bytes to send; without room until the connection has a session.</summary>
    public SendBuffer Output { get; private set; } = Nothing;

    /// <summary>The transport's own: what it knows of the other end.</summary>
    public object? Tag { get; init; }

    /// <summary>Whose connection it is; null until its Logon.</summary>
    public ClientSession? Client { get; internal set; }

    /// <summary>SenderCompID(49) of the session that it has, or had when its Logon was refused.</summary>
    public string? ClientCompID { get; private set; }

    /// <summary>Its Logon, once the proof is being checked.</summary>
    internal PendingLogon? Logon { get; set; }

    /// <summary>Set when the connection must end: flush what may be told, then close.</summary>
    public string? CloseReason { get; internal set; }

    /// <summary>The transport's own mark: which slot of its table this is.</summary>
    public int Slot { get; set; }

    /// <summary>Position of <see cref="Output"/> up to which everything is durable and may be told.</summary>
    public long Released { get; set; }

    /// <summary>Position of <see cref="Output"/> that becomes <see cref="Released"/> when the running commit is done.</summary>
    public long Committing { get; set; }

    /// <summary>True while it stands in the gateway's list of connections with something to tell.</summary>
    public bool IsDirty { get; internal set; }

    /// <summary>True while the transport waits for the socket to take more.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>Room for what comes next; grows when a message needs it. Empty when a message is larger than the largest buffer.</summary>
    public Span<byte> Free()
    {
        if (_start > 0 && _end > _received.Length / 2)
        {
            Buffer.BlockCopy(_received, _start, _received, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }
        if (_end == _received.Length && _end < _receiveBytes)
        {
            var larger = GC.AllocateUninitializedArray<byte>(_receiveBytes, pinned: true);
            _received.CopyTo(larger, 0);
            _received = larger;
        }
        return _received.AsSpan(_end, Math.Min(_received.Length - _end, TurnBytes));
    }

    /// <summary>The transport wrote <paramref name="count"/> bytes into <see cref="Free"/>.</summary>
    public void Added(int count) => _end += count;

    /// <summary>The connection is this session's from now on, and uses the session's send buffer: one for all its connections, one after the other.</summary>
    internal void Begin(ClientSession client)
    {
        Client = client;
        ClientCompID = client.ClientCompID;
        client.Connection = this;
        Output = client.Output ??= new SendBuffer(_sendBytes);
        Output.Clear();
    }

    /// <summary>The session has no connection any more.</summary>
    internal void End()
    {
        Client!.Connection = null;
        Client = null;
        Output = Nothing;
    }

    /// <summary>As <see cref="End"/>, but what is unsent still goes out: the Logout of a Logon that was refused.</summary>
    internal void EndRefused()
    {
        var rest = Output.TakeRest();
        End();
        Output = rest;
    }

    /// <summary>The socket is closed and the gateway knows: nothing more comes in, and another connection may have its receive buffer.</summary>
    /// <param name="buffers">Of the thread that closed it, which need not be the one that let it in.</param>
    public void GiveBack(ReceiveBuffers buffers)
    {
        buffers.Return(_received);
        _received = [];
        _start = _end = 0;
    }

    internal ReadOnlySpan<byte> Received => _received.AsSpan(_start, _end - _start);

    internal void Consumed(int count)
    {
        _start += count;
        if (_start == _end) _start = _end = 0;
    }
}
