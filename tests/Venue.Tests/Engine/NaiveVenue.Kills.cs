using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Kill switches.</summary>
internal sealed partial class NaiveVenue
{
    private void Kill(in Kill c)
    {
        var highest = c.Scope switch { KillScope.Firm => 4, KillScope.Session => _firmOf.Count, KillScope.Instrument => _instruments.Count, _ => 0 };
        var isKnown = c.Scope == KillScope.Venue ? c.Target == 0 : c.Target >= 1 && c.Target <= highest;
        if (!isKnown || c.Engaged > 1)
        {
            Refuse(Reason.Contradiction);
            return;
        }
        if (c.Engaged == 0) _kills.Remove((c.Scope, c.Target));
        else if (_kills.Add((c.Scope, c.Target))) CancelAll(c.Scope, c.Target);
        log.Add(new Killed { Header = Header<Killed>(EventType.Killed, 0, c.Scope == KillScope.Instrument ? c.Target : 0), Switch = c });
    }

    private void CancelAll(KillScope scope, int target)
    {
        foreach (var (number, instrument) in _instruments.OrderBy(pair => pair.Key))
        {
            _touched.Clear();
            var orders = new[] { Side.Buy, Side.Sell }.SelectMany(side => instrument.Book(side).Values.SelectMany(level => level));
            foreach (var order in orders.Where(order => Switches(order.Session, number).Contains((scope, target))).ToList())
            {
                TakeOut(order);
                Report(order, ExecType.Canceled, Reason.Killed);
            }
            ReportLevels(instrument);
        }
    }

    /// <summary>Every switch that would stop an order.</summary>
    private (KillScope Scope, int Target)[] Switches(int session, int instrument) =>
        [(KillScope.Venue, 0), (KillScope.Firm, _firmOf[session]), (KillScope.Session, session), (KillScope.Instrument, instrument)];
}
