using Venue.Messages;

namespace LiquidityBridge.Sandbox.Market;

/// <summary>The exchange's other members, all in one account: at most one quote at each price, and market orders now and then.</summary>
internal sealed class House
{
    private readonly Exchange _exchange;
    private readonly Account _account = new("house") { IsHouse = true };
    private readonly SortedDictionary<long, Order>[] _bids, _asks;
    private readonly MarketRecording? _recording;

    /// <summary>A house without quotes; what it does is written into a recording, if there is one.</summary>
    public House(Exchange exchange, MarketRecording? recording = null)
    {
        _recording = recording;
        _exchange = exchange;
        _bids = [.. exchange.Instruments.Select(_ => new SortedDictionary<long, Order>())];
        _asks = [.. exchange.Instruments.Select(_ => new SortedDictionary<long, Order>())];
    }

    /// <summary>Prices of the house's quotes on one side, best first.</summary>
    public IEnumerable<long> Quotes(Instrument instrument, Side side)
    {
        Prune(instrument, side);
        return side == Side.Buy ? Levels(instrument, side).Keys.Reverse() : Levels(instrument, side).Keys;
    }

    /// <summary>
    /// The house's quantity at a price is now this; 0 takes the quote away. Quotes of the house on the other side that it
    /// would trade with go first; orders of clients that it crosses are filled.
    /// </summary>
    public Refusal Quote(Instrument instrument, Side side, long ticks, long lots)
    {
        _recording?.Write(_exchange, new MarketAct(instrument, side, false, ticks, lots));
        return Set(instrument, side, ticks, lots);
    }

    private Refusal Set(Instrument instrument, Side side, long ticks, long lots)
    {
        var levels = Levels(instrument, side);
        Prune(instrument, side);
        if (levels.Remove(ticks, out var old)) _exchange.Cancel(old);
        if (lots == 0) return Refusal.None;
        var other = side == Side.Buy ? Side.Sell : Side.Buy;
        foreach (var crossed in Quotes(instrument, other).TakeWhile(t => side == Side.Buy ? t <= ticks : t >= ticks).ToArray()) Set(instrument, other, crossed, 0);
        var (refusal, order) = _exchange.Enter(new OrderRequest
        {
            Account = _account, Instrument = instrument, Side = side, Type = OrdType.Limit, TimeInForce = TimeInForce.GoodTillCancel, LimitTicks = ticks, Lots = lots,
        });
        if (order is { IsOpen: true }) levels[ticks] = order;
        return refusal;
    }

    /// <summary>Takes at once what it can get of <paramref name="lots"/>, at <paramref name="limitTicks"/> or better; 0 for any price.</summary>
    public Refusal Take(Instrument instrument, Side side, long limitTicks, long lots)
    {
        _recording?.Write(_exchange, new MarketAct(instrument, side, true, limitTicks, lots));
        return _exchange.Enter(new OrderRequest
        {
            Account = _account,
            Instrument = instrument,
            Side = side,
            Type = limitTicks == 0 ? OrdType.Market : OrdType.Limit,
            TimeInForce = TimeInForce.ImmediateOrCancel,
            LimitTicks = limitTicks,
            Lots = lots,
        }).Refusal;
    }

    /// <summary>Takes all quotes of an instrument away.</summary>
    public void Clear(Instrument instrument)
    {
        for (var side = Side.Buy; side <= Side.Sell; side++)
            foreach (var ticks in Quotes(instrument, side).ToArray()) Quote(instrument, side, ticks, 0);
    }

    private SortedDictionary<long, Order> Levels(Instrument instrument, Side side) => (side == Side.Buy ? _bids : _asks)[instrument.Index];

    // A quote that was traded away stays in the table until somebody looks.
    private void Prune(Instrument instrument, Side side)
    {
        var levels = Levels(instrument, side);
        foreach (var gone in levels.Where(l => !l.Value.IsOpen).Select(l => l.Key).ToArray()) levels.Remove(gone);
    }
}
