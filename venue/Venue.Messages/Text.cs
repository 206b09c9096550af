using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Venue.Messages;

/// <summary>Up to 15 bytes of printable ASCII held inline: symbols and asset codes.</summary>
/// <remarks>Unused bytes are zero and the last byte is the length, so equality is a comparison of words.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct Text16 : IEquatable<Text16>
{
    /// <summary>Longest text, in bytes.</summary>
    public const int MaxLength = 15;

    private ulong _a, _b;

    /// <summary>Copies <paramref name="text"/>; false when it is longer than <see cref="MaxLength"/>.</summary>
    public static bool TryFrom(ReadOnlySpan<byte> text, out Text16 value)
    {
        value = default;
        if (text.Length > MaxLength) return false;
        var bytes = Bytes(ref value);
        text.CopyTo(bytes);
        bytes[MaxLength] = (byte)text.Length;
        return true;
    }

    /// <summary>Copies <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentException">It is longer than <see cref="MaxLength"/> bytes.</exception>
    public static Text16 From(string text) =>
        TryFrom(Encoding.ASCII.GetBytes(text), out var value)
            ? value
            : throw new ArgumentException($"'{text}' is longer than {MaxLength} bytes", nameof(text));

    /// <summary>Bytes in use.</summary>
    public readonly int Length => (int)(_b >> 56);

    /// <summary>The text itself, without the padding.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span => Bytes(ref Unsafe.AsRef(in this))[..Math.Min(Length, MaxLength)];

    public readonly bool Equals(Text16 other) => _a == other._a && _b == other._b;
    public override readonly bool Equals(object? obj) => obj is Text16 other && Equals(other);
    public override readonly int GetHashCode() => (int)TextHash.Mix(_a, _b);
    public override readonly string ToString() => Encoding.ASCII.GetString(Span);

    public static bool operator ==(Text16 a, Text16 b) => a.Equals(b);
    public static bool operator !=(Text16 a, Text16 b) => !a.Equals(b);

    private static Span<byte> Bytes(ref Text16 value) => MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref value, 1));
}

/// <summary>Up to 39 bytes of printable ASCII held inline: ClOrdIDs, firm names, CompIDs, idempotency keys.</summary>
/// <remarks>Unused bytes are zero and the last byte is the length, so equality is a comparison of words.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct Text40 : IEquatable<Text40>
{
    /// <summary>Longest text, in bytes.</summary>
    public const int MaxLength = 39;

    private ulong _a, _b, _c, _d, _e;

    /// <summary>Copies <paramref name="text"/>; false when it is longer than <see cref="MaxLength"/>.</summary>
    public static bool TryFrom(ReadOnlySpan<byte> text, out Text40 value)
    {
        value = default;
        if (text.Length > MaxLength) return false;
        var bytes = Bytes(ref value);
        text.CopyTo(bytes);
        bytes[MaxLength] = (byte)text.Length;
        return true;
    }

    /// <summary>Copies <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentException">It is longer than <see cref="MaxLength"/> bytes.</exception>
    public static Text40 From(string text) =>
        TryFrom(Encoding.ASCII.GetBytes(text), out var value)
            ? value
            : throw new ArgumentException($"'{text}' is longer than {MaxLength} bytes", nameof(text));

    /// <summary>Bytes in use.</summary>
    public readonly int Length => (int)(_e >> 56);

    /// <summary>True when nothing is in it.</summary>
    public readonly bool IsEmpty => Length == 0;

    /// <summary>The text itself, without the padding.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span => Bytes(ref Unsafe.AsRef(in this))[..Math.Min(Length, MaxLength)];

    /// <summary>A well-spread hash, the same in every process.</summary>
    public readonly ulong Hash64() => TextHash.Mix(TextHash.Mix(TextHash.Mix(_a, _b), _c), TextHash.Mix(_d, _e));

    public readonly bool Equals(Text40 other) => this == other;
    public override readonly bool Equals(object? obj) => obj is Text40 other && Equals(other);
    public override readonly int GetHashCode() => (int)Hash64();
    public override readonly string ToString() => Encoding.ASCII.GetString(Span);

    // All words at once: texts that are compared are mostly equal, and a branch per word costs more than the word.
    public static bool operator ==(in Text40 a, in Text40 b) => ((a._a ^ b._a) | (a._b ^ b._b) | (a._c ^ b._c) | (a._d ^ b._d) | (a._e ^ b._e)) == 0;
    public static bool operator !=(in Text40 a, in Text40 b) => !(a == b);

    private static Span<byte> Bytes(ref Text40 value) => MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref value, 1));
}

internal static class TextHash
{
    /// <summary>Folds a 128-bit product, as wyhash does: every input bit reaches every output bit.</summary>
    public static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a ^ 0x9E3779B97F4A7C15, b ^ 0xD6E8FEB86659FD93, out var low);
        return high ^ low;
    }
}
