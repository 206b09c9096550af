using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What firms have, as the engine counts it.</summary>
public interface IAccounts
{
    /// <summary>What a firm has of an asset: free, and held for open orders and withdrawals.</summary>
    (Amount Available, Amount Held) Balance(int firm, int asset);
}
