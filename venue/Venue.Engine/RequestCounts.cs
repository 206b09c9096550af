using System.Runtime.CompilerServices;

namespace Venue.Engine;

/// <summary>What a provider did with the requests for quotes that it was asked, since it was made one.</summary>
public struct RequestCounts
{
    /// <summary>Requests that it was given.</summary>
    public long Asked;
    /// <summary>Of them: those that it answered in time.</summary>
    public long Answered;
    /// <summary>Of them: those that were over before it had answered.</summary>
    public long Missed;
    /// <summary>Of them: those that it declined, whether it had answered before or not.</summary>
    public long Declined;
    /// <summary>Answers that were traded.</summary>
    public long Taken;
    /// <summary>Answers that were hit when it could not trade any more.</summary>
    public long Gone;
    /// <summary>Hits that it was given to look at, and what it did with them.</summary>
    public LookCounts Looks;
}

/// <summary>Last looks of one provider: what came of them, and how long they took.</summary>
public struct LookCounts
{
    /// <summary>Hits that it was given to look at.</summary>
    public long Held;
    /// <summary>Of them: accepted, so traded.</summary>
    public long Accepted;
    /// <summary>Of them: refused because its price had moved.</summary>
    public long RefusedPrice;
    /// <summary>Of them: refused because it may not or cannot make the trade.</summary>
    public long RefusedValidity;
    /// <summary>Of them: not answered in the hold time, which refuses them too.</summary>
    public long TimedOut;
    /// <summary>Of them: ended by something else (a lost session, a kill switch, a phase, a liquidation).</summary>
    public long Ended;
    /// <summary>All hold times of hits that it accepted, refused or let time out, by the times of the commands, in nanoseconds.</summary>
    public long HoldNs;
    /// <summary>The longest of them.</summary>
    public long HoldMaxNs;
    /// <summary>How many of them were how long.</summary>
    public HoldTimes Times;

    /// <summary>Hits that it accepted, refused or let time out.</summary>
    public readonly long Decided => Accepted + RefusedPrice + RefusedValidity + TimedOut;

    /// <summary>Hold time in the mean, in nanoseconds, rounded up; 0 before the first.</summary>
    public readonly long HoldMeanNs => Decided == 0 ? 0 : (HoldNs + Decided - 1) / Decided;

    /// <summary>Of what was decided: how many were accepted, in percent, rounded down.</summary>
    public readonly int AcceptedPercent => Decided == 0 ? 0 : (int)(Accepted * 100 / Decided);

    /// <summary>Counts how long a hit was held that is decided now.</summary>
    internal void Add(long holdNs)
    {
        HoldNs += holdNs;
        HoldMaxNs = Math.Max(HoldMaxNs, holdNs);
        Times.Add(holdNs);
    }
}

/// <summary>Hold times by their length: the first counts those of at most one millisecond, the last all above 200.</summary>
[InlineArray(Count)]
public struct HoldTimes
{
    private const int Count = 9;

    private long _first;

    /// <summary>Longest time of each class but the last, in milliseconds.</summary>
    public static ReadOnlySpan<byte> Milliseconds => [1, 2, 5, 10, 20, 50, 100, 200];

    /// <summary>A time that so many of a thousand were not longer than, in milliseconds: the end of the class in which that one lies; 0 before the first, -1 above all.</summary>
    /// <param name="perMille">500 for the median, 990 for what one in a hundred passes.</param>
    public readonly int At(int perMille)
    {
        long all = 0, below = 0;
        foreach (var count in this) all += count;
        if (all == 0) return 0;
        for (var i = 0; i < Milliseconds.Length; i++)
        {
            below += this[i];
            if (below * 1000 >= all * perMille) return Milliseconds[i];
        }
        return -1;
    }

    internal void Add(long ns)
    {
        var i = 0;
        while (i < Milliseconds.Length && ns > Milliseconds[i] * 1_000_000L) i++;
        this[i]++;
    }
}
