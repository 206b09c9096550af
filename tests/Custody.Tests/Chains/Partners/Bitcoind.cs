using System.Text.Json;
using Custody.Chains;
using Custody.Chains.Bitcoin;

namespace Custody.Tests.Chains.Partners;

/// <summary>A bitcoind on a network of its own, with a wallet that has money and mines.</summary>
internal sealed class Bitcoind : Partner
{
    private const string Miner = "miner";

    private readonly JsonRpc node, miner;
    private readonly string mineTo;

    public Bitcoind() : base("bitcoind")
    {
        node = new JsonRpc(Address, TimeSpan.FromSeconds(60), Cookie, static code => code == -28);
        miner = new JsonRpc(new Uri(Address, $"/wallet/{Miner}"), TimeSpan.FromSeconds(60), Cookie, static _ => false);
        WaitFor(() =>
        {
            try
            {
                return File.Exists(CookieFile) && node.Call("getblockcount").GetInt32() == 0;
            }
            catch (ChainUnavailableException)
            {
                return false;
            }
        });
        node.Call("createwallet", Miner);
        mineTo = miner.Call("getnewaddress").GetString()!;
        Mine(101);
    }

    public string CookieFile => Path.Combine(Directory, "regtest", ".cookie");

    /// <summary>Asks the node.</summary>
    public JsonElement Call(string method, params object?[] arguments) => node.Call(method, arguments);

    /// <summary>Blocks with what waits in the pool; their hashes.</summary>
    public string[] Mine(int blocks) => [.. node.Call("generatetoaddress", blocks, mineTo).EnumerateArray().Select(static hash => hash.GetString()!)];

    /// <summary>A block with these transactions only.</summary>
    public string MineOnly(params string[] transactions) => node.Call("generateblock", mineTo, transactions).GetProperty("hash").GetString()!;

    /// <summary>Pays from the miner's wallet: the transaction.</summary>
    public string Pay(string address, string bitcoin) => miner.Call("sendtoaddress", address, bitcoin).GetString()!;

    /// <summary>Where the miner's wallet can be paid.</summary>
    public string NewAddress(string type) => miner.Call("getnewaddress", "", type).GetString()!;

    /// <summary>Takes a block and all above it off the best chain.</summary>
    public void Invalidate(string blockHash) => node.Call("invalidateblock", blockHash);

    public override void Dispose()
    {
        node.Dispose();
        miner.Dispose();
        base.Dispose();
    }

    private string Cookie() => File.ReadAllText(CookieFile);
}
