using Venue.Messages;

namespace Custody.Chains.Ethereum;

/// <summary>
/// Ethereum for custody: ether and tokens on accounts with one key each. Ether that a contract sends within a transaction
/// leaves no trace in a block; it shows in the balance, not among the deposits.
/// </summary>
public sealed class EthereumChain : IChain, IDisposable
{
    // Nodes keep the state of about this many blocks: how far back a rival can be looked for.
    private const int StateBlocks = 127;

    // A tip that changes under a reading makes it void; more often than this in a row, it is tried again later.
    private const int ReadingsMax = 3;

    // A transfer to somebody who holds none yet takes more gas than was estimated while he held some: a fifth on top.
    private const ulong GasMarginDivisor = 5;
    private const ulong PlainGas = 21_000;

    private readonly EthereumOptions options;
    private readonly EthereumNode node;
    private readonly Dictionary<string, string> contractOf;
    private readonly Dictionary<string, string> assetOf;
    private readonly RecentlySent<Sent> sent = new();

    private sealed record Sent(string Sender, ulong Nonce);

    /// <summary>Calls nobody yet.</summary>
    /// <param name="options">Valid ones.</param>
    public EthereumChain(EthereumOptions options)
    {
        this.options = options;
        node = new EthereumNode(options);
        contractOf = options.Tokens.ToDictionary(static token => token.Asset, static token => token.Contract, StringComparer.Ordinal);
        assetOf = options.Tokens.ToDictionary(static token => token.Contract, static token => token.Asset, StringComparer.Ordinal);
        Assets = [options.Asset, .. options.Tokens.Select(static token => token.Asset)];
    }

    /// <inheritdoc/>
    public string ChainID => $"eip155:{options.ChainID}";

    /// <inheritdoc/>
    public string NativeAsset => options.Asset;

    /// <inheritdoc/>
    public IReadOnlyList<string> Assets { get; }

    /// <inheritdoc/>
    public int KeysPerAddress => 1;

    /// <inheritdoc/>
    public int SignaturesPerInput => 1;

    /// <inheritdoc/>
    public string AddressOf(IReadOnlyList<ReadOnlyMemory<byte>> publicKeys) =>
        publicKeys.Count == 1 ? EthereumAddress.Encode(EthereumAddress.OfPublicKey(publicKeys[0].Span)) : throw new CodecException($"account: {publicKeys.Count} keys, not 1");

    /// <inheritdoc/>
    public bool TryParseAddress(string text, out string canonical)
    {
        canonical = "";
        try
        {
            var address = EthereumAddress.Decode(text);
            var checksummed = EthereumAddress.Encode(address);
            // What is sent to a token's own contract stays there.
            if (EthereumAddress.IsReserved(address) || assetOf.ContainsKey(checksummed)) return false;
            canonical = checksummed;
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
        if (node.BlockAt(block.Height)?.Hash != block.Hash || node.Block(block.Hash) is not { } whole) return null;
        var paid = whole.Transactions.Where(transaction => transaction.To is { } to && transaction.Value > 0 && addresses.Contains(to)).ToArray();
        var transfers = assetOf.Count == 0 ? [] : node.TransfersIn(block.Hash, [.. assetOf.Keys]).Where(transfer => transfer.Atoms > 0 && addresses.Contains(transfer.To)).ToArray();

        var concerned = paid.Select(static transaction => transaction.ID).Concat(transfers.Select(static transfer => transfer.TxID)).Distinct().ToArray();
        var receipts = node.Receipts(concerned);
        var receiptOf = new Dictionary<string, Receipt>(StringComparer.Ordinal);
        for (var i = 0; i < concerned.Length; i++)
        {
            // The block may have left the best chain while it was read.
            if (receipts[i] is not { } receipt || receipt.BlockHash != block.Hash) return null;
            receiptOf.Add(concerned[i], receipt);
        }

        var deposits = new List<ChainDeposit>();
        foreach (var transaction in paid)
            if (receiptOf[transaction.ID].Succeeded) deposits.Add(new ChainDeposit(transaction.ID, -1, transaction.To!, options.Asset, ToAmount(transaction.Value), whole.Block));
        foreach (var transfer in transfers)
            deposits.Add(new ChainDeposit(transfer.TxID, receiptOf[transfer.TxID].PlaceOf(transfer), transfer.To, assetOf[transfer.Contract], ToAmount(transfer.Atoms), whole.Block));

        var places = whole.Transactions.Select(static (transaction, place) => (transaction.ID, place)).ToDictionary(static each => each.ID, static each => each.place, StringComparer.Ordinal);
        if (node.BlockAt(block.Height)?.Hash != block.Hash) return null;
        return [.. deposits.OrderBy(deposit => places[deposit.TxID]).ThenBy(static deposit => deposit.Index)];
    });

    /// <inheritdoc/>
    public ChainBalance BalanceOf(string asset, IReadOnlyList<string> addresses) => NodeCall.Ask(() =>
    {
        CheckAsset(asset);
        for (var reading = 0; reading < ReadingsMax; reading++)
        {
            var tip = node.Tip();
            var atoms = UInt128.Zero;
            foreach (var each in BalancesAt(asset, addresses.Distinct(), tip.Hash)) atoms = checked(atoms + each);
            if (node.BlockAt(tip.Height)?.Hash == tip.Hash) return new ChainBalance(tip, ToAmount(atoms));
        }
        throw new ChainUnavailableException("the chain is reorganised faster than a balance can be read");
    });

    /// <inheritdoc/>
    public BuildOutcome Build(Payment payment, IReadOnlyList<OwnAddress> from, IReadOnlySet<string> reserved) => NodeCall.Ask(() =>
    {
        CheckAsset(payment.Asset);
        if (payment.Amount.Atoms <= 0) return Refusal("nothing to pay");
        if (!TryParseAddress(payment.Destination, out var destination)) return Refusal($"nobody can be paid at {payment.Destination}");
        var atoms = (UInt128)payment.Amount.Atoms;
        var tip = node.Tip();
        var (baseFee, priorityFee) = node.Fees();

        var why = "no address of ours to pay from";
        foreach (var own in from)
        {
            if (BalancesAt(payment.Asset, [own.Address], tip.Hash)[0] < atoms)
            {
                why = $"no address of ours holds {atoms} atoms of {payment.Asset}";
                continue;
            }
            var (transaction, refusal) = Payable(payment, atoms, own.Address, destination, reserved, baseFee, priorityFee);
            if (transaction is not null) return new BuildOutcome(Unsigned(transaction, own.Address), null);
            why = refusal!;
        }
        return Refusal(why);
    });

    /// <inheritdoc/>
    public SignedTransaction Assemble(UnsignedTransaction transaction, IReadOnlyList<IReadOnlyList<TransactionSignature>> signatures)
    {
        if (transaction.Digests.Count != 1 || signatures.Count != 1 || signatures[0].Count != 1) throw new CodecException("assemble: not one digest and one signature");
        var signature = signatures[0][0];
        var unsigned = FeeMarketTransaction.ParsePayload(transaction.Raw.Span);
        var raw = unsigned.Signed(signature.RS.Span, signature.Parity);
        var (_, sender) = FeeMarketTransaction.ParseSigned(raw);
        if (EthereumAddress.Encode(sender) != transaction.Digests[0].Address) throw new CodecException("assemble: the signature is not that of the account");
        return new SignedTransaction(FeeMarketTransaction.IDOf(raw), raw);
    }

    /// <inheritdoc/>
    public BroadcastOutcome Broadcast(SignedTransaction transaction) => NodeCall.Ask(() =>
    {
        var (parsed, sender) = FeeMarketTransaction.ParseSigned(transaction.Raw.Span);
        sent.Add(transaction.TxID, new Sent(EthereumAddress.Encode(sender), parsed.Nonce));
        try
        {
            node.Send(transaction.Raw.Span);
            return new BroadcastOutcome(BroadcastResult.Accepted, null);
        }
        catch (JsonRpcException refusal)
        {
            // Each kind of node has other words for a transaction that it knows already; that it knows it is what counts.
            return node.Knows(transaction.TxID) ? new BroadcastOutcome(BroadcastResult.Accepted, null) : new BroadcastOutcome(BroadcastResult.Refused, refusal.Reason);
        }
    });

    /// <inheritdoc/>
    public TransactionStatus StatusOf(string txID) => NodeCall.Ask(() =>
    {
        if (node.Receipts([txID])[0] is { } receipt)
        {
            var tip = node.Tip();
            var block = node.Block(receipt.BlockHash)?.Block ?? throw new ChainUnavailableException("the block of a receipt is gone: the chain is being reorganised");
            return new TransactionStatus(receipt.Succeeded ? TransactionState.Included : TransactionState.Reverted, block, tip.Height - block.Height + 1, ToAmount(receipt.FeeWei));
        }
        if (node.Knows(txID)) return new TransactionStatus(TransactionState.Pooled, null, 0, null);
        if (sent.Find(txID) is { } own && node.NonceOf(own.Sender) > own.Nonce) return Conflicted(own);
        return new TransactionStatus(TransactionState.Unknown, null, 0, null);
    });

    /// <summary>Closes the connections to the node.</summary>
    public void Dispose() => node.Dispose();

    private static BuildOutcome Refusal(string why) => new(null, why);

    private static Amount ToAmount(UInt128 atoms) =>
        atoms <= (UInt128)Amount.Max.Atoms ? new Amount((Int128)atoms) : throw new CodecException($"{atoms} atoms are more than any account takes");

    private void CheckAsset(string asset)
    {
        if (asset != options.Asset && !contractOf.ContainsKey(asset)) throw new ArgumentException($"{asset} is not on {ChainID}", nameof(asset));
    }

    private IReadOnlyList<UInt128> BalancesAt(string asset, IEnumerable<string> accounts, string blockHash) =>
        asset == options.Asset ? node.Balances(accounts, blockHash) : node.TokenBalances(contractOf[asset], accounts, blockHash);

    private (FeeMarketTransaction?, string?) Payable(Payment payment, UInt128 atoms, string from, string destination, IReadOnlySet<string> reserved, UInt128 baseFee, UInt128 priorityFee)
    {
        var native = payment.Asset == options.Asset;
        var to = native ? destination : contractOf[payment.Asset];
        var value = native ? atoms : 0;
        var input = native ? [] : Erc20.Transfer(EthereumAddress.Decode(destination), atoms);

        ulong gas;
        try
        {
            gas = node.EstimateGas(from, to, value, input);
        }
        catch (JsonRpcException refusal)
        {
            return (null, $"the payment would fail: {refusal.Reason}");
        }
        if (gas != PlainGas) gas += gas / GasMarginDivisor;
        if (gas > options.GasLimitMax) return (null, $"the payment would take {gas} gas, above the limit of {options.GasLimitMax}");

        // Twice the base fee is safe for the six blocks in which it can double; the bound may allow less.
        var allowed = payment.FeeMax.Atoms <= 0 ? 0 : (UInt128)payment.FeeMax.Atoms / gas;
        var maxFee = UInt128.Min(2 * baseFee + priorityFee, allowed);
        if (maxFee < baseFee + priorityFee) return (null, $"a fee of {(baseFee + priorityFee) * gas} wei is needed now, above the bound of {payment.FeeMax.Atoms}");
        if (node.PendingBalance(from) < value + maxFee * gas) return (null, $"{from} does not hold the fee of {maxFee * gas} wei besides the payment");

        var nonce = node.NonceOf(from);
        while (reserved.Contains(Resource(from, nonce))) nonce++;
        return (new FeeMarketTransaction
        {
            ChainID = options.ChainID,
            Nonce = nonce,
            MaxPriorityFee = priorityFee,
            MaxFee = maxFee,
            GasLimit = gas,
            To = EthereumAddress.Decode(to),
            Value = value,
            Data = input,
        }, null);
    }

    private UnsignedTransaction Unsigned(FeeMarketTransaction transaction, string from) => new()
    {
        ChainID = ChainID,
        Raw = transaction.SigningPayload(),
        Digests = [new DigestToSign(from, transaction.SigningHash())],
        Spends = [Resource(from, transaction.Nonce)],
        FeeMax = ToAmount(transaction.MaxFee * transaction.GasLimit),
    };

    private static string Resource(string account, ulong nonce) => $"{account}#{nonce}";

    // Another transaction took the nonce: in the lowest block after which the account's next nonce is above it.
    private TransactionStatus Conflicted(Sent own)
    {
        var tip = node.Tip();
        long before = Math.Max(tip.Height - StateBlocks, 0), after = tip.Height;
        // Without that state nothing is known but the head; with the nonce gone by then, which block took it no longer matters.
        if (node.NonceAt(own.Sender, before) is not { } then) return new TransactionStatus(TransactionState.Conflicted, null, 1, null);
        if (then > own.Nonce) return new TransactionStatus(TransactionState.Conflicted, null, tip.Height - before + 1, null);
        while (after - before > 1)
        {
            var middle = (before + after) / 2;
            if (node.NonceAt(own.Sender, middle) > own.Nonce) after = middle;
            else before = middle;
        }
        return new TransactionStatus(TransactionState.Conflicted, node.BlockAt(after), tip.Height - after + 1, null);
    }
}
