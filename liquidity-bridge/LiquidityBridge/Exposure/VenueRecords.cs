using Venue.Messages;

namespace LiquidityBridge;

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
