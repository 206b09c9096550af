using System.Text.Json.Serialization;

namespace LiquidityBridge;

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
