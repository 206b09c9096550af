using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Venue.Sequencer;

/// <summary>The snapshots of one journal, in a folder beside its segments: whole files only, of which the newest two are kept.</summary>
public sealed class SnapshotFolder(string folder)
{
    private const string Suffix = ".snapshot", Unfinished = ".snapshot.new";
    private const int Kept = 2;

    /// <summary>Paths of what is there, the newest first.</summary>
    public IReadOnlyList<string> Newest => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder, "*" + Suffix).OrderByDescending(path => path, StringComparer.Ordinal)]
        : [];

    /// <summary>Begins a snapshot of the state after command <paramref name="seq"/>.</summary>
    public SnapshotWriter Begin(long seq)
    {
        Directory.CreateDirectory(folder);
        // Of an earlier run that was cut off.
        foreach (var left in Directory.GetFiles(folder, "*" + Unfinished)) File.Delete(left);
        var path = Path.Combine(folder, seq.ToString("D19", CultureInfo.InvariantCulture));
        return new SnapshotWriter(path + Unfinished, path + Suffix);
    }

    /// <summary>Makes a written snapshot durable, gives it its name, and removes those before the newest two. Any thread; it waits for the disk.</summary>
    public void Finish(SnapshotWriter writer)
    {
        writer.Sync();
        File.Move(writer.Unfinished, writer.Path, overwrite: true);
        Folders.Sync(folder);
        foreach (var path in Newest.Skip(Kept)) File.Delete(path);
    }

    /// <summary>Opens a snapshot when all of it is as it was written; else null, and why.</summary>
    public static SnapshotReader? TryOpen(string path, ulong layout, out SnapshotHeader header, out string? fault)
    {
        header = default;
        var reader = new SnapshotReader(path);
        try
        {
            fault = reader.Check(layout, out header);
            if (fault is null) return reader;
        }
        catch (IOException e)
        {
            fault = e.Message;
        }
        reader.Dispose();
        return null;
    }

    /// <summary>CRC-32C, eight bytes at a time; only the last piece may be of another length than a multiple of eight.</summary>
    internal static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, word);
        foreach (var b in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
