using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace Custody.Chains;

/// <summary>The hashes of both chains that are more than one call to the platform.</summary>
public static class Digests
{
    /// <summary>SHA-256 twice: transaction and block identifiers, BIP 143 digests, base58 checksums.</summary>
    public static byte[] Sha256d(ReadOnlySpan<byte> bytes)
    {
        Span<byte> once = stackalloc byte[32];
        SHA256.HashData(bytes, once);
        return SHA256.HashData(once);
    }

    /// <summary>RIPEMD-160 of SHA-256: what P2PKH, P2SH and P2WPKH outputs commit to.</summary>
    public static byte[] Hash160(ReadOnlySpan<byte> bytes)
    {
        Span<byte> once = stackalloc byte[32];
        SHA256.HashData(bytes, once);
        var ripemd = new RipeMD160Digest();
        ripemd.BlockUpdate(once);
        var hash = new byte[20];
        ripemd.DoFinal(hash, 0);
        return hash;
    }

    /// <summary>Keccak-256 with the padding of Ethereum, which is not that of SHA3-256.</summary>
    public static byte[] Keccak256(ReadOnlySpan<byte> bytes)
    {
        var keccak = new KeccakDigest(256);
        keccak.BlockUpdate(bytes);
        var hash = new byte[32];
        keccak.DoFinal(hash, 0);
        return hash;
    }
}
