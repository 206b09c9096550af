using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
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
    private const long WaitNs = 10_000_000;
    private const long PollIntervalNs = 10_000_000;
    private const long StopTimeoutNs = 3_000_000_000;

    private readonly VenueCore _core;
    private readonly Journal _journal;
    private readonly GroupCommit _commit;
    private readonly Listener _listener;
    private readonly Lines _lines;
    private readonly Teller _teller;
    private readonly AcceptPace _accepts = new();
    private readonly ResendPace _resends = new();
    private readonly PublishPace _publishing = new();
    private readonly MarketEdge? _market;
    private readonly ProcessorWait _processor = new();
    private readonly int _epoll, _wake;
    private readonly byte[] _events = GC.AllocateArray<byte>(EventsMax * 16, pinned: true);
    private readonly ConcurrentQueue<(Socket Socket, Peer Peer, TlsTunnel Tunnel)> _adopted = new();
    private readonly ConcurrentQueue<Action<Gateway.Gateway, long>> _questions = new();
    private volatile bool _stop;
    private volatile Exception? _fault;

    /// <summary>Opens the port. On the thread that is to run it.</summary>
    public CoreLoop(VenueCore core, Journal journal, VenueOptions options, IPEndPoint endPoint, TransportSettings transport, ConnectionLog log)
    {
        _core = core;
        _journal = journal;
        _listener = new Listener(endPoint, transport, log);
        _epoll = Linux.CreateEpoll();
        _wake = Linux.CreateEventFd();
        Linux.Control(_epoll, Linux.EpollAdd, _listener.Fd, Linux.EpollIn, ListenerSlot);
        Linux.Control(_epoll, Linux.EpollAdd, _wake, Linux.EpollIn, WakeSlot);
        _commit = new GroupCommit(journal, _ => OnDurable(), OnFault);
        _lines = new Lines(core.Gateway, _epoll, options.SendBufferMiB << 20, log, _processor, () => ReadPace.PauseNs(journal.Waiting, journal.Options.UnsafeBytesMax));
        _teller = new Teller(core.Gateway, journal, _commit, _lines);
        core.Gateway.PublishesByItself = false;
        if (core.Gateway.HasMarketDataSessions) _market = new MarketEdge(core, journal, options, log, _lines, Wake);
    }

    /// <summary>Address and port in use.</summary>
    public IPEndPoint EndPoint => _listener.EndPoint;

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

    /// <summary>Runs a question on the core's thread, between two turns; any thread. Not answered once the loop has ended.</summary>
    public Task<T> Ask<T>(Func<Gateway.Gateway, long, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions.Enqueue((gateway, nowNs) =>
        {
            try
            {
                answer.SetResult(question(gateway, nowNs));
            }
            catch (Grpc.Core.RpcException refusal)
            {
                answer.SetException(refusal);
            }
        });
        Linux.Signal(_wake);
        return answer.Task;
    }

    /// <summary>Where the proofs of Logons are checked. Set before the loop runs.</summary>
    public LogonVerifier? Logons { get; init; }

    /// <summary>What happens by the clock. Set before the loop runs.</summary>
    public required Timetable Timetable { get; init; }

    /// <summary>Called after each commit, on its thread. Set before the loop runs.</summary>
    public Action? Durable { get; set; }

    private void OnDurable()
    {
        Linux.Signal(_wake);
        _market?.OnDurable();
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
                while (_adopted.TryDequeue(out var adopted)) _lines.Open(adopted.Socket, adopted.Peer, adopted.Tunnel, nowNs);
                while (Logons?.TryTake(out var logon) == true) _core.Gateway.Verified(logon!, nowNs);
                while (_questions.TryDequeue(out var question)) question(_core.Gateway, nowNs);
                _core.Drain();
                // Hold times and windows are told when they are over, not at the next poll: they are measured.
                if (nowNs >= nextPollNs || nowNs >= _core.Engine.NextAnswerNs)
                {
                    nextPollNs = nowNs + PollIntervalNs;
                    Poll(nowNs);
                }
                _market?.EndTurn();
                _teller.Tell(nowNs);
                _market?.Told();
                ContinuePublishing(nowNs);
                ContinueResend(nowNs);
                ContinueAccepting(nowNs);
                _lines.EndTurn(nowNs);
                _lines.Resume(nowNs);
                if (_stop && stopAtNs == long.MaxValue)
                {
                    stopAtNs = nowNs + StopTimeoutNs;
                    _core.Gateway.LogoutAll("The venue is stopping", nowNs);
                    _market?.Stop();
                    _teller.Tell(nowNs);
                }
                if (_stop && (nowNs >= stopAtNs || (_lines.AreClosed && _market?.IsOver != false))) break;
                _journal.EndTurn();
            }
        }
        End();
    }

    private void End()
    {
        _market?.Dispose();
        _lines.CloseAll("the venue stopped", _core.NowNs);
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
            Linux.WaitReadable(_wake, (int)(WaitNs / 1_000_000));
            return 0;
        }
        if (_teller.HasMore || _core.IsWalking || _core.Gateway.IsDelivering) return Linux.Wait(_epoll, events, EventsMax, 0);
        var dueNs = Math.Min(_core.Gateway.IsResending ? _resends.DueNs : long.MaxValue, _lines.NextReadNs);
        dueNs = Math.Min(Math.Min(dueNs, _accepts.DueNs), _core.Engine.NextAnswerNs);
        if (_core.Gateway.IsPublishing) dueNs = Math.Min(dueNs, _publishing.DueNs);
        return Linux.Wait(_epoll, events, EventsMax, dueNs == long.MaxValue ? WaitNs : Math.Clamp(dueNs - Clock.NowNs(), 0, WaitNs));
    }

    private void Ready(int slot, uint flags, long nowNs)
    {
        if (slot == ListenerSlot) Accept(nowNs);
        else if (slot == WakeSlot) Linux.Clear(_wake);
        else _lines.Ready(slot, flags, nowNs);
    }

    private void Accept(long nowNs)
    {
        var startNs = Clock.NowNs();
        if (!_listener.Accept((socket, peer) => _lines.Open(socket, peer, tunnel: null, nowNs))) return;
        _accepts.Took(startNs, Clock.NowNs());
        Linux.Control(_epoll, Linux.EpollMod, _listener.Fd, 0, ListenerSlot);
    }

    private void ContinueAccepting(long nowNs)
    {
        if (_accepts.IsOver(nowNs)) Linux.Control(_epoll, Linux.EpollMod, _listener.Fd, Linux.EpollIn, ListenerSlot);
    }

    private void Poll(long nowNs)
    {
        _core.ForgetPruned();
        _core.Gateway.Poll(nowNs);
        Timetable.Poll(nowNs);
        _core.Drain();
        _lines.Poll(nowNs);
        _market?.Poll(nowNs);
        if (_journal.Appended == _journal.Durable) _journal.MarkIfNeeded();
    }

    private void ContinuePublishing(long nowNs)
    {
        if (!_core.Gateway.IsPublishing || (nowNs < _publishing.DueNs && !_core.Gateway.IsDelivering)) return;
        var startNs = Clock.NowNs();
        _core.Gateway.ContinuePublishing(nowNs);
        _teller.Tell(nowNs);
        _publishing.Took(startNs, Clock.NowNs(), isOver: !_core.Gateway.IsDelivering);
    }

    private void ContinueResend(long nowNs)
    {
        if (!_core.Gateway.IsResending || nowNs < _resends.DueNs) return;
        var startNs = Clock.NowNs();
        var isSent = _core.Gateway.ContinueResend(nowNs);
        _teller.Tell(nowNs);
        _resends.Took(startNs, Clock.NowNs(), isSent);
    }

    /// <summary>Closes the port and ends the commit thread.</summary>
    public void Dispose()
    {
        _market?.Dispose();
        _commit.Dispose();
        _listener.Dispose();
        _processor.Dispose();
        Linux.Close(_epoll, _wake);
    }
}
