using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LiquidityBridge.Exchanges;
using Microsoft.Win32.SafeHandles;

namespace LiquidityBridge.Host;

/// <summary>
/// The bridge's memory: every record that changes what must survive, appended to one file in a folder of its own, which is
/// written anew from the state that its records led to when it has become too long.
/// </summary>
/// <remarks>
/// One line for each record: eight hexadecimal digits of CRC-32 over the JSON, a space, eight hexadecimal digits of its
/// length in bytes, a space, the JSON, a line feed. What cannot be read at the very end is a write that a crash cut off:
/// it is dropped, and nobody was told of it. What cannot be read and has a good record behind it is damage, and the
/// bridge does not start on it. One process holds the file.
/// A file that was written anew begins with its state (StateBegun), and was on the disk before it got its name: a state
/// that is not whole is damage too.
/// </remarks>
public sealed class IntentsJournal : IDisposable
{
    private const string FileName = "intents.log", NewName = "intents.new";
    private const int GrowthMin = 4;         // times its length when it was last written anew
    private const int WriteBytes = 1 << 20;
    private const int HeaderLength = 18;   // sum, space, length, space
    private const int LengthAt = 9;
    private const int RecordBytesMax = 1 << 20;

    private static readonly JsonSerializerOptions Form = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly string _folder;
    private readonly Compaction? _compaction;
    private readonly MemoryStream _batch = new();
    private SafeFileHandle _file;
    private long _length, _compactAt;
    private bool _isOnDisk = true;

    private IntentsJournal(string folder, Compaction? compaction, SafeFileHandle file, long length) =>
        (_folder, _compaction, _file, _length, _compactAt) = (folder, compaction, file, length, compaction?.Bytes ?? long.MaxValue);

    /// <summary>Bytes dropped from the end when it was opened.</summary>
    public long DroppedBytes { get; private init; }

    /// <summary>Records read when it was opened.</summary>
    public int Records { get; private init; }

    /// <summary>Opens the journal of a folder, or makes it; gives every record to <paramref name="fold"/>, in order.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="fold">Takes the records.</param>
    /// <param name="compaction">How it is kept short; null for not at all.</param>
    /// <exception cref="InvalidDataException">It is damaged, or another process has it.</exception>
    public static IntentsJournal Open(string folder, Action<Record> fold, Compaction? compaction = null)
    {
        FolderSync.Create(folder);
        var path = Path.Combine(folder, FileName);
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidDataException($"{path}: {e.Message} Does another bridge run on this folder?", e);
        }
        try
        {
            // The process died before it had its name: the journal is as it was.
            File.Delete(Path.Combine(folder, NewName));
            var (good, records) = Read(file, path, record =>
            {
                fold(record);
                compaction?.Core.Recover(record);
            });
            var dropped = RandomAccess.GetLength(file) - good;
            if (dropped > 0) RandomAccess.SetLength(file, good);
            RandomAccess.FlushToDisk(file);
            // Its name too: it may be new, or a process may have died between a rename and this.
            FolderSync.Flush(folder);
            var journal = new IntentsJournal(folder, compaction, file, good) { DroppedBytes = dropped, Records = records };
            journal.CompactWhenDue();
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds records; they are in the file when this returns, and on the disk when <paramref name="durable"/>.</summary>
    public void Append(IReadOnlyList<Record> records, bool durable)
    {
        _batch.SetLength(0);
        foreach (var record in records) Write(_batch, record);
        RandomAccess.Write(_file, _batch.GetBuffer().AsSpan(0, (int)_batch.Length), _length);
        _length += _batch.Length;
        _isOnDisk = false;
        if (durable) Flush();
        if (_compaction is null) return;
        foreach (var record in records) _compaction.Core.Recover(record);
    }

    /// <summary>All that was appended is on the disk when this returns.</summary>
    public void Flush()
    {
        if (_isOnDisk) return;
        RandomAccess.FlushToDisk(_file);
        _isOnDisk = true;
    }

    public void Dispose()
    {
        if (_file.IsClosed) return;
        Flush();
        _file.Dispose();
    }

    /// <summary>Writes it anew when it has become too long: a pause, best taken when nothing waits to be sent.</summary>
    /// <exception cref="IOException">The new file has the journal's name, and it is not known whether it keeps it through a power cut: nothing may be appended any more.</exception>
    public void CompactWhenDue()
    {
        if (_length < _compactAt) return;
        var before = _length;
        if (!TryReplace(_compaction!)) return;
        // Behind the rename there is no way back, and a second try proves nothing: Linux tells a failed fsync once.
        FolderSync.Flush(_folder);
        _compaction!.Stepped?.Invoke(CompactionStep.FolderOnDisk);
        _compaction.Log($"journal: written anew from its state, {before} bytes are {_length} now");
        _compactAt = Math.Max(_compaction.Bytes, GrowthMin * _length);
    }

    private bool TryReplace(Compaction compaction)
    {
        try
        {
            Replace(compaction);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk without room for it: the journal is as it was and goes on.
            compaction.Log($"journal: not written anew: {e.Message}");
            _compactAt = _length + compaction.Bytes;
            return false;
        }
        compaction.Stepped?.Invoke(CompactionStep.Renamed);
        return true;
    }

    // The new file is held like the old one, so that no other process gets between them.
    private void Replace(Compaction compaction)
    {
        var (path, newPath) = (Path.Combine(_folder, FileName), Path.Combine(_folder, NewName));
        var file = File.OpenHandle(newPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var isTaken = false;
        try
        {
            compaction.Stepped?.Invoke(CompactionStep.Created);
            long length = 0;
            _batch.SetLength(0);
            foreach (var record in compaction.Core.State())
            {
                Write(_batch, record);
                if (_batch.Length < WriteBytes && length > 0) continue;
                WriteBatch();
                compaction.Stepped?.Invoke(CompactionStep.PartlyWritten);
            }
            WriteBatch();
            compaction.Stepped?.Invoke(CompactionStep.Written);
            RandomAccess.FlushToDisk(file);
            compaction.Stepped?.Invoke(CompactionStep.OnDisk);
            File.Move(newPath, path, overwrite: true);
            isTaken = true;
            _file.Dispose();
            (_file, _length, _isOnDisk) = (file, length, true);

            void WriteBatch()
            {
                RandomAccess.Write(file, _batch.GetBuffer().AsSpan(0, (int)_batch.Length), length);
                length += _batch.Length;
                _batch.SetLength(0);
            }
        }
        finally
        {
            if (!isTaken)
            {
                file.Dispose();
                File.Delete(newPath);
            }
        }
    }

    private static void Write(MemoryStream into, Record record)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, Form);
        if (json.Length > RecordBytesMax) throw new InvalidDataException($"a {record.GetType().Name} of {json.Length} bytes could not be read again");
        into.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Crc32.Of(json):x8} {json.Length:x8} ")));
        into.Write(json);
        into.WriteByte((byte)'\n');
    }

    private static (long Good, int Records) Read(SafeFileHandle file, string path, Action<Record> fold)
    {
        var window = new byte[2 * (HeaderLength + RecordBytesMax)];
        long good = 0;
        var (records, owed) = (0, 0);
        int start = 0, end = 0;
        while (true)
        {
            if (end - start < window.Length / 2)
            {
                window.AsSpan(start, end - start).CopyTo(window);
                (start, end) = (0, end - start);
                end += RandomAccess.Read(file, window.AsSpan(end), good + end);
            }
            var rest = window.AsSpan(start, end - start);
            if (rest.IsEmpty && owed == 0) return (good, records);
            var length = Measure(rest);
            if (length == 0)
            {
                if (HasRecordBehind(rest)) throw new InvalidDataException($"{path}: the record at byte {good} is damaged and others follow it. Restore the file, or find out by hand what the exchanges say.");
                if (owed > 0) throw new InvalidDataException($"{path}: the state that it begins with is not whole, {owed} records are missing from byte {good} on. It is damaged: it was on the disk before it had this name.");
                return (good, records);
            }
            var record = JsonSerializer.Deserialize<Record>(rest[HeaderLength..(length - 1)], Form) ?? throw new InvalidDataException($"{path}: the record at byte {good} is empty");
            owed = record is StateBegun state ? state.Records : Math.Max(0, owed - 1);
            fold(record);
            records++;
            start += length;
            good += length;
        }
    }

    /// <summary>Bytes of the whole record at the front; 0 when there is none.</summary>
    private static int Measure(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength || bytes[LengthAt - 1] != ' ' || bytes[HeaderLength - 1] != ' ') return 0;
        if (!uint.TryParse(bytes[..(LengthAt - 1)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum)) return 0;
        if (!int.TryParse(bytes[LengthAt..(HeaderLength - 1)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length)) return 0;
        if (length is <= 0 or > RecordBytesMax || bytes.Length < HeaderLength + length + 1) return 0;
        return bytes[HeaderLength + length] == '\n' && sum == Crc32.Of(bytes.Slice(HeaderLength, length)) ? HeaderLength + length + 1 : 0;
    }

    /// <summary>True when a good record begins anywhere behind the front: wherever one could, since what stands in front may have lost its line feed.</summary>
    private static bool HasRecordBehind(ReadOnlySpan<byte> bytes)
    {
        for (var at = 1; at + HeaderLength < bytes.Length; at++)
            if (bytes[at + LengthAt - 1] == ' ' && Measure(bytes[at..]) > 0) return true;
        return false;
    }
}
