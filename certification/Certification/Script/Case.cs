namespace Certification;

/// <summary>One case: what it is about, and its script for each side that it can certify.</summary>
/// <param name="Name">File name without folder and ending.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Purpose">What a pass proves.</param>
/// <param name="Features">What a counterparty may be permitted after it.</param>
/// <param name="Sources">Where the rules come from.</param>
/// <param name="Defaults">Variables that the command line may set otherwise.</param>
/// <param name="Scripts">By the role that is certified.</param>
internal sealed record Case(
    string Name,
    string Title,
    string Purpose,
    IReadOnlyList<string> Features,
    IReadOnlyList<string> Sources,
    IReadOnlyDictionary<string, string> Defaults,
    IReadOnlyDictionary<Role, IReadOnlyList<Statement>> Scripts);

/// <summary>The cases of a folder and everything that is wrong with them, each as "file:line: what".</summary>
internal sealed record CaseBook(IReadOnlyList<Case> Cases, IReadOnlyList<string> Faults)
{
    /// <summary>Reads *.case, and *.procedures for what they share.</summary>
    public static CaseBook Read(string folder, Vocabulary words)
    {
        var files = Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".case" or ".procedures")
            .Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllText(file))).ToArray();
        return Parse(files, words);
    }

    /// <summary>Parses the text of files.</summary>
    public static CaseBook Parse(IReadOnlyList<(string Name, string Text)> files, Vocabulary words)
    {
        var faults = new List<string>();
        var procedures = new Dictionary<(string, Role), Procedure>();
        foreach (var (name, text) in files.Where(file => file.Name.EndsWith(".procedures", StringComparison.Ordinal)))
            Procedure.ReadAll(ScriptLine.Of(name, text, faults), procedures, faults);
        foreach (var procedure in procedures.Values) procedure.Check(words, procedures, faults);
        var cases = new List<Case>();
        foreach (var (name, text) in files.Where(file => file.Name.EndsWith(".case", StringComparison.Ordinal)))
            cases.Add(new CaseParser(name, ScriptLine.Of(name, text, faults), words, procedures, faults).Read());
        if (cases.Count == 0) faults.Add("there is no file *.case");
        return new CaseBook(cases, [.. faults.Distinct()]);
    }
}
