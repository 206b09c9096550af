using Custody.Chains;
using Custody.Chains.Bitcoin;

namespace Custody.Tests.Chains.Bitcoin;

/// <summary>The examples of BIP 143 that sign with SIGHASH_ALL, and their signed transactions.</summary>
[TestFixture]
internal sealed class SigHashTests
{
    private const string SixOfSix = "56210307b8ae49ac90a048e9b53357a2354b3334e9c8bee813ecb98e99a7e07e8c3ba32103b28f0c28bfab54554ae8c658ac5c3e0ce6e79ad336331f78c428dd43eea8449b21034b8113d703413d57761b8b9781957b8c0ac1dfe69f492580ca4195f50376ba4a21033400f6afecb833092a9a21cfdf1ed1376e58c5d1f47de74683123987e967a8f42103a6d48b1131e94ba04d9737d61acdaa1322008af9602b3b14862c07a1789aac162102d8b661b0b3302ee2f162b09e07a55ad5dfbe673a9f01d9f0c19617681024306b56ae";

    [TestCase(
        "0100000002fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f0000000000eeffffffef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac11000000",
        1, "76a9141d0f172a0ecb48aee1be1f2687d2963ae33f71a188ac", 600_000_000,
        "c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670", TestName = "BIP 143 native P2WPKH")]
    [TestCase(
        "0100000001db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a54770100000000feffffff02b8b4eb0b000000001976a914a457b684d7f0d539a46a45bbc043f35b59d0d96388ac0008af2f000000001976a914fd270b1ee6abcaea97fea7ad0402e8bd8ad6d77c88ac92040000",
        0, "76a91479091972186c449eb1ded22b78e40d009bdf008988ac", 1_000_000_000,
        "64f3b0f4dd2bb3aa1ce8566d220cc74dda9df97d8490cc81d89d735c92e59fb6", TestName = "BIP 143 P2SH-P2WPKH")]
    [TestCase(
        "010000000136641869ca081e70f394c6948e8af409e18b619df2ed74aa106c1ca29787b96e0100000000ffffffff0200e9a435000000001976a914389ffce9cd9ae88dcc0631e88a821ffdbe9bfe2688acc0832f05000000001976a9147480a33f950689af511e6e84c138dbbd3c3ee41588ac00000000",
        0, SixOfSix, 987_654_321,
        "185c0be5263dce5b4bb50a047973c1b6272bfbd0103a89444597dc40b248ee7c", TestName = "BIP 143 P2SH-P2WSH 6-of-6")]
    [TestCase(
        "010000000169c12106097dc2e0526493ef67f21269fe888ef05c7a3a5dacab38e1ac8387f14c1d000000ffffffff0101000000000000000000000000",
        0, "ad4830450220487fb382c4974de3f7d834c1b617fe15860828c7f96454490edd6d891556dcc9022100baf95feb48f845d5bfc9882eb6aeefa1bc3790e39f59eaa46ff7f15ae626c53e01", 200_000,
        "71c9cd9b2869b9c70b01b1f0360c148f42dee72297db312638df136f43311f23", TestName = "BIP 143 no FindAndDelete")]
    public void Digest_is_that_of_the_example(string unsigned, int input, string scriptCode, long sats, string digest) =>
        Assert.That(Hex.Encode(new SigHash(Transaction.Parse(Hex.Decode(unsigned))).Digest(input, Hex.Decode(scriptCode), sats)), Is.EqualTo(digest));

    // BIP 143: the signature given for the P2SH-P2WSH example with SIGHASH_ALL, its key and its digest.
    [Test]
    public void Signature_of_the_example_verifies()
    {
        var rs = DerSignature.Decode(Hex.Decode("304402206ac44d672dac41f9b00e28f4df20c52eeb087207e8d758d76d92c6fab3b73e2b0220367750dbbe19290069cba53d096f44530e4f98acaa594810388cf7409a1870ce"));
        var key = Hex.Decode("0307b8ae49ac90a048e9b53357a2354b3334e9c8bee813ecb98e99a7e07e8c3ba3");
        var digest = Hex.Decode("185c0be5263dce5b4bb50a047973c1b6272bfbd0103a89444597dc40b248ee7c");
        Assert.That(Secp256k1Curve.Verify(key, digest, rs), Is.True);
        // RFC 6979 makes the same signature from the example's private key.
        var signed = new TestKey("730fff80e1413068a05b57d6a58261f07551163369787f349438ea38ca80fac6").Sign(digest);
        Assert.That(Hex.Encode(signed.RS.Span), Is.EqualTo(Hex.Encode(rs)));
        Assert.That(Hex.Encode(signed.PublicKey.Span), Is.EqualTo(Hex.Encode(key)));
    }

    [Test]
    public void Six_of_six_script_is_that_of_the_example()
    {
        var keys = Enumerable.Range(0, 6).Select(static i => (ReadOnlyMemory<byte>)Hex.Decode(SixOfSix.AsSpan(4 + 68 * i, 66))).ToArray();
        var script = Script.Multisig(6, keys);
        Assert.That(Hex.Encode(script), Is.EqualTo(SixOfSix));
        // BIP 143: the redeem script of the P2SH-P2WSH example.
        Assert.That(Hex.Encode(Script.PayToWitnessScriptHash(script)), Is.EqualTo("0020a16b5755f7f6f96dbd65f5f0d6ab9418b89af4b1f14a1bb8a09062c35f0dcb54"));
    }
}
