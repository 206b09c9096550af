using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Venue.Fix;

/// <summary>Decimal digits of a number.</summary>
internal static class DigitText
{
    /// <summary>Most digits of 64 bits.</summary>
    public const int MaxLength = 20;

    private static readonly ulong[] PowersOf10 =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ];

    // "00" to "99", two bytes each, as one number in the machine's own byte order.
    private static readonly ushort[] Pairs = [.. Enumerable.Range(0, 100).Select(n => MemoryMarshal.Read<ushort>([(byte)('0' + n / 10), (byte)('0' + n % 10)]))];

    /// <summary>Writes <paramref name="value"/> at <paramref name="to"/>, where there is room for <see cref="MaxLength"/>; how many digits.</summary>
    public static int Write(ref byte to, ulong value)
    {
        if (value < 10)
        {
            to = (byte)('0' + value);
            return 1;
        }
        // 1233 / 4096 is log10(2), near enough for 64 bits; the table corrects the rest.
        var length = (BitOperations.Log2(value) + 1) * 1233 >> 12;
        if (value >= PowersOf10[length]) length++;
        var at = length;
        while (value >= 100)
        {
            var (rest, two) = Math.DivRem(value, 100);
            at -= 2;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, at), Pairs[two]);
            value = rest;
        }
        if (at == 1) to = (byte)('0' + value);
        else Unsafe.WriteUnaligned(ref to, Pairs[value]);
        return length;
    }
}
