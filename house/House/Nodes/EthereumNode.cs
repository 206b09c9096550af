using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace House.Nodes;

/// <summary>The sample Ethereum node: its unlocked accounts, the sample dollar, and blocks on demand.</summary>
internal sealed class EthereumNode(int port) : IDisposable
{
    // What the node's first account deploys with its first transaction (the hash of its address and nonce 0).
    public const string Token = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

    // First four bytes of the hash of each signature (ERC-20; mint is the sample dollar's own).
    private const string MintSelector = "40c10f19", TransferSelector = "a9059cbb", BalanceOfSelector = "70a08231";

    private readonly JsonRpc _rpc = new("ethereum", $"http://127.0.0.1:{port}/", () => null);
    private string[]? _accounts;

    /// <summary>The sample dollar's issuer, and the miner of the rest.</summary>
    public string Issuer => Accounts[0];

    /// <summary>The client's own account.</summary>
    public string Client => Accounts[1];

    private string[] Accounts => _accounts ??= [.. _rpc.Call("eth_accounts").EnumerateArray().Select(a => a.GetString()!)];

    /// <summary>Deploys the sample dollar where it is not there yet.</summary>
    /// <param name="contract">TestDollar.json.</param>
    /// <exception cref="InvalidDataException">It came to another address: the node was used before.</exception>
    public void Deploy(string contract)
    {
        if (_rpc.Call("eth_getCode", Token, "latest").GetString() != "0x") return;
        using var compiled = JsonDocument.Parse(File.ReadAllText(contract));
        var made = Send(new { from = Issuer, data = compiled.RootElement.GetProperty("bytecode").GetString() }).GetProperty("contractAddress").GetString();
        if (!string.Equals(made, Token, StringComparison.OrdinalIgnoreCase)) throw new InvalidDataException($"the sample dollar came to {made} and not to {Token}: this node's first account was used before");
    }

    /// <summary>Makes sample dollars for an account.</summary>
    public void Mint(string to, BigInteger atoms) => Send(new { from = Issuer, to = Token, data = "0x" + MintSelector + Word(to) + Word(atoms) });

    /// <summary>Sends sample dollars from the client's account.</summary>
    public string PayDollars(string to, BigInteger atoms) => Hash(Send(new { from = Client, to = Token, data = "0x" + TransferSelector + Word(to) + Word(atoms) }));

    /// <summary>Sends ether from the issuer.</summary>
    public string PayEther(string to, BigInteger wei) => Hash(Send(new { from = Issuer, to, value = "0x" + wei.ToString("x", CultureInfo.InvariantCulture).TrimStart('0') }));

    /// <summary>Sample dollars of an account, in atoms.</summary>
    public BigInteger DollarsOf(string account) => Number(_rpc.Call("eth_call", new { to = Token, data = "0x" + BalanceOfSelector + Word(account) }, "latest"));

    /// <summary>Mines blocks.</summary>
    public void Mine(int blocks)
    {
        for (var i = 0; i < blocks; i++) _rpc.Call("evm_mine");
    }

    /// <summary>Height of the chain.</summary>
    public long Height => (long)Number(_rpc.Call("eth_blockNumber"));

    public void Dispose() => _rpc.Dispose();

    private JsonElement Send(object transaction)
    {
        var hash = _rpc.Call("eth_sendTransaction", transaction).GetString();
        // The node mines each transaction at once; the receipt may be a moment behind.
        for (var tries = 0; tries < 500; tries++, Thread.Sleep(10))
        {
            var receipt = _rpc.Call("eth_getTransactionReceipt", hash);
            if (receipt.ValueKind == JsonValueKind.Null) continue;
            return receipt.GetProperty("status").GetString() == "0x1" ? receipt : throw new IOException($"ethereum: the transaction {hash} was reverted");
        }
        throw new IOException($"ethereum: no receipt of {hash} within 5 s");
    }

    private static string Hash(JsonElement receipt) => receipt.GetProperty("transactionHash").GetString()!;

    private static string Word(string address) => address[2..].ToLowerInvariant().PadLeft(64, '0');

    private static string Word(BigInteger number) => number.ToString("x", CultureInfo.InvariantCulture).TrimStart('0').PadLeft(64, '0');

    private static BigInteger Number(JsonElement hex) => BigInteger.Parse("0" + hex.GetString()![2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
