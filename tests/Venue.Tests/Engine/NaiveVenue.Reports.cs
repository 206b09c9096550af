using System.Numerics;
using System.Runtime.CompilerServices;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Events, written as one would read them.</summary>
internal sealed partial class NaiveVenue
{
    private void Touch(Side side, long ticks)
    {
        if (!_touched.Contains((side, ticks))) _touched.Add((side, ticks));
    }

    private void ReportLevels(NaiveInstrument instrument)
    {
        foreach (var (side, ticks) in _touched)
            log.Add(new LevelChanged
            {
                Header = Header<LevelChanged>(EventType.LevelChanged, 0, instrument.Definition.Instrument),
                PriceTicks = ticks, Side = side,
                Lots = instrument.Book(side).TryGetValue(ticks, out var orders) ? orders.Sum(order => order.Shown) : 0,
            });
    }

    private void Report(NaiveOrder order, ExecType execType, Reason reason = Reason.None, Text40 clOrdID = default, Text40 origClOrdID = default)
    {
        var e = ReportOf(order, execType, reason);
        if (!clOrdID.IsEmpty) (e.ClOrdID, e.OrigClOrdID) = (clOrdID, origClOrdID);
        log.Add(in e);
    }

    private void ReportFill(NaiveOrder order, Liquidity liquidity, long ticks, long lots, BigInteger fee, long tradeID)
    {
        var e = ReportOf(order, ExecType.Trade, Reason.None);
        (e.LastTicks, e.LastLots, e.TradeID, e.Liquidity, e.Fee) = (ticks, lots, tradeID, liquidity, new Amount((Int128)fee));
        log.Add(in e);
    }

    private ExecReport ReportOf(NaiveOrder order, ExecType execType, Reason reason) => new()
    {
        Header = Header<ExecReport>(EventType.ExecReport, order.Session, order.Instrument.Definition.Instrument),
        ClOrdID = order.ClOrdID, OrderID = order.OrderID, PriceTicks = order.OrdType is OrdType.Market or OrdType.Stop ? 0 : order.Ticks, OrderLots = order.Lots, CumLots = order.Cum,
        LeavesLots = order.Leaves, Terms = order.Terms, CumTickLots = (UInt128)order.CumTickLots,
        Side = order.Side, OrdType = order.OrdType, TimeInForce = order.TimeInForce, ExecType = execType, OrdStatus = order.Status, Reason = reason,
        OrigClOrdID = order.Is(OrderInstructions.Quote) ? Text40.From(QuoteOn(order.Session, order.Instrument.Definition.Instrument).QuoteEntryID.ToString()) : default,
    };

    private void Refuse(Reason reason) => log.Add(new Refused
    {
        Header = Header<Refused>(EventType.Refused, _command.Session, 0), CommandType = _command.Type, Reason = reason,
    });

    private void Reject(Text40 clOrdID, Text40 origClOrdID, CancelRejectTo responseTo, NaiveOrder? order, Reason reason) => log.Add(new CancelReject
    {
        Header = Header<CancelReject>(EventType.CancelReject, _command.Session, order?.Instrument.Definition.Instrument ?? 0),
        ClOrdID = clOrdID, OrigClOrdID = origClOrdID, OrderID = order?.OrderID ?? 0, OrdStatus = order?.Status ?? OrdStatus.Rejected,
        ResponseTo = responseTo, Reason = reason,
    });

    private EventHeader Header<T>(EventType type, int session, int instrument) => new()
    {
        Seq = _command.Seq, TimeNs = _command.TimeNs, Index = _index++, Session = session, Type = type, Version = (byte)(type == EventType.ExecReport ? 2 : 1),
        Length = (ushort)Unsafe.SizeOf<T>(), Instrument = instrument,
    };
}
