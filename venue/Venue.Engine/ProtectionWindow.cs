using Venue.Messages;

namespace Venue.Engine;

/// <summary>What a provider's quotes traded since a window began. A window begins with a fill and ends after its time.</summary>
internal struct ProtectionWindow
{
    public long BeganNs;
    public int Fills;
    public long Lots;
    public Int128 Notional;

    /// <summary>Counts a fill; true when that made the window full.</summary>
    public bool Add(in DefineQuoting terms, long nowNs, long lots, Int128 notional)
    {
        if (terms.WindowNs == 0) return false;
        if (Fills == 0 || nowNs - BeganNs >= terms.WindowNs) this = new ProtectionWindow { BeganNs = nowNs };
        if (Fills < int.MaxValue) Fills++;
        // Only what has a limit is summed up: it never passes that by more than one fill.
        if (terms.LotsMax > 0) Lots += lots;
        if (terms.NotionalMax.Atoms > 0) Notional += notional;
        return (terms.FillsMax > 0 && Fills >= terms.FillsMax)
            || (terms.LotsMax > 0 && Lots >= terms.LotsMax)
            || (terms.NotionalMax.Atoms > 0 && Notional >= terms.NotionalMax.Atoms);
    }

    public readonly void HashInto(ref StateHasher hasher)
    {
        hasher.Add(BeganNs);
        hasher.Add(Fills, 0);
        hasher.Add(Lots);
        hasher.Add((long)Notional);
        hasher.Add((long)(Notional >> 64));
    }
}
