using System.Runtime.CompilerServices;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>What a match is told by: the maker's report, the taker's, the public trade.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private Trade _trade;
    // Of a sweep: what its matches have in common is written once.
    private ExecReport _sweptMaker, _sweptTaker;
    private Trade _sweptTrade;
    private bool _isFirstSwept;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReportTrade(int slot, Liquidity liquidity, Price price, Quantity quantity, Int128 fee, long tradeID)
    {
        ref var e = ref BeginReport(slot, ExecType.Trade, Reason.None);
        e.LastLots = quantity.Lots;
        e.LastTicks = price.Ticks;
        e.Fee = new Amount(fee);
        e.TradeID = tradeID;
        e.Liquidity = liquidity;
        _events.On(in e);
    }

    private void TellMatch(int makerSlot, Price price, Quantity quantity, Int128 makerFee, Int128 takerFee, long tradeID)
    {
        ReportTrade(makerSlot, Liquidity.Added, price, quantity, makerFee, tradeID);
        ReportTrade(_taker, Liquidity.Removed, price, quantity, takerFee, tradeID);
        ref var e = ref _trade;
        Begin<Trade>(ref e.Header, EventType.Trade, 0, _orders[_taker].Instrument);
        e.TradeID = tradeID;
        e.PriceTicks = price.Ticks;
        e.Lots = quantity.Lots;
        e.AggressorSide = _orders[_taker].Side;
        _events.On(in e);
    }

    /// <summary>The same in a sweep of plain orders: after its first match only what differs is written.</summary>
    private void TellSwept(int makerSlot, Price price, Quantity quantity, Int128 makerFee, Int128 takerFee, long tradeID)
    {
        ref var maker = ref _orders[makerSlot];
        ref var taker = ref _orders[_taker];
        if (_isFirstSwept) BeginSwept(makerSlot);
        ref var made = ref _sweptMaker;
        made.Header.Index = _index;
        made.Header.Session = maker.Session;
        made.ClOrdID = maker.ClOrdID;
        made.OrderID = (long)maker.Generation << 32 | (uint)makerSlot;
        made.PriceTicks = maker.Ticks;
        made.OrderLots = maker.Lots;
        made.CumLots = maker.CumLots;
        made.LeavesLots = maker.LeavesLots;
        made.LastLots = quantity.Lots;
        made.LastTicks = price.Ticks;
        made.CumTickLots = maker.CumTickLots;
        made.Fee = new Amount(makerFee);
        made.TradeID = tradeID;
        made.OrdStatus = maker.Status;
        _events.On(in made);
        ref var taken = ref _sweptTaker;
        taken.Header.Index = _index + 1;
        taken.CumLots = taker.CumLots;
        taken.LeavesLots = taker.LeavesLots;
        taken.LastLots = quantity.Lots;
        taken.LastTicks = price.Ticks;
        taken.CumTickLots = taker.CumTickLots;
        taken.Fee = new Amount(takerFee);
        taken.TradeID = tradeID;
        taken.OrdStatus = taker.Status;
        _events.On(in taken);
        ref var trade = ref _sweptTrade;
        trade.Header.Index = _index + 2;
        trade.TradeID = tradeID;
        trade.PriceTicks = price.Ticks;
        trade.Lots = quantity.Lots;
        _index += 3;
        _events.On(in trade);
    }

    /// <summary>What all matches of a sweep say: plain orders that rest are limit orders, good till cancel.</summary>
    private void BeginSwept(int makerSlot)
    {
        _isFirstSwept = false;
        var index = _index;
        Describe(ref _sweptMaker, makerSlot, ExecType.Trade, Reason.None);
        _sweptMaker.Liquidity = Liquidity.Added;
        Describe(ref _sweptTaker, _taker, ExecType.Trade, Reason.None);
        _sweptTaker.Liquidity = Liquidity.Removed;
        Begin<Trade>(ref _sweptTrade.Header, EventType.Trade, 0, _orders[_taker].Instrument);
        _sweptTrade.AggressorSide = _orders[_taker].Side;
        _index = index;
    }
}
