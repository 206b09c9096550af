using System.Runtime.CompilerServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Writing events. Every byte is set, so that the same commands give the same bytes.</summary>
public sealed partial class VenueEngine<TEvents>
{
    // Levels that the command has changed, in order of first change: ticks, negative for sells.
    private int[] _touched;
    private int _touchedCount;
    // On the long path levels are touched in any order: those that were touched, and by which command, in open addressing.
    private (int Level, long Command)[] _touchedAt = new (int, long)[64];
    private long _touchNumber;
    private bool _touchesAnyOrder;
    // Events are written where they are told from: a copy of what was just written waits for every write of it.
    private ExecReport _report;
    private bool _reportHasTerms;
    private LevelChanged _levelChanged;

    private EventHeader Header<TEvent>(EventType type, int session, int instrument) where TEvent : unmanaged
    {
        EventHeader header = default;
        Begin<TEvent>(ref header, type, session, instrument);
        return header;
    }

    /// <summary>Writes the header of the command's next event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Begin<TEvent>(ref EventHeader header, EventType type, int session, int instrument) where TEvent : unmanaged
    {
        header.Seq = _seq;
        header.TimeNs = _timeNs;
        header.Index = _index++;
        header.Session = session;
        header.Type = type;
        // A changed layout has a new version; ExecReport got its Terms.
        header.Version = (byte)(typeof(TEvent) == typeof(ExecReport) ? 2 : 1);
        header.Length = (ushort)Unsafe.SizeOf<TEvent>();
        header.Instrument = instrument;
    }

    /// <summary>A report with only its header set.</summary>
    private ref ExecReport BeginReport(int session, int instrument)
    {
        _report = default;
        Begin<ExecReport>(ref _report.Header, EventType.ExecReport, session, instrument);
        return ref _report;
    }

    /// <summary>A report with the order's own facts set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref ExecReport BeginReport(int slot, ExecType execType, Reason reason)
    {
        ref var e = ref _report;
        Describe(ref e, slot, execType, reason);
        // The last report's terms are still there: mostly none.
        if (_reportHasTerms) ClearTerms();
        if (_orders[slot].IsSpecial) AddTerms(slot);
        return ref e;
    }

    /// <summary>Writes a report of an order, its terms apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Describe(ref ExecReport e, int slot, ExecType execType, Reason reason)
    {
        ref var order = ref _orders[slot];
        Begin<ExecReport>(ref e.Header, EventType.ExecReport, order.Session, order.Instrument);
        e.ClOrdID = order.ClOrdID;
        e.OrigClOrdID = default;
        e.OrderID = (long)order.Generation << 32 | (uint)slot;
        e.PriceTicks = order.Ticks;
        e.OrderLots = order.Lots;
        e.CumLots = order.CumLots;
        e.LeavesLots = order.LeavesLots;
        e.LastLots = 0;
        e.LastTicks = 0;
        e.CumTickLots = order.CumTickLots;
        e.FeeAtomsLow = 0;
        e.FeeAtomsHigh = 0;
        e.TradeID = 0;
        e.Side = order.Side;
        e.OrdType = order.OrdType;
        e.TimeInForce = order.TimeInForce;
        e.ExecType = execType;
        e.OrdStatus = order.Status;
        e.Liquidity = Liquidity.None;
        e.Reason = reason;
    }

    private void ClearTerms()
    {
        _report.Terms = default;
        _reportHasTerms = false;
    }

    private void AddTerms(int slot)
    {
        ref var special = ref _specials[slot];
        _reportHasTerms = true;
        _report.Terms = special.Terms;
        _report.OrdType = special.OrdType;
        _report.TimeInForce = special.TimeInForce;
        _report.OrdStatus = StatusOf(slot);
        if (!special.HasOwnLimit) _report.PriceTicks = 0;
        if (special.Is(OrderInstructions.Quote)) Text40.TryFrom(_quoters.Of(_orders[slot].Session)!.On(_orders[slot].Instrument).QuoteEntryID.Span, out _report.OrigClOrdID);
    }

    /// <summary>OrdStatus(39) of an order, also of one that is a side of a hit.</summary>
    private OrdStatus StatusOf(int slot) => (_orders[slot].IsSpecial ? _specials[slot].Look : HitLook.None) switch
    {
        HitLook.Pending => OrdStatus.PendingNew,
        HitLook.Refused => OrdStatus.Rejected,
        _ => _orders[slot].Status,
    };

    private void Report(int slot, ExecType execType, Reason reason) => _events.On(in BeginReport(slot, execType, reason));

    /// <summary>The answer to a cancel or replace that was done.</summary>
    private void ReportAnswer(int slot, ExecType execType, Reason reason, in Text40 clOrdID, in Text40 origClOrdID)
    {
        ref var e = ref BeginReport(slot, execType, reason);
        e.ClOrdID = clOrdID;
        e.OrigClOrdID = origClOrdID;
        _events.On(in e);
    }

    private void EndRejected(ref ExecReport e, Reason reason)
    {
        e.ExecType = ExecType.Rejected;
        e.OrdStatus = OrdStatus.Rejected;
        e.Reason = reason;
        _events.On(in e);
    }

    private void RejectRequest(int session, in Text40 clOrdID, in Text40 origClOrdID, CancelRejectTo responseTo, int slot, Reason reason) => _events.On(new CancelReject
    {
        Header = Header<CancelReject>(EventType.CancelReject, session, _orders[slot].Instrument),
        ClOrdID = clOrdID,
        OrigClOrdID = origClOrdID,
        OrderID = slot == 0 ? 0 : _orders.OrderIDOf(slot),
        OrdStatus = slot == 0 ? OrdStatus.Rejected : StatusOf(slot),
        ResponseTo = responseTo,
        Reason = reason,
    });

    /// <summary>Notes a changed level. Sweeps touch a level many times in a row; a replace may come back to its first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Touch(Side side, int ticks)
    {
        var level = side == Side.Sell ? -ticks : ticks;
        if (_touchesAnyOrder)
        {
            TouchOnce(level);
            return;
        }
        if (_touchedCount > 0 && (_touched[_touchedCount - 1] == level || _touched[0] == level)) return;
        _touched[_touchedCount++] = level;
    }

    private void TouchOnce(int level)
    {
        var at = HomeOf(level);
        for (; _touchedAt[at].Command == _touchNumber; at = (at + 1) & (_touchedAt.Length - 1))
            if (_touchedAt[at].Level == level) return;
        _touchedAt[at] = (level, _touchNumber);
        if (_touchedCount == _touched.Length) Array.Resize(ref _touched, _touched.Length * 2);
        _touched[_touchedCount++] = level;
        if (_touchedCount * 2 > _touchedAt.Length) GrowTouched();
    }

    /// <summary>For the one command that touched so many levels; the room stays.</summary>
    private void GrowTouched()
    {
        _touchedAt = new (int, long)[_touchedAt.Length * 2];
        for (var i = 0; i < _touchedCount; i++)
        {
            var at = HomeOf(_touched[i]);
            while (_touchedAt[at].Command == _touchNumber) at = (at + 1) & (_touchedAt.Length - 1);
            _touchedAt[at] = (_touched[i], _touchNumber);
        }
    }

    private int HomeOf(int level) => (int)((uint)level * 0x9E3779B1 >> 8) & (_touchedAt.Length - 1);

    /// <summary>From here on one instrument's levels change, in any order, until <see cref="EndTouching"/>.</summary>
    private void BeginTouching(Instrument<Fills> instrument)
    {
        _touchedCount = 0;
        _touchesAnyOrder = true;
        _touchNumber++;
    }

    /// <summary>From here on levels change in any order; those that the command has changed so far are known.</summary>
    private void TouchInAnyOrder()
    {
        var count = _touchedCount;
        _touchedCount = 0;
        _touchesAnyOrder = true;
        _touchNumber++;
        for (var i = 0; i < count; i++) TouchOnce(_touched[i]);
    }

    /// <summary>Does what the change sets off, then tells the changed levels.</summary>
    private void EndTouching(Instrument<Fills> instrument)
    {
        if (instrument.Special != 0) FollowMarket(instrument);
        PullTripped(instrument);
        ReportLevels(instrument);
        _touchesAnyOrder = false;
        // Not before: however far one command moves the price, step by step, the band stays where its checks found it.
        instrument.DynamicTicks = instrument.LastTicks;
        if (instrument.IsInAuction) TellIndicative(instrument);
    }

    private void ReportLevels(Instrument<Fills> instrument)
    {
        for (var i = 0; i < _touchedCount; i++)
        {
            var side = _touched[i] < 0 ? Side.Sell : Side.Buy;
            var price = new Price(Math.Abs(_touched[i]));
            ref var e = ref _levelChanged;
            Begin<LevelChanged>(ref e.Header, EventType.LevelChanged, 0, instrument.Number);
            e.PriceTicks = price.Ticks;
            e.Lots = instrument.Book.QuantityAt(side, price).Lots;
            e.Side = side;
            _events.On(in e);
        }
    }
}
