using System.Threading.Channels;

namespace LiquidityBridge.Sandbox;

/// <summary>
/// The one thread that owns all exchanges: requests in the order they came, timers, and after each of them what has
/// changed is told. So the same requests in the same order give the same answers.
/// </summary>
internal sealed class Loop
{
    private const int QueueMax = 4096;

    private readonly Channel<Action> _queue = Channel.CreateBounded<Action>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
    private readonly PriorityQueue<Action, long> _timers = new();
    private readonly ManualResetEventSlim _signal = new();
    private readonly Thread _thread;
    private readonly List<Action> _afterEach = [];
    private volatile bool _stop;

    /// <summary>A loop that does not run yet.</summary>
    public Loop() => _thread = new Thread(Run) { Name = "exchanges" };

    /// <summary>The time of the action at hand, nanoseconds since 1970-01-01 UTC; never goes backwards.</summary>
    public long NowNs { get; private set; } = Clock();

    /// <summary>Called after every action; to be given before <see cref="Start"/>.</summary>
    public void AfterEach(Action action) => _afterEach.Add(action);

    /// <summary>Begins.</summary>
    public void Start() => _thread.Start();

    /// <summary>Ends after the action at hand.</summary>
    public void Stop()
    {
        _stop = true;
        _signal.Set();
        _thread.Join();
    }

    /// <summary>Hands an action over from any thread; waits while the loop is behind, so that a flood slows itself down.</summary>
    public async ValueTask Post(Action action)
    {
        await _queue.Writer.WriteAsync(action).ConfigureAwait(false);
        _signal.Set();
    }

    /// <summary>Hands a question over from any thread and gives the answer. A question that throws ends the process, as any broken action does.</summary>
    public async Task<T> Ask<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Post(() => answer.SetResult(question())).ConfigureAwait(false);
        return await answer.Task.ConfigureAwait(false);
    }

    /// <summary>Does something later. On the loop's thread, or before it starts.</summary>
    public void After(long delayNs, Action action) => _timers.Enqueue(action, NowNs + delayNs);

    /// <summary>Does something again and again, first after one interval. On the loop's thread, or before it starts.</summary>
    public void Every(long intervalNs, Action action) => After(intervalNs, () =>
    {
        action();
        Every(intervalNs, action);
    });

    private void Run()
    {
        while (!_stop)
        {
            _signal.Reset();
            NowNs = Math.Max(NowNs, Clock());
            while (_timers.TryPeek(out var timer, out var atNs) && atNs <= NowNs)
            {
                _timers.Dequeue();
                Do(timer);
            }
            for (var n = 0; n < QueueMax && _queue.Reader.TryRead(out var action); n++)
            {
                NowNs = Math.Max(NowNs, Clock());
                Do(action);
            }
            if (_queue.Reader.TryPeek(out _)) continue;
            var waitMs = _timers.TryPeek(out _, out var nextNs) ? Math.Clamp((nextNs - NowNs) / 1_000_000, 0, 1000) : 1000;
            if (waitMs > 0) _signal.Wait((int)waitMs);
        }
    }

    private void Do(Action action)
    {
        action();
        foreach (var after in _afterEach) after();
    }

    private static long Clock() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
}
