using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LiquidityBridge.Exchanges;
using Microsoft.Win32.SafeHandles;

namespace LiquidityBridge.Host;

/// <summary>
/// The bridge's memory: every record that changes what must survive, appended to one file in a folder of its own.
/// </summary>
/// <remarks>
/// One line for each record: eight hexadecimal digits of CRC-32 over the JSON, a space, eight hexadecimal digits of its
/// length in bytes, a space, the JSON, a line feed. What cannot be read at the very end is a write that a crash cut off:
/// it is dropped, and nobody was told of it. What cannot be read and has a good record behind it is damage, and the
/// bridge does not start on it. One process holds the file.
/// </remarks>
public sealed class IntentsJournal : IDisposable
{
    private const string FileName = "intents.log";
    private const int HeaderLength = 18;   // sum, space, length, space
    private const int LengthAt = 9;
    private const int RecordBytesMax = 1 << 20;

    private static readonly JsonSerializerOptions Form = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly SafeFileHandle _file;
    private readonly MemoryStream _batch = new();
    private long _length;
    private bool _isOnDisk = true;

    private IntentsJournal(SafeFileHandle file, long length)
    {
        _file = file;
        _length = length;
    }

    /// <summary>Bytes dropped from the end when it was opened.</summary>
    public long DroppedBytes { get; private init; }

    /// <summary>Records read when it was opened.</summary>
    public int Records { get; private init; }

    /// <summary>Opens the journal of a folder, or makes it; gives every record to <paramref name="fold"/>, in order.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or another process has it.</exception>
    public static IntentsJournal Open(string folder, Action<Record> fold)
    {
        Directory.CreateDirectory(folder);
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
            var (good, records) = Read(file, path, fold);
            var dropped = RandomAccess.GetLength(file) - good;
            if (dropped > 0) RandomAccess.SetLength(file, good);
            RandomAccess.FlushToDisk(file);
            return new IntentsJournal(file, good) { DroppedBytes = dropped, Records = records };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds records; they are in the file when this returns, and on the disk when <paramref name="durable"/>.</summary>
    public void Append(IEnumerable<Record> records, bool durable)
    {
        _batch.SetLength(0);
        foreach (var record in records) Write(_batch, record);
        RandomAccess.Write(_file, _batch.GetBuffer().AsSpan(0, (int)_batch.Length), _length);
        _length += _batch.Length;
        _isOnDisk = false;
        if (durable) Flush();
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

    private static void Write(MemoryStream into, Record record)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, Form);
        into.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Crc32.Of(json):x8} {json.Length:x8} ")));
        into.Write(json);
        into.WriteByte((byte)'\n');
    }

    private static (long Good, int Records) Read(SafeFileHandle file, string path, Action<Record> fold)
    {
        var window = new byte[2 * (HeaderLength + RecordBytesMax)];
        long good = 0;
        var records = 0;
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
            if (rest.IsEmpty) return (good, records);
            var length = Measure(rest);
            if (length == 0)
            {
                if (HasRecordBehind(rest)) throw new InvalidDataException($"{path}: the record at byte {good} is damaged and others follow it. Restore the file, or find out by hand what the exchanges say.");
                return (good, records);
            }
            fold(JsonSerializer.Deserialize<Record>(rest[HeaderLength..(length - 1)], Form) ?? throw new InvalidDataException($"{path}: the record at byte {good} is empty"));
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
