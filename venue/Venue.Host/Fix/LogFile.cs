namespace Venue.Host;

/// <summary>One session's log on the disk: NAME.log, and its predecessors NAME.1.log (the youngest) and up.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly string _directory, _name;
    private readonly int _bytesMax, _filesMax;
    private FileStream _file;

    public LogFile(string directory, string name, int bytesMax, int filesMax)
    {
        (_directory, _bytesMax, _filesMax) = (directory, bytesMax, filesMax);
        // A CompID may hold anything printable; a file name may not.
        _name = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c.ToString() : $"%{(int)c:X2}"));
        Directory.CreateDirectory(directory);
        _file = Open();
    }

    /// <summary>Writes one line of two parts.</summary>
    public void Line(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest = default)
    {
        if (_file.Length > 0 && _file.Length + head.Length + rest.Length + 1 > _bytesMax) Roll();
        _file.Write(head);
        _file.Write(rest);
        _file.WriteByte((byte)'\n');
    }

    public void Flush() => _file.Flush();

    public void Dispose() => _file.Dispose();

    private void Roll()
    {
        _file.Dispose();
        File.Delete(Numbered(_filesMax - 1));
        for (var i = _filesMax - 2; i >= 0; i--)
            if (File.Exists(Numbered(i))) File.Move(Numbered(i), Numbered(i + 1));
        _file = Open();
    }

    private FileStream Open() => new(Numbered(0), FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete, 1 << 16);

    private string Numbered(int i) => Path.Combine(_directory, i == 0 ? $"{_name}.log" : $"{_name}.{i}.log");
}
