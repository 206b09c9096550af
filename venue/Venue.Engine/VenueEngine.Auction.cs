using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Auctions: one price for all that can trade at it, in the order of price, shown before hidden, time.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private void Uncross(Instrument<Fills> instrument)
    {
        var auction = Auction.Find(instrument.Depth, instrument.ReferenceTicks);
        var price = new Price(auction.PriceTicks);
        for (var left = auction.Lots; left > 0;)
        {
            var buySlot = FirstOf(instrument, Side.Buy);
            var sellSlot = FirstOf(instrument, Side.Sell);
            var lots = Math.Min(left, Math.Min(_slab[buySlot].Lots, _slab[sellSlot].Lots));
            left -= lots;
            Pair(buySlot, sellSlot, instrument, price, lots);
        }
        if (auction.Lots > 0) instrument.StaticTicks = auction.PriceTicks;
    }

    private static int FirstOf(Instrument<Fills> instrument, Side side)
    {
        instrument.Depth.TryBest(side, out var price, out var isDark);
        return (isDark ? instrument.Dark! : instrument.Book).LevelAt(side, price).Head;
    }

    /// <summary>One match of an auction: nobody came first, so both pay the maker's fee, and no rebate is due, which nobody would pay for.</summary>
    private void Pair(int buySlot, int sellSlot, Instrument<Fills> instrument, Price price, long lots)
    {
        ref var buy = ref _orders[buySlot];
        ref var sell = ref _orders[sellSlot];
        var partners = (PartWith(buySlot, instrument), PartWith(sellSlot, instrument));
        var quantity = new Quantity(lots);
        foreach (var slot in (ReadOnlySpan<int>)[buySlot, sellSlot])
            if (PlaceOf(slot) == Place.Lit) Touch(_orders[slot].Side, _slab[slot].Ticks);
        var refills = (TakeFrom(buySlot, instrument, quantity), TakeFrom(sellSlot, instrument, quantity));

        var tradeID = ++instrument.LastTradeID;
        instrument.ReferenceTicks = price.Ticks;
        instrument.LastTicks = price.Ticks;
        Trades++;
        ref var definition = ref instrument.Definition;
        var notional = Money.Notional(price.Ticks, lots, definition.TickLotAtoms);
        var buyFee = Money.Fee(notional, Math.Max(buy.MakerFeePpm, 0));
        var sellFee = Money.Fee(notional, Math.Max(sell.MakerFeePpm, 0));
        Settle(ref buy, instrument, lots, notional, buyFee, isHeld: true);
        Settle(ref sell, instrument, lots, notional, sellFee, isHeld: true);
        _balances.Of(0, definition.QuoteAsset).Available += buyFee + sellFee;
        buy.AddTickLots(price.Ticks, lots);
        sell.AddTickLots(price.Ticks, lots);
        if (buy.CumLots == buy.Lots) Finish(buySlot);
        if (sell.CumLots == sell.Lots) Finish(sellSlot);
        ReportTrade(buySlot, Liquidity.Auction, price, quantity, buyFee, tradeID);
        ReportTrade(sellSlot, Liquidity.Auction, price, quantity, sellFee, tradeID);
        _events.On(new Trade
        {
            Header = Header<Trade>(EventType.Trade, 0, instrument.Number),
            TradeID = tradeID,
            PriceTicks = price.Ticks,
            Lots = lots,
        });
        if (buy.IsQuote) CountQuoteFill(buySlot, instrument, lots, notional);
        if (sell.IsQuote) CountQuoteFill(sellSlot, instrument, lots, notional);
        if (refills.Item1) Refill(buySlot, instrument);
        if (refills.Item2) Refill(sellSlot, instrument);
        EndParted(partners.Item1);
        EndParted(partners.Item2);
    }

    /// <summary>Tells what the auction would do, when that has changed and the last telling is long enough ago; else later.</summary>
    private void TellIndicative(Instrument<Fills> instrument)
    {
        var dueNs = instrument.IndicativeToldNs == 0 ? _timeNs : instrument.IndicativeToldNs + instrument.Trading.IndicativeNs;
        if (dueNs > _timeNs)
        {
            instrument.IndicativeDueNs = dueNs;
            Await(dueNs);
            return;
        }
        instrument.IndicativeDueNs = 0;
        var auction = Auction.Find(instrument.Depth, instrument.ReferenceTicks, Reach);
        if (auction == instrument.Indicative) return;
        instrument.Indicative = auction;
        instrument.IndicativeToldNs = _timeNs;
        _events.On(new Indicative
        {
            Header = Header<Indicative>(EventType.Indicative, 0, instrument.Number),
            PriceTicks = auction.PriceTicks,
            Lots = auction.Lots,
            BuySurplusLots = Math.Max(auction.SurplusLots, 0),
            SellSurplusLots = Math.Max(-auction.SurplusLots, 0),
        });
    }
}
