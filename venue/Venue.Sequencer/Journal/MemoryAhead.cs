namespace Venue.Sequencer;

/// <summary>
/// The memory behind the journal's end: made ready by the commit thread, so that the owner's next records find their pages
/// there and writable, instead of a fault for each.
/// </summary>
/// <remarks>As much again as came since the last time is to be ready, doubled because more may come; pages that are ready stay so until they are written.</remarks>
internal sealed class MemoryAhead(Segments segments, int segmentBytes)
{
    private const int BytesMin = 256 << 10, BytesMax = 32 << 20;

    private long _seen;      // the journal's end at the last time
    private long _readyTo;   // up to here everything is ready

    /// <summary>The journal ends here; nothing was written by this process.</summary>
    public void Begin(long end) => _seen = end;

    /// <summary>Makes ready what follows the journal's end, when half of it is used up. The commit thread.</summary>
    public void MakeReady(long end)
    {
        var wanted = Math.Clamp(2 * (end - _seen), BytesMin, BytesMax);
        _seen = end;
        if (_readyTo - end > wanted / 2) return;
        var from = Math.Max(_readyTo, end);
        for (var to = end + wanted; from < to && segments.At(from / segmentBytes) is { } segment;)
        {
            var offset = (int)(from % segmentBytes);
            var bytes = (int)Math.Min(to - from, segmentBytes - offset);
            segment.MakeReady(offset, bytes);
            from += bytes;
        }
        _readyTo = from;
    }
}
