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
