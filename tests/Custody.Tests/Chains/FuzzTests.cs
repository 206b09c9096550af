using Custody.Chains;
using Custody.Chains.Bitcoin;
using Custody.Chains.Ethereum;

namespace Custody.Tests.Chains;

/// <summary>Whatever a parser is given, it answers or throws <see cref="CodecException"/>: never anything else, never without end.</summary>
[TestFixture]
internal sealed class FuzzTests
{
    private const int Count = 20_000;
    private const string Signed = "01000000000101db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a5477010000001716001479091972186c449eb1ded22b78e40d009bdf0089feffffff02b8b4eb0b000000001976a914a457b684d7f0d539a46a45bbc043f35b59d0d96388ac0008af2f000000001976a914fd270b1ee6abcaea97fea7ad0402e8bd8ad6d77c88ac02473044022047ac8e878352d3ebbde1c94ce3a10d057c24175747116f8288e5d794d12d482f0220217f36a485cae903c713331d877c1f64677e3622ad4010726870540656fe9dcb012103ad1d8e89212f0b92c74d23bb710c00662ad1470198ac48c43f7d6f93a2a2687392040000";

    [Test]
    public void Transactions_and_blocks()
    {
        var good = Hex.Decode(Signed);
        var (read, refused) = Run(random => Mutate(random, good), bytes =>
        {
            // What is read has one form: it writes the same bytes again.
            Assert.That(Transaction.Parse(bytes).Serialise(witnesses: true), Is.EqualTo(bytes));
        });
        Assert.That((read > 1000, refused > 1000), Is.EqualTo((true, true)), $"{read} read, {refused} refused");
        Run(random => Mutate(random, [.. random.Bytes(80), 1, .. good]), static bytes => Block.Parse(bytes));
    }

    [Test]
    public void Ethereum_transactions()
    {
        var random = Seed.New();
        var transaction = new FeeMarketTransaction { ChainID = 1, Nonce = 7, MaxPriorityFee = 1_000_000_000, MaxFee = 30_000_000_000, GasLimit = 60_000, To = random.Bytes(20), Data = Erc20.Transfer(random.Bytes(20), 1_000_000) };
        var signature = new TestKey(random).Sign(transaction.SigningHash());
        var good = transaction.Signed(signature.RS.Span, signature.Parity);
        var (read, refused) = Run(fuzz => Mutate(fuzz, good), bytes =>
        {
            var (parsed, _) = FeeMarketTransaction.ParseSigned(bytes);
            // The signing payload, which the signer reads, has one form too.
            Assert.That(FeeMarketTransaction.ParsePayload(parsed.SigningPayload()).SigningPayload(), Is.EqualTo(parsed.SigningPayload()));
        });
        Assert.That((read > 1000, refused > 1000), Is.EqualTo((true, true)), $"{read} read, {refused} refused");
        Run(fuzz => Mutate(fuzz, good.AsSpan(1).ToArray()), static bytes => Ethereum.RlpTests.Walk(bytes));
    }

    [Test]
    public void Addresses()
    {
        string[] good =
        [
            "bcrt1qan8gntac7z7me2ejt4hpru42ad2f759fmy0m3ejvs98656znv7eqga4uhv", "2MxFajLApXpYk4VodBSZSt7rw8y4ryABkfA",
            "n4fajahJrAuKbN7uNsKjLjQkz9Qn5ewJXQ", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        ];
        Run(random => Mutate(random, System.Text.Encoding.Latin1.GetBytes(good[random.Next(good.Length)])), static bytes =>
        {
            var text = System.Text.Encoding.Latin1.GetString(bytes);
            var script = Address.ToScript(text, Network.Regtest);
            Assert.That(Address.FromScript(script, Network.Regtest), Is.EqualTo(text).IgnoreCase);
        });
        Run(random => Mutate(random, System.Text.Encoding.Latin1.GetBytes(good[3])), static bytes => EthereumAddress.Decode(System.Text.Encoding.Latin1.GetString(bytes)));
    }

    [Test]
    public void Signatures_numbers_and_hex()
    {
        var key = new TestKey(Seed.New());
        var der = DerSignature.Encode(key.Sign(new byte[32]).RS.Span);
        Run(random => Mutate(random, der), bytes =>
        {
            var rs = DerSignature.Decode(bytes);
            if (Secp256k1Curve.IsLowS(rs) && rs.AsSpan(0, 32).ContainsAnyExcept((byte)0) && rs.AsSpan(32).ContainsAnyExcept((byte)0)) Assert.That(DerSignature.Encode(rs), Is.EqualTo(bytes));
        });
        Run(random => random.Bytes(random.Next(70)), static bytes => Secp256k1Curve.ToLowS(bytes));
        Run(random => Mutate(random, "20999999.97690000"u8.ToArray()), static bytes => BitcoinAmount.Sats(System.Text.Encoding.Latin1.GetString(bytes)));
        Run(random => Mutate(random, "0xabcdef0123"u8.ToArray()), static bytes => Hex.Decode0x(System.Text.Encoding.Latin1.GetString(bytes)));
        Run(random => Mutate(random, new byte[32]), static bytes => Erc20.ReadNumber(bytes));
        Run(random => Mutate(random, [.. new byte[12], .. random.Bytes(20)]), static bytes => Erc20.ReadAddress(bytes));
        // Keys, digests and signatures of any content: an answer, never a crash.
        Run(random => random.Bytes(33 + 32 + 64), static bytes =>
        {
            bytes[0] = (byte)(2 + (bytes[0] & 1));
            Secp256k1Curve.Verify(bytes.AsSpan(0, 33), bytes.AsSpan(33, 32), bytes.AsSpan(65));
            Secp256k1Curve.Recover(bytes.AsSpan(33, 32), bytes.AsSpan(65), bytes[1] & 1);
        });
    }

    private static (int Read, int Refused) Run(Func<Random, byte[]> make, Action<byte[]> parse)
    {
        var random = Seed.New();
        var (read, refused) = (0, 0);
        for (var i = 0; i < Count; i++)
        {
            var bytes = make(random);
            try
            {
                parse(bytes);
                read++;
            }
            catch (CodecException)
            {
                refused++;
            }
            catch (Exception fault) when (fault is not AssertionException)
            {
                Assert.Fail($"{fault.GetType().Name} for {Hex.Encode(bytes)}: {fault.Message}");
            }
        }
        return (read, refused);
    }

    // Some bytes changed, cut, doubled or put in.
    private static byte[] Mutate(Random random, byte[] good)
    {
        var bytes = good.ToList();
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(12))
            {
                case 0: bytes.RemoveRange(at, random.Next(bytes.Count - at)); break;
                case 1: bytes.InsertRange(at, random.Bytes(random.Next(1, 10))); break;
                case 2: bytes[at] = (byte)(random.Next(2) * 255); break;
                case 3: bytes.RemoveAt(at); break;
                default: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }
        return [.. bytes];
    }
}
