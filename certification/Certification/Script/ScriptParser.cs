namespace Certification;

/// <summary>Reads the steps of one script. A line that is wrong becomes a fault with its place, and the reading goes on.</summary>
/// <remarks>Variables are followed too: one that is used before it has a value is a fault of the script, not of a run.</remarks>
internal sealed partial class ScriptParser
{
    private const int DepthMax = 8;

    /// <summary>What has a value without being given one: this run's own text, both CompIDs, the next sequence numbers, the time.</summary>
    public static readonly IReadOnlyList<string> BuiltIn = ["run", "session", "target", "out", "in", "now"];

    private readonly Vocabulary _words;
    private readonly IReadOnlyDictionary<(string, Role), Procedure> _procedures;
    private readonly Role _role;
    private readonly List<string> _faults;
    private HashSet<string> _known;
    private int _depth;

    public ScriptParser(
        Vocabulary words, IReadOnlyDictionary<(string, Role), Procedure> procedures, Role role, IEnumerable<string> variables, List<string> faults)
    {
        _words = words;
        _procedures = procedures;
        _role = role;
        _faults = faults;
        _known = [.. BuiltIn, .. variables];
    }

    /// <summary>A fault of the line that is being read.</summary>
    private sealed class LineException(string what) : Exception(what);

    /// <summary>All steps of <paramref name="lines"/>.</summary>
    public IReadOnlyList<Statement> Read(IReadOnlyList<ScriptLine> lines)
    {
        var at = 0;
        var statements = ReadBlock(lines, ref at, PeerName.First, out var end);
        while (end is not null)
        {
            _faults.Add($"{end.Place}: '{end.Words[0].Text}' ends nothing");
            statements.AddRange(ReadBlock(lines, ref at, PeerName.First, out end));
        }
        return statements;
    }

    /// <summary>Reads up to a line <c>end</c> or <c>or</c>, which is returned and passed over, or to the last line.</summary>
    private List<Statement> ReadBlock(IReadOnlyList<ScriptLine> lines, ref int at, PeerName peer, out ScriptLine? end)
    {
        var statements = new List<Statement>();
        while (at < lines.Count)
        {
            var line = lines[at++];
            if (line.Words is [{ Text: "end" or "or", Quoted: false }])
            {
                end = line;
                return statements;
            }
            try
            {
                ReadStatement(line, lines, ref at, peer, statements);
            }
            catch (LineException e)
            {
                _faults.Add($"{line.Place}: {e.Message}");
            }
        }
        end = null;
        return statements;
    }

    private void ReadStatement(ScriptLine line, IReadOnlyList<ScriptLine> lines, ref int at, PeerName peer, List<Statement> into)
    {
        var words = new Queue<Word>(line.Words);
        if (words.Peek() is { Quoted: false, Text: "first:" or "second:" })
        {
            peer = words.Dequeue().Text == "first:" ? PeerName.First : PeerName.Second;
            if (peer == PeerName.Second && _role == Role.Client) throw new LineException("there is one session when a client is certified");
        }
        var given = words.TryPeek(out var word) && word is { Quoted: false, Text: "given" };
        if (given) words.Dequeue();
        if (!words.TryDequeue(out var verb)) throw new LineException("what is to be done?");
        if (given && verb.Text is not ("connect" or "expect" or "any" or "either" or "do")) throw new LineException($"'{verb.Text}' cannot fail: given stands before connect, expect, any order, either and do");
        var opensBlock = verb.Text is "any" or "either" or "repeat";
        try
        {
            if (opensBlock) into.Add(ReadBlockStatement(verb.Text, words, line.Place, peer, given, lines, ref at));
            else if (verb.Text == "do") ReadDo(words, line.Place, peer, given, into);
            else into.Add(ReadSimple(verb, words, line.Place, peer, given));
        }
        catch (LineException) when (opensBlock && !_blockRead)
        {
            // Its lines are passed over, so that one fault does not bring others.
            var told = _faults.Count;
            ReadBlock(lines, ref at, peer, out _);
            _faults.RemoveRange(told, _faults.Count - told);
            throw;
        }
        if (words.Count > 0) throw new LineException($"'{words.Peek().Text}' is more than '{verb.Text}' takes");
    }

    private Statement ReadSimple(Word verb, Queue<Word> words, Place place, PeerName peer, bool given)
    {
        if (verb.Quoted) throw new LineException($"'{verb.Text}' is no step");
        switch (verb.Text)
        {
            case "connect": return new Connect(place, peer, given, ReadWithin(words));
            case "send": return ReadSend(words, place, peer);
            case "expect" when words.TryPeek(out var what) && what.Text == "disconnect":
                words.Dequeue();
                return new ExpectDisconnect(place, peer, given, ReadWithin(words));
            case "expect": return new Expect(place, peer, given, ReadPattern(words), ReadWithin(words));
            case "forbid":
                var pattern = ReadPattern(words);
                Keyword(words, "for");
                return new Forbid(place, peer, pattern, ReadDuration(words));
            case "resend":
                var from = ReadTemplate(words, "the first number");
                Keyword(words, "to");
                return new Resend(place, peer, from, ReadTemplate(words, "the last number"));
            case "let":
                var name = ReadName(words);
                Keyword(words, "=");
                var value = ReadTemplate(words, "a value");
                _known.Add(name);
                return new Let(place, peer, name, value);
            case "hint":
                var text = ReadTemplate(words, "a text in quotes");
                if (words.Count == 0) return new Hint(place, peer, text, null);
                Keyword(words, "do");
                return new Hint(place, peer, text, ReadTemplate(words, "a command in quotes"));
            case "drop":
                Keyword(words, "connection");
                return new Drop(place, peer);
            case "mute": return new Mute(place, peer, true);
            case "unmute": return new Mute(place, peer, false);
            case "skip":
                Keyword(words, "sequence");
                return new Skip(place, peer, ReadCount(words));
            case "corrupt":
                return new Corrupt(place, peer, words.TryDequeue(out var part) ? part.Text switch
                {
                    "checksum" => Damage.CheckSum,
                    "length" => Damage.BodyLength,
                    var other => throw new LineException($"corrupt checksum, or corrupt length, not '{other}'"),
                } : throw new LineException("corrupt checksum, or corrupt length"));
            case "wait": return new Wait(place, peer, ReadDuration(words));
            default: throw new LineException($"'{verb.Text}' is no step");
        }
    }

    private void ReadDo(Queue<Word> words, Place place, PeerName peer, bool given, List<Statement> into)
    {
        var name = ReadName(words);
        if (!_procedures.TryGetValue((name, _role), out var procedure))
            throw new LineException($"there is no procedure {name} for {(_role == Role.Venue ? "venue" : "client")}");
        var values = procedure.Parameters.ToDictionary(p => p.Name, p => p.Default);
        while (words.TryDequeue(out var word))
        {
            var equals = word.Text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !values.ContainsKey(word.Text[..equals])) throw new LineException($"{name} has no parameter '{word.Text}': {string.Join(", ", values.Keys)}");
            values[word.Text[..equals]] = Checked(word.Text[(equals + 1)..]);
        }
        if (++_depth > DepthMax) throw new LineException("procedures are nested too deep");
        foreach (var (parameter, value) in values)
        {
            into.Add(new Let(place, peer, parameter, value));
            _known.Add(parameter);
        }
        var at = 0;
        var body = ReadBlock(procedure.Lines, ref at, peer, out _);
        _depth--;
        into.AddRange(given ? body.Select(statement => statement with { Given = true }) : body);
    }
}
