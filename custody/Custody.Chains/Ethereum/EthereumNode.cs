using System.Globalization;
using System.Text.Json;

namespace Custody.Chains.Ethereum;

/// <summary>A transaction as a block has it: what matters to custody.</summary>
public sealed record BlockTransaction(string ID, string? To, UInt128 Value);

/// <summary>What a transaction did.</summary>
/// <param name="BlockHash">The block that has it.</param>
/// <param name="Succeeded">False when it reverted.</param>
/// <param name="FeeWei">What its sender paid.</param>
/// <param name="FirstLogIndex">Place in the block of its first event; null without events.</param>
public sealed record Receipt(string BlockHash, bool Succeeded, UInt128 FeeWei, int? FirstLogIndex)
{
    /// <summary>Which of the transaction's own events this is, from 0: the same in whatever block it ends up.</summary>
    public int PlaceOf(TransferLog transfer) =>
        transfer.LogIndex - FirstLogIndex is >= 0 and var place ? place : throw new CodecException("receipt: without an event that the block has");
}

/// <summary>A token's Transfer event.</summary>
/// <param name="TxID">Transaction that caused it.</param>
/// <param name="LogIndex">Place in the block, which another block gives another number.</param>
/// <param name="Contract">The token, canonical text.</param>
/// <param name="To">Who got it, canonical text.</param>
/// <param name="Atoms">How much.</param>
public sealed record TransferLog(string TxID, int LogIndex, string Contract, string To, UInt128 Atoms);

/// <summary>What an Ethereum node knows of the chain and of its pool. Blocks are asked for by hash wherever it matters which.</summary>
public sealed class EthereumNode : IDisposable
{
    // Calls in one request: enough to make the round trip cheap, few enough for every node's limit.
    private const int BatchMax = 100;

    // JSON-RPC 2.0 and EIP-1474: parse error, method missing, internal error, resource unavailable, limit exceeded.
    private static readonly int[] UnavailableCodes = [-32700, -32601, -32603, -32002, -32005];

    private readonly EthereumOptions options;
    private readonly JsonRpc rpc;
    private bool networkChecked;

    /// <summary>Calls nobody yet.</summary>
    public EthereumNode(EthereumOptions options)
    {
        this.options = options;
        rpc = new JsonRpc(options.Node, options.Timeout, () => options.Credentials, static code => Array.IndexOf(UnavailableCodes, code) >= 0);
    }

    /// <summary>The head of the chain, from a node that is on the right network and not still fetching it.</summary>
    public BlockRef Tip()
    {
        if (Call("eth_syncing").ValueKind != JsonValueKind.False) throw new ChainUnavailableException("the Ethereum node is still fetching the chain");
        return ReadBlock(Call("eth_getBlockByNumber", "latest", false));
    }

    /// <summary>Null above the head.</summary>
    public BlockRef? BlockAt(long height)
    {
        var block = Call("eth_getBlockByNumber", Quantity(height), false);
        return block.ValueKind == JsonValueKind.Null ? null : ReadBlock(block);
    }

    /// <summary>Null when the node does not hold it.</summary>
    public (BlockRef Block, IReadOnlyList<BlockTransaction> Transactions)? Block(string hash)
    {
        var block = Call("eth_getBlockByHash", hash, true);
        if (block.ValueKind == JsonValueKind.Null) return null;
        return (ReadBlock(block), [.. block.Field("transactions").Items().Select(static each =>
            new BlockTransaction(each.Text("hash"), each.Optional("to") is { } to ? Canonical(to.Text()) : null, Number(each.Field("value"))))]);
    }

    /// <summary>The Transfer events of these contracts in a block, in its order.</summary>
    public IReadOnlyList<TransferLog> TransfersIn(string blockHash, IReadOnlyList<string> contracts)
    {
        var filter = new Dictionary<string, object> { ["blockHash"] = blockHash, ["address"] = contracts, ["topics"] = new[] { Erc20.TransferTopic } };
        var transfers = new List<TransferLog>();
        foreach (var log in Call("eth_getLogs", filter).Items())
        {
            var topics = log.Field("topics").Items().Select(static topic => topic.Text()).ToArray();
            // ERC-721 has the same event with the third value indexed: not a token that custody holds.
            if (topics.Length != 3 || log.Text("blockHash") != blockHash) throw new CodecException("log: not a Transfer of this block");
            transfers.Add(new TransferLog(
                log.Text("transactionHash"), (int)Number(log.Field("logIndex")), Canonical(log.Text("address")),
                EthereumAddress.Encode(Erc20.ReadAddress(Hex.Decode0x(topics[2]))), Erc20.ReadNumber(Hex.Decode0x(log.Text("data")))));
        }
        return transfers;
    }

    /// <summary>In the order of the identifiers; null where no block has the transaction.</summary>
    public IReadOnlyList<Receipt?> Receipts(IReadOnlyList<string> txIDs) =>
        [.. Results(txIDs.Select(static txID => new RpcCall("eth_getTransactionReceipt", txID))).Select(static receipt => receipt.ValueKind == JsonValueKind.Null ? null : new Receipt(
            receipt.Text("blockHash"),
            Number(receipt.Field("status")) == 1,
            Number(receipt.Field("gasUsed")) * Number(receipt.Field("effectiveGasPrice")),
            receipt.Field("logs").Items().Select(static log => (int?)Number(log.Field("logIndex"))).FirstOrDefault()))];

    /// <summary>True when the node knows the transaction, in a block or in its pool.</summary>
    public bool Knows(string txID) => Call("eth_getTransactionByHash", txID).ValueKind != JsonValueKind.Null;

    /// <summary>Wei of each account at a block (EIP-1898).</summary>
    public IReadOnlyList<UInt128> Balances(IEnumerable<string> accounts, string blockHash) =>
        [.. Results(accounts.Select(account => new RpcCall("eth_getBalance", account, AtBlock(blockHash)))).Select(Number)];

    /// <summary>Atoms of a token of each account at a block.</summary>
    public IReadOnlyList<UInt128> TokenBalances(string contract, IEnumerable<string> accounts, string blockHash) =>
        [.. Results(accounts.Select(account => new RpcCall("eth_call",
            new Dictionary<string, object> { ["to"] = contract, ["input"] = Hex.Encode0x(Erc20.BalanceOf(EthereumAddress.Decode(account))) },
            AtBlock(blockHash)))).Select(static word => Erc20.ReadNumber(Hex.Decode0x(word.Text())))];

    /// <summary>Wei of an account once what waits in the pool is done.</summary>
    public UInt128 PendingBalance(string account) => Number(Call("eth_getBalance", account, "pending"));

    /// <summary>How many transactions of an account the chain has at the head: its next nonce.</summary>
    public ulong NonceOf(string account) => (ulong)Number(Call("eth_getTransactionCount", account, "latest"));

    /// <summary>The same at a height; null when the node no longer has its state.</summary>
    public ulong? NonceAt(string account, long height)
    {
        try
        {
            return (ulong)Number(Call("eth_getTransactionCount", account, Quantity(height)));
        }
        catch (JsonRpcException)
        {
            return null;
        }
    }

    /// <summary>Wei a gas: what the next block asks of everyone, and what its maker is offered.</summary>
    public (UInt128 BaseFee, UInt128 PriorityFee) Fees()
    {
        // The last base fee of the list is that of the block to come.
        var history = Call("eth_feeHistory", "0x1", "latest", Array.Empty<int>());
        if (history.Field("baseFeePerGas").Items().ToArray() is not [.., var next]) throw new CodecException("answer: no base fee");
        return (Number(next), UInt128.Max(Number(Call("eth_maxPriorityFeePerGas")), (UInt128)options.PriorityFeeMinWei));
    }

    /// <summary>Gas of a payment; an <see cref="JsonRpcException"/> says that it would revert.</summary>
    public ulong EstimateGas(string from, string to, UInt128 value, ReadOnlySpan<byte> input) => (ulong)Number(Call("eth_estimateGas", new Dictionary<string, object>
    {
        ["from"] = from,
        ["to"] = to,
        ["value"] = Quantity(value),
        ["input"] = Hex.Encode0x(input),
    }));

    /// <summary>Hands over a transaction; an <see cref="JsonRpcException"/> says why the node does not take it.</summary>
    public void Send(ReadOnlySpan<byte> raw) => Call("eth_sendRawTransaction", Hex.Encode0x(raw));

    /// <summary>Closes the connections.</summary>
    public void Dispose() => rpc.Dispose();

    private IEnumerable<JsonElement> Results(IEnumerable<RpcCall> calls)
    {
        CheckNetwork();
        foreach (var batch in calls.Chunk(BatchMax))
            foreach (var answer in rpc.Batch(batch))
                yield return answer.Error is null ? answer.Result : throw answer.Error;
    }

    private static BlockRef ReadBlock(JsonElement block) => new((long)Number(block.Field("number")), block.Text("hash"), block.Text("parentHash"));

    private static Dictionary<string, object> AtBlock(string hash) => new() { ["blockHash"] = hash, ["requireCanonical"] = true };

    private static string Canonical(string address) => EthereumAddress.Encode(EthereumAddress.Decode(address));

    private static string Quantity(UInt128 value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static string Quantity(long value) => Quantity((UInt128)value);

    // EIP-1474: 0x and hex digits without leading zeros.
    private static UInt128 Number(JsonElement quantity)
    {
        var text = quantity.Text();
        return text.StartsWith("0x", StringComparison.Ordinal) && UInt128.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new CodecException($"answer: {text} is no quantity of 128 bits");
    }

    private JsonElement Call(string method, params object?[] arguments)
    {
        CheckNetwork();
        return rpc.Call(method, arguments);
    }

    // Nothing is read from another network, or left on it. Once is enough: a node does not change its network without a restart.
    private void CheckNetwork()
    {
        if (networkChecked) return;
        var chain = Number(rpc.Call("eth_chainId"));
        if (chain != options.ChainID) throw new ChainUnavailableException($"the Ethereum node is on chain {chain}, not on {options.ChainID}");
        networkChecked = true;
    }
}
