using System.Numerics;
using Custody.Chains;
using Custody.Keys;
using Custody.Signer;
using Custody.Tests.Support;
using Custody.Withdrawals;
using Venue.Messages;

namespace Custody.Tests.Signer;

/// <summary>The signer process over a SoftHSM: what it signs, and everything that it refuses.</summary>
public sealed class SignerTests
{
    private TestSigner _signer = null!;
    private string _hot = null!;

    [OneTimeSetUp]
    public void Ceremony()
    {
        _signer = new TestSigner();
        _signer.Start();
        _hot = _signer.Hot(FileChain.Network).Address;
    }

    [OneTimeTearDown]
    public void End() => _signer.Dispose();

    [Test]
    public void An_approved_payment_is_signed_low_S_and_its_key_can_be_recovered()
    {
        var intent = Intent();
        var transaction = Transaction(intent);
        var reply = Sign(intent, transaction);

        var signature = ((SignedReply)reply).Signatures.Single().Single();
        var digest = transaction.Digests[0].Digest.Span;
        Assert.That(Secp256k1.Verify(signature.PublicKey.Span, digest, signature.RS.Span), Is.True);
        Assert.That(Secp256k1.LowS(signature.RS.Span), Is.EqualTo(signature.RS.ToArray()));
        Assert.That(Secp256k1.ParityOf(signature.PublicKey.Span, digest, signature.RS.Span), Is.EqualTo(signature.Parity));
        Assert.That(signature.PublicKey.ToArray(), Is.EqualTo(_signer.Hot(FileChain.Network).PublicKeys[0].ToArray()));
        Assert.That(Oracle.Verify(signature.PublicKey.Span, digest, signature.RS.Span), Is.True, "BouncyCastle agrees");
    }

    [Test]
    public void The_same_transaction_again_is_signed_again_and_another_under_its_nonce_never()
    {
        var intent = Intent();
        Assert.That(Sign(intent, Transaction(intent)), Is.TypeOf<SignedReply>());

        Assert.That(Sign(intent, Transaction(intent)), Is.TypeOf<SignedReply>());
        Assert.That(Tag(Sign(intent, Transaction(intent, nonce: 1))), Is.EqualTo("nonce-reused"));
    }

    [Test]
    public void A_voided_intent_is_never_signed_and_a_signed_one_never_voided()
    {
        var voided = Intent();
        Assert.That(_signer.Client.Void(voided, "test"), Is.TypeOf<VoidedReply>());
        Assert.That(Tag(Sign(voided, Transaction(voided))), Is.EqualTo("intent-voided"));

        var signed = Intent();
        Sign(signed, Transaction(signed));
        Assert.That(Tag(_signer.Client.Void(signed, "test")), Is.EqualTo("intent-signed"));
    }

    // DMM 2024: the request changed between approval and signature. Each row changes one field after the approvers signed.
    [TestCase("amount")]
    [TestCase("nonce")]
    [TestCase("fee")]
    [TestCase("requester")]
    [TestCase("expiry")]
    [TestCase("asset")]
    public void An_intent_changed_after_approval_is_refused(string field)
    {
        var approved = Intent();
        var changed = field switch
        {
            "amount" => approved with { Amount = new Amount(approved.Amount.Atoms + 1) },
            "nonce" => approved with { Nonce = Nonce() },
            "fee" => approved with { FeeMax = new Amount(approved.FeeMax.Atoms + 1) },
            "requester" => approved with { Requester = "somebody" },
            "expiry" => approved with { ExpiresAt = approved.ExpiresAt + 1 },
            "asset" => approved with { Asset = FileChain.Usd, Amount = new Amount(5) },
            _ => throw new ArgumentOutOfRangeException(nameof(field)),
        };

        var reply = _signer.Client.Sign(changed, Approve(approved), Transaction(changed));
        Assert.That(Tag(reply), Is.EqualTo("approval-signature-wrong"));
    }

    [Test]
    public void A_destination_changed_after_approval_is_refused()
    {
        var approved = Intent();
        var changed = approved with { Destination = "0x2222222222222222222222222222222222222222" };
        Assert.That(Tag(_signer.Client.Sign(changed, Approve(approved), Transaction(changed))), Is.EqualTo("destination-not-whitelisted"));
    }

    [Test]
    public void Without_a_quorum_nothing_is_signed()
    {
        var intent = Intent();
        Assert.That(Tag(_signer.Client.Sign(intent, [Approval.Sign("alice", TestSigner.Alice, intent)], Transaction(intent))), Is.EqualTo("approvals-missing"));
    }

    private static readonly (string Tag, string Why, Func<WithdrawalIntent, string, UnsignedTransaction> Make)[] Native =
    [
        ("transaction-payment-missing", "an atom more", (i, s) => FileChain.Transaction(Pay(i), s, 0, value: (BigInteger)i.Amount.Atoms + 1)),
        ("transaction-payment-missing", "another destination", (i, s) => FileChain.Transaction(Pay(i), s, 0, to: "0x2222222222222222222222222222222222222222")),
        ("transaction-selector-unknown", "data with value", (i, s) => FileChain.Transaction(Pay(i), s, 0, data: [1, 2, 3, 4])),
        ("transaction-chain-differs", "another network", (i, s) => FileChain.Transaction(Pay(i), s, 0, chain: 1)),
        ("transaction-chain-differs", "said to be of another network", (i, s) => FileChain.Transaction(Pay(i), s, 0) with { ChainID = TestSigner.Bitcoin }),
        ("transaction-fee-max", "a fee above the intent's", (i, s) => FileChain.Transaction(Pay(i), s, 0, maxFee: (BigInteger)i.FeeMax.Atoms)),
        ("transaction-fee-max", "more gas than a payment takes", (i, s) => FileChain.Transaction(Pay(i), s, 0, gas: 1_000_000)),
        ("transaction-malformed", "an access list", (i, s) => FileChain.Transaction(Pay(i), s, 0, accessList: Rlp.List(Rlp.List(Rlp.Bytes(new byte[20]), Rlp.List())))),
        ("transaction-malformed", "bytes after it", (i, s) => Raw(i, s, r => [.. r, 0])),
        ("transaction-malformed", "a byte too few", (i, s) => Raw(i, s, r => r[..^1])),
        ("transaction-malformed", "another type", (i, s) => Raw(i, s, r => [0x01, .. r[1..]])),
        ("transaction-malformed", "nothing", (i, s) => Raw(i, s, _ => [])),
        ("transaction-input-foreign", "a sender that is not ours", (i, _) => FileChain.Transaction(Pay(i), TestSigner.Payee, 0)),
        ("transaction-digest-differs", "the digest of something else", (i, s) => FileChain.Transaction(Pay(i), s, 0) with { Digests = [new DigestToSign(s, new byte[32])] }),
        ("transaction-digest-differs", "a second digest", (i, s) => FileChain.Transaction(Pay(i), s, 0) is var t ? t with { Digests = [t.Digests[0], t.Digests[0]] } : t),
    ];

    private static readonly (string Tag, string Why, Func<WithdrawalIntent, string, UnsignedTransaction> Make)[] Tokens =
    [
        ("transaction-output-unexpected", "another contract", (i, s) => FileChain.Transaction(Pay(i), s, 0, to: "0x2222222222222222222222222222222222222222")),
        ("transaction-output-unexpected", "ether along", (i, s) => FileChain.Transaction(Pay(i), s, 0, value: 1)),
        ("transaction-selector-unknown", "approve instead of transfer", (i, s) => FileChain.Transaction(Pay(i), s, 0, data: [0x09, 0x5E, 0xA7, 0xB3, .. FileChain.TransferData(i.Destination, 5)[4..]])),
        ("transaction-selector-unknown", "no data", (i, s) => FileChain.Transaction(Pay(i), s, 0, data: [])),
        ("transaction-payment-missing", "an atom more", (i, s) => FileChain.Transaction(Pay(i), s, 0, data: FileChain.TransferData(i.Destination, (BigInteger)i.Amount.Atoms + 1))),
        ("transaction-payment-missing", "another payee", (i, s) => FileChain.Transaction(Pay(i), s, 0, data: FileChain.TransferData("0x2222222222222222222222222222222222222222", (BigInteger)i.Amount.Atoms))),
        ("transaction-malformed", "dirt above the address", (i, s) => FileChain.Transaction(Pay(i), s, 0, data: Dirty(FileChain.TransferData(i.Destination, (BigInteger)i.Amount.Atoms)))),
        ("transaction-malformed", "arguments too long", (i, s) => FileChain.Transaction(Pay(i), s, 0, data: [.. FileChain.TransferData(i.Destination, (BigInteger)i.Amount.Atoms), 0])),
    ];

    [TestCaseSource(nameof(NativeRows))]
    public void A_transaction_that_is_not_exactly_the_intent_is_refused(string tag, Func<WithdrawalIntent, string, UnsignedTransaction> make)
    {
        var intent = Intent();
        Assert.That(Tag(Sign(intent, make(intent, _hot))), Is.EqualTo(tag));
        Assert.That(Sign(intent, Transaction(intent)), Is.TypeOf<SignedReply>(), "the right one is still signed");
    }

    [TestCaseSource(nameof(TokenRows))]
    public void A_token_call_that_is_not_exactly_the_intent_is_refused(string tag, Func<WithdrawalIntent, string, UnsignedTransaction> make)
    {
        var intent = Intent() with { Asset = FileChain.Usd, Amount = new Amount(100) };
        Assert.That(Tag(Sign(intent, make(intent, _hot))), Is.EqualTo(tag));
        Assert.That(Sign(intent, Transaction(intent)), Is.TypeOf<SignedReply>(), "the right one is still signed");
    }

    [Test]
    public void An_address_is_made_once_and_the_same_name_gives_the_same_one()
    {
        var made = (AddressesReply)_signer.Client.NewAddress(TestSigner.Bitcoin, "firm-9");
        var again = (AddressesReply)_signer.Client.NewAddress(TestSigner.Bitcoin, "firm-9");

        Assert.That(again.Addresses[0].Address, Is.EqualTo(made.Addresses[0].Address).And.StartWith("bcrt1q"));
        Assert.That(made.Addresses[0].PublicKeys.Select(k => Convert.ToHexString(k.Span)).Distinct().Count(), Is.EqualTo(3), "a key in each token");
        Assert.Throws<SignerUnavailableException>(() => _signer.Client.NewAddress(TestSigner.Bitcoin, "../x"));
        Assert.Throws<SignerUnavailableException>(() => _signer.Client.NewAddress("eip155:1", "x"));
    }

    [Test]
    public void Without_the_token_it_answers_nothing()
    {
        var stranger = new Custody.Host.Workers.SignerClient(Path.Combine(_signer.Folder, "run", "signer.sock"), () => "guess");
        Assert.That(Assert.Throws<SignerUnavailableException>(() => stranger.Addresses())!.Message, Does.Contain("the token is wrong"));
    }

    [Test]
    public void Its_secrets_are_its_users_alone()
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        foreach (var path in new[] { "run", "run/signer.sock", "signer.token", "signer.log", "pins/a", "pins/a.so", "pins/e", "tokens" })
            Assert.That(File.GetUnixFileMode(Path.Combine(_signer.Folder, path)) & others, Is.EqualTo(UnixFileMode.None), path);
    }

    private static IEnumerable<TestCaseData> NativeRows() => Native.Select(r => new TestCaseData(r.Tag, r.Make) { TestName = $"{r.Tag}: {r.Why}" });

    private static IEnumerable<TestCaseData> TokenRows() => Tokens.Select(r => new TestCaseData(r.Tag, r.Make) { TestName = $"{r.Tag}: token, {r.Why}" });

    private static byte[] Dirty(byte[] data)
    {
        data[4] = 1;
        return data;
    }

    private static UnsignedTransaction Raw(WithdrawalIntent intent, string sender, Func<byte[], byte[]> change) =>
        FileChain.Transaction(Pay(intent), sender, 0) is var t ? t with { Raw = change(t.Raw.ToArray()) } : t;

    private static Payment Pay(WithdrawalIntent i) => new(i.Asset, i.Amount, i.Destination, i.FeeMax);

    private UnsignedTransaction Transaction(WithdrawalIntent intent, long nonce = 0) => FileChain.Transaction(Pay(intent), _hot, nonce);

    private SignerReply Sign(WithdrawalIntent intent, UnsignedTransaction transaction) => _signer.Client.Sign(intent, Approve(intent), transaction);

    private static Approval[] Approve(WithdrawalIntent intent) => [Approval.Sign("alice", TestSigner.Alice, intent), Approval.Sign("bob", TestSigner.Bob, intent)];

    private static string Tag(SignerReply reply) => reply is RefusedReply refused ? refused.Refusal.Tag : reply.GetType().Name;

    private static string Nonce() => Guid.NewGuid().ToString("N");

    private static WithdrawalIntent Intent() => new()
    {
        Nonce = Nonce(),
        Firm = 1,
        ChainID = FileChain.Network,
        Asset = "ETH",
        Amount = new Amount(1_000_000_000_000),
        Destination = TestSigner.Payee,
        FeeMax = new Amount(100_000_000_000_000),
        Requester = "treasurer",
        ExpiresAt = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600,
    };
}
