using System.Globalization;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>How long the journal is kept.</summary>
/// <param name="Keep">What was written within this time is not touched.</param>
/// <param name="Archive">Folder to which older segments are moved; null: they are deleted.</param>
/// <param name="Followed">The replica needs nothing before this journal position.</param>
internal sealed record PruneRule(TimeSpan Keep, string? Archive, Func<long> Followed);

/// <summary>
/// Removes what is older than the time kept from the journal and from the feed's log, when two good snapshots hold it. A
/// thread of its own: the core never waits for it.
/// </summary>
internal sealed class Pruner : IDisposable
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1), PauseMin = TimeSpan.FromMilliseconds(100), TurnPause = TimeSpan.FromMilliseconds(5);

    private readonly Journal _journal;
    private readonly FeedLog _feed;
    private readonly SnapshotFolder _snapshots;
    private readonly PruneRule _rule;
    private readonly Action<string> _note;
    private readonly Dictionary<string, SnapshotHeader> _good = [];   // by path; a snapshot's file is never changed
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;
    private string? _why;   // why nothing could be pruned, as it was told last

    /// <summary>Does nothing before <see cref="Start"/>.</summary>
    public Pruner(Journal journal, FeedLog feed, SnapshotFolder snapshots, PruneRule rule, Action<string> note) =>
        (_journal, _feed, _snapshots, _rule, _note) = (journal, feed, snapshots, rule, note);

    /// <summary>Begins to look once a minute, or as often as a tenth of the time kept.</summary>
    public void Start()
    {
        var tenth = _rule.Keep / 10;
        var pause = tenth > PauseMax ? PauseMax : tenth < PauseMin ? PauseMin : tenth;
        _thread = new Thread(() =>
        {
            while (!_stop.Wait(pause)) Look(Clock.NowNs());
        }) { Name = "journal-prune", IsBackground = true, Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>Ends the thread; what was not pruned yet is pruned after the next start.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
    }

    /// <summary>One look: removes all that may go. What the disk refuses stays and is tried at the next look.</summary>
    public void Look(long nowNs)
    {
        try
        {
            Prune(nowNs - _rule.Keep.Ticks * 100);
        }
        catch (Exception e) when (e is IOException or JournalException or UnauthorizedAccessException)
        {
            Say($"nothing more of the journal is pruned for now: {e.Message}");
        }
        while (!_journal.Reclaim() && !_stop.Wait(TurnPause))
        {
        }
    }

    private void Prune(long writtenBeforeNs)
    {
        if (!_journal.HasOlderThan(writtenBeforeNs) && !_feed.HasOlderThan(writtenBeforeNs)) return;
        if (OlderOfTwo() is not { } snapshot) return;
        // A replica may begin with either snapshot only when the feed's log goes that far, also after a power cut.
        if (_feed.Sync() < snapshot.FeedSeq)
        {
            Say("nothing of the journal is pruned: the feed's log ends before the older of the two snapshots");
            return;
        }
        string? first = null, last = null;
        var before = Math.Min(snapshot.Position, _rule.Followed());
        while (!_stop.IsSet && _journal.PruneOldest(before, writtenBeforeNs, _rule.Archive) is { } name) (first, last) = (first ?? name, name);
        if (first is not null)
        {
            _why = null;
            _note($"journal: {first} to {Path.GetFileName(last)} {(_rule.Archive is null ? "removed" : "moved to " + _rule.Archive)}: older than {Text(_rule.Keep)}, and the snapshots from command {snapshot.Seq} on hold them");
        }
        if (_feed.Prune(snapshot.Seq, writtenBeforeNs) > 0) _note($"feed: can be resumed from command {_feed.OldestSeq} on; what was before is older than {Text(_rule.Keep)}");
    }

    /// <summary>The older of the newest two snapshots, when both can be begun with: one of them may still be damaged later.</summary>
    private SnapshotHeader? OlderOfTwo()
    {
        var paths = _snapshots.Newest.Take(2).ToArray();
        if (paths.Length < 2)
        {
            Say($"nothing of the journal is pruned: there {(paths.Length == 0 ? "is no snapshot" : "is one snapshot")}, and two are needed");
            return null;
        }
        foreach (var gone in _good.Keys.Except(paths).ToArray()) _good.Remove(gone);
        foreach (var path in paths)
        {
            if (_good.ContainsKey(path)) continue;
            using var reader = SnapshotFolder.TryOpen(path, CoreSnapshot.Layout, out var header, out var fault);
            if (reader is not null && !_journal.Holds(header.Position)) fault = "it does not belong to this journal";
            if (fault is not null)
            {
                Say($"nothing of the journal is pruned: snapshot {path} cannot be used: {fault}");
                return null;
            }
            _good.Add(path, header);
        }
        return _good[paths[1]];
    }

    private void Say(string why)
    {
        if (why == _why) return;
        _why = why;
        _note(why);
    }

    /// <summary>A time as JournalKeep has it: the largest unit that is whole.</summary>
    public static string Text(TimeSpan time)
    {
        var (unit, name) = time.Ticks % TimeSpan.TicksPerDay == 0 ? (TimeSpan.TicksPerDay, 'd')
            : time.Ticks % TimeSpan.TicksPerHour == 0 ? (TimeSpan.TicksPerHour, 'h')
            : time.Ticks % TimeSpan.TicksPerMinute == 0 ? (TimeSpan.TicksPerMinute, 'm')
            : (TimeSpan.TicksPerSecond, 's');
        return string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / unit}{name}");
    }
}
