using Venue.Messages;

namespace LiquidityBridge;

/// <summary>One side of a quote as it should be.</summary>
/// <param name="Price">On the grid, a multiple of the venue's tick.</param>
/// <param name="Quantity">On the grid, a multiple of the venue's lot.</param>
/// <param name="Reference">Raw price at which it would be hedged, on the grid.</param>
public readonly record struct Desired(long Price, long Quantity, long Reference);

/// <summary>Makes quotes from the books outside: what the hedge costs with its fee, the markup, and a skew against the exposure.</summary>
public static class Quoter
{
    private const int Million = 1_000_000;

    /// <summary>The quote for one side; null when what could be hedged is below the venue's smallest order.</summary>
    /// <param name="instrument">What is quoted.</param>
    /// <param name="levels">What a hedge of this side would hit, best after fees first.</param>
    /// <param name="side">Buy for the bid.</param>
    /// <param name="twiceMid">Mid price outside, times two.</param>
    /// <param name="exposurePpm">Exposure in millionths of its soft limit, -1,000,000 to 1,000,000; positive when long.</param>
    public static Desired? Make(Instrument instrument, IReadOnlyList<OutsideLevel> levels, Side side, long twiceMid, int exposurePpm) =>
        Make(instrument, instrument.Quoting, levels, side, twiceMid, exposurePpm);

    /// <inheritdoc cref="Make(Instrument, IReadOnlyList{OutsideLevel}, Side, long, int)"/>
    public static Desired? Make(Instrument instrument, QuoteTerms terms, IReadOnlyList<OutsideLevel> levels, Side side, long twiceMid, int exposurePpm)
    {
        if (levels.Count == 0) return null;
        // A bid is hedged by selling: deeper levels are lower.
        var isBid = side == Side.Buy;
        var best = levels[0].NetPrice;
        var worst = isBid ? best - best * instrument.Hedging.SlippagePpm / Million : best + best * instrument.Hedging.SlippagePpm / Million;
        Int128 depth = 0;
        foreach (var level in levels)
        {
            if (isBid ? level.NetPrice < worst : level.NetPrice > worst) break;
            depth += level.Quantity;
        }
        var quantity = (long)Int128.Min(terms.Size, depth * terms.DepthPercent / 100);
        quantity -= quantity % instrument.VenueLot;
        if (quantity < instrument.VenueMin) return null;

        var last = LastOf(levels, quantity);
        // All in millionths of millionths of the grid's unit, rounded once, away from the client.
        var markup = last.NetPrice * terms.MarkupPpm;
        var shift = (Int128)twiceMid * terms.SkewPpm * exposurePpm / 2;
        var exact = last.NetPrice * Million + (isBid ? -markup : markup) - shift;
        var unit = (Int128)instrument.VenueTick * Million * Million;
        var ticks = isBid ? exact / unit : (exact + unit - 1) / unit;
        return ticks <= 0 ? null : new Desired((long)ticks * instrument.VenueTick, quantity, last.Price);
    }

    private static OutsideLevel LastOf(IReadOnlyList<OutsideLevel> levels, long quantity)
    {
        foreach (var level in levels)
        {
            quantity -= level.Quantity;
            if (quantity <= 0) return level;
        }
        throw new InvalidOperationException("A quote is larger than the depth that it was made from.");
    }
}
