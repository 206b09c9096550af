using System.Runtime.InteropServices;

namespace Custody.Signer;

/// <summary>
/// libsecp256k1, the library that Bitcoin's consensus runs on: checks what the HSM gave before it leaves the process.
/// Verification only; no private key comes near it.
/// </summary>
internal static partial class Secp256k1
{
    private const string Library = "libsecp256k1.so.1";
    private const uint ContextVerify = 0x0101, Compressed = 0x0102, Uncompressed = 0x0002;

    // Read-only after creation: the library allows any number of threads to verify with one context.
    private static readonly nint Context = secp256k1_context_create(ContextVerify);

    /// <summary>33 bytes as 65, or 65 as 33. Throws when it is not a point of the curve.</summary>
    public static byte[] Convert(ReadOnlySpan<byte> publicKey, bool compressed)
    {
        Span<byte> parsed = stackalloc byte[64];
        if (secp256k1_ec_pubkey_parse(Context, parsed, publicKey, (nuint)publicKey.Length) != 1) throw new InvalidDataException("a public key is not a point of secp256k1");
        return Serialize(parsed, compressed);
    }

    /// <summary>The same signature with the smaller of the two s values: the only one that both networks take.</summary>
    public static byte[] LowS(ReadOnlySpan<byte> rs)
    {
        Span<byte> signature = stackalloc byte[64];
        if (secp256k1_ecdsa_signature_parse_compact(Context, signature, rs) != 1) throw new InvalidDataException("a signature is out of range");
        Span<byte> low = stackalloc byte[64];
        secp256k1_ecdsa_signature_normalize(Context, low, signature);
        var output = new byte[64];
        secp256k1_ecdsa_signature_serialize_compact(Context, output, low);
        return output;
    }

    /// <summary>True when it is a low-S signature of this key over this digest.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> rs)
    {
        if (digest.Length != 32 || rs.Length != 64) return false;
        Span<byte> key = stackalloc byte[64];
        Span<byte> signature = stackalloc byte[64];
        return secp256k1_ec_pubkey_parse(Context, key, publicKey, (nuint)publicKey.Length) == 1
            && secp256k1_ecdsa_signature_parse_compact(Context, signature, rs) == 1
            && secp256k1_ecdsa_verify(Context, signature, digest, key) == 1;
    }

    /// <summary>Which of the two keys that the signature fits is this one: 0 or 1. Null when neither is.</summary>
    public static byte? ParityOf(ReadOnlySpan<byte> compressedKey, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> rs)
    {
        Span<byte> recoverable = stackalloc byte[65];
        Span<byte> key = stackalloc byte[64];
        for (byte parity = 0; parity < 2; parity++)
        {
            if (secp256k1_ecdsa_recoverable_signature_parse_compact(Context, recoverable, rs, parity) != 1) return null;
            if (secp256k1_ecdsa_recover(Context, key, recoverable, digest) != 1) continue;
            if (compressedKey.SequenceEqual(Serialize(key, compressed: true))) return parity;
        }
        return null;
    }

    private static byte[] Serialize(ReadOnlySpan<byte> parsed, bool compressed)
    {
        var output = new byte[compressed ? 33 : 65];
        var length = (nuint)output.Length;
        secp256k1_ec_pubkey_serialize(Context, output, ref length, parsed, compressed ? Compressed : Uncompressed);
        return output;
    }

    [LibraryImport(Library)] private static partial nint secp256k1_context_create(uint flags);
    [LibraryImport(Library)] private static partial int secp256k1_ec_pubkey_parse(nint context, Span<byte> key64, ReadOnlySpan<byte> input, nuint length);
    [LibraryImport(Library)] private static partial int secp256k1_ec_pubkey_serialize(nint context, Span<byte> output, ref nuint length, ReadOnlySpan<byte> key64, uint flags);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_signature_parse_compact(nint context, Span<byte> signature64, ReadOnlySpan<byte> input64);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_signature_normalize(nint context, Span<byte> output64, ReadOnlySpan<byte> signature64);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_signature_serialize_compact(nint context, Span<byte> output64, ReadOnlySpan<byte> signature64);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_verify(nint context, ReadOnlySpan<byte> signature64, ReadOnlySpan<byte> digest32, ReadOnlySpan<byte> key64);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_recoverable_signature_parse_compact(nint context, Span<byte> signature65, ReadOnlySpan<byte> input64, int recoveryID);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_recover(nint context, Span<byte> key64, ReadOnlySpan<byte> signature65, ReadOnlySpan<byte> digest32);
}
