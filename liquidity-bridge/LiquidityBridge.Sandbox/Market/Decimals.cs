using System.Globalization;

namespace LiquidityBridge.Sandbox.Market;

/// <summary>Exact decimals: text to scaled integers and back. No binary fraction anywhere.</summary>
internal static class Decimals
{
    private const int TextMax = 60;
    private const int ExponentMax = 40;

    /// <summary>
    /// Reads a JSON or FIX number as value * 10^decimals; false when it is malformed, does not fit, or is finer than that.
    /// An exponent is taken, since JavaScript prints 0.0000001 as 1e-7.
    /// </summary>
    public static bool TryScale(ReadOnlySpan<char> text, int decimals, out long scaled)
    {
        scaled = 0;
        if (text.IsEmpty || text.Length > TextMax) return false;
        var exponent = 0;
        var e = text.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            if (!int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return false;
            if (exponent is < -ExponentMax or > ExponentMax) return false;
            text = text[..e];
        }
        var negative = text.StartsWith('-');
        if (negative) text = text[1..];
        if (text.IsEmpty || text[0] == '.' || text[^1] == '.') return false;
        Int128 mantissa = 0;
        var point = false;
        foreach (var c in text)
        {
            if (c == '.' && !point)
            {
                point = true;
                continue;
            }
            if (!char.IsAsciiDigit(c) || mantissa > Int128.MaxValue / 100) return false;
            mantissa = mantissa * 10 + (c - '0');
            if (point) exponent--;
        }
        if (mantissa == 0) return true;
        for (exponent += decimals; exponent > 0; exponent--)
        {
            if (mantissa > long.MaxValue) return false;
            mantissa *= 10;
        }
        for (; exponent < 0; exponent++)
        {
            if (mantissa % 10 != 0) return false;
            mantissa /= 10;
        }
        if (mantissa > long.MaxValue) return false;
        scaled = negative ? -(long)mantissa : (long)mantissa;
        return true;
    }

    /// <summary>All decimals, trailing zeros included: 100000, 8 is "0.00100000".</summary>
    public static string Text(Int128 scaled, int decimals)
    {
        var digits = Int128.Abs(scaled).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var sign = scaled < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>The same number without trailing zeros, but always with one decimal: "1.2", "5.0".</summary>
    public static string Trimmed(Int128 scaled, int decimals)
    {
        var text = Text(scaled, decimals).TrimEnd('0');
        return text.EndsWith('.') ? text + "0" : text;
    }

    /// <summary>10^<paramref name="exponent"/>.</summary>
    public static long Power(int exponent)
    {
        long power = 1;
        while (exponent-- > 0) power = checked(power * 10);
        return power;
    }
}
