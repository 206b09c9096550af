using System.Runtime.CompilerServices;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Matching one order and settling its fills: both orders, both firms, the house.</summary>
public sealed partial class VenueEngine<TEvents>
{
    // The incoming order while it is matched.
    private int _taker;
    private bool _takerIsHeld;
    // True while its fills are added up, to be settled together; what they came to, and what the house gets.
    private bool _isSweeping;
    private Int128 _sweptNotional, _sweptFees, _sweptForHouse;

    /// <summary>Matches an order whose hold is taken, rests what is left of it.</summary>
    private void Enter(int slot, Instrument<Fills> instrument)
    {
        ref var order = ref _orders[slot];
        var limit = new Price(order.Ticks);
        var left = new Quantity(order.Lots - order.CumLots);
        if (instrument.Book.Crosses(order.Side, limit))
        {
            left = Match(slot, instrument, limit, isHeld: true);
            if (left.Lots == 0)
            {
                Finish(slot);
                return;
            }
        }
        instrument.Book.Rest(slot, order.Side, limit, left);
        Touch(order.Side, order.Ticks);
    }

    private Quantity Match(int slot, Instrument<Fills> instrument, Price limit, bool isHeld)
    {
        ref var order = ref _orders[slot];
        _taker = slot;
        _takerIsHeld = isHeld;
        // Nobody asks what the taker has before the end, unless somebody counts each fill.
        _isSweeping = _isFirstSwept = !_watches;
        (_sweptNotional, _sweptFees, _sweptForHouse) = (0, 0, 0);
        var before = order.CumLots;
        var left = instrument.Book.Match(order.Side, limit, new Quantity(order.LeavesLots));
        if (_isSweeping) SettleSwept(ref order, instrument, before);
        return left;
    }

    /// <summary>Settles the incoming order's fills at once: to the atom what one by one comes to, since a hold released in parts is released.</summary>
    private void SettleSwept(ref Order order, Instrument<Fills> instrument, long before)
    {
        _isSweeping = false;
        var lots = order.CumLots - before;
        if (lots == 0) return;
        order.CumLots = before;
        Settle(ref order, instrument, lots, _sweptNotional, _sweptFees, _takerIsHeld);
        _balances.Of(0, instrument.Definition.QuoteAsset).Available += _sweptForHouse;
    }

    /// <summary>The order is done: its slot and its ClOrdID can be used again when they are needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish(int slot)
    {
        if (_orders[slot].IsSpecial) Forget(slot);
        Unlink(slot, _orders[slot].Session);
        _orders.Close(slot);
        if (!_orders[slot].IsQuote) _ids.Release(_orders[slot].IDPlace);
    }

    /// <summary>One match of the order that is coming in, at the maker's price: money, reports, the public trade.</summary>
    private void Execute(int makerSlot, Price price, Quantity quantity)
    {
        ref var maker = ref _orders[makerSlot];
        ref var taker = ref _orders[_taker];
        // The order that a longer sweep meets next; by the end of this fill it is there, and its neighbours can be sent for.
        var next = _slab[makerSlot].Next;
        _slab.Prefetch(next);
        var instrument = _instruments[maker.Instrument]!;
        var tradeID = ++instrument.LastTradeID;
        instrument.ReferenceTicks = price.Ticks;
        instrument.LastTicks = price.Ticks;
        Trades++;

        ref var definition = ref instrument.Definition;
        var notional = Money.Notional(price.Ticks, quantity.Lots, definition.TickLotAtoms);
        var makerFee = Money.Fee(notional, maker.MakerFeePpm);
        var takerFee = Money.Fee(notional, taker.TakerFeePpm);
        if (maker.MakerFeePpm < 0) makerFee = Int128.Max(makerFee, -takerFee);
        Settle(ref maker, instrument, quantity.Lots, notional, makerFee, isHeld: true);
        if (_isSweeping)
        {
            taker.CumLots += quantity.Lots;
            _sweptNotional += notional;
            _sweptFees += takerFee;
            _sweptForHouse += makerFee + takerFee;
        }
        else
        {
            Settle(ref taker, instrument, quantity.Lots, notional, takerFee, _takerIsHeld);
            _balances.Of(0, definition.QuoteAsset).Available += makerFee + takerFee;
        }

        maker.AddTickLots(price.Ticks, quantity.Lots);
        taker.AddTickLots(price.Ticks, quantity.Lots);
        if (maker.CumLots == maker.Lots) Finish(makerSlot);
        if (_isSweeping && !maker.IsSpecial) TellSwept(makerSlot, price, quantity, makerFee, takerFee, tradeID);
        else TellMatch(makerSlot, price, quantity, makerFee, takerFee, tradeID);
        if (next != 0)
        {
            _slab.Prefetch(_slab[next].Next);
            ref var following = ref _orders[next];
            _slab.PrefetchBeside(following.Previous);
            _slab.PrefetchBeside(following.Next);
        }
        if (maker.IsQuote) CountQuoteFill(makerSlot, instrument, quantity.Lots, notional);
        if (taker.IsQuote) CountQuoteFill(_taker, instrument, quantity.Lots, notional);
    }

    /// <summary>Counts a fill of one order and moves its firm's money: the fee is paid in quote by either side.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Settle(ref Order order, Instrument<Fills> instrument, long lots, Int128 notional, Int128 fee, bool isHeld)
    {
        ref var definition = ref instrument.Definition;
        var firm = FirmOf(order.Session);
        ref var quote = ref _balances.Of(firm, definition.QuoteAsset);
        ref var @base = ref _balances.Of(firm, definition.BaseAsset);
        var leaves = order.Lots - order.CumLots;
        var baseAtoms = Money.BaseAtoms(lots, definition.LotAtoms);
        if (order.Side == Side.Buy)
        {
            Int128 released = 0;
            if (isHeld)
            {
                released = instrument.Hold(Side.Buy, order.Ticks, leaves, order.HoldFeePpm) - instrument.Hold(Side.Buy, order.Ticks, leaves - lots, order.HoldFeePpm);
                quote.Held -= released;
            }
            quote.Available += released - notional - fee;
            @base.Available += baseAtoms;
        }
        else
        {
            if (isHeld) @base.Held -= baseAtoms;
            else @base.Available -= baseAtoms;
            quote.Available += notional - fee;
        }
        order.CumLots += lots;
        if (_watches) CountFill(ref order, firm, instrument, lots, notional, fee);
    }

    /// <summary>Hands the book's fills to the engine that owns it.</summary>
    private readonly struct Fills(VenueEngine<TEvents> engine) : IBookEvents
    {
        public void OnFill(int maker, Price price, Quantity quantity)
        {
            engine.Touch(engine._orders[maker].Side, (int)price.Ticks);
            engine.Execute(maker, price, quantity);
        }

        public void OnStep(int slot, BookStep step) => engine.AddStep(slot, step);
    }
}
