namespace Venue.Host;

/// <summary>
/// Spreads resends: one session's slice at a time, in turns, and after each a pause of three times as long as it took. So
/// however many sessions ask for however much, resends take a quarter of the core's time, and whoever trades waits for at
/// most one slice.
/// </summary>
public sealed class ResendPace
{
    private const int PauseFactor = 3;
    // A slice that took longer did so because the processor was somebody else's.
    private const long PauseMaxNs = 1_000_000;
    // Until the readers, or the commit that live traffic waits for, have made room.
    private const long NoRoomNs = 200_000;

    /// <summary>When the next slice may be sent, nanoseconds since 1970-01-01 UTC.</summary>
    public long DueNs { get; private set; }

    /// <summary>A slice was sent; or no reader had room for one.</summary>
    public void Took(long startNs, long endNs, bool isSent) =>
        DueNs = endNs + (isSent ? Math.Clamp((endNs - startNs) * PauseFactor, 0, PauseMaxNs) : NoRoomNs);
}
