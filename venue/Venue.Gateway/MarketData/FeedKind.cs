namespace Venue.Gateway;

/// <summary>What one kind of reader of an instrument is shown; readers of the same kind are sent the same bytes.</summary>
/// <param name="Depth">Levels a side.</param>
/// <param name="Shows">Which entry types.</param>
/// <param name="IsConflated">Told at most once per interval, instead of with every turn of the venue.</param>
/// <param name="IsByOrder">Every order is an entry, AggregatedBook(266)=N; else every price is.</param>
/// <param name="IsIncremental">Told by increments, MDUpdateType(265)=1; else by snapshots alone.</param>
internal readonly record struct FeedKind(int Depth, EntryTypes Shows, bool IsConflated, bool IsByOrder, bool IsIncremental)
{
    /// <summary>Levels a side of a full book: the message stays within what every engine takes.</summary>
    public const int LevelsMax = 500;
}
