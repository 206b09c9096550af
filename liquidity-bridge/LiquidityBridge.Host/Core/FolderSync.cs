using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LiquidityBridge.Host;

/// <summary>Brings a folder's names to the disk: a file that was renamed could have its old name again after a power cut.</summary>
internal static class FolderSync
{
    // The venue's sequencer has the same: bridge and venue share no project that may touch the disk.
    private const int ReadOnly = 0, Directory = 0x10000;   // O_RDONLY, O_DIRECTORY (Linux)

    /// <summary>Makes a folder, and those above it, with their names on the disk.</summary>
    /// <exception cref="IOException">It could not be done.</exception>
    public static void Create(string folder)
    {
        var made = new DirectoryInfo(folder);
        if (made.Exists || made.Parent is not { } parent) return;
        Create(parent.FullName);
        made.Create();
        Flush(parent.FullName);
    }

    /// <summary>Brings the names in a folder to the disk.</summary>
    /// <exception cref="IOException">It could not be done.</exception>
    public static void Flush(string folder)
    {
        using var handle = new SafeFileHandle(Open(folder, ReadOnly | Directory), ownsHandle: true);
        if (handle.IsInvalid || Sync(handle) != 0) throw new IOException($"{folder}: fsync failed, error {Marshal.GetLastPInvokeError()}");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint Open(string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(SafeFileHandle file);
}
