using Venue.Messages;

namespace Custody.Reconciliation;

/// <summary>What explains the balance of our addresses of one asset on one network, at one block.</summary>
/// <param name="ChainID">CAIP-2 network.</param>
/// <param name="Asset">Asset code.</param>
/// <param name="Booked">What the ledger says the chain holds, in atoms.</param>
/// <param name="DepositsOnTheWay">Deposits in blocks, not deep enough to be booked.</param>
/// <param name="WithdrawalsOnTheWay">Amounts and fees of withdrawals in blocks, not deep enough to be booked.</param>
/// <param name="OnChain">What the addresses hold there.</param>
public readonly record struct ChainCut(string ChainID, string Asset, Amount Booked, Amount DepositsOnTheWay, Amount WithdrawalsOnTheWay, Amount OnChain)
{
    /// <summary>What the addresses should hold.</summary>
    public Amount Expected => Booked + DepositsOnTheWay - WithdrawalsOnTheWay;

    /// <summary>Null when every atom is explained.</summary>
    public Difference? Difference => Expected == OnChain ? null : new Difference($"{ChainID} {Asset}", Expected, OnChain);

    /// <summary>Money left that the ledger cannot explain: everything has to stop.</summary>
    public bool IsOutflow => OnChain < Expected;
}
