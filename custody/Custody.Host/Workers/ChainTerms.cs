namespace Custody.Host.Workers;

/// <summary>How deep a network has to be before it is believed.</summary>
/// <param name="ChainID">CAIP-2 network.</param>
/// <param name="DepositConfirmations">Blocks until a deposit is credited, its own counted.</param>
/// <param name="FinalConfirmations">Blocks until a withdrawal is done, its own counted.</param>
/// <param name="TrailBlocks">Blocks kept to follow a reorganisation; a deeper one stops deposits with an alarm.</param>
/// <param name="StartHeight">First block to look at; null for <paramref name="TrailBlocks"/> below the tip at the first start.</param>
public sealed record ChainTerms(string ChainID, int DepositConfirmations, int FinalConfirmations, int TrailBlocks, long? StartHeight)
{
    /// <summary>Every fault, each with its consequence.</summary>
    public IEnumerable<string> Validate()
    {
        if (DepositConfirmations < 1) yield return $"{ChainID}: deposit confirmations {DepositConfirmations}: a payment in no block would be credited";
        if (FinalConfirmations < 1) yield return $"{ChainID}: final confirmations {FinalConfirmations}: a withdrawal in no block would be done";
        if (TrailBlocks <= Math.Max(DepositConfirmations, FinalConfirmations)) yield return $"{ChainID}: a trail of {TrailBlocks} blocks cannot take back what {Math.Max(DepositConfirmations, FinalConfirmations)} confirmations have credited";
        if (StartHeight < 0) yield return $"{ChainID}: start height {StartHeight} is negative";
    }
}
