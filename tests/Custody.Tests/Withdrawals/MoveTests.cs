using Custody.Deposits;
using Custody.Withdrawals;

namespace Custody.Tests.Withdrawals;

/// <summary>The state machines as tables: what is listed moves, every other pair is a bug that says so.</summary>
public sealed class MoveTests
{
    [Test]
    public void A_withdrawal_moves_only_as_listed() => Assert.That(Table<WithdrawalStatus, WithdrawalEvent>(Withdrawal.Next), Is.EqualTo("""
        Holding BalanceHeld Requested
        Holding HoldRefused Refused
        Requested QuorumReached Approved
        Requested PolicyRefused Refusing
        Requested ClientCanceled Canceling
        Approved PolicyRefused Refusing
        Approved ClientCanceled Canceling
        Approved SigningStarted Signing
        Signing SignerRefused Refusing
        Signing SignaturesGiven Signed
        Signed TxSeen Broadcast
        Signed TxFinal Confirmed
        Signed TxDead Failing
        Broadcast TxFinal Confirmed
        Broadcast TxDead Failing
        Confirmed VenueSettled Settled
        Refusing HoldReleased Refused
        Canceling HoldReleased Canceled
        Failing HoldReleased Failed
        """));

    [Test]
    public void A_deposit_moves_only_as_listed() => Assert.That(Table<DepositStatus, DepositEvent>(Deposit.Next), Is.EqualTo("""
        Seen Buried Confirming
        Seen Deep Crediting
        Seen BlockLost TakenBack
        Confirming Deep Crediting
        Confirming BlockLost TakenBack
        Crediting VenueAnswered Credited
        Crediting BlockLost LostAfterCredit
        Credited BlockLost LostAfterCredit
        TakenBack SeenAgain Seen
        LostAfterCredit SeenAgain Crediting
        """));

    [Test]
    public void Once_signed_only_the_chain_ends_it()
    {
        foreach (var status in new[] { WithdrawalStatus.Signed, WithdrawalStatus.Broadcast })
            foreach (var on in new[] { WithdrawalEvent.ClientCanceled, WithdrawalEvent.PolicyRefused, WithdrawalEvent.HoldReleased, WithdrawalEvent.SignerRefused })
                Assert.Throws<InvalidOperationException>(() => Withdrawal.Next(status, on));
    }

    private static string Table<TStatus, TEvent>(Func<TStatus, TEvent, TStatus> next) where TStatus : struct, Enum where TEvent : struct, Enum
    {
        var lines = new List<string>();
        foreach (var from in Enum.GetValues<TStatus>())
            foreach (var on in Enum.GetValues<TEvent>())
            {
                try
                {
                    lines.Add($"{from} {on} {next(from, on)}");
                }
                catch (InvalidOperationException e)
                {
                    Assert.That(e.Message, Does.Contain($"{on} while {from}"));
                }
            }
        return string.Join('\n', lines);
    }
}
