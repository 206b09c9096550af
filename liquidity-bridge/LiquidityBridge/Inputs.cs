using System.Text.Json.Serialization;
using Venue.Messages;

namespace LiquidityBridge;

/// <summary>Something that the core is told: who, what, and when it was heard.</summary>
public abstract record Input
{
    /// <summary>Nanoseconds since 1970 UTC; never goes back from one input to the next. Whoever hands inputs to the core stamps them last.</summary>
    public required long NowNs { get; set; }
}

/// <summary>Nothing happened but time.</summary>
public sealed record Tick : Input;

/// <summary>How often what went wrong at an exchange, as its adapter counts it; what came before is forgotten.</summary>
public sealed record ExchangeCounts : Input
{
    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }

    /// <summary>Since the adapter's start.</summary>
    public required IReadOnlyList<ReasonCount> Counts { get; init; }
}

/// <summary>The exchange's market data connection is alive: what it said last still holds.</summary>
public sealed record ExchangeHeard : Input
{
    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }
}

/// <summary>Whether orders can be sent to an exchange and their reports are heard.</summary>
public sealed record ExchangeTrading : Input
{
    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }

    /// <summary>True when both work.</summary>
    public required bool IsUp { get; init; }

    /// <summary>Why not.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>Something traded at an exchange, whoever traded it; the newest is all that is kept.</summary>
public sealed record OutsideTrade : Input
{
    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }

    /// <summary>Id of the instrument.</summary>
    public required int Instrument { get; init; }

    /// <summary>On the grid.</summary>
    public required long Price { get; init; }

    /// <summary>On the grid.</summary>
    public required long Quantity { get; init; }

    /// <summary>Side of the order that came in.</summary>
    public required Side TakerSide { get; init; }
}

/// <summary>What the house owns at an exchange and can trade with.</summary>
public sealed record ExchangeBalance : Input
{
    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }

    /// <summary>The asset's code.</summary>
    public required string Asset { get; init; }

    /// <summary>In atoms (10^-18) of the asset.</summary>
    public required Int128 Atoms { get; init; }
}

/// <summary>Whether the order session with the venue is logged on.</summary>
public sealed record VenueSessionChanged : Input
{
    /// <summary>True when logged on.</summary>
    public required bool IsUp { get; init; }
}

/// <summary>Whether the venue's feed is read.</summary>
public sealed record FeedChanged : Input
{
    /// <summary>True while the stream is open.</summary>
    public required bool IsUp { get; init; }
}

/// <summary>What the venue said about a quote, on the order session.</summary>
public sealed record QuoteReport : Input
{
    /// <summary>What happened.</summary>
    public required QuoteReportKind Kind { get; init; }

    /// <summary>Id of the instrument.</summary>
    public required int Instrument { get; init; }

    /// <summary>Buy for the bid.</summary>
    public required Side Side { get; init; }

    /// <summary>ClOrdID(11) of the report.</summary>
    public required string ClOrdID { get; init; }

    /// <summary>OrigClOrdID(41) of the report, or empty.</summary>
    public string OrigClOrdID { get; init; } = "";

    /// <summary>CumQty(14), on the grid.</summary>
    public long Cum { get; init; }

    /// <summary>LeavesQty(151), on the grid.</summary>
    public long Leaves { get; init; }

    /// <summary>For fills: the venue's sequence number of it, which the feed must reach.</summary>
    public long Seq { get; init; }

    /// <summary>Text(58).</summary>
    public string Text { get; init; } = "";
}

/// <summary>What a <see cref="QuoteReport"/> says.</summary>
public enum QuoteReportKind : byte
{
    /// <summary>The order rests.</summary>
    Accepted,
    /// <summary>The replacement holds.</summary>
    Replaced,
    /// <summary>A part, or all, traded.</summary>
    Traded,
    /// <summary>The order is gone.</summary>
    Canceled,
    /// <summary>The new order was refused.</summary>
    Rejected,
    /// <summary>The cancel or replace was refused.</summary>
    RequestRefused,
}

/// <summary>An input or decision that changes what must survive the process: written to the intents journal, and folded again at the start.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(VenueAssetDefined), "venue-asset")]
[JsonDerivedType(typeof(VenueInstrumentDefined), "venue-instrument")]
[JsonDerivedType(typeof(VenueFirmDefined), "venue-firm")]
[JsonDerivedType(typeof(VenueFill), "venue-fill")]
[JsonDerivedType(typeof(FeedPosition), "feed")]
[JsonDerivedType(typeof(Switched), "switch")]
[JsonDerivedType(typeof(HedgeIntent), "hedge")]
[JsonDerivedType(typeof(HedgeReport), "report")]
[JsonDerivedType(typeof(QuoteSent), "quote")]
[JsonDerivedType(typeof(QuoteClosed), "quote-closed")]
[JsonDerivedType(typeof(FeesPriced), "fees-priced")]
[JsonDerivedType(typeof(StateBegun), "state")]
[JsonDerivedType(typeof(CountersState), "state-counters")]
[JsonDerivedType(typeof(InstrumentState), "state-instrument")]
[JsonDerivedType(typeof(PiecesState), "state-pieces")]
[JsonDerivedType(typeof(HedgeOrderState), "state-order")]
[JsonDerivedType(typeof(BookedState), "state-booked")]
[JsonDerivedType(typeof(ExchangeFortune), "state-exchange")]
[JsonDerivedType(typeof(MarketCooling), "state-cooling")]
[JsonDerivedType(typeof(FeeState), "state-fees")]
public abstract record Record : Input;

/// <summary>An asset of the venue.</summary>
public sealed record VenueAssetDefined : Record
{
    /// <summary>The venue's number of it.</summary>
    public required int Asset { get; init; }
    /// <summary>Its code.</summary>
    public required string Code { get; init; }
    /// <summary>One unit is 10^Decimals of the venue's atoms.</summary>
    public required int Decimals { get; init; }
}

/// <summary>An instrument of the venue: what its ticks and lots are worth.</summary>
public sealed record VenueInstrumentDefined : Record
{
    /// <summary>The venue's number of it.</summary>
    public required int Number { get; init; }
    /// <summary>Symbol(55).</summary>
    public required string Symbol { get; init; }
    /// <summary>The venue's number of the asset that it is paid in.</summary>
    public required int QuoteAsset { get; init; }
    /// <summary>Tick size = TickMantissa / 10^TickDecimals.</summary>
    public required long TickMantissa { get; init; }
    /// <summary>See <see cref="TickMantissa"/>.</summary>
    public required int TickDecimals { get; init; }
    /// <summary>Lot size = LotMantissa / 10^LotDecimals.</summary>
    public required long LotMantissa { get; init; }
    /// <summary>See <see cref="LotMantissa"/>.</summary>
    public required int LotDecimals { get; init; }
}

/// <summary>A firm of the venue.</summary>
public sealed record VenueFirmDefined : Record
{
    /// <summary>The venue's number of it.</summary>
    public required int Firm { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
}

/// <summary>One side of a match at the venue, as its feed tells it: ticks, lots and atoms are the venue's.</summary>
public sealed record VenueFill : Record
{
    /// <summary>The command's sequence number.</summary>
    public required long Seq { get; init; }
    /// <summary>The event's place in the command.</summary>
    public required int Index { get; init; }
    /// <summary>The venue's number of the instrument.</summary>
    public required int Number { get; init; }
    /// <summary>The venue's number of the firm whose side this is.</summary>
    public required int Firm { get; init; }
    /// <summary>What that firm did.</summary>
    public required Side Side { get; init; }
    /// <summary>Price in the venue's ticks.</summary>
    public required long Ticks { get; init; }
    /// <summary>Quantity in the venue's lots.</summary>
    public required long Lots { get; init; }
    /// <summary>Paid to the venue, in the venue's atoms of the quote asset.</summary>
    public required Int128 FeeAtoms { get; init; }
    /// <summary>ClOrdID(11) of that side's order.</summary>
    public required string ClOrdID { get; init; }
}

/// <summary>The feed was read up to here; all its fills before are in this journal.</summary>
public sealed record FeedPosition : Record
{
    /// <summary>Every command up to and including this one.</summary>
    public required long ThroughSeq { get; init; }
}

/// <summary>A kill switch was engaged or lifted.</summary>
public sealed record Switched : Record
{
    /// <summary>What it covers.</summary>
    public required KillLevel Level { get; init; }
    /// <summary>Name of the exchange or symbol of the instrument; empty for the others.</summary>
    public string Target { get; init; } = "";
    /// <summary>True engages, false lifts.</summary>
    public required bool Engaged { get; init; }
    /// <summary>Who.</summary>
    public required string By { get; init; }
    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}

/// <summary>A hedge order that may be sent once this is on the disk.</summary>
public sealed record HedgeIntent : Record
{
    /// <summary>parent-seq-attempt: the instrument's place in the configuration from 1, the hedge's number, the attempt from 1.</summary>
    public required string ClientId { get; init; }
    /// <summary>Id of the instrument.</summary>
    public required int Instrument { get; init; }
    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }
    /// <summary>What we do there.</summary>
    public required Side Side { get; init; }
    /// <summary>On the grid, a multiple of the exchange's step.</summary>
    public required long Quantity { get; init; }
    /// <summary>Worst price, on the grid.</summary>
    public required long Limit { get; init; }
    /// <summary>Billionths of the instrument's quote asset for one of what is paid in there; its fills are booked at this rate.</summary>
    public long RatePpb { get; init; } = Rates.Par;
    /// <summary>The hedge's number.</summary>
    public required long Seq { get; init; }
    /// <summary>From 1.</summary>
    public required int Attempt { get; init; }
}

/// <summary>What an exchange, or our own timer, says about a hedge order.</summary>
public sealed record HedgeReport : Record
{
    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }
    /// <summary>The order, by our id.</summary>
    public required string ClientId { get; init; }
    /// <summary>What it says.</summary>
    public required HedgeReportKind Kind { get; init; }
    /// <summary>For fills: unique at the exchange.</summary>
    public string ExecId { get; init; } = "";
    /// <summary>For fills: quantity of this fill, on the grid.</summary>
    public long Quantity { get; init; }
    /// <summary>For fills: price of this fill, on the grid.</summary>
    public long Price { get; init; }
    /// <summary>For fills: paid to the exchange, in atoms (10^-18) of the quote asset; negative for a rebate.</summary>
    public Int128 FeeAtoms { get; init; }
    /// <summary>For fills: paid to the exchange out of the base asset, in atoms (10^-18) of it; negative for a rebate.</summary>
    public Int128 BaseFeeAtoms { get; init; }
    /// <summary>For fills: the asset of a fee that was paid in neither of the market's own (a token of the exchange, fee credits); empty for none.</summary>
    public string FeeAsset { get; init; } = "";
    /// <summary>For fills: paid in <see cref="FeeAsset"/>, in atoms (10^-18) of it; negative for a rebate.</summary>
    public Int128 AssetFeeAtoms { get; init; }
    /// <summary>Billionths of the instrument's quote asset for one of <see cref="FeeAsset"/>, as the core found it when it heard of the fill; 0 when there was no rate.</summary>
    public long FeeRatePpb { get; init; }
    /// <summary>For Canceled, Open and Gone: all that was filled, on the grid.</summary>
    public long Cum { get; init; }
    /// <summary>For Open and Gone: average price of what was filled, on the grid, rounded; 0 where the exchange does not say.</summary>
    public long AveragePrice { get; init; }
    /// <summary>Why.</summary>
    public string Text { get; init; } = "";
}

/// <summary>Fees of an instrument's hedges that had no rate when they were paid have one now.</summary>
public sealed record FeesPriced : Record
{
    /// <summary>Id of the instrument.</summary>
    public required int Instrument { get; init; }
    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }
    /// <summary>The asset that they were paid in.</summary>
    public required string Asset { get; init; }
    /// <summary>All that had no rate, in atoms (10^-18) of it.</summary>
    public required Int128 Atoms { get; init; }
    /// <summary>Billionths of the instrument's quote asset for one of it.</summary>
    public required long RatePpb { get; init; }
}

/// <summary>What a <see cref="HedgeReport"/> says.</summary>
public enum HedgeReportKind : byte
{
    /// <summary>Its bytes went to the socket.</summary>
    Sent,
    /// <summary>The exchange has it.</summary>
    Acknowledged,
    /// <summary>A part, or all, traded.</summary>
    Filled,
    /// <summary>It ended; Cum says with how much.</summary>
    Canceled,
    /// <summary>The exchange refused it, or it was certainly never sent.</summary>
    Rejected,
    /// <summary>Timeout or disconnect: nobody knows. Written by the core itself.</summary>
    Lost,
    /// <summary>Answer to a question: it is open, with Cum filled.</summary>
    Open,
    /// <summary>Answer to a question: it is not open (any more); Cum was filled, as far as the exchange says.</summary>
    Gone,
}

/// <summary>A quote order went to the venue under this id; it may rest there until it is closed.</summary>
public sealed record QuoteSent : Record
{
    /// <summary>Id of the instrument.</summary>
    public required int Instrument { get; init; }
    /// <summary>Buy for the bid.</summary>
    public required Side Side { get; init; }
    /// <summary>ClOrdID(11).</summary>
    public required string ClOrdID { get; init; }
}

/// <summary>None of the ids sent before on this side rests at the venue.</summary>
public sealed record QuoteClosed : Record
{
    /// <summary>Id of the instrument.</summary>
    public required int Instrument { get; init; }
    /// <summary>Buy for the bid.</summary>
    public required Side Side { get; init; }
}
