using System.Globalization;
using System.Numerics;
using System.Text;

namespace Certification;

/// <summary>A value with variables in it: <c>$run-1</c>, <c>$(out+3)</c>; $$ is a dollar sign, a bare <c>now</c> is the time.</summary>
internal sealed class Template
{
    private readonly IReadOnlyList<Part> _parts;

    private Template(IReadOnlyList<Part> parts) => _parts = parts;

    /// <summary>Text, or a variable with a number added to it.</summary>
    private readonly record struct Part(string Text, bool IsVariable, long Added);

    /// <summary>The time of sending, as UTCTIMESTAMP.</summary>
    public static Template Now { get; } = new([new Part("now", true, 0)]);

    /// <summary>The variables in it.</summary>
    public IEnumerable<string> Variables => _parts.Where(part => part.IsVariable).Select(part => part.Text);

    /// <summary>The text as it stands, when nothing in it varies.</summary>
    public string? Constant => _parts.Any(part => part.IsVariable) ? null : string.Concat(_parts.Select(part => part.Text));

    /// <summary>Text without variables.</summary>
    public static Template Of(string text) => new([new Part(text, false, 0)]);

    /// <summary>Reads a template; null, and what is wrong, when it is none.</summary>
    public static Template? Parse(string text, out string fault)
    {
        var parts = new List<Part>();
        var plain = new StringBuilder();
        fault = "";
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$')
            {
                plain.Append(text[i]);
                continue;
            }
            if (i + 1 < text.Length && text[i + 1] == '$')
            {
                plain.Append('$');
                i++;
                continue;
            }
            if (plain.Length > 0) parts.Add(new Part(plain.ToString(), false, 0));
            plain.Clear();
            if (ReadVariable(text, ref i) is not { } variable)
            {
                fault = $"'{text}': after $ comes a name, or (name+number), or $$ for the sign itself";
                return null;
            }
            parts.Add(variable);
        }
        if (plain.Length > 0 || parts.Count == 0) parts.Add(new Part(plain.ToString(), false, 0));
        return new Template(parts);
    }

    /// <summary>True when this can be the name of a variable.</summary>
    public static bool IsName(string text) => text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>The text with every variable replaced.</summary>
    /// <exception cref="FormatException">A number is added to what is none.</exception>
    public string With(Func<string, string> valueOf) => string.Concat(_parts.Select(part =>
    {
        if (!part.IsVariable) return part.Text;
        var value = valueOf(part.Text);
        if (part.Added == 0) return value;
        if (!BigInteger.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw new FormatException($"${part.Text} is '{value}', not a whole number");
        return (number + part.Added).ToString(CultureInfo.InvariantCulture);
    }));

    /// <summary>Reads what stands after $ and leaves <paramref name="i"/> on its last character.</summary>
    private static Part? ReadVariable(string text, ref int i)
    {
        var inBrackets = i + 1 < text.Length && text[i + 1] == '(';
        var start = i + (inBrackets ? 2 : 1);
        var end = start;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end])) end++;
        var name = text[start..end];
        if (!IsName(name)) return null;
        i = end - 1;
        if (!inBrackets) return new Part(name, true, 0);
        var close = text.IndexOf(')', end);
        if (close < 0) return null;
        i = close;
        if (close == end) return new Part(name, true, 0);
        return text[end] is '+' or '-' && long.TryParse(text[end..close], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var added)
            ? new Part(name, true, added)
            : null;
    }
}
