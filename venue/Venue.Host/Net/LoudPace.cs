namespace Venue.Host;

/// <summary>
/// How long connections that fill their turns are left alone when the core has to wait for a processor. A thread that never sleeps
/// loses it for milliseconds at a time to whoever else is busy, and with it everybody waits; one that uses less than its part is
/// let in at once. So the loud ones take what is left of the machine, and the others' messages find the core asleep.
/// </summary>
/// <remarks>
/// Their part of the core's time is halved whenever the core has waited, and grows by a sixty-fourth in each ten milliseconds in
/// which it has not: on a machine that is not busy it stays whole, and nothing is slowed.
/// </remarks>
public sealed class LoudPace
{
    /// <summary>All of the core's time, in the unit of <see cref="Share"/>.</summary>
    public const int Whole = 1 << 16;

    /// <summary>What is never taken from them.</summary>
    public const int Least = Whole / 16;

    /// <summary>How often <see cref="Waited"/> is to be told.</summary>
    public const long EveryNs = 10_000_000;

    private const long WaitMaxNs = 1_000_000;   // in each of these times
    private const long TurnMaxNs = 1_000_000;   // a turn that took longer did so because the processor was somebody else's
    private const int GrowPart = 64;
    private long _waitedNs = -1, _dueNs;

    /// <summary>The loud ones' part of the core's time, of <see cref="Whole"/>.</summary>
    public int Share { get; private set; } = Whole;

    /// <summary>True when <see cref="Waited"/> is to be told.</summary>
    public bool IsDue(long nowNs) => nowNs >= _dueNs;

    /// <summary>How long the core's thread has been ready and waiting for a processor, since its start.</summary>
    public void Waited(long waitedNs, long nowNs)
    {
        // Of a time in which nobody was loud it says nothing.
        var isFirst = _waitedNs < 0 || nowNs - _dueNs > 10 * EveryNs;
        if (!isFirst && waitedNs - _waitedNs > WaitMaxNs) Share = Math.Max(Least, Share / 2);
        else if (!isFirst) Share = Math.Min(Whole, Share + Share / GrowPart);
        _waitedNs = waitedNs;
        _dueNs = nowNs + EveryNs;
    }

    /// <summary>How long they are not read after a turn of this length, so that they have their part and no more.</summary>
    public long PauseNs(long tookNs) => Math.Clamp(tookNs, 0, TurnMaxNs) * (Whole - Share) / Share;
}
