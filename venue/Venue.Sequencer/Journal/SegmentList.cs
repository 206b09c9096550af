namespace Venue.Sequencer;

/// <summary>Segments by number, without a gap: the oldest kept to the newest. Never changed, only replaced.</summary>
internal sealed class SegmentList
{
    /// <summary>No segment.</summary>
    public static readonly SegmentList None = new(0, []);

    private readonly Segment[] _segments;

    private SegmentList(long first, Segment[] segments) => (First, _segments) = (first, segments);

    /// <summary>Number of the oldest.</summary>
    public long First { get; }

    /// <summary>Number behind the newest.</summary>
    public long End => First + _segments.Length;

    /// <summary>True when there is none.</summary>
    public bool IsEmpty => _segments.Length == 0;

    /// <summary>The segment of this number.</summary>
    public Segment this[long number] => _segments[number - First];

    /// <summary>True when the segment of this number is here.</summary>
    public bool Has(long number) => number >= First && number < End;

    /// <summary>One more at the end.</summary>
    public SegmentList With(Segment next) => new(IsEmpty ? next.Number : First, [.. _segments, next]);

    /// <summary>Those from this number on.</summary>
    public SegmentList From(long number) => new(number, _segments[(int)(number - First)..]);

    /// <summary>Those before this number.</summary>
    public SegmentList Before(long number) => new(First, _segments[..(int)(number - First)]);

    /// <summary>Lets the memory of all go.</summary>
    public void Dispose()
    {
        foreach (var segment in _segments) segment.Dispose();
    }
}
