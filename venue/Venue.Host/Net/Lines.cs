using System.Net.Sockets;
using System.Runtime.InteropServices;
using Venue.Gateway;

namespace Venue.Host;

/// <summary>All open sockets: bytes in, bytes out, and how each ends. Reads of those that have much to say are spread when the disk is behind.</summary>
/// <remarks>One thread's: the core's, or that of market data.</remarks>
/// <param name="gateway">Whose connections they are.</param>
/// <param name="epoll">What that thread waits for.</param>
/// <param name="sendBytes">Size of a session's send buffer.</param>
/// <param name="log">Told how each ends.</param>
/// <param name="processor">Of that thread.</param>
/// <param name="readPauseNs">How long who fills his turn is left alone, by what the disk is behind.</param>
internal sealed unsafe class Lines(Gateway.Gateway gateway, int epoll, int sendBytes, ConnectionLog log, ProcessorWait processor, Func<long> readPauseNs)
{
    // Who filled a turn so lately is loud; who was read so lately without is somebody that the loud ones are slowed for.
    private const long LoudForNs = 100_000_000, QuietForNs = 1_000_000_000;
    private const int ReceiveBytes = 64 << 10;
    private const int AnonymousMax = 1024;
    private const long CloseTimeoutNs = 2_000_000_000;

    private readonly List<Line?> _slots = [];
    private readonly ReceiveBuffers _buffers = new(AnonymousMax);
    private readonly Stack<int> _free = new();
    private readonly List<Line> _closing = [], _paused = [], _loud = [];
    private readonly LoudPace _loudPace = new();
    private (Line? Line, long Ns) _quiet, _quietBefore;   // who was read last that is not loud, and another before

    /// <summary>True when no socket is open.</summary>
    public bool AreClosed => _slots.Count == _free.Count;

    /// <summary>When the first of those that are left alone is to be read again; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextReadNs { get; private set; } = long.MaxValue;

    /// <summary>Takes a socket in; from now on it is served and closed here.</summary>
    public void Open(Socket socket, Peer peer, TlsTunnel? tunnel, long nowNs)
    {
        if (gateway.Anonymous >= AnonymousMax)
        {
            socket.Dispose();
            tunnel?.CoreClosed();
            log.Refuse(RefusedFor.TooManyAnonymous, peer.EndPoint, $"{AnonymousMax} connections without a Logon are open");
            return;
        }
        log.Accepted();
        var connection = new Connection(peer.EndPoint.ToString(), ReceiveBytes, sendBytes, nowNs, _buffers) { Tag = peer };
        Add(new Line(socket, connection, tunnel));
    }

    /// <summary>Takes over a line that another thread has let in.</summary>
    public void Attach(Line line, long nowNs)
    {
        Add(line);
        gateway.Adopted(line.Connection, nowNs);
    }

    /// <summary>Gives a line away: it is not known here any more.</summary>
    public Line Detach(Connection connection)
    {
        var line = _slots[connection.Slot]!;
        Linux.Control(epoll, Linux.EpollDel, line.Fd, 0, 0);
        Remove(line);
        foreach (var list in (ReadOnlySpan<List<Line>>)[_closing, _paused, _loud]) list.Remove(line);
        line.ReadAtNs = 0;
        return line;
    }

    /// <summary>Cuts all off, and asks nobody: what they belong to has failed.</summary>
    public void Abandon(string reason)
    {
        foreach (var line in _slots.OfType<Line>())
        {
            line.Abandon();
            log.Closed(line.Connection.Remote, line.Connection.ClientCompID, reason);
        }
        _slots.Clear();
        _free.Clear();
    }

    private void Add(Line line)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _slots.Count;
            _slots.Add(null);
        }
        line.Connection.Slot = slot;
        _slots[slot] = line;
        Linux.Control(epoll, Linux.EpollAdd, line.Fd, line.Interest, slot);
        gateway.Opened(line.Connection);
    }

    private void Remove(Line line)
    {
        if (_quietBefore.Line == line) _quietBefore = default;
        if (_quiet.Line == line) (_quiet, _quietBefore) = (_quietBefore, default);
        _slots[line.Connection.Slot] = null;
        _free.Push(line.Connection.Slot);
    }

    /// <summary>The kernel says that something can be done.</summary>
    public void Ready(int slot, uint flags, long nowNs)
    {
        if (_slots[slot] is not { } line) return;
        if ((flags & Linux.EpollOut) != 0 && line.Connection.IsBlocked)
        {
            line.Connection.IsBlocked = false;
            Watch(line);
            Send(line, nowNs);
            if (_slots[slot] != line) return;
        }
        if ((flags & ~Linux.EpollOut) != 0) Receive(line, nowNs);
    }

    /// <summary>Sends what may be told.</summary>
    public void Release(Connection connection, long upTo, long nowNs)
    {
        if (_slots[connection.Slot] is not { } line || line.Connection != connection) return;
        connection.Released = upTo;
        if (!connection.IsBlocked) Send(line, nowNs);
        else if (connection.CloseReason is not null) Closing(line, nowNs);   // a reader that has stopped never unblocks it
    }

    /// <summary>Reads again those that were left alone, when it is time.</summary>
    public void Resume(long nowNs)
    {
        if (nowNs < NextReadNs) return;
        NextReadNs = long.MaxValue;
        for (var i = _paused.Count - 1; i >= 0; i--)
        {
            var line = _paused[i];
            var isOpen = _slots[line.Connection.Slot] == line;
            if (isOpen && line.ReadAtNs > nowNs)
            {
                NextReadNs = Math.Min(NextReadNs, line.ReadAtNs);
                continue;
            }
            _paused[i] = _paused[^1];
            _paused.RemoveAt(_paused.Count - 1);
            line.ReadAtNs = 0;
            if (isOpen) Watch(line);
        }
    }

    /// <summary>Closes those whose last bytes could not be sent in time.</summary>
    public void Poll(long nowNs)
    {
        for (var i = _closing.Count - 1; i >= 0; i--)
        {
            var line = _closing[i];
            if (_slots[line.Connection.Slot] != line) _closing.RemoveAt(i);
            else if (nowNs >= line.CloseAtNs) Close(line, line.Connection.CloseReason!, nowNs);
        }
    }

    /// <summary>Closes all.</summary>
    public void CloseAll(string reason, long nowNs)
    {
        foreach (var line in _slots.OfType<Line>().ToArray()) Close(line, reason, nowNs);
    }

    private void Watch(Line line) => Linux.Control(epoll, Linux.EpollMod, line.Fd, line.Interest, line.Connection.Slot);

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
            var slot = connection.Slot;
            connection.Added((int)count);
            gateway.Received(connection, nowNs);
            if (_slots[slot] != line) return;   // it is another thread's now
            if (count == free.Length) Loud(line, nowNs);
            else if (nowNs - line.LoudNs > LoudForNs) Quiet(line, nowNs);
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

    // It has more to say than fits into a turn: while the disk is behind it waits.
    private void Loud(Line line, long nowNs)
    {
        line.LoudNs = nowNs;
        // For itself alone nobody is slowed, however quiet it was before.
        var (other, readNs) = line == _quiet.Line ? _quietBefore : _quiet;
        if (other is not null && nowNs - readNs < QuietForNs) _loud.Add(line);
        Pause(line, readPauseNs(), nowNs);
    }

    private void Quiet(Line line, long nowNs)
    {
        if (line != _quiet.Line) _quietBefore = _quiet;
        _quiet = (line, nowNs);
    }

    private void Pause(Line line, long pauseNs, long nowNs)
    {
        if (pauseNs == 0 || line.ReadAtNs != 0) return;
        line.ReadAtNs = nowNs + pauseNs;
        NextReadNs = Math.Min(NextReadNs, line.ReadAtNs);
        _paused.Add(line);
        Watch(line);
    }

    /// <summary>The end of a turn that began at <paramref name="startNs"/>: those that filled theirs leave room for the others when processors are scarce.</summary>
    public void EndTurn(long startNs)
    {
        if (_loud.Count == 0) return;
        var nowNs = Clock.NowNs();
        if (_loudPace.IsDue(nowNs)) _loudPace.Waited(processor.Ns(), nowNs);
        var pauseNs = _loudPace.PauseNs(nowNs - startNs);
        foreach (var line in _loud)
            if (_slots[line.Connection.Slot] == line) Pause(line, pauseNs, nowNs);
        _loud.Clear();
    }

    /// <summary>What comes after we decided to close is thrown away, so that the close is an orderly one and our last message arrives.</summary>
    private void Discard(Line line, long nowNs)
    {
        var buffer = stackalloc byte[4096];
        var count = Linux.Receive(line.Fd, buffer, 4096, Linux.MsgDontWait);
        if (count == 0 || (count < 0 && Marshal.GetLastPInvokeError() is not (Linux.EAgain or Linux.EIntr))) Close(line, "closed by the other end", nowNs);
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
            Watch(line);
            break;
        }
        if (connection.CloseReason is not null) Closing(line, nowNs);
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
            _closing.Add(line);
        }
    }

    private void Close(Line line, string reason, long nowNs)
    {
        Remove(line);
        line.Abandon();
        log.Closed(line.Connection.Remote, line.Connection.ClientCompID, line.Connection.CloseReason ?? line.Tunnel?.Reason ?? reason);
        gateway.Closed(line.Connection, reason, nowNs);
        line.Connection.GiveBack(_buffers);
    }
}
