namespace LiquidityBridge.Sandbox.Market;

/// <summary>
/// One instrument's price in small integer steps: a walk that all exchanges of one seed share, and on top of it a
/// difference that each exchange has for itself.
/// </summary>
internal sealed class PriceProcess
{
    private const long MicrosPerTick = 1_000_000;

    private readonly Noise _shared, _own;
    private readonly Int128 _start;
    private Int128 _price;      // in millionths of a tick, so that small steps are not lost
    private long _ownPpm;

    /// <summary>Starts at the instrument's first price. The walk is named after the base asset: BTC/USD and BTC/USDC move together.</summary>
    public PriceProcess(ulong seed, string exchange, Instrument instrument)
    {
        _shared = new Noise(seed, instrument.Base);
        _own = new Noise(seed, exchange + instrument.Symbol);
        _start = _price = (Int128)instrument.StartTicks * MicrosPerTick;
    }

    /// <summary>What the instrument is worth here now, in ticks.</summary>
    public long Ticks => (long)((_price + _price * _ownPpm / 1_000_000) / MicrosPerTick);

    /// <summary>One step: about 20 millionths, pulled gently back to where it began.</summary>
    public void Step()
    {
        var ppm = _shared.Between(-15, 15) + _shared.Between(-15, 15) + _shared.Between(-15, 15);
        _price += _price * ppm / 1_000_000 + (_start - _price) / 4096;
        _ownPpm += _own.Between(-12, 12) - _ownPpm / 16;
    }
}
