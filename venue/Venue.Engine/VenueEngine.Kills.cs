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
        // What is engaged already covers no open order: there is nothing to look for.
        var isNew = !_kills.IsEngaged(c.Scope, c.Target);
        _kills.Set(c.Scope, c.Target, c.Engaged == 1);
        if (c.Engaged == 1 && isNew) EndKilledHits();
        if (c.Engaged == 0) _margins.Wake();
        else if (isNew && c.Scope is KillScope.Firm or KillScope.Session) CancelOf(c.Scope, c.Target);
        else if (isNew)
        {
            for (var number = 1; number <= _instrumentCount; number++)
                if (c.Scope == KillScope.Venue || c.Target == number) CancelAll(_instruments[number]!);
        }
        _events.On(new Killed { Header = Header<Killed>(EventType.Killed, 0, c.Scope == KillScope.Instrument ? c.Target : 0), Switch = c });
    }

    /// <summary>Cancels what a firm or a session has open, found in its sessions' lists and not in the books: by instrument, in each session by session, oldest first.</summary>
    private void CancelOf(KillScope scope, int target)
    {
        var covered = new List<int>();
        for (var session = 1; session < _sessions.Count; session++)
        {
            if ((scope == KillScope.Firm ? FirmOf(session) : session) != target) continue;
            for (var slot = _sessionOrders.First(session); slot != 0; slot = _sessionOrders.Next(slot)) covered.Add(slot);
        }
        foreach (var group in covered.GroupBy(slot => _orders[slot].Instrument).OrderBy(group => group.Key))
        {
            var instrument = _instruments[group.Key]!;
            BeginTouching(instrument);
            foreach (var slot in group) End(slot, instrument, ExecType.Canceled, Reason.Killed);
            EndTouching(instrument);
        }
    }

    /// <summary>Cancels book by book (shown, hidden, stops), in each buys before sells, best level first, oldest first; then what stands in none.</summary>
    private void CancelAll(Instrument<Fills> instrument)
    {
        BeginTouching(instrument);
        CancelAll(instrument, instrument.Book);
        CancelAll(instrument, instrument.Dark);
        foreach (var trigger in (ReadOnlySpan<TriggerPrice>)[TriggerPrice.LastTrade, TriggerPrice.Quote, TriggerPrice.Index]) CancelAll(instrument, instrument.Stops(trigger));
        CancelAll(instrument, instrument.Pegs);
        CancelAll(instrument, instrument.ForAuction);
        EndTouching(instrument);
    }

    private void CancelAll(Instrument<Fills> instrument, Book<Fills>? book)
    {
        if (book is null) return;
        foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            for (var more = book.TryBest(side, out var price); more;)
            {
                // What comes next is looked up before the cancel takes it away.
                more = book.TryNext(side, price, out var next);
                for (var slot = book.LevelAt(side, price).Head; slot != 0;)
                {
                    var after = _slab[slot].Next;
                    End(slot, instrument, ExecType.Canceled, Reason.Killed);
                    slot = after;
                }
                price = next;
            }
        }
    }

    private void CancelAll(Instrument<Fills> instrument, SlotList list)
    {
        for (var slot = list.First; slot != 0;)
        {
            var after = _specials[slot].After;
            End(slot, instrument, ExecType.Canceled, Reason.Killed);
            slot = after;
        }
    }

    private bool IsCovered(int slot)
    {
        var session = _orders[slot].Session;
        return _kills.Cover(FirmOf(session), session, _orders[slot].Instrument);
    }
}
