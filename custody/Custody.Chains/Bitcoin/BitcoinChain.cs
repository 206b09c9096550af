using Venue.Messages;

namespace Custody.Chains.Bitcoin;

/// <summary>
/// Bitcoin for custody: coins in P2WSH 2-of-3, a bitcoind as the witness of the chain. Coins are spent once they are
/// confirmed, never before.
/// </summary>
public sealed class BitcoinChain : IChain, IDisposable
{
    // A tip that changes under a reading makes it void; more often than this in a row, it is tried again later.
    private const int ReadingsMax = 3;

    // BIP 125: the node may replace it by one that pays more.
    private const uint Replaceable = 0xfffffffd;

    private readonly BitcoinOptions options;
    private readonly Func<string, OwnAddress?> ownAddress;
    private readonly BitcoinNode node;
    private readonly WatchWallet wallet;
    private readonly RecentlySent<Transaction> refused = new();

    /// <summary>Calls nobody yet.</summary>
    /// <param name="options">Valid ones.</param>
    /// <param name="ownAddress">
    /// The keys of an address of ours, null when it is not ours. An address is the hash of its keys, so a wrong answer is found
    /// out; <see cref="Assemble"/> needs all three and gets the signatures of two.
    /// </param>
    public BitcoinChain(BitcoinOptions options, Func<string, OwnAddress?> ownAddress)
    {
        this.options = options;
        this.ownAddress = ownAddress;
        node = new BitcoinNode(options);
        wallet = new WatchWallet(options, node);
        Assets = [options.Asset];
    }

    /// <inheritdoc/>
    public string ChainID => options.Network.ChainID;

    /// <inheritdoc/>
    public string NativeAsset => options.Asset;

    /// <inheritdoc/>
    public IReadOnlyList<string> Assets { get; }

    /// <inheritdoc/>
    public int KeysPerAddress => MultisigInput.Keys;

    /// <inheritdoc/>
    public int SignaturesPerInput => MultisigInput.Required;

    /// <inheritdoc/>
    public string AddressOf(IReadOnlyList<ReadOnlyMemory<byte>> publicKeys) =>
        Address.FromScript(Script.PayToWitnessScriptHash(MultisigInput.WitnessScript(publicKeys)), options.Network)!;

    /// <inheritdoc/>
    public bool TryParseAddress(string text, out string canonical)
    {
        canonical = "";
        try
        {
            var script = Address.ToScript(text, options.Network);
            if (!Address.IsPayable(script)) return false;
            canonical = Address.FromScript(script, options.Network)!;
            return true;
        }
        catch (CodecException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public BlockRef Tip() => NodeCall.Ask(node.Tip);

    /// <inheritdoc/>
    public BlockRef? BlockAt(long height) => NodeCall.Ask(() => node.BlockAt(height));

    /// <inheritdoc/>
    public IReadOnlyList<ChainDeposit>? DepositsIn(BlockRef block, IReadOnlySet<string> addresses) => NodeCall.Ask<IReadOnlyList<ChainDeposit>?>(() =>
    {
        if (node.Header(block.Hash) is not { IsBest: true } header) return null;
        // Before anything is reported from this block, the wallet counts it as well.
        wallet.Watch(addresses, header.UnixSeconds);
        if (node.Block(block.Hash) is not { } whole) return null;

        var deposits = new List<ChainDeposit>();
        foreach (var transaction in whole.Transactions)
        {
            string? txID = null;
            for (var i = 0; i < transaction.Outputs.Count; i++)
            {
                var output = transaction.Outputs[i];
                if (output.Sats == 0 || Address.FromScript(output.Script.Span, options.Network) is not { } address || !addresses.Contains(address)) continue;
                deposits.Add(new ChainDeposit(txID ??= transaction.ID, i, address, options.Asset, new Amount(output.Sats), header.Block));
            }
        }
        // The block may have left the best chain while it was read.
        return node.Header(block.Hash) is { IsBest: true } ? deposits : null;
    });

    /// <inheritdoc/>
    public ChainBalance BalanceOf(string asset, IReadOnlyList<string> addresses) => NodeCall.Ask(() =>
    {
        CheckAsset(asset);
        wallet.Watch(addresses, options.BirthUnixSeconds);
        for (var reading = 0; reading < ReadingsMax; reading++)
        {
            var tip = node.Tip();
            var sats = SatsInChain(tip, addresses.ToHashSet(StringComparer.Ordinal));
            if (node.Tip() == tip) return new ChainBalance(tip, new Amount(sats));
        }
        throw new ChainUnavailableException("bitcoind's tip changes faster than a balance can be read");
    });

    /// <inheritdoc/>
    public BuildOutcome Build(Payment payment, IReadOnlyList<OwnAddress> from, IReadOnlySet<string> reserved) => NodeCall.Ask(() =>
    {
        CheckAsset(payment.Asset);
        if (from.Count == 0) return Refusal("no address of ours to pay from");
        if (!TryParseAddress(payment.Destination, out var destination)) return Refusal($"nobody can be paid at {payment.Destination}");
        var script = Address.ToScript(destination, options.Network);
        if (payment.Amount.Atoms > TxOutput.SatsMax) return Refusal("more than there is bitcoin");
        if (payment.Amount.Atoms < Script.DustSats(script)) return Refusal($"{payment.Amount.Atoms} sat is dust: nodes relay no output to this address below {Script.DustSats(script)} sat");
        var sats = (long)payment.Amount.Atoms;

        node.Tip();
        wallet.Watch(from.Select(static own => own.Address), options.BirthUnixSeconds);
        var satsPerKvB = node.SatsPerKvB();
        if (satsPerKvB > options.SatsPerKvBMax) return Refusal($"the pool takes nothing below {satsPerKvB} sat/kvB, and no more than {options.SatsPerKvBMax} is allowed");

        var changeScript = Address.ToScript(from[0].Address, options.Network);
        if (Choose(new CoinSelection(satsPerKvB, script.Length, changeScript), from, reserved, sats) is not { } selection)
            return Refusal($"the confirmed coins that are free do not pay {sats} sat and a fee at {satsPerKvB} sat/kvB in one transaction");
        if (selection.FeeSats > payment.FeeMax.Atoms) return Refusal($"the fee would be {selection.FeeSats} sat, above the bound of {payment.FeeMax.Atoms}");

        var transaction = new Transaction
        {
            Inputs = [.. selection.Coins.Select(static coin => new TxInput(coin.OutPoint, default, Replaceable, []))],
            Outputs = selection.ChangeSats == 0
                ? [new TxOutput(sats, script)]
                : [new TxOutput(sats, script), new TxOutput(selection.ChangeSats, changeScript)],
        };
        return new BuildOutcome(Unsigned(transaction, selection, from), null);
    });

    /// <inheritdoc/>
    public SignedTransaction Assemble(UnsignedTransaction transaction, IReadOnlyList<IReadOnlyList<TransactionSignature>> signatures)
    {
        var unsigned = Transaction.Parse(transaction.Raw.Span);
        if (transaction.Digests.Count != unsigned.Inputs.Count || signatures.Count != unsigned.Inputs.Count)
            throw new CodecException($"assemble: {unsigned.Inputs.Count} inputs, {transaction.Digests.Count} digests and {signatures.Count} lists of signatures");

        var inputs = new TxInput[unsigned.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            var digest = transaction.Digests[i];
            var own = ownAddress(digest.Address) ?? throw new CodecException($"assemble: {digest.Address} is no address of ours");
            if (AddressOf(own.PublicKeys) != digest.Address) throw new CodecException($"assemble: the keys given for {digest.Address} are not its keys");
            inputs[i] = unsigned.Inputs[i] with { Witness = MultisigInput.Witness(own.PublicKeys, digest.Digest.Span, signatures[i]) };
        }
        var signed = new Transaction { Version = unsigned.Version, Inputs = inputs, Outputs = unsigned.Outputs, LockTime = unsigned.LockTime };
        return new SignedTransaction(signed.ID, signed.Serialise(witnesses: true));
    }

    /// <inheritdoc/>
    public BroadcastOutcome Broadcast(SignedTransaction transaction) => NodeCall.Ask(() =>
    {
        try
        {
            node.Send(transaction.Raw.Span);
            return new BroadcastOutcome(BroadcastResult.Accepted, null);
        }
        catch (JsonRpcException refusal)
        {
            // A node refuses what a block already has, with different words according to what became of its outputs.
            if (StatusOf(transaction.TxID).State is TransactionState.Included or TransactionState.Pooled) return new BroadcastOutcome(BroadcastResult.Accepted, null);
            refused.Add(transaction.TxID, Transaction.Parse(transaction.Raw.Span));
            return new BroadcastOutcome(BroadcastResult.Refused, refusal.Reason);
        }
    });

    /// <inheritdoc/>
    public TransactionStatus StatusOf(string txID) => NodeCall.Ask(() => wallet.Transaction(txID) switch
    {
        { Confirmations: > 0 } included => new TransactionStatus(TransactionState.Included, node.BlockOf(included.BlockHash!), included.Confirmations, included.FeeSats is { } sats ? new Amount(sats) : null),
        { Confirmations: < 0 } conflicted => Conflicted(conflicted.Rivals, -conflicted.Confirmations),
        _ when node.IsPooled(txID) => new TransactionStatus(TransactionState.Pooled, null, 0, null),
        // The wallet never saw what the node refused at once.
        _ when refused.Find(txID) is { } transaction && RivalOf(transaction) is { } rival => Conflicted([rival], 0),
        _ => new TransactionStatus(TransactionState.Unknown, null, 0, null),
    });

    /// <summary>Closes the connections to the node.</summary>
    public void Dispose()
    {
        wallet.Dispose();
        node.Dispose();
    }

    private static BuildOutcome Refusal(string why) => new(null, why);

    private void CheckAsset(string asset)
    {
        if (asset != options.Asset) throw new ArgumentException($"{asset} is not on {ChainID}", nameof(asset));
    }

    // The fewest addresses, in their order of preference, whose coins can pay.
    private Selection? Choose(CoinSelection selection, IReadOnlyList<OwnAddress> from, IReadOnlySet<string> reserved, long sats)
    {
        var coins = wallet.Unspent(from.Select(static own => own.Address).Distinct(), immature: false)
            .Where(coin => !reserved.Contains(coin.OutPoint.ToString()))
            .ToLookup(static coin => coin.Address);
        var usable = new List<Coin>();
        var sum = 0L;
        foreach (var address in from.Select(static own => own.Address).Distinct())
        {
            var count = usable.Count;
            usable.AddRange(coins[address]);
            sum += coins[address].Sum(static coin => coin.Sats);
            if (usable.Count > count && sum >= sats && selection.Choose(usable, sats) is { } chosen) return chosen;
        }
        return null;
    }

    private UnsignedTransaction Unsigned(Transaction transaction, Selection selection, IReadOnlyList<OwnAddress> from)
    {
        var previous = wallet.Named([.. selection.Coins.Select(static coin => coin.OutPoint.TxID)]);
        var sigHash = new SigHash(transaction);
        var inputs = new List<SpentOutput>();
        var digests = new List<DigestToSign>();
        for (var i = 0; i < selection.Coins.Count; i++)
        {
            var coin = selection.Coins[i];
            var keys = from.First(own => own.Address == coin.Address).PublicKeys;
            inputs.Add(new SpentOutput(coin.OutPoint.TxID, coin.OutPoint.Index, new Amount(coin.Sats), coin.Address, previous[i].Raw));
            digests.Add(new DigestToSign(coin.Address, sigHash.Digest(i, MultisigInput.WitnessScript(keys), coin.Sats)));
        }
        return new UnsignedTransaction
        {
            ChainID = ChainID,
            Raw = transaction.Serialise(witnesses: false),
            Inputs = inputs,
            Digests = digests,
            Spends = [.. selection.Coins.Select(static coin => coin.OutPoint.ToString())],
            FeeMax = new Amount(selection.FeeSats),
        };
    }

    // The wallet leaves out coins that a transaction in the pool spends; in the chain they are still ours.
    private long SatsInChain(BlockRef tip, HashSet<string> addresses)
    {
        var counted = new HashSet<OutPoint>();
        long sats = 0;
        foreach (var coin in wallet.Unspent(addresses, immature: true))
            if (counted.Add(coin.OutPoint)) sats += coin.Sats;

        var spent = wallet.Named(wallet.Unconfirmed(tip.Hash))
            .SelectMany(static transaction => Transaction.Parse(transaction.Raw).Inputs.Select(static input => input.Previous))
            .Where(counted.Add).ToArray();
        foreach (var output in node.UnspentInChain(spent))
            if (output is not null && Address.FromScript(output.Script.Span, options.Network) is { } address && addresses.Contains(address)) sats += output.Sats;
        return sats;
    }

    // Without a rival of its own it is a transaction below it that lost: that one's depth is what the wallet knows.
    private TransactionStatus Conflicted(IReadOnlyList<string> rivals, long depth)
    {
        var included = wallet.Transactions(rivals).FirstOrDefault(static rival => rival is { Confirmations: > 0 });
        return new TransactionStatus(TransactionState.Conflicted, included is null ? null : node.BlockOf(included.BlockHash!), included?.Confirmations ?? depth, null);
    }

    // The transaction in a block that spends what this one wanted to; the coins were ours, so the wallet has it.
    private string? RivalOf(Transaction transaction)
    {
        var wanted = transaction.Inputs.Select(static input => input.Previous).ToArray();
        var unspent = node.UnspentInChain(wanted);
        for (var i = 0; i < wanted.Length; i++)
        {
            if (unspent[i] is not null || wallet.Transaction(wanted[i].TxID) is not { Confirmations: > 0 } maker) continue;
            var parent = node.BlockOf(maker.BlockHash!).ParentHash;
            var candidates = wallet.IncludedAfter(parent);
            var found = wallet.Named(candidates);
            for (var j = 0; j < candidates.Count; j++)
                if (Transaction.Parse(found[j].Raw).Inputs.Any(input => input.Previous == wanted[i])) return candidates[j];
        }
        return null;
    }
}
