using Custody.Chains;
using Custody.Keys;
using Custody.Policy;
using Custody.Withdrawals;

namespace Custody.Signer;

/// <summary>One thing to sign, worked out by the signer itself.</summary>
/// <param name="Owner">Whose keys sign.</param>
/// <param name="Digest">32 bytes.</param>
internal sealed record Sighash(SignerAddress Owner, byte[] Digest);

/// <summary>Either what to sign, or why not.</summary>
internal sealed record CheckOutcome(IReadOnlyList<Sighash> Digests, Refusal? Refusal)
{
    public static CheckOutcome Refuse(string tag, string text) => new([], new Refusal(tag, text));
}

/// <summary>
/// Reads a network's transactions with code that nobody else uses, and says whether one does exactly what an intent says.
/// What it cannot name it refuses.
/// </summary>
internal interface ITransactionCheck
{
    /// <summary>CAIP-2 network.</summary>
    string ChainID { get; }

    /// <summary>Keys of an address, each in a token of its own.</summary>
    int KeysPerAddress { get; }

    /// <summary>How many of them sign.</summary>
    int SignaturesPerInput { get; }

    /// <summary>The address of these keys, as people write it.</summary>
    string AddressOf(IReadOnlyList<ReadOnlyMemory<byte>> publicKeys);

    /// <summary>One spelling for each address; null when it is not one of this network.</summary>
    string? NormalForm(string address);

    /// <summary>Decodes and compares.</summary>
    /// <param name="transaction">From the host, nothing of it believed.</param>
    /// <param name="intent">Approved.</param>
    /// <param name="own">Our addresses by normal form.</param>
    CheckOutcome Check(UnsignedTransaction transaction, WithdrawalIntent intent, IReadOnlyDictionary<string, SignerAddress> own);
}

/// <summary>Tags of the refusals of transactions; README.md has them with the test of each.</summary>
internal static class TransactionTags
{
    public const string Malformed = "transaction-malformed";
    public const string ChainDiffers = "transaction-chain-differs";
    public const string InputForeign = "transaction-input-foreign";
    public const string InputUnproven = "transaction-input-unproven";
    public const string OutputUnexpected = "transaction-output-unexpected";
    public const string PaymentMissing = "transaction-payment-missing";
    public const string SelectorUnknown = "transaction-selector-unknown";
    public const string FeeMax = "transaction-fee-max";
    public const string DigestDiffers = "transaction-digest-differs";
    public const string DestinationMalformed = "destination-malformed";
}
