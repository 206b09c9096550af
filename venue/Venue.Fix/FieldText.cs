using System.Buffers.Binary;

namespace Venue.Fix;

/// <summary>Reads values from their bytes. Nothing is accepted that FIX 4.4 vol 1 does not allow for the type.</summary>
public static class FieldText
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>An INT that fits 32 bits. Leading zeros are allowed, a plus sign is not.</summary>
    public static bool TryInt(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (!TryLong(text, out var number) || number != (int)number) return false;
        value = (int)number;
        return true;
    }

    /// <summary>An INT that fits 64 bits.</summary>
    public static bool TryLong(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative) text = text[1..];
        if (text.IsEmpty) return false;
        ulong sum = 0;
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit > 9 || sum > (ulong)long.MaxValue / 10) return false;
            sum = sum * 10 + digit;
        }
        if (sum > long.MaxValue) return false;
        value = negative ? -(long)sum : (long)sum;
        return true;
    }

    /// <summary>
    /// A PRICE, QTY or AMT as mantissa / 10^decimals in its shortest form: "50000.10" is 500001, 1 and "7.00" is 7, 0.
    /// False when it is malformed or its shortest form does not fit 64 bits or 18 decimals.
    /// </summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, out long mantissa, out int decimals)
    {
        mantissa = 0;
        decimals = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative) text = text[1..];
        ulong sum = 0;
        int digits = 0, zeros = 0;
        var fraction = false;
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
            {
                if (c != '.' || fraction) return false;
                fraction = true;
                continue;
            }
            digits++;
            if (fraction && digit == 0)
            {
                zeros++;   // counts only if another digit follows
                continue;
            }
            for (; zeros > 0; zeros--, decimals++)
            {
                if (sum > (ulong)long.MaxValue / 10 || decimals == 18) return false;
                sum *= 10;
            }
            if (sum > (ulong)long.MaxValue / 10) return false;
            sum = sum * 10 + digit;
            if (fraction && ++decimals > 18) return false;
        }
        if (digits == 0 || sum > long.MaxValue) return false;
        mantissa = negative ? -(long)sum : (long)sum;
        return true;
    }

    /// <summary>A UTCTIMESTAMP in nanoseconds since 1970-01-01; digits after the ninth are cut off. A leap second is the second after it.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long ns)
    {
        ns = 0;
        if (text.Length < 17 || text[8] != '-' || !TryDate(text[..8], out var day) || !TryTimeOfDay(text[9..], out var ofDay)) return false;
        ns = day * 86_400 * SecondNs + ofDay;
        return true;
    }

    /// <summary>HH:MM:SS with up to 12 fraction digits, in nanoseconds since midnight.</summary>
    internal static bool TryTimeOfDay(ReadOnlySpan<byte> text, out long ns)
    {
        ns = 0;
        if (text.Length < 8 || text[2] != ':' || text[5] != ':') return false;
        if (!Two(text, 0, out var hour) || !Two(text, 3, out var minute) || !Two(text, 6, out var second)) return false;
        if (hour > 23 || minute > 59 || second > 60) return false;
        ns = ((hour * 60 + minute) * 60 + second) * SecondNs;
        if (text.Length == 8) return true;
        if (text[8] != '.' || text.Length == 9 || text.Length > 21) return false;
        var unit = SecondNs / 10;
        foreach (var c in text[9..])
        {
            var digit = (uint)(c - '0');
            if (digit > 9) return false;
            ns += digit * unit;
            unit /= 10;
        }
        return true;
    }

    /// <summary>YYYYMMDD, in days since 1970-01-01.</summary>
    internal static bool TryDate(ReadOnlySpan<byte> text, out long day)
    {
        day = 0;
        if (text.Length != 8 || !EightDigits(text, out var digits)) return false;
        int year = (int)(digits / 10_000), month = (int)(digits / 100 % 100), ofMonth = (int)(digits % 100);
        // 1678 to 2261 is what 64-bit nanoseconds hold.
        if (year is < 1678 or > 2261 || month is < 1 or > 12) return false;
        if (ofMonth < 1 || ofMonth > 28 && ofMonth > DateTime.DaysInMonth(year, month)) return false;
        // Days from civil date, with the year starting in March.
        var shifted = month > 2 ? year : year - 1;
        var ofYear = (153 * ((month + 9) % 12) + 2) / 5 + ofMonth - 1;
        var era = shifted / 400;
        var yearOfEra = shifted - era * 400;
        day = era * 146_097L + (yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear) - 719_468;
        return true;
    }

    // All eight at once: neighbours are joined to pairs, pairs to fours, fours to eight.
    private static bool EightDigits(ReadOnlySpan<byte> text, out uint value)
    {
        var bytes = BinaryPrimitives.ReadUInt64LittleEndian(text) - 0x3030303030303030;
        value = 0;
        if (((bytes + 0x7676767676767676 | bytes) & 0x8080808080808080) != 0) return false;
        bytes = bytes * 10 + (bytes >> 8);
        value = (uint)((bytes & 0x000000FF000000FF) * 0x000F424000000064 + (bytes >> 16 & 0x000000FF000000FF) * 0x0000271000000001 >> 32);
        return true;
    }

    private static bool Two(ReadOnlySpan<byte> text, int at, out long value)
    {
        uint tens = (uint)(text[at] - '0'), ones = (uint)(text[at + 1] - '0');
        value = tens * 10 + ones;
        return tens <= 9 && ones <= 9;
    }
}
