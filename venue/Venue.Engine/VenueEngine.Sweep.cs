using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Matching on the long path: one maker after the other, shown before hidden at a price, as the instrument allocates.</summary>
public sealed partial class VenueEngine<TEvents>
{
    /// <summary>The oldest orders at a price that share, or are compared by size; those behind come by time alone.</summary>
    private const int ShareMax = 1024;

    /// <summary>
    /// Trades as far as the limit and the bands allow. An order that meets one of its own group may be ended by it; one that
    /// would break a band starts a volatility auction; else the caller deals with what is left.
    /// </summary>
    private void Sweep(int slot, Instrument<Fills> instrument, long limitTicks, bool isHeld)
    {
        _taker = slot;
        _takerIsHeld = isHeld;
        ref var order = ref _orders[slot];
        var makers = Opposite(order.Side);
        var depth = instrument.Depth;
        var edge = instrument.Edge(order.Side, limitTicks);
        while (order.LeavesLots > 0 && depth.TryBest(makers, out var price, out var isDark) && Reaches(order.Side, price.Ticks, edge))
        {
            var book = isDark ? instrument.Dark! : instrument.Book;
            var allocation = isDark ? Allocation.PriceTime : instrument.Trading.Allocation;
            var head = book.LevelAt(makers, price).Head;
            if (FindOwn(head, slot, allocation) is not 0 and var own) Prevent(own, slot, instrument, price);
            else if (allocation == Allocation.ProRata && Share(head, slot, instrument, price)) continue;
            else if (!Fill(allocation == Allocation.PriceSizeTime ? LargestOf(head) : head, slot, instrument, price, order.LeavesLots)) return;
        }
        if (order.LeavesLots > 0 && edge != limitTicks && Crosses(instrument, order.Side, limitTicks)) BeginVolatilityAuction(instrument);
    }

    /// <summary>Trades with one maker; false when the taker's balance does not cover the price and ends the order.</summary>
    private bool Fill(int makerSlot, int takerSlot, Instrument<Fills> instrument, Price price, long mostLots)
    {
        var lots = Math.Min(mostLots, _slab[makerSlot].Lots);
        ref var taker = ref _orders[takerSlot];
        if (!_takerIsHeld && taker.Side == Side.Buy)
        {
            // What was walked before may have gone meanwhile, prevented from trading, so that prices are worse than they were.
            ref var definition = ref instrument.Definition;
            var available = _balances.Of(FirmOf(taker.Session), definition.QuoteAsset).Available;
            lots = Math.Min(lots, Money.LotsFor(available, price.Ticks, definition.TickLotAtoms, taker.TakerFeePpm));
            if (lots == 0)
            {
                EndUnheld(takerSlot, Reason.Uncovered);
                return false;
            }
        }
        var partners = (PartWith(makerSlot, instrument), PartWith(takerSlot, instrument));
        var quantity = new Quantity(lots);
        var refill = TakeFrom(makerSlot, instrument, quantity);
        if (PlaceOf(makerSlot) == Place.Lit) Touch(_orders[makerSlot].Side, (int)price.Ticks);
        Execute(makerSlot, price, quantity);
        if (refill) Refill(makerSlot, instrument);
        EndParted(partners.Item1);
        EndParted(partners.Item2);
        return true;
    }

    /// <summary>Takes from a resting order's book what it trades; true when an iceberg must show more afterwards.</summary>
    private bool TakeFrom(int slot, Instrument<Fills> instrument, Quantity quantity)
    {
        var book = PlaceOf(slot) == Place.Dark ? instrument.Dark! : instrument.Book;
        if (_orders[slot].IsSpecial && _specials[slot].ReserveLots > 0 && _slab[slot].Lots == quantity.Lots) return true;
        book.Take(slot, quantity);
        return false;
    }

    /// <summary>Shows the next part of an iceberg, last at its price.</summary>
    private void Refill(int slot, Instrument<Fills> instrument)
    {
        ref var special = ref _specials[slot];
        var shown = Math.Min(special.Terms.DisplayLots, special.ReserveLots);
        special.ReserveLots -= shown;
        instrument.Book.AddReserve(slot, new Quantity(-shown));
        if (instrument.Book.IsFollowed) AddStep(slot, BookStep.Left);
        Requeue(slot);
        instrument.Book.Renew(slot, new Quantity(shown));
    }

    private Place PlaceOf(int slot) => _orders[slot].IsSpecial ? _specials[slot].Place : Place.Lit;

    /// <summary>
    /// Gives each of the price's oldest orders its part of what comes in, by size and rounded down, then what rounding left to
    /// the oldest. False when all of them trade in full anyway, so that the order makes no difference.
    /// </summary>
    private bool Share(int head, int takerSlot, Instrument<Fills> instrument, Price price)
    {
        long total = 0;
        var count = 0;
        for (var slot = head; slot != 0 && count < ShareMax; slot = _slab[slot].Next, count++) total += _slab[slot].Lots;
        ref var taker = ref _orders[takerSlot];
        var incoming = taker.LeavesLots;
        if (incoming >= total) return false;
        for (var slot = head; count > 0; count--)
        {
            var next = _slab[slot].Next;
            var part = (long)((Int128)_slab[slot].Lots * incoming / total);
            if (part > 0 && !Fill(slot, takerSlot, instrument, price, part)) return true;
            slot = next;
        }
        while (taker.LeavesLots > 0 && Fill(instrument.Book.LevelAt(Opposite(taker.Side), price).Head, takerSlot, instrument, price, taker.LeavesLots))
        {
        }
        return true;
    }

    /// <summary>The largest of the price's oldest orders, of equals the oldest.</summary>
    private int LargestOf(int head)
    {
        var largest = head;
        var count = 1;
        for (var slot = _slab[head].Next; slot != 0 && count < ShareMax; slot = _slab[slot].Next, count++)
            if (_slab[slot].Lots > _slab[largest].Lots) largest = slot;
        return largest;
    }
}
