namespace Venue.Sequencer;

/// <summary>
/// The commit thread: makes the journal durable whenever it is asked, one sync at a time, so that everything appended
/// while one is under way is carried by the next. Also makes the journal's segments ahead of need.
/// </summary>
/// <remarks>
/// With <see cref="Durability.Async"/> it syncs every <see cref="JournalOptions.AsyncSyncMs"/> instead, when there is something to sync,
/// and earlier when much has come.
/// A fault (of the disk, or thrown by a callback) ends the thread: nothing becomes durable any more and the venue must stop.
/// </remarks>
public sealed class GroupCommit : IDisposable
{
    private const int HurryPart = 16;   // of what may wait for the disk

    private readonly Journal _journal;
    private readonly Action<long> _onDurable;
    private readonly Action<Exception> _onFault;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly bool _onRequest;
    private int _requested;
    private bool _syncing, _stopping;

    /// <summary>Starts the thread. The journal has been recovered.</summary>
    /// <param name="journal">What is to be made durable.</param>
    /// <param name="onDurable">Called on the commit thread with the new <see cref="Journal.Durable"/> after each sync.</param>
    /// <param name="onFault">Called on the commit thread, once, as its last act.</param>
    public GroupCommit(Journal journal, Action<long> onDurable, Action<Exception> onFault)
    {
        _journal = journal;
        _onDurable = onDurable;
        _onFault = onFault;
        _onRequest = journal.Options.Durability == Durability.Fsync;
        _thread = new Thread(Run) { Name = "journal-commit", IsBackground = true };
        _thread.Start();
    }

    /// <summary>True while a sync is asked for or under way. Any thread.</summary>
    public bool Busy => Volatile.Read(ref _syncing) || Volatile.Read(ref _requested) != 0;

    /// <summary>
    /// Asks that everything appended so far be made durable soon; once per batch is enough. With <see cref="Durability.Async"/>
    /// only when much waits for the disk is it done before its time. Any thread, never blocks.
    /// </summary>
    public void Request()
    {
        // A full fence, not a look first: what was appended must be visible before the thread can be seen to have taken
        // the request, or a request could be lost between its taking and its reading of the position.
        if ((_onRequest || _journal.Waiting > _journal.Options.UnsafeBytesMax / HurryPart) && Interlocked.Exchange(ref _requested, 1) == 0) _wake.Release();
    }

    /// <summary>Makes what was appended durable and ends the thread. May be called from a callback, which then is the thread's last.</summary>
    public void Dispose()
    {
        if (!Volatile.Read(ref _stopping))
        {
            Volatile.Write(ref _stopping, true);
            _wake.Release();
        }
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Run()
    {
        try
        {
            bool last;
            do
            {
                _journal.Prepare();   // after telling: a file is made in the time of the next group, not of this one
                _wake.Wait(_onRequest ? Timeout.Infinite : _journal.Options.AsyncSyncMs);
                last = Volatile.Read(ref _stopping);   // before the sync: what was appended before Dispose is made durable
                Commit();
            }
            while (!last);
        }
        catch (Exception fault)
        {
            // Whatever it is, the commit thread has ended; the venue decides, with the reason in hand.
            _onFault(fault);
        }
    }

    private void Commit()
    {
        Volatile.Write(ref _syncing, true);
        Interlocked.Exchange(ref _requested, 0);   // before the position is read: see Request
        var before = _journal.Durable;
        _journal.Sync();
        var durable = _journal.Durable;
        if (durable != before) _onDurable(durable);
        Volatile.Write(ref _syncing, false);
    }
}
