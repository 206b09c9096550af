using System.Text.Json;

namespace Custody.Chains.Bitcoin;

/// <summary>What a bitcoind knows of the chain and of its pool.</summary>
public sealed class BitcoinNode : IDisposable
{
    // Bitcoin Core rpc/protocol.h.
    internal const int NotFound = -5, OutOfRange = -8;
    private const int WarmingUp = -28, NotConnected = -9, InitialDownload = -10, WalletError = -4;

    private readonly BitcoinOptions options;
    private readonly JsonRpc rpc;
    private bool networkChecked;

    /// <summary>Calls nobody yet.</summary>
    public BitcoinNode(BitcoinOptions options)
    {
        this.options = options;
        rpc = Connect(options, options.Node);
    }

    /// <summary>The block at the top of the best chain, from a node that is on the right network and not still fetching it.</summary>
    public BlockRef Tip()
    {
        var info = Call("getblockchaininfo");
        // A network of one's own looks like a download while nobody mines.
        if (options.Network != Network.Regtest && info.Field("initialblockdownload").ValueKind == JsonValueKind.True)
            throw new ChainUnavailableException($"bitcoind is still fetching the chain, at block {info.Integer("blocks")}");
        return BlockOf(info.Text("bestblockhash"));
    }

    /// <summary>Null above the tip.</summary>
    public BlockRef? BlockAt(long height) => Try("getblockhash", OutOfRange, height) is { } hash ? BlockOf(hash.Text()) : null;

    /// <summary>Null when the node never heard of it.</summary>
    public BlockHeader? Header(string hash)
    {
        if (Try("getblockheader", NotFound, hash) is not { } header) return null;
        var parent = header.Optional("previousblockhash")?.Text() ?? new string('0', 64);
        return new BlockHeader(new BlockRef(header.Integer("height"), header.Text("hash"), parent), header.Integer("confirmations") > 0, header.Integer("time"));
    }

    /// <summary>A block that the node itself named.</summary>
    public BlockRef BlockOf(string hash) => Header(hash)?.Block ?? throw new CodecException($"bitcoind named block {hash} and does not know it");

    /// <summary>The whole block, or null when the node does not hold it.</summary>
    public Block? Block(string hash)
    {
        if (Try("getblock", NotFound, hash, 0) is not { } hex) return null;
        var block = Bitcoin.Block.Parse(Hex.Decode(hex.Text()));
        return block.Hash == hash ? block : throw new CodecException($"block: {block.Hash} where {hash} was asked for");
    }

    /// <summary>True when the transaction waits in the pool.</summary>
    public bool IsPooled(string txID) => Try("getmempoolentry", NotFound, txID) is not null;

    /// <summary>For each output, whether the best chain has it unspent, whatever waits in the pool; in satoshis, null when not.</summary>
    public IReadOnlyList<TxOutput?> UnspentInChain(IReadOnlyList<OutPoint> outPoints)
    {
        var answers = rpc.Batch([.. outPoints.Select(static o => new RpcCall("gettxout", o.TxID, o.Index, false))]);
        return [.. answers.Select(static answer =>
        {
            if (answer.Error is not null) throw answer.Error;
            if (answer.Result.ValueKind == JsonValueKind.Null) return null;
            return new TxOutput(BitcoinAmount.Sats(answer.Result.Field("value")), Hex.Decode(answer.Result.Field("scriptPubKey").Text("hex")));
        })];
    }

    /// <summary>
    /// What a place within the target costs now, in satoshis for 1,000 virtual bytes: the node's estimate, else the
    /// fallback; never below what the pool takes. May be above the highest that the options allow.
    /// </summary>
    public long SatsPerKvB()
    {
        var pool = Call("getmempoolinfo");
        var floor = Math.Max(BitcoinAmount.Sats(pool.Field("mempoolminfee")), BitcoinAmount.Sats(pool.Field("minrelaytxfee")));
        var estimate = Call("estimatesmartfee", options.FeeTargetBlocks).Optional("feerate") is { } rate
            ? Math.Min(BitcoinAmount.Sats(rate), options.SatsPerKvBMax)
            : options.FallbackSatsPerKvB;
        return Math.Max(floor, estimate);
    }

    /// <summary>Hands over a transaction; an <see cref="JsonRpcException"/> says why the node does not take it.</summary>
    public void Send(ReadOnlySpan<byte> raw) => Call("sendrawtransaction", Hex.Encode(raw));

    /// <summary>Closes the connections.</summary>
    public void Dispose() => rpc.Dispose();

    /// <summary>Asks the node, once it is known to be on the right network: nothing is read from or left on another one.</summary>
    internal JsonElement Call(string method, params object?[] arguments)
    {
        if (!networkChecked)
        {
            var genesis = rpc.Call("getblockhash", 0).Text();
            if (genesis != options.Network.Genesis) throw new ChainUnavailableException($"bitcoind is on the network of {genesis}, not on {options.Network.Name}");
            // Once is enough: a node does not change its network without a restart under another address.
            networkChecked = true;
        }
        return rpc.Call(method, arguments);
    }

    internal static JsonRpc Connect(BitcoinOptions options, Uri address) =>
        new(address, options.Timeout, () => Secret(options), static code => code is WarmingUp or NotConnected or InitialDownload or WalletError);

    private static string? Secret(BitcoinOptions options)
    {
        if (options.CookieFile is null) return options.Credentials;
        try
        {
            return File.ReadAllText(options.CookieFile).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ChainUnavailableException($"bitcoind's cookie: {fault.Message}", fault);
        }
    }

    private JsonElement? Try(string method, int absent, params object?[] arguments)
    {
        try
        {
            return Call(method, arguments);
        }
        catch (JsonRpcException refusal) when (refusal.Code == absent)
        {
            return null;
        }
    }
}

/// <summary>A block's place, whether the best chain has it, and its own time.</summary>
public sealed record BlockHeader(BlockRef Block, bool IsBest, long UnixSeconds);
