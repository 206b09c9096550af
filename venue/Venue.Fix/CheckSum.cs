using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Venue.Fix;

/// <summary>CheckSum(10): the sum of all bytes before it, modulo 256.</summary>
internal static class CheckSum
{
    /// <summary>Bytes of the trailer field <c>10=nnn</c> with its delimiter.</summary>
    public const int FieldLength = 7;

    /// <summary>Adds up <paramref name="bytes"/> modulo 256.</summary>
    public static byte Of(ReadOnlySpan<byte> bytes)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        // A byte lane wraps at 256, which is the modulus asked for: no widening is needed.
        var lanes = Vector256<byte>.Zero;
        var i = 0;
        for (; i <= bytes.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
            lanes += Vector256.LoadUnsafe(ref first, (nuint)i);
        var sum = Vector256.Sum(lanes);
        for (; i < bytes.Length; i++) sum += bytes[i];
        return sum;
    }

    /// <summary>True when <paramref name="field"/> is <c>10=nnn</c> and its delimiter; <paramref name="value"/> is nnn.</summary>
    public static bool TryRead(ReadOnlySpan<byte> field, out int value)
    {
        value = 0;
        if (field.Length != FieldLength || !field.StartsWith("10="u8) || field[6] != Framing.Soh) return false;
        for (var i = 3; i < 6; i++)
        {
            var digit = (uint)(field[i] - '0');
            if (digit > 9) return false;
            value = value * 10 + (int)digit;
        }
        return true;
    }

    /// <summary>Writes <c>10=nnn</c> and its delimiter.</summary>
    public static void Write(Span<byte> field, byte sum)
    {
        "10="u8.CopyTo(field);
        field[3] = (byte)('0' + sum / 100);
        field[4] = (byte)('0' + sum / 10 % 10);
        field[5] = (byte)('0' + sum % 10);
        field[6] = Framing.Soh;
    }
}
