using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Hits: an answer to a request for quotes is traded, between its provider and who asked, beside the book.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private void On(in TakeOffer c)
    {
        var session = c.Header.Session;
        var hash = _ids.HashOf(session, in c.ClOrdID);
        var instrument = InstrumentOf(c.Instrument);
        var at = _requests.FindOffer(c.Offer);
        var reason = CheckTaker(in c, in hash, instrument, at, out var ticks);
        if (reason == Reason.None && CheckProvider(in c, instrument!, at, ticks) is not Reason.None and var gone)
        {
            // The provider is told why, who asked only that it is gone.
            ref var offer = ref _requests.Offers[at];
            _quoters.Of(offer.Session)!.Requests.Gone++;
            offer.Number = 0;
            TellOfferEnded(offer.Session, instrument!.Number, in offer.QuoteID, offer.Request, gone);
            reason = Reason.QuoteGone;
        }
        if (reason == Reason.None)
        {
            var (maker, taker) = OpenHit(in c, in hash, instrument!, at, ticks);
            if (_requests.Offers[at].LastLookMs == 0)
            {
                Report(taker, ExecType.New, Reason.None);
                Trade(at, maker, taker, isHeld: false);
            }
            else Hold(at, maker, taker);
            return;
        }
        var refused = new NewOrder { Header = c.Header, ClOrdID = c.ClOrdID, PriceTicks = c.PriceTicks, Lots = c.Lots, Side = c.Side, OrdType = OrdType.PreviouslyQuoted, TimeInForce = TimeInForce.FillOrKill, Flags = c.Flags };
        RefuseNew(in refused, in hash, instrument?.Number ?? 0, reason);
        if (reason == Reason.QuoteGone) GoOn(ref _requests.Requests[_requests.Find(_requests.Offers[at].Request)]);
    }

    /// <summary>What is asked of who hits, in the order that README.md has.</summary>
    private Reason CheckTaker(in TakeOffer c, in IDHash hash, Instrument<Fills>? instrument, int at, out long ticks)
    {
        ticks = 0;
        var session = c.Header.Session;
        var firm = FirmOf(session);
        if (firm == 0) return Reason.UnknownSession;
        if (instrument is null) return Reason.UnknownInstrument;
        if (_ids.Find(in hash) != 0) return Reason.DuplicateClOrdID;
        if (c.Side is not (Side.Buy or Side.Sell)) return Reason.UnsupportedOrder;
        if (at < 0) return Reason.UnknownQuote;
        ref readonly var offer = ref _requests.Offers[at];
        ref readonly var request = ref _requests.Requests[_requests.Find(offer.Request)];
        ticks = c.Side == Side.Buy ? offer.AskTicks : offer.BidTicks;
        if (request.Session != session || request.Instrument != c.Instrument || ticks == 0 || !offer.WasTold) return Reason.UnknownQuote;
        if (request.Hit != 0) return Reason.LookPending;
        if (instrument.Phase != Phase.Continuous) return Reason.Phase;
        if ((c.Flags & OrderFlags.PriceOffTick) != 0) return Reason.PriceIncrement;
        if ((c.Flags & OrderFlags.PriceTooLarge) != 0 || (c.PriceTicks != 0 && c.PriceTicks != ticks)) return Reason.PriceOutOfRange;
        // The market may have moved since it was offered.
        if (instrument.CheckBand(ticks) is not Reason.None and var band) return band;
        if (instrument.CheckLots(c.Lots, c.Flags) is not Reason.None and var size) return size;
        if (c.Lots > (c.Side == Side.Buy ? offer.AskLots : offer.BidLots)) return Reason.QuantityTooLarge;
        var rates = RatesOf(firm, instrument);
        ref var definition = ref instrument.Definition;
        // What trades at once pays the taker's rate; what waits for its provider holds what any order does.
        var ppm = offer.LastLookMs == 0 ? rates.TakerPpm : rates.HoldPpm;
        var need = c.Side == Side.Buy ? Money.BuyHold(ticks, c.Lots, definition.TickLotAtoms, ppm) : Money.BaseAtoms(c.Lots, definition.LotAtoms);
        var reason = CheckOfferSide(session, c.Side, ticks, c.Lots, need, instrument);
        if (reason != Reason.None) return reason;
        if (_margins.Any && CheckMargin(firm, c.Side, ticks, c.Lots, rests: true, isFillable: true, need, instrument) is not Reason.None and var exceeded) return exceeded;
        if (!_orders.HasRoomFor(2)) return Reason.VenueFull;
        return _kills.Cover(firm, session, instrument.Number) ? Reason.Killed : Reason.None;
    }

    /// <summary>What is asked of who offered.</summary>
    private Reason CheckProvider(in TakeOffer c, Instrument<Fills> instrument, int at, long ticks)
    {
        var provider = _requests.Offers[at].Session;
        var side = Opposite(c.Side);
        var need = instrument.Hold(side, ticks, c.Lots, RatesOf(FirmOf(provider), instrument).HoldPpm);
        var reason = CheckOfferSide(provider, side, ticks, c.Lots, need, instrument);
        if (reason != Reason.None) return reason;
        if (HasMargin(provider)) return Reason.NotAuthorized;
        if (_kills.Cover(FirmOf(provider), provider, instrument.Number)) return Reason.Killed;
        return _quoters.Of(provider) is { IsTripped: true } || _quoters.Of(provider)!.On(instrument.Number).IsTripped ? Reason.Protected : Reason.None;
    }

    private Reason CheckOfferSide(int session, Side side, long ticks, long lots, Int128 need, Instrument<Fills> instrument)
    {
        var firm = FirmOf(session);
        var isCovered = _balances.Of(firm, instrument.PaidAsset(side)).Available >= need;
        if (!_watches) return isCovered ? Reason.None : Reason.InsufficientBalance;
        return CheckLimits(new LimitQuestion(firm, session, instrument.Number, side, OrdType.Limit, ticks, 0, lots, lots, IsNew: true) { IsQuote = true }, instrument, isCovered);
    }

    /// <summary>The two orders of a hit; the provider's money is taken.</summary>
    private (int Maker, int Taker) OpenHit(in TakeOffer c, in IDHash hash, Instrument<Fills> instrument, int at, long ticks)
    {
        ref var offer = ref _requests.Offers[at];
        var maker = OpenOffer(offer.Session, Opposite(c.Side), ticks, c.Lots, in offer.QuoteID, instrument);
        _orders[maker].MakeQuote();
        _specials[maker].Terms.Instructions = OrderInstructions.Offer;
        MoveHold(ref _orders[maker], instrument, HoldOf(in _orders[maker], instrument));
        var taker = OpenOffer(c.Header.Session, c.Side, ticks, c.Lots, in c.ClOrdID, instrument);
        _orders[taker].IDPlace = _ids.Add(in hash, taker);
        _specials[taker].OrdType = OrdType.PreviouslyQuoted;
        return (maker, taker);
    }

    /// <summary>A hit becomes a trade, and its request is over.</summary>
    private void Trade(int at, int maker, int taker, bool isHeld)
    {
        var offer = _requests.Offers[at];
        var (lots, ticks, instrument) = (_orders[maker].Lots, _orders[maker].Ticks, _instruments[_orders[maker].Instrument]!);
        BeginTouching(instrument);
        _quoters.Of(offer.Session)!.Requests.Taken++;
        _requests.RemoveOffer(at);
        // The price was agreed between two: it moves no reference and wakes no stop.
        var (reference, last) = (instrument.ReferenceTicks, instrument.LastTicks);
        (_taker, _takerIsHeld) = (taker, isHeld);
        Execute(maker, new Price(ticks), new Quantity(lots));
        Finish(taker);
        (instrument.ReferenceTicks, instrument.LastTicks) = (reference, last);
        _requests.RemoveRequest(_requests.Find(offer.Request));
        EndOffers(offer.Request, instrument.Number, Reason.Unfilled);
        EndTouching(instrument);
    }

    /// <summary>An order for one side of a hit, which stands in no book.</summary>
    private int OpenOffer(int session, Side side, long ticks, long lots, in Text40 id, Instrument<Fills> instrument)
    {
        var slot = _orders.Take();
        ref var order = ref _orders[slot];
        var rates = RatesOf(FirmOf(session), instrument);
        (order.Instrument, order.Session, order.Lots, order.Ticks, order.ClOrdID) = ((ushort)instrument.Number, session, lots, (int)ticks, id);
        order.Open(side, OrdType.Limit, TimeInForce.FillOrKill, rates.MakerPpm, rates.TakerPpm);
        order.MakeSpecial();
        _specials[slot] = new SpecialOrder { Age = _seq, OrdType = OrdType.Limit, TimeInForce = TimeInForce.FillOrKill };
        Link(slot, session);
        if (_watches) CountQuote(slot, 1, lots);
        return slot;
    }
}
