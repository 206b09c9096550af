using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>
/// Quotes of liquidity providers. A side of a quote is an order of its session: it is held for, matched, limited, killed and
/// pulled as any. One session has one quote, a bid and an offer, on an instrument; a new one goes in its place.
/// </summary>
public sealed partial class VenueEngine<TEvents>
{
    private readonly Quoters _quoters = new();

    /// <summary>What becomes of a side.</summary>
    private enum QuoteMove : byte
    {
        Stay,
        Pull,
        /// <summary>The price stays and the size does not grow: it keeps its place in the queue.</summary>
        Shrink,
        Enter,
    }

    private void On(in Quote c)
    {
        var quoter = _quoters.Of(c.Header.Session);
        var instrument = InstrumentOf(c.Instrument);
        var (bid, ask) = (QuoteMove.Stay, QuoteMove.Stay);
        var reason = FirmOf(c.Header.Session) == 0 ? Reason.UnknownSession
            : quoter is null ? Reason.NotAuthorized
            : instrument is null ? Reason.UnknownInstrument
            : Reason.None;
        if (reason == Reason.None)
        {
            ref var state = ref quoter!.On(instrument!.Number);
            bid = MoveOf(in c, Side.Buy, state.BidSlot);
            ask = MoveOf(in c, Side.Sell, state.AskSlot);
            reason = CheckQuote(in c, quoter, in state, instrument, bid, ask);
        }
        if (reason != Reason.None)
        {
            TellQuote(in c, instrument?.Number ?? 0, 0, 0, reason);
            return;
        }
        Take(in c, quoter!, instrument!, bid, ask);
    }

    private void Take(in Quote c, Quoter quoter, Instrument<Fills> instrument, QuoteMove bid, QuoteMove ask)
    {
        ref var state = ref quoter.On(instrument.Number);
        (state.QuoteID, state.QuoteSetID, state.QuoteEntryID) = (c.QuoteID, c.QuoteSetID, c.QuoteEntryID);
        BeginTouching(instrument);
        // Both out before either comes in: a quote never meets itself.
        Move(in c, Side.Buy, bid, ref state, instrument);
        Move(in c, Side.Sell, ask, ref state, instrument);
        var (bidSlot, askSlot) = (state.BidSlot, state.AskSlot);
        TellQuote(in c, instrument.Number, bidSlot, askSlot, Reason.None);
        if (bid == QuoteMove.Enter)
        {
            Put(bidSlot, instrument);
            PullTripped(instrument);
        }
        // What the bid traded may have pulled the offer.
        if (ask == QuoteMove.Enter && state.AskSlot == askSlot) Put(askSlot, instrument);
        EndTouching(instrument);
        Measure(ref state, instrument);
    }

    private QuoteMove MoveOf(in Quote c, Side side, int slot)
    {
        if ((c.Flags & (side == Side.Buy ? QuoteFlags.Bid : QuoteFlags.Ask)) == 0) return QuoteMove.Stay;
        var (ticks, lots, flags) = side == Side.Buy ? (c.BidTicks, c.BidLots, c.BidFlags) : (c.AskTicks, c.AskLots, c.AskFlags);
        if (flags == OrderFlags.None && (ticks == 0 || lots == 0)) return slot == 0 ? QuoteMove.Stay : QuoteMove.Pull;
        return slot != 0 && flags == OrderFlags.None && ticks == _orders[slot].Ticks && lots > 0 && lots <= _orders[slot].LeavesLots ? QuoteMove.Shrink : QuoteMove.Enter;
    }

    private void Move(in Quote c, Side side, QuoteMove move, ref QuoteState state, Instrument<Fills> instrument)
    {
        var slot = state.SlotOf(side);
        var lots = side == Side.Buy ? c.BidLots : c.AskLots;
        switch (move)
        {
            case QuoteMove.Pull: TakeOut(slot, instrument); break;
            case QuoteMove.Shrink: ShrinkQuote(in c, slot, lots, instrument); break;
            case QuoteMove.Enter: state.Set(side, Renew(in c, side, slot, lots, instrument), _timeNs); break;
            default: break;
        }
    }

    private void ShrinkQuote(in Quote c, int slot, long lots, Instrument<Fills> instrument)
    {
        ref var order = ref _orders[slot];
        order.ClOrdID = c.QuoteID;
        if (_specials[slot].Terms.ExpireNs != c.ValidUntilNs) SetExpiry(slot, c.ValidUntilNs);
        var less = order.LeavesLots - lots;
        if (less == 0) return;
        var held = HoldOf(in order, instrument);
        order.Lots -= less;
        if (_watches) CountLots(slot, -less);
        MoveHold(ref order, instrument, HoldOf(in order, instrument) - held);
        Shrink(slot, instrument);
    }

    /// <summary>A side that will come in: the order that stands there with another price and size, or when it has traded a new one. Its hold is taken.</summary>
    private int Renew(in Quote c, Side side, int slot, long lots, Instrument<Fills> instrument)
    {
        var session = c.Header.Session;
        if (slot != 0 && _orders[slot].CumLots > 0)
        {
            TakeOut(slot, instrument);
            slot = 0;
        }
        var isNew = slot == 0;
        Int128 held = 0;
        long leaves = 0;
        if (isNew)
        {
            slot = _orders.Take();
            _orders[slot].Instrument = (ushort)instrument.Number;
            _orders[slot].Session = session;
            _specials[slot] = default;
            Link(slot, session);
        }
        else
        {
            Lift(slot, instrument);
            held = HoldOf(in _orders[slot], instrument);
            leaves = _orders[slot].LeavesLots;
        }
        ref var order = ref _orders[slot];
        var rates = RatesOf(FirmOf(session), instrument);
        order.Open(side, OrdType.Limit, TimeInForce.GoodTillCancel, rates.MakerPpm, rates.TakerPpm);
        order.MakeQuote();
        order.ClOrdID = c.QuoteID;
        order.Ticks = (int)(side == Side.Buy ? c.BidTicks : c.AskTicks);
        order.Lots = lots;
        ref var special = ref _specials[slot];
        var (group, mode) = _selfTrades.Of(session);
        special.Terms.Instructions = OrderInstructions.Quote;
        (special.Terms.SelfTradeGroup, special.Terms.SelfTradeMode) = (group, group != 0 && mode == SelfTradeMode.None ? SelfTradeMode.CancelNewest : mode);
        special.OrdType = OrdType.Limit;
        special.Age = _seq;
        SetExpiry(slot, c.ValidUntilNs);
        MoveHold(ref order, instrument, HoldOf(in order, instrument) - held);
        if (_watches) CountQuote(slot, isNew ? 1 : 0, lots - leaves);
        return slot;
    }

    private void SetExpiry(int slot, long expireNs)
    {
        ref var special = ref _specials[slot];
        special.TimeInForce = expireNs == 0 ? TimeInForce.GoodTillCancel : TimeInForce.GoodTillDate;
        _specials.Unschedule(slot);
        special.Terms.ExpireNs = expireNs;
        if (expireNs == 0) return;
        _specials.Schedule(slot);
        Await(expireNs);
    }

    /// <summary>A side of a quote has ended.</summary>
    private void ForgetQuote(int slot)
    {
        ref var order = ref _orders[slot];
        ref var state = ref _quoters.Of(order.Session)!.On(order.Instrument);
        if (state.BidSlot == slot) state.BidSlot = 0;
        if (state.AskSlot == slot) state.AskSlot = 0;
        Measure(ref state, _instruments[order.Instrument]!);
    }

    private void TellQuote(in Quote c, int instrument, int bidSlot, int askSlot, Reason reason)
    {
        ref var e = ref _quoteReport;
        Begin<QuoteReport>(ref e.Header, EventType.QuoteReport, c.Header.Session, instrument);
        (e.QuoteID, e.QuoteSetID, e.QuoteEntryID) = (c.QuoteID, c.QuoteSetID, c.QuoteEntryID);
        e.BidOrderID = bidSlot == 0 ? 0 : _orders.OrderIDOf(bidSlot);
        e.AskOrderID = askSlot == 0 ? 0 : _orders.OrderIDOf(askSlot);
        (e.Reason, e.Flags, e.ResponseLevel) = (reason, c.Flags, c.ResponseLevel);
        _events.On(in e);
    }

    private QuoteReport _quoteReport;
}
