using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Looking at the whole state: its hash and its invariants. Slow, for tools, tests and replicas.</summary>
public sealed partial class VenueEngine<TEvents>
{
    /// <summary>A hash over everything that decides later events; equal on every machine after the same commands.</summary>
    public ulong StateHash()
    {
        var hasher = new StateHasher();
        hasher.Add(_seq);
        hasher.Add(_timeNs);
        foreach (var asset in _assets) HashDefinition(in asset, ref hasher);
        foreach (var firm in _firms) HashDefinition(in firm, ref hasher);
        foreach (var session in _sessions) HashDefinition(in session, ref hasher);
        foreach (var credit in _credits) HashDefinition(in credit, ref hasher);
        _balances.HashInto(ref hasher);
        HashWithdrawals(ref hasher);
        _kills.HashInto(ref hasher);
        for (var number = 1; number <= _instrumentCount; number++)
        {
            var instrument = _instruments[number]!;
            HashDefinition(in instrument.Definition, ref hasher);
            hasher.Add(instrument.LastTradeID);
            hasher.Add(instrument.ReferenceTicks);
            hasher.Add(instrument.LotsEver);
            hasher.Add(instrument.TicksEver);
            foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
                for (var more = instrument.Book.TryBest(side, out var price); more; more = instrument.Book.TryNext(side, price, out price))
                    for (var slot = instrument.Book.LevelAt(side, price).Head; slot != 0; slot = _slab[slot].Next)
                    {
                        hasher.Add(slot);
                        _orders[slot].HashInto(ref hasher);
                        _ids.HashInto(_orders[slot].ClOrdID, ref hasher);
                    }
        }
        _orders.HashInto(ref hasher);
        _ids.HashInto(ref hasher, _orders);
        hasher.Add(_pages.Left);
        HashWalks(ref hasher);
        HashPresences(ref hasher);
        return hasher.Value;
    }

    /// <summary>Throws with a precise text when something that must always be true is not.</summary>
    /// <exception cref="InvalidOperationException">An invariant is broken.</exception>
    public void CheckInvariants()
    {
        _balances.CheckConserved();
        CheckWithdrawals();
        CheckSessionOrders();
        var holds = new Dictionary<(int Firm, int Asset), Int128>();
        var open = 0;
        for (var number = 1; number <= _instrumentCount; number++)
        {
            var instrument = _instruments[number]!;
            open += CheckSide(instrument, Side.Buy, holds) + CheckSide(instrument, Side.Sell, holds);
            if (instrument.Book.TryBest(Side.Buy, out var bid) && instrument.Book.TryBest(Side.Sell, out var ask) && bid >= ask)
                throw new InvalidOperationException($"Instrument {number}: crossed, {bid} against {ask}");
        }
        if (open != OpenOrders) throw new InvalidOperationException($"{open} orders rest, {OpenOrders} are open");
        for (var firm = 0; firm < _firms.Count; firm++)
            for (var asset = 1; asset < _assets.Count; asset++)
            {
                var expected = holds.GetValueOrDefault((firm, asset));
                var held = _balances.Of(firm, asset).Held;
                if (held != expected) throw new InvalidOperationException($"Firm {firm} asset {asset}: held {held}, its orders hold {expected}");
            }
    }

    /// <summary>Checks one side level by level and adds its orders' holds; returns how many orders rest there.</summary>
    private int CheckSide(Instrument<Fills> instrument, Side side, Dictionary<(int Firm, int Asset), Int128> holds)
    {
        var book = instrument.Book;
        var count = 0;
        for (var more = book.TryBest(side, out var price); more;)
        {
            var level = book.LevelAt(side, price);
            var name = $"Instrument {instrument.Number} {side} {price}";
            long lots = 0;
            var last = 0;
            for (var slot = level.Head; slot != 0; last = slot, slot = _slab[slot].Next)
            {
                CheckResting(slot, last, instrument.Number, side, price);
                if (IsCovered(slot)) throw new InvalidOperationException($"{name}: slot {slot} rests under an engaged kill switch");
                ref var order = ref _orders[slot];
                lots += _slab[slot].Lots;
                var owner = (FirmOf(_ids[order.ClOrdID].Session), instrument.PaidAsset(side));
                holds[owner] = holds.GetValueOrDefault(owner) + HoldOf(in order, instrument);
                count++;
            }
            if (lots == 0 || lots != level.Lots || last != level.Tail)
                throw new InvalidOperationException($"{name}: orders sum to {lots} lots and end at slot {last}, the level has {level.Lots} and {level.Tail}");
            more = book.TryNext(side, price, out var next);
            if (more && (side == Side.Buy ? next >= price : next <= price)) throw new InvalidOperationException($"{name}: followed by {next}");
            price = next;
        }
        return count;
    }

    private void CheckResting(int slot, int before, int instrument, Side side, Price price)
    {
        ref var resting = ref _slab[slot];
        ref var order = ref _orders[slot];
        ref readonly var id = ref _ids[order.ClOrdID];
        var isRight = resting.Prev == before && resting.Side == side && resting.Ticks == price.Ticks && resting.Lots > 0
            && order.IsOpen && order.Instrument == instrument && order.Side == side && order.Ticks == price.Ticks
            && order.LeavesLots == resting.Lots && id.Order == slot
            && _ids.Find(_ids.HashOf(id.Session, in id.ClOrdID), id.Session, in id.ClOrdID) == order.ClOrdID;
        if (!isRight) throw new InvalidOperationException($"Slot {slot} ({id.ClOrdID} of session {id.Session}): book, order and ClOrdID do not agree");
    }

    /// <summary>Adds a definition's content but not the header it came with.</summary>
    private static void HashDefinition<T>(in T definition, ref StateHasher hasher) where T : unmanaged
    {
        var copy = definition;
        Command.Header(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<T>(ref copy))) = default;
        hasher.AddWords(in copy);
    }
}
