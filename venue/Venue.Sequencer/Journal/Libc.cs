using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Venue.Sequencer;

/// <summary>The few calls of the C library that .NET has no name for. Linux.</summary>
internal static unsafe partial class Libc
{
    private const int EINTR = 4, EXDEV = 18, ENOSPC = 28, EDQUOT = 122;
    private const int O_RDONLY = 0;
    private const int MADV_RANDOM = 1, MADV_POPULATE_WRITE = 23;
    private const int MS_SYNC = 4;

    /// <summary>
    /// Makes these bytes of a mapped file durable, and of its metadata only what reading them back needs: fdatasync of a range
    /// (Linux carries out MS_SYNC as vfs_fsync_range with datasync). Other pages of the file are left as they are, writable ones too.
    /// </summary>
    public static void SyncMemory(byte* memory, int bytes, string path)
    {
        var into = (int)((nint)memory & (Environment.SystemPageSize - 1));
        while (msync(memory - into, bytes + into, MS_SYNC) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != EINTR) throw Failed("msync", path, error);
        }
    }

    /// <summary>Reserves the blocks of a file, so that no later write to its memory can find the disk full. False when there is no room.</summary>
    public static bool TryAllocate(SafeFileHandle file, string path, long bytes)
    {
        while (true)
        {
            var error = posix_fallocate(file, 0, bytes);
            if (error == 0) return true;
            if (error is ENOSPC or EDQUOT) return false;
            if (error != EINTR) throw Failed("posix_fallocate", path, error);
        }
    }

    /// <summary>Gives a file another name, in place of what has that name; false when that is on another file system.</summary>
    public static bool TryRename(string from, string to)
    {
        if (rename(from, to) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == EXDEV ? false : throw Failed("rename", from, error);
    }

    /// <summary>Makes what was created, renamed or removed in a folder durable.</summary>
    public static void SyncFolder(string path)
    {
        var fd = open(path, O_RDONLY);
        if (fd < 0) throw Failed("open", path, Marshal.GetLastPInvokeError());
        using var folder = new SafeFileHandle(fd, ownsHandle: true);
        if (fsync(folder) != 0) throw Failed("fsync", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>A page that is touched comes alone. Advice: the kernel may not take it.</summary>
    public static void ExpectNoReadAhead(byte* memory, int bytes) => _ = madvise(memory, bytes, MADV_RANDOM);

    /// <summary>
    /// Brings pages in and lets them be written without a fault (Linux 5.14). Advice: where the kernel does not take it, or a
    /// page cannot be had, the writer takes the fault.
    /// </summary>
    public static void MakeWritable(byte* memory, int bytes)
    {
        var into = (int)((nint)memory & (Environment.SystemPageSize - 1));
        _ = madvise(memory - into, bytes + into, MADV_POPULATE_WRITE);
    }

    private static IOException Failed(string call, string path, int error) =>
        new($"{call} of {path}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int msync(byte* memory, nint bytes, int flags);

    [LibraryImport("libc")]
    private static partial int madvise(byte* memory, nint bytes, int advice);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle fd);

    // Returns the error itself; a 64-bit off_t on every 64-bit Linux.
    [LibraryImport("libc")]
    private static partial int posix_fallocate(SafeFileHandle fd, long offset, long bytes);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
}
