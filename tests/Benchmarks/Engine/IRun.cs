namespace Venue.Benchmarks.Engine;

/// <summary>Something that a flow is run through.</summary>
internal interface IRun : IDisposable
{
    long Trades { get; }
    ulong TradeHash { get; }

    /// <summary>Gets messages ready; not timed.</summary>
    void Prepare(int from, int to);

    /// <summary>Applies messages; timed.</summary>
    void Run(int from, int to);
}
