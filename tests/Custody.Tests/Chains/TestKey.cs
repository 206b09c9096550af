using Custody.Chains;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace Custody.Tests.Chains;

/// <summary>A key in software, for tests alone: in production the HSM signs. Signatures are BouncyCastle's, by RFC 6979.</summary>
internal sealed class TestKey
{
    private static readonly ECDomainParameters Curve = new(SecNamedCurves.GetByName("secp256k1"));

    private readonly ECPrivateKeyParameters secret;

    public TestKey(Random random) : this(new BigInteger(1, random.Bytes(32)).Mod(Curve.N.Subtract(BigInteger.Two)).Add(BigInteger.One)) { }

    public TestKey(string hex) : this(new BigInteger(hex, 16)) { }

    private TestKey(BigInteger d)
    {
        secret = new ECPrivateKeyParameters(d, Curve);
        PublicKey = Curve.G.Multiply(d).Normalize().GetEncoded(compressed: true);
    }

    /// <summary>33 bytes.</summary>
    public byte[] PublicKey { get; }

    /// <summary>r and s as they come, s in either half.</summary>
    public byte[] SignEitherHalf(byte[] digest)
    {
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(true, secret);
        var rs = signer.GenerateSignature(digest);
        return [.. To32(rs[0]), .. To32(rs[1])];
    }

    public TransactionSignature Sign(ReadOnlyMemory<byte> digest)
    {
        var rs = Secp256k1Curve.ToLowS(SignEitherHalf(digest.ToArray()));
        return new TransactionSignature(PublicKey, rs, Secp256k1Curve.ParityOf(PublicKey, digest.Span, rs)!.Value);
    }

    /// <summary>BouncyCastle's opinion.</summary>
    public bool Verifies(byte[] digest, byte[] rs)
    {
        var verifier = new ECDsaSigner();
        verifier.Init(false, new ECPublicKeyParameters(Curve.Curve.DecodePoint(PublicKey), Curve));
        return verifier.VerifySignature(digest, new BigInteger(1, rs, 0, 32), new BigInteger(1, rs, 32, 32));
    }

    private static byte[] To32(BigInteger number)
    {
        var bytes = number.ToByteArrayUnsigned();
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
