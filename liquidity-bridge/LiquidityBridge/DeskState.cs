using Venue.Messages;

namespace LiquidityBridge;

/// <summary>Everything that the risk desk looks at, at one moment. Never changes once made. Amounts are atoms (10^-18); prices and quantities are on their instrument's grid.</summary>
/// <param name="NowNs">The moment, nanoseconds since 1970 UTC.</param>
/// <param name="VenueUp">The order session with the venue is logged on.</param>
/// <param name="FeedUp">The venue's feed is read.</param>
/// <param name="FeedThrough">The feed's last sequence number.</param>
/// <param name="Assets">Net exposure by asset.</param>
/// <param name="Instruments">Quotes, books and profit by instrument.</param>
/// <param name="Exchanges">Health by exchange.</param>
/// <param name="Hedges">Open hedge orders, then the last that ended, newest first.</param>
/// <param name="Switches">Kill switches that are engaged.</param>
/// <param name="ProfitAtoms">Realised and unrealised, in the reporting asset; null when a price is missing.</param>
/// <param name="DrawdownAtoms">How far below its highest point the profit is.</param>
/// <param name="DrawdownMaxAtoms">The loss limit.</param>
/// <param name="Alerts">The last alerts, newest first.</param>
public sealed record DeskState(
    long NowNs, bool VenueUp, bool FeedUp, long FeedThrough,
    IReadOnlyList<DeskAsset> Assets, IReadOnlyList<DeskInstrument> Instruments, IReadOnlyList<DeskExchange> Exchanges,
    IReadOnlyList<DeskHedge> Hedges, IReadOnlyList<Switched> Switches,
    Int128? ProfitAtoms, Int128 DrawdownAtoms, Int128 DrawdownMaxAtoms, IReadOnlyList<Alert> Alerts);

/// <summary>One asset's net exposure.</summary>
/// <param name="Asset">Its code.</param>
/// <param name="NetAtoms">Positive when long.</param>
/// <param name="ValueAtoms">At mid price, in the reporting asset; null when there is no price.</param>
/// <param name="SoftAtoms">Soft limit.</param>
/// <param name="HardAtoms">Hard limit.</param>
public sealed record DeskAsset(string Asset, Int128 NetAtoms, Int128? ValueAtoms, Int128 SoftAtoms, Int128 HardAtoms);

/// <summary>One instrument.</summary>
/// <param name="Symbol">Symbol(55) at the venue.</param>
/// <param name="PriceDecimals">Of the grid.</param>
/// <param name="QuantityDecimals">Of the grid.</param>
/// <param name="Position">Net quantity.</param>
/// <param name="Band">Net quantity that is not hedged.</param>
/// <param name="PendingHedge">What open hedges could still trade; positive to buy.</param>
/// <param name="TwiceMid">Mid price outside, times two; 0 when there is none.</param>
/// <param name="WhyNotQuoted">Null when it is quoted.</param>
/// <param name="Bid">Our bid.</param>
/// <param name="Ask">Our ask.</param>
/// <param name="Books">The books outside.</param>
/// <param name="RealisedAtoms">Markup + slippage - fees.</param>
/// <param name="MarkupAtoms">Earned between quotes and their references.</param>
/// <param name="SlippageAtoms">Earned, or lost when negative, between references and hedges.</param>
/// <param name="FeesAtoms">Paid to the venue and the exchanges.</param>
/// <param name="VenueQuantity">Traded in the venue.</param>
/// <param name="HedgeQuantity">Traded outside.</param>
/// <param name="OtherFees">Fees of hedges that were paid in assets that are neither of a market's own.</param>
public sealed record DeskInstrument(
    string Symbol, int PriceDecimals, int QuantityDecimals, long Position, long Band, long PendingHedge, long TwiceMid, string? WhyNotQuoted,
    DeskQuote Bid, DeskQuote Ask, IReadOnlyList<DeskBook> Books,
    Int128 RealisedAtoms, Int128 MarkupAtoms, Int128 SlippageAtoms, Int128 FeesAtoms, long VenueQuantity, long HedgeQuantity, IReadOnlyList<DeskFee> OtherFees);

/// <summary>Fees in one asset at one exchange, in atoms of that asset.</summary>
/// <param name="Exchange">Name.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="PaidAtoms">All that was paid.</param>
/// <param name="UnpricedAtoms">Part of it that is no cost yet, since there was no rate.</param>
public sealed record DeskFee(string Exchange, string Asset, Int128 PaidAtoms, Int128 UnpricedAtoms);

/// <summary>One side of our quote.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Price">0 when there is none.</param>
/// <param name="Leaves">0 when there is none.</param>
public sealed record DeskQuote(QuoteState State, long Price, long Leaves);

/// <summary>One book outside.</summary>
/// <param name="Exchange">Name.</param>
/// <param name="State">Where it stands, staleness included.</param>
/// <param name="Why">Why it is not live; None when it is, or when nobody said.</param>
/// <param name="IsUsable">True when it is quoted from and hedged at.</param>
/// <param name="AgeNs">Since it was last known to hold.</param>
/// <param name="Bids">Best first.</param>
/// <param name="Asks">Best first.</param>
/// <param name="Counts">What went wrong with it so far.</param>
/// <param name="LastTrade">Price of the last trade there; 0 when none was told.</param>
public sealed record DeskBook(string Exchange, BookState State, OutsideReason Why, bool IsUsable, long AgeNs, IReadOnlyList<Level> Bids, IReadOnlyList<Level> Asks, IReadOnlyList<ReasonCount> Counts, long LastTrade);

/// <summary>One exchange.</summary>
/// <param name="Name">Name.</param>
/// <param name="State">Where it stands as a whole.</param>
/// <param name="TradingUp">Orders can be sent and reports are heard.</param>
/// <param name="IsKilled">Its kill switch is engaged.</param>
/// <param name="UnknownHedges">Orders of unknown outcome there.</param>
/// <param name="Counts">What went wrong there so far, but for what is about one book.</param>
/// <param name="Balances">What the house owns there, in atoms; empty when the exchange does not say.</param>
public sealed record DeskExchange(string Name, ExchangeState State, bool TradingUp, bool IsKilled, int UnknownHedges, IReadOnlyList<ReasonCount> Counts, IReadOnlyList<(string Asset, Int128 Atoms)> Balances);

/// <summary>One hedge order.</summary>
/// <param name="ClientId">parent-seq-attempt.</param>
/// <param name="Symbol">Of the instrument.</param>
/// <param name="Exchange">Name.</param>
/// <param name="Side">What we do there.</param>
/// <param name="Quantity">Sent.</param>
/// <param name="Limit">Worst price.</param>
/// <param name="Cum">Booked fills.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="IntentNs">When it was written down.</param>
/// <param name="ChangedNs">When it last changed.</param>
public sealed record DeskHedge(string ClientId, string Symbol, string Exchange, Side Side, long Quantity, long Limit, long Cum, HedgeState State, int Attempt, long IntentNs, long ChangedNs);
