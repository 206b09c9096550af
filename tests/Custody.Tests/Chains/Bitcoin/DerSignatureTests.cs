using Custody.Chains;
using Custody.Chains.Bitcoin;

namespace Custody.Tests.Chains.Bitcoin;

/// <summary>BIP 66 and the lower half of s, against BouncyCastle as the oracle.</summary>
[TestFixture]
internal sealed class DerSignatureTests
{
    [Test]
    public void Signatures_come_back_and_verify()
    {
        var random = Seed.New();
        for (var i = 0; i < 200; i++)
        {
            var key = new TestKey(random);
            var digest = random.Bytes(32);
            var either = key.SignEitherHalf(digest);
            var low = Secp256k1Curve.ToLowS(either);
            Assert.That(Secp256k1Curve.IsLowS(low), Is.True);
            Assert.That(key.Verifies(digest, low), Is.True);
            Assert.That(Secp256k1Curve.Verify(key.PublicKey, digest, low), Is.True);
            // The library takes the lower half only; BouncyCastle both.
            Assert.That(Secp256k1Curve.Verify(key.PublicKey, digest, either), Is.EqualTo(Secp256k1Curve.IsLowS(either)));

            var der = DerSignature.Encode(low);
            Assert.That(der.Length, Is.LessThanOrEqualTo(DerSignature.LengthMax));
            Assert.That(DerSignature.Decode(der), Is.EqualTo(low));
            if (!Secp256k1Curve.IsLowS(either)) Assert.That(() => DerSignature.Encode(either), Throws.TypeOf<CodecException>());

            digest[random.Next(32)] ^= (byte)(1 << random.Next(8));
            Assert.That(Secp256k1Curve.Verify(key.PublicKey, digest, low), Is.False);
        }
    }

    [Test]
    public void Recovery_names_the_key_and_only_by_its_parity()
    {
        var random = Seed.New();
        for (var i = 0; i < 100; i++)
        {
            var key = new TestKey(random);
            var digest = random.Bytes(32);
            var rs = Secp256k1Curve.ToLowS(key.SignEitherHalf(digest));
            var parity = Secp256k1Curve.ParityOf(key.PublicKey, digest, rs);
            Assert.That(Secp256k1Curve.Recover(digest, rs, parity!.Value), Is.EqualTo(key.PublicKey));
            Assert.That(Secp256k1Curve.Recover(digest, rs, 1 - parity.Value), Is.Not.EqualTo(key.PublicKey));
            Assert.That(Secp256k1Curve.ParityOf(new TestKey(random).PublicKey, digest, rs), Is.Null);
        }
    }

    // BIP 66, "Background on DER encoding": each breaks one rule.
    [TestCase("", TestName = "nothing")]
    [TestCase("3006020101020101" + "01", TestName = "bytes after the end")]
    [TestCase("3106020101020101", TestName = "no sequence")]
    [TestCase("3007020101020101", TestName = "a length of another sequence")]
    [TestCase("3006030101020101", TestName = "r that is no integer")]
    [TestCase("3006020101030101", TestName = "s that is no integer")]
    [TestCase("3006020201020101", TestName = "r that runs into s")]
    [TestCase("30060200" + "02020101", TestName = "r of no bytes")]
    [TestCase("3006020181020101", TestName = "r below zero")]
    [TestCase("300702020001020101", TestName = "r with a zero too many")]
    [TestCase("3006020101020181", TestName = "s below zero")]
    [TestCase("300702010102020001", TestName = "s with a zero too many")]
    public void Anything_but_strict_DER_is_refused(string hex) => Assert.That(() => DerSignature.Decode(Hex.Decode(hex)), Throws.TypeOf<CodecException>());

    [Test]
    public void The_border_of_the_lower_half_is_exact()
    {
        var half = Hex.Decode("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
        Assert.That(Secp256k1Curve.IsLowS([.. new byte[32], .. half]), Is.True);
        half[31]++;
        Assert.That(Secp256k1Curve.IsLowS([.. new byte[32], .. half]), Is.False);
    }
}
