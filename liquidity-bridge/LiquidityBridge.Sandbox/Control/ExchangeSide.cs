using LiquidityBridge.Sandbox.Fix;
using LiquidityBridge.Sandbox.Kraken;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Control;

/// <summary>What the control port can do to an exchange's connections, whatever they speak.</summary>
internal interface IConnections
{
    /// <summary>Connections that are up.</summary>
    int Count { get; }

    /// <summary>Breaks them all.</summary>
    void Disconnect();

    /// <summary>Keeps them all open and lets nothing through any more.</summary>
    void HalfOpen();

    /// <summary>Credentials given out so far are not good any more.</summary>
    void ExpireTokens();

    /// <summary>Closes them all as if their readers were too slow.</summary>
    void CloseSlow() => Disconnect();

    /// <summary>Tells them all that they will be closed soon, where the protocol can; breaks them where it cannot.</summary>
    void Shutdown() => Disconnect();

    /// <summary>What goes out from now on comes in frames of at most so many bytes; 0 for one frame for each message.</summary>
    void Fragment(int frameBytesMax)
    {
    }

    /// <summary>Tells the instruments' state and steps again.</summary>
    void Announce()
    {
    }

    /// <summary>The number of an order as clients see it; 0 when it is not one.</summary>
    long OrderNumber(string orderID);
}

/// <summary>One exchange with everything that scripts and faults act on.</summary>
internal sealed class ExchangeSide(Exchange exchange, Faults faults, House house, IMarket market, MarketRecording? recording)
{
    public Exchange Exchange { get; } = exchange;

    public Faults Faults { get; } = faults;

    public House House { get; } = house;

    /// <summary>Those who trade here.</summary>
    public IReadOnlyList<Account> Accounts { get; init; } = [];

    /// <summary>What moves the house's quotes.</summary>
    public IMarket Market { get; } = market;

    /// <summary>Address and port, once it is open.</summary>
    public string EndPoint { get; set; } = "";

    /// <summary>Messages go out in pieces.</summary>
    public bool IsFragmenting { get; set; }

    /// <summary>Set once the protocol is there.</summary>
    public IConnections Connections { get; set; } = null!;

    /// <summary>The market's next step.</summary>
    public void Step(long nowNs)
    {
        Exchange.NowNs = nowNs;
        recording?.Begin(Exchange);
        Market.Step();
    }
}

/// <summary>Kraken's WebSockets.</summary>
internal sealed class KrakenConnections(KrakenExchange kraken) : WebSocketConnections<Connection>(kraken.Connections)
{
    public override void ExpireTokens() => kraken.ExpireTokens();

    public override void Announce() => kraken.Announce();

    public override long OrderNumber(string orderID) => OrderIDs.Number('O', orderID);
}

/// <summary>The FIX connections.</summary>
internal sealed class FixConnections(FixExchange fix) : IConnections
{
    public int Count => fix.Lines.Count;

    public void Disconnect()
    {
        foreach (var line in fix.Lines) line.Abort();
    }

    public void HalfOpen()
    {
        foreach (var line in fix.Lines) line.IsHalfOpen = true;
    }

    public void Fragment(int frameBytesMax)
    {
        foreach (var line in fix.Lines) line.PieceBytesMax = frameBytesMax;
    }

    // FIX sessions have no tokens: being logged on is the credential.
    public void ExpireTokens()
    {
    }

    public long OrderNumber(string orderID) => orderID.StartsWith('S') && long.TryParse(orderID.AsSpan(1), out var number) ? number : 0;
}
