using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Venue.Matching;

/// <summary>Asks the processor to fetch what will be needed soon. A hint: it changes no value, and does nothing where there is no such instruction.</summary>
public static class Cache
{
    /// <summary>Fetches the line that <paramref name="value"/> begins in and the one that it ends in; it is of 64 bytes at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch<T>(ref readonly T value) where T : unmanaged
    {
        // Should the collector move the array meanwhile, the wrong line is fetched and nothing else happens.
        if (!Sse.IsSupported) return;
        var first = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in value));
        Sse.Prefetch0(first);
        if (sizeof(T) > sizeof(ulong)) Sse.Prefetch0(first + sizeof(T) - 1);
    }

    /// <summary>Fetches the one line that <paramref name="value"/> lies in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void PrefetchLine<T>(ref readonly T value) where T : unmanaged
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in value)));
    }
}
