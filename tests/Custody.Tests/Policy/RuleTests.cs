using Custody.Policy;
using Custody.Withdrawals;
using Venue.Messages;

namespace Custody.Tests.Policy;

/// <summary>Every rule: one withdrawal that all rules let pass, and for each rule what makes it refuse.</summary>
public sealed class RuleTests
{
    private const long Now = 1_000_000;
    private static readonly byte[] Alice = new byte[32], Bob = [1, .. new byte[31]], Carol = [2, .. new byte[31]];

    private static readonly PolicyTerms Terms = new()
    {
        ApprovalsRequired = 2,
        WhitelistWaitSeconds = 3600,
        IntentLifetimeMaxSeconds = 7200,
        Approvers = [new("alice", Approval.PublicKeyOf(Alice)), new("bob", Approval.PublicKeyOf(Bob)), new("carol", Approval.PublicKeyOf(Carol))],
        Assets = [new("net:1", "BTC", new Amount(1000), new Amount(3000), new Amount(10))],
        Whitelist = [new(7, "net:1", "addr", Now - 3600), new(7, "net:1", "young", Now - 3599)],
    };

    private static readonly WithdrawalIntent Intent = new()
    {
        Nonce = new string('a', 32),
        Firm = 7,
        ChainID = "net:1",
        Asset = "BTC",
        Amount = new Amount(1000),
        Destination = "addr",
        FeeMax = new Amount(10),
        Requester = "carol",
        ExpiresAt = Now + 7200,
    };

    private static readonly PolicyCase Good = Case(Intent);

    private static readonly (string Tag, string Why, PolicyCase Case)[] Table =
    [
        ("", "at every limit, not over it", Good with { SpentInDay = new Amount(2000) }),
        ("", "three approvals", Good with { Approvals = [Sign("alice", Alice), Sign("bob", Bob)], IsHalted = false }),
        ("withdrawals-halted", "stopped", Good with { IsHalted = true }),
        ("intent-malformed", "a nonce of other characters", Good with { Intent = Intent with { Nonce = new string('G', 32) } }),
        ("intent-malformed", "a line break in a word", Good with { Intent = Intent with { Destination = "addr\nfirm=8" } }),
        ("amount-not-positive", "nothing", Case(Intent with { Amount = new Amount(0) })),
        ("asset-not-allowed", "another asset", Case(Intent with { Asset = "ETH" })),
        ("asset-not-allowed", "another network", Case(Intent with { ChainID = "net:2" })),
        ("intent-expired", "in this very second", Case(Intent with { ExpiresAt = Now })),
        ("intent-lifetime-max", "a second too long", Case(Intent with { ExpiresAt = Now + 7201 })),
        ("nonce-reused", "used before", Good with { IsNonceUsed = true }),
        ("destination-is-own", "ours", Good with { IsDestinationOwn = true }),
        ("destination-not-whitelisted", "unknown", Case(Intent with { Destination = "other" })),
        ("destination-not-whitelisted", "another firm's", Case(Intent with { Firm = 8 })),
        ("destination-whitelist-waiting", "a second too young", Case(Intent with { Destination = "young" })),
        ("withdrawal-amount-max", "an atom over", Case(Intent with { Amount = new Amount(1001) })),
        ("withdrawal-velocity-daily", "an atom over", Good with { SpentInDay = new Amount(2001) }),
        ("fee-max", "an atom over", Case(Intent with { FeeMax = new Amount(11) })),
        ("approver-unknown", "nobody of that name", Good with { Approvals = [Sign("alice", Alice), Sign("mallory", Bob)] }),
        ("approval-signature-wrong", "another's key", Good with { Approvals = [Sign("alice", Alice), Sign("bob", Alice)] }),
        ("approval-signature-wrong", "another intent", Good with { Intent = Intent with { Amount = new Amount(999) } }),
        ("approval-signature-wrong", "not a signature", Good with { Approvals = [Sign("alice", Alice), new Approval("bob", new byte[3])] }),
        ("approver-is-requester", "asked and approved", Good with { Approvals = [Sign("alice", Alice), Sign("bob", Bob), Sign("carol", Carol)] }),
        ("approvals-missing", "none", Good with { Approvals = [] }),
        ("approvals-missing", "one of two", Good with { Approvals = [Sign("alice", Alice)] }),
        ("approvals-missing", "one twice", Good with { Approvals = [Sign("alice", Alice), Sign("alice", Alice)] }),
    ];

    [TestCaseSource(nameof(Rows))]
    public void The_first_rule_that_refuses_says_so(string tag, PolicyCase @case) =>
        Assert.That(Rules.Check(Terms, @case, PolicyStage.Quorum)?.Tag ?? "", Is.EqualTo(tag));

    [Test]
    public void At_the_request_approvals_are_not_asked_for() =>
        Assert.That(Rules.Check(Terms, Good with { Approvals = [] }, PolicyStage.Request), Is.Null);

    [Test]
    public void Every_rule_has_a_row_here_and_in_the_README()
    {
        var readme = File.ReadAllText(Path.Combine(Repository, "custody", "Custody", "Policy", "README.md"));
        Assert.Multiple(() =>
        {
            foreach (var rule in Rules.All)
            {
                Assert.That(Table.Select(r => r.Tag), Does.Contain(rule.Tag));
                Assert.That(readme, Does.Contain($"`{rule.Tag}`"));
            }
        });
    }

    [Test]
    public void The_policy_file_says_all_its_faults_at_once()
    {
        var faults = new List<string>();
        var terms = PolicyFile.Parse("""
            {
              "approvals_required": 3, "whitelist_wait_seconds": -1, "intent_lifetime_max_seconds": 0,
              "approvers": [
                { "name": "a", "public_key": "00" },
                { "name": "a", "public_key": "00" }
              ],
              "assets": [
                { "chain": "c", "asset": "A", "amount_max": "5", "daily_max": "4", "fee_max": "0" },
                { "chain": "c", "asset": "A", "amount_max": "0", "daily_max": "4", "fee_max": "1" }
              ],
              "whitelist": []
            }
            """u8, "policy.json", faults);

        Assert.That(terms, Is.Null);
        Assert.That(string.Join('\n', faults), Is.EqualTo("""
            policy.json: approvers: 2 cannot give 3 approvals, nothing would ever be paid
            policy.json: whitelist_wait_seconds: negative
            policy.json: intent_lifetime_max_seconds: every intent would have expired when it is made
            policy.json: approvers: 'a' is given twice
            policy.json: approvers: 'a' and 'a' have one key, one person would be a quorum
            policy.json: approvers: the key of 'a' is not 32 bytes
            policy.json: approvers: the key of 'a' is not 32 bytes
            policy.json: assets: A on c is given twice
            policy.json: assets: A on c allows no fee, no transaction could be built
            policy.json: assets: A on c allows more in one withdrawal than in a day
            policy.json: assets: A on c has a limit that lets nothing pass; leave it out instead
            """));
    }

    [TestCase("""{ "approvals_required": 1, "whitelist_wait_second": 1 }""")]
    [TestCase("""{ "approvals_required": 1 }""")]
    [TestCase("")]
    [TestCase("null")]
    public void A_policy_file_with_a_misspelt_or_missing_name_is_refused(string text)
    {
        var faults = new List<string>();
        Assert.That(PolicyFile.Parse(System.Text.Encoding.UTF8.GetBytes(text), "policy.json", faults), Is.Null);
        Assert.That(faults, Has.Count.EqualTo(1));
    }

    private static IEnumerable<TestCaseData> Rows() => Table.Select(r => new TestCaseData(r.Tag, r.Case) { TestName = $"{(r.Tag.Length > 0 ? r.Tag : "passes")}: {r.Why}" });

    private static PolicyCase Case(WithdrawalIntent intent) => new()
    {
        Intent = intent,
        Now = Now,
        Approvals = intent.Fault() is null ? [Approval.Sign("alice", Alice, intent), Approval.Sign("bob", Bob, intent)] : [],
    };

    private static Approval Sign(string name, byte[] seed) => Approval.Sign(name, seed, Intent);

    private static string Repository
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Venue.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the repository was not found");
            return folder;
        }
    }
}
