namespace LiquidityBridge.Exchanges;

/// <summary>
/// One outside exchange. What it says comes as inputs of the core to the sink that it was made with, from threads of its
/// own: <see cref="BookImage"/>, <see cref="ExchangeHeard"/>, <see cref="ExchangeTrading"/>, <see cref="HedgeReport"/>.
/// </summary>
public interface IExchange : IDisposable
{
    /// <summary>Begins to connect, and connects again for ever.</summary>
    void Start();

    /// <summary>Sends the order. One that could certainly not be sent is reported as Rejected.</summary>
    void Send(HedgeIntent intent);

    /// <summary>Asks for the order's cancellation.</summary>
    void Cancel(HedgeIntent intent);

    /// <summary>Finds out what became of the order; answered by its missing fills and then by Open or Gone, or not at all.</summary>
    void Query(HedgeIntent intent);
}

/// <summary>Where inputs go: never blocks for long, takes calls from any thread, keeps each caller's order.</summary>
public delegate void Inbox(Input input);

/// <summary>For whoever hands inputs to the core, not for the core: once all inputs posted before this one are on the disk, <see cref="Keep"/> is to be called, by any thread.</summary>
public sealed record InboundMark : Input
{
    /// <summary>Lets the peer forget what it told us up to here.</summary>
    public required Action Keep { get; init; }
}
