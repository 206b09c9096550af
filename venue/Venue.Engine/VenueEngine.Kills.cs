using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Kill switches: what they cover is canceled when they are engaged, and new orders are refused until they are lifted.</summary>
/// <remarks>So no open order is ever covered, and a replace needs no check of its own: its order is gone.</remarks>
public sealed partial class VenueEngine<TEvents>
{
    private readonly KillSwitches _kills = new();

    private void On(in Kill c)
    {
        var exists = c.Scope switch
        {
            KillScope.Venue => c.Target == 0,
            // The house does not trade: a switch without a number would cover nothing, and nobody would know.
            KillScope.Firm => IsKnown(c.Target, _firms.Count),
            KillScope.Session => IsKnown(c.Target, _sessions.Count),
            KillScope.Instrument => IsKnown(c.Target, _instrumentCount + 1),
            _ => false,
        };
        if (!exists || c.Engaged > 1)
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        _kills.Set(c.Scope, c.Target, c.Engaged == 1);
        if (c.Engaged == 1)
        {
            for (var number = 1; number <= _instrumentCount; number++)
                if (c.Scope != KillScope.Instrument || c.Target == number) CancelCovered(_instruments[number]!);
        }
        _events.On(new Killed { Header = Header<Killed>(EventType.Killed, 0, c.Scope == KillScope.Instrument ? c.Target : 0), Switch = c });
    }

    /// <summary>Cancels in the book's own order: buys before sells, best level first, oldest first.</summary>
    private void CancelCovered(Instrument<Fills> instrument)
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
                    if (IsCovered(slot)) CancelKilled(slot, instrument);
                    slot = after;
                }
                price = next;
            }
        }
        ReportLevels(instrument);
    }

    private bool IsCovered(int slot)
    {
        var session = _ids[_orders[slot].ClOrdID].Session;
        return _kills.Cover(FirmOf(session), session, _orders[slot].Instrument);
    }

    private void CancelKilled(int slot, Instrument<Fills> instrument)
    {
        TakeOut(slot, instrument);
        Report(slot, ExecType.Canceled, Reason.Killed);
    }
}
