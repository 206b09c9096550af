namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>Numbers in Kraken's dress, OXXXXX-XXXXX-XXXXXX: the same number gives the same text, and the text gives the number back.</summary>
internal static class OrderIDs
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Letters = 16, NumberLetters = 8;

    /// <summary>The text; <paramref name="kind"/> is O for orders and T for trades.</summary>
    public static string Text(char kind, long number)
    {
        Span<char> letters = stackalloc char[Letters];
        // The front half is a fixed scramble of the number, so that texts do not look alike.
        var scramble = (ulong)number * 0x9E3779B97F4A7C15;
        for (var i = 0; i < Letters - NumberLetters; i++) letters[i] = Alphabet[(int)(scramble >> 24 + 5 * i & 31)];
        for (var i = 0; i < NumberLetters; i++) letters[Letters - 1 - i] = Alphabet[(int)(number >> 5 * i & 31)];
        return $"{kind}{letters[..5]}-{letters[5..10]}-{letters[10..]}";
    }

    /// <summary>The number of a text that <see cref="Text"/> made; 0 of any other.</summary>
    public static long Number(char kind, string text)
    {
        long number = 0;
        foreach (var letter in text.Replace("-", "").TakeLast(NumberLetters))
        {
            var digit = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (digit < 0) return 0;
            number = number << 5 | (long)digit;
        }
        return Text(kind, number) == text ? number : 0;
    }
}
