namespace Venue.Gateway;

/// <summary>
/// Receive buffers of connections that have ended, for the next ones: who connects thousands of times a second costs no
/// memory that the collector must first find again.
/// </summary>
/// <remarks>One thread. Keeps at most <paramref name="keptMax"/> of each size.</remarks>
public sealed class ReceiveBuffers(int keptMax)
{
    private readonly Dictionary<int, Stack<byte[]>> _kept = [];

    /// <summary>A pinned buffer of this many bytes; what is in it is another's.</summary>
    internal byte[] Take(int bytes) => _kept.TryGetValue(bytes, out var kept) && kept.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

    /// <summary>Nobody uses it any more.</summary>
    internal void Return(byte[] buffer)
    {
        if (!_kept.TryGetValue(buffer.Length, out var kept)) _kept.Add(buffer.Length, kept = new Stack<byte[]>(keptMax));
        if (kept.Count < keptMax) kept.Push(buffer);
    }
}
