namespace LiquidityBridge;

/// <summary>What one unit of an asset is worth in another: told once for good, or taken from the books of an instrument and good for a time.</summary>
/// <param name="From">The asset that is converted, such as USDT.</param>
/// <param name="To">Into which, such as USD.</param>
/// <param name="Ppb">Billionths; 0 when it comes from an instrument.</param>
/// <param name="Instrument">Id of the instrument From-To whose mid price it is; -1 for a fixed one.</param>
/// <param name="AgeMaxNs">One from an instrument is good for so long after its books were last proven, nanoseconds.</param>
public sealed record RateTerms(string From, string To, long Ppb, int Instrument, long AgeMaxNs);

/// <summary>The rates that prices of other quote assets are converted by. One that is missing or old makes what needs it unusable.</summary>
public sealed class Rates(IReadOnlyList<RateTerms> terms)
{
    /// <summary>One for one, in billionths.</summary>
    public const long Par = 1_000_000_000;

    private readonly (long Ppb, long AtNs)[] _told = new (long, long)[terms.Count];

    /// <summary>Takes the mid price of an instrument that a rate comes from, times two; 0 when its books say nothing.</summary>
    public void On(Instrument instrument, long twiceMid, long nowNs)
    {
        for (var i = 0; i < _told.Length; i++)
            if (terms[i].Instrument == instrument.Id && twiceMid > 0) _told[i] = ((long)(twiceMid * (Int128)Par / (2 * Instrument.Power(instrument.PriceDecimals))), nowNs);
    }

    /// <summary>Billionths of <paramref name="to"/> for one of <paramref name="from"/>; 0 when there is no rate that is good now.</summary>
    public long Ppb(string from, string to, long nowNs)
    {
        if (from == to) return Par;
        for (var i = 0; i < _told.Length; i++)
        {
            if (terms[i].From != from || terms[i].To != to) continue;
            if (terms[i].Instrument < 0) return terms[i].Ppb;
            return _told[i].Ppb > 0 && nowNs - _told[i].AtNs <= terms[i].AgeMaxNs ? _told[i].Ppb : 0;
        }
        return 0;
    }
}
