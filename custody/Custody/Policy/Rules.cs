using Custody.Withdrawals;
using Venue.Messages;

namespace Custody.Policy;

/// <summary>When a rule is asked.</summary>
public enum PolicyStage : byte
{
    /// <summary>At the request, before anything is held; and again at every later stage.</summary>
    Request,

    /// <summary>Before a transaction is built, and in the signer before it signs.</summary>
    Quorum,
}

/// <summary>A withdrawal as policy sees it, with what the asker knows of the past.</summary>
public sealed record PolicyCase
{
    /// <summary>What is to be paid.</summary>
    public required WithdrawalIntent Intent { get; init; }

    /// <summary>Seconds since 1970 UTC.</summary>
    public required long Now { get; init; }

    /// <summary>Approvals as given, not yet checked.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>Withdrawn of this asset on this network in the 24 hours before, this one not counted, in atoms.</summary>
    public Amount SpentInDay { get; init; }

    /// <summary>The nonce belongs to another payment already.</summary>
    public bool IsNonceUsed { get; init; }

    /// <summary>The destination is an address of ours.</summary>
    public bool IsDestinationOwn { get; init; }

    /// <summary>Somebody has stopped all withdrawals.</summary>
    public bool IsHalted { get; init; }
}

/// <summary>A no, with the rule's tag and what it saw.</summary>
public sealed record Refusal(string Tag, string Text)
{
    /// <summary>Tag first, for people and for logs.</summary>
    public override string ToString() => $"{Tag}: {Text}";
}

/// <summary>One rule: a tag that never changes and a pure function. Null lets pass.</summary>
public sealed record Rule(string Tag, PolicyStage Stage, Func<PolicyTerms, PolicyCase, string?> Refuse);

/// <summary>The rules, in the order in which they are asked. Tags are in README.md, with the test of each.</summary>
public static class Rules
{
    /// <summary>Stopped by <see cref="Halted"/>: the withdrawal waits, it is not refused.</summary>
    public const string Halted = "withdrawals-halted";

    /// <summary>Not yet enough approvals: the withdrawal waits, it is not refused.</summary>
    public const string ApprovalsMissing = "approvals-missing";

    /// <summary>A whitelist entry's time lock: the withdrawal can be asked for again later.</summary>
    public const string WhitelistWaiting = "destination-whitelist-waiting";

    private const long Day = 24 * 60 * 60;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Rule> All =
    [
        new(Halted, PolicyStage.Request, (_, c) => c.IsHalted ? "all withdrawals are stopped" : null),
        new("intent-malformed", PolicyStage.Request, (_, c) => c.Intent.Fault()),
        new("amount-not-positive", PolicyStage.Request, (_, c) => c.Intent.Amount.Atoms <= 0 ? $"{c.Intent.Amount.Atoms} atoms" : null),
        new("asset-not-allowed", PolicyStage.Request, (t, c) => Limit(t, c) is null ? $"{c.Intent.Asset} on {c.Intent.ChainID} has no limit set" : null),
        new("intent-expired", PolicyStage.Request, (_, c) => c.Now >= c.Intent.ExpiresAt ? $"at {c.Intent.ExpiresAt}, it is {c.Now}" : null),
        new("intent-lifetime-max", PolicyStage.Request, (t, c) => c.Intent.ExpiresAt - c.Now > t.IntentLifetimeMaxSeconds ? $"lives for {c.Intent.ExpiresAt - c.Now} s, at most {t.IntentLifetimeMaxSeconds} s" : null),
        new("nonce-reused", PolicyStage.Request, (_, c) => c.IsNonceUsed ? $"{c.Intent.Nonce} belongs to another payment" : null),
        new("destination-is-own", PolicyStage.Request, (_, c) => c.IsDestinationOwn ? $"{c.Intent.Destination} is ours" : null),
        new("destination-not-whitelisted", PolicyStage.Request, (t, c) => Entry(t, c) is null ? $"{c.Intent.Destination} is not on the list of firm {c.Intent.Firm}" : null),
        new(WhitelistWaiting, PolicyStage.Request, (t, c) => Entry(t, c) is { } e && c.Now < e.Since + t.WhitelistWaitSeconds ? $"usable from {e.Since + t.WhitelistWaitSeconds}, it is {c.Now}" : null),
        new("withdrawal-amount-max", PolicyStage.Request, (t, c) => c.Intent.Amount > Limit(t, c)!.AmountMax ? $"{c.Intent.Amount.Atoms} atoms, at most {Limit(t, c)!.AmountMax.Atoms}" : null),
        new("withdrawal-velocity-daily", PolicyStage.Request, (t, c) => c.SpentInDay + c.Intent.Amount > Limit(t, c)!.DailyMax ? $"{c.SpentInDay.Atoms} atoms in {Day} s and {c.Intent.Amount.Atoms} more, at most {Limit(t, c)!.DailyMax.Atoms}" : null),
        new("fee-max", PolicyStage.Request, (t, c) => c.Intent.FeeMax > Limit(t, c)!.FeeMax ? $"{c.Intent.FeeMax.Atoms} atoms, at most {Limit(t, c)!.FeeMax.Atoms}" : null),
        new("approver-unknown", PolicyStage.Quorum, (t, c) => c.Approvals.FirstOrDefault(a => t.ApproverOf(a.Approver) is null) is { } a ? $"'{a.Approver}' is not an approver" : null),
        new("approval-signature-wrong", PolicyStage.Quorum, (t, c) => c.Approvals.FirstOrDefault(a => !a.IsBy(t.ApproverOf(a.Approver)!.PublicKey, c.Intent)) is { } a ? $"'{a.Approver}' did not sign these bytes" : null),
        new("approver-is-requester", PolicyStage.Quorum, (_, c) => c.Approvals.Any(a => a.Approver == c.Intent.Requester) ? $"'{c.Intent.Requester}' asked for it" : null),
        new(ApprovalsMissing, PolicyStage.Quorum, (t, c) => c.Approvals.Select(a => a.Approver).Distinct(StringComparer.Ordinal).Count() is var given && given < t.ApprovalsRequired ? $"{given} of {t.ApprovalsRequired}" : null),
    ];

    /// <summary>Length of the velocity window, in seconds.</summary>
    public static long WindowSeconds => Day;

    /// <summary>The first rule that refuses; null when all let it pass.</summary>
    public static Refusal? Check(PolicyTerms terms, PolicyCase @case, PolicyStage stage)
    {
        foreach (var rule in All)
        {
            if (rule.Stage > stage) continue;
            if (rule.Refuse(terms, @case) is { } text) return new Refusal(rule.Tag, text);
        }
        return null;
    }

    private static AssetLimit? Limit(PolicyTerms terms, PolicyCase c) => terms.LimitOf(c.Intent.ChainID, c.Intent.Asset);

    private static WhitelistEntry? Entry(PolicyTerms terms, PolicyCase c) =>
        terms.Whitelist.FirstOrDefault(w => w.Firm == c.Intent.Firm && w.ChainID == c.Intent.ChainID && w.Address == c.Intent.Destination);
}
