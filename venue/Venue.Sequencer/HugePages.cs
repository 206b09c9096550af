using System.Runtime.InteropServices;

namespace Venue.Sequencer;

/// <summary>Asks Linux to back memory by huge pages (of 2 MiB), so that tables of gigabytes are found without a walk through page tables.</summary>
public static partial class HugePages
{
    private const nint PageBytes = 2 << 20;
    private const int MadvHugePage = 14, MadvPopulateWrite = 23;

    /// <summary>
    /// Makes the huge pages that lie wholly in this memory real, now, with what is in it: later it is no longer waited for.
    /// False when the system has none; then the memory is what it was.
    /// </summary>
    public static bool TryReserve(nint address, nint bytes)
    {
        var from = (address + PageBytes - 1) & ~(PageBytes - 1);
        var to = (address + bytes) & ~(PageBytes - 1);
        return to <= from || (madvise(from, to - from, MadvHugePage) == 0 && madvise(from, to - from, MadvPopulateWrite) == 0);
    }

    [LibraryImport("libc")]
    private static partial int madvise(nint address, nint length, int advice);
}
