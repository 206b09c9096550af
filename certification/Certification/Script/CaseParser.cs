namespace Certification;

/// <summary>Reads one case file: the head, then <c>certify venue</c> and <c>certify client</c> with their scripts.</summary>
internal sealed class CaseParser(
    string file,
    IReadOnlyList<ScriptLine> lines,
    Vocabulary words,
    IReadOnlyDictionary<(string, Role), Procedure> procedures,
    List<string> faults)
{
    private readonly Dictionary<string, string> _defaults = [];
    private readonly List<string> _features = [], _sources = [];
    private string? _title, _purpose;

    /// <summary>The case; what is wrong with it goes to the faults.</summary>
    public Case Read()
    {
        var at = 0;
        while (at < lines.Count && !IsCertify(lines[at])) ReadHead(lines[at++]);
        var scripts = new Dictionary<Role, IReadOnlyList<Statement>>();
        while (at < lines.Count)
        {
            var head = lines[at++];
            var body = lines.Skip(at).TakeWhile(line => !IsCertify(line)).ToArray();
            at += body.Length;
            if (head.Words.Count is not (2 or 3)) faults.Add($"{head.Place}: certify venue, certify client, or certify venue client");
            else if (body.Length == 0) faults.Add($"{head.Place}: nothing follows");
            foreach (var word in head.Words.Skip(1))
            {
                if (!Procedure.TryRole(word.Text, out var role)) faults.Add($"{head.Place}: certify venue or client, not '{word.Text}'");
                else if (!scripts.TryAdd(role, new ScriptParser(words, procedures, role, _defaults.Keys, faults).Read(body)))
                    faults.Add($"{head.Place}: 'certify {word.Text}' stands here twice");
            }
        }
        if (_title is null) Missing("case \"TITLE\"");
        if (_purpose is null) Missing("purpose \"TEXT\"");
        if (_features.Count == 0) Missing("feature NAME");
        if (_sources.Count == 0) Missing("source \"TEXT\"");
        if (scripts.Count == 0) Missing("certify venue, or certify client");
        return new Case(Path.GetFileNameWithoutExtension(file), _title ?? "", _purpose ?? "", _features, _sources, _defaults, scripts);
    }

    private static bool IsCertify(ScriptLine line) => line.Words[0] is { Text: "certify", Quoted: false };

    private void Missing(string what) => faults.Add($"{file}:1: the head lacks: {what}");

    private void ReadHead(ScriptLine line)
    {
        var rest = line.Words.Skip(1).ToArray();
        switch (line.Words[0].Text)
        {
            case "case" when rest is [{ Quoted: true }] && _title is null:
                _title = rest[0].Text;
                break;
            case "purpose" when rest is [{ Quoted: true }] && _purpose is null:
                _purpose = rest[0].Text;
                break;
            case "source" when rest is [{ Quoted: true }]:
                _sources.Add(rest[0].Text);
                break;
            case "feature" when rest.Length > 0:
                _features.AddRange(rest.Select(word => word.Text));
                break;
            case "default" when rest.Length == 2 && Template.IsName(rest[0].Text) && _defaults.TryAdd(rest[0].Text, rest[1].Text):
                break;
            default:
                faults.Add($"{line.Place}: the head has: case \"TITLE\", purpose \"TEXT\", source \"TEXT\", feature NAME ..., default NAME VALUE; each name once");
                break;
        }
    }
}
