using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>What is remembered and for how long: slots of closed orders, used ClOrdIDs, level pages.</summary>
internal sealed partial class NaiveVenue
{
    private void Close(NaiveOrder order)
    {
        order.IsOpen = false;
        NoteClosed(order.Firm);
        foreach (var list in new[] { order.Instrument.Pegs, order.Instrument.Trails, order.Instrument.ForAuction }) list.Remove(order);
        _closedSlots.Enqueue(order.Slot);
        if (!order.IsQuoted) _forgettable.Enqueue((order.Session, order.ClOrdID));
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

    private bool HasLevelRoom(NaiveInstrument wanted, Stand stand, NaiveOrder order, long ticks)
    {
        // Nothing to count where every page that prices could need is there.
        if (capacity.LevelPages >= 1000) return true;
        var pages = _instruments.Values.SelectMany(instrument => instrument.Pages()).ToHashSet();
        return pages.Count < capacity.LevelPages || pages.Contains((wanted, (stand, stand == Stand.Stops ? order.Terms.Trigger : default, order.Side), ticks >> 6));
    }
}
