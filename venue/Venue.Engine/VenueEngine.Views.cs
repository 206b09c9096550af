using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>One instrument as an operator looks at it; prices in ticks, 0 for none.</summary>
/// <param name="Phase">What happens to orders now.</param>
/// <param name="BestBid">Highest shown bid.</param>
/// <param name="BestAsk">Lowest shown ask.</param>
/// <param name="Last">Last trade.</param>
/// <param name="Index">Last index price.</param>
public readonly record struct MarketView(Phase Phase, long BestBid, long BestAsk, long Last, long Index);

/// <content>Single looks at the state, for operators.</content>
public sealed partial class VenueEngine<TEvents>
{
    /// <summary>How an instrument stands.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such instrument.</exception>
    public MarketView Market(int instrument)
    {
        var found = Known(instrument);
        return new MarketView(found.Phase, found.BestTicks(Side.Buy), found.BestTicks(Side.Sell), found.LastTicks, found.IndexTicks);
    }

    /// <summary>True while this kill switch is engaged.</summary>
    public bool IsKilled(KillScope scope, int target) => _kills.IsEngaged(scope, target);
}
