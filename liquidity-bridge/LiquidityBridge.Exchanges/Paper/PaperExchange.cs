namespace LiquidityBridge.Exchanges.Paper;

/// <summary>An exchange whose market data is real and whose trading is on paper: no order and no key ever leaves this process.</summary>
public sealed class PaperExchange : IExchange
{
    /// <summary>Stands behind the exchange's name wherever it is shown.</summary>
    public const string Mark = " PAPER";

    private readonly Lock _lock = new();
    private readonly int _number;
    private readonly Inbox _inbox;
    private readonly PaperOrders _orders;
    private readonly IExchange _real;

    /// <summary>Nothing is connected before <see cref="Start"/>.</summary>
    /// <param name="number">Number of the exchange.</param>
    /// <param name="instruments">All instruments of the bridge.</param>
    /// <param name="inbox">Where inputs go.</param>
    /// <param name="real">Makes the adapter, for public data only, with the inbox that it is given.</param>
    public PaperExchange(int number, IReadOnlyList<Instrument> instruments, Inbox inbox, Func<Inbox, IExchange> real)
    {
        (_number, _inbox) = (number, inbox);
        _orders = new PaperOrders(number, instruments, inbox);
        _real = real(Hear);
    }

    /// <inheritdoc/>
    public void Start()
    {
        _inbox(new ExchangeTrading { NowNs = Clock.NowNs(), Exchange = _number, IsUp = true, Reason = "PAPER" });
        _real.Start();
    }

    /// <inheritdoc/>
    public void Send(HedgeIntent intent)
    {
        lock (_lock) _orders.Place(intent, Clock.NowNs());
    }

    /// <summary>There is nothing to cancel: an order is over when <see cref="Send"/> returns.</summary>
    public void Cancel(HedgeIntent intent)
    {
    }

    /// <inheritdoc/>
    public void Query(HedgeIntent intent)
    {
        lock (_lock) _orders.Query(intent, Clock.NowNs());
    }

    public void Dispose() => _real.Dispose();

    private void Hear(Input input)
    {
        if (input is BookImage or ExchangeHeard)
        {
            // Before it is passed on: an image is its reader's from then on.
            lock (_lock) _orders.On(input);
        }
        _inbox(input);
    }
}
