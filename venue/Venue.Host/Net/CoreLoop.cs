using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Venue.Gateway;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>
/// The venue's one thread: sockets that are ready, the core, the journal, and telling what is durable.
/// </summary>
/// <remarks>
/// Everything from the received bytes to the report runs here without a hand-over to another thread, because on
/// loopback one hand-over costs as much as the whole order. Only the commit has a thread of its own.
/// </remarks>
internal sealed unsafe class CoreLoop : IDisposable
{
    private const int ListenerSlot = -1, WakeSlot = -2;
    private const int EventsMax = 256;
    private const int WaitMs = 10;
    private const int ReceiveBytes = 64 << 10;
    /// <summary>What a slow reader leaves in the kernel is bounded too.</summary>
    public const int KernelSendBytes = 256 << 10;

    private const int AnonymousMax = 1024;
    private const long PollIntervalNs = 10_000_000;
    private const long CloseTimeoutNs = 2_000_000_000;
    private const long StopTimeoutNs = 3_000_000_000;

    private readonly VenueCore _core;
    private readonly Journal _journal;
    private readonly GroupCommit _commit;
    private readonly Durability _durability;
    private readonly int _sendBytes;
    private readonly Socket _listener;
    private readonly int _epoll, _wake;
    private readonly byte[] _events = GC.AllocateArray<byte>(EventsMax * 16, pinned: true);
    private readonly TransportSettings _transport;
    private readonly ConnectionLog _log;
    private readonly ConcurrentQueue<(Socket Socket, Peer Peer, TlsTunnel Tunnel)> _adopted = new();
    private readonly List<Line?> _lines = [];
    private readonly Stack<int> _freeSlots = new();
    private readonly List<Connection> _committing = [], _telling = [], _closing = [];
    private long _commitTarget = -1;
    private volatile bool _stop;
    private volatile Exception? _fault;

    /// <summary>One socket and the connection that it carries; behind a local socket, its TLS tunnel.</summary>
    private sealed record Line(Socket Socket, int Fd, Connection Connection, TlsTunnel? Tunnel)
    {
        public long CloseAtNs { get; set; }
    }

    /// <summary>Opens the port.</summary>
    public CoreLoop(VenueCore core, Journal journal, VenueOptions options, IPEndPoint endPoint, TransportSettings transport, ConnectionLog log)
    {
        (_transport, _log) = (transport, log);
        _core = core;
        _journal = journal;
        _durability = options.Durability;
        _sendBytes = options.SendBufferMiB << 20;
        _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(endPoint);
        _listener.Listen(1024);
        _epoll = Linux.CreateEpoll();
        _wake = Linux.CreateEventFd();
        Linux.Control(_epoll, Linux.EpollAdd, (int)_listener.Handle, Linux.EpollIn, ListenerSlot);
        Linux.Control(_epoll, Linux.EpollAdd, _wake, Linux.EpollIn, WakeSlot);
        _commit = new GroupCommit(journal, _ => OnDurable(), OnFault);
    }

    /// <summary>Address and port in use.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Asks the loop to log everybody out and return; from any thread.</summary>
    public void Stop()
    {
        _stop = true;
        Linux.Signal(_wake);
    }

    /// <summary>A command was put into the ring from another thread.</summary>
    public void Wake() => Linux.Signal(_wake);

    /// <summary>A connection that an edge has accepted: from now on the loop serves and closes the socket. Any thread.</summary>
    public void Adopt(Socket socket, Peer peer, TlsTunnel tunnel)
    {
        _adopted.Enqueue((socket, peer, tunnel));
        Linux.Signal(_wake);
    }

    /// <summary>Where the proofs of Logons are checked. Set before the loop runs.</summary>
    public LogonVerifier? Logons { get; init; }

    /// <summary>Called after each commit, on its thread. Set before the loop runs.</summary>
    public Action? Durable { get; set; }

    private void OnDurable()
    {
        Linux.Signal(_wake);
        Durable?.Invoke();
    }

    /// <summary>Something that the venue cannot be without has failed: the loop ends with it. Any thread.</summary>
    public void OnFault(Exception fault)
    {
        _fault = fault;
        Linux.Signal(_wake);
    }

    /// <summary>Runs until <see cref="Stop"/>; then everything told is durable and every session has been logged out.</summary>
    /// <exception cref="IOException">The journal cannot be made durable any more: nothing more was told.</exception>
    public void Run()
    {
        long nextPollNs = 0, stopAtNs = long.MaxValue;
        fixed (byte* events = _events)
        {
            while (true)
            {
                var n = Wait(events);
                if (_fault is { } fault) throw new IOException("The journal could not be made durable; nothing after that was told to anybody.", fault);
                var nowNs = _core.NowNs = Clock.NowNs();
                for (var i = 0; i < n && HasRoom(); i++) Ready(Linux.Data(events, i), Linux.Flags(events, i), nowNs);
                while (_adopted.TryDequeue(out var adopted)) Open(adopted.Socket, adopted.Peer, adopted.Tunnel, nowNs);
                while (Logons?.TryTake(out var logon) == true) _core.Gateway.Verified(logon!, nowNs);
                _core.Drain();
                if (nowNs >= nextPollNs)
                {
                    nextPollNs = nowNs + PollIntervalNs;
                    Poll(nowNs);
                }
                Tell(nowNs);
                if (_stop && stopAtNs == long.MaxValue)
                {
                    stopAtNs = nowNs + StopTimeoutNs;
                    _core.Gateway.LogoutAll("The venue is stopping", nowNs);
                    Tell(nowNs);
                }
                if (_stop && (nowNs >= stopAtNs || _lines.TrueForAll(line => line is null))) break;
            }
        }
        foreach (var line in _lines.OfType<Line>().ToArray()) Close(line, "the venue stopped", _core.NowNs);
        while (_adopted.TryDequeue(out var late))
        {
            late.Socket.Dispose();
            late.Tunnel.CoreClosed();
        }
        // What was taken is carried out, at the disk's pace; from here on this thread syncs by itself.
        _commit.Dispose();
        while (_core.Ring.Count > 0)
        {
            _core.Drain();
            _journal.Sync();
        }
    }

    // Many sockets at once can bring more than the ring holds. Those that are not read now are ready still.
    private bool HasRoom()
    {
        if (_core.IsFull) _core.Drain();
        return !_core.IsFull;
    }

    private int Wait(byte* events)
    {
        // The disk is behind and the ring half full: no socket is read until a commit makes room, and the clients'
        // own send buffers fill instead of our memory.
        if (_core.IsFull)
        {
            Linux.WaitReadable(_wake, WaitMs);
            return 0;
        }
        // A resend in parts makes its connection dirty again while it is told: then there is no time to wait.
        var more = (_core.Gateway.Dirty.Count > 0 || _core.IsWalking) && _commitTarget < 0;
        return Linux.Wait(_epoll, events, EventsMax, more ? 0 : WaitMs);
    }

    private void Ready(int slot, uint flags, long nowNs)
    {
        if (slot == ListenerSlot) Accept(nowNs);
        else if (slot == WakeSlot) Linux.Clear(_wake);
        else if (_lines[slot] is { } line)
        {
            if ((flags & Linux.EpollOut) != 0 && line.Connection.IsBlocked)
            {
                line.Connection.IsBlocked = false;
                Linux.Control(_epoll, Linux.EpollMod, line.Fd, Linux.EpollIn | Linux.EpollRdHup, slot);
                Send(line, nowNs);
                if (_lines[slot] != line) return;
            }
            if ((flags & ~Linux.EpollOut) != 0) Receive(line, nowNs);
        }
    }

    private void Accept(long nowNs)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted or SocketError.TooManyOpenSockets)
            {
                return;   // none waiting, or it went away again, or there are no descriptors left: it stays in the backlog
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
            Open(socket, new Peer(remote, Tls: null), tunnel: null, nowNs);
        }
    }

    private void Open(Socket socket, Peer peer, TlsTunnel? tunnel, long nowNs)
    {
        if (_core.Gateway.Anonymous >= AnonymousMax)
        {
            socket.Dispose();
            tunnel?.CoreClosed();
            _log.Refuse(RefusedFor.TooManyAnonymous, peer.EndPoint, $"{AnonymousMax} connections without a Logon are open");
            return;
        }
        _log.Accepted();
        var connection = new Connection(peer.EndPoint.ToString(), ReceiveBytes, _sendBytes, nowNs) { Tag = peer };
        if (!_freeSlots.TryPop(out var slot))
        {
            slot = _lines.Count;
            _lines.Add(null);
        }
        connection.Slot = slot;
        _lines[slot] = new Line(socket, (int)socket.Handle, connection, tunnel);
        Linux.Control(_epoll, Linux.EpollAdd, (int)socket.Handle, Linux.EpollIn | Linux.EpollRdHup, slot);
        _core.Gateway.Opened(connection);
    }

    private void Receive(Line line, long nowNs)
    {
        var connection = line.Connection;
        if (connection.CloseReason is not null)
        {
            Discard(line, nowNs);
            return;
        }
        var free = connection.Free();
        nint count;
        fixed (byte* buffer = free) count = Linux.Receive(line.Fd, buffer, free.Length, Linux.MsgDontWait);
        if (count > 0)
        {
            connection.Added((int)count);
            _core.Gateway.Received(connection, nowNs);
        }
        else if (count == 0)
        {
            Close(line, "closed by the other end", nowNs);
        }
        else if (Marshal.GetLastPInvokeError() is var error and not (Linux.EAgain or Linux.EIntr))
        {
            Close(line, Marshal.GetPInvokeErrorMessage(error), nowNs);
        }
    }

    /// <summary>What comes after we decided to close is thrown away, so that the close is an orderly one and our last message arrives.</summary>
    private void Discard(Line line, long nowNs)
    {
        var buffer = stackalloc byte[4096];
        var count = Linux.Receive(line.Fd, buffer, 4096, Linux.MsgDontWait);
        if (count == 0 || (count < 0 && Marshal.GetLastPInvokeError() is not (Linux.EAgain or Linux.EIntr))) Close(line, "closed by the other end", nowNs);
    }

    private void Poll(long nowNs)
    {
        _core.Gateway.Poll(nowNs);
        _core.Drain();
        for (var i = _closing.Count - 1; i >= 0; i--)
        {
            var line = _lines[_closing[i].Slot];
            if (line is null || line.Connection != _closing[i]) _closing.RemoveAt(i);
            else if (nowNs >= line.CloseAtNs) Close(line, line.Connection.CloseReason!, nowNs);
        }
        if (_journal.Appended == _journal.Durable) _journal.MarkIfNeeded();
    }

    /// <summary>Lets go what is durable, and asks for the next commit when there is something to commit.</summary>
    private void Tell(long nowNs)
    {
        var dirty = _core.Gateway.Dirty;
        if (_commitTarget >= 0 && _journal.Durable >= _commitTarget)
        {
            _commitTarget = -1;
            Release(_committing, nowNs, committed: true);
            _committing.Clear();
        }
        if (_commitTarget >= 0) return;

        // Async: in the page cache already, so it survives the process; the commit thread syncs at its own pace.
        if (_durability == Durability.Async || _journal.Appended <= _journal.Durable)
        {
            _telling.AddRange(dirty);
            _core.Gateway.ClearDirty();
            Release(_telling, nowNs, committed: false);
            _telling.Clear();
            return;
        }
        foreach (var connection in dirty)
        {
            connection.Committing = connection.Output.Tail;
            _committing.Add(connection);
        }
        _core.Gateway.ClearDirty();
        // Also when nobody waits to be told: the feed and the ring go on by what is durable.
        _commitTarget = _journal.Appended;
        _commit.Request();
    }

    private void Release(List<Connection> connections, long nowNs, bool committed)
    {
        foreach (var connection in connections)
        {
            if (_lines[connection.Slot] is not { } line || line.Connection != connection) continue;
            connection.Released = committed ? connection.Committing : connection.Output.Tail;
            if (!connection.IsBlocked) Send(line, nowNs);
            else if (connection.CloseReason is not null) Closing(line, nowNs);   // a reader that has stopped never unblocks it
        }
    }

    private void Send(Line line, long nowNs)
    {
        var connection = line.Connection;
        var output = connection.Output;
        while (output.Head < connection.Released)
        {
            var bytes = output.Unsent(connection.Released);
            nint count;
            fixed (byte* buffer = bytes) count = Linux.Send(line.Fd, buffer, bytes.Length, Linux.MsgDontWait | Linux.MsgNoSignal);
            if (count >= 0)
            {
                output.Taken((int)count);
                continue;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == Linux.EIntr) continue;
            if (error != Linux.EAgain)
            {
                Close(line, Marshal.GetPInvokeErrorMessage(error), nowNs);
                return;
            }
            connection.IsBlocked = true;
            Linux.Control(_epoll, Linux.EpollMod, line.Fd, Linux.EpollIn | Linux.EpollOut | Linux.EpollRdHup, connection.Slot);
            break;
        }
        if (connection.CloseReason is not null) Closing(line, nowNs);
        else if (!connection.IsBlocked) _core.Gateway.Drained(connection, nowNs);
    }

    /// <summary>Closes once everything is sent, or at once when that makes no sense, or after a time limit.</summary>
    private void Closing(Line line, long nowNs)
    {
        if (line.Connection.Output.Overflowed || line.Connection.Output.Count == 0)
        {
            Close(line, line.Connection.CloseReason!, nowNs);
        }
        else if (line.CloseAtNs == 0)
        {
            line.CloseAtNs = nowNs + CloseTimeoutNs;
            _closing.Add(line.Connection);
        }
    }

    private void Close(Line line, string reason, long nowNs)
    {
        _lines[line.Connection.Slot] = null;
        _freeSlots.Push(line.Connection.Slot);
        line.Socket.Dispose();
        line.Tunnel?.CoreClosed();
        _log.Closed(line.Connection.Remote, line.Connection.Client?.ClientCompID, line.Connection.CloseReason ?? line.Tunnel?.Reason ?? reason);
        _core.Gateway.Closed(line.Connection, reason, nowNs);
    }

    /// <summary>Closes the port and ends the commit thread.</summary>
    public void Dispose()
    {
        _commit.Dispose();
        _listener.Dispose();
        Linux.Close(_epoll, _wake);
    }
}
