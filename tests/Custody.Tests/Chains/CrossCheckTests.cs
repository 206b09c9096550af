using Custody.Chains;
using Custody.Chains.Bitcoin;
using Custody.Chains.Ethereum;
using Custody.Tests.Chains.Partners;

namespace Custody.Tests.Chains;

/// <summary>Random transactions, held against bitcoinjs-lib and viem: no line of code is shared with them.</summary>
[TestFixture]
internal sealed class CrossCheckTests
{
    private const int Count = 300;

    private Checker checker = null!;
    private Random random = null!;

    [SetUp]
    public void Start()
    {
        checker = new Checker();
        random = Seed.New();
    }

    [TearDown]
    public void Stop() => checker?.Dispose();

    [Test]
    public void Multisig_scripts_and_addresses()
    {
        for (var i = 0; i < Count; i++)
        {
            ReadOnlyMemory<byte>[] keys = [.. Enumerable.Range(0, 3).Select(_ => (ReadOnlyMemory<byte>)new TestKey(random).PublicKey)];
            var theirs = checker.Ask("multisig", new { keys = keys.Select(static key => Hex.Encode(key.Span)) });
            var witnessScript = MultisigInput.WitnessScript(keys);
            var script = Script.PayToWitnessScriptHash(witnessScript);
            Assert.That(Hex.Encode(witnessScript), Is.EqualTo(theirs.GetProperty("witnessScript").GetString()));
            Assert.That(Hex.Encode(script), Is.EqualTo(theirs.GetProperty("script").GetString()));
            Assert.That(Address.FromScript(script, Network.Regtest), Is.EqualTo(theirs.GetProperty("address").GetString()));
        }
    }

    [Test]
    public void Addresses_of_every_kind()
    {
        for (var i = 0; i < Count; i++)
        {
            var script = RandomScript();
            var address = Address.FromScript(script, Network.Regtest)!;
            Assert.That(checker.Ask("address", new { script = Hex.Encode(script) }).GetProperty("address").GetString(), Is.EqualTo(address));
            Assert.That(Hex.Encode(Address.ToScript(address, Network.Regtest)), Is.EqualTo(checker.Ask("script", new { address }).GetProperty("script").GetString()));
        }
    }

    [Test]
    public void Bitcoin_transactions_identifiers_sizes_and_digests()
    {
        for (var i = 0; i < Count; i++)
        {
            var transaction = RandomTransaction();
            var raw = Hex.Encode(transaction.Serialise(witnesses: true));
            var theirs = checker.Ask("transaction", new { raw });
            Assert.That(theirs.GetProperty("raw").GetString(), Is.EqualTo(raw));
            Assert.That(transaction.ID, Is.EqualTo(theirs.GetProperty("id").GetString()));
            Assert.That(transaction.WitnessID, Is.EqualTo(theirs.GetProperty("witnessID").GetString()));
            Assert.That((transaction.Weight, transaction.VirtualSize), Is.EqualTo((theirs.GetProperty("weight").GetInt32(), theirs.GetProperty("virtualSize").GetInt32())));
            var parsed = Transaction.Parse(Hex.Decode(raw));
            Assert.That((Hex.Encode(parsed.Serialise(witnesses: true)), parsed.ID), Is.EqualTo((raw, transaction.ID)));

            var sigHash = new SigHash(transaction);
            var input = random.Next(transaction.Inputs.Count);
            var scriptCode = MultisigInput.WitnessScript([.. Enumerable.Range(0, 3).Select(_ => (ReadOnlyMemory<byte>)new TestKey(random).PublicKey)]);
            var sats = random.NextInt64(1, TxOutput.SatsMax);
            var digest = sigHash.Digest(input, scriptCode, sats);
            Assert.That(checker.Ask("digest", new { raw, input, scriptCode = Hex.Encode(scriptCode), sats = sats.ToString() }).GetProperty("digest").GetString(), Is.EqualTo(Hex.Encode(digest)));
        }
    }

    [Test]
    public void Signatures_and_their_DER()
    {
        for (var i = 0; i < Count; i++)
        {
            var key = new TestKey(random);
            var digest = random.Bytes(32);
            var rs = key.Sign(digest).RS;
            Assert.That(checker.Ask("der", new { rs = Hex.Encode(rs.Span) }).GetProperty("der").GetString(), Is.EqualTo(Hex.Encode(DerSignature.Encode(rs.Span)) + "01"));
            Assert.That(checker.Ask("verify", new { key = Hex.Encode(key.PublicKey), digest = Hex.Encode(digest), rs = Hex.Encode(rs.Span) }).GetProperty("valid").GetBoolean(), Is.True);
        }
    }

    [Test]
    public void Ethereum_transactions_payloads_identifiers_and_senders()
    {
        for (var i = 0; i < Count; i++)
        {
            var key = new TestKey(random);
            var ours = new FeeMarketTransaction
            {
                ChainID = (ulong)random.NextInt64(1, 1L << 40),
                Nonce = (ulong)random.NextInt64(0, 1L << random.Next(1, 40)),
                MaxPriorityFee = (UInt128)random.NextInt64(0, 1L << random.Next(1, 40)),
                MaxFee = (UInt128)random.NextInt64(1L << 40, 1L << 50),
                GasLimit = (ulong)random.NextInt64(21_000, 30_000_000),
                To = random.Bytes(20),
                Value = random.Next(4) == 0 ? 0 : (UInt128)random.NextInt64() * (UInt128)random.NextInt64(1, 1L << 40),
                Data = random.Bytes(random.Next(3) == 0 ? 0 : random.Next(300)),
            };
            var signature = key.Sign(ours.SigningHash());
            var raw = ours.Signed(signature.RS.Span, signature.Parity);
            var theirs = checker.Ask("payload", new
            {
                nonce = ours.Nonce,
                chainId = ours.ChainID,
                gas = ours.GasLimit.ToString(),
                to = Hex.Encode0x(ours.To.Span),
                data = Hex.Encode0x(ours.Data.Span),
                value = ours.Value.ToString(),
                maxFee = ours.MaxFee.ToString(),
                priorityFee = ours.MaxPriorityFee.ToString(),
                r = Hex.Encode0x(signature.RS.Span[..32]),
                s = Hex.Encode0x(signature.RS.Span[32..]),
                parity = signature.Parity,
            });
            Assert.That(Hex.Encode0x(ours.SigningPayload()), Is.EqualTo(theirs.GetProperty("payload").GetString()));
            Assert.That(Hex.Encode0x(ours.SigningHash()), Is.EqualTo(theirs.GetProperty("digest").GetString()));
            Assert.That(Hex.Encode0x(raw), Is.EqualTo(theirs.GetProperty("signed").GetString()));
            Assert.That(FeeMarketTransaction.IDOf(raw), Is.EqualTo(theirs.GetProperty("id").GetString()));

            var sender = EthereumAddress.Encode(EthereumAddress.OfPublicKey(key.PublicKey));
            Assert.That(checker.Ask("sender", new { raw = Hex.Encode0x(raw) }).GetProperty("sender").GetString(), Is.EqualTo(sender));
            var (parsed, recovered) = FeeMarketTransaction.ParseSigned(raw);
            Assert.That(EthereumAddress.Encode(recovered), Is.EqualTo(sender));
            Assert.That(parsed.SigningPayload(), Is.EqualTo(ours.SigningPayload()));
            Assert.That(FeeMarketTransaction.ParsePayload(ours.SigningPayload()).SigningPayload(), Is.EqualTo(ours.SigningPayload()));
        }
    }

    [Test]
    public void Checksums_and_token_inputs()
    {
        for (var i = 0; i < Count; i++)
        {
            var address = random.Bytes(20);
            var text = EthereumAddress.Encode(address);
            Assert.That(checker.Ask("checksum", new { address = Hex.Encode0x(address) }).GetProperty("address").GetString(), Is.EqualTo(text));
            var atoms = (UInt128)random.NextInt64() * (UInt128)random.NextInt64();
            Assert.That(checker.Ask("transfer", new { to = text, atoms = atoms.ToString() }).GetProperty("input").GetString(), Is.EqualTo(Hex.Encode0x(Erc20.Transfer(address, atoms))));
            Assert.That(checker.Ask("balanceOf", new { account = text }).GetProperty("input").GetString(), Is.EqualTo(Hex.Encode0x(Erc20.BalanceOf(address))));
        }
    }

    private Transaction RandomTransaction()
    {
        var witnesses = random.Next(4) > 0;
        return new Transaction
        {
            Version = random.Next(2) == 0 ? 1u : 2u,
            LockTime = random.Next(2) == 0 ? 0 : (uint)random.Next(),
            Inputs = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => new TxInput(
                new OutPoint(Hex.Encode(random.Bytes(32)), random.Next(10)),
                random.Next(3) == 0 ? random.Bytes(random.Next(300)) : default(ReadOnlyMemory<byte>),
                random.Next(2) == 0 ? 0xfffffffd : (uint)random.Next(),
                witnesses ? [.. Enumerable.Range(0, random.Next(5)).Select(_ => (ReadOnlyMemory<byte>)random.Bytes(random.Next(280)))] : []))],
            Outputs = [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => new TxOutput(random.NextInt64(TxOutput.SatsMax / 1000), RandomScript()))],
        };
    }

    private byte[] RandomScript() => random.Next(5) switch
    {
        0 => Script.PayToKeyHash(random.Bytes(20)),
        1 => Script.PayToScriptHash(random.Bytes(20)),
        2 => Script.Witness(0, random.Bytes(20)),
        3 => Script.Witness(0, random.Bytes(32)),
        _ => Script.Witness(1, new TestKey(random).PublicKey.AsSpan(1)),
    };
}
