using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Custody.Policy;

namespace Custody.Signer;

/// <summary>A token of the HSM and the file with its PIN.</summary>
internal sealed record TokenSetting(string Label, string PinFile);

/// <summary>A token contract.</summary>
internal sealed record ContractSetting(string Asset, string Address);

/// <summary>One network. <c>bech32</c> and <c>base58</c> (P2PKH, P2SH versions) for Bitcoin, <c>contracts</c> and <c>gas_max</c> for Ethereum.</summary>
internal sealed record ChainSetting
{
    public required string Chain { get; init; }
    public required string NativeAsset { get; init; }
    public required IReadOnlyList<TokenSetting> Tokens { get; init; }
    public string? Bech32 { get; init; }
    public IReadOnlyList<byte>? Base58 { get; init; }
    public IReadOnlyList<ContractSetting> Contracts { get; init; } = [];
    public long GasMax { get; init; } = 200_000;

    [JsonIgnore] public bool IsBitcoin => Chain.StartsWith("bip122:", StringComparison.Ordinal);
    [JsonIgnore] public bool IsEthereum => Chain.StartsWith("eip155:", StringComparison.Ordinal);
}

/// <summary>signer.json: all that the signer is told. Paths are relative to its folder.</summary>
internal sealed record SignerFile
{
    public required string Library { get; init; }
    /// <summary>SoftHSM only: its settings file, made by init.</summary>
    public string? SofthsmConf { get; init; }
    public required string Policy { get; init; }
    public required string Socket { get; init; }
    public required string TokenFile { get; init; }
    public required string Log { get; init; }
    public required IReadOnlyList<ChainSetting> Chains { get; init; }

    [JsonIgnore] public string Folder { get; private init; } = "";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    /// <summary>Null, with every fault, when the signer cannot start with it.</summary>
    public static (SignerFile File, PolicyTerms Terms)? Read(string path, List<string> faults)
    {
        SignerFile file;
        try
        {
            file = JsonSerializer.Deserialize<SignerFile>(File.ReadAllBytes(path), Json) ?? throw new JsonException("the file is empty");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"{path}: {e.Message}");
            return null;
        }
        file = file with { Folder = Path.GetDirectoryName(Path.GetFullPath(path))! };
        if (!File.Exists(file.Locate(file.Library))) faults.Add($"library: '{file.Library}' does not exist, there is no HSM to ask");
        // A Unix socket's path has 108 bytes, the last one zero.
        if (file.Locate(file.Socket).Length > 107) faults.Add($"socket: '{file.Locate(file.Socket)}' is longer than the 107 characters that a Unix socket may have");
        if (file.Chains.Count == 0) faults.Add("chains: none given, there is nothing to sign");
        foreach (var twice in file.Chains.GroupBy(c => c.Chain).Where(g => g.Count() > 1)) faults.Add($"chains: {twice.Key} is given twice");
        foreach (var twice in file.Chains.SelectMany(c => c.Tokens).GroupBy(t => t.Label).Where(g => g.Count() > 1))
            faults.Add($"tokens: '{twice.Key}' is used twice, one PIN would open two key domains");
        foreach (var chain in file.Chains) chain.AddFaults(faults);
        PolicyTerms? terms = null;
        if (File.Exists(file.Locate(file.Policy))) terms = PolicyFile.Parse(File.ReadAllBytes(file.Locate(file.Policy)), file.Policy, faults);
        else faults.Add($"policy: '{file.Policy}' does not exist, everything would be refused");
        return faults.Count == 0 ? (file, terms!) : null;
    }

    /// <summary>A path of the file, as seen from the process.</summary>
    public string Locate(string path) => Path.Combine(Folder, path);
}

/// <summary>What can be wrong with a network's settings.</summary>
internal static class ChainSettingFaults
{
    public static void AddFaults(this ChainSetting chain, List<string> faults)
    {
        if (chain.IsBitcoin)
        {
            if (string.IsNullOrEmpty(chain.Bech32)) faults.Add($"{chain.Chain}: bech32 is missing, no address can be read");
            if (chain.Base58 is not { Count: 2 }) faults.Add($"{chain.Chain}: base58 has to give two versions, of P2PKH and of P2SH");
            if (chain.Tokens.Count != 3) faults.Add($"{chain.Chain}: {chain.Tokens.Count} tokens, 2-of-3 takes three");
        }
        else if (chain.IsEthereum)
        {
            if (!long.TryParse(chain.Chain.AsSpan("eip155:".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number <= 0) faults.Add($"{chain.Chain}: not a number of a network");
            if (chain.Tokens.Count != 1) faults.Add($"{chain.Chain}: {chain.Tokens.Count} tokens, an account has one key");
            if (chain.GasMax < 21_000) faults.Add($"{chain.Chain}: gas_max {chain.GasMax} is less than the 21000 of the smallest transaction");
            foreach (var contract in chain.Contracts.Where(c => c.Address.Length != 42 || !c.Address.StartsWith("0x", StringComparison.Ordinal) || !c.Address[2..].All(char.IsAsciiHexDigit)))
                faults.Add($"{chain.Chain}: contract '{contract.Address}' of {contract.Asset} is not an address");
        }
        else
        {
            faults.Add($"{chain.Chain}: the signer reads transactions of bip122 and eip155 networks, not of this one");
        }
    }
}
