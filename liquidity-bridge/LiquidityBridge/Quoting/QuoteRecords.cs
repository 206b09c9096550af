using Venue.Messages;

namespace LiquidityBridge;

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
