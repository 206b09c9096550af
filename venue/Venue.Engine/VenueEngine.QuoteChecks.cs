using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>What is asked of a quote, in the order that README.md has: the bid first, then the offer. Nothing is changed.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private Reason CheckQuote(in Quote c, Quoter quoter, in QuoteState state, Instrument<Fills> instrument, QuoteMove bid, QuoteMove ask)
    {
        if ((c.Flags & (QuoteFlags.Bid | QuoteFlags.Ask)) == 0 || c.ValidUntilNs < 0) return Reason.UnsupportedOrder;
        var adds = bid >= QuoteMove.Shrink || ask >= QuoteMove.Shrink;
        if (adds ? instrument.Phase != Phase.Continuous && !instrument.IsInAuction : RefusesCancels(instrument)) return Reason.Phase;
        if (!adds) return CheckLife(in c, quoter, in state, bid, ask);
        if (HasMargin(c.Header.Session)) return Reason.NotAuthorized;

        var reason = CheckNumbers(in c, instrument, bid, ask);
        if (reason == Reason.None) reason = CheckMoney(in c, in state, instrument, bid, ask);
        if (reason != Reason.None) return reason;
        if (!HasRoomFor(in c, in state, instrument, bid, ask)) return Reason.VenueFull;
        if (_kills.Cover(FirmOf(c.Header.Session), c.Header.Session, instrument.Number)) return Reason.Killed;
        if (IsCrossed(in c, in state, bid, ask)) return Reason.QuoteCrossed;
        if (c.ValidUntilNs != 0 && c.ValidUntilNs <= _timeNs) return Reason.ExpireTimePassed;
        if (quoter.IsTripped || state.IsTripped) return Reason.Protected;
        return CheckLife(in c, quoter, in state, bid, ask);
    }

    /// <summary>True when a session trades on margin. Providers quote with what they have: a quote's worst case is looked at on two sides at once.</summary>
    private bool HasMargin(int session) => _margins.Any && _margins.Of(FirmOf(session)) is not null;

    private static Reason CheckNumbers(in Quote c, Instrument<Fills> instrument, QuoteMove bid, QuoteMove ask)
    {
        var reason = bid >= QuoteMove.Shrink ? instrument.Check(OrdType.Limit, c.BidTicks, c.BidLots, c.BidFlags) : Reason.None;
        return reason == Reason.None && ask >= QuoteMove.Shrink ? instrument.Check(OrdType.Limit, c.AskTicks, c.AskLots, c.AskFlags) : reason;
    }

    /// <summary>Limits, credit and position of the sides that come in. One that only shrinks is asked nothing.</summary>
    private Reason CheckMoney(in Quote c, in QuoteState state, Instrument<Fills> instrument, QuoteMove bid, QuoteMove ask)
    {
        var reason = bid == QuoteMove.Enter ? CheckMoney(in c, Side.Buy, state.BidSlot, c.BidTicks, c.BidLots, instrument, default) : Reason.None;
        if (reason != Reason.None || ask != QuoteMove.Enter) return reason;
        // The bid was not taken yet, but will be.
        var before = bid == QuoteMove.Enter ? (Orders: state.BidSlot == 0 ? 1 : 0, Taken: 1) : default;
        return CheckMoney(in c, Side.Sell, state.AskSlot, c.AskTicks, c.AskLots, instrument, before);
    }

    private Reason CheckMoney(in Quote c, Side side, int slot, long ticks, long lots, Instrument<Fills> instrument, (int Orders, int Taken) before)
    {
        var session = c.Header.Session;
        var firm = FirmOf(session);
        var need = instrument.Hold(side, ticks, lots, RatesOf(firm, instrument).HoldPpm);
        if (slot != 0) need -= HoldOf(in _orders[slot], instrument);
        var isCovered = _balances.Of(firm, instrument.PaidAsset(side)).Available >= need;
        if (!_watches) return isCovered ? Reason.None : Reason.InsufficientBalance;
        var leaves = slot == 0 ? 0 : _orders[slot].LeavesLots;
        return CheckLimits(new LimitQuestion(firm, session, instrument.Number, side, OrdType.Limit, ticks, 0, lots, lots - leaves, IsNew: slot == 0) { IsQuote = true, Before = before }, instrument, isCovered);
    }

    /// <summary>Counts a side that comes in: for rates as one order, for repetitions not at all, since what was hit is quoted again.</summary>
    private void CountQuote(int slot, int orders, long lots)
    {
        ref var order = ref _orders[slot];
        Count(slot, orders, lots);
        if (orders > 0) _margins.Of(FirmOf(order.Session))?.Add(slot);
        _limits.Take(new LimitQuestion(FirmOf(order.Session), order.Session, order.Instrument, order.Side, OrdType.Limit, 0, 0, 0, 0, IsNew: false), _timeNs);
    }

    private bool HasRoomFor(in Quote c, in QuoteState state, Instrument<Fills> instrument, QuoteMove bid, QuoteMove ask)
    {
        var fresh = (bid == QuoteMove.Enter && state.BidSlot == 0 ? 1 : 0) + (ask == QuoteMove.Enter && state.AskSlot == 0 ? 1 : 0);
        return _orders.HasRoomFor(fresh)
            && (bid != QuoteMove.Enter || instrument.Book.HasRoom(Side.Buy, new Price(c.BidTicks)))
            && (ask != QuoteMove.Enter || instrument.Book.HasRoom(Side.Sell, new Price(c.AskTicks)));
    }

    private bool IsCrossed(in Quote c, in QuoteState state, QuoteMove bid, QuoteMove ask)
    {
        var bidTicks = TicksAfter(bid, c.BidTicks, state.BidSlot);
        var askTicks = TicksAfter(ask, c.AskTicks, state.AskSlot);
        return bidTicks > 0 && askTicks > 0 && bidTicks >= askTicks;
    }

    private long TicksAfter(QuoteMove move, long ticks, int slot) => move switch
    {
        QuoteMove.Pull => 0,
        QuoteMove.Stay => slot == 0 ? 0 : _orders[slot].Ticks,
        _ => ticks,
    };

    private Reason CheckLife(in Quote c, Quoter quoter, in QuoteState state, QuoteMove bid, QuoteMove ask)
    {
        var lifeNs = quoter.LifeMinNs(in state);
        if (lifeNs == 0) return Reason.None;
        var isYoung = (IsYoung(state.BidSinceNs, lifeNs) && IsWorse(Side.Buy, bid, state.BidSlot, c.BidTicks, c.BidLots))
            || (IsYoung(state.AskSinceNs, lifeNs) && IsWorse(Side.Sell, ask, state.AskSlot, c.AskTicks, c.AskLots));
        return isYoung ? Reason.QuoteTooYoung : Reason.None;
    }

    private bool IsYoung(long sinceNs, long lifeNs) => _timeNs - sinceNs < lifeNs;

    /// <summary>True when less would stand there, or at a worse price.</summary>
    private bool IsWorse(Side side, QuoteMove move, int slot, long ticks, long lots)
    {
        if (slot == 0 || move == QuoteMove.Stay) return false;
        ref var order = ref _orders[slot];
        return move == QuoteMove.Pull || lots < order.LeavesLots || (side == Side.Buy ? ticks < order.Ticks : ticks > order.Ticks);
    }

    /// <summary>True when the owner may not pull this order yet.</summary>
    private bool IsTooYoung(int slot)
    {
        ref var order = ref _orders[slot];
        if (!order.IsQuote) return false;
        var quoter = _quoters.Of(order.Session)!;
        ref var state = ref quoter.On(order.Instrument);
        return IsYoung(order.Side == Side.Buy ? state.BidSinceNs : state.AskSinceNs, quoter.LifeMinNs(in state));
    }
}
