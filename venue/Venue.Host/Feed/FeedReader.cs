using Microsoft.Win32.SafeHandles;

namespace Venue.Host;

/// <summary>One consumer's place in the feed's log. One thread at a time.</summary>
/// <remarks>A file that is pruned while it is read stays readable to its end.</remarks>
internal sealed class FeedReader : IDisposable
{
    private readonly FeedLog _log;
    private FeedFile _file;
    private SafeFileHandle _handle;
    private long _offset;

    /// <summary>Begins at a place of a file.</summary>
    /// <exception cref="FileNotFoundException">The file has been pruned.</exception>
    public FeedReader(FeedLog log, FeedFile file, long offset) => (_log, _file, _handle, _offset) = (log, file, Open(file), offset);

    /// <summary>The definitions at the head of the file that it begins with, and the command up to which they stand; null in a log that begins with command 1.</summary>
    public (byte[] Batch, long Seq)? Definitions =>
        _file.After > 0 && FeedFile.TryRead(_handle, 0, _file.End, out var seq, out var payload) ? (payload, seq) : null;

    /// <summary>Passes over what is not behind this command.</summary>
    public void SkipThrough(long seq)
    {
        while (FeedFile.TryRead(_handle, _offset, _file.End, out var at, out var payload) && at <= seq) _offset += FeedFile.HeadBytes + payload.Length;
    }

    /// <summary>The next records as far as they are published, and a task that ends when there is more.</summary>
    /// <param name="max">Most records to return.</param>
    /// <param name="throughSeq">Every command up to this one is covered by what was returned so far.</param>
    /// <param name="more">Ends when more is published; already ended when <paramref name="max"/> stopped this call.</param>
    /// <exception cref="FileNotFoundException">The next file has been pruned: this consumer is slower than that.</exception>
    public List<byte[]> Read(int max, out long throughSeq, out Task more)
    {
        (throughSeq, more) = _log.Published;
        var records = new List<byte[]>();
        while (true)
        {
            var next = _file.Next;   // before the end is looked at: with a next file the end is final
            if (!FeedFile.TryRead(_handle, _offset, _file.End, out var seq, out var payload))
            {
                if (next is null) return records;
                var handle = Open(next);
                _handle.Dispose();
                (_file, _handle, _offset) = (next, handle, 0);
                SkipThrough(next.After);
                continue;
            }
            if (records.Count == max) (throughSeq, more) = (seq - 1, Task.CompletedTask);
            if (records.Count == max || seq > throughSeq) return records;
            records.Add(payload);
            _offset += FeedFile.HeadBytes + payload.Length;
        }
    }

    public void Dispose() => _handle.Dispose();

    private static SafeFileHandle Open(FeedFile file) =>
        File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
