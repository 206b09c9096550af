namespace Venue.Host;

/// <summary>
/// How long a connection with more to read than its turn is left alone while the disk is behind: its own TCP then slows
/// the client, long before an order is refused. A client that sends little is never left alone, so its cancels pass.
/// </summary>
public static class ReadPace
{
    private const long FirstPauseNs = 250_000;
    private const int Steps = 8;

    /// <summary>
    /// Nothing below half of the bound; from there a quarter of a millisecond, doubled with every sixteenth of the bound, up to 32 ms.
    /// </summary>
    /// <param name="waitingBytes">Bytes of the journal that wait for the disk.</param>
    /// <param name="boundBytes">As many of them as there may be.</param>
    public static long PauseNs(long waitingBytes, long boundBytes)
    {
        var above = waitingBytes - boundBytes / 2;
        if (above < 0) return 0;
        return FirstPauseNs << (int)Math.Min(Steps - 1, above * 2 * Steps / boundBytes);
    }
}
