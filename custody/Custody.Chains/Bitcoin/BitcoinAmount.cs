using System.Text.Json;

namespace Custody.Chains.Bitcoin;

/// <summary>bitcoind writes amounts as bitcoin with a decimal point; here they are satoshis, and never binary floating point.</summary>
internal static class BitcoinAmount
{
    private const int Decimals = 8;

    public static long Sats(JsonElement number) =>
        number.ValueKind == JsonValueKind.Number ? Sats(number.GetRawText()) : throw new CodecException("amount: not a number");

    /// <summary>Digits, a point and up to eight more; a minus sign before them.</summary>
    public static long Sats(ReadOnlySpan<char> text)
    {
        var negative = text.StartsWith("-");
        if (negative) text = text[1..];
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var part = point < 0 ? default : text[(point + 1)..];
        if (whole.Length is 0 or > 8 || part.Length > Decimals || point >= 0 && part.Length == 0) throw new CodecException("amount: not bitcoin with up to 8 decimals");

        long sats = 0;
        foreach (var digit in whole) sats = Next(sats, digit);
        foreach (var digit in part) sats = Next(sats, digit);
        for (var i = part.Length; i < Decimals; i++) sats *= 10;
        return negative ? -sats : sats;
    }

    private static long Next(long sats, char digit) => char.IsAsciiDigit(digit) ? sats * 10 + digit - '0' : throw new CodecException("amount: a character that is no digit");
}
