namespace Venue.Sequencer;

/// <summary>One snapshot's file while it is written: not visible as a snapshot before <see cref="SnapshotFolder.Finish"/>.</summary>
public sealed class SnapshotWriter : IDisposable
{
    private readonly FileStream _file;
    // A multiple of eight, so that the checksum is counted in whole words.
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _filled;
    private long _bytes;
    private uint _crc = uint.MaxValue;

    internal SnapshotWriter(string unfinished, string path)
    {
        Unfinished = unfinished;
        Path = path;
        _file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        _file.Position = SnapshotHeader.Size;
    }

    /// <summary>Its name once it is finished.</summary>
    public string Path { get; }

    internal string Unfinished { get; }

    /// <summary>Appends content.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var taken = Math.Min(bytes.Length, _buffer.Length - _filled);
            bytes[..taken].CopyTo(_buffer.AsSpan(_filled));
            bytes = bytes[taken..];
            _filled += taken;
            if (_filled == _buffer.Length) Flush();
        }
    }

    /// <summary>All content is written; puts the header in front of it.</summary>
    public void Complete(SnapshotHeader header)
    {
        Flush();
        Span<byte> bytes = stackalloc byte[SnapshotHeader.Size];
        (header with { ContentBytes = _bytes, ContentCrc = _crc }).Write(bytes);
        _file.Position = 0;
        _file.Write(bytes);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    internal void Sync()
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
    }

    private void Flush()
    {
        _crc = SnapshotFolder.Crc(_crc, _buffer.AsSpan(0, _filled));
        _file.Write(_buffer, 0, _filled);
        _bytes += _filled;
        _filled = 0;
    }
}
