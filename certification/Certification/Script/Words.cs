using System.Text;

namespace Certification;

/// <summary>A word of a line. In quotes, it may have blanks in it and its value is taken as it stands.</summary>
internal readonly record struct Word(string Text, bool Quoted);

/// <summary>A line of a script, cut into words.</summary>
internal sealed record ScriptLine(Place Place, IReadOnlyList<Word> Words)
{
    /// <summary>The lines that say something. A # that begins a word begins a comment.</summary>
    public static IReadOnlyList<ScriptLine> Of(string file, string text, List<string> faults)
    {
        var lines = new List<ScriptLine>();
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var place = new Place(file, ++number, raw.Trim().ToString());
            var words = Cut(place.Text, out var closed);
            if (!closed) faults.Add($"{place}: a quote is not closed");
            else if (words.Count > 0) lines.Add(new ScriptLine(place, words));
        }
        return lines;
    }

    private static List<Word> Cut(string text, out bool closed)
    {
        var words = new List<Word>();
        var word = new StringBuilder();
        bool inside = false, quoted = false, started = false;
        foreach (var c in text)
        {
            if (c == '"')
            {
                inside = !inside;
                quoted = started = true;
            }
            else if (inside || !char.IsWhiteSpace(c))
            {
                if (c == '#' && !started) break;
                word.Append(c);
                started = true;
            }
            else if (started)
            {
                words.Add(new Word(word.ToString(), quoted));
                word.Clear();
                quoted = started = false;
            }
        }
        if (started) words.Add(new Word(word.ToString(), quoted));
        closed = !inside;
        return words;
    }
}
