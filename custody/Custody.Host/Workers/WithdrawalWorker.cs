using Custody.Chains;
using Custody.Host.Database;
using Custody.Host.Venue;
using Custody.Keys;
using Custody.Policy;
using Custody.Settlement;
using Custody.Withdrawals;
using Grpc.Core;
using Venue.Messages;
using static Custody.Withdrawals.WithdrawalEvent;
using static Custody.Withdrawals.WithdrawalStatus;

namespace Custody.Host.Workers;

/// <summary>
/// Moves the withdrawals of one chain, one step at a time: what a step is about to do is in the database before it is done,
/// what it does can be repeated, so a crash between any two steps is followed by the same step again.
/// </summary>
public sealed class WithdrawalWorker(Desk desk, IChain chain, ChainTerms terms, IVenue venue, ISigner signer)
{
    /// <summary>Takes every open withdrawal as far as it goes now. Throws when a partner is down, with everything done so far kept.</summary>
    public void Poll()
    {
        Exception? down = null;
        foreach (var stored in desk.Store.Read(u => WithdrawalTable.Open(u, chain.ChainID)))
        {
            try
            {
                var current = stored;
                while (current is not null && Step(current)) current = desk.Store.Read(u => WithdrawalTable.Find(u, stored.Withdrawal.Intent.Nonce));
            }
            catch (Exception e) when (e is ChainUnavailableException or VenueUnavailableException or SignerUnavailableException)
            {
                // One that waits for the signer must not keep another one from its chain.
                down ??= e;
            }
            catch (RpcException e)
            {
                desk.Raise("venue-refused", stored.Withdrawal.Intent.Key, $"{e.StatusCode} {e.Status.Detail}");
            }
        }
        if (down is not null) throw down;
    }

    // True when it moved and may move again at once.
    private bool Step(StoredWithdrawal stored) => stored.Withdrawal.Status switch
    {
        Holding => Hold(stored),
        Requested => AwaitQuorum(stored),
        Approved => Build(stored),
        Signing => Sign(stored),
        Signed => Send(stored),
        WithdrawalStatus.Broadcast => Follow(stored),
        Confirmed => Settle(stored),
        Refusing or Canceling or Failing => Release(stored),
        Settled or WithdrawalStatus.Refused or Canceled or Failed => false,
        _ => throw new InvalidOperationException($"Withdrawal: {stored.Withdrawal.Status} has no step"),
    };

    private bool Hold(StoredWithdrawal stored)
    {
        var intent = stored.Withdrawal.Intent;
        if (desk.Store.Read(u => FeedTable.AssetNumber(u, intent.Asset)) is not { } asset)
        {
            desk.Raise("asset-unknown-to-venue", intent.Asset, $"{intent.Key} waits until the venue defines it");
            return false;
        }
        return venue.Hold(intent.Firm, asset, intent.Amount, intent.Key) is { } refusal
            ? Move(stored, HoldRefused, $"balance-missing: {refusal}")
            : Move(stored, BalanceHeld, "");
    }

    private bool AwaitQuorum(StoredWithdrawal stored) => Check(stored) is { } refusal
        ? refusal.Tag is not (Rules.ApprovalsMissing or Rules.Halted) && Move(stored, PolicyRefused, refusal.ToString())
        : Move(stored, QuorumReached, "");

    private bool Build(StoredWithdrawal stored)
    {
        if (Check(stored) is { } refusal) return refusal.Tag != Rules.Halted && Move(stored, PolicyRefused, refusal.ToString());
        var intent = stored.Withdrawal.Intent;
        var (from, reserved) = desk.Store.Read(u => (DepositTable.Addresses(u, chain.ChainID), WithdrawalTable.Reserved(u, chain.ChainID)));
        var built = chain.Build(new Payment(intent.Asset, intent.Amount, intent.Destination, intent.FeeMax), [.. from.Select(a => a.Address)], reserved);
        if (built.Transaction is not { } transaction)
        {
            desk.Raise("withdrawal-not-built", intent.Key, built.Refusal ?? "");
            return false;
        }
        desk.Clear("withdrawal-not-built", intent.Key);
        return Move(stored, SigningStarted, "", unit => WithdrawalTable.AddTransaction(unit, intent.Nonce, transaction));
    }

    private bool Sign(StoredWithdrawal stored)
    {
        var intent = stored.Withdrawal.Intent;
        var (unsigned, approvals) = desk.Store.Read(u => (TransactionOf(u, intent).Unsigned, WithdrawalTable.Approvals(u, intent.Nonce)));
        switch (signer.Sign(intent, approvals, unsigned))
        {
            case SignedReply reply:
                var signed = chain.Assemble(unsigned, reply.Signatures);
                // Durable before sent: what we cannot send again we could neither repeat nor explain.
                return Move(stored, SignaturesGiven, signed.TxID, unit => WithdrawalTable.AddSigned(unit, intent.Nonce, signed));
            case RefusedReply { Refusal.Tag: Rules.Halted }:
                return false;
            case RefusedReply reply:
                // Only the signer's word that it never will sign lets the hold go.
                if (signer.Void(intent, reply.Refusal.ToString()) is VoidedReply) return Move(stored, SignerRefused, reply.Refusal.ToString());
                desk.Raise("signer-refused-after-signing", intent.Key, reply.Refusal.ToString());
                return false;
            case var other:
                throw new InvalidOperationException($"Withdrawal: the signer answered {other.GetType().Name}");
        }
    }

    private bool Send(StoredWithdrawal stored)
    {
        var intent = stored.Withdrawal.Intent;
        var outcome = chain.Broadcast(SignedOf(intent));
        if (outcome.Result == BroadcastResult.Accepted)
        {
            desk.Clear("broadcast-refused", intent.Key);
            return Move(stored, TxSeen, "");
        }
        desk.Raise("broadcast-refused", intent.Key, outcome.Reason ?? "");
        // It may be buried already, or its coins spent otherwise: the chain knows.
        return Follow(stored);
    }

    private bool Follow(StoredWithdrawal stored)
    {
        var intent = stored.Withdrawal.Intent;
        var transaction = desk.Store.Read(u => TransactionOf(u, intent));
        var signed = transaction.Signed ?? throw new InvalidOperationException($"Withdrawal: {intent.Nonce} was sent without signed bytes");
        var status = chain.StatusOf(signed.TxID);
        // Dropped by the pool, or thrown out by a reorganisation: the same bytes again.
        if (status.State == TransactionState.Unknown && stored.Withdrawal.Status == WithdrawalStatus.Broadcast)
        {
            var again = chain.Broadcast(signed);
            if (again.Result == BroadcastResult.Refused) desk.Raise("broadcast-refused", intent.Key, again.Reason ?? "");
            return false;
        }
        if (status.Confirmations < terms.FinalConfirmations) return false;
        var fee = status.FeePaid ?? transaction.Unsigned.FeeMax;
        return status.State switch
        {
            TransactionState.Included => Final(TxFinal, signed.TxID, fee, isPaid: true),
            TransactionState.Reverted => Final(TxDead, "transaction-reverted", fee, isPaid: false),
            TransactionState.Conflicted => Final(TxDead, "transaction-conflicted", default, isPaid: false),
            _ => false,
        };

        bool Final(WithdrawalEvent on, string reason, Amount paidFee, bool isPaid) => Move(stored, on, reason, unit =>
        {
            if (ChainPostings.Of(intent, chain.NativeAsset, paidFee, isPaid) is { } booked) LedgerTable.Post(unit, [booked]);
        });
    }

    private bool Settle(StoredWithdrawal stored)
    {
        venue.Settle(stored.Withdrawal.Intent.Key);
        return Move(stored, VenueSettled, stored.Withdrawal.Reason);
    }

    private bool Release(StoredWithdrawal stored)
    {
        venue.Release(stored.Withdrawal.Intent.Key);
        return Move(stored, HoldReleased, stored.Withdrawal.Reason);
    }

    private Refusal? Check(StoredWithdrawal stored)
    {
        var intent = stored.Withdrawal.Intent;
        return desk.Store.Read(u => Rules.Check(desk.Policy, new PolicyCase
        {
            Intent = intent,
            Now = desk.Now,
            Approvals = WithdrawalTable.Approvals(u, intent.Nonce),
            SpentInDay = WithdrawalTable.SpentSince(u, chain.ChainID, intent.Asset, desk.WindowStartNs, intent.Nonce),
            IsDestinationOwn = DepositTable.Addresses(u, chain.ChainID).Any(a => a.Address.Address == intent.Destination),
            IsHalted = AlarmTable.HaltedBecause(u) is not null,
        }, PolicyStage.Quorum));
    }

    private bool Move(StoredWithdrawal stored, WithdrawalEvent on, string reason, Action<Unit>? with = null)
    {
        var move = stored.Withdrawal.Move(on, desk.NowNs, reason);
        using var unit = desk.Store.Begin();
        // An operator's move came in between: nothing of ours counts, the next Poll sees theirs.
        if (!WithdrawalTable.Save(unit, stored, move)) return false;
        with?.Invoke(unit);
        unit.Commit();
        desk.Log.WithdrawalMoved(stored.Withdrawal.Intent.Nonce, move.From, move.To, reason);
        return true;
    }

    private static StoredTransaction TransactionOf(Unit unit, WithdrawalIntent intent) =>
        WithdrawalTable.Transaction(unit, intent.Nonce) ?? throw new InvalidOperationException($"Withdrawal: {intent.Nonce} is to be signed without a transaction");

    private SignedTransaction SignedOf(WithdrawalIntent intent) =>
        desk.Store.Read(u => TransactionOf(u, intent)).Signed ?? throw new InvalidOperationException($"Withdrawal: {intent.Nonce} is to be sent without signed bytes");
}
