using Custody.Chains;
using Custody.Chains.Bitcoin;

namespace Custody.Tests.Chains.Bitcoin;

/// <summary>The bytes of transactions. Those of the examples are BIP 143's.</summary>
[TestFixture]
internal sealed class TransactionTests
{
    private const string Unsigned = "0100000001db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a54770100000000feffffff02b8b4eb0b000000001976a914a457b684d7f0d539a46a45bbc043f35b59d0d96388ac0008af2f000000001976a914fd270b1ee6abcaea97fea7ad0402e8bd8ad6d77c88ac92040000";
    private const string Signed = "01000000000101db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a5477010000001716001479091972186c449eb1ded22b78e40d009bdf0089feffffff02b8b4eb0b000000001976a914a457b684d7f0d539a46a45bbc043f35b59d0d96388ac0008af2f000000001976a914fd270b1ee6abcaea97fea7ad0402e8bd8ad6d77c88ac02473044022047ac8e878352d3ebbde1c94ce3a10d057c24175747116f8288e5d794d12d482f0220217f36a485cae903c713331d877c1f64677e3622ad4010726870540656fe9dcb012103ad1d8e89212f0b92c74d23bb710c00662ad1470198ac48c43f7d6f93a2a2687392040000";

    [Test]
    public void Reads_and_writes_the_examples()
    {
        foreach (var text in new[] { Unsigned, Signed })
            Assert.That(Hex.Encode(Transaction.Parse(Hex.Decode(text)).Serialise(witnesses: true)), Is.EqualTo(text));
        var signed = Transaction.Parse(Hex.Decode(Signed));
        Assert.That(signed.Inputs[0].Previous.ToString(), Is.EqualTo("77541aeb3c4dac9260b68f74f44c973081a9d4cb2ebe8038b2d70faa201b6bdb:1"));
        Assert.That(signed.Inputs[0].Sequence, Is.EqualTo(0xfffffffe));
        Assert.That(signed.Inputs[0].Witness.Select(static item => item.Length), Is.EqualTo(new[] { 71, 33 }));
        Assert.That(signed.Outputs.Select(static output => output.Sats), Is.EqualTo(new[] { 199_996_600L, 800_000_000L }));
        Assert.That(signed.LockTime, Is.EqualTo(1170));
        // Three times 142 bytes (119 and the script of 23) and once 251 with witnesses.
        Assert.That((signed.Weight, signed.VirtualSize), Is.EqualTo((677, 170)));
    }

    [Test]
    public void Every_cut_and_every_addition_is_refused()
    {
        foreach (var bytes in new[] { Hex.Decode(Unsigned), Hex.Decode(Signed) })
        {
            for (var length = 0; length < bytes.Length; length++)
                Assert.That(() => Transaction.Parse(bytes.AsSpan(0, length)), Throws.TypeOf<CodecException>(), $"cut at {length}");
            Assert.That(() => Transaction.Parse([.. bytes, 0]), Throws.TypeOf<CodecException>());
        }
    }

    [TestCase("0100000000" + "00", "flag", TestName = "neither inputs nor witnesses")]
    [TestCase("0100000000" + "02" + "00", "flag", TestName = "a flag that is unknown")]
    [TestCase("0100000000010001" + "00000000000000000000", "no inputs", TestName = "witnesses and no inputs")]
    [TestCase("01000000" + "fd0100" + "db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a5477" + "0100000000feffffff" + "01" + "0000000000000000" + "00" + "00000000", "more bytes than it needs", TestName = "a count in more bytes than it needs")]
    [TestCase("01000000" + "01" + "db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a5477" + "0100000000feffffff" + "00" + "00000000" + "0000000000", "no outputs", TestName = "no outputs")]
    [TestCase("01000000" + "01" + "db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a5477" + "0100000000feffffff" + "01" + "ffffffffffffffff" + "00" + "00000000", "amount", TestName = "an amount below zero")]
    [TestCase("01000000" + "01" + "db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a5477" + "0100000000feffffff" + "01" + "0140075af0750700" + "00" + "00000000", "amount", TestName = "an amount above 21 million bitcoin")]
    [TestCase("01000000" + "0001" + "01" + "db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a5477" + "0100000000feffffff" + "01" + "0000000000000000" + "00" + "00" + "00000000", "and none", TestName = "the form with witnesses and none")]
    [TestCase("01000000" + "ff" + "ffffffffffffffff", "more than the bytes", TestName = "a count of everything")]
    public void Malformed_bytes_are_refused(string hex, string why) =>
        Assert.That(Assert.Throws<CodecException>(() => Transaction.Parse(Hex.Decode(hex)))!.Message, Does.Contain(why));

    [Test]
    public void The_first_block_of_all_is_read_and_a_changed_one_refused()
    {
        // Bitcoin Core chainparams.cpp: the genesis block of the main network.
        var bytes = Hex.Decode("0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c0101000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000");
        var block = Block.Parse(bytes);
        Assert.That(block.Hash, Is.EqualTo(Network.Main.Genesis));
        Assert.That(block.ParentHash, Is.EqualTo(new string('0', 64)));
        Assert.That(block.Transactions.Single().ID, Is.EqualTo("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"));
        bytes[^10] ^= 1;
        Assert.That(Assert.Throws<CodecException>(() => Block.Parse(bytes))!.Message, Does.Contain("not the transactions"));
    }

    [TestCase("0.00000001", 1)]
    [TestCase("-0.00012340", -12340)]
    [TestCase("20999999.9769", 2_099_999_997_690_000)]
    [TestCase("1", 100_000_000)]
    [TestCase("0.1", 10_000_000)]
    public void Amounts_of_the_node_are_exact(string bitcoin, long sats) => Assert.That(BitcoinAmount.Sats(bitcoin), Is.EqualTo(sats));

    [TestCase("1e-8")]
    [TestCase("0.000000001")]
    [TestCase("1.")]
    [TestCase(".1")]
    [TestCase("")]
    [TestCase("-")]
    [TestCase("123456789")]
    public void Other_numbers_are_refused(string text) => Assert.That(() => BitcoinAmount.Sats(text), Throws.TypeOf<CodecException>());
}
