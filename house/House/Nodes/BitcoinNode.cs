using System.Globalization;
using System.Text.Json;

namespace House.Nodes;

/// <summary>The sample Bitcoin node: its miner's wallet, a client's wallet, and blocks on demand.</summary>
internal sealed class BitcoinNode : IDisposable
{
    private const string MinerWallet = "sample-miner", ClientWallet = "sample-client";

    // Coins of a mined block can be spent a hundred blocks later (Bitcoin consensus: COINBASE_MATURITY).
    private const int Maturity = 100;

    private readonly JsonRpc _node, _miner, _client;

    public BitcoinNode(int port, string dataFolder)
    {
        var cookie = Path.Combine(dataFolder, "regtest", ".cookie");
        string Credentials() => File.ReadAllText(cookie).Trim();
        _node = new JsonRpc("bitcoind", $"http://127.0.0.1:{port}/", Credentials);
        _miner = new JsonRpc("bitcoind", $"http://127.0.0.1:{port}/wallet/{MinerWallet}", Credentials);
        _client = new JsonRpc("bitcoind", $"http://127.0.0.1:{port}/wallet/{ClientWallet}", Credentials);
    }

    /// <summary>Opens both wallets, and mines until the miner has coins to spend.</summary>
    public void Prepare()
    {
        var loaded = _node.Call("listwallets").EnumerateArray().Select(w => w.GetString()).ToHashSet();
        var known = _node.Call("listwalletdir").GetProperty("wallets").EnumerateArray().Select(w => w.GetProperty("name").GetString()).ToHashSet();
        foreach (var wallet in (string[])[MinerWallet, ClientWallet])
        {
            if (loaded.Contains(wallet)) continue;
            if (known.Contains(wallet)) _node.Call("loadwallet", wallet);
            else _node.Call("createwallet", wallet);
        }
        if (Decimal(_miner.Call("getbalance")) < 10) Mine(Maturity + 1);
    }

    /// <summary>A new address of the client's own wallet.</summary>
    public string NewClientAddress() => _client.Call("getnewaddress", "", "bech32").GetString()!;

    /// <summary>Sends from the client's wallet, which the miner fills first when it has too little.</summary>
    /// <returns>The transaction's identifier; it waits for a block.</returns>
    public string PayFromClient(string address, decimal bitcoin)
    {
        if (Decimal(_client.Call("getbalance")) < bitcoin + 0.01m)
        {
            _miner.Call("sendtoaddress", NewClientAddress(), Text(bitcoin + 1));
            Mine(1);
        }
        return _client.Call("sendtoaddress", address, Text(bitcoin)).GetString()!;
    }

    /// <summary>Sends from the miner's wallet.</summary>
    public string PayFromMiner(string address, decimal bitcoin) => _miner.Call("sendtoaddress", address, Text(bitcoin)).GetString()!;

    /// <summary>Mines blocks with everything that waits.</summary>
    public string[] Mine(int blocks) =>
        [.. _node.Call("generatetoaddress", blocks, _miner.Call("getnewaddress").GetString()).EnumerateArray().Select(b => b.GetString()!)];

    /// <summary>Mines one block with nothing in it.</summary>
    public string MineEmpty() => _node.Call("generateblock", _miner.Call("getnewaddress").GetString(), Array.Empty<string>()).GetProperty("hash").GetString()!;

    /// <summary>Declares a block and all above it invalid, as if a longer branch had taken their place.</summary>
    public void Invalidate(string hash) => _node.Call("invalidateblock", hash);

    /// <summary>Height of the best chain.</summary>
    public long Height => _node.Call("getblockcount").GetInt64();

    /// <summary>Identifiers of what waits for a block.</summary>
    public string[] Waiting() => [.. _node.Call("getrawmempool").EnumerateArray().Select(t => t.GetString()!)];

    /// <summary>Satoshis received at an address of the client's wallet, in blocks.</summary>
    public long ReceivedSats(string address) => (long)(Decimal(_client.Call("getreceivedbyaddress", address, 1)) * 100_000_000m);

    public void Dispose()
    {
        _node.Dispose();
        _miner.Dispose();
        _client.Dispose();
    }

    private static decimal Decimal(JsonElement number) => decimal.Parse(number.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Text(decimal bitcoin) => bitcoin.ToString("0.00000000", CultureInfo.InvariantCulture);
}
