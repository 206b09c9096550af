using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Venue.Gateway;

/// <summary>By what a client proves who it is.</summary>
public enum CredentialKind : byte
{
    /// <summary>Password(554), known here by a slow hash only.</summary>
    Password,
    /// <summary>HMAC-SHA256 in RawData(96), with a secret that both sides know.</summary>
    HmacSha256,
    /// <summary>Ed25519 signature in RawData(96), of which the public key is known here.</summary>
    Ed25519,
}

/// <summary>One proof that a session's Logon may give. Immutable; used by any thread.</summary>
/// <param name="Kind">What kind of proof.</param>
/// <param name="Username">Username(553) that goes with it; empty when none is asked for.</param>
/// <param name="Key">Hash of the password, HMAC secret, or public key.</param>
/// <param name="Salt">Of the password's hash; else empty.</param>
/// <param name="Iterations">Of the password's hash; else 0.</param>
public sealed record Credential(CredentialKind Kind, string Username, byte[] Key, byte[] Salt, int Iterations)
{
    /// <summary>Rounds of PBKDF2 for new hashes: about a quarter of a second of one processor.</summary>
    public const int DefaultIterations = 600_000;

    private const int IterationsMin = 10_000;
    private const int HashBytes = 32;
    private const string HashName = "pbkdf2-sha256";

    /// <summary>True when the Logon proves this credential. Takes as long for a wrong proof as for a right one; slow for passwords.</summary>
    public bool IsProvenBy(LogonProof proof)
    {
        var isUser = Username.Length == 0 || CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Username), proof.Username);
        return IsRight(proof) & isUser;
    }

    private bool IsRight(LogonProof proof) => Kind switch
    {
        CredentialKind.Password => CryptographicOperations.FixedTimeEquals(Key, Rfc2898DeriveBytes.Pbkdf2(proof.Password, Salt, Iterations, HashAlgorithmName.SHA256, HashBytes)),
        CredentialKind.HmacSha256 => CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(Key, proof.Signed), proof.Signature),
        _ => proof.Signature.Length == Ed25519.SignatureSize && Ed25519.Verify(proof.Signature, 0, Key, 0, proof.Signed, 0, proof.Signed.Length),
    };

    /// <summary>The text that a password is kept as: pbkdf2-sha256$ITERATIONS$SALT$HASH, the last two in base64.</summary>
    public static string HashOf(string password, byte[] salt, int iterations = DefaultIterations) => string.Create(CultureInfo.InvariantCulture,
        $"{HashName}${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes))}");

    /// <summary>Reads what <see cref="HashOf"/> wrote; false and what is wrong when it is not that.</summary>
    public static bool TryPassword(string username, string text, [NotNullWhen(true)] out Credential? credential, out string fault)
    {
        credential = null;
        fault = $"is not {HashName}$ITERATIONS$SALT$HASH";
        var parts = text.Split('$');
        if (parts.Length != 4 || parts[0] != HashName || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)) return false;
        if (!TryBase64(parts[2], out var salt) || !TryBase64(parts[3], out var hash) || hash.Length != HashBytes || salt.Length < 16) return false;
        fault = $"has {iterations} rounds, and fewer than {IterationsMin} are guessed too fast";
        if (iterations < IterationsMin) return false;
        credential = new Credential(CredentialKind.Password, username, hash, salt, iterations);
        return true;
    }

    /// <summary>Reads a base64 HMAC secret or Ed25519 public key; false and what is wrong when it is not one.</summary>
    public static bool TryKey(CredentialKind kind, string username, string text, [NotNullWhen(true)] out Credential? credential, out string fault)
    {
        credential = null;
        var isRight = TryBase64(text, out var key) && (kind == CredentialKind.Ed25519 ? key.Length == Ed25519.PublicKeySize && Ed25519.ValidatePublicKeyFull(key, 0) : key.Length >= 16);
        fault = kind == CredentialKind.Ed25519 ? "is not the base64 of an Ed25519 public key (32 bytes)" : "is not the base64 of a secret of at least 16 bytes";
        if (isRight) credential = new Credential(kind, username, key, [], 0);
        return isRight;
    }

    private static bool TryBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        var isBase64 = Convert.TryFromBase64String(text, bytes, out var length);
        bytes = bytes[..length];
        return isBase64;
    }
}
