using System.Numerics;

namespace Certification;

/// <summary>Decimals compared as they are written: exact, of any length.</summary>
internal static class DecimalText
{
    /// <summary>Less than, equal to or greater than 0; null when one of them is no decimal.</summary>
    public static int? Compare(string left, string right)
    {
        if (!TryRead(left, out var l, out var lScale) || !TryRead(right, out var r, out var rScale)) return null;
        var scale = Math.Max(lScale, rScale);
        return (l * BigInteger.Pow(10, scale - lScale)).CompareTo(r * BigInteger.Pow(10, scale - rScale));
    }

    /// <summary>True when the first two add up to the third.</summary>
    public static bool AddsUp(string left, string right, string sum)
    {
        if (!TryRead(left, out var l, out var lScale) || !TryRead(right, out var r, out var rScale) || !TryRead(sum, out var s, out var sScale)) return false;
        var scale = Math.Max(sScale, Math.Max(lScale, rScale));
        return l * BigInteger.Pow(10, scale - lScale) + r * BigInteger.Pow(10, scale - rScale) == s * BigInteger.Pow(10, scale - sScale);
    }

    private static bool TryRead(string text, out BigInteger digits, out int scale)
    {
        digits = default;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        scale = point < 0 ? 0 : text.Length - point - 1;
        var all = point < 0 ? text : text.Remove(point, 1);
        var unsigned = all.AsSpan(all.StartsWith('-') ? 1 : 0);
        if (unsigned.IsEmpty || unsigned.ContainsAnyExceptInRange('0', '9')) return false;
        digits = BigInteger.Parse(all, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture);
        return true;
    }
}
