namespace Venue.Fix;

/// <summary>Whether a value has the form of its type. The range of a number is not looked at here.</summary>
internal static class FieldFormat
{
    public static bool Matches(FieldType type, ReadOnlySpan<byte> value) => type switch
    {
        FieldType.Char => value.Length == 1 && value[0] >= ' ',
        FieldType.Boolean => value.Length == 1 && (value[0] is (byte)'Y' or (byte)'N'),
        FieldType.Int => IsInt(value),
        FieldType.Count => IsDigits(value),
        FieldType.DayOfMonth => FieldText.TryInt(value, out var day) && day is >= 1 and <= 31,
        FieldType.Decimal => IsDecimal(value),
        FieldType.UtcTimestamp => FieldText.TryTime(value, out _),
        FieldType.UtcTimeOnly => FieldText.TryTimeOfDay(value, out _),
        FieldType.Date => FieldText.TryDate(value, out _),
        FieldType.MonthYear => IsMonthYear(value),
        FieldType.MultipleText => value[0] != ' ' && value[^1] != ' ' && value.IndexOf("  "u8) < 0,
        _ => true,
    };

    private static bool IsDigits(ReadOnlySpan<byte> value)
    {
        foreach (var c in value)
            if ((uint)(c - '0') > 9) return false;
        return !value.IsEmpty;
    }

    private static bool IsInt(ReadOnlySpan<byte> value) => IsDigits(value[0] == '-' ? value[1..] : value);

    private static bool IsDecimal(ReadOnlySpan<byte> value)
    {
        int digits = 0, points = 0;
        foreach (var c in value[0] == '-' ? value[1..] : value)
        {
            if ((uint)(c - '0') <= 9) digits++;
            else if (c == '.') points++;
            else return false;
        }
        return digits > 0 && points <= 1;
    }

    private static bool IsMonthYear(ReadOnlySpan<byte> value)
    {
        Span<byte> date = stackalloc byte[8];
        "00000001"u8.CopyTo(date);
        if (value.Length is not (6 or 8)) return false;
        value[..6].CopyTo(date);
        if (!FieldText.TryDate(date, out _)) return false;
        if (value.Length == 6) return true;
        return value[6] == 'w' ? value[7] is >= (byte)'1' and <= (byte)'5' : FieldText.TryDate(value, out _);
    }
}
