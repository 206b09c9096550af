namespace Certification;

/// <summary>Runs cases one after another; each stands on its own.</summary>
internal sealed class Suite(IReadOnlyList<Case> cases, Role role, Vocabulary words, IReadOnlyDictionary<string, string> set, TextWriter screen)
{
    /// <summary>Plays every case that has a script for the role.</summary>
    public SuiteResult Run(ICounterparty counterparty, string address, string subject, bool keepsCounting)
    {
        var (started, clock) = (DateTime.UtcNow, System.Diagnostics.Stopwatch.StartNew());
        var results = new List<CaseResult>();
        var numbers = new SessionNumbers(1, 1);
        foreach (var @case in cases.Where(c => c.Scripts.ContainsKey(role)))
        {
            screen.WriteLine($"{@case.Name}: {@case.Title}");
            using var run = new CaseRun(@case, role, words, counterparty, set, numbers);
            var result = run.Play();
            if (keepsCounting) numbers = run.Numbers;
            results.Add(result);
            screen.WriteLine($"    {Name(result.Verdict)} in {result.Took.TotalSeconds:0.0} s{(result.Reason.Length > 0 ? $": {result.Reason}" : "")}");
        }
        var (ours, theirs) = counterparty.Sessions[0];
        return role == Role.Venue
            ? new SuiteResult(role, ours, theirs, address, subject, started, clock.Elapsed, results)
            : new SuiteResult(role, theirs, ours, address, subject, started, clock.Elapsed, results);
    }

    /// <summary>PASS, FAIL, INCONCLUSIVE.</summary>
    public static string Name(Verdict verdict) => verdict.ToString().ToUpperInvariant();
}
