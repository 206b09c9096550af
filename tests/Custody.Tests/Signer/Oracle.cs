using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace Custody.Tests.Signer;

/// <summary>BouncyCastle's opinion of a signature: another implementation than the one that the signer uses.</summary>
internal static class Oracle
{
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> rs)
    {
        var curve = SecNamedCurves.GetByName("secp256k1");
        var signer = new ECDsaSigner();
        signer.Init(false, new ECPublicKeyParameters(curve.Curve.DecodePoint(publicKey.ToArray()), new ECDomainParameters(curve)));
        return signer.VerifySignature(digest.ToArray(), new BigInteger(1, rs[..32].ToArray()), new BigInteger(1, rs[32..].ToArray()));
    }
}
