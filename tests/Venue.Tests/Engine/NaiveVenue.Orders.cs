using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>New orders and matching.</summary>
internal sealed partial class NaiveVenue
{
    private void New(in NewOrder c)
    {
        var reason = CheckNew(in c, out var instrument, out var isFillable);
        if (reason != Reason.None)
        {
            if (reason == Reason.DuplicateClOrdID && c.Flags.HasFlag(OrderFlags.PossResend))
            {
                Status(Find(c.ClOrdID, 0, 0, 0), c.ClOrdID, c.Side, reason);
                return;
            }
            Remember(c.ClOrdID, reason);
            log.Add(new ExecReport
            {
                Header = Header<ExecReport>(EventType.ExecReport, _command.Session, instrument?.Definition.Instrument ?? 0),
                ClOrdID = c.ClOrdID, PriceTicks = c.OrdType == OrdType.Limit ? c.PriceTicks : 0, OrderLots = c.Lots,
                Side = c.Side, OrdType = c.OrdType, TimeInForce = c.TimeInForce,
                ExecType = ExecType.Rejected, OrdStatus = OrdStatus.Rejected, Reason = reason,
            });
            return;
        }
        var order = new NaiveOrder
        {
            Slot = TakeSlot(), Session = _command.Session, Firm = _firmOf[_command.Session], ClOrdID = c.ClOrdID, Instrument = instrument!,
            Side = c.Side, OrdType = c.OrdType, TimeInForce = c.TimeInForce, Ticks = c.OrdType == OrdType.Limit ? c.PriceTicks : 0, Lots = c.Lots,
            MakerPpm = instrument!.Definition.MakerFeePpm, TakerPpm = instrument.Definition.TakerFeePpm, IsOpen = true,
        };
        order.OrderID = (long)++_generationOf[order.Slot] << 32 | (uint)order.Slot;
        _orderIn[order.Slot] = order;
        _entered.Add(order);
        MakeRoomForClOrdID();
        _used[(order.Session, order.ClOrdID)] = order;
        Report(order, ExecType.New);

        if (order.IsResting)
        {
            SetHold(order, order.Need);
            Enter(order, order.Ticks);
        }
        else
        {
            if (isFillable) Match(order, LimitOf(in c, instrument));
            Close(order);
            if (order.Cum < order.Lots) Report(order, ExecType.Canceled, Reason.Unfilled);
        }
        ReportLevels(instrument);
    }

    private Reason CheckNew(in NewOrder c, out NaiveInstrument? instrument, out bool isFillable)
    {
        isFillable = true;
        instrument = _instruments.GetValueOrDefault(c.Instrument);
        var firm = _firmOf.GetValueOrDefault(_command.Session);
        if (firm == 0) return Reason.UnknownSession;
        if (instrument is null) return Reason.UnknownInstrument;
        if (_used.ContainsKey((_command.Session, c.ClOrdID))) return Reason.DuplicateClOrdID;
        if (!Enum.IsDefined(c.Side) || !Enum.IsDefined(c.OrdType) || !Enum.IsDefined(c.TimeInForce)) return Reason.UnsupportedOrder;
        var reason = instrument.Check(c.OrdType, c.PriceTicks, c.Lots, c.Flags);
        if (reason != Reason.None) return reason;

        BigInteger need = 0;
        var rests = c.OrdType == OrdType.Limit && c.TimeInForce == TimeInForce.GoodTillCancel;
        if (rests) need = instrument.Need(c.Side, c.PriceTicks, c.Lots, Math.Max(instrument.Definition.MakerFeePpm, instrument.Definition.TakerFeePpm));
        else
        {
            var fills = instrument.Fills(c.Side, LimitOf(in c, instrument), c.Lots).ToList();
            isFillable = c.TimeInForce != TimeInForce.FillOrKill || fills.Sum(fill => fill.Lots) == c.Lots;
            if (isFillable)
                foreach (var (maker, lots) in fills)
                    need += c.Side == Side.Sell ? instrument.BaseAtoms(lots) : instrument.Notional(maker.Ticks, lots) + instrument.Fee(maker.Ticks, lots, instrument.Definition.TakerFeePpm);
        }
        if (Available(firm, instrument.Paid(c.Side)) < need) return Reason.InsufficientBalance;
        var isFull = _closedSlots.Count == 0 && _generationOf.Count > capacity.Orders;
        if (isFull || (rests && !HasLevelRoom(instrument, c.Side, c.PriceTicks))) return Reason.VenueFull;
        return Switches(_command.Session, c.Instrument).Any(_kills.Contains) ? Reason.Killed : Reason.None;
    }

    private void Refuse(in RefuseOrder c)
    {
        var reason = _firmOf.GetValueOrDefault(_command.Session) == 0 ? Reason.UnknownSession
            : c.Reason > Reason.DuplicateClOrdID && _used.ContainsKey((_command.Session, c.ClOrdID)) ? Reason.DuplicateClOrdID
            : c.Reason;
        Remember(c.ClOrdID, reason);
        log.Add(new ExecReport
        {
            Header = Header<ExecReport>(EventType.ExecReport, _command.Session, 0), ClOrdID = c.ClOrdID, Symbol = c.Symbol,
            Side = c.Side, OrdType = c.OrdType, ExecType = ExecType.Rejected, OrdStatus = OrdStatus.Rejected, Reason = reason,
        });
    }

    private void Enter(NaiveOrder order, long limit)
    {
        Match(order, limit);
        if (order.Leaves == 0)
        {
            Close(order);
            return;
        }
        order.Instrument.Add(order);
        Touch(order.Side, order.Ticks);
    }

    private void Match(NaiveOrder taker, long limit)
    {
        var instrument = taker.Instrument;
        foreach (var (maker, lots) in instrument.Fills(taker.Side, limit, taker.Leaves).ToList())
        {
            var ticks = maker.Ticks;
            var tradeID = ++instrument.LastTradeID;
            instrument.Reference = ticks;
            Touch(maker.Side, ticks);
            var makerFee = instrument.Fee(ticks, lots, maker.MakerPpm);
            var takerFee = instrument.Fee(ticks, lots, taker.TakerPpm);
            foreach (var (order, fee) in new[] { (maker, makerFee), (taker, takerFee) })
            {
                var sign = order.Side == Side.Buy ? 1 : -1;
                order.Cum += lots;
                order.CumTickLots += (BigInteger)ticks * lots;
                if (order.IsResting) SetHold(order, order.Need);
                Move(order.Firm, instrument.Definition.BaseAsset, sign * instrument.BaseAtoms(lots));
                Move(order.Firm, instrument.Definition.QuoteAsset, -sign * instrument.Notional(ticks, lots) - fee);
            }
            Move(0, instrument.Definition.QuoteAsset, makerFee + takerFee);
            if (maker.Leaves == 0)
            {
                instrument.Remove(maker);
                Close(maker);
            }
            ReportFill(maker, Liquidity.Added, ticks, lots, makerFee, tradeID);
            ReportFill(taker, Liquidity.Removed, ticks, lots, takerFee, tradeID);
            log.Add(new Trade { Header = Header<Trade>(EventType.Trade, 0, instrument.Definition.Instrument), TradeID = tradeID, PriceTicks = ticks, Lots = lots, AggressorSide = taker.Side });
        }
    }

    private static long LimitOf(in NewOrder c, NaiveInstrument instrument) => c.OrdType == OrdType.Limit ? c.PriceTicks
        : c.Side == Side.Buy ? (long)instrument.Highest : (long)instrument.Lowest;
}
