using System.Text.Json;
using Custody.Chains;
using Custody.Chains.Ethereum;

namespace Custody.Tests.Chains.Partners;

/// <summary>An anvil: an Ethereum node of one's own with rich accounts, which mines when it is told to.</summary>
internal sealed class Anvil : Partner
{
    /// <summary>The network that anvil makes.</summary>
    public const ulong ChainID = 31337;

    private readonly JsonRpc node;

    public Anvil() : base("anvil", "--no-mining")
    {
        node = new JsonRpc(Address, TimeSpan.FromSeconds(30), static () => null, static _ => false);
        WaitFor(() =>
        {
            try
            {
                return node.Call("eth_chainId").GetString() == "0x7a69";
            }
            catch (ChainUnavailableException)
            {
                return false;
            }
        });
    }

    /// <summary>Asks the node.</summary>
    public JsonElement Call(string method, params object?[] arguments) => node.Call(method, arguments);

    /// <summary>Blocks, the first of them with what waits.</summary>
    public void Mine(int blocks = 1) => node.Call("anvil_mine", $"0x{blocks:x}");

    /// <summary>Gives an account ether, by decree.</summary>
    public void SetBalance(string account, UInt128 wei) => node.Call("anvil_setBalance", account, $"0x{wei:x}");

    /// <summary>Sends from an account that anvil holds the key of, to wait in the pool: the transaction.</summary>
    public string Pay(string from, string to, UInt128 wei) =>
        node.Call("eth_sendTransaction", new Dictionary<string, object> { ["from"] = from, ["to"] = to, ["value"] = $"0x{wei:x}" }).GetString()!;

    /// <summary>The first of anvil's own accounts.</summary>
    public string RichAccount => EthereumAddress.Encode(Hex.Decode0x(node.Call("eth_accounts")[0].GetString()!));

    /// <summary>Replaces the last blocks with empty ones.</summary>
    public void Reorganise(int depth) => node.Call("anvil_reorg", depth, Array.Empty<object>());

    public override void Dispose()
    {
        node.Dispose();
        base.Dispose();
    }
}
