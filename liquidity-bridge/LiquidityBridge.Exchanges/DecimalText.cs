using System.Globalization;

namespace LiquidityBridge.Exchanges;

/// <summary>Numbers as the exchanges print them, exactly: as a whole number of 10^-decimals, never as a binary fraction.</summary>
public static class DecimalText
{
    private const int ExponentMax = 40;

    /// <summary>
    /// A number in JSON's form (also with an exponent) in units of 10^-decimals: "45283.50" in tenths is 452835. False
    /// when it is malformed, finer than the unit, or does not fit 64 bits.
    /// </summary>
    public static bool TryScaled(ReadOnlySpan<byte> text, int decimals, out long units)
    {
        if (TryShort(text, decimals, out units)) return true;
        units = 0;
        return TryRead(text, out var mantissa, out var own) && Instrument.TryScale(mantissa, own, decimals, out units);
    }

    /// <summary>What nearly all numbers are: at most 18 digits, no sign, no exponent. False leaves the verdict to the whole reader.</summary>
    private static bool TryShort(ReadOnlySpan<byte> text, int decimals, out long units)
    {
        units = 0;
        if (text.Length is 0 or > 19) return false;
        var point = -1;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = text[i] - '0';
            if ((uint)digit <= 9) units = units * 10 + digit;
            else if (text[i] == '.' && point < 0) point = i;
            else return false;
        }
        // "." alone, 19 digits, and more decimals than the powers go are for the whole reader.
        if (point < 0 && text.Length > 18 || text.Length == (point < 0 ? 0 : 1)) return false;
        var fraction = point < 0 ? 0 : text.Length - 1 - point;
        for (; fraction > decimals; fraction--)
        {
            var (quotient, rest) = Math.DivRem(units, 10);
            if (rest != 0) return false;
            units = quotient;
        }
        for (; fraction < decimals; fraction++)
        {
            if (units > long.MaxValue / 10) return false;
            units *= 10;
        }
        return true;
    }

    /// <summary>As <see cref="TryScaled"/> into 128 bits: an amount in atoms. Digits finer than the unit round away from zero.</summary>
    public static bool TryAtoms(ReadOnlySpan<byte> text, int decimals, out Int128 atoms)
    {
        atoms = 0;
        if (!TryRead(text, out var mantissa, out var own)) return false;
        if (own <= decimals)
        {
            var factor = Instrument.Power(decimals - own);
            if (Int128.Abs(mantissa) > Int128.MaxValue / factor) return false;
            atoms = mantissa * factor;
            return true;
        }
        var divisor = Instrument.Power(own - decimals);
        atoms = mantissa / divisor + (mantissa % divisor == 0 ? 0 : Int128.Sign(mantissa));
        return true;
    }

    /// <summary>units / 10^decimals with all its decimals.</summary>
    public static string Of(Int128 units, int decimals)
    {
        var digits = Int128.Abs(units).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var sign = units < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>As <see cref="Of"/> without zeros at its end.</summary>
    public static string Trimmed(Int128 units, int decimals)
    {
        var text = Of(units, decimals);
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    private static bool TryRead(ReadOnlySpan<byte> text, out Int128 mantissa, out int decimals)
    {
        mantissa = 0;
        decimals = 0;
        var at = 0;
        var isNegative = text.Length > 0 && text[0] == '-';
        if (isNegative) at++;
        int digits = 0, fraction = 0, exponent = 0;
        var point = false;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '.' && !point) point = true;
            else if (c is >= (byte)'0' and <= (byte)'9')
            {
                if (mantissa > Int128.MaxValue / 100) return false;
                mantissa = mantissa * 10 + (c - '0');
                digits++;
                if (point) fraction++;
            }
            else if (c is (byte)'e' or (byte)'E')
            {
                if (!int.TryParse(text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > ExponentMax) return false;
                break;
            }
            else return false;
        }
        if (digits == 0) return false;
        if (isNegative) mantissa = -mantissa;
        decimals = fraction - exponent;
        for (; decimals < 0; decimals++)
        {
            if (Int128.Abs(mantissa) > Int128.MaxValue / 100) return false;
            mantissa *= 10;
        }
        for (; decimals > 0 && mantissa % 10 == 0; decimals--) mantissa /= 10;
        return true;
    }
}
