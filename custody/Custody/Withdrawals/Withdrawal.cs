using static Custody.Withdrawals.WithdrawalEvent;
using static Custody.Withdrawals.WithdrawalStatus;

namespace Custody.Withdrawals;

/// <summary>Where a withdrawal stands. Written down before the effect that it announces.</summary>
public enum WithdrawalStatus : byte
{
    /// <summary>Written down; the venue is being asked to hold the balance.</summary>
    Holding,

    /// <summary>Balance is held; the quorum is not complete.</summary>
    Requested,

    /// <summary>The quorum has signed; a transaction is being built.</summary>
    Approved,

    /// <summary>The unsigned transaction is written down. A signature may exist: from here the chain releases the hold, or the signer's word that it will never sign.</summary>
    Signing,

    /// <summary>The signed transaction is written down. It may have been sent.</summary>
    Signed,

    /// <summary>A node has taken it.</summary>
    Broadcast,

    /// <summary>Final on its chain and in the ledger; the venue is being told.</summary>
    Confirmed,

    /// <summary>Done: paid, and gone from the venue.</summary>
    Settled,

    /// <summary>Policy or the signer said no; the hold is on its way back.</summary>
    Refusing,

    /// <summary>Refused, nothing is held.</summary>
    Refused,

    /// <summary>The requester withdrew it; the hold is on its way back.</summary>
    Canceling,

    /// <summary>Canceled, nothing is held.</summary>
    Canceled,

    /// <summary>The chain will never pay it (reverted, or its coins spent otherwise); the hold is on its way back.</summary>
    Failing,

    /// <summary>Failed, nothing is held.</summary>
    Failed,
}

/// <summary>What happens to a withdrawal.</summary>
public enum WithdrawalEvent : byte
{
    /// <summary>The venue holds the balance.</summary>
    BalanceHeld,

    /// <summary>The venue will not hold it.</summary>
    HoldRefused,

    /// <summary>Enough approvers have signed the intent, and every rule lets it pass.</summary>
    QuorumReached,

    /// <summary>A rule refuses it, expiry included.</summary>
    PolicyRefused,

    /// <summary>The requester or an operator withdraws it.</summary>
    ClientCanceled,

    /// <summary>The unsigned transaction is ready to be written down.</summary>
    SigningStarted,

    /// <summary>The signer refused and has sworn never to sign this intent.</summary>
    SignerRefused,

    /// <summary>All signatures are there.</summary>
    SignaturesGiven,

    /// <summary>A node has the transaction.</summary>
    TxSeen,

    /// <summary>The transaction has the chain's confirmations.</summary>
    TxFinal,

    /// <summary>The transaction, or the one that took its place, is final and does not pay.</summary>
    TxDead,

    /// <summary>The venue has let the held amount go.</summary>
    VenueSettled,

    /// <summary>The venue has given the held amount back.</summary>
    HoldReleased,
}

/// <summary>One move, to be written down with the state that it leads to.</summary>
public readonly record struct WithdrawalMove(WithdrawalStatus From, WithdrawalEvent On, WithdrawalStatus To, long AtNs, string Reason);

/// <summary>One withdrawal: the intent never changes, the status moves.</summary>
public sealed class Withdrawal(WithdrawalIntent intent, WithdrawalStatus status, string reason)
{
    /// <summary>What was asked.</summary>
    public WithdrawalIntent Intent { get; } = intent;

    /// <summary>Where it stands.</summary>
    public WithdrawalStatus Status { get; private set; } = status;

    /// <summary>Why it stands there, or what it waits for: a rule's tag and words, a node's words.</summary>
    public string Reason { get; private set; } = reason;

    /// <summary>Nothing will happen to it any more.</summary>
    public bool IsDone => Status is Settled or Refused or Canceled or Failed;

    /// <summary>An operator may still withdraw it: nothing has been given to the signer.</summary>
    public bool IsCancelable => Status is Requested or Approved;

    /// <summary>The only place that changes <see cref="Status"/>.</summary>
    public WithdrawalMove Move(WithdrawalEvent on, long nowNs, string reason)
    {
        var from = Status;
        Status = Next(from, on);
        Reason = reason;
        return new WithdrawalMove(from, on, Status, nowNs, reason);
    }

    /// <summary>Every legal move. Requests are refused before they become events, so a pair not listed is a bug.</summary>
    public static WithdrawalStatus Next(WithdrawalStatus from, WithdrawalEvent on) => (from, on) switch
    {
        (Holding, BalanceHeld) => Requested,
        (Holding, HoldRefused) => Refused,
        (Requested, QuorumReached) => Approved,
        (Requested, PolicyRefused) => Refusing,
        (Requested, ClientCanceled) => Canceling,
        (Approved, PolicyRefused) => Refusing,      // it expired, or a rule changed, before a transaction could be built
        (Approved, ClientCanceled) => Canceling,
        (Approved, SigningStarted) => Signing,
        (Signing, SignaturesGiven) => Signed,
        (Signing, SignerRefused) => Refusing,
        (Signed, TxSeen) => Broadcast,
        (Signed, TxFinal) => Confirmed,             // sent, and buried before we heard that it was sent
        (Signed, TxDead) => Failing,
        (Broadcast, TxFinal) => Confirmed,
        (Broadcast, TxDead) => Failing,
        (Confirmed, VenueSettled) => Settled,
        (Refusing, HoldReleased) => Refused,
        (Canceling, HoldReleased) => Canceled,
        (Failing, HoldReleased) => Failed,
        _ => throw new InvalidOperationException($"Withdrawal: {on} while {from}"),
    };
}
