using Custody.Chains;
using Custody.Chains.Bitcoin;
using Custody.Deposits;
using Custody.Tests.Chains.Partners;
using Venue.Messages;

namespace Custody.Tests.Chains.Bitcoin;

/// <summary>BitcoinChain against a real bitcoind: only what the node takes counts.</summary>
[TestFixture]
internal sealed class BitcoinNodeTests
{
    private static readonly IReadOnlySet<string> Nothing = new HashSet<string>();
    private static readonly Amount FeeMax = new(1_000_000);

    private Bitcoind bitcoind = null!;
    private BitcoinChain chain = null!;
    private Dictionary<string, (OwnAddress Own, TestKey[] Keys)> ours = null!;
    private Random random = null!;

    [OneTimeSetUp]
    public void Start()
    {
        bitcoind = new Bitcoind();
        ours = [];
        random = Seed.New();
        chain = new BitcoinChain(Options(), address => ours.TryGetValue(address, out var found) ? found.Own : null);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        chain?.Dispose();
        bitcoind?.Dispose();
    }

    [Test]
    public void Receives_on_2_of_3_and_pays_from_it()
    {
        var own = NewAddress();
        var deposited = bitcoind.Pay(own.Address, "1.5");
        bitcoind.Mine(1);
        Assert.That(chain.BalanceOf("BTC", [own.Address]).Amount, Is.EqualTo(new Amount(150_000_000)));

        var destination = bitcoind.NewAddress("bech32m");
        var unsigned = Built(chain.Build(new Payment("BTC", new Amount(40_000_000), destination, FeeMax), [own], Nothing));
        Assert.That(unsigned.Inputs.Single().TxID, Is.EqualTo(deposited));
        Assert.That(Transaction.Parse(unsigned.Inputs[0].Previous.Span).ID, Is.EqualTo(deposited));

        var signed = Sign(unsigned);
        Assert.That(Verdict(signed), Is.EqualTo("allowed"));
        Assert.That(chain.StatusOf(signed.TxID).State, Is.EqualTo(TransactionState.Unknown));
        Assert.That(chain.Broadcast(signed).Result, Is.EqualTo(BroadcastResult.Accepted));
        Assert.That(chain.Broadcast(signed).Result, Is.EqualTo(BroadcastResult.Accepted), "known already is success");
        Assert.That(chain.StatusOf(signed.TxID).State, Is.EqualTo(TransactionState.Pooled));
        Assert.That(chain.BalanceOf("BTC", [own.Address]).Amount, Is.EqualTo(new Amount(150_000_000)), "the chain has not spent it yet");

        var block = bitcoind.Mine(3)[0];
        var status = chain.StatusOf(signed.TxID);
        Assert.That(status, Is.EqualTo(new TransactionStatus(TransactionState.Included, chain.BlockAt(status.Block!.Height), 3, unsigned.FeeMax)));
        Assert.That(status.Block.Hash, Is.EqualTo(block));
        Assert.That(chain.Broadcast(signed).Result, Is.EqualTo(BroadcastResult.Accepted), "in a block is success too");
        Assert.That(chain.BalanceOf("BTC", [own.Address]).Amount, Is.EqualTo(new Amount(110_000_000) - unsigned.FeeMax));
        // The rest came back to the same address, and shows as paid to us.
        Assert.That(chain.DepositsIn(status.Block, Set(own)), Is.EqualTo(new[]
        {
            new ChainDeposit(signed.TxID, 1, own.Address, "BTC", new Amount(110_000_000) - unsigned.FeeMax, status.Block),
        }));
    }

    [TestCase("legacy")]
    [TestCase("p2sh-segwit")]
    [TestCase("bech32")]
    [TestCase("bech32m")]
    public void Pays_every_kind_of_address(string type)
    {
        var own = Funded("0.01");
        var destination = bitcoind.NewAddress(type);
        Assert.That(chain.TryParseAddress(destination, out var canonical), Is.True);
        Assert.That(canonical, Is.EqualTo(destination));
        Assert.That(chain.Broadcast(Sign(Built(chain.Build(new Payment("BTC", new Amount(300_000), destination, FeeMax), [own], Nothing)))).Result, Is.EqualTo(BroadcastResult.Accepted));
    }

    [Test]
    public void Takes_coins_of_several_addresses_and_leaves_reserved_ones()
    {
        OwnAddress[] own = [Funded("0.3"), Funded("0.3"), Funded("0.3")];
        var destination = bitcoind.NewAddress("bech32");
        var first = Built(chain.Build(new Payment("BTC", new Amount(20_000_000), destination, FeeMax), own, Nothing));
        Assert.That(first.Inputs.Select(static input => input.Address), Is.EqualTo(new[] { own[0].Address }));

        var second = Built(chain.Build(new Payment("BTC", new Amount(50_000_000), destination, FeeMax), own, first.Spends.ToHashSet()));
        Assert.That(second.Inputs.Select(static input => input.Address), Is.EquivalentTo(new[] { own[1].Address, own[2].Address }));
        Assert.That(second.Spends.Intersect(first.Spends), Is.Empty);

        var none = chain.Build(new Payment("BTC", new Amount(20_000_000), destination, FeeMax), own, first.Spends.Concat(second.Spends).ToHashSet());
        Assert.That(none.Transaction, Is.Null);
        // The rate is the node's estimate once it has seen enough blocks.
        Assert.That(none.Refusal, Does.Match("^the confirmed coins that are free do not pay 20000000 sat and a fee at 100[0-9]{2} sat/kvB in one transaction$"));

        Assert.That(chain.Broadcast(Sign(first)).Result, Is.EqualTo(BroadcastResult.Accepted));
        Assert.That(chain.Broadcast(Sign(second)).Result, Is.EqualTo(BroadcastResult.Accepted));
        bitcoind.Mine(1);
        Assert.That(chain.BalanceOf("BTC", [.. own.Select(static each => each.Address)]).Amount, Is.EqualTo(new Amount(20_000_000) - first.FeeMax - second.FeeMax));
    }

    [TestCase("legacy")]
    [TestCase("p2sh-segwit")]
    [TestCase("bech32")]
    [TestCase("bech32m")]
    public void The_signer_reads_what_was_built_as_the_payment(string type)
    {
        OwnAddress[] own = [Funded("0.3"), Funded("0.3")];
        var payment = new Payment("BTC", new Amount(50_000_000), bitcoind.NewAddress(type), FeeMax);
        var unsigned = Built(chain.Build(payment, own, Nothing));
        var opinion = SignerOpinion.OnBitcoin(chain, unsigned, payment, own);
        Assert.That(opinion.Refusal, Is.Null);
        Assert.That(opinion.Digests.Select(static each => (each.Owner.Address, Hex.Encode(each.Digest))),
            Is.EqualTo(unsigned.Digests.Select(static each => (each.Address, Hex.Encode(each.Digest.Span)))));
        Assert.That(SignerOpinion.OnBitcoin(chain, unsigned, payment with { Amount = new Amount(50_000_001) }, own).Refusal, Is.Not.Null);
        Assert.That(SignerOpinion.OnBitcoin(chain, unsigned, payment, own.Take(1)).Refusal, Is.Not.Null);
    }

    [Test]
    public void Fee_is_what_the_size_costs_at_the_rate()
    {
        var own = Funded("0.02");
        var signed = Sign(Built(chain.Build(new Payment("BTC", new Amount(1_000_000), bitcoind.NewAddress("bech32"), FeeMax), [own], Nothing)));
        var transaction = Transaction.Parse(signed.Raw.Span);
        var fee = 2_000_000 - transaction.Outputs.Sum(static output => output.Sats);
        // The estimate takes signatures at their longest: two bytes of witness more at most.
        Assert.That(fee, Is.InRange(transaction.VirtualSize * 10, (transaction.VirtualSize + 2) * 10));
        Assert.That(chain.Build(new Payment("BTC", new Amount(1_000_000), bitcoind.NewAddress("bech32"), new Amount(fee - 1)), [own], Nothing).Refusal,
            Is.EqualTo($"the fee would be {fee} sat, above the bound of {fee - 1}"));
    }

    [Test]
    public void Dust_and_foreign_destinations_are_refused()
    {
        var own = Funded("0.01");
        Assert.That(chain.Build(new Payment("BTC", new Amount(293), bitcoind.NewAddress("bech32"), FeeMax), [own], Nothing).Refusal, Does.Contain("is dust"));
        Assert.That(chain.Build(new Payment("BTC", new Amount(294), bitcoind.NewAddress("bech32"), FeeMax), [own], Nothing).Transaction, Is.Not.Null);
        Assert.That(chain.Build(new Payment("BTC", new Amount(10_000), "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", FeeMax), [own], Nothing).Refusal, Does.StartWith("nobody can be paid"));
    }

    [Test]
    public void A_reorganisation_takes_the_deposit_back_and_the_next_block_brings_it_again()
    {
        var own = NewAddress();
        var trail = new BlockTrail([chain.Tip()]);
        var txID = bitcoind.Pay(own.Address, "0.25");
        var lostBlock = bitcoind.Mine(1)[0];
        bitcoind.Mine(2);
        Follow(trail);
        var seen = trail.Blocks.SelectMany(block => chain.DepositsIn(block, Set(own))!).Single();
        Assert.That((seen.TxID, seen.Address, seen.Amount, seen.Block.Hash), Is.EqualTo((txID, own.Address, new Amount(25_000_000), lostBlock)));
        Assert.That(chain.StatusOf(txID), Is.EqualTo(new TransactionStatus(TransactionState.Included, seen.Block, 3, null)));

        bitcoind.Invalidate(lostBlock);
        Assert.That(chain.DepositsIn(seen.Block, Set(own)), Is.Null, "the block is no longer part of the best chain");
        Assert.That(chain.StatusOf(txID).State, Is.EqualTo(TransactionState.Pooled));
        Assert.That(chain.BalanceOf("BTC", [own.Address]).Amount, Is.EqualTo(new Amount(0)));

        // The rival chain has another block first: the deposit comes one higher, with the same identity.
        bitcoind.MineOnly();
        bitcoind.Mine(3);
        var lost = trail.Lost(chain.BlockAt);
        Assert.That(lost.Select(static block => block.Height), Is.EqualTo(new[] { seen.Block.Height + 2, seen.Block.Height + 1, seen.Block.Height }));
        trail.Drop(lost.Count);
        Follow(trail);
        var again = trail.Blocks.SelectMany(block => chain.DepositsIn(block, Set(own))!).Single();
        Assert.That(again, Is.EqualTo(seen with { Block = chain.BlockAt(seen.Block.Height + 1)! }));
        Assert.That(chain.BalanceOf("BTC", [own.Address]).Amount, Is.EqualTo(new Amount(25_000_000)));
    }

    [Test]
    public void Of_two_transactions_that_spend_one_coin_the_mined_one_wins()
    {
        var own = Funded("0.1");
        var first = Sign(Built(chain.Build(new Payment("BTC", new Amount(1_000_000), bitcoind.NewAddress("bech32"), FeeMax), [own], Nothing)));
        var second = Sign(Built(chain.Build(new Payment("BTC", new Amount(2_000_000), bitcoind.NewAddress("bech32"), FeeMax), [own], Nothing)));
        Assert.That(chain.Broadcast(first).Result, Is.EqualTo(BroadcastResult.Accepted));
        var refusal = chain.Broadcast(second);
        Assert.That(refusal.Result, Is.EqualTo(BroadcastResult.Refused));
        Assert.That(refusal.Reason, Does.Contain("fee"), "it does not pay more than what it would replace");

        var block = bitcoind.MineOnly(Hex.Encode(second.Raw.Span));
        bitcoind.Mine(1);
        Assert.That(chain.StatusOf(second.TxID).State, Is.EqualTo(TransactionState.Included));
        var status = chain.StatusOf(first.TxID);
        Assert.That((status.State, status.Block?.Hash, status.Confirmations), Is.EqualTo((TransactionState.Conflicted, block, 2L)));
        Assert.That(chain.Broadcast(first).Result, Is.EqualTo(BroadcastResult.Refused));

        // The rival's block leaves the chain, and with the rival forgotten the first may still be mined.
        bitcoind.Invalidate(block);
        bitcoind.MineOnly(Hex.Encode(first.Raw.Span));
        bitcoind.Mine(2);
        Assert.That(chain.StatusOf(first.TxID).State, Is.EqualTo(TransactionState.Included));
        Assert.That(chain.StatusOf(second.TxID).State, Is.EqualTo(TransactionState.Conflicted));
    }

    [Test]
    public void A_transaction_that_no_node_ever_took_is_told_from_its_rival_in_a_block()
    {
        var own = Funded("0.1");
        var first = Sign(Built(chain.Build(new Payment("BTC", new Amount(1_000_000), bitcoind.NewAddress("bech32"), FeeMax), [own], Nothing)));
        var second = Sign(Built(chain.Build(new Payment("BTC", new Amount(2_000_000), bitcoind.NewAddress("bech32"), FeeMax), [own], Nothing)));
        Assert.That(chain.Broadcast(first).Result, Is.EqualTo(BroadcastResult.Accepted));
        var block = bitcoind.Mine(1)[0];
        Assert.That(chain.Broadcast(second), Is.EqualTo(new BroadcastOutcome(BroadcastResult.Refused, "bad-txns-inputs-missingorspent")));
        var status = chain.StatusOf(second.TxID);
        Assert.That((status.State, status.Block?.Hash, status.Confirmations), Is.EqualTo((TransactionState.Conflicted, block, 1L)));
    }

    [Test]
    public void A_payment_to_ourselves_keeps_the_balance_but_for_the_fee()
    {
        var from = Funded("0.5");
        var to = NewAddress();
        var unsigned = Built(chain.Build(new Payment("BTC", new Amount(10_000_000), to.Address, FeeMax), [from], Nothing));
        chain.Broadcast(Sign(unsigned));
        Assert.That(chain.BalanceOf("BTC", [from.Address, to.Address]).Amount, Is.EqualTo(new Amount(50_000_000)));
        bitcoind.Mine(1);
        Assert.That(chain.BalanceOf("BTC", [from.Address, to.Address]).Amount, Is.EqualTo(new Amount(50_000_000) - unsigned.FeeMax));
        Assert.That(chain.BalanceOf("BTC", [to.Address]).Amount, Is.EqualTo(new Amount(10_000_000)));
    }

    [Test]
    public void A_node_that_is_new_to_us_finds_what_was_paid_before()
    {
        var own = Funded("0.7");
        using var fresh = new BitcoinChain(Options() with { Wallet = $"fresh-{random.Next()}" }, static _ => null);
        Assert.That(fresh.DepositsIn(fresh.Tip(), Set(own)), Is.Not.Null, "the first block it looks at is above the deposit");
        Assert.That(fresh.BalanceOf("BTC", [own.Address]).Amount, Is.EqualTo(new Amount(70_000_000)));
    }

    [Test]
    public void A_node_that_lost_the_wallet_gets_it_again()
    {
        var name = $"lost-{random.Next()}";
        var own = Funded("0.7");
        using var other = new BitcoinChain(Options() with { Wallet = name }, static _ => null);
        Assert.That(other.BalanceOf("BTC", [own.Address]).Amount, Is.EqualTo(new Amount(70_000_000)));
        bitcoind.Call("unloadwallet", name);
        Assert.Throws<ChainUnavailableException>(() => other.BalanceOf("BTC", [own.Address]));
        Assert.That(other.BalanceOf("BTC", [own.Address]).Amount, Is.EqualTo(new Amount(70_000_000)));
    }

    [Test]
    public void A_node_of_another_network_is_no_witness()
    {
        using var main = new BitcoinChain(Options() with { Network = Network.Main }, static _ => null);
        var fault = Assert.Throws<ChainUnavailableException>(() => main.Tip())!;
        Assert.That(fault.Message, Does.EndWith("not on main"));
    }

    [Test]
    public void Blocks_are_named_by_height_up_to_the_tip()
    {
        var tip = chain.Tip();
        Assert.That(chain.BlockAt(tip.Height), Is.EqualTo(tip));
        Assert.That(chain.BlockAt(tip.Height - 1)!.Hash, Is.EqualTo(tip.ParentHash));
        Assert.That(chain.BlockAt(tip.Height + 1), Is.Null);
        Assert.That(chain.BlockAt(0), Is.EqualTo(new BlockRef(0, Network.Regtest.Genesis, new string('0', 64))));
        Assert.That(chain.DepositsIn(tip with { Hash = new string('1', 64) }, Nothing), Is.Null);
    }

    [Test]
    public void Signatures_that_do_not_fit_are_refused()
    {
        var own = Funded("0.01");
        var unsigned = Built(chain.Build(new Payment("BTC", new Amount(100_000), bitcoind.NewAddress("bech32"), FeeMax), [own], Nothing));
        var keys = ours[own.Address].Keys;
        var digest = unsigned.Digests[0].Digest;
        var good = keys[0].Sign(digest);
        var high = new TransactionSignature(keys[1].PublicKey, HighS(keys[1].Sign(digest).RS), 0);

        string Refusal(params TransactionSignature[] signatures) => Assert.Throws<CodecException>(() => chain.Assemble(unsigned, [signatures]))!.Message;
        Assert.That(Refusal(good), Is.EqualTo("multisig: 1 signatures, not 2"));
        Assert.That(Refusal(good, good), Is.EqualTo("multisig: signatures that are not of two keys of this address"));
        Assert.That(Refusal(good, new TestKey(random).Sign(digest)), Is.EqualTo("multisig: signatures that are not of two keys of this address"));
        Assert.That(Refusal(good, keys[1].Sign(random.Bytes(32))), Is.EqualTo("multisig: a signature that is not its key's, or of high s"));
        Assert.That(Refusal(good, high), Is.EqualTo("multisig: a signature that is not its key's, or of high s"));
        Assert.That(() => chain.Assemble(unsigned, []), Throws.TypeOf<CodecException>());
        // Any two of the three, in any order.
        var assembled = new[] { (0, 1), (1, 0), (0, 2), (2, 1) }.Select(pair => chain.Assemble(unsigned, [[keys[pair.Item1].Sign(digest), keys[pair.Item2].Sign(digest)]])).ToArray();
        Assert.That(assembled.Select(Verdict), Is.All.EqualTo("allowed"));
        Assert.That(assembled.Select(static each => each.TxID).Distinct().Count(), Is.EqualTo(1));
    }

    private static byte[] HighS(ReadOnlyMemory<byte> rs)
    {
        var order = System.Numerics.BigInteger.Parse("0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", System.Globalization.NumberStyles.HexNumber);
        var s = new System.Numerics.BigInteger(rs.Span[32..], isUnsigned: true, isBigEndian: true);
        return [.. rs.Span[..32], .. (order - s).ToByteArray(isUnsigned: true, isBigEndian: true)];
    }

    private BitcoinOptions Options() => new() { Node = bitcoind.Address, CookieFile = bitcoind.CookieFile, Network = Network.Regtest };

    private OwnAddress NewAddress()
    {
        TestKey[] keys = [new(random), new(random), new(random)];
        ReadOnlyMemory<byte>[] publicKeys = [.. keys.Select(static key => (ReadOnlyMemory<byte>)key.PublicKey)];
        var own = new OwnAddress(chain.AddressOf(publicKeys), publicKeys);
        ours.Add(own.Address, (own, keys));
        return own;
    }

    private OwnAddress Funded(string bitcoin)
    {
        var own = NewAddress();
        bitcoind.Pay(own.Address, bitcoin);
        bitcoind.Mine(1);
        return own;
    }

    private SignedTransaction Sign(UnsignedTransaction unsigned) => chain.Assemble(unsigned, [.. unsigned.Digests.Select(digest =>
        (IReadOnlyList<TransactionSignature>)[.. ours[digest.Address].Keys.OrderBy(_ => random.Next()).Take(2).Select(key => key.Sign(digest.Digest))])]);

    // The node's own check, which changes nothing.
    private string Verdict(SignedTransaction signed)
    {
        var verdict = bitcoind.Call("testmempoolaccept", (object)new[] { Hex.Encode(signed.Raw.Span) })[0];
        return verdict.GetProperty("allowed").GetBoolean() ? "allowed" : verdict.GetProperty("reject-reason").GetString()!;
    }

    private void Follow(BlockTrail trail)
    {
        while (chain.BlockAt(trail.Last!.Height + 1) is { } next) trail.Add(next);
    }

    private static UnsignedTransaction Built(BuildOutcome outcome) => outcome.Transaction ?? throw new AssertionException($"refused: {outcome.Refusal}");

    private static HashSet<string> Set(OwnAddress own) => [own.Address];
}
