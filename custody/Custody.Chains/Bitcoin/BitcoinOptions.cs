namespace Custody.Chains.Bitcoin;

/// <summary>How to reach a bitcoind, and what to pay for a place in a block.</summary>
public sealed record BitcoinOptions
{
    /// <summary>HTTP address of the node's JSON-RPC.</summary>
    public required Uri Node { get; init; }

    /// <summary>The node's <c>.cookie</c>, read before each call since the node writes a new one at its start; or null.</summary>
    public string? CookieFile { get; init; }

    /// <summary><c>user:password</c> where there is no cookie; or null.</summary>
    public string? Credentials { get; init; }

    /// <summary>Which network the node must be on.</summary>
    public required Network Network { get; init; }

    /// <summary>Asset code of bitcoin.</summary>
    public string Asset { get; init; } = "BTC";

    /// <summary>Name of the node's watch-only wallet, made when it is not there. Custody's alone.</summary>
    public string Wallet { get; init; } = "custody";

    /// <summary>Unix seconds before which nobody paid an address of ours: a node new to us scans its blocks from there.</summary>
    public long BirthUnixSeconds { get; init; }

    /// <summary>Blocks within which a withdrawal should be included: asked of estimatesmartfee.</summary>
    public int FeeTargetBlocks { get; init; } = 3;

    /// <summary>Fee rate when the node has no estimate, in satoshis for 1,000 virtual bytes.</summary>
    public long FallbackSatsPerKvB { get; init; } = 10_000;

    /// <summary>Never more than this, whatever the node says, in satoshis for 1,000 virtual bytes.</summary>
    public long SatsPerKvBMax { get; init; } = 500_000;

    /// <summary>For one call to the node. Shorter than the node's scan of old blocks, which goes on meanwhile.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Every fault with its consequence; empty when there is none.</summary>
    public IEnumerable<string> Validate()
    {
        if (CookieFile is null == Credentials is null) yield return "bitcoin: not exactly one of cookie file and credentials: the node refuses every call";
        if (Wallet.Length == 0) yield return "bitcoin: wallet without a name: it would be the node's own wallet";
        if (BirthUnixSeconds < 0) yield return "bitcoin: birth before 1970: the node refuses the import of addresses";
        if (FeeTargetBlocks is < 1 or > 1008) yield return "bitcoin: fee target outside 1 to 1008 blocks: the node has no estimate for it";
        if (FallbackSatsPerKvB < 1000) yield return "bitcoin: fallback fee rate under 1,000 sat/kvB: nodes do not relay it";
        if (SatsPerKvBMax < FallbackSatsPerKvB) yield return "bitcoin: highest fee rate below the fallback: a withdrawal could not be built";
        if (Timeout <= TimeSpan.Zero) yield return "bitcoin: timeout of nothing: every call fails";
    }
}
