using System.Buffers.Binary;
using System.Security.Cryptography;
using Custody.Chains;
using Custody.Keys;
using Custody.Signer.Bitcoin;
using Custody.Tests.Support;
using Custody.Withdrawals;
using Org.BouncyCastle.Crypto.Digests;
using Venue.Messages;

namespace Custody.Tests.Signer;

/// <summary>The signer's Bitcoin decoder: official vectors, and every way in which a transaction is not the intent.</summary>
public sealed class BitcoinCheckTests
{
    private static readonly BitcoinScripts Scripts = new("bcrt", 111, 196);
    private static readonly SignerAddress Own = Address(1), Second = Address(4), Foreign = Address(7);
    private static readonly BitcoinCheck Check = new(TestSigner.Bitcoin, Scripts);

    private static readonly WithdrawalIntent Intent = new()
    {
        Nonce = new string('a', 32),
        Firm = 1,
        ChainID = TestSigner.Bitcoin,
        Asset = "BTC",
        Amount = new Amount(70_000),
        Destination = TestSigner.BitcoinPayee,
        FeeMax = new Amount(1_000),
        Requester = "treasurer",
        ExpiresAt = 1,
    };

    // BIP 143, "Native P2WPKH": the second input's digest. A P2WPKH script code has the place of our witness script.
    [Test]
    public void BIP_143_gives_the_digest()
    {
        var transaction = BitcoinTransaction.Read(Convert.FromHexString(
            "0100000002fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f0000000000eeffffffef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac11000000"), allowWitness: false);
        var hash = new RipeMD160Digest();
        hash.BlockUpdate(SHA256.HashData(Convert.FromHexString("025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee6357")), 0, 32);
        var keyHash = new byte[20];
        hash.DoFinal(keyHash, 0);

        Assert.That(Convert.ToHexStringLower(transaction.SighashAll(1, [0x76, 0xA9, 0x14, .. keyHash, 0x88, 0xAC], 600_000_000)),
            Is.EqualTo("c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670"));
    }

    // BIP 173 and BIP 350: valid addresses with their scripts, and invalid ones. Base58 from Bitcoin Core's key_io vectors.
    [TestCase("bc", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "0014751e76e8199196d454941c45d1b3a323f1433bd6")]
    [TestCase("tb", "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262")]
    [TestCase("bc", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")]
    [TestCase("bc", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", null)]
    [TestCase("bc", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T5", null)]
    [TestCase("bc", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", null)]
    [TestCase("bc", "bc1Qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", null)]
    [TestCase("bc", "bc1sw50qgdz25j", null)]
    [TestCase("bc", "bc1gmk9yu", null)]
    [TestCase("bc", "", null)]
    [TestCase("bc", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac")]
    [TestCase("bc", "3P14159f73E4gFr7JterCCQh9QjiTjiZrG", "a914e9c3dd0c07aac76179ebc76a6c78d4d67c6c160a87")]
    [TestCase("bc", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", null)]
    [TestCase("bc", "11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", null)]
    [TestCase("bc", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", null)]
    public void An_address_has_its_script(string hrp, string address, string? script) =>
        Assert.That(new BitcoinScripts(hrp, 0, 5).ScriptOf(address) is { } found ? Convert.ToHexStringLower(found) : null, Is.EqualTo(script));

    [Test]
    public void Our_address_reads_back_as_our_script() =>
        Assert.That(Scripts.ScriptOf(Own.Address), Is.EqualTo(BitcoinScripts.PayTo(BitcoinScripts.WitnessScript(Own.PublicKeys))));

    [Test]
    public void A_transaction_id_does_not_cover_witnesses()
    {
        byte[] plain = Serialize([(new byte[32], 0, [])], [(5, [0x51])]);
        byte[] withWitness = [.. plain[..4], 0, 1, .. plain[4..^4], 1, 2, 0xAA, 0xBB, .. plain[^4..]];

        Assert.That(BitcoinTransaction.Read(withWitness, allowWitness: true).TxID, Is.EqualTo(BitcoinTransaction.Read(plain, allowWitness: true).TxID));
        Assert.Throws<InvalidDataException>(() => BitcoinTransaction.Read(withWitness, allowWitness: false));
    }

    [Test]
    public void Every_shorter_transaction_is_refused()
    {
        var whole = Serialize([(new byte[32], 0, [])], [(5, [0x51]), (6, [0x52])]);
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => BitcoinTransaction.Read(whole.AsSpan(0, length), allowWitness: true), $"{length} bytes");
    }

    private sealed record Draft
    {
        public List<(SignerAddress Owner, long Value)> Coins { get; init; } = [(Own, 100_000)];
        public List<(long Value, byte[] Script)> Outputs { get; init; } = [(70_000, Payee), (29_500, ScriptOf(Own))];
        public Func<UnsignedTransaction, UnsignedTransaction> Change { get; init; } = t => t;
        public uint Version { get; init; } = 2;
        public uint LockTime { get; init; }
        public byte[] ScriptSig { get; init; } = [];
        public bool IsCoinTwice { get; init; }
    }

    private static readonly (string Tag, string Why, Draft Draft)[] Table =
    [
        ("", "change to ourselves", new Draft()),
        ("", "no change", new Draft { Coins = [(Own, 70_500)], Outputs = [(70_000, Payee)] }),
        ("", "coins of two addresses, change to the second", new Draft { Coins = [(Own, 50_000), (Second, 50_000)], Outputs = [(29_000, ScriptOf(Second)), (70_000, Payee)] }),
        ("", "the whole fee", new Draft { Outputs = [(70_000, Payee), (29_000, ScriptOf(Own))] }),
        ("transaction-fee-max", "an atom more", new Draft { Outputs = [(70_000, Payee), (28_999, ScriptOf(Own))] }),
        ("transaction-fee-max", "more out than in", new Draft { Outputs = [(70_000, Payee), (30_001, ScriptOf(Own))] }),
        ("transaction-payment-missing", "only change", new Draft { Outputs = [(99_500, ScriptOf(Own))] }),
        ("transaction-output-unexpected", "an atom too few to the payee", new Draft { Outputs = [(69_999, Payee), (29_500, ScriptOf(Own))] }),
        ("transaction-output-unexpected", "the payee twice", new Draft { Outputs = [(70_000, Payee), (20_000, Payee), (9_500, ScriptOf(Own))] }),
        ("transaction-output-unexpected", "the payee twice with the same amount", new Draft { Coins = [(Own, 141_000)], Outputs = [(70_000, Payee), (70_000, Payee), (500, ScriptOf(Own))] }),
        ("transaction-output-unexpected", "change to somebody else", new Draft { Outputs = [(70_000, Payee), (29_500, ScriptOf(Foreign))] }),
        ("transaction-output-unexpected", "data", new Draft { Outputs = [(70_000, Payee), (0, [0x6A, 0x01, 0x00]), (29_500, ScriptOf(Own))] }),
        ("transaction-input-foreign", "a coin that is not ours", new Draft { Coins = [(Own, 50_000), (Foreign, 50_000)] }),
        ("transaction-input-unproven", "no proof", new Draft { Change = t => t with { Inputs = [] } }),
        ("transaction-input-unproven", "a previous transaction of another amount", new Draft { Change = t => t with { Inputs = [t.Inputs[0] with { Previous = Funding(Own, 100_001, 0) }] } }),
        ("transaction-input-unproven", "a previous transaction that cannot be read", new Draft { Change = t => t with { Inputs = [t.Inputs[0] with { Previous = new byte[] { 1, 2 } }] } }),
        ("transaction-digest-differs", "the digest of something else", new Draft { Change = t => t with { Digests = [new DigestToSign(Own.Address, new byte[32])] } }),
        ("transaction-digest-differs", "a digest too few", new Draft { Change = t => t with { Digests = [] } }),
        ("transaction-malformed", "a coin twice", new Draft { IsCoinTwice = true }),
        ("transaction-malformed", "another version", new Draft { Version = 3 }),
        ("transaction-malformed", "locked until a time", new Draft { LockTime = 1_800_000_000 }),
        ("transaction-malformed", "a script in an input", new Draft { ScriptSig = [0x51] }),
        ("transaction-malformed", "bytes after it", new Draft { Change = t => t with { Raw = t.Raw.ToArray().Append((byte)0).ToArray() } }),
    ];

    [TestCaseSource(nameof(Rows))]
    public void A_transaction_is_exactly_the_intent_or_refused(string tag, object draft)
    {
        var outcome = Check.Check(Build((Draft)draft), Intent, OwnAddresses);
        Assert.That(outcome.Refusal?.Tag ?? "", Is.EqualTo(tag), outcome.Refusal?.Text);
        if (tag.Length == 0) Assert.That(outcome.Digests, Has.Count.EqualTo(((Draft)draft).Coins.Count));
    }

    private static IEnumerable<TestCaseData> Rows() => Table.Select(r => new TestCaseData(r.Tag, r.Draft) { TestName = $"{(r.Tag.Length > 0 ? r.Tag : "passes")}: Bitcoin, {r.Why}" });

    private static byte[] Payee => Scripts.ScriptOf(TestSigner.BitcoinPayee)!;

    private static readonly Dictionary<string, SignerAddress> OwnAddresses = new() { [Check.NormalForm(Own.Address)!] = Own, [Check.NormalForm(Second.Address)!] = Second };

    private static byte[] ScriptOf(SignerAddress address) => Scripts.ScriptOf(address.Address)!;

    private static SignerAddress Address(byte seed)
    {
        // Any 33 bytes do: the script does not ask whether they are points.
        ReadOnlyMemory<byte>[] keys = [.. Enumerable.Range(seed, 3).Select(i => (ReadOnlyMemory<byte>)(byte[])[0x02, .. Enumerable.Repeat((byte)i, 32)])];
        return new SignerAddress(TestSigner.Bitcoin, $"group-{seed}", Scripts.AddressOf(keys), keys);
    }

    private static byte[] Funding(SignerAddress to, long value, byte number) => Serialize([(Enumerable.Repeat(number, 32).ToArray(), 0, [])], [(1, [0x51]), (value, ScriptOf(to))]);

    private static UnsignedTransaction Build(Draft draft)
    {
        var coins = draft.IsCoinTwice ? [draft.Coins[0], draft.Coins[0]] : draft.Coins;
        var funding = coins.Select((c, i) => Funding(c.Owner, c.Value, (byte)(draft.IsCoinTwice ? 0 : i))).ToArray();
        var raw = Serialize([.. funding.Select(f => (SHA256.HashData(SHA256.HashData(f)), 1u, draft.ScriptSig))], draft.Outputs, draft.Version, draft.LockTime);
        return draft.Change(new UnsignedTransaction
        {
            ChainID = TestSigner.Bitcoin,
            Raw = raw,
            Inputs = [.. coins.Select((c, i) => new SpentOutput("", 1, new Amount(c.Value), c.Owner.Address, funding[i]))],
            Digests = [.. coins.Select((c, i) => new DigestToSign(c.Owner.Address, Digest(raw, i, c.Owner, c.Value)))],
            Spends = [],
            FeeMax = new Amount(0),
        });
    }

    private static byte[] Digest(byte[] raw, int index, SignerAddress owner, long value) =>
        BitcoinTransaction.Read(raw, allowWitness: false).SighashAll(index, BitcoinScripts.WitnessScript(owner.PublicKeys), value);

    private static byte[] Serialize((byte[] Hash, uint Index, byte[] Script)[] inputs, List<(long Value, byte[] Script)> outputs, uint version = 2, uint lockTime = 0)
    {
        var bytes = new List<byte>();
        bytes.AddRange(Little(version));
        bytes.Add((byte)inputs.Length);
        foreach (var (hash, index, script) in inputs) bytes.AddRange([.. hash, .. Little(index), (byte)script.Length, .. script, .. Little(0xFFFFFFFD)]);
        bytes.Add((byte)outputs.Count);
        foreach (var (value, script) in outputs)
        {
            var number = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            bytes.AddRange([.. number, (byte)script.Length, .. script]);
        }
        bytes.AddRange(Little(lockTime));
        return [.. bytes];
    }

    private static byte[] Little(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
