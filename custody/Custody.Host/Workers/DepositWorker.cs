using Custody.Chains;
using Custody.Deposits;
using Custody.Host.Database;
using Custody.Host.Venue;
using Custody.Settlement;
using Grpc.Core;

namespace Custody.Host.Workers;

/// <summary>
/// Follows one chain block by block: what it pays us is written down with the block, taken back when the block is lost, booked
/// and credited when it is deep.
/// </summary>
/// <remarks>Everything that a block changes is one database transaction, so that a crash leaves whole blocks.</remarks>
public sealed class DepositWorker(Desk desk, IChain chain, ChainTerms terms, IVenue venue)
{
    private const int BlocksPerPoll = 200;

    /// <summary>The last block that was read; null before the first.</summary>
    public BlockRef? Last { get; private set; }

    /// <summary>Whether the last Poll read up to the tip.</summary>
    public bool IsAtTip { get; private set; }

    /// <summary>Does what there is to do now. Throws <see cref="ChainUnavailableException"/> or <see cref="VenueUnavailableException"/> with everything done so far kept.</summary>
    public void Poll()
    {
        var trail = desk.Store.Read(u => DepositTable.Trail(u, chain.ChainID));
        Last = trail.Last;
        if (!TakeBack(trail)) return;
        IsAtTip = ReadBlocks(trail);
        Last = trail.Last;
        if (Last is { } last) Confirm(last.Height);
        Credit();
    }

    private bool TakeBack(BlockTrail trail)
    {
        var lost = trail.Lost(chain.BlockAt);
        if (lost.Count == 0) return true;
        if (lost.Count == trail.Blocks.Count)
        {
            // Deeper than we can follow: nothing is credited until somebody has looked.
            desk.Raise("reorganisation-too-deep", chain.ChainID, $"none of the last {lost.Count} blocks is part of the chain any more");
            return false;
        }
        desk.Store.Write(unit =>
        {
            foreach (var block in lost)
                foreach (var deposit in DepositTable.InBlock(unit, chain.ChainID, block))
                {
                    var move = deposit.Move(DepositEvent.BlockLost, desk.NowNs);
                    DepositTable.Save(unit, deposit, move);
                    if (move.To == DepositStatus.LostAfterCredit)
                        desk.Raise(unit, "deposit-lost-after-credit", deposit.Key, $"{deposit.Amount.Atoms} atoms of {deposit.Payment.Asset} for firm {deposit.Firm}: block {block.Height} {block.Hash} left the chain");
                }
            DepositTable.DropBlocks(unit, chain.ChainID, lost[^1].Height);
        });
        trail.Drop(lost.Count);
        desk.Log.BlocksLost(chain.ChainID, lost.Count, lost[^1].Height);
        return true;
    }

    private bool ReadBlocks(BlockTrail trail)
    {
        for (var count = 0; count < BlocksPerPoll; count++)
        {
            var next = chain.BlockAt(trail.Last is { } last ? last.Height + 1 : terms.StartHeight ?? Math.Max(0, chain.Tip().Height - terms.TrailBlocks));
            if (next is null) return true;
            // The chain turned between two questions: the next Poll takes back what is lost.
            if (trail.Last is { } below && next.ParentHash != below.Hash) return false;
            // Read after the block was there: an address that it pays was given out before.
            var firmOf = desk.Store.Read(u => DepositTable.Addresses(u, chain.ChainID)).ToDictionary(a => a.Address.Address, a => a.Firm, StringComparer.Ordinal);
            if (chain.DepositsIn(next, firmOf.Keys.ToHashSet(StringComparer.Ordinal)) is not { } payments) return false;
            Write(next, payments, firmOf);
            trail.Add(next);
        }
        return false;
    }

    private void Write(BlockRef block, IReadOnlyList<ChainDeposit> payments, Dictionary<string, int> firmOf) => desk.Store.Write(unit =>
    {
        // Change of our own withdrawals comes back to us, but nobody deposited it.
        var ours = payments.Count == 0 ? [] : WithdrawalTable.Ours(unit, chain.ChainID, payments.Select(p => p.TxID));
        foreach (var payment in payments)
        {
            if (ours.Contains(payment.TxID) || payment.Amount.Atoms <= 0) continue;
            if (DepositTable.Find(unit, chain.ChainID, payment.TxID, payment.Index) is { } before)
            {
                var move = before.MoveTo(payment, desk.NowNs);
                DepositTable.Save(unit, before, move);
                if (move.From == DepositStatus.LostAfterCredit && AlarmTable.Clear(unit, "deposit-lost-after-credit", before.Key, desk.NowNs)) desk.Log.AlarmCleared("deposit-lost-after-credit", before.Key);
            }
            else
            {
                DepositTable.Add(unit, new Deposit(chain.ChainID, payment, firmOf[payment.Address]));
            }
        }
        DepositTable.AddBlock(unit, chain.ChainID, block, terms.TrailBlocks);
    });

    private void Confirm(long tipHeight)
    {
        foreach (var deposit in desk.Store.Read(u => DepositTable.Open(u, chain.ChainID)))
        {
            if (deposit.AtDepth(tipHeight, terms.DepositConfirmations) is not { } on) continue;
            var move = deposit.Move(on, desk.NowNs);
            desk.Store.Write(unit =>
            {
                DepositTable.Save(unit, deposit, move);
                // Booked with the move: from here on it is owed, whatever happens to us.
                if (move.To == DepositStatus.Crediting) LedgerTable.Post(unit, [ChainPostings.Of(deposit)]);
            });
        }
    }

    private void Credit()
    {
        foreach (var deposit in desk.Store.Read(u => DepositTable.Open(u, chain.ChainID)))
        {
            if (deposit.Status != DepositStatus.Crediting) continue;
            if (deposit.Firm != 0)
            {
                if (desk.Store.Read(u => FeedTable.AssetNumber(u, deposit.Payment.Asset)) is not { } asset)
                {
                    desk.Raise("asset-unknown-to-venue", deposit.Payment.Asset, $"{deposit.Key} waits until the venue defines it");
                    continue;
                }
                try
                {
                    venue.Credit(deposit.Firm, asset, deposit.Amount, deposit.VenueKey);
                }
                catch (RpcException e)
                {
                    desk.Raise("venue-refused", deposit.Key, $"{e.StatusCode} {e.Status.Detail}");
                    continue;
                }
            }
            var move = deposit.Move(DepositEvent.VenueAnswered, desk.NowNs);
            desk.Store.Write(unit => DepositTable.Save(unit, deposit, move));
        }
    }
}
