namespace LiquidityBridge;

/// <summary>
/// What each instrument is worth outside: the median of the mid prices of its live books, those left out that are far from
/// the others. Told to the venue now and then, when it has changed.
/// </summary>
/// <remarks>
/// The median, because no single exchange can move it; the distance, because of two exchanges neither is the middle one.
/// That is how the indices of the large derivatives exchanges are made.
/// </remarks>
public sealed class IndexPrices(IndexTerms terms, int instruments)
{
    private const int Million = 1_000_000;
    private const int SourcesMax = 32;

    private readonly State[] _states = new State[instruments];

    private struct State
    {
        public long TriedNs, KnownNs, Ticks;
        public bool IsMissed;
    }

    /// <summary>The price to tell now, in the venue's ticks; 0 when there is none, it is not time, or it is as told.</summary>
    /// <param name="instrument">Of what.</param>
    /// <param name="books">Its books.</param>
    /// <param name="nowNs">The time, nanoseconds.</param>
    /// <param name="staleNs">A book of which nothing was heard for so long says nothing.</param>
    public long Next(Instrument instrument, OutsideBooks books, long nowNs, long staleNs)
    {
        ref var state = ref _states[instrument.Id];
        if (terms.EveryNs == 0 || nowNs - state.TriedNs < terms.EveryNs) return 0;
        state.TriedNs = nowNs;
        var twice = TwiceMedian(books, nowNs, staleNs);
        if (twice == 0) return 0;
        state.KnownNs = nowNs;
        state.IsMissed = false;
        var ticks = (twice + instrument.VenueTick) / (2 * instrument.VenueTick);
        if (ticks == 0 || ticks == state.Ticks) return 0;
        return state.Ticks = ticks;
    }

    /// <summary>True once when there has been a price and then none for <see cref="IndexTerms.MissedNs"/>.</summary>
    public bool IsMissed(Instrument instrument, long nowNs)
    {
        ref var state = ref _states[instrument.Id];
        if (state.IsMissed || state.KnownNs == 0 || nowNs - state.KnownNs < terms.MissedNs) return false;
        return state.IsMissed = true;
    }

    /// <summary>The median of the sources' mids, times two; 0 when too few agree.</summary>
    private long TwiceMedian(OutsideBooks books, long nowNs, long staleNs)
    {
        Span<long> mids = stackalloc long[SourcesMax];
        var count = 0;
        foreach (var source in books.Sources)
        {
            if (count == SourcesMax || !source.IsLive(nowNs, staleNs)) continue;
            var rate = source.RatePpb(nowNs);
            mids[count++] = OutsideBooks.Source.Converted(source.Image!.Bids[0].Price + source.Image.Asks[0].Price, rate, roundUp: false);
        }
        if (count < terms.SourcesMin) return 0;
        mids = mids[..count];
        mids.Sort();
        var middle = Middle(mids);
        var first = 0;
        while (first < count && IsFar(mids[first], middle)) first++;
        while (count > first && IsFar(mids[count - 1], middle)) count--;
        return count - first < terms.SourcesMin ? 0 : Middle(mids[first..count]);
    }

    private bool IsFar(long mid, long middle) => Int128.Abs((Int128)mid - middle) * Million > (Int128)middle * terms.DistanceMaxPpm;

    private static long Middle(ReadOnlySpan<long> sorted) =>
        (long)(((Int128)sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2);
}

/// <summary>How index prices are made.</summary>
/// <param name="EveryNs">Least time between two of one instrument, nanoseconds; 0: none are made.</param>
/// <param name="SourcesMin">So many live books must agree.</param>
/// <param name="DistanceMaxPpm">A mid price further from the median than so many millionths is left out.</param>
/// <param name="MissedNs">Without a price for so long people are told, nanoseconds.</param>
public sealed record IndexTerms(long EveryNs = 0, int SourcesMin = 2, int DistanceMaxPpm = 20_000, long MissedNs = 10_000_000_000);
