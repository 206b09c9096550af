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
        if (c.Engaged == 0)
        {
            _kills.Remove((c.Scope, c.Target));
            Wake();
        }
        else if (!_kills.Add((c.Scope, c.Target)))
        {
            // It covers nothing that is open.
        }
        else
        {
            EndKilledHits();
            if (c.Scope is KillScope.Firm or KillScope.Session) CancelOf(c.Scope, c.Target);
            else CancelAll(c.Scope, c.Target);
        }
        log.Add(new Killed { Header = Header<Killed>(EventType.Killed, 0, c.Scope == KillScope.Instrument ? c.Target : 0), Switch = c });
    }

    /// <summary>By instrument, in each session by session, oldest first; instruments without such orders are left alone.</summary>
    private void CancelOf(KillScope scope, int target)
    {
        _entered.RemoveAll(order => !order.IsOpen);
        var covered = _entered.Where(order => scope == KillScope.Firm ? _firmOf[order.Session] == target : order.Session == target).OrderBy(order => order.Session);
        foreach (var group in covered.GroupBy(order => order.Instrument.Definition.Instrument).OrderBy(group => group.Key).ToList())
        {
            Begin(_instruments[group.Key]);
            foreach (var order in group) End(order, ExecType.Canceled, Reason.Killed);
            Done(_instruments[group.Key]);
        }
    }

    private void CancelAll(KillScope scope, int target)
    {
        foreach (var (number, instrument) in _instruments.Where(pair => scope != KillScope.Instrument || pair.Key == target).OrderBy(pair => pair.Key))
        {
            Begin(instrument);
            // Book by book as the engine keeps them: a stop that buys stands among the sells.
            var sides = new[] { Side.Buy, Side.Sell };
            var orders = new[] { Stand.Lit, Stand.Dark }.SelectMany(stand => sides.SelectMany(side => instrument.BookOf(stand, default, side).Levels.Values))
                .Concat(Triggers.SelectMany(trigger => sides.Reverse().SelectMany(side => instrument.BookOf(Stand.Stops, trigger, side).Levels.Values)))
                .SelectMany(level => level).Concat(instrument.Pegs).Concat(instrument.ForAuction).Distinct();
            foreach (var order in orders.ToList()) End(order, ExecType.Canceled, Reason.Killed);
            Done(instrument);
        }
    }

    /// <summary>Every switch that would stop an order.</summary>
    private (KillScope Scope, int Target)[] Switches(int session, int instrument) =>
        [(KillScope.Venue, 0), (KillScope.Firm, _firmOf[session]), (KillScope.Session, session), (KillScope.Instrument, instrument)];
}
