using System.Numerics;
using System.Runtime.CompilerServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>
/// The venue's rules once more, written to be read: lists, dictionaries, big integers, no care for speed.
/// What it says must be what the engine says, byte for byte.
/// </summary>
internal sealed class NaiveVenue(EngineCapacity capacity, EventLog log)
{
    private readonly Dictionary<int, NaiveInstrument> _instruments = [];
    private readonly Dictionary<int, int> _firmOf = [];
    private readonly Dictionary<Text40, (int Firm, int Asset, BigInteger Atoms)> _credits = [];
    private readonly Dictionary<(int Session, Text40 ClOrdID), NaiveOrder?> _used = [];
    private readonly Queue<(int Session, Text40 ClOrdID)> _forgettable = [];
    private readonly Queue<int> _closedSlots = [];
    private readonly List<int> _generationOf = [0];
    private readonly Dictionary<int, NaiveOrder> _orderIn = [];
    private readonly List<(Side Side, long Ticks)> _touched = [];
    private CommandHeader _command;
    private int _index;

    /// <summary>Available and held, by firm and asset.</summary>
    public Dictionary<(int Firm, int Asset), (BigInteger Available, BigInteger Held)> Balances { get; } = [];

    public int OpenOrders => _orderIn.Values.Count(order => order.IsOpen);

    public void Apply(ReadOnlySpan<byte> bytes)
    {
        _command = Command.Header(bytes);
        _index = 0;
        _touched.Clear();
        switch (_command.Type)
        {
            case CommandType.DefineAsset:
                log.Add(new AssetDefined { Header = Header<AssetDefined>(EventType.AssetDefined, 0, 0), Definition = Command.As<DefineAsset>(bytes) });
                break;
            case CommandType.DefineFirm:
                log.Add(new FirmDefined { Header = Header<FirmDefined>(EventType.FirmDefined, 0, 0), Definition = Command.As<DefineFirm>(bytes) });
                break;
            case CommandType.DefineSession:
                var session = Command.As<DefineSession>(bytes);
                _firmOf[session.DefinedSession] = session.Firm;
                log.Add(new SessionDefined { Header = Header<SessionDefined>(EventType.SessionDefined, 0, 0), Definition = session });
                break;
            case CommandType.DefineInstrument: Define(Command.As<DefineInstrument>(bytes)); break;
            case CommandType.Credit: Credit(Command.As<Credit>(bytes)); break;
            case CommandType.NewOrder: New(Command.As<NewOrder>(bytes)); break;
            case CommandType.RefuseOrder: Refuse(Command.As<RefuseOrder>(bytes)); break;
            case CommandType.CancelOrder: Cancel(Command.As<CancelOrder>(bytes)); break;
            case CommandType.ReplaceOrder: Replace(Command.As<ReplaceOrder>(bytes)); break;
            case CommandType.OrderStatus: Status(Command.As<OrderStatusRequest>(bytes)); break;
            default: throw new InvalidOperationException($"{_command.Type}");
        }
    }

    /// <summary>Sound definitions only: unsound ones have tests of their own.</summary>
    private void Define(in DefineInstrument c)
    {
        if (!_instruments.TryGetValue(c.Instrument, out var instrument)) _instruments[c.Instrument] = instrument = new NaiveInstrument { Reference = c.ReferenceTicks };
        else if (c.ReferenceTicks != instrument.Definition.ReferenceTicks) instrument.Reference = c.ReferenceTicks;
        instrument.Definition = c;
        log.Add(new InstrumentDefined { Header = Header<InstrumentDefined>(EventType.InstrumentDefined, 0, c.Instrument), Definition = c });
    }

    private void Credit(in Credit c)
    {
        BigInteger atoms = c.Amount.Atoms;
        var reason = Reason.None;
        if (_credits.TryGetValue(c.Key, out var before)) reason = before == (c.Firm, c.Asset, atoms) ? Reason.None : Reason.KeyReused;
        else
        {
            var asset = c.Asset;
            var sum = Balances.Where(b => b.Key.Asset == asset).Aggregate(BigInteger.Zero, (total, b) => total + b.Value.Available + b.Value.Held);
            if (sum + atoms > BigInteger.Pow(2, 120) || Available(c.Firm, c.Asset) + atoms < 0) reason = Reason.AmountOutOfRange;
            else
            {
                Move(c.Firm, c.Asset, atoms, 0);
                _credits[c.Key] = (c.Firm, c.Asset, atoms);
            }
        }
        if (reason == Reason.None) log.Add(new Credited { Header = Header<Credited>(EventType.Credited, 0, 0), Definition = c });
        else log.Add(new Refused { Header = Header<Refused>(EventType.Refused, c.Header.Session, 0), CommandType = CommandType.Credit, Reason = reason });
    }

    private void New(in NewOrder c)
    {
        var reason = CheckNew(in c, out var instrument, out var isFillable);
        if (reason != Reason.None)
        {
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
        return isFull || (rests && !HasLevelRoom(instrument, c.Side, c.PriceTicks)) ? Reason.VenueFull : Reason.None;
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

    private void Cancel(in CancelOrder c)
    {
        var order = c.Instrument == 0 ? null : Find(c.OrigClOrdID, c.OrderID, c.Instrument, c.Side);
        var reason = CheckRequest(c.ClOrdID, order);
        Remember(c.ClOrdID, reason);
        if (reason != Reason.None)
        {
            Reject(c.ClOrdID, c.OrigClOrdID, CancelRejectTo.Cancel, order, reason);
            return;
        }
        Touch(order!.Side, order.Ticks);
        order.Instrument.Remove(order);
        SetHold(order, 0);
        Close(order);
        Report(order, ExecType.Canceled, Reason.ClientRequest, c.ClOrdID, c.OrigClOrdID);
        ReportLevels(order.Instrument);
    }

    private void Replace(in ReplaceOrder c)
    {
        var order = c.Instrument == 0 ? null : Find(c.OrigClOrdID, c.OrderID, 0, 0);
        var reason = CheckRequest(c.ClOrdID, order);
        if (reason == Reason.None) reason = CheckReplace(in c, order!);
        if (reason != Reason.None)
        {
            Remember(c.ClOrdID, reason);
            Reject(c.ClOrdID, c.OrigClOrdID, CancelRejectTo.Replace, order, reason);
            return;
        }
        Touch(order!.Side, order.Ticks);
        MakeRoomForClOrdID();
        _used[(order.Session, c.ClOrdID)] = order;
        _used[(order.Session, order.ClOrdID)] = null;
        _forgettable.Enqueue((order.Session, order.ClOrdID));
        order.ClOrdID = c.ClOrdID;

        var keepsPlace = c.PriceTicks == order.Ticks && c.Lots <= order.Lots && c.Lots > order.Cum;
        if (!keepsPlace) order.Instrument.Remove(order);
        order.Lots = Math.Max(c.Lots, order.Cum);
        order.Ticks = c.PriceTicks;
        SetHold(order, order.Need);
        if (order.Leaves == 0) Close(order);
        Report(order, ExecType.Replaced, Reason.None, c.ClOrdID, c.OrigClOrdID);
        if (!keepsPlace && order.IsOpen) Enter(order, order.Ticks);
        ReportLevels(order.Instrument);
    }

    private Reason CheckReplace(in ReplaceOrder c, NaiveOrder order)
    {
        if (!Enum.IsDefined(c.OrdType) || c.TimeInForce != TimeInForce.GoodTillCancel) return Reason.UnsupportedOrder;
        if (c.Instrument != order.Instrument.Definition.Instrument || (c.Side != 0 && c.Side != order.Side) || c.OrdType != order.OrdType) return Reason.NotReplaceable;
        var reason = order.Instrument.Check(c.OrdType, c.PriceTicks, c.Lots, c.Flags);
        if (reason != Reason.None) return reason;
        var leaves = Math.Max(c.Lots - order.Cum, 0);
        var need = order.Instrument.Need(order.Side, c.PriceTicks, leaves, Math.Max(order.MakerPpm, order.TakerPpm));
        if (Available(order.Firm, order.Instrument.Paid(order.Side)) + order.Hold < need) return Reason.InsufficientBalance;
        return leaves > 0 && !HasLevelRoom(order.Instrument, order.Side, c.PriceTicks) ? Reason.VenueFull : Reason.None;
    }

    private void Status(in OrderStatusRequest c)
    {
        var order = c.Instrument == 0 ? null : Find(c.ClOrdID, c.OrderID, c.Instrument, c.Side);
        if (order is not null)
        {
            Report(order, ExecType.OrderStatus);
            return;
        }
        log.Add(new ExecReport
        {
            Header = Header<ExecReport>(EventType.ExecReport, _command.Session, 0), ClOrdID = c.ClOrdID, Side = c.Side,
            ExecType = ExecType.OrderStatus, OrdStatus = OrdStatus.Rejected,
            Reason = _firmOf.GetValueOrDefault(_command.Session) == 0 ? Reason.UnknownSession : Reason.UnknownOrder,
        });
    }

    private NaiveOrder? Find(Text40 clOrdID, long orderID, int instrument, Side side)
    {
        var order = _used.GetValueOrDefault((_command.Session, clOrdID));
        if (order is null || _orderIn[order.Slot] != order) return null;
        if (orderID != 0 && orderID != order.OrderID) return null;
        if (instrument != 0 && instrument != order.Instrument.Definition.Instrument) return null;
        return side != 0 && side != order.Side ? null : order;
    }

    private Reason CheckRequest(Text40 clOrdID, NaiveOrder? order) =>
        _firmOf.GetValueOrDefault(_command.Session) == 0 ? Reason.UnknownSession
        : _used.ContainsKey((_command.Session, clOrdID)) ? Reason.DuplicateClOrdID
        : order is null ? Reason.UnknownOrder
        : !order.IsOpen ? Reason.TooLate
        : Reason.None;

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
                Move(order.Firm, instrument.Definition.BaseAsset, sign * instrument.BaseAtoms(lots), 0);
                Move(order.Firm, instrument.Definition.QuoteAsset, -sign * instrument.Notional(ticks, lots) - fee, 0);
            }
            Move(0, instrument.Definition.QuoteAsset, makerFee + takerFee, 0);
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

    private void SetHold(NaiveOrder order, BigInteger hold)
    {
        Move(order.Firm, order.Instrument.Paid(order.Side), order.Hold - hold, hold - order.Hold);
        order.Hold = hold;
    }

    private void Close(NaiveOrder order)
    {
        order.IsOpen = false;
        _closedSlots.Enqueue(order.Slot);
        _forgettable.Enqueue((order.Session, order.ClOrdID));
    }

    private int TakeSlot()
    {
        if (_generationOf.Count > capacity.Orders) return _closedSlots.Dequeue();
        _generationOf.Add(0);
        return _generationOf.Count - 1;
    }

    private void Remember(Text40 clOrdID, Reason reason)
    {
        if (reason is Reason.UnknownSession or Reason.DuplicateClOrdID or Reason.VenueFull || _used.ContainsKey((_command.Session, clOrdID))) return;
        MakeRoomForClOrdID();
        _used[(_command.Session, clOrdID)] = null;
        _forgettable.Enqueue((_command.Session, clOrdID));
    }

    private void MakeRoomForClOrdID()
    {
        if (_used.Count == capacity.ClOrdIDs + 1) _used.Remove(_forgettable.Dequeue());
    }

    private bool HasLevelRoom(NaiveInstrument wanted, Side side, long ticks)
    {
        // Nothing to count where every page that prices could need is there.
        if (capacity.LevelPages >= 1000) return true;
        var pages = _instruments.Values.SelectMany(i => new[] { Side.Buy, Side.Sell }.SelectMany(s => i.Book(s).Keys.Select(t => (i, s, t >> 6)))).ToHashSet();
        return pages.Count < capacity.LevelPages || pages.Contains((wanted, side, ticks >> 6));
    }

    private BigInteger Available(int firm, int asset) => Balances.GetValueOrDefault((firm, asset)).Available;

    private void Move(int firm, int asset, BigInteger available, BigInteger held)
    {
        var (a, h) = Balances.GetValueOrDefault((firm, asset));
        Balances[(firm, asset)] = (a + available, h + held);
    }

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
                Lots = instrument.Book(side).TryGetValue(ticks, out var orders) ? orders.Sum(order => order.Leaves) : 0,
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
        ClOrdID = order.ClOrdID, OrderID = order.OrderID, PriceTicks = order.Ticks, OrderLots = order.Lots, CumLots = order.Cum,
        LeavesLots = order.IsOpen ? order.Leaves : 0, CumTickLots = (UInt128)order.CumTickLots,
        Side = order.Side, OrdType = order.OrdType, TimeInForce = order.TimeInForce, ExecType = execType, OrdStatus = order.Status, Reason = reason,
    };

    private void Reject(Text40 clOrdID, Text40 origClOrdID, CancelRejectTo responseTo, NaiveOrder? order, Reason reason) => log.Add(new CancelReject
    {
        Header = Header<CancelReject>(EventType.CancelReject, _command.Session, order?.Instrument.Definition.Instrument ?? 0),
        ClOrdID = clOrdID, OrigClOrdID = origClOrdID, OrderID = order?.OrderID ?? 0, OrdStatus = order?.Status ?? OrdStatus.Rejected,
        ResponseTo = responseTo, Reason = reason,
    });

    private EventHeader Header<T>(EventType type, int session, int instrument) => new()
    {
        Seq = _command.Seq, TimeNs = _command.TimeNs, Index = _index++, Session = session, Type = type, Version = 1,
        Length = (ushort)Unsafe.SizeOf<T>(), Instrument = instrument,
    };
}
