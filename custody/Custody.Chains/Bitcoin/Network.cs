namespace Custody.Chains.Bitcoin;

/// <summary>What differs between Bitcoin's networks.</summary>
/// <param name="Name">As bitcoind's getblockchaininfo calls it.</param>
/// <param name="Genesis">Hash of block 0: the node must have this one.</param>
/// <param name="Bech32Prefix">Human-readable part of witness addresses.</param>
/// <param name="KeyHashVersion">First byte of a P2PKH address.</param>
/// <param name="ScriptHashVersion">First byte of a P2SH address.</param>
public sealed record Network(string Name, string Genesis, string Bech32Prefix, byte KeyHashVersion, byte ScriptHashVersion)
{
    /// <summary>Real money.</summary>
    public static readonly Network Main = new("main", "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f", "bc", 0x00, 0x05);

    /// <summary>The fourth public test network.</summary>
    public static readonly Network Testnet4 = new("testnet4", "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043", "tb", 0x6f, 0xc4);

    /// <summary>The public test network whose blocks are signed.</summary>
    public static readonly Network Signet = new("signet", "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6", "tb", 0x6f, 0xc4);

    /// <summary>A network of one's own.</summary>
    public static readonly Network Regtest = new("regtest", "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206", "bcrt", 0x6f, 0xc4);

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Network> All = [Main, Testnet4, Signet, Regtest];

    /// <summary>CAIP-2: the namespace bip122 and the first half of the genesis hash.</summary>
    public string ChainID => "bip122:" + Genesis[..32];
}
