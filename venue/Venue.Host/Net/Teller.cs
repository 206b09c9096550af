using Venue.Gateway;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>Lets go what is durable: a connection's output waits for the commit that covers what caused it.</summary>
/// <remarks>The core thread's. In fsync one commit is under way at a time, and the next batch is matched meanwhile.</remarks>
internal sealed class Teller(Gateway.Gateway gateway, Journal journal, GroupCommit commit, Lines lines)
{
    private readonly List<Connection> _committing = [], _telling = [];
    private long _target = -1;

    /// <summary>True when something is to be told and no commit has to be waited for.</summary>
    public bool HasMore => gateway.Dirty.Count > 0 && _target < 0;

    /// <summary>Lets go what is durable, and asks for the next commit when there is something to commit.</summary>
    public void Tell(long nowNs)
    {
        if (_target >= 0 && journal.Durable >= _target)
        {
            _target = -1;
            foreach (var connection in _committing) lines.Release(connection, connection.Committing, nowNs);
            _committing.Clear();
        }
        if (_target >= 0) return;

        // Async: in the page cache already, so it survives the process; the commit thread syncs at its own pace.
        if (journal.Options.Durability == Durability.Async || journal.Appended <= journal.Durable)
        {
            _telling.AddRange(gateway.Dirty);
            gateway.ClearDirty();
            foreach (var connection in _telling) lines.Release(connection, connection.Output.Tail, nowNs);
            _telling.Clear();
            if (journal.Appended > journal.Durable) commit.Request();
            return;
        }
        foreach (var connection in gateway.Dirty)
        {
            connection.Committing = connection.Output.Tail;
            _committing.Add(connection);
        }
        gateway.ClearDirty();
        // Also when nobody waits to be told: the feed and the ring go on by what is durable.
        _target = journal.Appended;
        commit.Request();
    }
}
