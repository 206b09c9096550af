namespace Custody.Chains.Bitcoin;

/// <summary>An input that spends a P2WSH 2-of-3 output of ours: its cost, and its witness from two signatures.</summary>
public static class MultisigInput
{
    /// <summary>Keys in the script, and how many of them sign.</summary>
    public const int Keys = 3, Required = 2;

    private const int ScriptLength = 3 + Keys * 34;

    /// <summary>
    /// Weight units of one such input at most: 41 bytes outside the witness at four each, then the item count, the empty item,
    /// two signatures with their hash type, and the script.
    /// </summary>
    public const int WeightMax = 4 * 41 + 1 + 1 + Required * (1 + DerSignature.LengthMax + 1) + 1 + ScriptLength;

    /// <summary>The witness script of three keys, in this order.</summary>
    public static byte[] WitnessScript(IReadOnlyList<ReadOnlyMemory<byte>> publicKeys) =>
        publicKeys.Count == Keys ? Script.Multisig(Required, publicKeys) : throw new CodecException($"multisig: {publicKeys.Count} keys, not {Keys}");

    /// <summary>
    /// The witness: an empty item (CHECKMULTISIG pops one too many; BIP 147 wants it empty), the signatures in the order of
    /// their keys in the script, the script. Each signature is verified first.
    /// </summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Witness(IReadOnlyList<ReadOnlyMemory<byte>> publicKeys, ReadOnlySpan<byte> digest, IReadOnlyList<TransactionSignature> signatures)
    {
        if (signatures.Count != Required) throw new CodecException($"multisig: {signatures.Count} signatures, not {Required}");
        var witness = new List<ReadOnlyMemory<byte>>(Required + 2) { ReadOnlyMemory<byte>.Empty };
        foreach (var key in publicKeys)
        {
            if (signatures.FirstOrDefault(each => each.PublicKey.Span.SequenceEqual(key.Span)) is not { } signature) continue;
            if (!Secp256k1Curve.Verify(key.Span, digest, signature.RS.Span)) throw new CodecException("multisig: a signature that is not its key's, or of high s");
            witness.Add((byte[])[.. DerSignature.Encode(signature.RS.Span), SigHash.All]);
        }
        if (witness.Count != Required + 1) throw new CodecException("multisig: signatures that are not of two keys of this address");
        witness.Add(WitnessScript(publicKeys));
        return witness;
    }
}
