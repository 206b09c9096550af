using Venue.Messages;

namespace Venue.Gateway;

/// <summary>
/// Brings increments to their readers, in rounds: what has changed is encoded, once for each kind of reader, then reader by
/// reader is sent all of it, in slices with everybody's orders between them. What changes meanwhile is the next round's.
/// </summary>
/// <remarks>So under load a reader is told less often and more at a time, and an order waits for a slice at most.</remarks>
internal sealed class Publisher(Instruments instruments)
{
    /// <summary>A reader with more than this unread is behind.</summary>
    private const int BehindBytes = 1 << 16;
    /// <summary>Written in one slice, but for the last reader: some tens of microseconds.</summary>
    private const int SliceBytes = 1 << 14;
    /// <summary>More than header, MDReqID(262) and trailer of a message take.</summary>
    private const int HeaderBytes = 512;
    /// <summary>Readers in one slice: each costs a call of the kernel, some microseconds whatever it is sent.</summary>
    private const int ReadersPerSlice = 4;
    /// <summary>Books that one round encodes: as long as a slice takes.</summary>
    private const int BooksPerRound = 16;

    private readonly Queue<(WatchedBook Book, bool IsConflated)> _changed = new();
    private readonly Queue<ClientSession> _owed = new();
    private long _bytes;
    private int _readers;

    /// <summary>Sessions for which something was written since the owner last emptied this list.</summary>
    public List<ClientSession> ToTell { get; } = [];

    /// <summary>True while readers wait for <see cref="Continue"/>.</summary>
    public bool IsBusy => _owed.Count > 0 || _changed.Count > 0;

    /// <summary>True while some readers have been told of a round and others have not.</summary>
    public bool IsDelivering => _owed.Count > 0;

    /// <summary>True when this slice is over.</summary>
    public bool IsSliceOver => _bytes >= SliceBytes || _readers >= ReadersPerSlice;

    /// <summary>The book is another than its readers have: those of this pace are to be told.</summary>
    public void Changed(WatchedBook watched, bool isConflated)
    {
        var untold = watched.Of(isConflated);
        if (untold.IsChanged || !untold.IsWatched) return;
        untold.IsChanged = true;
        if (!isConflated) _changed.Enqueue((watched, false));
    }

    /// <summary>The interval of those with conflation is over: they are to be told what it has changed.</summary>
    public void EndInterval(WatchedBook watched)
    {
        if (watched.Of(isConflated: true).IsChanged) _changed.Enqueue((watched, true));
    }

    /// <summary>What has happened since it was held is to be told; those with conflation are told at the end of their interval.</summary>
    public void Release(WatchedBook watched)
    {
        watched.IsHeld = false;
        if (watched.Of(isConflated: false).IsChanged) _changed.Enqueue((watched, false));
    }

    /// <summary>A slice begins.</summary>
    public void BeginSlice()
    {
        _bytes = 0;
        _readers = 0;
    }

    /// <summary>Goes on until the slice is over or everybody has been told.</summary>
    public void Continue(long nowNs)
    {
        while (!IsSliceOver)
        {
            if (_owed.TryDequeue(out var client)) Deliver(client, nowNs);
            else if (_changed.Count > 0) BeginRound();
            else return;
        }
    }

    /// <summary>Brings everybody to where this book is, at once: somebody is about to begin there.</summary>
    public void Settle(WatchedBook watched, bool isConflated, long nowNs)
    {
        if (!watched.Of(isConflated).IsChanged && _owed.Count == 0) return;
        Finish(nowNs);
        Encode(watched, isConflated);
        Finish(nowNs);
    }

    /// <summary>Something was written for this session beside the rounds: it counts for the slice, and the transport is told.</summary>
    public void Written(ClientSession client, long bytes)
    {
        _bytes += bytes;
        if (client.HasNews) return;
        _readers++;
        client.HasNews = true;
        ToTell.Add(client);
    }

    private void Finish(long nowNs)
    {
        while (_owed.TryDequeue(out var client)) Deliver(client, nowNs);
    }

    private void BeginRound()
    {
        for (var n = 0; n < BooksPerRound && _changed.TryDequeue(out var next); n++) Encode(next.Book, next.IsConflated);
    }

    private void Encode(WatchedBook watched, bool isConflated)
    {
        var untold = watched.Of(isConflated);
        if (!untold.IsChanged || watched.IsHeld) return;
        untold.IsChanged = untold.IsWatched = false;
        foreach (var feed in watched.Feeds)
        {
            if (!feed.Kind.IsIncremental || feed.Kind.IsConflated != isConflated) continue;
            untold.IsWatched = true;
            if (!feed.Encode(instruments[watched.Instrument], watched.Book, untold)) continue;
            _bytes += feed.Increments.Bytes;
            foreach (var reader in feed.Readers) Owe(reader);
        }
        untold.Trades.Clear();
        untold.Steps.Clear();
    }

    private void Owe(Subscription reader)
    {
        if (reader.IsBehind) return;
        if (reader.Client.Owed.Count == 0) _owed.Enqueue(reader.Client);
        reader.Client.Owed.Add(reader);
    }

    private void Deliver(ClientSession client, long nowNs)
    {
        // Before, not between: what one turn has is not too much for who had read everything.
        var isHeldUp = IsHeldUp(client);
        foreach (var reader in client.Owed)
        {
            if (reader.IsEnded || reader.IsBehind) continue;
            var parts = reader.Feed.Increments;
            if (isHeldUp || !Fits(client, parts)) reader.IsBehind = true;
            else Write(client, "X"u8, reader.RequestId, parts, nowNs);
        }
        client.Owed.Clear();
    }

    /// <summary>True while a session is sent nothing: it has not read enough, or is being sent something again.</summary>
    public static bool IsHeldUp(ClientSession client) => client.Fix!.IsResending || client.Connection is not { Output.Count: < BehindBytes };

    /// <summary>True when all parts go into the session's send buffer.</summary>
    public static bool Fits(ClientSession client, EncodedParts parts)
    {
        var output = client.Connection!.Output;
        return output.Count + parts.Bytes + parts.Count * HeaderBytes <= output.Capacity;
    }

    /// <summary>Sends all parts, each as a message of its own.</summary>
    public void Write(ClientSession client, ReadOnlySpan<byte> msgType, ReadOnlySpan<byte> requestId, EncodedParts parts, long nowNs)
    {
        for (var part = 0; part < parts.Count; part++)
        {
            ref var w = ref client.Fix!.Begin(msgType, nowNs);
            w.Add(262, requestId);
            w.AddFields(parts.HeadOf(part));
            w.AddFields(parts.EntriesOf(part));
            client.Fix.End(keep: false);
        }
        Written(client, parts.Bytes);
    }
}
