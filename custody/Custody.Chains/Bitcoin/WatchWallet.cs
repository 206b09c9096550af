using System.Text.Json;

namespace Custody.Chains.Bitcoin;

/// <summary>
/// The node's own index of what our addresses hold: a wallet without keys, into which each address is imported when it is
/// first asked about. It can be deleted at any time; the next call fills it again from the blocks.
/// </summary>
internal sealed class WatchWallet(BitcoinOptions options, BitcoinNode node) : IDisposable
{
    // Bitcoin Core rpc/protocol.h.
    private const int WalletNotFound = -18, AlreadyLoaded = -35;

    private readonly JsonRpc rpc = BitcoinNode.Connect(options, new Uri(options.Node, "/wallet/" + Uri.EscapeDataString(options.Wallet)));

    // Null: not known, ask the wallet.
    private HashSet<string>? watched;

    /// <summary>Makes the wallet watch all of these.</summary>
    /// <param name="addresses">Canonical text.</param>
    /// <param name="sinceUnixSeconds">When a new one may first have been paid. A wallet that watches nothing goes back to the options' birth.</param>
    public void Watch(IEnumerable<string> addresses, long sinceUnixSeconds)
    {
        watched ??= Load();
        var missing = addresses.Where(address => !watched.Contains(address)).Distinct().ToArray();
        if (missing.Length == 0) return;

        var since = watched.Count == 0 ? options.BirthUnixSeconds : sinceUnixSeconds;
        // What the import did is only known when it answers; until then the wallet is asked again.
        watched = null;
        var described = rpc.Batch([.. missing.Select(static address => new RpcCall("getdescriptorinfo", $"addr({address})"))]);
        var request = described.Select(answer => new Dictionary<string, object>
        {
            ["desc"] = (answer.Error is null ? answer.Result : throw answer.Error).Text("descriptor"),
            ["timestamp"] = since,
        }).ToArray();
        foreach (var done in Call("importdescriptors", (object)request).Items())
            if (done.Field("success").ValueKind != JsonValueKind.True) throw new ChainUnavailableException($"bitcoind could not watch an address: {done.Optional("error")?.GetRawText()}");
        watched = Load();
    }

    /// <summary>Confirmed coins at these addresses that no transaction in the pool spends.</summary>
    /// <param name="addresses">Watched ones.</param>
    /// <param name="immature">True to have mined coins that cannot be spent yet.</param>
    public IReadOnlyList<Coin> Unspent(IEnumerable<string> addresses, bool immature)
    {
        var query = new Dictionary<string, object> { ["include_immature_coinbase"] = immature };
        return [.. Call("listunspent", 1, 9_999_999, addresses.ToArray(), true, query).Items().Select(static coin => new Coin(
            new OutPoint(coin.Text("txid"), (int)coin.Integer("vout")), BitcoinAmount.Sats(coin.Field("amount")), coin.Text("address")))];
    }

    /// <summary>Transactions of ours that wait, or that waited and were dropped.</summary>
    public IReadOnlyList<string> Unconfirmed(string tipHash) =>
        [.. Since(tipHash).Where(static entry => entry.Integer("confirmations") == 0).Select(static entry => entry.Text("txid")).Distinct()];

    /// <summary>Transactions of ours that blocks after this one include.</summary>
    public IReadOnlyList<string> IncludedAfter(string blockHash) =>
        [.. Since(blockHash).Where(static entry => entry.Integer("confirmations") > 0).Select(static entry => entry.Text("txid")).Distinct()];

    /// <summary>Null when it has nothing to do with our addresses, or never reached the node.</summary>
    public WalletTransaction? Transaction(string txID) => Transactions([txID])[0];

    /// <summary>In the order of the identifiers.</summary>
    public IReadOnlyList<WalletTransaction?> Transactions(IReadOnlyList<string> txIDs)
    {
        watched ??= Load();
        return [.. rpc.Batch([.. txIDs.Select(static txID => new RpcCall("gettransaction", txID))]).Select(answer => answer.Error switch
        {
            null => WalletTransaction.Read(answer.Result),
            { Code: BitcoinNode.NotFound } => null,
            var refusal => throw Forget(refusal),
        })];
    }

    /// <summary>Transactions that the wallet itself named, in the order of the identifiers.</summary>
    public IReadOnlyList<WalletTransaction> Named(IReadOnlyList<string> txIDs) =>
        [.. Transactions(txIDs).Select(static transaction => transaction ?? throw new CodecException("bitcoind's wallet named a transaction and does not know it"))];

    /// <summary>Closes the connections.</summary>
    public void Dispose() => rpc.Dispose();

    private JsonElement Call(string method, params object?[] arguments)
    {
        try
        {
            return rpc.Call(method, arguments);
        }
        catch (JsonRpcException refusal)
        {
            throw Forget(refusal);
        }
    }

    // The node was started without the wallet: the next call opens it, or makes it anew.
    private JsonRpcException Forget(JsonRpcException refusal)
    {
        if (refusal.Code == WalletNotFound) watched = null;
        return refusal;
    }

    // Change counts too: a payment from one of our addresses to another is nothing else.
    private IEnumerable<JsonElement> Since(string blockHash) =>
        Call("listsinceblock", blockHash, 1, true, false, true).Field("transactions").Items();

    private HashSet<string> Load()
    {
        Open();
        if (Call("getwalletinfo").Field("scanning").ValueKind == JsonValueKind.Object) throw new ChainUnavailableException("bitcoind is scanning old blocks for our addresses");
        const string Start = "addr(";
        var addresses = new HashSet<string>(StringComparer.Ordinal);
        foreach (var each in Call("listdescriptors").Field("descriptors").Items())
        {
            var descriptor = each.Text("desc");
            var end = descriptor.IndexOf(')', StringComparison.Ordinal);
            if (!descriptor.StartsWith(Start, StringComparison.Ordinal) || end < 0) throw new ChainUnavailableException($"bitcoind's wallet {options.Wallet} is not custody's: it holds {descriptor}");
            addresses.Add(descriptor[Start.Length..end]);
        }
        return addresses;
    }

    private void Open()
    {
        if (node.Call("listwallets").Items().Any(name => name.Text() == options.Wallet)) return;
        try
        {
            node.Call("loadwallet", options.Wallet, true);
        }
        catch (JsonRpcException refusal) when (refusal.Code == WalletNotFound)
        {
            // No keys, blank, no passphrase, no reuse rule, descriptors, loaded again at the node's start.
            node.Call("createwallet", options.Wallet, true, true, "", false, true, true);
        }
        catch (JsonRpcException refusal) when (refusal.Code == AlreadyLoaded)
        {
            // Somebody else loaded it since the list was read.
        }
    }
}

/// <summary>A transaction that pays or spends an address of ours.</summary>
/// <param name="Raw">Network serialisation.</param>
/// <param name="Confirmations">Below 0: a block has a rival, this deep.</param>
/// <param name="BlockHash">Null outside a block.</param>
/// <param name="FeeSats">Null when not all inputs are ours.</param>
/// <param name="Rivals">Other transactions that spend the same.</param>
internal sealed record WalletTransaction(byte[] Raw, long Confirmations, string? BlockHash, long? FeeSats, IReadOnlyList<string> Rivals)
{
    public static WalletTransaction Read(JsonElement answer) => new(
        Hex.Decode(answer.Text("hex")),
        answer.Integer("confirmations"),
        answer.Integer("confirmations") > 0 ? answer.Text("blockhash") : null,
        answer.Optional("fee") is { } fee ? -BitcoinAmount.Sats(fee) : null,
        [.. answer.Field("walletconflicts").Items().Select(static rival => rival.Text())]);
}
