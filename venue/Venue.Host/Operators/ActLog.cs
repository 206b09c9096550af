using System.Globalization;
using System.Text;
using Google.Protobuf;
using Venue.Sequencer;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>
/// What operators did, one line of JSON for each step of an act; a line is on the disk before its step is taken. Files of a
/// folder, each named by the last act begun before it; its first line has the acts that were open then.
/// </summary>
/// <remarks>In memory are open acts alone, whatever was ever done: all else is read from the files when somebody asks.</remarks>
internal sealed class ActLog : IDisposable
{
    private const string Extension = ".acts", Unfinished = ".new";
    private const long FileBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly long _fileBytes;
    private readonly SortedDictionary<long, Wire.ActRecord> _open = [];
    private FileStream _file;
    private long _lastNumber, _begunAfter;

    /// <summary>Opens the record or begins it. Acts that a crash left open are closed: what waited has expired, what was begun is of an outcome that the journal knows.</summary>
    /// <param name="folder">Where its files are.</param>
    /// <param name="fileBytes">A file is followed by the next when it has as many.</param>
    /// <exception cref="IOException">A line that is not the last one cannot be read.</exception>
    public ActLog(string folder, long fileBytes = FileBytes)
    {
        (_folder, _fileBytes) = (folder, fileBytes);
        Directory.CreateDirectory(folder);
        foreach (var left in Directory.GetFiles(folder, "*" + Extension + Unfinished)) File.Delete(left);
        _file = Files().LastOrDefault() is { } last ? Continue(last) : Begin();
        foreach (var open in _open.Values.ToList()) Write(open.Clone(), by: "", open.State == "waiting" ? "expired" : "interrupted", "the venue ended");
    }

    /// <summary>The last records of acts below a number (0: of all), at most so many, the oldest first.</summary>
    public IReadOnlyList<Wire.ActRecord> Last(int count, long before = 0)
    {
        List<string> files;
        lock (_lock) files = Files();
        var found = new LinkedList<Wire.ActRecord>();
        for (var i = files.Count - 1; i >= 0 && found.Count < count; i--)
        {
            var (_, records, _) = Read(files[i]);
            foreach (var record in records.Where(r => before == 0 || r.Number < before).Reverse().Take(count - found.Count)) found.AddFirst(record);
        }
        return [.. found];
    }

    /// <summary>The first step of a new act.</summary>
    public Wire.ActRecord Begin(string by, string state, string what, string reason)
    {
        lock (_lock) return Write(new Wire.ActRecord { Number = _lastNumber + 1, What = what, Reason = reason }, by, state, "");
    }

    /// <summary>A further step of an act.</summary>
    public Wire.ActRecord Add(Wire.ActRecord act, string by, string state, string text = "", long seq = 0)
    {
        lock (_lock) return Write(new Wire.ActRecord { Number = act.Number, What = act.What, Reason = act.Reason, Seq = seq }, by, state, text);
    }

    public void Dispose() => _file.Dispose();

    private Wire.ActRecord Write(Wire.ActRecord record, string by, string state, string text)
    {
        (record.By, record.State, record.Text, record.TimeNs) = (by, state, text, Clock.NowNs());
        // Steps of acts that were begun before fill a file too: then the name is taken, and the file goes on.
        if (_file.Length >= _fileBytes && _lastNumber > _begunAfter)
        {
            var next = Begin();
            _file.Dispose();
            _file = next;
        }
        _file.Write(Line(record));
        _file.Flush(flushToDisk: true);
        Note(record);
        return record;
    }

    private void Note(Wire.ActRecord record)
    {
        _lastNumber = Math.Max(_lastNumber, record.Number);
        if (record.State is "begun" or "waiting" or "approved") _open[record.Number] = record;
        else _open.Remove(record.Number);
    }

    /// <summary>A new file, with a whole first line from the moment that it has its name.</summary>
    private FileStream Begin()
    {
        _begunAfter = _lastNumber;
        var path = Path.Combine(_folder, _lastNumber.ToString("D19", CultureInfo.InvariantCulture) + Extension);
        using (var file = new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(Line(new Wire.ActRecords { Records = { _open.Values } }));
            file.Flush(flushToDisk: true);
        }
        File.Move(path + Unfinished, path);
        Folders.Sync(_folder);
        return Open(path);
    }

    private FileStream Continue(string path)
    {
        var (open, records, length) = Read(path);
        _lastNumber = _begunAfter = long.Parse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture);
        foreach (var record in open.Concat(records)) Note(record);
        var file = Open(path);
        // What follows the last line feed was cut off by a crash; its step was not taken.
        file.SetLength(length);
        file.Seek(0, SeekOrigin.End);
        return file;
    }

    /// <summary>The acts open at a file's beginning, its records, and the bytes of its whole lines.</summary>
    private static (IEnumerable<Wire.ActRecord> Open, List<Wire.ActRecord> Records, long Length) Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        var whole = text.LastIndexOf('\n') + 1;
        var lines = text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var number = 0;
        try
        {
            var open = Wire.ActRecords.Parser.ParseJson(lines.Length == 0 ? "" : lines[number++]).Records;
            var records = new List<Wire.ActRecord>(lines.Length);
            while (number < lines.Length) records.Add(Wire.ActRecord.Parser.ParseJson(lines[number++]));
            return (open, records, Encoding.UTF8.GetByteCount(text.AsSpan(0, whole)));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new IOException($"{path}:{number}: not a record of an act ({e.Message}): the file is damaged; move it away, a new one is begun", e);
        }
    }

    private static FileStream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read);
        file.Seek(0, SeekOrigin.End);
        return file;
    }

    private static byte[] Line(IMessage message) => Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message) + "\n");

    private List<string> Files() => [.. Directory.GetFiles(_folder, "*" + Extension).Order(StringComparer.Ordinal)];
}
