using System.Numerics;
using Org.BouncyCastle.Crypto.Digests;

namespace Custody.Signer.Ethereum;

/// <summary>The signing payload of EIP-1559 as read from its bytes: 0x02 and a list of nine.</summary>
internal sealed record FeeMarketTransaction(
    BigInteger ChainID, BigInteger Nonce, BigInteger MaxPriorityFee, BigInteger MaxFee, BigInteger GasLimit,
    byte[] To, BigInteger Value, byte[] Data, bool HasAccessList)
{
    /// <summary>Throws <see cref="InvalidDataException"/> for anything else, a signed transaction included.</summary>
    public static FeeMarketTransaction Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0 || bytes[0] != 0x02) throw new InvalidDataException("not a transaction of type 2");
        var outer = new Rlp(bytes[1..]);
        var fields = outer.List();
        if (!outer.IsAtEnd) throw new InvalidDataException("bytes follow the transaction");
        var chainID = fields.Number();
        var nonce = fields.Number();
        var maxPriorityFee = fields.Number();
        var maxFee = fields.Number();
        var gasLimit = fields.Number();
        var to = fields.Bytes().ToArray();
        var value = fields.Number();
        var data = fields.Bytes().ToArray();
        var hasAccessList = !fields.List().IsAtEnd;
        if (!fields.IsAtEnd) throw new InvalidDataException("fields follow the ninth");
        return new FeeMarketTransaction(chainID, nonce, maxPriorityFee, maxFee, gasLimit, to, value, data, hasAccessList);
    }

    /// <summary>Keccak-256, the hash of Ethereum (not SHA-3).</summary>
    public static byte[] Keccak(ReadOnlySpan<byte> bytes)
    {
        var digest = new KeccakDigest(256);
        digest.BlockUpdate(bytes.ToArray(), 0, bytes.Length);
        var hash = new byte[32];
        digest.DoFinal(hash, 0);
        return hash;
    }
}
