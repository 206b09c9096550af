namespace Venue.Fix;

/// <summary>UTCTIMESTAMP text. Keeps the last one and rewrites only the part that changed: fraction, time of day or date.</summary>
internal sealed class TimestampText
{
    private const long SecondNs = 1_000_000_000;
    private const int DateLength = 8, SecondsLength = 17;   // YYYYMMDD-HH:MM:SS

    private readonly byte[] _text = "00000000-00:00:00.000000000"u8.ToArray();
    private readonly int _digits, _length;
    private readonly long _unitNs = SecondNs;
    private long _unit = long.MinValue, _second = long.MinValue, _day = long.MinValue;

    /// <param name="digits">Digits of the second's fraction, 0 to 9.</param>
    public TimestampText(int digits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)digits, 9u, nameof(digits));
        _digits = digits;
        _length = digits == 0 ? SecondsLength : SecondsLength + 1 + digits;
        for (var i = 0; i < digits; i++) _unitNs /= 10;
    }

    /// <summary>The text of <paramref name="ns"/> (since 1970-01-01, not before), cut off to the precision. Good until the next call.</summary>
    public ReadOnlySpan<byte> At(long ns)
    {
        var unit = ns / _unitNs;
        if (unit != _unit) Write(ns, unit);
        return _text.AsSpan(0, _length);
    }

    private void Write(long ns, long unit)
    {
        _unit = unit;
        var second = ns / SecondNs;
        if (second != _second)
        {
            _second = second;
            var day = second / 86_400;
            if (day != _day)
            {
                _day = day;
                var date = DateTime.UnixEpoch.AddDays(day);
                Digits(0, 4, date.Year);
                Digits(4, 2, date.Month);
                Digits(6, 2, date.Day);
            }
            var ofDay = (int)(second - day * 86_400);
            Digits(DateLength + 1, 2, ofDay / 3600);
            Digits(DateLength + 4, 2, ofDay / 60 % 60);
            Digits(DateLength + 7, 2, ofDay % 60);
        }
        if (_digits > 0) Digits(SecondsLength + 1, _digits, unit - second * (SecondNs / _unitNs));
    }

    private void Digits(int at, int count, long value)
    {
        for (var i = at + count - 1; i >= at; i--, value /= 10) _text[i] = (byte)('0' + value % 10);
    }
}
