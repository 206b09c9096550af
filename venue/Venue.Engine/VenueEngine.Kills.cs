using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Kill switches: what they cover is canceled when they are engaged, and refused until they are lifted.</summary>
public sealed partial class VenueEngine<TEvents>
{
    // Few and rarely any: an order looks at the count first. Sorted, so that the state's hash knows one order.
    private readonly SortedSet<(KillScope Scope, int Target)> _kills = [];

    private void On(in Kill c)
    {
        var exists = c.Scope switch
        {
            KillScope.Venue => c.Target == 0,
            KillScope.Firm => (uint)c.Target < (uint)_firms.Count,
            KillScope.Session => IsKnown(c.Target, _sessions.Count),
            KillScope.Instrument => c.Target >= 1 && c.Target <= _instrumentCount,
            _ => false,
        };
        if (!exists || c.Engaged > 1)
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        if (c.Engaged == 0)
        {
            _kills.Remove((c.Scope, c.Target));
        }
        else
        {
            _kills.Add((c.Scope, c.Target));
            for (var number = 1; number <= _instrumentCount; number++)
                if (c.Scope != KillScope.Instrument || c.Target == number) CancelCovered(_instruments[number]!, c.Scope, c.Target);
        }
        _events.On(new Killed { Header = Header<Killed>(EventType.Killed, 0, c.Scope == KillScope.Instrument ? c.Target : 0), Switch = c });
    }

    private bool IsKilled(int session, int instrument) => _kills.Count > 0
        && (_kills.Contains((KillScope.Venue, 0)) || _kills.Contains((KillScope.Firm, FirmOf(session)))
            || _kills.Contains((KillScope.Session, session)) || _kills.Contains((KillScope.Instrument, instrument)));

    /// <summary>Cancels in the book's own order: buys before sells, best level first, oldest first.</summary>
    private void CancelCovered(Instrument<Fills> instrument, KillScope scope, int target)
    {
        _touchedCount = 0;
        foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            for (var more = instrument.Book.TryBest(side, out var price); more;)
            {
                // What comes next is looked up before the cancel takes it away.
                more = instrument.Book.TryNext(side, price, out var next);
                for (var slot = instrument.Book.LevelAt(side, price).Head; slot != 0;)
                {
                    var after = _slab[slot].Next;
                    var session = _ids[_orders[slot].ClOrdID].Session;
                    if (scope is KillScope.Venue or KillScope.Instrument || (scope == KillScope.Firm ? FirmOf(session) : session) == target) CancelKilled(slot, instrument);
                    slot = after;
                }
                price = next;
            }
        }
        ReportLevels(instrument);
    }

    private void CancelKilled(int slot, Instrument<Fills> instrument)
    {
        ref var order = ref _orders[slot];
        Touch(order.Side, order.Ticks);
        instrument.Book.Cancel(slot);
        MoveHold(ref order, instrument, -HoldOf(in order, instrument));
        Finish(slot);
        Report(slot, ExecType.Canceled, Reason.Killed);
    }

    private void HashKills(ref StateHasher hasher)
    {
        hasher.Add(_kills.Count);
        foreach (var (scope, target) in _kills) hasher.Add((int)scope, target);
    }
}
