using Venue.Messages;

namespace Custody.Policy;

/// <summary>Somebody who may approve.</summary>
/// <param name="Name">As approvals give it.</param>
/// <param name="PublicKey">Ed25519, 32 bytes.</param>
public sealed record Approver(string Name, ReadOnlyMemory<byte> PublicKey);

/// <summary>Limits of one asset on one network.</summary>
/// <param name="ChainID">CAIP-2 network.</param>
/// <param name="Asset">Asset code.</param>
/// <param name="AmountMax">Most in one withdrawal, in atoms.</param>
/// <param name="DailyMax">Most in any 24 hours, all firms together, in atoms.</param>
/// <param name="FeeMax">Highest network fee, in atoms of the native asset.</param>
public sealed record AssetLimit(string ChainID, string Asset, Amount AmountMax, Amount DailyMax, Amount FeeMax);

/// <summary>An address that a firm may withdraw to.</summary>
/// <param name="Firm">Whose.</param>
/// <param name="ChainID">CAIP-2 network.</param>
/// <param name="Address">Canonical text.</param>
/// <param name="Since">When it was put on the list; seconds since 1970 UTC. It waits from then on before it can be used.</param>
public sealed record WhitelistEntry(int Firm, string ChainID, string Address, long Since);

/// <summary>All that policy decides by, apart from the withdrawal itself. The host and the signer have a file of it each.</summary>
public sealed record PolicyTerms
{
    /// <summary>How many approvers have to sign, the requester not among them.</summary>
    public required int ApprovalsRequired { get; init; }

    /// <summary>Seconds that a new whitelist entry waits.</summary>
    public required long WhitelistWaitSeconds { get; init; }

    /// <summary>Longest time between request and expiry, in seconds.</summary>
    public required long IntentLifetimeMaxSeconds { get; init; }

    /// <summary>Who may approve.</summary>
    public required IReadOnlyList<Approver> Approvers { get; init; }

    /// <summary>What may be withdrawn at all, and how much of it.</summary>
    public required IReadOnlyList<AssetLimit> Assets { get; init; }

    /// <summary>Where it may go.</summary>
    public required IReadOnlyList<WhitelistEntry> Whitelist { get; init; }

    /// <summary>The limit of an asset; null when it cannot be withdrawn.</summary>
    public AssetLimit? LimitOf(string chainID, string asset) => Assets.FirstOrDefault(a => a.ChainID == chainID && a.Asset == asset);

    /// <summary>The key of an approver; null when nobody has this name.</summary>
    public Approver? ApproverOf(string name) => Approvers.FirstOrDefault(a => a.Name == name);

    /// <summary>Every fault, each with its consequence; empty when the terms can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (ApprovalsRequired < 1) faults.Add($"approvals_required: {ApprovalsRequired} lets one person move money alone");
        // One of them may be the requester, who does not count.
        else if (Approvers.Count < ApprovalsRequired) faults.Add($"approvers: {Approvers.Count} cannot give {ApprovalsRequired} approvals, nothing would ever be paid");
        if (WhitelistWaitSeconds < 0) faults.Add("whitelist_wait_seconds: negative");
        if (IntentLifetimeMaxSeconds < 1) faults.Add("intent_lifetime_max_seconds: every intent would have expired when it is made");
        foreach (var twice in Approvers.GroupBy(a => a.Name).Where(g => g.Count() > 1)) faults.Add($"approvers: '{twice.Key}' is given twice");
        foreach (var twice in Approvers.GroupBy(a => Convert.ToHexStringLower(a.PublicKey.Span)).Where(g => g.Count() > 1))
            faults.Add($"approvers: {string.Join(" and ", twice.Select(a => $"'{a.Name}'"))} have one key, one person would be a quorum");
        foreach (var approver in Approvers.Where(a => a.PublicKey.Length != 32)) faults.Add($"approvers: the key of '{approver.Name}' is not 32 bytes");
        foreach (var twice in Assets.GroupBy(a => (a.ChainID, a.Asset)).Where(g => g.Count() > 1)) faults.Add($"assets: {twice.Key.Asset} on {twice.Key.ChainID} is given twice");
        foreach (var limit in Assets)
        {
            if (limit.AmountMax.Atoms <= 0 || limit.DailyMax.Atoms <= 0) faults.Add($"assets: {limit.Asset} on {limit.ChainID} has a limit that lets nothing pass; leave it out instead");
            if (limit.FeeMax.Atoms <= 0) faults.Add($"assets: {limit.Asset} on {limit.ChainID} allows no fee, no transaction could be built");
            if (limit.AmountMax > limit.DailyMax) faults.Add($"assets: {limit.Asset} on {limit.ChainID} allows more in one withdrawal than in a day");
        }
        return faults;
    }
}
