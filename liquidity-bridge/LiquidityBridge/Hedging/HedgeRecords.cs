using Venue.Messages;

namespace LiquidityBridge;

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
