using System.Globalization;
using System.Numerics;
using System.Text;
using Custody.Chains;
using Custody.Keys;
using Custody.Withdrawals;
using static Custody.Signer.TransactionTags;

namespace Custody.Signer.Ethereum;

/// <summary>
/// An Ethereum transaction is an intent when it sends exactly the amount to the destination and carries nothing else: plain
/// value without data, or transfer(address,uint256) on the one contract that the asset has. No other call can be named here.
/// </summary>
/// <param name="chainID">CAIP-2 network, eip155.</param>
/// <param name="nativeAsset">Asset that plain value is.</param>
/// <param name="contracts">Token contracts (normal form) by asset code.</param>
/// <param name="gasMax">Highest gas limit.</param>
internal sealed class EthereumCheck(string chainID, string nativeAsset, IReadOnlyDictionary<string, string> contracts, long gasMax) : ITransactionCheck
{
    private readonly BigInteger _number = BigInteger.Parse(chainID.AsSpan("eip155:".Length), NumberStyles.None, CultureInfo.InvariantCulture);

    public string ChainID => chainID;

    public int KeysPerAddress => 1;

    public int SignaturesPerInput => 1;

    /// <summary>EIP-55: the case of the letters is a checksum.</summary>
    public string AddressOf(IReadOnlyList<ReadOnlyMemory<byte>> publicKeys) =>
        Checksummed(Convert.ToHexStringLower(FeeMarketTransaction.Keccak(Secp256k1.Convert(publicKeys[0].Span, compressed: false).AsSpan(1)).AsSpan(12)));

    public string? NormalForm(string address)
    {
        if (address.Length != 42 || !address.StartsWith("0x", StringComparison.Ordinal)) return null;
        var hex = address[2..];
        if (!hex.All(char.IsAsciiHexDigit)) return null;
        var lower = hex.ToLowerInvariant();
        // EIP-55: letters of one case carry no checksum, of both cases they must fit.
        if (hex.Any(char.IsAsciiLetterLower) && hex.Any(char.IsAsciiLetterUpper) && address != Checksummed(lower)) return null;
        return "0x" + lower;
    }

    public CheckOutcome Check(UnsignedTransaction transaction, WithdrawalIntent intent, IReadOnlyDictionary<string, SignerAddress> own)
    {
        FeeMarketTransaction read;
        try
        {
            read = FeeMarketTransaction.Read(transaction.Raw.Span);
        }
        catch (InvalidDataException e)
        {
            return CheckOutcome.Refuse(Malformed, e.Message);
        }
        if (read.ChainID != _number) return CheckOutcome.Refuse(ChainDiffers, $"chain {read.ChainID}");
        if (read.HasAccessList) return CheckOutcome.Refuse(Malformed, "it has an access list");
        if (read.MaxPriorityFee > read.MaxFee) return CheckOutcome.Refuse(Malformed, "the tip is higher than the whole fee");
        if (read.GasLimit > gasMax) return CheckOutcome.Refuse(FeeMax, $"{read.GasLimit} gas, at most {gasMax}");
        if (read.GasLimit * read.MaxFee > (BigInteger)intent.FeeMax.Atoms) return CheckOutcome.Refuse(FeeMax, $"{read.GasLimit * read.MaxFee} atoms, at most {intent.FeeMax.Atoms}");
        if (NormalForm(intent.Destination) is not { } destination) return CheckOutcome.Refuse(DestinationMalformed, intent.Destination);

        var to = "0x" + Convert.ToHexStringLower(read.To);
        var amount = (BigInteger)intent.Amount.Atoms;
        if (intent.Asset == nativeAsset)
        {
            if (read.Data.Length != 0) return CheckOutcome.Refuse(SelectorUnknown, $"{read.Data.Length} bytes of data with plain value");
            if (to != destination || read.Value != amount) return CheckOutcome.Refuse(PaymentMissing, $"pays {read.Value} atoms to {to}");
        }
        else
        {
            if (!contracts.TryGetValue(intent.Asset, out var contract)) return CheckOutcome.Refuse(OutputUnexpected, $"{intent.Asset} has no contract here");
            if (to != contract) return CheckOutcome.Refuse(OutputUnexpected, $"calls {to}, which is not the contract of {intent.Asset}");
            if (read.Value != 0) return CheckOutcome.Refuse(OutputUnexpected, $"sends {read.Value} atoms of {nativeAsset} along");
            // ERC-20 transfer(address,uint256): selector, 12 zero bytes and the address, the amount.
            if (read.Data.Length < 4 || !read.Data.AsSpan(0, 4).SequenceEqual<byte>([0xA9, 0x05, 0x9C, 0xBB]))
                return CheckOutcome.Refuse(SelectorUnknown, Convert.ToHexStringLower(read.Data.AsSpan(0, Math.Min(4, read.Data.Length))));
            if (read.Data.Length != 68 || read.Data.AsSpan(4, 12).ContainsAnyExcept((byte)0)) return CheckOutcome.Refuse(Malformed, "the arguments of transfer are not an address and an amount");
            var payee = "0x" + Convert.ToHexStringLower(read.Data.AsSpan(16, 20));
            var paid = new BigInteger(read.Data.AsSpan(36, 32), isUnsigned: true, isBigEndian: true);
            if (payee != destination || paid != amount) return CheckOutcome.Refuse(PaymentMissing, $"transfers {paid} atoms to {payee}");
        }

        if (transaction.Digests.Count != 1) return CheckOutcome.Refuse(DigestDiffers, $"{transaction.Digests.Count} digests");
        if (NormalForm(transaction.Digests[0].Address) is not { } sender || !own.TryGetValue(sender, out var owner)) return CheckOutcome.Refuse(InputForeign, $"{transaction.Digests[0].Address} is not ours");
        var digest = FeeMarketTransaction.Keccak(transaction.Raw.Span);
        if (!transaction.Digests[0].Digest.Span.SequenceEqual(digest)) return CheckOutcome.Refuse(DigestDiffers, "the payload's hash is another one");
        return new CheckOutcome([new Sighash(owner, digest)], null);
    }

    private static string Checksummed(string lowerHex)
    {
        var hash = Convert.ToHexStringLower(FeeMarketTransaction.Keccak(Encoding.ASCII.GetBytes(lowerHex)));
        return "0x" + string.Concat(lowerHex.Select((c, i) => hash[i] >= '8' ? char.ToUpperInvariant(c) : c));
    }
}
