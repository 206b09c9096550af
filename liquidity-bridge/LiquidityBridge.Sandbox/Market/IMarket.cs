namespace LiquidityBridge.Sandbox.Market;

/// <summary>What moves the house's quotes of one exchange, step by step.</summary>
internal interface IMarket
{
    /// <summary>When the next step is due, nanoseconds since the market's beginning; <see cref="long.MaxValue"/> when there is none any more.</summary>
    long DueNs { get; }

    /// <summary>The next step; nothing when there is none.</summary>
    void Step();
}
