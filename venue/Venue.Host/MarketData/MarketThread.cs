using System.Collections.Concurrent;
using Venue.Gateway;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>
/// Market data on a thread of its own: its sessions' sockets, a gateway with an image of the public books, and nothing that the core
/// would wait for. One life: after a fault there is another.
/// </summary>
internal sealed unsafe class MarketThread : ICommandSink, IDisposable
{
    private const int TapeSlots = 1 << 15, TapePerTurn = 4096;
    private const int EventsMax = 256, WakeSlot = -2;
    private const long WaitNs = 10_000_000, StopTimeoutNs = 2_500_000_000;
    /// <summary>Nice value: whoever trades goes first.</summary>
    private const int Niceness = 10;

    private readonly VenueCore _core;
    private readonly Journal _journal;
    private readonly ConnectionLog _log;
    private readonly VenueOptions _options;
    private readonly Action _wakeCore;
    private readonly EdgeBooks _books;
    private readonly SlicePace _pace = new();
    private readonly ConcurrentQueue<Line> _adopted = new();
    private readonly ConcurrentQueue<(int Instrument, bool IsFollowed, int Wish)> _wishes = new();
    private readonly List<Connection> _telling = [];
    private readonly byte[] _events = GC.AllocateArray<byte>(EventsMax * 16, pinned: true);
    private readonly int _epoll, _wake;
    private readonly Thread _thread;
    private Lines _lines = null!;
    private int _isAsleep;
    private volatile bool _stop, _isOver, _isAbandoned;

    /// <summary>Makes the image and starts the thread. On the core's thread, between two turns.</summary>
    public MarketThread(VenueCore core, Journal journal, VenueOptions options, ConnectionLog log, Action wakeCore)
    {
        (_core, _journal, _options, _log, _wakeCore) = (core, journal, options, log, wakeCore);
        _epoll = Linux.CreateEpoll();
        _wake = Linux.CreateEventFd();
        Linux.Control(_epoll, Linux.EpollAdd, _wake, Linux.EpollIn, WakeSlot);
        _books = new EdgeBooks((instrument, isFollowed, wish) =>
        {
            _wishes.Enqueue((instrument, isFollowed, wish));
            _wakeCore();
        });
        _books.Gateway = core.Gateway.Fork(this, _books, core.NowNs);
        core.Outlet.Attach(Tape, _books);
        _thread = new Thread(Run) { Name = "market data", IsBackground = true };
        _thread.Start();
    }

    /// <summary>What the core tells it.</summary>
    public MarketTape Tape { get; } = new(TapeSlots);

    /// <summary>Its sessions. Others look at single values only.</summary>
    public Gateway.Gateway Gateway => _books.Gateway;

    /// <summary>True once the thread has ended.</summary>
    public bool IsOver => _isOver;

    /// <summary>Why it ended; null for a stop.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>A connection whose Logon has come. Any thread.</summary>
    public void Adopt(Line line)
    {
        _adopted.Enqueue(line);
        Linux.Signal(_wake);
    }

    /// <summary>The next of what it wants to follow; the core.</summary>
    public bool TryTakeWish(out (int Instrument, bool IsFollowed, int Wish) wish) => _wishes.TryDequeue(out wish);

    /// <summary>There is something on the tape that may be told: costs a call of the kernel only when it sleeps. Any thread.</summary>
    public void Wake()
    {
        // Behind the tape's write: either this sees the sleeper, or the sleeper has seen the tape.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep) != 0 && Interlocked.Exchange(ref _isAsleep, 0) != 0) Linux.Signal(_wake);
    }

    /// <summary>Asks it to log everybody out and to end. Any thread.</summary>
    public void Stop()
    {
        _stop = true;
        Linux.Signal(_wake);
    }

    private void Run()
    {
        try
        {
            Linux.BeNice(Niceness);
            using var processor = new ProcessorWait();
            using var messageLog = new FileMessageLog(Path.Combine(_options.Data, "log"), Gateway.Clients.Select(client => client.Fix).OfType<Fix.Session>());
            _lines = new Lines(Gateway, _epoll, _options.SendBufferMiB << 20, _log, processor, () => 0);
            Serve();
        }
        // Whatever it is, it is told by the core, loudly, and must not stop what trades: readers are cut off and come to a new image.
        catch (Exception e)
        {
            Fault = e;
            _lines?.Abandon("market data begins again");
        }
        while (_adopted.TryDequeue(out var late)) late.Abandon();
        _isOver = true;
        _wakeCore();
    }

    private void Serve()
    {
        long nextPollNs = 0, stopAtNs = long.MaxValue;
        fixed (byte* events = _events)
        {
            while (true)
            {
                var n = Wait(events);
                var nowNs = Clock.NowNs();
                // First: who was told of his order and then asks here finds it.
                TakeTape();
                while (_adopted.TryDequeue(out var line)) _lines.Attach(line, nowNs);
                for (var i = 0; i < n; i++) Ready(Linux.Data(events, i), Linux.Flags(events, i), nowNs);
                if (nowNs >= nextPollNs)
                {
                    nextPollNs = nowNs + WaitNs;
                    Gateway.Poll(nowNs);
                    _lines.Poll(nowNs);
                }
                while (Gateway.IsResending && Gateway.ContinueResend(nowNs)) { }
                Tell(nowNs);
                Publish(nowNs);
                _lines.EndTurn(nowNs);
                _lines.Resume(nowNs);
                if (_stop && stopAtNs == long.MaxValue)
                {
                    stopAtNs = nowNs + StopTimeoutNs;
                    Gateway.LogoutAll("The venue is stopping", nowNs);
                    Tell(nowNs);
                }
                if (_stop && (nowNs >= stopAtNs || _lines.AreClosed)) break;
            }
        }
        _lines.CloseAll("the venue stopped", Clock.NowNs());
    }

    private int Wait(byte* events)
    {
        var isPublishing = Gateway.IsPublishing;
        if (!_adopted.IsEmpty || (!isPublishing && Tape.HasMore(_journal.Safe))) return Linux.Wait(_epoll, events, EventsMax, 0);
        var dueNs = _lines.NextReadNs;
        if (isPublishing) dueNs = Math.Min(dueNs, _pace.DueNs);
        var timeoutNs = dueNs == long.MaxValue ? WaitNs : Math.Clamp(dueNs - Clock.NowNs(), 0, WaitNs);
        // While it rests, and while nobody reads, the tape can wait.
        if (isPublishing || !Gateway.HasReaders) return Linux.Wait(_epoll, events, EventsMax, timeoutNs);
        Interlocked.Exchange(ref _isAsleep, 1);
        var n = Linux.Wait(_epoll, events, EventsMax, Tape.HasMore(_journal.Safe) ? 0 : timeoutNs);
        Volatile.Write(ref _isAsleep, 0);
        return n;
    }

    private void TakeTape()
    {
        var safe = _journal.Safe;
        for (var i = 0; i < TapePerTurn && Tape.TryPeek(safe, out var slot); i++)
        {
            _books.On(Tape[slot]);
            Tape.Advance();
        }
    }

    private void Ready(int slot, uint flags, long nowNs)
    {
        if (slot == WakeSlot) Linux.Clear(_wake);
        else _lines.Ready(slot, flags, nowNs);
    }

    private void Publish(long nowNs)
    {
        if (!Gateway.IsPublishing || nowNs < _pace.DueNs) return;
        var startNs = Clock.NowNs();
        long endNs;
        do
        {
            Gateway.ContinuePublishing(nowNs);
            Tell(nowNs);
            endNs = Clock.NowNs();
        }
        while (Gateway.IsDelivering && endNs - startNs < SlicePace.SliceNs);
        _pace.Took(startNs, endNs, isOver: !Gateway.IsDelivering);
    }

    private void Tell(long nowNs)
    {
        if (Gateway.Dirty.Count == 0) return;
        _telling.AddRange(Gateway.Dirty);
        Gateway.ClearDirty();
        foreach (var connection in _telling) _lines.Release(connection, connection.Output.Tail, nowNs);
        _telling.Clear();
    }

    bool ICommandSink.IsFull => _core.IsFull;

    /// <remarks>It may wait for the core, never the core for it.</remarks>
    void ICommandSink.Publish(ReadOnlySpan<byte> command)
    {
        while (!_core.Ring.TryPublish(command))
        {
            if (_isAbandoned) return;
            Thread.Sleep(1);
        }
        _wakeCore();
    }

    /// <summary>Waits until the thread has ended.</summary>
    public void Dispose()
    {
        _isAbandoned = true;
        Stop();
        _thread.Join();
        Linux.Close(_epoll, _wake);
    }
}
