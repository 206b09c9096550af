using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What firms have, as the engine counts it.</summary>
public interface IAccounts
{
    /// <summary>What a firm has of an asset: free, and held for open orders and withdrawals.</summary>
    (Amount Available, Amount Held) Balance(int firm, int asset);

    /// <summary>A firm's position on an instrument: net lots, what they cost in tick-lots, and what closing positions has earned, in quote atoms, fees paid taken off. All zero for a firm whose positions are not kept.</summary>
    (long Lots, Int128 CostTickLots, Amount Realised) Position(int firm, int instrument);
}
