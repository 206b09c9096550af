using System.Globalization;

namespace Venue.Host;

/// <summary>Decimal text of the files as mantissa and decimals, exactly: "0.010" is 1 and 2.</summary>
public static class Decimals
{
    /// <summary>False when the text is not a plain decimal of at most 38 digits.</summary>
    public static bool TryParse(string text, out Int128 mantissa, out int decimals)
    {
        mantissa = 0;
        decimals = 0;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? text : text.Remove(point, 1);
        if (digits.Length is 0 or > 38 || !digits.All(char.IsAsciiDigit) || point == 0 || point == text.Length - 1) return false;
        decimals = point < 0 ? 0 : text.Length - point - 1;
        mantissa = Int128.Parse(digits, CultureInfo.InvariantCulture);
        while (decimals > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            decimals--;
        }
        return true;
    }

    /// <summary>mantissa / 10^decimals as a whole number of units of 10^-unitDecimals; false when it is not whole.</summary>
    public static bool TryScale(Int128 mantissa, int decimals, int unitDecimals, out Int128 units)
    {
        units = mantissa;
        if (decimals > unitDecimals) return false;
        for (var i = decimals; i < unitDecimals; i++)
        {
            if (units > Int128.MaxValue / 10) return false;
            units *= 10;
        }
        return true;
    }

    /// <summary>Atoms as decimal text without trailing zeros.</summary>
    public static string Text(Int128 mantissa, int decimals)
    {
        var digits = Int128.Abs(mantissa).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var text = decimals == 0 ? digits : $"{digits[..^decimals]}.{digits[^decimals..]}".TrimEnd('0').TrimEnd('.');
        return mantissa < 0 ? "-" + text : text;
    }
}
