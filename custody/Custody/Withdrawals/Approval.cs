using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Custody.Withdrawals;

/// <summary>One approver's Ed25519 signature over an intent.</summary>
/// <param name="Approver">Name, as in the policy.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record Approval(string Approver, ReadOnlyMemory<byte> Signature)
{
    // Signed before the intent, so that an approver's key cannot be lured into signing an intent as something else.
    private static ReadOnlySpan<byte> Domain => "custody-approval-v1\n"u8;

    /// <summary>The bytes that an approver signs: a domain line and the canonical intent.</summary>
    public static byte[] Message(WithdrawalIntent intent) => [.. Domain, .. intent.ToBytes()];

    /// <summary>Signs with a 32-byte Ed25519 private key (RFC 8032 seed).</summary>
    public static Approval Sign(string approver, ReadOnlySpan<byte> seed, WithdrawalIntent intent)
    {
        var message = Message(intent);
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(seed.ToArray(), 0, message, 0, message.Length, signature, 0);
        return new Approval(approver, signature);
    }

    /// <summary>The public key of a 32-byte seed.</summary>
    public static byte[] PublicKeyOf(ReadOnlySpan<byte> seed)
    {
        var key = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(seed.ToArray(), 0, key, 0);
        return key;
    }

    /// <summary>True when this is the signature of <paramref name="publicKey"/> over exactly this intent.</summary>
    public bool IsBy(ReadOnlyMemory<byte> publicKey, WithdrawalIntent intent)
    {
        if (publicKey.Length != Ed25519.PublicKeySize || Signature.Length != Ed25519.SignatureSize) return false;
        var message = Message(intent);
        return Ed25519.Verify(Signature.ToArray(), 0, publicKey.ToArray(), 0, message, 0, message.Length);
    }
}
