using System.Collections.Concurrent;
using Venue.Engine;
using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>What became of a command that was put into the ring from outside.</summary>
/// <param name="Seq">Its sequence number.</param>
/// <param name="TimeNs">Its time.</param>
/// <param name="Refusal">None when it was taken.</param>
internal readonly record struct Outcome(long Seq, long TimeNs, Reason Refusal);

/// <summary>
/// A second engine that folds the journal behind the first, only what is durable: the source of the feed, of answers to
/// operations, and of balances at a cut. The core knows nothing of it and never waits for it.
/// </summary>
internal sealed class Replica : IDisposable
{
    private const int CommandsPerRound = 1000;

    private readonly Journal _journal;
    private readonly FeedLog _log;
    private readonly FeedCollector _collector;
    private readonly ScreenFeed _screens = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<Outcome>> _waiting = new();
    private readonly ConcurrentQueue<Action<Replica>> _questions = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread _thread;
    private readonly Action<Exception> _onFault;
    private readonly ReplicaState _state;
    private readonly Func<byte[]> _definitions;
    private readonly SnapshotFolder _snapshots;
    private readonly int _snapshotEvery;
    private readonly long _recoveredSeq;
    private long _snapshotSeq;
    private Task _finishing = Task.CompletedTask;
    private volatile bool _stop;
    private long _position, _followed, _keptFrom;
    private int _lastRequest;

    /// <summary>Starts to follow the journal from its beginning.</summary>
    /// <param name="journal">A recovered journal.</param>
    /// <param name="log">Where the feed's events go.</param>
    /// <param name="recoveredSeq">The last command of an earlier run: nobody waits for those.</param>
    /// <param name="snapshots">Where snapshots are read and written.</param>
    /// <param name="snapshotEvery">Commands between two; 0 for none.</param>
    /// <param name="onFault">Called once, as the thread's last act.</param>
    public Replica(Journal journal, FeedLog log, long recoveredSeq, SnapshotFolder snapshots, int snapshotEvery, Action<Exception> onFault)
    {
        _collector = new FeedCollector { Screens = _screens };
        _state = new ReplicaState(_collector, snapshots);
        _definitions = _state.Definitions;
        _snapshots = snapshots;
        _snapshotEvery = snapshotEvery;
        _recoveredSeq = recoveredSeq;
        _journal = journal;
        _log = log;
        _onFault = onFault;
        _thread = new Thread(Run) { Name = "replica", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The engine as far as it has come. Inside <see cref="Ask"/> only.</summary>
    public VenueEngine<ReplicaEvents> Engine => _state.Engine;

    /// <summary>Firms and assets known so far. Inside <see cref="Ask"/> only.</summary>
    public (int Firms, int Assets) Counts => (_state.Known.Firms.Count, _state.Known.Assets.Count);

    /// <summary>What is defined so far. Inside <see cref="Ask"/> only.</summary>
    public Known Known => _state.Known;

    /// <summary>Journal position of the last record that was folded; 0 before the first. Nothing before it is read again. Any thread.</summary>
    public long Followed => Volatile.Read(ref _followed);

    /// <summary>More of the journal is durable.</summary>
    public void Wake() => _wake.Release();

    /// <summary>A number to put into a command's Request, and its outcome once it is durable and applied.</summary>
    public (int Request, Task<Outcome> Outcome) Expect()
    {
        var waiter = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            var request = Interlocked.Increment(ref _lastRequest) & int.MaxValue;
            if (request != 0 && _waiting.TryAdd(request, waiter)) return (request, waiter.Task);
        }
    }

    /// <summary>The command never got into the ring.</summary>
    public void Forget(int request) => _waiting.TryRemove(request, out _);

    /// <summary>Runs a question on the replica's thread, between two commands.</summary>
    public Task<T> Ask<T>(Func<Replica, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions.Enqueue(replica =>
        {
            try
            {
                answer.SetResult(question(replica));
            }
            catch (InvalidOperationException e)
            {
                answer.SetException(e);
            }
        });
        Wake();
        return answer.Task;
    }

    /// <summary>Does something with what screens are shown, on the replica's thread; false while the replica is still behind the last run.</summary>
    public Task<bool> Screen(Action<ScreenFeed, ReplicaState> what) => Ask(replica =>
    {
        if (!replica._state.HasEngine || replica.Engine.LastSeq < replica._recoveredSeq) return false;
        what(replica._screens, replica._state);
        return true;
    });

    public void Dispose()
    {
        _stop = true;
        Wake();
        _thread.Join();
        _finishing.Wait();
        _wake.Dispose();
    }

    private void Run()
    {
        try
        {
            if (Begin())
            {
                _position = _state.LastRecord + Journal.RecordBytes(_journal.Read(_state.LastRecord).Length);
                _snapshotSeq = Engine.LastSeq;
                Volatile.Write(ref _followed, _state.LastRecord);
                _log.Publish(Engine.LastSeq);
            }
            while (!_stop)
            {
                var applied = Follow();
                if (_state.HasEngine) _screens.EndRound(_state, Clock.NowNs());
                while (_questions.TryDequeue(out var question)) question(this);
                if (applied == 0) _wake.Wait(TimeSpan.FromMilliseconds(20));
            }
        }
        catch (Exception fault)
        {
            // Two engines that disagree with the journal, or a disk that refuses: the operator must know, the core goes on or stops by that.
            _onFault(fault);
        }
    }

    /// <summary>True when a snapshot was begun with; else the journal is read from its first command.</summary>
    private bool Begin()
    {
        if (_state.Begin(_journal, _recoveredSeq, _log.LastSeq)) return true;
        if (_journal.KeptFrom == 0) return false;
        // The feed's log was lost, and the journal that it came from is pruned: what came before cannot be told any more.
        if (!_state.BeginOldest(_journal, _recoveredSeq)) throw new JournalException("The journal begins in the middle, and there is no snapshot that the feed could begin with");
        Console.Error.WriteLine($"venue: the feed's log ended with command {_log.LastSeq} and what follows is pruned: it begins again behind command {Engine.LastSeq}");
        _log.BeginAgain(Engine.LastSeq, _state.Definitions());
        return true;
    }

    private int Follow()
    {
        var applied = 0;
        var before = _journal.Safe;
        while (applied < CommandsPerRound && _journal.TryNext(ref _position, before, out var kind, out var payload))
        {
            var record = _position - Journal.RecordBytes(payload.Length);
            if (kind == RecordKind.Command)
            {
                Apply(payload, record);
                applied++;
            }
            else
            {
                _state.Fold(kind, payload, record);
            }
            Volatile.Write(ref _followed, record);
        }
        if (applied > 0) _log.Publish(Engine.LastSeq);
        if (_state.HasEngine && _journal.KeptFrom != _keptFrom) _state.ForgetBefore(_keptFrom = _journal.KeptFrom);
        if (_snapshotEvery > 0 && _state.HasEngine && Engine.LastSeq - _snapshotSeq >= _snapshotEvery) Snapshot();
        return applied;
    }

    /// <summary>Writes a snapshot here, between two records, and lets another thread wait for the disk. The core knows nothing of it.</summary>
    private void Snapshot()
    {
        // Only of what is on the disk: with Durability.Async the replica may be ahead of it.
        if (!_finishing.IsCompleted || _journal.Durable <= _state.LastRecord) return;
        _snapshotSeq = Engine.LastSeq;
        try
        {
            var writer = _state.Write(_log.LastSeq);
            _finishing = Task.Run(() => Finish(writer));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"venue: the snapshot of command {_snapshotSeq} could not be written, the journal is kept in full: {e.Message}");
        }
    }

    private void Finish(SnapshotWriter writer)
    {
        try
        {
            _snapshots.Finish(writer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"venue: snapshot {writer.Path} could not be finished, the journal is kept in full: {e.Message}");
        }
    }

    private void Apply(ReadOnlySpan<byte> command, long record)
    {
        ref readonly var header = ref Command.Header(command);
        _collector.Clear();
        _state.Fold(RecordKind.Command, command, record);
        if (_collector.Encode(header.Seq) is { } events) _log.Append(header.Seq, events, _definitions);
        if (header.Request != 0 && header.Seq > _recoveredSeq && _waiting.TryRemove(header.Request, out var waiter))
            waiter.SetResult(new Outcome(header.Seq, header.TimeNs, _collector.Refusal));
    }
}
