namespace Venue.Sequencer;

/// <summary>One snapshot's file while it is read.</summary>
public sealed class SnapshotReader : IDisposable
{
    private readonly FileStream _file;

    internal SnapshotReader(string path) => _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);

    /// <summary>The next bytes of the content.</summary>
    /// <exception cref="EndOfStreamException">There are not as many.</exception>
    public void Read(Span<byte> bytes) => _file.ReadExactly(bytes);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Reads all of it once; null when it is good and of this layout, else what is wrong. Then the content can be read.</summary>
    internal string? Check(ulong layout, out SnapshotHeader header)
    {
        Span<byte> first = stackalloc byte[SnapshotHeader.Size];
        var fault = SnapshotHeader.TryRead(first[.._file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)], out header);
        if (fault is not null) return fault;
        if (header.Layout != layout) return "another version of the program wrote it: its state is laid out otherwise";
        if (_file.Length != SnapshotHeader.Size + header.ContentBytes) return $"it has {_file.Length} bytes and says {SnapshotHeader.Size + header.ContentBytes}";
        var buffer = new byte[1 << 20];
        var crc = uint.MaxValue;
        for (int read; (read = _file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;) crc = SnapshotFolder.Crc(crc, buffer.AsSpan(0, read));
        if (crc != header.ContentCrc) return "the checksum of its content is wrong";
        _file.Position = SnapshotHeader.Size;
        return null;
    }
}
