using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Venue.Sequencer;

/// <summary>Segments as files of one folder, held by one process at a time.</summary>
public sealed class MappedSegmentStore : ISegmentStore
{
    private const string Extension = ".journal", Unfinished = ".new", LockName = "lock";

    private readonly FileStream? _lock;
    private readonly bool _writable;

    /// <summary>Makes the folder when it is missing, and takes its lock, unless opened for reading only.</summary>
    /// <exception cref="JournalInUseException">Another process has it.</exception>
    public MappedSegmentStore(JournalOptions options)
    {
        Name = Path.GetFullPath(options.Directory);
        _writable = !options.ReadOnly;
        if (!_writable)
        {
            if (!Directory.Exists(Name)) throw new JournalException($"There is no journal in {Name}: the folder does not exist");
            return;
        }
        try
        {
            MakeFolder(Name);
            _lock = TakeLock();
            // Left by a crash while a segment was being made; never part of the journal.
            foreach (var path in Directory.EnumerateFiles(Name, "*" + Extension + Unfinished)) File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _lock?.Dispose();
            throw new JournalException($"The journal folder {Name} cannot be used: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Bytes in one segment of the journal that is there, for a tool that was not told; 0 when there is none.</summary>
    public static int SegmentBytesIn(string directory)
    {
        // Whichever is there: the oldest may have been pruned.
        var any = new DirectoryInfo(directory).EnumerateFiles("*" + Extension).FirstOrDefault();
        return any is null ? 0 : checked((int)any.Length);
    }

    /// <inheritdoc/>
    public string NameOf(long number) => Path.Combine(Name, number.ToString("D10", CultureInfo.InvariantCulture) + Extension);

    /// <inheritdoc/>
    public IReadOnlyList<long> List()
    {
        var numbers = new List<long>();
        foreach (var path in Directory.EnumerateFiles(Name, "*" + Extension))
        {
            if (!long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || NameOf(number) != path)
                throw new JournalException($"{path} is in the journal's folder and is no segment's name; move it elsewhere");
            numbers.Add(number);
        }
        return numbers;
    }

    /// <inheritdoc/>
    public Segment Open(long number, int segmentBytes)
    {
        var path = NameOf(number);
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, _writable ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            // Memory behind the end of a file cannot be touched, so this is looked at before mapping.
            if (length != segmentBytes) throw new JournalException(
                $"Journal segment {path} has {length} bytes and the configuration says {segmentBytes}. If the size in the configuration was changed, " +
                "change it back (an existing journal keeps its own); otherwise the file was cut or overwritten: restore it from a copy.");
            return new MappedSegment(file, segmentBytes, _writable) { Number = number, Name = path };
        }
        catch (Exception fault)
        {
            file?.Dispose();
            if (fault is not (IOException or UnauthorizedAccessException)) throw;
            throw new JournalException($"Journal segment {path} cannot be opened: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public Segment Create(long number, int segmentBytes, ReadOnlySpan<byte> header)
    {
        var path = NameOf(number);
        var unfinished = path + Unfinished;
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            Allocate(file, unfinished, segmentBytes);
            RandomAccess.Write(file, header, 0);
            // Durable under its working name first, so that a file with a segment's name is always a whole segment.
            RandomAccess.FlushToDisk(file);
            File.Move(unfinished, path, overwrite: false);
            Folders.Sync(Name);
            return new MappedSegment(file, segmentBytes, writable: true) { Number = number, Name = path };
        }
        catch (Exception fault)
        {
            file?.Dispose();
            File.Delete(unfinished);
            if (fault is not (IOException or UnauthorizedAccessException)) throw;
            throw new JournalException($"Journal segment {path} cannot be made: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public void Delete(long number)
    {
        try
        {
            File.Delete(NameOf(number));
            Folders.Sync(Name);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"Journal segment {NameOf(number)} cannot be removed: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public void Archive(long number, string folder)
    {
        var from = NameOf(number);
        var to = Path.Combine(Path.GetFullPath(folder), Path.GetFileName(from));
        try
        {
            MakeFolder(Path.GetDirectoryName(to)!);
            // A move that was cut short may have left this very segment there. Another journal's is not written over.
            if (File.Exists(to) && !HasSameHeader(from, to))
                throw new JournalException($"{to} is there already and belongs to another journal: give each venue an archive of its own");
            if (!OperatingSystem.IsLinux() || !Libc.TryRename(from, to)) Copy(from, to);
            Folders.Sync(Path.GetDirectoryName(to)!);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"Journal segment {from} cannot be moved to {to}: {fault.Message}", fault);
        }
        Delete(number);
    }

    /// <summary>To another file system: whole and durable there under its name before the caller removes it here.</summary>
    private static void Copy(string from, string to)
    {
        var unfinished = to + Unfinished;
        using (var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        using (var target = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            source.CopyTo(target, 1 << 20);
            target.Flush(flushToDisk: true);
        }
        File.Move(unfinished, to, overwrite: true);
    }

    private static bool HasSameHeader(string a, string b)
    {
        Span<byte> first = stackalloc byte[SegmentHeader.Size], second = stackalloc byte[SegmentHeader.Size];
        return Read(a, first) == first.Length && Read(b, second) == second.Length && first.SequenceEqual(second);

        static int Read(string path, Span<byte> into)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return file.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    private FileStream TakeLock()
    {
        var path = Path.Combine(Name, LockName);
        try
        {
            // An exclusive lock of the operating system: it goes with the process, also when that is killed.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (File.Exists(path))
        {
            throw new JournalInUseException($"The journal folder {Name} is in use by another process. " +
                "Two venues cannot write one journal: stop the other one, or give this one a folder of its own.", fault);
        }
    }

    private void Allocate(SafeFileHandle file, string path, int bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            if (!Libc.TryAllocate(file, path, bytes)) throw Full(bytes, null);
            return;
        }
        try
        {
            var zeros = new byte[JournalOptions.SegmentBytesMin];
            for (long at = 0; at < bytes; at += zeros.Length) RandomAccess.Write(file, zeros, at);
        }
        catch (IOException fault)
        {
            throw Full(bytes, fault);
        }
    }

    private JournalFullException Full(int bytes, IOException? fault) =>
        new($"There is no room on the disk of {Name} for the journal's next segment of {bytes} bytes. Free some, or move the journal to a larger disk.", fault);

    private static void MakeFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (Path.GetDirectoryName(path) is not { } parent) return;
        MakeFolder(parent);
        Directory.CreateDirectory(path);
        Folders.Sync(parent);
    }
}
