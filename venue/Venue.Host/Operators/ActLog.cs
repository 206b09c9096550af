using Google.Protobuf;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>What operators did, one line of JSON for each step of an act; a line is on the disk before its step is taken.</summary>
internal sealed class ActLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly List<Wire.ActRecord> _records = [];

    /// <summary>Opens the record or begins it. Acts that a crash left open are closed: what waited has expired, what was begun is of an outcome that the journal knows.</summary>
    /// <exception cref="IOException">A line that is not the last one cannot be read.</exception>
    public ActLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Read(path);
        foreach (var open in _records.GroupBy(r => r.Number).Select(g => g.Last()).Where(r => r.State is "begun" or "waiting" or "approved").ToList())
            Write(open.Clone(), by: "", open.State == "waiting" ? "expired" : "interrupted", "the venue ended");
    }

    /// <summary>The last of all records, at most so many, the oldest first.</summary>
    public IReadOnlyList<Wire.ActRecord> Last(int count)
    {
        lock (_lock) return [.. _records.TakeLast(count)];
    }

    /// <summary>The first step of a new act.</summary>
    public Wire.ActRecord Begin(string by, string state, string what, string reason)
    {
        lock (_lock)
        {
            var number = _records.Count == 0 ? 1 : _records.Max(r => r.Number) + 1;
            return Write(new Wire.ActRecord { Number = number, What = what, Reason = reason }, by, state, "");
        }
    }

    /// <summary>A further step of an act.</summary>
    public Wire.ActRecord Add(Wire.ActRecord act, string by, string state, string text = "", long seq = 0)
    {
        lock (_lock) return Write(new Wire.ActRecord { Number = act.Number, What = act.What, Reason = act.Reason, Seq = seq }, by, state, text);
    }

    private Wire.ActRecord Write(Wire.ActRecord record, string by, string state, string text)
    {
        (record.By, record.State, record.Text, record.TimeNs) = (by, state, text, Clock.NowNs());
        _file.Write(System.Text.Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(record) + "\n"));
        _file.Flush(flushToDisk: true);
        _records.Add(record);
        return record;
    }

    private void Read(string path)
    {
        using var reader = new StreamReader(_file, leaveOpen: true);
        var text = reader.ReadToEnd();
        var whole = text.LastIndexOf('\n') + 1;
        var number = 0;
        foreach (var line in text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            number++;
            try
            {
                _records.Add(Wire.ActRecord.Parser.ParseJson(line));
            }
            catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
            {
                throw new IOException($"{path}:{number}: not a record of an act ({e.Message}): the file is damaged; move it away, a new one is begun", e);
            }
        }
        // What follows the last line feed was cut off by a crash; its step was not taken.
        _file.SetLength(System.Text.Encoding.UTF8.GetByteCount(text.AsSpan(0, whole)));
        _file.Seek(0, SeekOrigin.End);
    }

    public void Dispose() => _file.Dispose();
}
