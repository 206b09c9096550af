using Venue.Messages;

namespace LiquidityBridge;

/// <summary>Where, how much and at what worst price.</summary>
/// <param name="Market">The exchange's market.</param>
/// <param name="Quantity">On the grid, a multiple of the exchange's step.</param>
/// <param name="Limit">In the market's own quote asset, on the grid, a multiple of the exchange's tick.</param>
/// <param name="RatePpb">Billionths of the instrument's quote asset for one of what is paid in there.</param>
public readonly record struct Route(Market Market, long Quantity, long Limit, long RatePpb);

/// <summary>Chooses the exchange for a hedge: the whole quantity first, then the lowest price with its fee.</summary>
public static class Router
{
    private const int Million = 1_000_000;

    /// <summary>The best route; null when no usable exchange can take even its smallest order within the budget.</summary>
    /// <param name="instrument">What is hedged.</param>
    /// <param name="sources">The books that may be used.</param>
    /// <param name="side">What we do outside.</param>
    /// <param name="quantity">What is wanted, on the grid.</param>
    /// <param name="attempt">From 1; each widens the budget.</param>
    /// <param name="nowNs">The time, for the rates.</param>
    /// <param name="pendingAt">What open orders of ours are about to take there already.</param>
    /// <param name="affordable">Most that what we own there pays for at this worst price, on the grid.</param>
    public static Route? Choose(Instrument instrument, IEnumerable<OutsideBooks.Source> sources, Side side, long quantity, int attempt, long nowNs, Func<Market, long> pendingAt, Func<Market, long, long> affordable)
    {
        Route? best = null;
        Int128 bestCost = 0;
        foreach (var source in sources)
        {
            var market = source.Market;
            var levels = source.Against(side);
            var limit = LimitOf(instrument, market, side, levels[0].Price, attempt);
            var wanted = Math.Min(quantity, affordable(market, limit));
            wanted -= wanted % market.Lot;
            if (wanted < market.Min) continue;
            var pending = pendingAt(market);
            // A price for a full amount is for one taker: while an order of ours is there, there is none for another.
            if (market.IsFullAmount && pending > 0) continue;
            var (available, cost) = market.IsFullAmount ? Pick(levels, side, limit, wanted) : Sweep(levels, side, limit, wanted, pending);
            var take = Math.Min(wanted, available - available % market.Lot);
            if (take < market.Min) continue;
            if (take < available) (_, cost) = market.IsFullAmount ? Pick(levels, side, limit, take) : Sweep(levels, side, limit, take, pending);
            var rate = source.RatePpb(nowNs);
            cost *= Million + (side == Side.Buy ? market.TakerFeePpm : -market.TakerFeePpm);
            if (rate != Rates.Par) cost = cost / Rates.Par * rate + cost % Rates.Par * rate / Rates.Par;
            if (best is { } b && !IsBetter(take, cost, b.Quantity, bestCost, side)) continue;
            best = new Route(market, take, limit, rate);
            bestCost = cost;
        }
        return best;
    }

    /// <summary>The worst price within the budget, rounded to the exchange's tick inside of it.</summary>
    public static long LimitOf(Instrument instrument, Market market, Side side, long bestPrice, int attempt)
    {
        var budget = instrument.Hedging.SlippagePpm + (attempt - 1) * instrument.Hedging.SlippageStepPpm;
        if (side == Side.Buy)
        {
            var most = (long)((Int128)bestPrice * (Million + budget) / Million);
            return most - most % market.Tick;
        }
        var least = (long)(((Int128)bestPrice * (Million - budget) + Million - 1) / Million);
        return least + (market.Tick - least % market.Tick) % market.Tick;
    }

    /// <summary>Up to <paramref name="wanted"/> from the best level on; the first <paramref name="taken"/> is somebody else's.</summary>
    private static (long Quantity, Int128 Cost) Sweep(IReadOnlyList<Level> levels, Side side, long limit, long wanted, long taken)
    {
        long sum = 0;
        Int128 cost = 0;
        foreach (var level in levels)
        {
            if (side == Side.Buy ? level.Price > limit : level.Price < limit) break;
            var skip = Math.Min(taken, level.Quantity);
            taken -= skip;
            var take = Math.Min(level.Quantity - skip, wanted - sum);
            sum += take;
            cost += (Int128)level.Price * take;
            if (sum == wanted) break;
        }
        return (sum, cost);
    }

    /// <summary>The first price within the budget that is good for all of it, or the one that is good for most.</summary>
    private static (long Quantity, Int128 Cost) Pick(IReadOnlyList<Level> levels, Side side, long limit, long wanted)
    {
        var most = default(Level);
        foreach (var level in levels)
        {
            if (side == Side.Buy ? level.Price > limit : level.Price < limit) break;
            if (level.Quantity > most.Quantity) most = level;
            if (level.Quantity >= wanted) break;
        }
        var take = Math.Min(wanted, most.Quantity);
        return (take, (Int128)most.Price * take);
    }

    private static bool IsBetter(long quantity, Int128 cost, long bestQuantity, Int128 bestCost, Side side)
    {
        if (quantity != bestQuantity) return quantity > bestQuantity;
        return side == Side.Buy ? cost < bestCost : cost > bestCost;
    }
}
