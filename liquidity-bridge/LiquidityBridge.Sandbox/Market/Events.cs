using Venue.Messages;

namespace LiquidityBridge.Sandbox.Market;

/// <summary>Why the exchange said no; each protocol has its own words for it.</summary>
internal enum Refusal
{
    None,
    /// <summary>The instrument takes only cancels.</summary>
    Halted,
    /// <summary>Not positive, not on a tick, or above the highest price.</summary>
    InvalidPrice,
    /// <summary>Not positive or not a whole number of lots.</summary>
    InvalidQuantity,
    /// <summary>Below the instrument's minimum.</summary>
    QuantityTooSmall,
    /// <summary>Above the instrument's maximum.</summary>
    QuantityTooLarge,
    /// <summary>The account's available balance does not cover it.</summary>
    InsufficientFunds,
    /// <summary>A post-only order would have traded.</summary>
    PostOnly,
    /// <summary>A market order with nothing to trade with.</summary>
    NoLiquidity,
    /// <summary>The exchange holds as many orders as it was sized for.</summary>
    Full,
    /// <summary>No such order.</summary>
    UnknownOrder,
    /// <summary>The order is done.</summary>
    TooLate,
}

/// <summary>Why an order left without being filled.</summary>
internal enum CancelReason
{
    /// <summary>The client asked.</summary>
    Requested,
    /// <summary>What an IOC, FOK or market order could not trade at once.</summary>
    NotFilledAtOnce,
    /// <summary>An amend to no more than what had traded.</summary>
    AmendedAway,
}

/// <summary>Something traded.</summary>
/// <param name="ID">Number within the instrument, from 1.</param>
/// <param name="Instrument">What.</param>
/// <param name="Ticks">At which price.</param>
/// <param name="Lots">How much.</param>
/// <param name="TakerSide">Side of the order that came in.</param>
/// <param name="TakerType">Its type.</param>
internal readonly record struct Trade(long ID, Instrument Instrument, long Ticks, long Lots, Side TakerSide, OrdType TakerType);

/// <summary>One order's part in a trade.</summary>
/// <param name="ExecID">Unique on the exchange.</param>
/// <param name="Trade">The trade.</param>
/// <param name="Liquidity">Whether the order rested.</param>
/// <param name="Cost">In atoms of the quote asset.</param>
/// <param name="Fee">In atoms of <paramref name="FeeAsset"/>.</param>
/// <param name="FeeAsset">What the fee was paid in.</param>
/// <param name="CumLots">What the order had traded after it.</param>
/// <param name="AverageTicks">The order's average price after it.</param>
internal readonly record struct Fill(long ExecID, Trade Trade, Liquidity Liquidity, Int128 Cost, Int128 Fee, string FeeAsset, long CumLots, long AverageTicks);

/// <summary>What the exchange tells its protocol, at once and in order. Orders of the house are not told.</summary>
internal interface IExchangeEvents
{
    /// <summary>An order passed all checks; its fills come next.</summary>
    void OnAccepted(Order order);

    /// <summary>An order traded. Balances have moved already.</summary>
    void OnFill(Order order, in Fill fill);

    /// <summary>An order left the book, or never got there.</summary>
    void OnCanceled(Order order, CancelReason reason);

    /// <summary>Price or quantity changed.</summary>
    void OnAmended(Order order);

    /// <summary>For the public tape.</summary>
    void OnTrade(in Trade trade);

    /// <summary>An account's total moved by <paramref name="change"/> atoms.</summary>
    void OnBalance(Account account, string asset, Int128 change, in Trade trade);

    /// <summary>An instrument was halted or resumed.</summary>
    void OnHalt(Instrument instrument, bool halted);

    /// <summary>The book is not what it was; told once after everything that one request changed.</summary>
    void OnBook(Instrument instrument);
}
