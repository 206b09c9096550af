using System.Security.Cryptography;
using System.Text;
using Custody.Chains;
using Venue.Messages;
using static Custody.Deposits.DepositEvent;
using static Custody.Deposits.DepositStatus;

namespace Custody.Deposits;

/// <summary>Where a deposit stands.</summary>
public enum DepositStatus : byte
{
    /// <summary>In the highest block that we have read.</summary>
    Seen,

    /// <summary>Under other blocks, fewer than the chain's confirmations.</summary>
    Confirming,

    /// <summary>Deep enough and in the ledger; the venue is being told. A credit may exist from here on.</summary>
    Crediting,

    /// <summary>The firm has it.</summary>
    Credited,

    /// <summary>Its block left the chain before anything was credited. Ends here unless it is seen again.</summary>
    TakenBack,

    /// <summary>Its block left the chain after a credit may have been given: an alarm stands until it is seen again.</summary>
    LostAfterCredit,
}

/// <summary>What happens to a deposit.</summary>
public enum DepositEvent : byte
{
    /// <summary>At least one block lies on top of it.</summary>
    Buried,

    /// <summary>It has the chain's confirmations.</summary>
    Deep,

    /// <summary>The venue has credited it, now or before.</summary>
    VenueAnswered,

    /// <summary>Its block is no longer part of the best chain.</summary>
    BlockLost,

    /// <summary>It is in another block of the best chain.</summary>
    SeenAgain,
}

/// <summary>One move, to be written down with the state that it leads to.</summary>
public readonly record struct DepositMove(DepositStatus From, DepositEvent On, DepositStatus To, long AtNs);

/// <summary>One payment to an address of ours, from the block that showed it to the firm's balance.</summary>
/// <remarks>Identity is network, transaction and place in it: the block may change, the deposit stays the same one.</remarks>
public sealed class Deposit(string chainID, ChainDeposit payment, int firm, DepositStatus status = Seen)
{
    /// <summary>CAIP-2 network.</summary>
    public string ChainID { get; } = chainID;

    /// <summary>What was paid, and the block it is in now.</summary>
    public ChainDeposit Payment { get; private set; } = payment;

    /// <summary>Whose address it was paid to; 0 for the house.</summary>
    public int Firm { get; } = firm;

    /// <summary>Where it stands.</summary>
    public DepositStatus Status { get; private set; } = status;

    /// <summary>Its key in the ledger: the same payment can never be booked twice.</summary>
    public string Key => KeyOf(ChainID, Payment.TxID, Payment.Index);

    /// <summary>
    /// Its key at the venue, which takes 39 characters: 31 hexadecimal digits of the SHA-256 of <see cref="Key"/>. The same
    /// payment can never be credited twice, and a second one with the same digits would be refused, never merged.
    /// </summary>
    public string VenueKey => KeyPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Key)))[..VenueKeyDigits];

    /// <summary>Amount in atoms of its asset.</summary>
    public Amount Amount => Payment.Amount;

    private const int VenueKeyDigits = 31;

    /// <summary>What every such key begins with, here and at the venue.</summary>
    public const string KeyPrefix = "deposit:";

    /// <summary>The key of a payment.</summary>
    public static string KeyOf(string chainID, string txID, int index) => $"{KeyPrefix}{chainID}:{txID}:{index}";

    /// <summary>What its depth says must happen next; null when nothing does.</summary>
    /// <param name="tipHeight">Height of the highest block that we have read.</param>
    /// <param name="confirmations">Blocks needed, its own counted.</param>
    public DepositEvent? AtDepth(long tipHeight, int confirmations)
    {
        if (Status is not (Seen or Confirming)) return null;
        var depth = tipHeight - Payment.Block.Height + 1;
        if (depth >= confirmations) return Deep;
        return Status == Seen && depth > 1 ? Buried : null;
    }

    /// <summary>The only place that changes <see cref="Status"/>.</summary>
    public DepositMove Move(DepositEvent on, long nowNs)
    {
        var from = Status;
        Status = Next(from, on);
        return new DepositMove(from, on, Status, nowNs);
    }

    /// <summary>It is in another block now.</summary>
    public DepositMove MoveTo(ChainDeposit payment, long nowNs)
    {
        if (KeyOf(ChainID, payment.TxID, payment.Index) != Key || payment.Amount != Amount || payment.Asset != Payment.Asset || payment.Address != Payment.Address)
            throw new InvalidOperationException($"Deposit: {Key} came back as another payment");
        var move = Move(SeenAgain, nowNs);
        Payment = payment;
        return move;
    }

    /// <summary>Every legal move; a pair not listed is a bug.</summary>
    public static DepositStatus Next(DepositStatus from, DepositEvent on) => (from, on) switch
    {
        (Seen, Buried) => Confirming,
        (Seen, Deep) => Crediting,
        (Seen, BlockLost) => TakenBack,
        (Confirming, Deep) => Crediting,
        (Confirming, BlockLost) => TakenBack,
        (TakenBack, SeenAgain) => Seen,
        (Crediting, VenueAnswered) => DepositStatus.Credited,
        (Crediting, BlockLost) => LostAfterCredit,  // the venue may have been told: never guess that it was not
        (DepositStatus.Credited, BlockLost) => LostAfterCredit,
        (LostAfterCredit, SeenAgain) => Crediting,  // telling the venue again is harmless, it knows the key
        _ => throw new InvalidOperationException($"Deposit: {on} while {from}"),
    };
}
