using System.Globalization;

namespace EndToEnd;

/// <summary>
/// What a message must say, as one line: the MsgType, then fields. <c>39=1</c> is compared as a number when both sides are
/// numbers, <c>17=*</c> must be there, <c>!41</c> must not, <c>58~BAND</c> contains, <c>37=@a</c> must be what @a was first.
/// </summary>
internal sealed class Expected(Dictionary<string, string> bound)
{
    /// <summary>Why the message is not what the line says; null when it is.</summary>
    public string? Fault(string line, FixMessage message)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (message.Type != words[0]) return $"35 is {message.Type}, expected {words[0]}";
        foreach (var word in words.AsSpan(1))
        {
            if (Fault(word, message, bound) is { } fault) return fault;
        }
        return null;
    }

    private static string? Fault(string word, FixMessage message, Dictionary<string, string> bound)
    {
        if (word[0] == '!') return message.Find(Tag(word[1..])) is { } there ? $"{word[1..]} is {there}, expected none" : null;

        var at = word.IndexOfAny(['=', '~']);
        if (at < 0) throw new ArgumentException($"'{word}' is no expectation");
        var (tag, wanted) = (word[..at], word[(at + 1)..]);
        if (message.Find(Tag(tag)) is not { } value) return $"{tag} is not there, expected {wanted}";
        if (wanted == "*") return null;
        if (wanted[0] == '@' && bound.TryAdd(wanted, value)) return null;
        if (wanted[0] == '@') wanted = bound[wanted];
        var isSo = word[at] == '~' ? value.Contains(wanted, StringComparison.Ordinal) : AreEqual(value, wanted);
        return isSo ? null : $"{tag} is {value}, expected {wanted}";
    }

    private static bool AreEqual(string value, string wanted) =>
        value == wanted
        || (Parses(value, out var a) && Parses(wanted, out var b) && a == b);

    private static bool Parses(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static int Tag(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
