using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Mass requests and lost sessions.</summary>
internal sealed partial class NaiveVenue
{
    private const int SliceMax = 64;

    private readonly List<NaiveOrder> _entered = [];
    private readonly List<NaiveWalk> _walks = [];
    private readonly Dictionary<int, Connect> _connected = [];

    /// <summary>What is to be looked at: orders, and null where one session ends and the next begins.</summary>
    private sealed class NaiveWalk
    {
        public required long Number;
        public required int Asker;
        public required Queue<NaiveOrder?> Ahead;
        public required Reason CancelFor;
        public required Text40 RequestID;
        public required Func<NaiveOrder, bool> Fits;
        public bool IsCount;
        public NaiveOrder? KeptBack;
        public int Total = -1;
    }

    private void Cancel(in MassCancel c)
    {
        var reason = CheckMass(false, c.Scope, c.Target, c.Instrument, c.AsOperator != 0);
        var walk = reason == Reason.None ? NewWalk(c.Scope, c.Target, c.Instrument, c.Side, Reason.MassCanceled, mindsLife: c.AsOperator == 0) : null;
        log.Add(new MassCancelReport
        {
            Header = Header<MassCancelReport>(EventType.MassCancelReport, _command.Session, c.Instrument),
            ClOrdID = c.ClOrdID, Side = c.Side, Scope = c.Scope, Reason = reason, Affected = walk is null ? 0 : CountAtOnce(walk),
        });
        if (walk is not null) Begin(walk);
    }

    private void Status(in MassStatus c)
    {
        var reason = CheckMass(true, c.Scope, c.Target, c.Instrument, c.AsOperator != 0);
        if (reason != Reason.None)
        {
            TellNone(c.RequestID, _command.Session, 0, reason);
            return;
        }
        var walk = NewWalk(c.Scope, c.Target, c.Instrument, c.Side, Reason.None);
        walk.RequestID = c.RequestID;
        walk.Total = CountAtOnce(walk);
        Begin(walk);
    }

    private void Continue(in ContinueWalk c)
    {
        var number = c.Walk;
        var walk = _walks.Find(w => w.Number == number);
        if (walk is null)
        {
            Refuse(Reason.Contradiction);
            return;
        }
        walk.Total = -1;
        if (Walk(walk)) _walks.Remove(walk);
    }

    private void Connect(in Connect c)
    {
        if (!_firmOf.ContainsKey(_command.Session) || (byte)c.CancelOnDisconnect > 2 || c.SelfTradeGroup < 0 || !Enum.IsDefined(c.SelfTradeMode))
        {
            Refuse(Reason.Contradiction);
            return;
        }
        _connected[_command.Session] = c;
        log.Add(new SessionConnected { Header = Header<SessionConnected>(EventType.SessionConnected, _command.Session, 0), Connect = c });
    }

    private void Disconnect(in Disconnect c)
    {
        if (!_connected.Remove(_command.Session, out var connect))
        {
            Refuse(Reason.Contradiction);
            return;
        }
        log.Add(new SessionDisconnected { Header = Header<SessionDisconnected>(EventType.SessionDisconnected, _command.Session, 0), Disconnect = c });
        EndRequestsOf(_command.Session);
        if (connect.CancelOnDisconnect == CancelOnDisconnect.None || (c.Cause == DisconnectCause.Logout && connect.CancelOnLogout == 0)) return;
        var isFirm = connect.CancelOnDisconnect == CancelOnDisconnect.Firm;
        var walk = NewWalk(isFirm ? MassScope.Firm : MassScope.Session, isFirm ? _firmOf[_command.Session] : _command.Session, 0, 0, Reason.Disconnected);
        walk.Asker = 0;
        Begin(walk);
    }

    private Reason CheckMass(bool isStatus, MassScope scope, int target, int instrument, bool asOperator)
    {
        var own = _firmOf.GetValueOrDefault(_command.Session);
        if (own == 0 && !asOperator) return Reason.UnknownSession;
        if (instrument != 0 && !_instruments.ContainsKey(instrument)) return Reason.UnknownInstrument;
        var firm = scope switch
        {
            MassScope.Session => _firmOf.TryGetValue(target, out var of) ? of : -1,
            MassScope.Firm => target is >= 1 and <= 4 ? target : -1,
            MassScope.Venue => 0,
            _ => -1,
        };
        if (firm < 0 || (!asOperator && (scope == MassScope.Venue || firm != own))) return Reason.NotAuthorized;
        return _walks.Count(walk => walk.Asker == _command.Session && walk.CancelFor == Reason.None == isStatus && !walk.IsCount) < 4 ? Reason.None : Reason.TooManyRequests;
    }

    private NaiveWalk NewWalk(MassScope scope, int target, int instrument, Side side, Reason cancelFor, bool mindsLife = false)
    {
        _entered.RemoveAll(order => !order.IsOpen);
        var ahead = new Queue<NaiveOrder?>();
        var (first, last) = scope == MassScope.Session ? (target, target) : (1, _firmOf.Count);
        for (var session = first; session <= last; session++)
        {
            var (number, isCovered) = (session, scope != MassScope.Firm || _firmOf[session] == target);
            foreach (var order in _entered.Where(order => isCovered && order.Session == number)) ahead.Enqueue(order);
            if (session < last) ahead.Enqueue(null);
        }
        return new NaiveWalk
        {
            Number = _command.Seq, Asker = _command.Session, Ahead = ahead, CancelFor = cancelFor, RequestID = default,
            Fits = order => !(order.IsLookedAt && cancelFor != Reason.None) && (instrument == 0 || order.Instrument.Definition.Instrument == instrument) && (side == 0 || order.Side == side) && !(mindsLife && IsYoung(order)),
        };
    }

    private static int CountAtOnce(NaiveWalk walk) => walk.Ahead.Count < SliceMax ? walk.Ahead.Count(order => order is not null && walk.Fits(order)) : -1;

    private void Begin(NaiveWalk walk)
    {
        if (!Walk(walk)) _walks.Add(walk);
    }

    private bool Walk(NaiveWalk walk)
    {
        var left = new Leavers();
        var isDone = false;
        for (var looked = 0; looked < SliceMax && !isDone; looked++)
        {
            while (walk.Ahead.TryPeek(out var next) && next is { IsOpen: false }) walk.Ahead.Dequeue();
            isDone = !walk.Ahead.TryDequeue(out var order);
            if (walk.IsCount || order is null || !walk.Fits(order)) continue;
            if (walk.CancelFor == Reason.None)
            {
                if (walk.KeptBack is { IsOpen: true }) Tell(walk, isLast: false);
                walk.KeptBack = order;
                continue;
            }
            Leave(order, walk.CancelFor, left);
        }
        if (isDone && walk.CancelFor == Reason.None && !walk.IsCount)
        {
            if (walk.KeptBack is { IsOpen: true }) Tell(walk, isLast: true);
            else TellNone(walk.RequestID, walk.Asker, walk.Total, Reason.UnknownOrder);
        }
        TellLeft(left);
        return isDone;
    }

    /// <summary>What orders that are canceled one after the other leave behind.</summary>
    private sealed class Leavers
    {
        public List<(NaiveInstrument Instrument, Side Side, long Ticks)> Levels { get; } = [];
        public List<NaiveInstrument> Instruments { get; } = [];
    }

    private void Leave(NaiveOrder order, Reason reason, Leavers left)
    {
        var level = (order.Instrument, order.Side, order.At);
        if (order.Stand == Stand.Lit && !left.Levels.Contains(level)) left.Levels.Add(level);
        if (!left.Instruments.Contains(order.Instrument)) left.Instruments.Add(order.Instrument);
        TakeOut(order);
        Report(order, ExecType.Canceled, reason);
    }

    /// <summary>Each level once, in the order of their first change; then what the changes set off.</summary>
    private void TellLeft(Leavers left)
    {
        foreach (var (instrument, side, ticks) in left.Levels)
        {
            _touched.Clear();
            Touch(side, ticks);
            ReportLevels(instrument);
        }
        foreach (var instrument in left.Instruments)
        {
            Begin(instrument);
            Done(instrument);
        }
    }

    private void Tell(NaiveWalk walk, bool isLast)
    {
        var report = ReportOf(walk.KeptBack!, ExecType.OrderStatus, Reason.None);
        _index--;
        log.Add(new MassStatusReport
        {
            Header = Header<MassStatusReport>(EventType.MassStatusReport, walk.Asker, report.Header.Instrument),
            RequestID = walk.RequestID, Total = walk.Total, IsLast = isLast ? (byte)1 : (byte)0, Report = report,
        });
    }

    private void TellNone(Text40 requestID, int asker, int total, Reason reason)
    {
        var report = new ExecReport { Header = Header<ExecReport>(EventType.ExecReport, asker, 0), ExecType = ExecType.OrderStatus, OrdStatus = OrdStatus.Rejected, Reason = reason };
        _index--;
        log.Add(new MassStatusReport { Header = Header<MassStatusReport>(EventType.MassStatusReport, asker, 0), RequestID = requestID, Total = total, IsLast = 1, Report = report });
    }
}
