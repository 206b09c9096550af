using System.Text.Json;
using System.Text.Json.Serialization;
using Custody.Chains;
using Custody.Chains.Bitcoin;
using Custody.Chains.Ethereum;
using Custody.Host.Workers;

namespace Custody.Host.Config;

/// <summary>chains.json: networks with their nodes, and how deep each has to be. README.md has an example.</summary>
public static class ChainsFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private sealed record Contract(string Asset, string Address);

    private sealed record Entry
    {
        /// <summary>bitcoin or ethereum.</summary>
        public required string Kind { get; init; }
        public required Uri Node { get; init; }
        public required int DepositConfirmations { get; init; }
        public required int FinalConfirmations { get; init; }
        public int TrailBlocks { get; init; } = 200;
        public long? StartHeight { get; init; }
        /// <summary>Bitcoin: main, testnet4, signet or regtest.</summary>
        public string? Network { get; init; }
        public string? CookieFile { get; init; }
        public string? Credentials { get; init; }
        public string Wallet { get; init; } = "custody";
        public long BirthUnixSeconds { get; init; }
        /// <summary>Ethereum: number of the network.</summary>
        public ulong ChainId { get; init; }
        public IReadOnlyList<Contract> Tokens { get; init; } = [];
    }

    /// <summary>Networks that the file names; empty when there is no file: custody then keeps the venue's books alone.</summary>
    /// <param name="path">The file.</param>
    /// <param name="faults">Gets every fault.</param>
    /// <param name="ownAddress">The keys of an address of ours, by network and canonical address.</param>
    public static IReadOnlyList<(IChain Chain, ChainTerms Terms)> Read(string path, List<string> faults, Func<string, string, OwnAddress?> ownAddress)
    {
        if (!File.Exists(path)) return [];
        var chains = new List<(IChain, ChainTerms)>();
        try
        {
            foreach (var entry in JsonSerializer.Deserialize<Entry[]>(File.ReadAllBytes(path), Json) ?? [])
            {
                if (Open(entry, Path.GetDirectoryName(Path.GetFullPath(path))!, faults, ownAddress) is not { } chain) continue;
                var terms = new ChainTerms(chain.ChainID, entry.DepositConfirmations, entry.FinalConfirmations, entry.TrailBlocks, entry.StartHeight);
                faults.AddRange(terms.Validate().Select(f => $"{path}: {f}"));
                chains.Add((chain, terms));
            }
        }
        catch (JsonException e)
        {
            faults.Add($"{path}: {e.Message}");
        }
        foreach (var twice in chains.GroupBy(c => c.Item1.ChainID).Where(g => g.Count() > 1)) faults.Add($"{path}: {twice.Key} is given twice, its deposits would be counted twice");
        return chains;
    }

    private static IChain? Open(Entry entry, string folder, List<string> faults, Func<string, string, OwnAddress?> ownAddress)
    {
        switch (entry.Kind)
        {
            case "bitcoin":
                if (Network.All.FirstOrDefault(n => n.Name == entry.Network) is not { } network)
                {
                    faults.Add($"chains: network '{entry.Network}' of bitcoin is none of {string.Join(", ", Network.All.Select(n => n.Name))}");
                    return null;
                }
                var bitcoin = new BitcoinOptions
                {
                    Node = entry.Node,
                    Network = network,
                    CookieFile = entry.CookieFile is { } cookie ? Path.Combine(folder, cookie) : null,
                    Credentials = entry.Credentials,
                    Wallet = entry.Wallet,
                    BirthUnixSeconds = entry.BirthUnixSeconds,
                };
                if (Faulty(bitcoin.Validate())) return null;
                return new BitcoinChain(bitcoin, address => ownAddress(network.ChainID, address));
            case "ethereum":
                var ethereum = new EthereumOptions
                {
                    Node = entry.Node,
                    Credentials = entry.Credentials,
                    ChainID = entry.ChainId,
                    Tokens = [.. entry.Tokens.Select(t => new Token(t.Asset, t.Address))],
                };
                if (Faulty(ethereum.Validate())) return null;
                return new EthereumChain(ethereum);
            default:
                faults.Add($"chains: kind '{entry.Kind}' is neither bitcoin nor ethereum");
                return null;
        }

        bool Faulty(IEnumerable<string> found)
        {
            var before = faults.Count;
            faults.AddRange(found);
            return faults.Count > before;
        }
    }
}
