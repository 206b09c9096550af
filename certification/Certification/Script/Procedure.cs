namespace Certification;

/// <summary>Steps that several cases share; <c>do name</c> stands for them.</summary>
internal sealed record Procedure(string Name, Role Role, IReadOnlyList<(string Name, Template Default)> Parameters, IReadOnlyList<ScriptLine> Lines)
{
    /// <summary>Reads <c>procedure NAME for venue|client [parameter=default ...]</c> ... <c>end procedure</c>.</summary>
    public static void ReadAll(IReadOnlyList<ScriptLine> lines, Dictionary<(string, Role), Procedure> into, List<string> faults)
    {
        for (var i = 0; i < lines.Count;)
        {
            var (place, words) = lines[i++];
            var body = lines.Skip(i).TakeWhile(line => !IsEnd(line)).ToArray();
            var hasEnd = i + body.Length < lines.Count;
            i += body.Length + 1;
            var parameters = new List<(string, Template)>();
            if (words.Count < 4 || words[0].Text != "procedure" || words[2].Text != "for" || !Template.IsName(words[1].Text) || !TryRole(words[3].Text, out var role))
            {
                faults.Add($"{place}: a procedure begins with: procedure NAME for venue|client [PARAMETER=DEFAULT ...]");
                continue;
            }
            foreach (var word in words.Skip(4))
            {
                var equals = word.Text.IndexOf('=', StringComparison.Ordinal);
                var value = equals < 0 ? null : Template.Parse(word.Text[(equals + 1)..], out _);
                if (value?.Constant is null || !Template.IsName(word.Text[..equals])) faults.Add($"{place}: a parameter is NAME=DEFAULT, not '{word.Text}'");
                else parameters.Add((word.Text[..equals], value));
            }
            if (!hasEnd) faults.Add($"{place}: procedure {words[1].Text} has no 'end procedure'");
            if (!into.TryAdd((words[1].Text, role), new Procedure(words[1].Text, role, parameters, body)))
                faults.Add($"{place}: procedure {words[1].Text} for {words[3].Text} stands here twice");
        }
    }

    /// <summary>Parses the body on its own, so that one nobody uses is checked too.</summary>
    public void Check(Vocabulary words, IReadOnlyDictionary<(string, Role), Procedure> procedures, List<string> faults) =>
        new ScriptParser(words, procedures, Role, Parameters.Select(p => p.Name), faults).Read(Lines);

    /// <summary>True for venue and client.</summary>
    public static bool TryRole(string word, out Role role)
    {
        role = word == "client" ? Role.Client : Role.Venue;
        return word is "venue" or "client";
    }

    private static bool IsEnd(ScriptLine line) => line.Words is [{ Text: "end" }, { Text: "procedure" }];
}
