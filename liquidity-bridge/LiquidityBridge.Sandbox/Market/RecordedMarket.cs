namespace LiquidityBridge.Sandbox.Market;

/// <summary>One exchange's part of a recording, played again: the same books and trades, as long as no client trades.</summary>
/// <param name="moments">In their order.</param>
/// <param name="house">Who does it.</param>
/// <param name="speed">So many times as fast as it was.</param>
internal sealed class RecordedMarket(IReadOnlyList<MarketMoment> moments, House house, int speed) : IMarket
{
    private int _next;

    public long DueNs => _next < moments.Count ? moments[_next].AtNs / speed : long.MaxValue;

    public void Step()
    {
        if (_next == moments.Count) return;
        foreach (var act in moments[_next++].Acts)
        {
            if (act.IsTake) house.Take(act.Instrument, act.Side, act.Ticks, act.Lots);
            else house.Quote(act.Instrument, act.Side, act.Ticks, act.Lots);
        }
    }
}
