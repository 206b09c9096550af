using Custody.Deposits;
using Custody.Ledger;
using Custody.Withdrawals;
using Venue.Messages;

namespace Custody.Settlement;

/// <summary>What a chain's doings book. The venue's side follows by the feed: between them the amount is in transit.</summary>
public static class ChainPostings
{
    /// <summary>A deposit that is deep: it is ours, and on its way to the firm; what is paid to firm 0 is the house's treasury.</summary>
    public static LedgerTransaction Of(Deposit deposit)
    {
        var asset = deposit.Payment.Asset;
        var to = deposit.Firm == 0 ? Account.Treasury(asset) : Account.InTransit(asset);
        return LedgerTransaction.Of(deposit.Key, 0,
            new Posting(Account.Chain(deposit.ChainID, asset), -deposit.Amount),
            new Posting(to, deposit.Amount))
            ?? throw new InvalidOperationException($"Deposit: {deposit.Key} of nothing");
    }

    /// <summary>A withdrawal's transaction that is final: the amount has left when <paramref name="isPaid"/>, its fee in any case.</summary>
    /// <param name="intent">What was paid, or not.</param>
    /// <param name="nativeAsset">Asset of the fee.</param>
    /// <param name="fee">In atoms of the native asset.</param>
    /// <param name="isPaid">False for a transaction that reverted.</param>
    public static LedgerTransaction? Of(WithdrawalIntent intent, string nativeAsset, Amount fee, bool isPaid)
    {
        var paid = isPaid ? intent.Amount : default;
        return LedgerTransaction.Of(intent.Key, 0,
            new Posting(Account.InTransit(intent.Asset), -paid),
            new Posting(Account.Chain(intent.ChainID, intent.Asset), paid),
            new Posting(Account.Treasury(nativeAsset), -fee),
            new Posting(Account.Chain(intent.ChainID, nativeAsset), fee));
    }
}
