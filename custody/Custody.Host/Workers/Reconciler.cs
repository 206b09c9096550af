using Custody.Chains;
using Custody.Host.Database;
using Custody.Host.Venue;
using Custody.Keys;
using Custody.Ledger;
using Custody.Reconciliation;
using Custody.Settlement;
using Custody.Withdrawals;
using Venue.Messages;

namespace Custody.Host.Workers;

/// <summary>Compares the ledger with the engine and with the chains. An outflow that the ledger cannot explain stops all withdrawals.</summary>
public sealed class Reconciler(Desk desk, IVenue venue, ISigner signer)
{
    /// <summary>Tag of the alarm and of the halt.</summary>
    public const string Outflow = "outflow-unexplained";

    /// <summary>The ledger against the engine at one sequence number; null while the feed has not come so far.</summary>
    public (long Seq, IReadOnlyList<Difference> Differences)? WithVenue()
    {
        var (seq, balances) = venue.Balances();
        using var unit = desk.Store.BeginSnapshot();
        if (FeedTable.Seq(unit) < seq) return null;
        var names = new Bookkeeper();
        foreach (var named in FeedTable.Names(unit)) names.Book(named);
        var differences = VenueCut.Compare(balances.Select(b => new EngineBalance(b.Firm, names.CodeOf(b.Asset), b.Owned, b.Withdrawing)), LedgerTable.BalancesAt(unit, seq));
        const string tag = "ledger-differs-from-engine";
        if (differences.Count == 0) desk.Clear(tag, "venue");
        else desk.Raise(tag, "venue", $"at {seq}: {string.Join("; ", differences)}");
        return (seq, differences);
    }

    /// <summary>The ledger against one chain at the block that was read last; null when the chain is ahead of it or turns meanwhile.</summary>
    public IReadOnlyList<ChainCut>? WithChain(IChain chain, BlockRef at)
    {
        var (addresses, booked, onTheWay, open) = desk.Store.Read(u => (
            DepositTable.Addresses(u, chain.ChainID).Select(a => a.Address.Address).ToArray(),
            LedgerTable.Balances(u),
            chain.Assets.ToDictionary(a => a, a => DepositTable.OnTheWay(u, chain.ChainID, a)),
            WithdrawalTable.Open(u, chain.ChainID).Where(w => w.Withdrawal.Status is WithdrawalStatus.Signed or WithdrawalStatus.Broadcast)
                .Select(w => (w.Withdrawal.Intent, Transaction: WithdrawalTable.Transaction(u, w.Withdrawal.Intent.Nonce)!)).ToArray()));
        var leaving = chain.Assets.ToDictionary(a => a, _ => default(Amount));
        foreach (var (intent, transaction) in open)
        {
            var status = chain.StatusOf(transaction.Signed!.TxID);
            if (status.State is not (TransactionState.Included or TransactionState.Reverted) || status.Block is null || status.Block.Height > at.Height) continue;
            if (status.State == TransactionState.Included) leaving[intent.Asset] += intent.Amount;
            leaving[chain.NativeAsset] += status.FeePaid ?? transaction.Unsigned.FeeMax;
        }
        var cuts = new List<ChainCut>();
        foreach (var asset in chain.Assets)
        {
            var balance = chain.BalanceOf(asset, addresses);
            if (balance.At.Hash != at.Hash) return null;
            cuts.Add(new ChainCut(chain.ChainID, asset, -booked.GetValueOrDefault(Account.Chain(chain.ChainID, asset)), onTheWay[asset], leaving[asset], balance.Amount));
        }
        if (chain.BlockAt(at.Height)?.Hash != at.Hash) return null;
        foreach (var cut in cuts) Judge(cut, at);
        return cuts;
    }

    private void Judge(ChainCut cut, BlockRef at)
    {
        const string tag = "chain-differs-from-ledger";
        var subject = $"{cut.ChainID} {cut.Asset}";
        if (cut.Difference is not { } difference)
        {
            desk.Clear(tag, subject);
            return;
        }
        if (cut.IsOutflow) Halt($"{Outflow}: block {at.Height}: {difference}");
        else desk.Raise(tag, subject, $"block {at.Height}: {difference}");
    }

    /// <summary>Stops withdrawals here and in the signer. What is signed already goes on: it is in the network's hands.</summary>
    public void Halt(string reason)
    {
        var was = desk.Store.Read(AlarmTable.HaltedBecause);
        if (was is null)
            desk.Store.Write(unit =>
            {
                AlarmTable.Halt(unit, reason);
                desk.Raise(unit, "withdrawals-halted", "custody", reason);
            });
        // Also when we had halted before: the signer may have been down then.
        signer.Halt(was ?? reason);
    }
}
