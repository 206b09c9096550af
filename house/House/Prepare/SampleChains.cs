using House.Launch;
using House.Nodes;

namespace House.Prepare;

/// <summary>Makes the two private test networks usable: coins for the miner, wallets for a client, the sample dollar.</summary>
internal static class SampleChains
{
    public static void Run(HouseFile file, Action<string> say)
    {
        using var bitcoin = new BitcoinNode(file.Port("BitcoinPort"), file.InData("bitcoin"));
        using var ethereum = new EthereumNode(file.Port("EthereumPort"));
        bitcoin.Prepare();
        ethereum.Deploy(Path.Combine(file.Root, "custody", "contracts", "TestDollar.json"));
        say($"bitcoin at block {bitcoin.Height}; the sample dollar (USDC) is {EthereumNode.Token} on the Ethereum node");
    }
}
