namespace Venue.Gateway;

/// <summary>What an instrument has traded in the last 24 hours; all zero when nothing.</summary>
/// <param name="Open">First price, in ticks.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Last">Last price.</param>
/// <param name="Lots">Quantity.</param>
public readonly record struct DayStatistics(long Open, long High, long Low, long Last, Int128 Lots);
