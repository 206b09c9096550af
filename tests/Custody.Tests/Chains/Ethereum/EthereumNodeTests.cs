using System.Text.Json;
using Custody.Chains;
using Custody.Chains.Ethereum;
using Custody.Deposits;
using Custody.Tests.Chains.Partners;
using Venue.Messages;

namespace Custody.Tests.Chains.Ethereum;

/// <summary>EthereumChain against a real node, the token deployed by our own code.</summary>
[TestFixture]
internal sealed class EthereumNodeTests
{
    private static readonly IReadOnlySet<string> Nothing = new HashSet<string>();
    private static readonly UInt128 Ether = 1_000_000_000_000_000_000;
    private static readonly Amount FeeMax = new((Int128)Ether / 100);

    private Anvil anvil = null!;
    private EthereumChain chain = null!;
    private TestKey issuer = null!;
    private string token = null!;
    private Random random = null!;
    private Dictionary<string, TestKey> keys = null!;

    [SetUp]
    public void Start()
    {
        anvil = new Anvil();
        random = Seed.New();
        keys = [];
        issuer = keys[NewAccount(Ether).Address];
        token = Deploy();
        chain = new EthereumChain(Options());
    }

    [TearDown]
    public void Stop()
    {
        chain?.Dispose();
        anvil?.Dispose();
    }

    [Test]
    public void Ether_comes_in_and_goes_out()
    {
        var own = NewAccount();
        var deposited = anvil.Pay(anvil.RichAccount, own.Address, 2 * Ether);
        anvil.Mine();
        Assert.That(Scan(own), Is.EqualTo(new[] { new ChainDeposit(deposited, -1, own.Address, "ETH", new Amount((Int128)(2 * Ether)), chain.Tip()) }));
        Assert.That(chain.BalanceOf("ETH", [own.Address]), Is.EqualTo(new ChainBalance(chain.Tip(), new Amount((Int128)(2 * Ether)))));

        var destination = NewAccount();
        var unsigned = Built(chain.Build(new Payment("ETH", new Amount((Int128)Ether), destination.Address, FeeMax), [own], Nothing));
        var signed = Sign(unsigned);
        Assert.That(chain.StatusOf(signed.TxID).State, Is.EqualTo(TransactionState.Unknown));
        Assert.That(chain.Broadcast(signed).Result, Is.EqualTo(BroadcastResult.Accepted));
        Assert.That(chain.Broadcast(signed).Result, Is.EqualTo(BroadcastResult.Accepted), "known already is success");
        Assert.That(chain.StatusOf(signed.TxID).State, Is.EqualTo(TransactionState.Pooled));
        anvil.Mine(3);
        Assert.That(chain.Broadcast(signed).Result, Is.EqualTo(BroadcastResult.Accepted), "in a block is success too");

        var status = chain.StatusOf(signed.TxID);
        Assert.That((status.State, status.Confirmations), Is.EqualTo((TransactionState.Included, 3L)));
        Assert.That(status.FeePaid!.Value, Is.LessThanOrEqualTo(unsigned.FeeMax));
        Assert.That(chain.BalanceOf("ETH", [own.Address]).Amount, Is.EqualTo(new Amount((Int128)Ether) - status.FeePaid.Value));
        Assert.That(chain.BalanceOf("ETH", [own.Address, destination.Address]).Amount, Is.EqualTo(new Amount((Int128)(2 * Ether)) - status.FeePaid.Value));
        Assert.That(chain.DepositsIn(status.Block!, Set(destination))!.Single().Amount, Is.EqualTo(new Amount((Int128)Ether)));
    }

    [Test]
    public void A_token_comes_in_and_goes_out()
    {
        var own = NewAccount(Ether);
        var deposited = Mint(own.Address, 5_000_000);
        anvil.Mine();
        Assert.That(Scan(own), Is.EqualTo(new[] { new ChainDeposit(deposited, 0, own.Address, "USDC", new Amount(5_000_000), chain.Tip()) }));

        var destination = NewAccount();
        var unsigned = Built(chain.Build(new Payment("USDC", new Amount(1_250_000), destination.Address, FeeMax), [own], Nothing));
        var signed = Sign(unsigned);
        Assert.That(chain.Broadcast(signed).Result, Is.EqualTo(BroadcastResult.Accepted));
        anvil.Mine();
        Assert.That(chain.StatusOf(signed.TxID).State, Is.EqualTo(TransactionState.Included));
        Assert.That(chain.BalanceOf("USDC", [own.Address]).Amount, Is.EqualTo(new Amount(3_750_000)));
        Assert.That(Scan(destination), Is.EqualTo(new[] { new ChainDeposit(signed.TxID, 0, destination.Address, "USDC", new Amount(1_250_000), chain.Tip()) }));
        Assert.That(Scan(own), Is.Empty, "what leaves is no deposit");
    }

    [TestCase("ETH")]
    [TestCase("USDC")]
    public void The_signer_reads_what_was_built_as_the_payment(string asset)
    {
        var own = NewAccount(Ether);
        Mint(own.Address, 100);
        anvil.Mine();
        var payment = new Payment(asset, new Amount(100), NewAccount().Address, FeeMax);
        var unsigned = Built(chain.Build(payment, [own], Nothing));
        var opinion = SignerOpinion.OnEthereum(chain, unsigned, payment, [own], "USDC", token);
        Assert.That(opinion.Refusal, Is.Null);
        Assert.That(opinion.Digests.Select(static each => (each.Owner.Address, Hex.Encode(each.Digest))),
            Is.EqualTo(unsigned.Digests.Select(static each => (each.Address, Hex.Encode(each.Digest.Span)))));
        Assert.That(SignerOpinion.OnEthereum(chain, unsigned, payment with { Amount = new Amount(99) }, [own], "USDC", token).Refusal, Is.Not.Null);
        Assert.That(SignerOpinion.OnEthereum(chain, unsigned, payment, [NewAccount()], "USDC", token).Refusal, Is.Not.Null);
    }

    [Test]
    public void Deposits_of_one_block_come_in_its_order_with_places_of_their_own()
    {
        OwnAddress[] own = [NewAccount(), NewAccount()];
        var first = Mint(own[0].Address, 10);
        var second = anvil.Pay(anvil.RichAccount, own[1].Address, 7);
        var third = Mint(own[1].Address, 20);
        anvil.Mine();
        var block = chain.Tip();
        var deposits = chain.DepositsIn(block, own.Select(static each => each.Address).ToHashSet())!;
        Assert.That(deposits, Is.EquivalentTo(new[]
        {
            new ChainDeposit(first, 0, own[0].Address, "USDC", new Amount(10), block),
            new ChainDeposit(second, -1, own[1].Address, "ETH", new Amount(7), block),
            // The second event of the block, yet the first of its transaction.
            new ChainDeposit(third, 0, own[1].Address, "USDC", new Amount(20), block),
        }));
        var order = anvil.Call("eth_getBlockByHash", block.Hash, false).GetProperty("transactions").EnumerateArray().Select(static id => id.GetString()).ToList();
        Assert.That(deposits.Select(deposit => order.IndexOf(deposit.TxID)), Is.Ordered);
    }

    [Test]
    public void A_reorganisation_takes_the_deposit_back()
    {
        var own = NewAccount();
        anvil.Mine();
        var trail = new BlockTrail([chain.Tip()]);
        var deposited = anvil.Pay(anvil.RichAccount, own.Address, Ether);
        anvil.Mine();
        var minted = Mint(own.Address, 42);
        anvil.Mine(3);
        Follow(trail);
        var seen = trail.Blocks.SelectMany(block => chain.DepositsIn(block, Set(own))!).ToArray();
        Assert.That(seen.Select(static deposit => deposit.TxID), Is.EqualTo(new[] { deposited, minted }));

        anvil.Reorganise(4);
        Assert.That(chain.DepositsIn(seen[0].Block, Set(own)), Is.Null, "the block is no longer part of the chain");
        Assert.That(chain.StatusOf(deposited).State, Is.EqualTo(TransactionState.Unknown), "anvil forgets what a reorganisation drops");
        var lost = trail.Lost(chain.BlockAt);
        Assert.That(lost.Select(static block => block.Height), Is.EqualTo(new[] { 4, 3, 2, 1 }.Select(up => seen[0].Block.Height - 1 + up)));
        trail.Drop(lost.Count);
        Follow(trail);
        Assert.That(trail.Blocks.SelectMany(block => chain.DepositsIn(block, Set(own))!), Is.Empty);
        Assert.That(chain.BalanceOf("ETH", [own.Address]).Amount, Is.EqualTo(new Amount(0)));
        Assert.That(chain.BalanceOf("USDC", [own.Address]).Amount, Is.EqualTo(new Amount(0)));
    }

    [Test]
    public void A_withdrawal_that_a_reorganisation_drops_can_be_sent_again()
    {
        var own = NewAccount(Ether);
        var signed = Sign(Built(chain.Build(new Payment("ETH", new Amount(1000), NewAccount().Address, FeeMax), [own], Nothing)));
        Assert.That(chain.Broadcast(signed).Result, Is.EqualTo(BroadcastResult.Accepted));
        anvil.Mine();
        Assert.That(chain.StatusOf(signed.TxID).State, Is.EqualTo(TransactionState.Included));
        anvil.Reorganise(1);
        Assert.That(chain.StatusOf(signed.TxID).State, Is.EqualTo(TransactionState.Unknown));
        Assert.That(chain.Broadcast(signed).Result, Is.EqualTo(BroadcastResult.Accepted));
        anvil.Mine();
        Assert.That(chain.StatusOf(signed.TxID).State, Is.EqualTo(TransactionState.Included));
    }

    [Test]
    public void Nonces_follow_one_another_around_reserved_ones()
    {
        var own = NewAccount(Ether);
        var payment = new Payment("ETH", new Amount(1000), NewAccount().Address, FeeMax);
        var first = Built(chain.Build(payment, [own], Nothing));
        Assert.That(first.Spends, Is.EqualTo(new[] { $"{own.Address}#0" }));
        var second = Built(chain.Build(payment, [own], first.Spends.ToHashSet()));
        Assert.That(second.Spends, Is.EqualTo(new[] { $"{own.Address}#1" }));

        var (firstSigned, secondSigned) = (Sign(first), Sign(second));
        Assert.That(chain.Broadcast(secondSigned).Result, Is.EqualTo(BroadcastResult.Accepted), "ahead of its turn it waits");
        anvil.Mine();
        Assert.That(chain.StatusOf(secondSigned.TxID).State, Is.EqualTo(TransactionState.Pooled));
        Assert.That(chain.Broadcast(firstSigned).Result, Is.EqualTo(BroadcastResult.Accepted));
        anvil.Mine();
        Assert.That(new[] { firstSigned, secondSigned }.Select(each => chain.StatusOf(each.TxID).State), Is.All.EqualTo(TransactionState.Included));
        Assert.That(Built(chain.Build(payment, [own], first.Spends.Concat(second.Spends).ToHashSet())).Spends, Is.EqualTo(new[] { $"{own.Address}#2" }));
    }

    [Test]
    public void An_underpriced_rival_is_refused_and_a_replaced_transaction_ends_as_conflicted()
    {
        var own = NewAccount(Ether);
        var payment = new Payment("ETH", new Amount(1000), NewAccount().Address, FeeMax);
        var stuck = Sign(Built(chain.Build(payment, [own], Nothing)));
        Assert.That(chain.Broadcast(stuck).Result, Is.EqualTo(BroadcastResult.Accepted));

        var underpriced = Sign(Built(chain.Build(payment with { Amount = new Amount(2000) }, [own], Nothing)));
        Assert.That(chain.Broadcast(underpriced), Is.EqualTo(new BroadcastOutcome(BroadcastResult.Refused, "replacement transaction underpriced")));

        var rival = Rival(stuck, own);
        Assert.That(chain.Broadcast(rival).Result, Is.EqualTo(BroadcastResult.Accepted));
        Assert.That(chain.StatusOf(stuck.TxID).State, Is.EqualTo(TransactionState.Unknown), "out of the pool, and the nonce still free");
        anvil.Mine(3);
        var included = chain.StatusOf(rival.TxID);
        Assert.That(included.State, Is.EqualTo(TransactionState.Included));
        Assert.That(chain.StatusOf(stuck.TxID), Is.EqualTo(new TransactionStatus(TransactionState.Conflicted, included.Block, 3, null)));
        Assert.That(chain.Broadcast(stuck), Is.EqualTo(new BroadcastOutcome(BroadcastResult.Refused, "nonce too low")));

        // After a restart nothing is known of it until it is sent again.
        using var restarted = new EthereumChain(Options());
        Assert.That(restarted.StatusOf(stuck.TxID).State, Is.EqualTo(TransactionState.Unknown));
        Assert.That(restarted.Broadcast(stuck).Result, Is.EqualTo(BroadcastResult.Refused));
        Assert.That(restarted.StatusOf(stuck.TxID), Is.EqualTo(new TransactionStatus(TransactionState.Conflicted, included.Block, 3, null)));
    }

    [Test]
    public void A_transfer_that_reverts_costs_its_fee_and_pays_nobody()
    {
        var own = NewAccount(Ether);
        Mint(own.Address, 100);
        anvil.Mine();
        var destination = NewAccount();
        var payment = new Payment("USDC", new Amount(100), destination.Address, FeeMax);
        var first = Built(chain.Build(payment, [own], Nothing));
        var second = Built(chain.Build(payment, [own], first.Spends.ToHashSet()));
        var (firstSigned, secondSigned) = (Sign(first), Sign(second));
        chain.Broadcast(firstSigned);
        chain.Broadcast(secondSigned);
        anvil.Mine();
        Assert.That(chain.StatusOf(firstSigned.TxID).State, Is.EqualTo(TransactionState.Included));
        var reverted = chain.StatusOf(secondSigned.TxID);
        Assert.That(reverted.State, Is.EqualTo(TransactionState.Reverted));
        Assert.That(reverted.FeePaid, Is.GreaterThan(new Amount(0)));
        Assert.That(Scan(destination).Single().TxID, Is.EqualTo(firstSigned.TxID));
    }

    [Test]
    public void Ether_that_a_contract_refuses_is_no_deposit()
    {
        var own = NewAccount(Ether);
        // The token takes no ether: watched as if it were ours, the reverted payment must not show.
        anvil.Call("eth_sendTransaction", new Dictionary<string, object> { ["from"] = anvil.RichAccount, ["to"] = token, ["value"] = "0x1", ["gas"] = "0x186a0" });
        anvil.Mine();
        var block = anvil.Call("eth_getBlockByNumber", "latest", false);
        Assert.That(block.GetProperty("transactions").GetArrayLength(), Is.EqualTo(1));
        Assert.That(chain.DepositsIn(chain.Tip(), new HashSet<string> { token, own.Address }), Is.Empty);
    }

    [Test]
    public void What_cannot_be_paid_is_refused_in_words()
    {
        var rich = NewAccount(Ether);
        var poor = NewAccount();
        Mint(poor.Address, 100);
        anvil.Mine();
        string Refusal(Payment payment, params OwnAddress[] from) => chain.Build(payment, from, Nothing).Refusal!;

        Assert.That(Refusal(new Payment("ETH", new Amount((Int128)(2 * Ether)), poor.Address, FeeMax), rich), Is.EqualTo($"no address of ours holds {2 * Ether} atoms of ETH"));
        Assert.That(Refusal(new Payment("USDC", new Amount(101), rich.Address, FeeMax), poor, rich), Is.EqualTo("no address of ours holds 101 atoms of USDC"));
        Assert.That(Refusal(new Payment("USDC", new Amount(100), rich.Address, FeeMax), poor), Does.StartWith($"{poor.Address} does not hold the fee of"));
        Assert.That(Refusal(new Payment("ETH", new Amount((Int128)Ether), poor.Address, FeeMax), rich), Does.StartWith("the payment would fail").Or.StartWith($"{rich.Address} does not hold the fee of"));
        Assert.That(Refusal(new Payment("ETH", new Amount(1), poor.Address, new Amount(21_000)), rich), Does.StartWith("a fee of"));
        Assert.That(Refusal(new Payment("USDC", new Amount(1), token, FeeMax), poor), Is.EqualTo($"nobody can be paid at {token}"));
        Assert.That(Refusal(new Payment("ETH", new Amount(0), poor.Address, FeeMax), rich), Is.EqualTo("nothing to pay"));
        // The second account can what the first cannot.
        Assert.That(Built(chain.Build(new Payment("ETH", new Amount(1), NewAccount().Address, FeeMax), [poor, rich], Nothing)).Spends, Is.EqualTo(new[] { $"{rich.Address}#0" }));
    }

    [Test]
    public void The_bound_on_the_fee_is_kept_when_the_node_would_pay_more()
    {
        var own = NewAccount(Ether);
        var generous = Built(chain.Build(new Payment("ETH", new Amount(1), NewAccount().Address, FeeMax), [own], Nothing));
        var bound = new Amount(generous.FeeMax.Atoms * 3 / 4);
        var bounded = Built(chain.Build(new Payment("ETH", new Amount(1), NewAccount().Address, bound), [own], Nothing));
        Assert.That(bounded.FeeMax, Is.InRange(new Amount(bound.Atoms - 21_000), bound));
        Assert.That(chain.Broadcast(Sign(bounded)).Result, Is.EqualTo(BroadcastResult.Accepted));
    }

    [Test]
    public void A_signature_of_another_key_is_refused()
    {
        var own = NewAccount(Ether);
        var unsigned = Built(chain.Build(new Payment("ETH", new Amount(1), NewAccount().Address, FeeMax), [own], Nothing));
        var stranger = new TestKey(random).Sign(unsigned.Digests[0].Digest);
        Assert.That(() => chain.Assemble(unsigned, [[stranger]]), Throws.TypeOf<CodecException>());
        var good = keys[own.Address].Sign(unsigned.Digests[0].Digest);
        Assert.That(() => chain.Assemble(unsigned, [[good with { Parity = (byte)(1 - good.Parity) }]]), Throws.TypeOf<CodecException>());
        Assert.That(() => chain.Assemble(unsigned, [[good, good]]), Throws.TypeOf<CodecException>());
        Assert.That(chain.Assemble(unsigned, [[good]]).Raw.Length, Is.GreaterThan(100));
    }

    [Test]
    public void Blocks_are_named_by_height_up_to_the_tip()
    {
        anvil.Mine(2);
        var tip = chain.Tip();
        Assert.That(chain.BlockAt(tip.Height), Is.EqualTo(tip));
        Assert.That(chain.BlockAt(tip.Height - 1)!.Hash, Is.EqualTo(tip.ParentHash));
        Assert.That(chain.BlockAt(tip.Height + 1), Is.Null);
        Assert.That(chain.DepositsIn(tip with { Hash = "0x" + new string('1', 64) }, Nothing), Is.Null);
        using var elsewhere = new EthereumChain(Options() with { ChainID = 1 });
        Assert.That(Assert.Throws<ChainUnavailableException>(() => elsewhere.Tip())!.Message, Is.EqualTo("the Ethereum node is on chain 31337, not on 1"));
    }

    private EthereumOptions Options() => new() { Node = anvil.Address, ChainID = Anvil.ChainID, Tokens = [new Token("USDC", token)] };

    private OwnAddress NewAccount(UInt128 wei = default)
    {
        var key = new TestKey(random);
        var address = EthereumAddress.Encode(EthereumAddress.OfPublicKey(key.PublicKey));
        keys.Add(address, key);
        if (wei > 0) anvil.SetBalance(address, wei);
        return new OwnAddress(address, [key.PublicKey]);
    }

    // The next transaction of the issuer, with plenty of everything.
    private string SendAsIssuer(byte[] to, byte[] data)
    {
        var sender = EthereumAddress.Encode(EthereumAddress.OfPublicKey(issuer.PublicKey));
        var transaction = new FeeMarketTransaction
        {
            ChainID = Anvil.ChainID,
            Nonce = Convert.ToUInt64(anvil.Call("eth_getTransactionCount", sender, "pending").GetString(), 16),
            MaxPriorityFee = 1_000_000_000,
            MaxFee = 10_000_000_000,
            GasLimit = 2_000_000,
            To = to,
            Data = data,
        };
        var signature = issuer.Sign(transaction.SigningHash());
        var raw = transaction.Signed(signature.RS.Span, signature.Parity);
        return anvil.Call("eth_sendRawTransaction", Hex.Encode0x(raw)).GetString()!;
    }

    private string Deploy()
    {
        var compiled = JsonDocument.Parse(File.ReadAllText(Path.Combine(Partner.Root, "custody", "contracts", "TestDollar.json"))).RootElement;
        var txID = SendAsIssuer([], Hex.Decode0x(compiled.GetProperty("bytecode").GetString()));
        anvil.Mine();
        return EthereumAddress.Encode(Hex.Decode0x(anvil.Call("eth_getTransactionReceipt", txID).GetProperty("contractAddress").GetString()));
    }

    // mint(address,uint256) has the arguments of transfer; its selector is the start of its hash.
    private string Mint(string to, UInt128 atoms) => SendAsIssuer(EthereumAddress.Decode(token),
        [.. Digests.Keccak256("mint(address,uint256)"u8)[..4], .. Erc20.Transfer(EthereumAddress.Decode(to), atoms)[4..]]);

    // The same nonce at twice the fee.
    private SignedTransaction Rival(SignedTransaction stuck, OwnAddress own)
    {
        var (transaction, _) = FeeMarketTransaction.ParseSigned(stuck.Raw.Span);
        var dearer = transaction with { MaxFee = transaction.MaxFee * 2, MaxPriorityFee = transaction.MaxPriorityFee * 2 };
        var signature = keys[own.Address].Sign(dearer.SigningHash());
        var raw = dearer.Signed(signature.RS.Span, signature.Parity);
        return new SignedTransaction(FeeMarketTransaction.IDOf(raw), raw);
    }

    private SignedTransaction Sign(UnsignedTransaction unsigned) =>
        chain.Assemble(unsigned, [.. unsigned.Digests.Select(digest => (IReadOnlyList<TransactionSignature>)[keys[digest.Address].Sign(digest.Digest)])]);

    private IReadOnlyList<ChainDeposit> Scan(OwnAddress own) => chain.DepositsIn(chain.Tip(), Set(own))!;

    private void Follow(BlockTrail trail)
    {
        while (chain.BlockAt(trail.Last!.Height + 1) is { } next) trail.Add(next);
    }

    private static UnsignedTransaction Built(BuildOutcome outcome) => outcome.Transaction ?? throw new AssertionException($"refused: {outcome.Refusal}");

    private static HashSet<string> Set(OwnAddress own) => [own.Address];
}
