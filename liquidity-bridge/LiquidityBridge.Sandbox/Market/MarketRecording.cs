namespace LiquidityBridge.Sandbox.Market;

/// <summary>Writes what the houses of all exchanges do into a file (<see cref="MarketFile"/>).</summary>
/// <remarks>Owned by the loop's thread.</remarks>
internal sealed class MarketRecording : IDisposable
{
    private readonly StreamWriter _file;
    private readonly long _beganNs;
    private (string Exchange, long Ns) _moment = ("", 0);

    /// <summary>A new file; one of this name is replaced.</summary>
    public MarketRecording(string path, long nowNs)
    {
        _file = new StreamWriter(path);
        _beganNs = nowNs;
        _file.WriteLine("# A recorded market of the sandbox; README.md says what the lines are.");
    }

    /// <summary>A step of an exchange begins: what it does is one moment, whatever happens at the same time.</summary>
    public void Begin(Exchange exchange)
    {
        _moment = (exchange.Name, exchange.NowNs);
        _file.WriteLine(MarketFile.Line(exchange.Name, exchange.NowNs - _beganNs));
    }

    /// <summary>The house of an exchange has done this.</summary>
    public void Write(Exchange exchange, in MarketAct act)
    {
        if (_moment != (exchange.Name, exchange.NowNs)) Begin(exchange);
        _file.WriteLine(MarketFile.Line(act));
    }

    public void Dispose() => _file.Dispose();
}
