using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Mass requests and lost sessions: walks over a session's orders, a bounded slice for each command.</summary>
/// <remarks>The owner asks for the next slice of what <see cref="Walks"/> still lists, whenever it thinks fit: the request is in the journal.</remarks>
public sealed partial class VenueEngine<TEvents>
{
    /// <summary>Orders, and sessions without any, that one command looks at.</summary>
    private const int SliceMax = 64;
    /// <summary>Unfinished walks that one session may have asked for.</summary>
    private const int WalksPerSessionMax = 4;

    private readonly SessionOrders _sessionOrders;
    private readonly List<OrderWalk> _walks = new(64);
    private readonly (Instrument<Fills> Instrument, int Level)[] _walked = new (Instrument<Fills>, int)[SliceMax];
    private int _walkedCount;
    private readonly Instrument<Fills>[] _canceledOn = new Instrument<Fills>[SliceMax];
    private int _canceledOnCount;

    /// <summary>Walks that are not finished.</summary>
    public int Walks => _walks.Count;

    /// <summary>An unfinished walk: its number, and the session that its next reports go to; 0 for none.</summary>
    public (long Number, int Session) WalkAt(int index)
    {
        var walk = _walks[index];
        return (walk.Number, walk.Kind switch { WalkKind.Status => walk.Asker, WalkKind.Cancel => walk.Session, _ => 0 });
    }

    private void On(in MassCancel c)
    {
        var reason = CheckMass(in c.Header, WalkKind.Cancel, c.Scope, c.Target, c.Instrument, c.AsOperator != 0);
        var walk = reason == Reason.None ? NewWalk(c.Scope, c.Target, c.Instrument, c.Side) : default;
        walk.Kind = WalkKind.Cancel;
        walk.Asker = c.Header.Session;
        walk.Reason = Reason.MassCanceled;
        walk.MindsLife = c.AsOperator == 0;
        _events.On(new MassCancelReport
        {
            Header = Header<MassCancelReport>(EventType.MassCancelReport, c.Header.Session, c.Instrument),
            ClOrdID = c.ClOrdID,
            Affected = reason == Reason.None ? CountAtOnce(walk) : 0,
            Reason = reason,
            Side = c.Side,
            Scope = c.Scope,
        });
        if (reason == Reason.None) Begin(walk, -1);
    }

    private void On(in MassStatus c)
    {
        var reason = CheckMass(in c.Header, WalkKind.Status, c.Scope, c.Target, c.Instrument, c.AsOperator != 0);
        if (reason != Reason.None)
        {
            ReportNoStatus(c.Header.Session, in c.RequestID, 0, reason);
            return;
        }
        var walk = NewWalk(c.Scope, c.Target, c.Instrument, c.Side);
        walk.Kind = WalkKind.Status;
        walk.Asker = c.Header.Session;
        walk.RequestID = c.RequestID;
        Begin(walk, CountAtOnce(walk));
    }

    private void On(in ContinueWalk c)
    {
        for (var i = 0; i < _walks.Count; i++)
        {
            if (_walks[i].Number != c.Walk) continue;
            ref var walk = ref CollectionsMarshal.AsSpan(_walks)[i];
            if (Walk(ref walk, -1)) _walks.RemoveAt(i);
            return;
        }
        Refuse(in c.Header, Reason.Contradiction);
    }

    /// <summary>The session's or its firm's orders are canceled because the session is gone.</summary>
    private void CancelDisconnected(int session, CancelOnDisconnect covered)
    {
        var walk = covered == CancelOnDisconnect.Firm ? NewWalk(MassScope.Firm, FirmOf(session), 0, 0) : NewWalk(MassScope.Session, session, 0, 0);
        walk.Kind = WalkKind.Cancel;
        walk.Reason = Reason.Disconnected;
        Begin(walk, -1);
    }

    private Reason CheckMass(in CommandHeader header, WalkKind kind, MassScope scope, int target, int instrument, bool asOperator)
    {
        if (FirmOf(header.Session) == 0 && !asOperator) return Reason.UnknownSession;
        if (instrument != 0 && InstrumentOf(instrument) is null) return Reason.UnknownInstrument;
        var isKnown = scope switch
        {
            MassScope.Session => IsKnown(target, _sessions.Count),
            MassScope.Firm => IsKnown(target, _firms.Count),
            _ => scope == MassScope.Venue && asOperator,
        };
        var firm = scope == MassScope.Session ? FirmOf(target) : target;
        if (!isKnown || (!asOperator && firm != FirmOf(header.Session))) return Reason.NotAuthorized;
        var asked = 0;
        foreach (ref readonly var walk in CollectionsMarshal.AsSpan(_walks))
            if (walk.Asker == header.Session && walk.Kind == kind) asked++;
        return asked < WalksPerSessionMax ? Reason.None : Reason.TooManyRequests;
    }

    private OrderWalk NewWalk(MassScope scope, int target, int instrument, Side side)
    {
        var first = scope == MassScope.Session ? target : 1;
        return new OrderWalk
        {
            Number = _seq,
            Through = _sessionOrders.Entered,
            Session = first,
            LastSession = scope == MassScope.Session ? target : _sessions.Count - 1,
            Firm = scope == MassScope.Firm ? target : OrderWalk.AllFirms,
            Instrument = instrument,
            Side = side,
            Cursor = scope == MassScope.Firm && FirmOf(first) != target ? 0 : _sessionOrders.First(first),
        };
    }

    private void Begin(OrderWalk walk, int total)
    {
        // In the list before its first slice: what that sets off may close the order that the next one begins with.
        _walks.Add(walk);
        if (Walk(ref CollectionsMarshal.AsSpan(_walks)[^1], total)) _walks.RemoveAt(_walks.Count - 1);
    }

    /// <summary>Goes one slice further; true when that was the last.</summary>
    private bool Walk(ref OrderWalk walk, int total)
    {
        _walkedCount = 0;
        _canceledOnCount = 0;
        var isDone = false;
        for (var looked = 0; looked < SliceMax && !isDone; looked++)
        {
            isDone = !TryNext(ref walk, out var slot);
            if (slot == 0) continue;
            if (walk.Kind == WalkKind.Cancel) CancelWalked(slot, walk.Reason);
            else if (walk.Kind == WalkKind.Count) CountedBy(in walk).See(walk.Session, _orders[slot].Entered, _orders[slot].Side, _orders[slot].LeavesLots);
            else
            {
                if (walk.KeptBack != 0) ReportStatus(in walk, total, isLast: false);
                walk.KeptBack = slot;
            }
        }
        if (isDone && walk.Kind == WalkKind.Status)
        {
            if (walk.KeptBack != 0) ReportStatus(in walk, total, isLast: true);
            else ReportNoStatus(walk.Asker, in walk.RequestID, total, Reason.UnknownOrder);
        }
        else if (walk.Kind == WalkKind.Count)
        {
            if (isDone) CountedBy(in walk).SeeAll();
            else CountedBy(in walk).SeeBefore(walk.Session);
        }
        ReportWalkedLevels();
        return isDone;
    }

    private LimitScope CountedBy(in OrderWalk walk) => _limits.Find(walk.LimitedFirm, walk.LimitedSession, walk.Instrument)!;

    /// <summary>Looks at one order or one session more. False at the walk's end.</summary>
    /// <param name="walk">Moved on.</param>
    /// <param name="slot">The order when it fits; 0 when not.</param>
    private bool TryNext(ref OrderWalk walk, out int slot)
    {
        slot = walk.Cursor;
        if (slot == 0 || _sessionOrders.EnteredOf(slot) > walk.Through)
        {
            slot = 0;
            walk.Cursor = 0;
            if (walk.Session >= walk.LastSession) return false;
            walk.Session++;
            if (walk.Firm is OrderWalk.AllFirms || walk.Firm == FirmOf(walk.Session)) walk.Cursor = _sessionOrders.First(walk.Session);
            return true;
        }
        // Before the order is taken out of the list.
        walk.Cursor = _sessionOrders.Next(slot);
        ref var order = ref _orders[slot];
        if ((walk.Instrument != 0 && walk.Instrument != order.Instrument) || (walk.Side != 0 && walk.Side != order.Side)) slot = 0;
        // A hit that is looked at is not ended by who asked or by who is asked: its hold time is short.
        else if (walk.Kind == WalkKind.Cancel && order.IsSpecial && _specials[slot].Look != HitLook.None) slot = 0;
        // A provider's own request does not shorten the life of its quotes.
        else if (walk.MindsLife && IsTooYoung(slot)) slot = 0;
        return true;
    }

    /// <summary>Orders that a walk will come by; -1 when that takes more than a slice.</summary>
    private int CountAtOnce(OrderWalk walk)
    {
        var count = 0;
        for (var looked = 0; looked < SliceMax; looked++)
        {
            if (!TryNext(ref walk, out var slot)) return count;
            if (slot != 0) count++;
        }
        return -1;
    }

    private void CancelWalked(int slot, Reason reason)
    {
        var instrument = _instruments[_orders[slot].Instrument]!;
        _touchedCount = 0;
        TakeOut(slot, instrument);
        for (var i = 0; i < _touchedCount; i++)
            if (!_walked.AsSpan(0, _walkedCount).Contains((instrument, _touched[i]))) _walked[_walkedCount++] = (instrument, _touched[i]);
        if (!_canceledOn.AsSpan(0, _canceledOnCount).Contains(instrument)) _canceledOn[_canceledOnCount++] = instrument;
        Report(slot, ExecType.Canceled, reason);
    }

    /// <summary>Each level once, in the order of their first change; then what the changes set off.</summary>
    private void ReportWalkedLevels()
    {
        for (var i = 0; i < _walkedCount; i++)
        {
            _touched[0] = _walked[i].Level;
            _touchedCount = 1;
            ReportLevels(_walked[i].Instrument);
        }
        foreach (var instrument in _canceledOn.AsSpan(0, _canceledOnCount))
        {
            if (instrument.Special == 0) continue;
            BeginTouching(instrument);
            EndTouching(instrument);
        }
    }

    private void ReportStatus(in OrderWalk walk, int total, bool isLast)
    {
        // The report is a part of this event, and takes no place of its own among the command's events.
        BeginReport(walk.KeptBack, ExecType.OrderStatus, Reason.None);
        _index--;
        TellStatus(walk.Asker, in walk.RequestID, total, isLast);
    }

    private void ReportNoStatus(int asker, in Text40 requestID, int total, Reason reason)
    {
        ref var e = ref BeginReport(asker, 0);
        e.ExecType = ExecType.OrderStatus;
        e.OrdStatus = OrdStatus.Rejected;
        e.Reason = reason;
        _index--;
        TellStatus(asker, in requestID, total, isLast: true);
    }

    private void TellStatus(int asker, in Text40 requestID, int total, bool isLast) => _events.On(new MassStatusReport
    {
        Header = Header<MassStatusReport>(EventType.MassStatusReport, asker, _report.Header.Instrument),
        RequestID = requestID,
        Total = total,
        IsLast = isLast ? (byte)1 : (byte)0,
        Report = _report,
    });

    /// <summary>An order was opened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Link(int slot, int session) => _sessionOrders.Add(slot, session);

    /// <summary>An order was closed: no walk may stand on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Unlink(int slot, int session)
    {
        if (_walks.Count > 0) StepOff(slot);
        if (_watches) CountClosed(slot);
        _sessionOrders.Remove(slot, session);
    }

    private void StepOff(int slot)
    {
        foreach (ref var walk in CollectionsMarshal.AsSpan(_walks))
        {
            if (walk.Cursor == slot) walk.Cursor = _sessionOrders.Next(slot);
            if (walk.KeptBack == slot) walk.KeptBack = 0;
        }
    }

    private void HashWalks(ref StateHasher hasher)
    {
        _sessionOrders.HashInto(_sessions.Count, ref hasher);
        foreach (var walk in _walks) walk.HashInto(ref hasher);
    }

    private void CheckSessionOrders()
    {
        var count = 0;
        for (var session = 1; session < _sessions.Count; session++)
        {
            long before = 0;
            for (var slot = _sessionOrders.First(session); slot != 0; slot = _sessionOrders.Next(slot), count++)
            {
                if (!_orders[slot].IsOpen || _orders[slot].Session != session || _sessionOrders.EnteredOf(slot) <= before)
                    throw new InvalidOperationException($"Slot {slot} stands wrongly in the list of session {session}");
                before = _sessionOrders.EnteredOf(slot);
            }
        }
        if (count != OpenOrders) throw new InvalidOperationException($"{count} orders are in their sessions' lists, {OpenOrders} are open");
    }
}
