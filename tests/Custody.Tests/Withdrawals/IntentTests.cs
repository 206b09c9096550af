using System.Text;
using CsCheck;
using Custody.Withdrawals;
using Venue.Messages;

namespace Custody.Tests.Withdrawals;

/// <summary>The canonical bytes: one form for each intent, one intent for each form.</summary>
public sealed class IntentTests
{
    private static readonly WithdrawalIntent Intent = new()
    {
        Nonce = "0123456789abcdef0123456789abcdef",
        Firm = 3,
        ChainID = "eip155:31337",
        Asset = "ETH",
        Amount = new Amount(1_500_000_000_000_000_000),
        Destination = "0x1111111111111111111111111111111111111111",
        FeeMax = new Amount(21_000_000_000_000),
        Requester = "treasurer",
        ExpiresAt = 1_800_000_000,
    };

    [Test]
    public void It_is_text_that_an_approver_can_read() => Assert.That(Encoding.ASCII.GetString(Intent.ToBytes()), Is.EqualTo("""
        custody-withdrawal-v1
        nonce=0123456789abcdef0123456789abcdef
        firm=3
        chain=eip155:31337
        asset=ETH
        atoms=1500000000000000000
        destination=0x1111111111111111111111111111111111111111
        fee_max=21000000000000
        requester=treasurer
        expires=1800000000

        """));

    [Test]
    public void It_reads_back_as_itself()
    {
        Assert.That(WithdrawalIntent.TryParse(Intent.ToBytes(), out var read), Is.True);
        Assert.That(read, Is.EqualTo(Intent));
    }

    [TestCase("atoms=1500000000000000000", "atoms=01500000000000000000")]
    [TestCase("atoms=1500000000000000000", "atoms=+1500000000000000000")]
    [TestCase("atoms=1500000000000000000", "atoms= 1500000000000000000")]
    [TestCase("atoms=1500000000000000000", "atoms=-1")]
    [TestCase("firm=3", "Firm=3")]
    [TestCase("firm=3\n", "firm=3\nfirm=3\n")]
    [TestCase("firm=3\n", "")]
    [TestCase("firm=3\n", "firm=3\r\n")]
    [TestCase("requester=treasurer", "requester=")]
    [TestCase("requester=treasurer", "requester=tre asurer")]
    [TestCase("requester=treasurer", "requester=tréasurer")]
    [TestCase("custody-withdrawal-v1", "custody-withdrawal-v2")]
    [TestCase("nonce=0123456789abcdef", "nonce=0123456789ABCDEF")]
    [TestCase("expires=1800000000\n", "expires=1800000000")]
    [TestCase("expires=1800000000\n", "expires=1800000000\n\n")]
    [TestCase("expires=1800000000\n", "expires=1800000000\n ")]
    public void Another_spelling_is_not_an_intent(string text, string otherwise)
    {
        var changed = Encoding.UTF8.GetString(Intent.ToBytes()).Replace(text, otherwise, StringComparison.Ordinal);
        Assert.That(WithdrawalIntent.TryParse(Encoding.UTF8.GetBytes(changed), out _), Is.False);
    }

    [Test]
    public void Whatever_bytes_are_read_are_the_canonical_ones() => Gen.Select(Gen.Int[0, Intent.ToBytes().Length - 1], Gen.Byte).Sample((at, value) =>
    {
        var bytes = Intent.ToBytes();
        bytes[at] = value;
        return !WithdrawalIntent.TryParse(bytes, out var read) || read.ToBytes().AsSpan().SequenceEqual(bytes);
    }, iter: 5_000);

    [Test]
    public void An_approval_is_of_every_byte()
    {
        byte[] seed = [9, .. new byte[31]];
        var approval = Approval.Sign("alice", seed, Intent);
        var key = Approval.PublicKeyOf(seed);
        Assert.That(approval.IsBy(key, Intent), Is.True);
        var bytes = Intent.ToBytes();
        var tried = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 1;
            if (!WithdrawalIntent.TryParse(changed, out var other)) continue;
            tried++;
            Assert.That(approval.IsBy(key, other), Is.False, $"byte {i}");
        }
        Assert.That(tried, Is.GreaterThan(50), "many changed intents can still be read");
    }
}
