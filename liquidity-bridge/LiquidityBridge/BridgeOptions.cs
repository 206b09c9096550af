namespace LiquidityBridge;

/// <summary>Everything that the decision core is told once. Complete and checked by whoever makes it.</summary>
public sealed record BridgeOptions
{
    /// <summary>The house's firm at the venue, by name.</summary>
    public required string Firm { get; init; }

    /// <summary>Names of the outside exchanges, by number.</summary>
    public required IReadOnlyList<string> Exchanges { get; init; }

    /// <summary>Instruments by Id. All are quoted in <see cref="ReportingAsset"/>.</summary>
    public required IReadOnlyList<Instrument> Instruments { get; init; }

    /// <summary>Bounds of the net exposure, one for each base asset.</summary>
    public required IReadOnlyList<AssetLimit> Limits { get; init; }

    /// <summary>What profit, loss and values are counted in: the quote asset of every instrument.</summary>
    public string ReportingAsset { get; init; } = "USD";

    /// <summary>Greatest fall of the profit from its highest point, in atoms of the reporting asset; then quoting stops until a person resumes it.</summary>
    public required Int128 DrawdownMaxAtoms { get; init; }

    /// <summary>How prices of markets that are paid in another asset are converted.</summary>
    public IReadOnlyList<RateTerms> Rates { get; init; } = [];

    /// <summary>How the index prices are made that the venue is told.</summary>
    public IndexTerms Index { get; init; } = new();

    /// <summary>New quotes and replacements per second, all instruments together. Cancels are not counted.</summary>
    public int QuotesPerSecond { get; init; } = 50;

    /// <summary>Hedge orders per second, all instruments together.</summary>
    public int HedgesPerSecond { get; init; } = 20;

    /// <summary>A book of which nothing was heard for so long is not used, nanoseconds.</summary>
    public long BookStaleNs { get; init; } = 5_000_000_000;

    /// <summary>The venue's feed may be so far behind what the order session said, nanoseconds.</summary>
    public long FeedLagNs { get; init; } = 2_000_000_000;

    /// <summary>A hedge that says nothing for so long is of unknown outcome, nanoseconds.</summary>
    public long HedgeTimeoutNs { get; init; } = 3_000_000_000;

    /// <summary>
    /// An exchange that does not know an order is believed only when the order is at least this old, nanoseconds: longer
    /// than any request can be under way (the deadline that the adapters put on orders, and a margin).
    /// </summary>
    public long GoneAfterNs { get; init; } = 10_000_000_000;

    /// <summary>Time between two questions about the same order, nanoseconds.</summary>
    public long QueryRetryNs { get; init; } = 2_000_000_000;

    /// <summary>
    /// Fills that an exchange counts in an order's status and does not tell are booked from its average price after so
    /// long, nanoseconds: then they were lost, with a session's numbers that began anew for instance.
    /// </summary>
    public long MissingFillsNs { get; init; } = 5_000_000_000;

    /// <summary>A person is called when an outcome stays unknown for so long, nanoseconds.</summary>
    public long UnknownAlertNs { get; init; } = 15_000_000_000;

    /// <summary>After a reject an exchange gets no hedge of that instrument for so long, nanoseconds.</summary>
    public long RejectCoolDownNs { get; init; } = 30_000_000_000;

    /// <summary>After so many refusals in a row an exchange gets no hedge of any instrument for <see cref="SuspendNs"/>.</summary>
    public int SuspendAfterRejects { get; init; } = 5;

    /// <summary>How long an exchange stays suspended, nanoseconds.</summary>
    public long SuspendNs { get; init; } = 60_000_000_000;

    /// <summary>A quote request that the venue does not answer for so long is of unknown outcome, nanoseconds.</summary>
    public long QuoteTimeoutNs { get; init; } = 5_000_000_000;
}

/// <summary>Bounds of one asset's net exposure, in base atoms, either way.</summary>
/// <param name="Asset">Its code.</param>
/// <param name="SoftAtoms">From here on only the side that makes it smaller is quoted.</param>
/// <param name="HardAtoms">From here on nothing is quoted.</param>
public sealed record AssetLimit(string Asset, Int128 SoftAtoms, Int128 HardAtoms);
