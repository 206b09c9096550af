using System.Globalization;

namespace Certification;

/// <content>The parts of a step: blocks, messages, values, times.</content>
internal sealed partial class ScriptParser
{
    private const long SecondMs = 1000;
    private static readonly Duration Soon = new(5 * SecondMs, false);

    // Longest first: >= is not > with a value that begins with =.
    private static readonly (string Sign, Comparison How)[] Signs =
    [
        ("!=", Comparison.NotEqual), (">=", Comparison.AtLeast), ("<=", Comparison.AtMost),
        ("=", Comparison.Equal), ("~", Comparison.Contains), (">", Comparison.Greater), ("<", Comparison.Less),
    ];

    private bool _blockRead;   // the lines of the block that is being read are behind us

    private Statement ReadBlockStatement(
        string verb, Queue<Word> words, Place place, PeerName peer, bool given, IReadOnlyList<ScriptLine> lines, ref int at)
    {
        _blockRead = false;
        if (verb == "any")
        {
            Keyword(words, "order");
            var expected = ReadToEnd(lines, ref at, peer);
            if (expected.Count == 0 || expected.Any(s => s is not Expect || s.Peer != peer)) throw new LineException("any order has lines 'expect MESSAGE' of one session, and then end");
            return new AnyOrder(place, peer, given, [.. expected.Cast<Expect>()]);
        }
        if (verb == "repeat")
        {
            var count = ReadTemplate(words, "how often");
            if (count.Constant is { } text && !IsCount(text)) throw new LineException($"'{text}' is not a number from 1 to 99999");
            Keyword(words, "as");
            var variable = ReadName(words);
            _known.Add(variable);
            var body = ReadToEnd(lines, ref at, peer);
            return new Repeat(place, peer, count, variable, body);
        }
        var before = new HashSet<string>(_known);
        HashSet<string>? after = null;
        var branches = new List<IReadOnlyList<Statement>>();
        ScriptLine? end;
        do
        {
            _known = [.. before];
            branches.Add(ReadBlock(lines, ref at, peer, out end));
            if (after is null) after = _known;
            else after.IntersectWith(_known);   // a value that only one way gives cannot be relied on
        }
        while (end is { Words: [{ Text: "or" }] });
        _known = after;
        _blockRead = true;
        if (end is null) throw new LineException("either has no end");
        if (branches.Count < 2 || branches.Any(b => b.Count == 0 || b[0] is not Expect || b[0].Peer != peer))
            throw new LineException("either has two or more branches with 'or' between them, each of which begins with 'expect MESSAGE' of one session");
        return new Either(place, peer, given, branches);
    }

    private List<Statement> ReadToEnd(IReadOnlyList<ScriptLine> lines, ref int at, PeerName peer)
    {
        var body = ReadBlock(lines, ref at, peer, out var end);
        _blockRead = true;
        if (end is null) throw new LineException("this block has no end");
        if (end.Words[0].Text == "or") throw new LineException($"'or' on line {end.Place.Line} belongs to either");
        return body;
    }

    private Statement ReadSend(Queue<Word> words, Place place, PeerName peer)
    {
        if (words.TryPeek(out var first) && first is { Text: "raw", Quoted: false })
        {
            words.Dequeue();
            return new SendRaw(place, peer, ReadTemplate(words, "bytes in quotes, | for the delimiter"));
        }
        var type = ReadMessage(words);
        var fields = new List<(int, Template)>();
        while (words.TryDequeue(out var word))
        {
            var equals = word.Text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new LineException($"'{word.Text}' is not FIELD=VALUE");
            var tag = ReadTag(word.Text[..equals]);
            fields.Add((tag, ReadValue(tag, word.Text[(equals + 1)..], word.Quoted)));
        }
        return new Send(place, peer, type, fields);
    }

    private Pattern ReadPattern(Queue<Word> words)
    {
        var type = ReadMessage(words);
        var conditions = new List<Condition>();
        while (words.TryPeek(out var word) && word is not { Text: "within" or "for", Quoted: false })
        {
            words.Dequeue();
            conditions.Add(ReadCondition(word));
        }
        return new Pattern(type, conditions);
    }

    private Condition ReadCondition(Word word)
    {
        var sign = Signs.Select(s => (s.Sign, s.How, At: word.Text.IndexOf(s.Sign, StringComparison.Ordinal))).Where(s => s.At >= 0)
            .OrderBy(s => s.At).ThenByDescending(s => s.Sign.Length).FirstOrDefault();
        if (sign.Sign is null)
        {
            if (word.Text.StartsWith('!')) return new Condition(ReadTag(word.Text[1..]), Comparison.Absent);
            throw new LineException($"'{word.Text}' is neither FIELD=VALUE (also != ~ < <= > >=) nor !FIELD");
        }
        var tag = ReadTag(word.Text[..sign.At]);
        var value = word.Text[(sign.At + sign.Sign.Length)..];
        if (sign.How != Comparison.Equal || word.Quoted) return new Condition(tag, sign.How, ReadValue(tag, value, word.Quoted || sign.How == Comparison.Contains));
        if (value == "*") return new Condition(tag, Comparison.Present);
        if (!value.StartsWith('?')) return new Condition(tag, Comparison.Equal, ReadValue(tag, value, quoted: false));
        if (!Template.IsName(value[1..])) throw new LineException($"'{value}': after ? comes a name");
        _known.Add(value[1..]);
        return new Condition(tag, Comparison.Bind, Variable: value[1..]);
    }

    private string ReadMessage(Queue<Word> words)
    {
        if (!words.TryDequeue(out var word)) throw new LineException("which message?");
        return _words.MsgType(word.Text) ?? throw new LineException($"there is no message '{word.Text}'{Nearest(word.Text, _words.MessageNames)}");
    }

    private int ReadTag(string name)
    {
        var tag = _words.Tag(name);
        return tag > 0 ? tag : throw new LineException($"there is no field '{name}'");
    }

    /// <summary>A value as it goes on the wire. In quotes it is taken as it stands, which is how a wrong one is sent.</summary>
    private Template ReadValue(int tag, string text, bool quoted)
    {
        if (!quoted && text.Length == 0) throw new LineException($"{_words.Name(tag)} has no value");
        if (!quoted && text == "now") return Template.Now;
        var template = Checked(text);
        if (quoted || template.Constant is not { } word) return template;
        return Template.Of(_words.Value(tag, word) ?? throw new LineException($"{_words.Name(tag)} has no value '{word}': {_words.Values(tag)}"));
    }

    private Template ReadTemplate(Queue<Word> words, string what) =>
        words.TryDequeue(out var word) ? Checked(word.Text) : throw new LineException($"{what} is missing");

    private Template Checked(string text)
    {
        var template = Template.Parse(text, out var fault) ?? throw new LineException(fault);
        foreach (var variable in template.Variables)
            if (!_known.Contains(variable)) throw new LineException($"${variable} has no value here");
        return template;
    }

    private static string ReadName(Queue<Word> words)
    {
        if (!words.TryDequeue(out var word) || !Template.IsName(word.Text)) throw new LineException("here comes a name: letters and digits, a letter first");
        return BuiltIn.Contains(word.Text) ? throw new LineException($"{word.Text} has its own meaning: choose another name") : word.Text;
    }

    private static void Keyword(Queue<Word> words, string keyword)
    {
        if (!words.TryDequeue(out var word) || word.Text != keyword || word.Quoted) throw new LineException($"here comes '{keyword}'");
    }

    private static Duration ReadWithin(Queue<Word> words)
    {
        if (words.Count == 0) return Soon;
        Keyword(words, "within");
        return ReadDuration(words);
    }

    /// <summary><c>2s</c>, <c>500ms</c>, <c>1.5 heartbeats</c>.</summary>
    private static Duration ReadDuration(Queue<Word> words)
    {
        const string Form = "a time is 2s, 500ms or 1.5 heartbeats";
        if (!words.TryDequeue(out var word)) throw new LineException(Form);
        var text = word.Text;
        if (words.TryPeek(out var unit) && unit.Text is "heartbeat" or "heartbeats")
        {
            words.Dequeue();
            return new Duration(Thousandths(text), true);
        }
        if (text.EndsWith("ms", StringComparison.Ordinal)) return new Duration(ReadCount(text[..^2]), false);
        return text.EndsWith('s') ? new Duration(Thousandths(text[..^1]), false) : throw new LineException(Form);

        static long Thousandths(string number)
        {
            if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value is <= 0 or > 3600)
                throw new LineException($"'{number}': {Form}, at most 3600");
            return (long)(value * 1000);
        }
    }

    private static int ReadCount(Queue<Word> words) => words.TryDequeue(out var word) ? ReadCount(word.Text) : throw new LineException("how many?");

    private static int ReadCount(string text) =>
        IsCount(text) ? int.Parse(text, CultureInfo.InvariantCulture) : throw new LineException($"'{text}' is not a number from 1 to 99999");

    private static bool IsCount(string text) => text.Length is > 0 and <= 5 && text.All(char.IsAsciiDigit) && text.Any(c => c != '0');

    private static string Nearest(string name, IEnumerable<string> names)
    {
        var near = names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase) || n.Contains(name, StringComparison.OrdinalIgnoreCase));
        return near is null ? "" : $"; is it {near}?";
    }
}
