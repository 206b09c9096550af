using Venue.Messages;

namespace Custody.Chains;

/// <summary>
/// What custody needs of one chain: where it stands, what was paid to us, how to pay somebody. Everything is a message:
/// bytes and values in, bytes and values out, so that each step can be written down before the next one is taken.
/// </summary>
/// <remarks>
/// Calls block and are made from the chain's own worker thread. A node that is down, slow or behind is
/// <see cref="ChainUnavailableException"/>: the worker stays in its state and asks again at its next Poll. No call
/// changes the chain except <see cref="Broadcast"/>, and that one is repeatable: the same bytes have the same effect once.
/// Implementations keep no state that the caller would have to restore after a crash.
/// </remarks>
public interface IChain
{
    /// <summary>Which network, as CAIP-2 text: <c>eip155:31337</c>, <c>bip122:0f9188f13cb7b2c71f2a335e3a4fc328</c>. Part of every intent.</summary>
    string ChainID { get; }

    /// <summary>Code of the asset that fees are paid in: BTC, ETH.</summary>
    string NativeAsset { get; }

    /// <summary>Codes of all assets that this chain carries for us, the native one first.</summary>
    IReadOnlyList<string> Assets { get; }

    /// <summary>Public keys that make one address of ours: 3 for P2WSH 2-of-3, 1 for an Ethereum account.</summary>
    int KeysPerAddress { get; }

    /// <summary>How many of them must sign: 2 and 1.</summary>
    int SignaturesPerInput { get; }

    /// <summary>The address that these public keys (33 bytes, compressed, in this order) own. Pure.</summary>
    string AddressOf(IReadOnlyList<ReadOnlyMemory<byte>> publicKeys);

    /// <summary>False when nobody can be paid there. The canonical text is what intents and whitelists hold. Pure.</summary>
    bool TryParseAddress(string text, out string canonical);

    /// <summary>The highest block that the node knows and is synchronised to.</summary>
    BlockRef Tip();

    /// <summary>The block at this height on the chain that the node now thinks best; null above its tip.</summary>
    BlockRef? BlockAt(long height);

    /// <summary>
    /// Everything that <paramref name="block"/> pays to one of the addresses (canonical text), outputs of our own
    /// transactions included; in the block's order. Null when the node no longer holds this block as part of its best chain.
    /// </summary>
    IReadOnlyList<ChainDeposit>? DepositsIn(BlockRef block, IReadOnlySet<string> addresses);

    /// <summary>What the addresses hold at the tip, unconfirmed transactions left out.</summary>
    ChainBalance BalanceOf(string asset, IReadOnlyList<string> addresses);

    /// <summary>
    /// Builds a transaction that makes this payment and nothing else; what is left returns to <c>from[0]</c>.
    /// </summary>
    /// <param name="payment">What to pay, with the highest fee allowed.</param>
    /// <param name="from">Own addresses that may pay, in order of preference. Bitcoin may take coins of several, an account chain takes one.</param>
    /// <param name="reserved">Resources (<see cref="UnsignedTransaction.Spends"/>) that transactions under way hold: never taken again.</param>
    BuildOutcome Build(Payment payment, IReadOnlyList<OwnAddress> from, IReadOnlySet<string> reserved);

    /// <summary>Puts the signatures in. Pure: the same input gives the same bytes.</summary>
    /// <param name="transaction">As <see cref="Build"/> gave it.</param>
    /// <param name="signatures">For each entry of <see cref="UnsignedTransaction.Digests"/>, in its order, <see cref="SignaturesPerInput"/> signatures.</param>
    SignedTransaction Assemble(UnsignedTransaction transaction, IReadOnlyList<IReadOnlyList<TransactionSignature>> signatures);

    /// <summary>Hands the transaction to the network. Sending what is known already is <see cref="BroadcastResult.Accepted"/>.</summary>
    BroadcastOutcome Broadcast(SignedTransaction transaction);

    /// <summary>Where a transaction stands now.</summary>
    TransactionStatus StatusOf(string txID);
}

/// <summary>A block and the one below it. Hashes are lower-case hex as block explorers show them (Ethereum with 0x).</summary>
public sealed record BlockRef(long Height, string Hash, string ParentHash);

/// <summary>Something paid to an address of ours, in a block.</summary>
/// <param name="TxID">Transaction, as block explorers show it.</param>
/// <param name="Index">
/// Place within the transaction, stable when it moves to another block: output number (Bitcoin), place of the Transfer
/// event among the transaction's own events (tokens), -1 for the value of the transaction itself (Ethereum).
/// </param>
/// <param name="Address">Our address, canonical text.</param>
/// <param name="Asset">Asset code.</param>
/// <param name="Amount">In atoms of the asset.</param>
/// <param name="Block">The block it is in.</param>
public sealed record ChainDeposit(string TxID, int Index, string Address, string Asset, Amount Amount, BlockRef Block);

/// <summary>A balance and the block it was read at.</summary>
public sealed record ChainBalance(BlockRef At, Amount Amount);

/// <summary>An address of ours and the compressed public keys that own it.</summary>
public sealed record OwnAddress(string Address, IReadOnlyList<ReadOnlyMemory<byte>> PublicKeys);

/// <summary>One payment to one destination.</summary>
/// <param name="Asset">Asset code.</param>
/// <param name="Amount">What arrives, in atoms of the asset; the chain's fee comes on top.</param>
/// <param name="Destination">Canonical address.</param>
/// <param name="FeeMax">Highest fee, in atoms of the native asset.</param>
public sealed record Payment(string Asset, Amount Amount, string Destination, Amount FeeMax);

/// <summary>Either a transaction, or why there can be none now (funds, fee above the bound), in words.</summary>
public sealed record BuildOutcome(UnsignedTransaction? Transaction, string? Refusal);

/// <summary>A complete transaction but for its signatures, with all that is needed to check and sign it offline.</summary>
public sealed record UnsignedTransaction
{
    /// <summary>CAIP-2 network.</summary>
    public required string ChainID { get; init; }

    /// <summary>
    /// The bytes. Bitcoin: consensus serialisation without witnesses. Ethereum: the EIP-1559 signing payload, 0x02 and the
    /// RLP list of nine fields.
    /// </summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>What it spends, in input order. Empty on an account chain.</summary>
    public IReadOnlyList<SpentOutput> Inputs { get; init; } = [];

    /// <summary>What has to be signed, in input order. The signer computes its own and compares.</summary>
    public required IReadOnlyList<DigestToSign> Digests { get; init; }

    /// <summary>Resources that no other transaction may take while this one is under way: <c>txid:vout</c>, or <c>address#nonce</c>.</summary>
    public required IReadOnlyList<string> Spends { get; init; }

    /// <summary>The fee, in atoms of the native asset; on an account chain the highest that it can be (gas limit x max fee).</summary>
    public required Amount FeeMax { get; init; }
}

/// <summary>A coin that a transaction spends.</summary>
/// <param name="TxID">Transaction that made it, as explorers show it.</param>
/// <param name="Index">Its output number.</param>
/// <param name="Amount">In atoms.</param>
/// <param name="Address">Our address that holds it.</param>
/// <param name="Previous">
/// The whole transaction that made it, consensus serialisation with or without witnesses: the signer hashes it and reads the
/// amount there, since BIP 143 alone lets a lying builder burn funds as fees.
/// </param>
public sealed record SpentOutput(string TxID, int Index, Amount Amount, string Address, ReadOnlyMemory<byte> Previous);

/// <summary>32 bytes to sign with the keys of an address of ours.</summary>
public sealed record DigestToSign(string Address, ReadOnlyMemory<byte> Digest);

/// <summary>An ECDSA signature on secp256k1, verified and low-S before it left the signer.</summary>
/// <param name="PublicKey">33 bytes, compressed.</param>
/// <param name="RS">r and s, 32 bytes each, big-endian.</param>
/// <param name="Parity">0 or 1: which of the two public keys recovery gives (y parity of EIP-1559).</param>
public sealed record TransactionSignature(ReadOnlyMemory<byte> PublicKey, ReadOnlyMemory<byte> RS, byte Parity);

/// <summary>Ready to broadcast.</summary>
/// <param name="TxID">Transaction, as explorers show it.</param>
/// <param name="Raw">Network serialisation.</param>
public sealed record SignedTransaction(string TxID, ReadOnlyMemory<byte> Raw);

/// <summary>What the network said to a transaction.</summary>
public enum BroadcastResult : byte
{
    /// <summary>It is in the pool or in a block, now or before.</summary>
    Accepted,

    /// <summary>A node refuses these bytes; another transaction may have spent what they spend.</summary>
    Refused,
}

/// <summary>The answer, and the node's own words when it refused.</summary>
public sealed record BroadcastOutcome(BroadcastResult Result, string? Reason);

/// <summary>How far a transaction got.</summary>
public enum TransactionState : byte
{
    /// <summary>The node knows nothing of it: never sent, dropped, or in no block that is left.</summary>
    Unknown,

    /// <summary>Waits in the pool.</summary>
    Pooled,

    /// <summary>In a block of the best chain, and did what it says.</summary>
    Included,

    /// <summary>In a block of the best chain, but reverted: only its fee was spent.</summary>
    Reverted,

    /// <summary>Can never be included: a block of the best chain spent its inputs or its nonce otherwise.</summary>
    Conflicted,
}

/// <summary>Where a transaction stands.</summary>
/// <param name="State">How far it got.</param>
/// <param name="Block">The block that has it, or its rival; null when there is none or the node cannot tell.</param>
/// <param name="Confirmations">Blocks from that one to the tip, both counted; 0 outside a block.</param>
/// <param name="FeePaid">In atoms of the native asset; null where the node cannot tell, then <see cref="UnsignedTransaction.FeeMax"/> stands.</param>
public sealed record TransactionStatus(TransactionState State, BlockRef? Block, long Confirmations, Amount? FeePaid);

/// <summary>The node cannot be asked now; nothing is known about what was asked.</summary>
public sealed class ChainUnavailableException : Exception
{
    /// <summary>What was asked, and why there is no answer.</summary>
    public ChainUnavailableException(string message) : base(message) { }

    /// <summary>What was asked, and why there is no answer.</summary>
    public ChainUnavailableException(string message, Exception inner) : base(message, inner) { }
}
