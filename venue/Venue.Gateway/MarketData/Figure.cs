using Venue.Messages;

namespace Venue.Gateway;

/// <summary>One value of an instrument beside its book: a statistic, or what an auction would do.</summary>
/// <param name="Ticks">MDEntryPx(270); 0 for none.</param>
/// <param name="Lots">MDEntrySize(271); 0 for none.</param>
/// <param name="Condition">TradeCondition(277); 0 for none.</param>
internal readonly record struct Figure(long Ticks, Int128 Lots, byte Condition = 0)
{
    /// <summary>True when there is something to tell.</summary>
    public bool Is => Ticks != 0 || Lots != 0;

    /// <summary>The value of a type as it stands.</summary>
    public static Figure Of(EntryTypes type, DepthBook book) => type switch
    {
        EntryTypes.Auction => new Figure(book.Indicative.PriceTicks, book.Indicative.Lots),
        EntryTypes.Imbalance => Left(book.Indicative),
        _ when !book.Summary.HasTraded => default,
        EntryTypes.Opening => new Figure(book.Summary.Open, 0),
        EntryTypes.Closing => new Figure(book.Summary.Close, 0),
        EntryTypes.High => new Figure(book.Summary.High, 0),
        EntryTypes.Low => new Figure(book.Summary.Low, 0),
        _ => new Figure(0, book.Summary.Lots),
    };

    // FIX 4.4, TradeCondition: P imbalance, more buyers; Q imbalance, more sellers.
    private static Figure Left(in Indicative e) =>
        e.BuySurplusLots > 0 ? new Figure(0, e.BuySurplusLots, (byte)'P') : e.SellSurplusLots > 0 ? new Figure(0, e.SellSurplusLots, (byte)'Q') : default;
}
