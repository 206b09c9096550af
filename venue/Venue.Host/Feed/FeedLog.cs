using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>
/// The events that the feed serves, one record per command that had any, in append-only files of one folder. Derived from
/// the journal: while the venue is stopped it may be deleted, and is made again as far as the journal goes back.
/// </summary>
/// <remarks>
/// A file is named by the command behind which it begins. One writer; one thread that prunes; readers on any thread read
/// up to what was published.
/// </remarks>
internal sealed class FeedLog : IDisposable
{
    private const string Extension = ".feed", Unfinished = ".new";

    private readonly string _folder;
    private readonly long _fileBytes;
    private readonly Lock _lock = new();
    private readonly Lock _syncing = new();   // outside of _lock: whoever has the file in hand for syncing keeps it from being closed
    private readonly byte[] _head = new byte[FeedFile.HeadBytes];
    private FeedFile _oldest, _newest;
    private SafeFileHandle _file;
    private long _throughSeq, _lastSeq;
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Opens or makes the log and cuts off a record that a crash left unfinished.</summary>
    /// <param name="folder">Where its files are.</param>
    /// <param name="fileBytes">A file is followed by the next when it has as many.</param>
    public FeedLog(string folder, long fileBytes)
    {
        (_folder, _fileBytes) = (folder, fileBytes);
        Directory.CreateDirectory(folder);
        foreach (var left in Directory.GetFiles(folder, "*" + Extension + Unfinished)) File.Delete(left);
        // The one file of a version before.
        var single = Path.Combine(folder, "feed.log");
        if (File.Exists(single)) File.Move(single, PathOf(0));
        var files = Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal).ToArray();
        var last = _oldest = _newest = files.Length == 0 ? new FeedFile(0, PathOf(0)) : FileAt(files[0], isLast: files.Length == 1);
        for (var i = 1; i < files.Length; i++) Follow(last = FileAt(files[i], isLast: i == files.Length - 1));
        _lastSeq = last.After;
        _file = File.OpenHandle(last.Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(_file);
        while (FeedFile.TryRead(_file, last.End, length, out var seq, out var payload)) Count(seq, payload.Length);
        if (last.End < length) RandomAccess.SetLength(_file, last.End);
    }

    /// <summary>Sequence number of the last command in the log.</summary>
    public long LastSeq => Volatile.Read(ref _lastSeq);

    /// <summary>The log has everything after this command: the oldest that a consumer can resume from.</summary>
    public long OldestSeq
    {
        get
        {
            lock (_lock) return _oldest.After;
        }
    }

    /// <summary>Every command up to the first is in the log for readers; the task ends when there is more.</summary>
    public (long ThroughSeq, Task More) Published
    {
        get
        {
            lock (_lock) return (_throughSeq, _grown.Task);
        }
    }

    /// <summary>Appends a command's events. The writer only; commands that are there already are passed over.</summary>
    /// <param name="seq">The command.</param>
    /// <param name="payload">Its events.</param>
    /// <param name="definitions">All definitions after it, for the head of the next file.</param>
    public void Append(long seq, ReadOnlySpan<byte> payload, Func<byte[]> definitions)
    {
        if (seq <= LastSeq) return;
        FeedFile.WriteHead(_head, seq, payload);
        var end = _newest.End;
        RandomAccess.Write(_file, payload, end + FeedFile.HeadBytes);
        RandomAccess.Write(_file, _head, end);
        lock (_lock) Count(seq, payload.Length);
        if (_newest.End >= _fileBytes) Begin(seq, definitions());
    }

    /// <summary>Everything up to this command is in the log: readers that wait go on. The writer only.</summary>
    public void Publish(long throughSeq)
    {
        TaskCompletionSource grown;
        lock (_lock)
        {
            if (throughSeq <= _throughSeq) return;
            _throughSeq = throughSeq;
            grown = _grown;
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        grown.SetResult();
    }

    /// <summary>A reader of what comes after a command; null when that begins before <see cref="OldestSeq"/>.</summary>
    /// <exception cref="FileNotFoundException">It has just been pruned.</exception>
    public FeedReader? After(long seq)
    {
        FeedFile? file;
        long near;
        lock (_lock)
        {
            file = _oldest;
            if (seq < file.After) return null;
            while (file.Next is { } next && next.After <= seq) file = next;
            near = file.Near(seq);
        }
        var reader = new FeedReader(this, file, near);
        reader.SkipThrough(seq);
        return reader;
    }

    /// <summary>Makes what was appended so far durable, and returns the last command of that. Any thread.</summary>
    public long Sync()
    {
        lock (_syncing)
        {
            var seq = LastSeq;
            RandomAccess.FlushToDisk(_file);
            return seq;
        }
    }

    /// <summary>Nothing is known of what came before this command: the log begins again behind it. The writer, before anybody reads.</summary>
    public void BeginAgain(long afterSeq, byte[] definitions)
    {
        var old = _oldest;
        Begin(afterSeq, definitions);
        // Newest first: cut short, the next start finds a log that ends too early once more.
        foreach (var file in Files(old).TakeWhile(file => file != _newest).Reverse()) File.Delete(file.Path);
        lock (_lock) _oldest = _newest;
    }

    /// <summary>
    /// Removes the oldest files when all of what they hold comes before a command and was written before a time (nanoseconds
    /// since 1970-01-01 UTC); returns how many. The thread that prunes.
    /// </summary>
    public int Prune(long throughSeq, long writtenBeforeNs)
    {
        var removed = 0;
        while (_oldest.Next is { } next && next.After <= throughSeq && HasOlderThan(writtenBeforeNs))
        {
            File.Delete(_oldest.Path);
            lock (_lock) _oldest = next;
            removed++;
        }
        return removed;
    }

    /// <summary>True when all of the oldest file was written before this time, and there is a newer file. The thread that prunes.</summary>
    public bool HasOlderThan(long writtenBeforeNs) =>
        _oldest.Next is not null && (File.GetLastWriteTimeUtc(_oldest.Path) - DateTime.UnixEpoch).Ticks * 100 < writtenBeforeNs;

    public void Dispose() => _file.Dispose();

    /// <summary>Goes on in a new file. What was written before is durable then: only the last file can end in half a record.</summary>
    private void Begin(long after, byte[] definitions)
    {
        var path = PathOf(after);
        FeedFile.WriteHead(_head, after, definitions);
        using (var file = new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(_head);
            file.Write(definitions);
            file.Flush(flushToDisk: true);
        }
        lock (_syncing)
        {
            RandomAccess.FlushToDisk(_file);
            File.Move(path + Unfinished, path, overwrite: true);
            Folders.Sync(_folder);
            _file.Dispose();
            _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        var next = new FeedFile(after, path);
        lock (_lock)
        {
            next.Count(after, definitions.Length);
            Volatile.Write(ref _lastSeq, after);
            Follow(next);
        }
    }

    private void Follow(FeedFile next)
    {
        _newest.Next = next;
        _newest = next;
    }

    /// <summary>A file that was there at the start: all but the last are whole, that one is still to be read.</summary>
    private static FeedFile FileAt(string path, bool isLast) => new(NumberOf(path), path) { End = isLast ? 0 : new FileInfo(path).Length };

    private void Count(long seq, int payloadBytes)
    {
        Volatile.Write(ref _lastSeq, seq);
        _newest.Count(seq, payloadBytes);
    }

    private static IEnumerable<FeedFile> Files(FeedFile? from)
    {
        for (; from is not null; from = from.Next) yield return from;
    }

    private string PathOf(long after) => Path.Combine(_folder, after.ToString("D19", CultureInfo.InvariantCulture) + Extension);

    private static long NumberOf(string path) => long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new IOException($"{path} is in the feed's folder and is none of its files; move it elsewhere");
}
