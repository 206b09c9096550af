namespace Certification;

/// <summary>How a case ended.</summary>
internal enum Verdict
{
    /// <summary>Every step and every passive check held.</summary>
    Pass,
    /// <summary>The certified side did something else than the case asks.</summary>
    Fail,
    /// <summary>What the case is about was never reached; it says nothing either way.</summary>
    Inconclusive,
}

/// <summary>One assertion of a case.</summary>
/// <param name="Place">The line of the script.</param>
/// <param name="At">Time since the case began.</param>
/// <param name="Holds">False when it is why the case did not pass.</param>
/// <param name="Expected">What the script asks, variables replaced.</param>
/// <param name="Actual">What came.</param>
internal sealed record Step(Place Place, TimeSpan At, bool Holds, string Expected, string Actual);

/// <summary>One passive check over all that was seen.</summary>
internal sealed record Observation(string Check, bool Holds, string Detail);

/// <summary>What came of one case.</summary>
internal sealed record CaseResult(
    Case Case,
    Role Role,
    Verdict Verdict,
    string Reason,
    DateTime StartedUtc,
    TimeSpan Took,
    IReadOnlyList<Step> Steps,
    IReadOnlyList<Observation> Observations,
    IReadOnlyList<Entry> Transcript)
{
    /// <summary>Over the transcript.</summary>
    public string Hash { get; } = Certification.Transcript.Hash(Transcript);
}

/// <summary>What came of all cases.</summary>
/// <param name="Role">Who was certified.</param>
/// <param name="Session">SenderCompID(49) of the client side.</param>
/// <param name="Target">SenderCompID(49) of the venue side.</param>
/// <param name="Address">Where it was done.</param>
/// <param name="Subject">Name and version of the certified software, as given.</param>
/// <param name="StartedUtc">When it began.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Cases">In the order in which they ran.</param>
internal sealed record SuiteResult(
    Role Role, string Session, string Target, string Address, string Subject, DateTime StartedUtc, TimeSpan Took, IReadOnlyList<CaseResult> Cases)
{
    /// <summary>True when there were cases and all of them passed.</summary>
    public bool Passed => Cases.Count > 0 && Cases.All(c => c.Verdict == Verdict.Pass);

    /// <summary>Over the transcripts of all cases.</summary>
    public string Hash { get; } = Transcript.Hash(Cases.SelectMany(c => c.Transcript));
}
