using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LiquidityBridge.Host;

/// <summary>How a journal is kept short: a core beside the one that decides folds every record, and when the file is too long it is written anew from that core's state.</summary>
/// <param name="Core">Never started; its state comes from the records alone.</param>
/// <param name="Bytes">The file is written anew when it is longer than this, and four times as long as it was then.</param>
/// <param name="Log">Lines for the operator.</param>
public sealed record Compaction(Bridge Core, long Bytes, Action<string> Log)
{
    /// <summary>Unless configured: some tens of milliseconds of reading at the start, and a pause of about as much every hour or so.</summary>
    public const long BytesDefault = 16 << 20;

    /// <summary>Called after each step, for tests that stop there.</summary>
    internal Action<CompactionStep>? Stepped { get; init; }
}

/// <summary>What has been done when a journal is written anew; the process may die behind any of it.</summary>
internal enum CompactionStep
{
    /// <summary>The new file is there and empty.</summary>
    Created,
    /// <summary>A part of it is written.</summary>
    PartlyWritten,
    /// <summary>All of it is written.</summary>
    Written,
    /// <summary>And on the disk.</summary>
    OnDisk,
    /// <summary>It has the journal's name.</summary>
    Renamed,
    /// <summary>And the folder says so on the disk.</summary>
    FolderOnDisk,
}

/// <summary>Brings a folder's names to the disk: a file that was renamed could have its old name again after a power cut.</summary>
internal static class FolderSync
{
    private const int ReadOnly = 0, Directory = 0x10000;   // O_RDONLY, O_DIRECTORY (Linux)

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
