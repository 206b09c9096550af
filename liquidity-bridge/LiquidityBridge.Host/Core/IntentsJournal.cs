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
/// One line for each record: eight hexadecimal digits of CRC-32 over the rest, a space, the record as JSON, a line feed.
/// A line without its line feed, or whose sum is wrong, at the very end is a write that a crash cut off: it is dropped,
/// and nobody was told of it. One in the middle is damage, and the bridge does not start on it.
/// </remarks>
public sealed class IntentsJournal : IDisposable
{
    private const string FileName = "intents.log";
    private const int SumLength = 8;

    private static readonly JsonSerializerOptions Form = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly SafeFileHandle _file;
    private readonly MemoryStream _batch = new();
    private long _length;

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
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (IOException e)
        {
            throw new InvalidDataException($"{path}: {e.Message} Does another bridge run on this folder?", e);
        }
        try
        {
            using var reader = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 20);
            var (good, records) = Read(reader, path, fold);
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
        if (durable) RandomAccess.FlushToDisk(_file);
    }

    public void Dispose()
    {
        if (_file.IsClosed) return;
        RandomAccess.FlushToDisk(_file);
        _file.Dispose();
    }

    private static void Write(MemoryStream into, Record record)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, Form);
        into.Write(Encoding.ASCII.GetBytes(Crc32.Of(json).ToString("x8", CultureInfo.InvariantCulture)));
        into.WriteByte((byte)' ');
        into.Write(json);
        into.WriteByte((byte)'\n');
    }

    private static (long Good, int Records) Read(FileStream stream, string path, Action<Record> fold)
    {
        var line = new MemoryStream();
        long good = 0, badAt = -1;
        var records = 0;
        for (int b; (b = stream.ReadByte()) >= 0;)
        {
            if (b != '\n')
            {
                line.WriteByte((byte)b);
                continue;
            }
            if (badAt >= 0) throw new InvalidDataException($"{path}: the record at byte {badAt} is damaged and others follow it. Restore the file, or find out by hand what the exchanges say.");
            if (TryRead(line.GetBuffer().AsSpan(0, (int)line.Length), out var record))
            {
                fold(record!);
                records++;
                good = stream.Position;
            }
            else
            {
                badAt = good;
            }
            line.SetLength(0);
        }
        return (good, records);
    }

    private static bool TryRead(ReadOnlySpan<byte> line, out Record? record)
    {
        record = null;
        if (line.Length <= SumLength + 1 || line[SumLength] != ' ') return false;
        if (!uint.TryParse(line[..SumLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum)) return false;
        var json = line[(SumLength + 1)..];
        if (sum != Crc32.Of(json)) return false;
        record = JsonSerializer.Deserialize<Record>(json, Form);
        return record is not null;
    }
}
