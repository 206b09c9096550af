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
        else if (_kills.Add((c.Scope, c.Target))) CancelAll(c.Scope, c.Target);
        log.Add(new Killed { Header = Header<Killed>(EventType.Killed, 0, c.Scope == KillScope.Instrument ? c.Target : 0), Switch = c });
    }

    private void CancelAll(KillScope scope, int target)
    {
        if (scope is KillScope.Firm or KillScope.Session)
        {
            CancelOf(scope == KillScope.Firm ? MassScope.Firm : MassScope.Session, target);
            return;
        }
        foreach (var (_, instrument) in _instruments.Where(pair => scope != KillScope.Instrument || pair.Key == target).OrderBy(pair => pair.Key))
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

    /// <summary>As a mass cancel does it, slice after slice; what the cancels set off comes after all of them.</summary>
    private void CancelOf(MassScope scope, int target)
    {
        var walk = NewWalk(scope, target, 0, 0, Reason.Killed);
        for (var isDone = false; !isDone;)
        {
            var left = new Leavers();
            isDone = Look(walk, left);
            TellLevels(left);
        }
        SetOff(_instruments.OrderBy(pair => pair.Key).Select(pair => pair.Value));
    }

    /// <summary>Every switch that would stop an order.</summary>
    private (KillScope Scope, int Target)[] Switches(int session, int instrument) =>
        [(KillScope.Venue, 0), (KillScope.Firm, _firmOf[session]), (KillScope.Session, session), (KillScope.Instrument, instrument)];
}
