namespace Venue.Gateway;

/// <summary>The venue's own tags on reference data.</summary>
internal static class ReferenceTags
{
    /// <summary>On f: the phase itself, of which SecurityTradingStatus(326) knows fewer.</summary>
    public const int Phase = 8022;

    /// <summary>On f: when the phase ends by itself.</summary>
    public const int PhaseEndTime = 8023;
}
