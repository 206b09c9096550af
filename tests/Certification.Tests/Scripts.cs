using EndToEnd;

namespace Certification.Tests;

/// <summary>The repository's dictionary and cases.</summary>
internal static class Scripts
{
    public static readonly Vocabulary Words = Vocabulary.Load(Places.Dictionary);

    public static readonly string Folder = Path.Combine(Places.Root, "certification", "cases");

    public static readonly CaseBook Book = CaseBook.Read(Folder, Words);

    public static IReadOnlyList<(string Name, string Text)> Files { get; } =
        [.. Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllText(file)))];

    public static Case Case(string name) => Book.Cases.Single(c => c.Name == name);

    /// <summary>Plays one case.</summary>
    public static CaseResult Play(string name, Role role, ICounterparty counterparty)
    {
        using var run = new CaseRun(Case(name), role, Words, counterparty, new Dictionary<string, string>(), new SessionNumbers(1, 1));
        return run.Play();
    }

    /// <summary>A result for a failure text: the verdict, why, and everything that was said.</summary>
    public static string Text(CaseResult result) =>
        $"{result.Case.Name}: {Suite.Name(result.Verdict)} {result.Reason}\n{string.Join('\n', result.Transcript.Select(e => $"{e.At.TotalSeconds,8:F3} {e.Session} {e.Kind} {e.Text}"))}";
}
