using System.Reflection;
using System.Runtime.InteropServices;

namespace Custody.Chains;

/// <summary>
/// Verification and public key recovery on secp256k1, by libsecp256k1 (Debian libsecp256k1-1), which takes a tenth of the
/// time of managed code. Holds no secret: private keys never come near this process.
/// </summary>
public static unsafe partial class Secp256k1Curve
{
    private const string Library = "secp256k1";
    private const uint ContextNone = 1;
    private const uint Compressed = 258, Uncompressed = 2;

    // Half of the group order, big-endian. BIP 62 rule 5 and EIP-2: an s above it is the same signature's other form, and refused.
    private static ReadOnlySpan<byte> HalfOrder =>
    [
        0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
    ];

    static Secp256k1Curve() => NativeLibrary.SetDllImportResolver(typeof(Secp256k1Curve).Assembly, Resolve);

    // The library keeps no state in it that these calls change: one context serves every thread.
    private static readonly Lazy<nint> Context = new(() => secp256k1_context_create(ContextNone));

    /// <summary>False when the 33 bytes name no point on the curve.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> compressed)
    {
        Span<byte> parsed = stackalloc byte[64];
        return compressed.Length == 33 && Parse(compressed, parsed);
    }

    /// <summary>The 64 bytes x and y of a compressed key.</summary>
    public static byte[] Decompress(ReadOnlySpan<byte> compressed)
    {
        Span<byte> parsed = stackalloc byte[64];
        if (compressed.Length != 33 || !Parse(compressed, parsed)) throw new CodecException("public key: not a point in 33 bytes");
        return Serialise(parsed, 65, Uncompressed)[1..];
    }

    /// <summary>True when r and s (32 bytes each, big-endian) sign the digest with this key and s is in the lower half.</summary>
    public static bool Verify(ReadOnlySpan<byte> compressed, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> rs)
    {
        if (digest.Length != 32 || rs.Length != 64 || compressed.Length != 33) return false;
        Span<byte> key = stackalloc byte[64], signature = stackalloc byte[64];
        if (!Parse(compressed, key)) return false;
        fixed (byte* k = key, s = signature, d = digest, c = rs)
            // ecdsa_verify itself answers 0 to a high s.
            return secp256k1_ecdsa_signature_parse_compact(Context.Value, s, c) == 1 && secp256k1_ecdsa_verify(Context.Value, s, d, k) == 1;
    }

    /// <summary>The compressed key that made the signature, or null when there is none. Parity is 0 or 1, as in EIP-1559.</summary>
    public static byte[]? Recover(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> rs, int parity)
    {
        if (digest.Length != 32 || rs.Length != 64 || parity is not (0 or 1)) return null;
        Span<byte> key = stackalloc byte[64], signature = stackalloc byte[65];
        fixed (byte* k = key, s = signature, d = digest, c = rs)
            if (secp256k1_ecdsa_recoverable_signature_parse_compact(Context.Value, s, c, parity) != 1 ||
                secp256k1_ecdsa_recover(Context.Value, k, s, d) != 1) return null;
        return Serialise(key, 33, Compressed);
    }

    /// <summary>
    /// 0 or 1: which of the keys that recovery gives is this one. Null when the signature is not this key's.
    /// </summary>
    public static byte? ParityOf(ReadOnlySpan<byte> compressed, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> rs)
    {
        for (byte parity = 0; parity <= 1; parity++)
            if (Recover(digest, rs, parity) is { } key && compressed.SequenceEqual(key)) return parity;
        return null;
    }

    /// <summary>True when s (the second 32 bytes) is at most half the group order.</summary>
    public static bool IsLowS(ReadOnlySpan<byte> rs) => rs.Length == 64 && rs[32..].SequenceCompareTo(HalfOrder) <= 0;

    /// <summary>The same signature with s in the lower half; hardware gives either form.</summary>
    public static byte[] ToLowS(ReadOnlySpan<byte> rs)
    {
        if (rs.Length != 64) throw new CodecException("signature: not 64 bytes");
        var low = new byte[64];
        Span<byte> signature = stackalloc byte[64];
        fixed (byte* s = signature, c = rs, o = low)
        {
            if (secp256k1_ecdsa_signature_parse_compact(Context.Value, s, c) != 1) throw new CodecException("signature: r or s is not below the group order");
            // The first answers whether it changed anything, the second always 1.
            _ = secp256k1_ecdsa_signature_normalize(Context.Value, s, s);
            _ = secp256k1_ecdsa_signature_serialize_compact(Context.Value, o, s);
        }
        return low;
    }

    private static bool Parse(ReadOnlySpan<byte> compressed, Span<byte> parsed)
    {
        fixed (byte* k = parsed, c = compressed)
            return secp256k1_ec_pubkey_parse(Context.Value, k, c, (nuint)compressed.Length) == 1;
    }

    private static byte[] Serialise(ReadOnlySpan<byte> parsed, int length, uint flags)
    {
        var bytes = new byte[length];
        var written = (nuint)length;
        fixed (byte* k = parsed, o = bytes) _ = secp256k1_ec_pubkey_serialize(Context.Value, o, &written, k, flags);
        return bytes;
    }

    // The number in the file's name is the library's binary interface; these calls are the same in each of them.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;
        foreach (var file in (ReadOnlySpan<string>)["libsecp256k1.so.1", "libsecp256k1.so.2", "libsecp256k1.so.5", "libsecp256k1.so.6", "libsecp256k1"])
            if (NativeLibrary.TryLoad(file, assembly, path, out var handle)) return handle;
        throw new DllNotFoundException("libsecp256k1 is not installed (Debian: libsecp256k1-1)");
    }

    [LibraryImport(Library)] private static partial nint secp256k1_context_create(uint flags);
    [LibraryImport(Library)] private static partial int secp256k1_ec_pubkey_parse(nint context, byte* key, byte* input, nuint length);
    [LibraryImport(Library)] private static partial int secp256k1_ec_pubkey_serialize(nint context, byte* output, nuint* length, byte* key, uint flags);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_signature_parse_compact(nint context, byte* signature, byte* input);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_signature_serialize_compact(nint context, byte* output, byte* signature);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_signature_normalize(nint context, byte* output, byte* input);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_verify(nint context, byte* signature, byte* digest, byte* key);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_recoverable_signature_parse_compact(nint context, byte* signature, byte* input, int id);
    [LibraryImport(Library)] private static partial int secp256k1_ecdsa_recover(nint context, byte* key, byte* signature, byte* digest);
}
