using Venue.Messages;

namespace LiquidityBridge;

/// <summary>What a journal that was written anew begins with: where all records before it had led. So many records follow that belong to it.</summary>
/// <remarks>Besides those below, records of the journal are among them, each as it stood: the venue's definitions, engaged switches, quotes that may rest, the feed's position.</remarks>
public sealed record StateBegun : Record
{
    /// <summary>Records of the state behind this one.</summary>
    public required int Records { get; init; }
    /// <summary>Names by number: what the numbers in the state and behind it mean.</summary>
    public required IReadOnlyList<string> Exchanges { get; init; }
    /// <summary>Symbol, assets and grid by id.</summary>
    public required IReadOnlyList<string> Instruments { get; init; }
}

/// <summary>Counters of the core.</summary>
public sealed record CountersState : Record
{
    /// <summary>The last fill's command.</summary>
    public required long FillSeq { get; init; }
    /// <summary>Its event's place in the command.</summary>
    public required int FillIndex { get; init; }
    /// <summary>Its side.</summary>
    public required Side FillSide { get; init; }
    /// <summary>Number of the last hedge.</summary>
    public required long HedgeSeq { get; init; }
}

/// <summary>What was earned with an instrument, and the hedge that is to be tried again.</summary>
public sealed record InstrumentState : Record
{
    /// <summary>Id of the instrument.</summary>
    public required int Instrument { get; init; }
    /// <summary>As <see cref="Inventory.MarkupAtoms"/>.</summary>
    public required Int128 MarkupAtoms { get; init; }
    /// <summary>As <see cref="Inventory.SlippageAtoms"/>.</summary>
    public required Int128 SlippageAtoms { get; init; }
    /// <summary>As <see cref="Inventory.FeesAtoms"/>.</summary>
    public required Int128 FeesAtoms { get; init; }
    /// <summary>As <see cref="Inventory.OtherFeesAtoms"/>.</summary>
    public required Int128 OtherFeesAtoms { get; init; }
    /// <summary>As <see cref="Inventory.CashAtoms"/>.</summary>
    public required Int128 CashAtoms { get; init; }
    /// <summary>Paid in the base asset and less than one unit of the grid.</summary>
    public required Int128 BaseFeeAtoms { get; init; }
    /// <summary>As <see cref="Inventory.VenueQuantity"/>.</summary>
    public required long VenueQuantity { get; init; }
    /// <summary>As <see cref="Inventory.HedgeQuantity"/>.</summary>
    public required long HedgeQuantity { get; init; }
    /// <summary>Number of the hedge that fell short; 0 for none.</summary>
    public required long RetrySeq { get; init; }
    /// <summary>Its attempts so far.</summary>
    public required int RetryAttempts { get; init; }
    /// <summary>Its side.</summary>
    public required Side RetrySide { get; init; }
}

/// <summary>Open pieces of a position, oldest first, behind those of the records before.</summary>
public sealed record PiecesState : Record
{
    /// <summary>Id of the instrument.</summary>
    public required int Instrument { get; init; }
    /// <summary>Buy when the house is long.</summary>
    public required Side Side { get; init; }
    /// <summary>The pieces.</summary>
    public required IReadOnlyList<Piece> Pieces { get; init; }
}

/// <summary>A part of a position that nothing was set against yet.</summary>
/// <param name="Quantity">On the grid.</param>
/// <param name="Price">On the grid.</param>
/// <param name="Reference">What the hedge was expected to cost, on the grid.</param>
public readonly record struct Piece(long Quantity, long Price, long Reference);

/// <summary>A hedge order that is open, or was done lately; in the order of their ends and then of their intents.</summary>
public sealed record HedgeOrderState : Record
{
    /// <summary>As it was written down.</summary>
    public required HedgeIntent Intent { get; init; }
    /// <summary>Where it stands.</summary>
    public required HedgeState State { get; init; }
    /// <summary>Booked fills, on the grid.</summary>
    public required long Cum { get; init; }
    /// <summary>Sum of price times quantity of the booked fills.</summary>
    public required Int128 CumValue { get; init; }
    /// <summary>Part of the fills that was booked from the order's status.</summary>
    public required long FromStatus { get; init; }
    /// <summary>Fills that the status counts and nobody told; null for none.</summary>
    public required Missing? Missing { get; init; }
    /// <summary>When its state last changed, nanoseconds.</summary>
    public required long ChangedNs { get; init; }
    /// <summary>The exchange has said that it has it.</summary>
    public required bool WasAcknowledged { get; init; }
}

/// <summary>Fills that are booked, oldest first, behind those of the records before.</summary>
public sealed record BookedState : Record
{
    /// <summary>Number of the exchange, a blank, the exchange's identifier.</summary>
    public required IReadOnlyList<string> Fills { get; init; }
}

/// <summary>What became of an exchange's last orders.</summary>
public sealed record ExchangeFortune : Record
{
    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }
    /// <summary>The last outcomes, one bit each, the newest lowest: 1 for a refusal.</summary>
    public required uint Outcomes { get; init; }
    /// <summary>So many of them are there.</summary>
    public required int OutcomesSeen { get; init; }
    /// <summary>Refusals without an order taken in between.</summary>
    public required int RejectsInARow { get; init; }
    /// <summary>No hedge before this time, nanoseconds.</summary>
    public required long SuspendedUntilNs { get; init; }
    /// <summary>What the core itself has counted.</summary>
    public required IReadOnlyList<ReasonCount> Counts { get; init; }
}

/// <summary>A market that is left alone for a while.</summary>
public sealed record MarketCooling : Record
{
    /// <summary>Id of the instrument.</summary>
    public required int Instrument { get; init; }
    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }
    /// <summary>No hedge before this time, nanoseconds.</summary>
    public required long UntilNs { get; init; }
}

/// <summary>Fees that an instrument's hedges paid at an exchange in an asset that is neither of the market's own.</summary>
public sealed record FeeState : Record
{
    /// <summary>Id of the instrument.</summary>
    public required int Instrument { get; init; }
    /// <summary>Number of the exchange.</summary>
    public required int Exchange { get; init; }
    /// <summary>The asset.</summary>
    public required string Asset { get; init; }
    /// <summary>All that was paid, in atoms (10^-18) of it.</summary>
    public required Int128 PaidAtoms { get; init; }
    /// <summary>Part of it that had no rate yet.</summary>
    public required Int128 UnpricedAtoms { get; init; }
}
