using Custody.Chains;
using Custody.Keys;
using Custody.Tests.Support;
using Custody.Withdrawals;
using Venue.Messages;

namespace Custody.Tests.Signer;

/// <summary>What the signer remembers by itself: velocity, nonces, a halt; also when it is killed, and when its log was changed.</summary>
public sealed class SignerMemoryTests
{
    private TestSigner _signer = null!;

    [SetUp]
    public void Ceremony()
    {
        _signer = new TestSigner(ethDailyMax: "2000000000000000000");
        _signer.Start();
    }

    [TearDown]
    public void End() => _signer.Dispose();

    [Test]
    public void The_daily_limit_is_its_own_and_survives_a_kill()
    {
        Assert.That(Sign(Intent(0), 0), Is.EqualTo("SignedReply"));
        _signer.Kill();
        _signer.Start();
        var refused = Intent(1);
        Assert.That(Sign(refused, 1), Is.EqualTo("withdrawal-velocity-daily"));

        var smaller = Intent(2) with { Amount = new Amount(500_000_000_000_000_000) };
        Assert.That(Sign(smaller, 1), Is.EqualTo("SignedReply"));
    }

    [Test]
    public void A_nonce_belongs_to_its_transaction_after_a_kill_too()
    {
        var intent = Intent(0);
        Assert.That(Sign(intent, 0), Is.EqualTo("SignedReply"));
        _signer.Kill();
        _signer.Start();

        Assert.That(Sign(intent, 1), Is.EqualTo("nonce-reused"));
        Assert.That(Sign(intent, 0), Is.EqualTo("SignedReply"));
    }

    [Test]
    public void A_halt_stands_until_somebody_resumes_at_the_signer()
    {
        Assert.That(_signer.Client.Halt("drill"), Is.TypeOf<HaltedReply>());
        Assert.That(Sign(Intent(0), 0), Is.EqualTo("withdrawals-halted"));
        Assert.That(_signer.Run("resume", out var said), Is.EqualTo(1), said);
        _signer.Kill();
        _signer.Start();
        Assert.That(Sign(Intent(0), 0), Is.EqualTo("withdrawals-halted"));
        _signer.Kill();
        Assert.That(_signer.Run("resume", out said), Is.Zero, said);
        _signer.Start();

        Assert.That(Sign(Intent(0), 0), Is.EqualTo("SignedReply"));
    }

    [Test]
    public void A_torn_last_line_is_dropped_and_a_changed_line_is_found()
    {
        Sign(Intent(0), 0);
        _signer.Kill();
        var log = Path.Combine(_signer.Folder, "signer.log");
        var lines = File.ReadAllText(log);
        File.AppendAllText(log, "0123456789abcdef {\"Kind\":");
        _signer.Start();
        _signer.Kill();
        Assert.That(File.ReadAllText(log), Is.EqualTo(lines));

        File.WriteAllText(log, lines.Replace("\"Atoms\":\"1", "\"Atoms\":\"0", StringComparison.Ordinal));
        Assert.That(_signer.Run("run", out var said), Is.EqualTo(1));
        Assert.That(said, Does.Contain("signer.log:1: does not follow from the lines before it"));

        File.WriteAllText(log, lines[(lines.IndexOf('\n') + 1)..]);
        Assert.That(_signer.Run("run", out said), Is.EqualTo(1), "a line taken out");
    }

    [Test]
    public void The_ceremony_again_makes_nothing_new()
    {
        var before = _signer.Hot(TestSigner.Bitcoin).Address;
        _signer.Kill();
        Assert.That(_signer.Run("init", out var said), Is.Zero, said);
        Assert.That(said, Does.Contain(before).And.Not.Contain(" made"));
    }

    [Test]
    public void Settings_that_cannot_be_used_are_all_said_at_once()
    {
        _signer.Kill();
        var file = Path.Combine(_signer.Folder, "signer.json");
        File.WriteAllText(file, File.ReadAllText(file)
            .Replace("\"bitcoin-b\"", "\"bitcoin-a\"", StringComparison.Ordinal)
            .Replace("\"bech32\": \"bcrt\", ", "", StringComparison.Ordinal)
            .Replace("softhsm/libsofthsm2.so", "softhsm/nothing.so", StringComparison.Ordinal)
            .Replace("\"policy\": \"policy.json\"", "\"policy\": \"none.json\"", StringComparison.Ordinal));
        Assert.That(_signer.Run("run", out var said), Is.EqualTo(2));
        Assert.That(said, Does.Contain("4 faults").And.Contain("there is no HSM to ask").And.Contain("'bitcoin-a' is used twice").And.Contain("bech32 is missing").And.Contain("'none.json' does not exist"));
    }

    private string Sign(WithdrawalIntent intent, long nonce)
    {
        var transaction = FileChain.Transaction(new Payment(intent.Asset, intent.Amount, intent.Destination, intent.FeeMax), _signer.Hot(FileChain.Network).Address, nonce);
        var reply = _signer.Client.Sign(intent, [Approval.Sign("alice", TestSigner.Alice, intent), Approval.Sign("bob", TestSigner.Bob, intent)], transaction);
        return reply is RefusedReply refused ? refused.Refusal.Tag : reply.GetType().Name;
    }

    private static WithdrawalIntent Intent(int number) => new()
    {
        Nonce = number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture),
        Firm = 1,
        ChainID = FileChain.Network,
        Asset = "ETH",
        Amount = new Amount(1_500_000_000_000_000_000),
        Destination = TestSigner.Payee,
        FeeMax = new Amount(100_000_000_000_000),
        Requester = "treasurer",
        ExpiresAt = 100 * (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 100) + 1000,
    };
}
