using System.Diagnostics;

namespace Venue.Load;

/// <summary>
/// Drives connections from one thread: some keep a window of requests open (closed loop), the others share a rate whose
/// moments are fixed beforehand (open loop), so that a server that stalls is charged for what it held up.
/// </summary>
internal sealed unsafe class Traffic : IDisposable
{
    private const int EventsMax = 256;
    private readonly int _epoll = Host.Linux.CreateEpoll();
    private readonly byte[] _events = GC.AllocateArray<byte>(EventsMax * 16, pinned: true);
    private readonly List<(Session Session, int Window)> _lines = [];
    private readonly List<Session> _paced = [];
    private long _nextDue;
    private int _turn;

    /// <summary>Open-loop requests per second, over all sessions without a window; 0 for none.</summary>
    public double Rate { get; set; }

    /// <summary>Requests that were refused because the venue was behind.</summary>
    public long Refused => _lines.Sum(line => line.Session.Refused);

    /// <summary>Answers of the session that had the fewest and of the one that had the most, of the mean of all.</summary>
    public (double Least, double Most) Shares
    {
        get
        {
            var mean = _lines.Average(line => line.Session.Answered);
            return (_lines.Min(line => line.Session.Answered) / mean, _lines.Max(line => line.Session.Answered) / mean);
        }
    }

    /// <summary>Adds a connection; <paramref name="window"/> 0 makes it part of the open loop.</summary>
    public void Add(Session session, int window)
    {
        Host.Linux.Control(_epoll, Host.Linux.EpollAdd, session.Fd, Host.Linux.EpollIn, _lines.Count);
        _lines.Add((session, window));
        if (window == 0) _paced.Add(session);
    }

    /// <summary>Changes what a session keeps on its way; -1 for nothing.</summary>
    public void SetWindow(Session session, int window) => _lines[_lines.FindIndex(line => line.Session == session)] = (session, window);

    /// <summary>Runs until <paramref name="isDone"/>, asked a few times a millisecond, or until the time is over.</summary>
    public void Run(TimeSpan time, bool isMeasured, Func<bool>? isDone = null)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var interval = Rate > 0 && _paced.Count > 0 ? (long)(Stopwatch.Frequency / Rate) : 0;
        _nextDue = Stopwatch.GetTimestamp() + interval;
        var renewAt = 0L;
        foreach (var (session, window) in _lines) Fill(session, window);
        fixed (byte* events = _events)
        {
            while (true)
            {
                var now = Stopwatch.GetTimestamp();
                if (now >= end || isDone?.Invoke() == true) return;
                if (now >= renewAt)
                {
                    Requests.Clock.Renew();
                    renewAt = now + Stopwatch.Frequency / 4;
                }
                if (interval > 0) Pace(now, interval);
                var n = Host.Linux.Wait(_epoll, events, EventsMax, interval > 0 ? Math.Clamp(_nextDue - Stopwatch.GetTimestamp(), 0, 10_000_000) : 10_000_000);
                for (var i = 0; i < n; i++)
                {
                    var at = Host.Linux.Data(events, i);
                    var (session, window) = _lines[at];
                    if ((Host.Linux.Flags(events, i) & ~Host.Linux.EpollOut) != 0) session.Receive(isMeasured);
                    Fill(session, window, at);
                }
            }
        }
    }

    /// <summary>Waits for the answers to everything sent.</summary>
    public void Settle()
    {
        var rate = Rate;
        Rate = 0;
        var windows = _lines.ToArray();
        for (var i = 0; i < _lines.Count; i++) _lines[i] = (_lines[i].Session, 0);
        Run(TimeSpan.FromSeconds(30), isMeasured: false, () => windows.All(line => line.Session.Pending <= 0));
        for (var i = 0; i < _lines.Count; i++) _lines[i] = windows[i];
        Rate = rate;
        if (windows.FirstOrDefault(line => line.Session.Pending > 0).Session is { } silent) throw new TimeoutException($"{silent.CompID}: {silent.Pending} requests without an answer");
    }

    private void Pace(long now, long interval)
    {
        while (_nextDue <= now)
        {
            var session = _paced[_turn++ % _paced.Count];
            if (!session.MaySend) throw new InvalidOperationException($"{session.CompID}: {session.Pending} requests unanswered: the rate is beyond what the server does");
            session.Request(_nextDue);
            session.Flush();
            _nextDue += interval;
        }
    }

    private void Fill(Session session, int window, int at = -1)
    {
        var wasBlocked = session.IsBlocked;
        var now = Stopwatch.GetTimestamp();
        while (window > 0 && session.Pending < window && session.MaySend) session.Request(now);
        session.Flush();
        if (at >= 0 && wasBlocked != session.IsBlocked)
            Host.Linux.Control(_epoll, Host.Linux.EpollMod, session.Fd, session.IsBlocked ? Host.Linux.EpollIn | Host.Linux.EpollOut : Host.Linux.EpollIn, at);
    }

    public void Dispose()
    {
        foreach (var (session, _) in _lines) session.Dispose();
        Host.Linux.Close(_epoll);
    }
}
