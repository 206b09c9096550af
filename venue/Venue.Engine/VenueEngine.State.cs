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
            instrument.HashFees(ref hasher);
            HashBook(instrument.Book, ref hasher);
            HashTrading(instrument, ref hasher);
            instrument.Open.HashInto(ref hasher);
        }
        _selfTrades.HashInto(ref hasher);
        HashLimits(ref hasher);
        HashAccounts(ref hasher);
        _positions.HashInto(ref hasher);
        _margins.HashInto(ref hasher);
        _orders.HashInto(ref hasher);
        _ids.HashInto(ref hasher, _orders);
        hasher.Add(_pages.Left);
        HashWalks(ref hasher);
        HashPresences(ref hasher);
        HashQuotes(ref hasher);
        _requests.HashInto(ref hasher);
        foreach (ref readonly var request in _requests.Requests)
        {
            if (request.Hit == 0) continue;
            HashOrder(request.Maker, ref hasher);
            HashOrder(request.Taker, ref hasher);
        }
        return hasher.Value;
    }

    private void HashBook(Book<Fills>? book, ref StateHasher hasher)
    {
        if (book is null) return;
        foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
            for (var more = book.TryBest(side, out var price); more; more = book.TryNext(side, price, out price))
                for (var slot = book.LevelAt(side, price).Head; slot != 0; slot = _slab[slot].Next)
                {
                    hasher.Add(price.Ticks);
                    HashOrder(slot, ref hasher);
                }
    }

    private void HashOrder(int slot, ref StateHasher hasher)
    {
        hasher.Add(slot);
        hasher.Add(EntryOf(slot));
        _orders[slot].HashInto(ref hasher);
        if (_orders[slot].IsSpecial) _specials[slot].HashInto(ref hasher);
    }

    /// <summary>Adds what is beside the shown book. Which books were made yet decides nothing.</summary>
    private void HashTrading(Instrument<Fills> instrument, ref StateHasher hasher)
    {
        HashDefinition(in instrument.Trading, ref hasher);
        hasher.Add((int)instrument.Phase, instrument.Special);
        hasher.Add(instrument.PhaseUntilNs);
        hasher.Add(instrument.LastTicks);
        hasher.Add(instrument.IndexTicks);
        hasher.Add(instrument.StaticTicks);
        hasher.Add(instrument.IndicativeToldNs);
        hasher.Add(instrument.IndicativeDueNs);
        hasher.AddWords(in instrument.Indicative);
        hasher.Add(instrument.PeggedTo.Bid);
        hasher.Add(instrument.PeggedTo.Ask);
        HashBook(instrument.Dark, ref hasher);
        foreach (var trigger in (ReadOnlySpan<TriggerPrice>)[TriggerPrice.LastTrade, TriggerPrice.Quote, TriggerPrice.Index]) HashBook(instrument.Stops(trigger), ref hasher);
        foreach (var list in (ReadOnlySpan<SlotList>)[instrument.Pegs, instrument.Trails, instrument.ForAuction])
        {
            hasher.Add(list.Count);
            for (var slot = list.First; slot != 0; slot = _specials[slot].After) HashOrder(slot, ref hasher);
        }
    }

    /// <summary>Throws with a precise text when something that must always be true is not.</summary>
    /// <exception cref="InvalidOperationException">An invariant is broken.</exception>
    public void CheckInvariants()
    {
        _balances.CheckConserved();
        CheckWithdrawals();
        CheckSessionOrders();
        CheckCounts();
        CheckMargins();
        var holds = new Dictionary<(int Firm, int Asset), Int128>();
        var open = 0;
        for (var number = 1; number <= _instrumentCount; number++)
        {
            var instrument = _instruments[number]!;
            open += CheckInstrument(instrument, holds);
        }
        open += CheckHits(holds);
        _specials.Check();
        if (open != OpenOrders) throw new InvalidOperationException($"{open} orders rest, {OpenOrders} are open");
        for (var firm = 0; firm < _firms.Count; firm++)
            for (var asset = 1; asset < _assets.Count; asset++)
            {
                var expected = holds.GetValueOrDefault((firm, asset));
                var held = _balances.Of(firm, asset).Held;
                if (held != expected) throw new InvalidOperationException($"Firm {firm} asset {asset}: held {held}, its orders hold {expected}");
            }
    }

    private int CheckInstrument(Instrument<Fills> instrument, Dictionary<(int Firm, int Asset), Int128> holds)
    {
        var open = 0;
        var counted = 0;
        foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            open += CheckSide(instrument, instrument.Book, Place.Lit, side, holds, ref counted);
            if (instrument.Dark is not null) open += CheckSide(instrument, instrument.Dark, Place.Dark, side, holds, ref counted);
            foreach (var trigger in (ReadOnlySpan<TriggerPrice>)[TriggerPrice.LastTrade, TriggerPrice.Quote, TriggerPrice.Index])
                if (instrument.Stops(trigger) is { } stops) open += CheckSide(instrument, stops, Place.Stops, side, holds, ref counted);
        }
        foreach (var list in (ReadOnlySpan<SlotList>)[instrument.Pegs, instrument.Trails, instrument.ForAuction])
            for (var slot = list.First; slot != 0; slot = _specials[slot].After)
            {
                if (!_orders[slot].IsOpen) throw new InvalidOperationException($"Instrument {instrument.Number}: slot {slot} is listed but closed");
                if (_specials[slot].Place != Place.Nowhere) continue;
                CheckOrder(slot, instrument, holds, ref counted);
                open++;
            }
        if ((instrument.Special & 0xFFFFFF) != counted) throw new InvalidOperationException($"Instrument {instrument.Number}: {counted} orders count as special, it says {instrument.Special:x}");
        if (instrument.Trading.DynamicBandPpm > 0 && instrument.DynamicTicks != instrument.LastTicks)
            throw new InvalidOperationException($"Instrument {instrument.Number}: the dynamic band lies around {instrument.DynamicTicks}, the last trade was at {instrument.LastTicks}");
        if (instrument.Phase == Phase.Continuous && instrument.Depth.TryBest(Side.Buy, out var bid, out _) && instrument.Depth.TryBest(Side.Sell, out var ask, out _) && bid >= ask)
            throw new InvalidOperationException($"Instrument {instrument.Number}: crossed, {bid} against {ask}");
        return open;
    }

    /// <summary>Checks one side of one book level by level and adds its orders' holds; returns how many orders rest there.</summary>
    private int CheckSide(Instrument<Fills> instrument, Book<Fills> book, Place place, Side side, Dictionary<(int Firm, int Asset), Int128> holds, ref int counted)
    {
        var count = 0;
        for (var more = book.TryBest(side, out var price); more;)
        {
            var level = book.LevelAt(side, price);
            var name = $"Instrument {instrument.Number} {place} {side} {price}";
            long lots = 0;
            long reserve = 0;
            var last = 0;
            for (var slot = level.Head; slot != 0; last = slot, slot = _slab[slot].Next)
            {
                CheckResting(slot, last, instrument.Number, place, side, price);
                CheckOrder(slot, instrument, holds, ref counted);
                lots += _slab[slot].Lots;
                if (_orders[slot].IsSpecial) reserve += _specials[slot].ReserveLots;
                if (place == Place.Lit && last != 0 && EntryOf(slot) <= EntryOf(last)) throw new InvalidOperationException($"{name}: entry {EntryOf(slot)} behind {EntryOf(last)}");
                count++;
            }
            if (lots == 0 || lots != level.Lots || last != level.Tail || lots + reserve != book.TotalAt(side, price).Lots)
                throw new InvalidOperationException($"{name}: orders sum to {lots} + {reserve} lots and end at slot {last}, the level has {level.Lots}, in all {book.TotalAt(side, price)}, and {level.Tail}");
            more = book.TryNext(side, price, out var next);
            if (more && (side == Side.Buy ? next >= price : next <= price)) throw new InvalidOperationException($"{name}: followed by {next}");
            price = next;
        }
        return count;
    }

    private void CheckResting(int slot, int before, int instrument, Place place, Side side, Price price)
    {
        ref var resting = ref _slab[slot];
        ref var order = ref _orders[slot];
        var stands = order.IsSpecial ? _specials[slot].Place : Place.Lit;
        var isRight = resting.Prev == before && resting.Side == side && resting.Ticks == price.Ticks && resting.Lots > 0
            && order.IsOpen && order.Instrument == instrument && stands == place;
        isRight &= place switch
        {
            Place.Stops => order.Side != side && _specials[slot].Terms.StopTicks == price.Ticks,
            Place.Dark when _specials[slot].OrdType == OrdType.Pegged => order.Side == side && Reaches(side, price.Ticks, order.Ticks),
            _ => order.Side == side && order.Ticks == price.Ticks,
        };
        var reserve = order.IsSpecial ? _specials[slot].ReserveLots : 0;
        if (!isRight || order.LeavesLots != resting.Lots + reserve || reserve < 0)
            throw new InvalidOperationException($"Slot {slot} ({place}): book and order do not agree");
    }

    /// <summary>What is true of every open order wherever it stands; adds its hold, of a pair once.</summary>
    private void CheckOrder(int slot, Instrument<Fills> instrument, Dictionary<(int Firm, int Asset), Int128> holds, ref int counted)
    {
        ref var order = ref _orders[slot];
        var hash = _ids.HashOf(order.Session, in order.ClOrdID);
        if (order.IsQuote) CheckQuoteSlots(slot);
        else if (_ids.OrderAt(order.IDPlace) != slot || _ids.Find(in hash) != order.IDPlace)
            throw new InvalidOperationException($"Slot {slot} ({order.ClOrdID} of session {order.Session}): order and ClOrdID do not agree");
        if (IsCovered(slot)) throw new InvalidOperationException($"Instrument {instrument.Number}: slot {slot} is open under an engaged kill switch");
        var owner = (FirmOf(order.Session), instrument.PaidAsset(order.Side));
        var partner = order.IsSpecial ? _specials[slot].Partner : 0;
        if (partner != 0 && (_specials[partner].Partner != slot || !_orders[partner].IsOpen)) throw new InvalidOperationException($"Slots {slot} and {partner} are no pair");
        if (partner < slot) holds[owner] = holds.GetValueOrDefault(owner) + HoldOf(slot, instrument);
        if (!order.IsSpecial) return;
        counted += _specials[slot].IsCounted;
        if (_specials[slot].Terms.ExpireNs != 0 && (_specials[slot].HeapIndex == 0 || _specials[slot].Terms.ExpireNs <= _timeNs))
            throw new InvalidOperationException($"Slot {slot} should have expired");
    }

    /// <summary>Adds a definition's content but not the header it came with.</summary>
    private static void HashDefinition<T>(in T definition, ref StateHasher hasher) where T : unmanaged
    {
        var copy = definition;
        Command.Header(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<T>(ref copy))) = default;
        hasher.AddWords(in copy);
    }
}
