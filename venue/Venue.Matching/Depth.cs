using Venue.Messages;

namespace Venue.Matching;

/// <summary>Two books of one instrument seen as one: what is shown, and what is hidden behind it at each price.</summary>
/// <param name="Lit">The shown book.</param>
/// <param name="Dark">The hidden one; null when there is none.</param>
public readonly record struct Depth<TEvents>(Book<TEvents> Lit, Book<TEvents>? Dark) where TEvents : struct, IBookEvents
{
    /// <summary>Best price of a side and whether only hidden orders stand there.</summary>
    public bool TryBest(Side side, out Price price, out bool isDark)
    {
        var found = Lit.TryBest(side, out price);
        isDark = Dark is not null && Dark.TryBest(side, out var dark) && (!found || IsBetter(side, dark, price));
        if (isDark) Dark!.TryBest(side, out price);
        return found || isDark;
    }

    /// <summary>The next worse price of a side after <paramref name="price"/>.</summary>
    public bool TryNext(Side side, Price price, out Price next)
    {
        var found = Lit.TryNext(side, price, out next);
        if (Dark is null || !Dark.TryNext(side, price, out var dark)) return found;
        if (!found || IsBetter(side, dark, next)) next = dark;
        return true;
    }

    /// <summary>The next better price of a side before <paramref name="price"/>.</summary>
    public bool TryPrevious(Side side, Price price, out Price previous)
    {
        var found = Lit.TryPrevious(side, price, out previous);
        if (Dark is null || !Dark.TryPrevious(side, price, out var dark)) return found;
        if (!found || IsBetter(side, previous, dark)) previous = dark;
        return true;
    }

    /// <summary>All that rests at a price: shown, kept back by icebergs, hidden; in lots.</summary>
    public long TotalAt(Side side, Price price) => Lit.TotalAt(side, price).Lots + (Dark?.QuantityAt(side, price).Lots ?? 0);

    private static bool IsBetter(Side side, Price a, Price b) => side == Side.Buy ? a > b : a < b;
}
