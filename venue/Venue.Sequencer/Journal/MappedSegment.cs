using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Venue.Sequencer;

/// <summary>A segment file, mapped whole.</summary>
internal sealed unsafe class MappedSegment : Segment
{
    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private bool _disposed;

    /// <summary>Maps all of <paramref name="file"/>, which belongs to the segment from then on.</summary>
    public MappedSegment(SafeFileHandle file, int length, bool writable)
    {
        var access = writable ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.Read;
        _file = file;
        _map = MemoryMappedFile.CreateFromFile(file, mapName: null, length, access, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, length, access);
        byte* memory = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
        Memory = memory;
        Length = length;
    }

    /// <inheritdoc/>
    public override void Sync(int from, int bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            Libc.SyncMemory(Memory + from, bytes, Name);
            return;
        }
        _view.Flush();
        RandomAccess.FlushToDisk(_file);
    }

    /// <inheritdoc/>
    public override void ForWriting()
    {
        // Or the first write to a page would read the kernel's read-ahead around it, megabytes, on the writer's time.
        if (OperatingSystem.IsLinux()) Libc.ExpectNoReadAhead(Memory, Length);
    }

    /// <inheritdoc/>
    public override void MakeReady(int from, int bytes)
    {
        if (OperatingSystem.IsLinux()) Libc.MakeWritable(Memory + from, bytes);
    }

    /// <summary>Closes the file; the mapping stays, for reading.</summary>
    public override void Seal()
    {
        _map.Dispose();
        _file.Dispose();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.SafeMemoryMappedViewHandle.Dispose();   // the accessor's own Dispose would sync on this thread
        Seal();
    }
}
