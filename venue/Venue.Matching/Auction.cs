using Venue.Messages;

namespace Venue.Matching;

/// <summary>What an auction would do: one price for all. All zero when nothing would trade.</summary>
/// <param name="PriceTicks">The price, in ticks.</param>
/// <param name="Lots">What trades at it.</param>
/// <param name="SurplusLots">What buyers would not get at it; negative for what sellers would not sell.</param>
public readonly record struct AuctionResult(long PriceTicks, long Lots, long SurplusLots);

/// <summary>
/// The price of an auction: at which most trades; of several, at which least is left over; of several, the highest when
/// buyers are left over at all of them, the lowest when sellers are; else the one nearest to the reference price.
/// </summary>
/// <remarks>One step per price between the best sell and the best buy, whatever rests beyond.</remarks>
public static class Auction
{
    /// <summary>Looks at all that rests; nothing is changed.</summary>
    /// <param name="depth">The books.</param>
    /// <param name="referenceTicks">The reference price, 0 for none.</param>
    /// <param name="levelsMax">When more prices than this of one side lie between the best sell and the best buy, nothing is said.</param>
    public static AuctionResult Find<TEvents>(Depth<TEvents> depth, long referenceTicks, int levelsMax = int.MaxValue) where TEvents : struct, IBookEvents
    {
        if (!depth.TryBest(Side.Buy, out var bid, out _) || !depth.TryBest(Side.Sell, out var ask, out _) || bid < ask) return default;

        // Buyers at the lowest price that matters, then upwards: sellers join, buyers leave.
        long demand = 0;
        var price = bid;
        var buy = bid;
        var levels = 0;
        for (var more = true; more && price >= ask; more = depth.TryNext(Side.Buy, price, out price))
        {
            if (++levels > levelsMax) return default;
            demand += depth.TotalAt(Side.Buy, price);
            buy = price;
        }
        var supply = depth.TotalAt(Side.Sell, ask);
        var hasSell = depth.TryNext(Side.Sell, ask, out var sell);
        levels = 1;
        var choice = new Choice();
        for (var from = ask.Ticks; ;)
        {
            // From here to the next buyer's price or to just below the next seller's, nothing changes.
            var to = hasSell ? Math.Min(buy.Ticks, sell.Ticks - 1) : buy.Ticks;
            choice.Consider(from, to, demand, supply);
            if (to == bid.Ticks) break;
            from = to + 1;
            if (to == buy.Ticks)
            {
                demand -= depth.TotalAt(Side.Buy, buy);
                depth.TryPrevious(Side.Buy, buy, out buy);
            }
            if (hasSell && from == sell.Ticks)
            {
                if (++levels > levelsMax) return default;
                supply += depth.TotalAt(Side.Sell, sell);
                hasSell = depth.TryNext(Side.Sell, sell, out sell);
            }
        }
        return choice.Best(referenceTicks);
    }

    /// <summary>The prices that are still equal, as prices go up and the surplus goes from buyers to sellers.</summary>
    private struct Choice
    {
        private long _lots;
        private long _left;
        // Ends of the equal prices at which buyers, nobody and sellers are left over; 0 when there is none.
        private long _highestOfBuyers;
        private long _lowestOfNone;
        private long _highestOfNone;
        private long _lowestOfSellers;

        public void Consider(long from, long to, long demand, long supply)
        {
            var lots = Math.Min(demand, supply);
            var left = Math.Abs(demand - supply);
            if (lots < _lots || (lots == _lots && left > _left)) return;
            if (lots > _lots || left < _left) this = new Choice { _lots = lots, _left = left };
            if (demand > supply) _highestOfBuyers = to;
            else if (demand < supply) _lowestOfSellers = _lowestOfSellers == 0 ? from : _lowestOfSellers;
            else (_lowestOfNone, _highestOfNone) = (_lowestOfNone == 0 ? from : _lowestOfNone, to);
        }

        public readonly AuctionResult Best(long reference)
        {
            if (_highestOfNone != 0) return new AuctionResult(Math.Clamp(reference, _lowestOfNone, _highestOfNone), _lots, 0);
            if (_lowestOfSellers == 0) return new AuctionResult(_highestOfBuyers, _lots, _left);
            if (_highestOfBuyers == 0) return new AuctionResult(_lowestOfSellers, _lots, -_left);
            // Equally near: the higher one.
            var isHigher = _lowestOfSellers - reference <= reference - _highestOfBuyers;
            return isHigher ? new AuctionResult(_lowestOfSellers, _lots, -_left) : new AuctionResult(_highestOfBuyers, _lots, _left);
        }
    }
}
