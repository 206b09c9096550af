namespace Certification;

/// <summary>A step did not hold: why, and what it makes of the case.</summary>
internal sealed class StepException(string reason, Verdict verdict) : Exception(reason)
{
    /// <summary>Fail or Inconclusive.</summary>
    public Verdict Verdict { get; } = verdict;
}
