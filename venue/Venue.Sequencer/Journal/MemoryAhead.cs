namespace Venue.Sequencer;

/// <summary>
/// The memory behind the journal's end: made ready by the commit thread, so that the owner's next records find their pages
/// there and writable, instead of a fault for each.
/// </summary>
/// <remarks>
/// As much as came since the last time will come until the next. Little is not worth it: the sync between would write
/// pages that nothing stands on, and take them back from the owner.
/// </remarks>
internal sealed class MemoryAhead(Segments segments, int segmentBytes)
{
    private const int BytesMin = 256 << 10, BytesMax = 8 << 20;

    private long _seen;      // the journal's end at the last time
    private long _readyTo;   // up to here everything is ready

    /// <summary>The journal ends here; nothing was written by this process.</summary>
    public void Begin(long end) => _seen = end;

    /// <summary>Makes ready what follows the journal's end. The commit thread.</summary>
    public void MakeReady(long end)
    {
        var came = end - _seen;
        _seen = end;
        if (came < BytesMin) return;
        var from = Math.Max(_readyTo, end);
        _readyTo = end + Math.Min(came, BytesMax);
        while (from < _readyTo && segments.At(from / segmentBytes) is { } segment)
        {
            var offset = (int)(from % segmentBytes);
            var bytes = (int)Math.Min(_readyTo - from, segmentBytes - offset);
            segment.MakeReady(offset, bytes);
            from += bytes;
        }
    }
}
