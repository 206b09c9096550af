namespace Custody.Chains.Ethereum;

/// <summary>A token (ERC-20) that custody holds.</summary>
/// <param name="Asset">Asset code.</param>
/// <param name="Contract">Its address, canonical text.</param>
public sealed record Token(string Asset, string Contract);

/// <summary>How to reach an Ethereum node, and what custody may pay for gas.</summary>
public sealed record EthereumOptions
{
    /// <summary>HTTP address of the node's JSON-RPC.</summary>
    public required Uri Node { get; init; }

    /// <summary><c>user:password</c> where a proxy asks for it; or null.</summary>
    public string? Credentials { get; init; }

    /// <summary>EIP-155 network that the node must be on.</summary>
    public required ulong ChainID { get; init; }

    /// <summary>Asset code of ether.</summary>
    public string Asset { get; init; } = "ETH";

    /// <summary>Tokens; each one's contract is trusted to report its own transfers truly.</summary>
    public IReadOnlyList<Token> Tokens { get; init; } = [];

    /// <summary>Most gas that one payment may take: a destination that asks for more is refused.</summary>
    public ulong GasLimitMax { get; init; } = 200_000;

    /// <summary>For the block's maker when the node suggests less, in wei a gas.</summary>
    public long PriorityFeeMinWei { get; init; } = 100_000_000;

    /// <summary>For one call to the node.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Every fault with its consequence; empty when there is none.</summary>
    public IEnumerable<string> Validate()
    {
        if (ChainID == 0) yield return "ethereum: chain 0: transactions would be valid on no network";
        if (GasLimitMax < 21_000) yield return "ethereum: gas limit under 21,000: no payment can be made";
        if (PriorityFeeMinWei < 0) yield return "ethereum: priority fee below zero: no transaction can be built";
        if (Timeout <= TimeSpan.Zero) yield return "ethereum: timeout of nothing: every call fails";
        foreach (var token in Tokens)
            if (!IsCanonical(token.Contract)) yield return $"ethereum: {token.Asset}'s contract is not an address with its checksum: payments could go to the wrong one";
        foreach (var twice in Tokens.Select(static token => token.Asset).Append(Asset).GroupBy(static asset => asset, StringComparer.Ordinal).Where(static same => same.Count() > 1))
            yield return $"ethereum: {twice.Key} stands for two assets: balances would be added up";
        foreach (var twice in Tokens.GroupBy(static token => token.Contract, StringComparer.Ordinal).Where(static same => same.Count() > 1))
            yield return $"ethereum: {twice.Key} is the contract of two assets: a deposit would count twice";
    }

    private static bool IsCanonical(string address)
    {
        try
        {
            return EthereumAddress.Encode(EthereumAddress.Decode(address)) == address;
        }
        catch (CodecException)
        {
            return false;
        }
    }
}
