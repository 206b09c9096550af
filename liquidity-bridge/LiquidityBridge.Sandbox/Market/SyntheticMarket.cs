using Venue.Messages;

namespace LiquidityBridge.Sandbox.Market;

/// <summary>
/// Makers that keep quotes on both sides around a moving price, and takers that trade now and then. The same seed and
/// the same number of steps give the same books and trades, as long as no client trades.
/// </summary>
internal sealed class SyntheticMarket(ulong seed, Exchange exchange, House house) : IMarket
{
    /// <summary>Levels kept on each side.</summary>
    public const int Levels = 30;

    private const int HalfSpreadPpm = 25, GapPpm = 12, TradeOneIn = 8, RequotesPerStep = 3;

    private const long StepNs = 100_000_000;
    private const int FirstSteps = 50;   // at once, so that there are books to begin with

    private readonly PriceProcess[] _prices = [.. exchange.Instruments.Select(i => new PriceProcess(seed, exchange.Name, i))];
    private readonly Noise[] _noise = [.. exchange.Instruments.Select(i => new Noise(seed, $"makers {exchange.Name} {i.Symbol}"))];

    private long _steps;

    public long DueNs => _steps < FirstSteps ? 0 : (_steps - FirstSteps + 1) * StepNs;

    /// <summary>One step of every instrument that is not halted.</summary>
    public void Step()
    {
        _steps++;
        foreach (var instrument in exchange.Instruments)
        {
            _prices[instrument.Index].Step();
            if (!exchange.IsHalted(instrument)) Quote(instrument, _prices[instrument.Index].Ticks, _noise[instrument.Index]);
        }
    }

    private void Quote(Instrument instrument, long middle, Noise noise)
    {
        var bid = middle - Math.Max(1, middle * HalfSpreadPpm / 1_000_000);
        var ask = middle + Math.Max(1, middle * HalfSpreadPpm / 1_000_000);
        // First all that is too good, so that the two sides never meet.
        Withdraw(instrument, Side.Buy, bid);
        Withdraw(instrument, Side.Sell, ask);
        Fill(instrument, Side.Buy, bid, noise);
        Fill(instrument, Side.Sell, ask, noise);
        if (noise.Between(1, TradeOneIn) == 1)
            house.Take(instrument, noise.Between(0, 1) == 0 ? Side.Buy : Side.Sell, 0, Lots(instrument, noise, 10));
    }

    private void Withdraw(Instrument instrument, Side side, long best)
    {
        foreach (var ticks in house.Quotes(instrument, side).TakeWhile(t => side == Side.Buy ? t > best : t < best).ToArray()) house.Quote(instrument, side, ticks, 0);
    }

    private void Fill(Instrument instrument, Side side, long best, Noise noise)
    {
        var away = side == Side.Buy ? -1 : 1;
        var gap = Math.Max(1, best * GapPpm / 1_000_000);
        var quotes = house.Quotes(instrument, side).ToList();
        if (quotes.Count == 0 || Math.Abs(quotes[0] - best) >= gap)
        {
            house.Quote(instrument, side, best, Lots(instrument, noise, 30));
            quotes.Insert(0, best);
        }
        while (quotes.Count < Levels)
        {
            var ticks = quotes[^1] + away * noise.Between(1, 2 * gap);
            house.Quote(instrument, side, ticks, Lots(instrument, noise, 100));
            quotes.Add(ticks);
        }
        for (; quotes.Count > Levels; quotes.RemoveAt(quotes.Count - 1)) house.Quote(instrument, side, quotes[^1], 0);
        for (var n = 0; n < RequotesPerStep; n++) house.Quote(instrument, side, quotes[(int)noise.Between(0, quotes.Count - 1)], Lots(instrument, noise, 60));
    }

    // Up to so many times a size that costs some 100 units of the quote asset.
    private static long Lots(Instrument instrument, Noise noise, int times)
    {
        var worth100 = (Int128)100 * Decimals.Power(instrument.PriceDecimals) * Decimals.Power(instrument.QtyDecimals) / instrument.StartTicks;
        var unit = Math.Max(instrument.MinLots, (long)worth100);
        return unit + noise.Between(0, unit * times);
    }
}
