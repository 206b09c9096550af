using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Hits of answers to requests for quotes: what is asked of both sides, and the trade beside the book.</summary>
internal sealed partial class NaiveVenue
{
    private void Hit(in TakeOffer c)
    {
        var (session, number) = (_command.Session, c.Offer);
        var instrument = _instruments.GetValueOrDefault(c.Instrument);
        var request = _asked.Find(r => r.Offers.Any(offer => offer.Answer?.Header.Seq == number));
        var at = request?.Offers.FindIndex(offer => offer.Answer?.Header.Seq == number) ?? -1;
        var (provider, answer) = at < 0 ? default : (request!.Offers[at].Provider, request.Offers[at].Answer!.Value);
        var reason = CheckHit(in c, instrument, request, answer, out var ticks);
        if (reason == Reason.None)
        {
            var gone = CheckProvider(provider, c.Side == Side.Buy ? Side.Sell : Side.Buy, ticks, c.Lots, instrument!);
            if (gone != Reason.None)
            {
                reason = Reason.QuoteGone;
                CountsOf(provider).Gone++;
                request!.Offers[at] = (provider, null);
                TellOfferEnded(provider, c.Instrument, answer.QuoteID, answer.Request, gone);
            }
        }
        if (reason != Reason.None)
        {
            if (reason == Reason.DuplicateClOrdID && c.Flags.HasFlag(OrderFlags.PossResend))
            {
                Status(Find(c.ClOrdID, 0, 0, 0), c.ClOrdID, c.Side, reason);
                return;
            }
            Remember(c.ClOrdID, reason);
            log.Add(new ExecReport
            {
                Header = Header<ExecReport>(EventType.ExecReport, session, instrument is null ? 0 : c.Instrument), ClOrdID = c.ClOrdID, OrderLots = c.Lots, Side = c.Side,
                OrdType = OrdType.PreviouslyQuoted, TimeInForce = TimeInForce.FillOrKill, ExecType = ExecType.Rejected, OrdStatus = OrdStatus.Rejected, Reason = reason,
            });
            if (reason == Reason.QuoteGone) GoOn(request!);
            return;
        }
        var maker = OfferOrder(provider, c.Side == Side.Buy ? Side.Sell : Side.Buy, ticks, c.Lots, answer.QuoteID, instrument!);
        maker.Terms.Instructions = OrderInstructions.Offer;
        Settle(maker);
        var taker = OfferOrder(session, c.Side, ticks, c.Lots, c.ClOrdID, instrument!);
        taker.OrdType = OrdType.PreviouslyQuoted;
        MakeRoomForClOrdID();
        _used[(session, c.ClOrdID)] = taker;
        if (_lookMsOf[number] > 0)
        {
            Hold(request!, provider, answer, maker, taker);
            return;
        }
        taker.IsHeld = false;
        Report(taker, ExecType.New);
        TradeHit(request!, provider, maker, taker);
    }

    private void TradeHit(NaiveRequest request, int provider, NaiveOrder maker, NaiveOrder taker)
    {
        var instrument = maker.Instrument;
        Begin(instrument);
        CountsOf(provider).Taken++;
        request.Offers.RemoveAll(offer => offer.Provider == provider);
        var (reference, last) = (instrument.Reference, instrument.Last);
        // Neither stands in a book, which is how the naive match knows that an order is done.
        Match(maker, taker, maker, maker.Ticks, maker.Lots, taker.Side);
        Close(taker);
        (instrument.Reference, instrument.Last) = (reference, last);
        _asked.Remove(request);
        EndOffers(request, Reason.Unfilled);
        Done(instrument);
    }

    private Reason CheckHit(in TakeOffer c, NaiveInstrument? instrument, NaiveRequest? request, OfferQuote answer, out long ticks)
    {
        ticks = c.Side == Side.Buy ? answer.AskTicks : answer.BidTicks;
        var session = _command.Session;
        var firm = _firmOf.GetValueOrDefault(session);
        if (firm == 0) return Reason.UnknownSession;
        if (instrument is null) return Reason.UnknownInstrument;
        if (_used.ContainsKey((session, c.ClOrdID))) return Reason.DuplicateClOrdID;
        if (c.Side is not (Side.Buy or Side.Sell)) return Reason.UnsupportedOrder;
        if (request is null || request.Session != session || request.Asked.Instrument != c.Instrument || ticks == 0 || !_told.Contains(c.Offer)) return Reason.UnknownQuote;
        if (request.Hit is not null) return Reason.LookPending;
        if (instrument.Phase != Phase.Continuous) return Reason.Phase;
        if (c.Flags.HasFlag(OrderFlags.PriceOffTick)) return Reason.PriceIncrement;
        if (c.Flags.HasFlag(OrderFlags.PriceTooLarge) || (c.PriceTicks != 0 && c.PriceTicks != ticks)) return Reason.PriceOutOfRange;
        if (ticks < instrument.Lowest || ticks > instrument.Highest) return Reason.PriceBand;
        if (instrument.CheckLots(c.Lots, c.Flags) is not Reason.None and var size) return size;
        if (c.Lots > (c.Side == Side.Buy ? answer.AskLots : answer.BidLots)) return Reason.QuantityTooLarge;
        // What waits for its provider holds what any order does.
        var (makerPpm, takerPpm) = RatesOf(firm, instrument);
        var order = OfferFor(session, c.Side, ticks, c.Lots, instrument, _lookMsOf[c.Offer] > 0 ? Math.Max(makerPpm, takerPpm) : takerPpm);
        var money = CheckOfferMoney(order);
        if (money != Reason.None) return money;
        var need = order.Need;
        (order.IsHeld, order.MakerPpm, order.TakerPpm) = (true, makerPpm, takerPpm);
        if (CheckMargin(order, need, isFillable: true) is not Reason.None and var exceeded) return exceeded;
        if (capacity.Orders - (_generationOf.Count - 1) + _closedSlots.Count < 2) return Reason.VenueFull;
        return Switches(session, c.Instrument).Any(_kills.Contains) ? Reason.Killed : Reason.None;
    }

    private Reason CheckProvider(int provider, Side side, long ticks, long lots, NaiveInstrument instrument)
    {
        var (maker, taker) = RatesOf(_firmOf[provider], instrument);
        var money = CheckOfferMoney(OfferFor(provider, side, ticks, lots, instrument, Math.Max(maker, taker)));
        if (money != Reason.None) return money;
        if (HasMargin(provider)) return Reason.NotAuthorized;
        var number = instrument.Definition.Instrument;
        if (Switches(provider, number).Any(_kills.Contains)) return Reason.Killed;
        return QuoteOn(provider, 0).IsTripped || QuoteOn(provider, number).IsTripped ? Reason.Protected : Reason.None;
    }

    /// <summary>What one side of a hit would be, for its checks.</summary>
    private NaiveOrder OfferFor(int session, Side side, long ticks, long lots, NaiveInstrument instrument, int ppm) => new()
    {
        Slot = 0, Session = session, Firm = _firmOf[session], ClOrdID = default, Instrument = instrument, Side = side, OrdType = OrdType.Limit, TimeInForce = TimeInForce.FillOrKill,
        Ticks = ticks, Lots = lots, MakerPpm = ppm, TakerPpm = ppm, IsOpen = false, Terms = default, Age = 0,
    };

    private Reason CheckOfferMoney(NaiveOrder order)
    {
        var asNew = new NewOrder { OrdType = OrdType.Limit, Side = order.Side, PriceTicks = order.Ticks };
        return CheckLimits(order, asNew, 0, order.Lots, order.Lots, isNew: true, Available(order.Firm, order.Instrument.Paid(order.Side)) >= order.Need, isQuote: true);
    }

    private NaiveOrder OfferOrder(int session, Side side, long ticks, long lots, Text40 id, NaiveInstrument instrument)
    {
        var order = Open(instrument, side, session);
        var (maker, taker) = RatesOf(order.Firm, instrument);
        (order.ClOrdID, order.Ticks, order.Lots, order.MakerPpm, order.TakerPpm, order.TimeInForce, order.Age) = (id, ticks, lots, maker, taker, TimeInForce.FillOrKill, _command.Seq);
        Take(order, default, 0, 0, isNew: false);
        return order;
    }
}
