using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>A request for quotes, with what each provider that was asked has answered.</summary>
internal sealed class NaiveRequest
{
    public required RequestQuotes Asked;
    public required int Session;
    public bool WasAnswered;
    /// <summary>Until when answers are kept back; 0 from then on.</summary>
    public long WindowEnd;
    public int AnswersMax;
    public NaiveHit? Hit;

    /// <summary>In the order in which they were asked; null for one that has no answer now.</summary>
    public List<(int Provider, OfferQuote? Answer)> Offers { get; } = [];
    public HashSet<int> Answered { get; } = [];
}

/// <summary>Requests for quotes, their answers, and hits.</summary>
internal sealed partial class NaiveVenue
{
    private readonly List<NaiveRequest> _asked = [];
    private readonly HashSet<(int Session, int Instrument)> _watching = [];

    public Dictionary<int, NaiveCounts> RequestCounts { get; } = [];

    private void Watch(in WatchRequests c)
    {
        if (_firmOf.GetValueOrDefault(_command.Session) == 0 || !IsQuoter(_command.Session) || !_instruments.ContainsKey(c.Instrument)) Refuse(Reason.Contradiction);
        else if (c.IsOn != 0) _watching.Add((_command.Session, c.Instrument));
        else _watching.Remove((_command.Session, c.Instrument));
    }

    private void Ask(RequestQuotes c, long window, int answersMax)
    {
        var instrument = _instruments.GetValueOrDefault(c.Instrument);
        var firm = _firmOf.GetValueOrDefault(_command.Session);
        var providers = _watching.Where(w => w.Instrument == c.Instrument && _connected.ContainsKey(w.Session) && _firmOf[w.Session] != firm && !Switches(w.Session, c.Instrument).Any(_kills.Contains))
            .Select(w => w.Session).Order().Take(16).ToList();
        var session = _command.Session;
        var size = instrument is not null && (c.Lots != 0 || c.Flags != 0) ? instrument.CheckLots(c.Lots, c.Flags) : Reason.None;
        var reason = firm == 0 ? Reason.UnknownSession
            : instrument is null ? Reason.UnknownInstrument
            : (byte)c.Side > 2 || window < 0 || answersMax is < 1 or > 16 ? Reason.UnsupportedOrder
            : instrument.Phase != Phase.Continuous ? Reason.Phase
            : size != Reason.None ? size
            : _asked.Count == 256 || _asked.Count(r => r.Session == session) == 16 ? Reason.TooManyQuotes
            : Switches(session, c.Instrument).Any(_kills.Contains) ? Reason.Killed
            : c.ExpireNs <= _command.TimeNs ? Reason.ExpireTimePassed
            : providers.Count == 0 ? Reason.NoProvider
            : Reason.None;
        if (reason != Reason.None)
        {
            TellEnded(session, instrument is null ? 0 : c.Instrument, c.RequestID, false, reason);
            return;
        }
        var request = new NaiveRequest { Asked = c, Session = session, AnswersMax = answersMax };
        if (window > 0) request.WindowEnd = _command.TimeNs + Math.Min(window, (c.ExpireNs - _command.TimeNs) / 2);
        _asked.Add(request);
        foreach (var provider in providers)
        {
            request.Offers.Add((provider, null));
            CountsOf(provider).Asked++;
            log.Add(new QuoteRequested
            {
                Header = Header<QuoteRequested>(EventType.QuoteRequested, provider, c.Instrument), Request = c.Header.Seq, Lots = c.Lots, ExpireNs = c.ExpireNs, Asker = session, Side = c.Side,
            });
        }
    }

    private void Offer(OfferQuote c)
    {
        var session = _command.Session;
        var request = _asked.Find(r => r.Asked.Header.Seq == c.Request && r.Offers.Any(offer => offer.Provider == session));
        var reason = _firmOf.GetValueOrDefault(session) == 0 ? Reason.UnknownSession : !IsQuoter(session) || HasMargin(session) ? Reason.NotAuthorized : request is null ? Reason.UnknownQuote : request.Hit?.Provider == session ? Reason.LookPending : CheckOffer(c, request.Asked);
        if (reason != Reason.None)
        {
            TellOfferEnded(session, _instruments.ContainsKey(c.Instrument) ? c.Instrument : 0, c.QuoteID, c.Request, reason);
            return;
        }
        if (request!.Answered.Add(session)) CountsOf(session).Answered++;
        c.ValidUntilNs = c.ValidUntilNs == 0 ? request.Asked.ExpireNs : Math.Min(c.ValidUntilNs, request.Asked.ExpireNs);
        var at = request.Offers.FindIndex(offer => offer.Provider == session);
        var before = request.Offers[at].Answer;
        request.Offers[at] = (session, c);
        _lookMsOf[c.Header.Seq] = _lookMs.GetValueOrDefault(session);
        if (before is { } answer && _told.Contains(answer.Header.Seq)) Tell(request, session, c);
        GoOn(request);
    }

    private Reason CheckOffer(in OfferQuote c, in RequestQuotes asked)
    {
        if (c.Instrument != asked.Instrument) return Reason.UnknownInstrument;
        var (hasBid, hasAsk) = (c.BidTicks != 0 || c.BidFlags != 0, c.AskTicks != 0 || c.AskFlags != 0);
        if ((asked.Side == Side.Buy && !hasAsk) || (asked.Side == Side.Sell && !hasBid) || (!hasBid && !hasAsk)) return Reason.UnsupportedOrder;
        var instrument = _instruments[c.Instrument];
        foreach (var (has, ticks, lots, flags) in new[] { (hasBid, c.BidTicks, c.BidLots, c.BidFlags), (hasAsk, c.AskTicks, c.AskLots, c.AskFlags) })
        {
            if (!has) continue;
            var reason = CheckNumbers(instrument, new NewOrder { OrdType = OrdType.Limit, PriceTicks = ticks, Flags = flags }, default, lots);
            if (reason != Reason.None) return reason;
        }
        if (hasBid && hasAsk && c.BidTicks >= c.AskTicks) return Reason.QuoteCrossed;
        return (c.ValidUntilNs != 0 && c.ValidUntilNs <= _command.TimeNs) || asked.ExpireNs <= _command.TimeNs ? Reason.ExpireTimePassed : Reason.None;
    }

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
        var money = CheckOfferMoney(session, c.Side, ticks, c.Lots, instrument, _lookMsOf[c.Offer] > 0 ? Math.Max(makerPpm, takerPpm) : takerPpm);
        if (money != Reason.None) return money;
        if (capacity.Orders - (_generationOf.Count - 1) + _closedSlots.Count < 2) return Reason.VenueFull;
        return Switches(session, c.Instrument).Any(_kills.Contains) ? Reason.Killed : Reason.None;
    }

    private Reason CheckProvider(int provider, Side side, long ticks, long lots, NaiveInstrument instrument)
    {
        var (maker, taker) = RatesOf(_firmOf[provider], instrument);
        var money = CheckOfferMoney(provider, side, ticks, lots, instrument, Math.Max(maker, taker));
        if (money != Reason.None) return money;
        if (HasMargin(provider)) return Reason.NotAuthorized;
        var number = instrument.Definition.Instrument;
        if (Switches(provider, number).Any(_kills.Contains)) return Reason.Killed;
        return QuoteOn(provider, 0).IsTripped || QuoteOn(provider, number).IsTripped ? Reason.Protected : Reason.None;
    }

    private Reason CheckOfferMoney(int session, Side side, long ticks, long lots, NaiveInstrument instrument, int ppm)
    {
        var firm = _firmOf[session];
        var order = new NaiveOrder
        {
            Slot = 0, Session = session, Firm = firm, ClOrdID = default, Instrument = instrument, Side = side, OrdType = OrdType.Limit, TimeInForce = TimeInForce.FillOrKill,
            Ticks = ticks, Lots = lots, MakerPpm = ppm, TakerPpm = ppm, IsOpen = false, Terms = default, Age = 0,
        };
        var asNew = new NewOrder { OrdType = OrdType.Limit, Side = side, PriceTicks = ticks };
        return CheckLimits(order, asNew, 0, lots, lots, isNew: true, Available(firm, instrument.Paid(side)) >= order.Need, isQuote: true);
    }

    private NaiveOrder OfferOrder(int session, Side side, long ticks, long lots, Text40 id, NaiveInstrument instrument)
    {
        var order = Open(instrument, side, session);
        var (maker, taker) = RatesOf(order.Firm, instrument);
        (order.ClOrdID, order.Ticks, order.Lots, order.MakerPpm, order.TakerPpm, order.TimeInForce, order.Age) = (id, ticks, lots, maker, taker, TimeInForce.FillOrKill, _command.Seq);
        Take(order, default, 0, 0, isNew: false);
        return order;
    }

    private void Pass(in EndRequest c)
    {
        var number = c.Offer;
        var request = _asked.Find(r => r.Offers.Any(offer => offer.Answer?.Header.Seq == number));
        if (request is null || request.Session != _command.Session || !_told.Contains(number)) TellEnded(_command.Session, 0, default, false, Reason.UnknownQuote);
        else if (request.Hit is not null) TellEnded(_command.Session, 0, default, false, Reason.LookPending);
        else EndRequest(request, Reason.ClientRequest);
    }

    private void EndRequest(NaiveRequest request, Reason reason)
    {
        if (request.Hit is not null) LoseHit(request, reason, reason);
        _asked.Remove(request);
        TellEnded(request.Session, request.Asked.Instrument, request.Asked.RequestID, request.WasAnswered, reason);
        EndOffers(request, reason);
    }

    private void EndOffers(NaiveRequest request, Reason reason)
    {
        foreach (var (provider, answer) in request.Offers)
        {
            if (!request.Answered.Contains(provider)) CountsOf(provider).Missed++;
            if (answer is { } told) TellOfferEnded(provider, request.Asked.Instrument, told.QuoteID, request.Asked.Header.Seq, reason);
        }
    }

    private void EndDueRequests()
    {
        foreach (var request in _asked.Where(r => r.Hit is { } hit && hit.Until <= _command.TimeNs)) TimeOut(request);
        foreach (var request in _asked)
            for (var i = 0; i < request.Offers.Count; i++)
                if (request.Offers[i] is (var provider, { } answer) && answer.ValidUntilNs <= _command.TimeNs && request.Hit?.Provider != provider) EndAnswer(request, i, Reason.Expired);
        foreach (var request in _asked.ToList())
        {
            if (request.Asked.ExpireNs <= _command.TimeNs && request.Hit is null) EndRequest(request, Reason.Expired);
            else GoOn(request);
        }
    }

    private void EndRequestsOf(int session)
    {
        foreach (var request in _asked.Where(r => r.Session == session).ToList()) EndRequest(request, Reason.Disconnected);
        foreach (var request in _asked)
        {
            var at = request.Offers.FindIndex(offer => offer.Provider == session);
            if (at < 0) continue;
            if (request.Hit?.Provider == session) LoseHit(request, Reason.Disconnected, Reason.QuoteGone);
            else if (request.Offers[at].Answer is not null) EndAnswer(request, at, Reason.Disconnected);
            GoOn(request);
        }
    }

    private void EndAnswer(NaiveRequest request, int at, Reason reason)
    {
        var (provider, answer) = request.Offers[at];
        request.Offers[at] = (provider, null);
        TellOfferEnded(provider, request.Asked.Instrument, answer!.Value.QuoteID, request.Asked.Header.Seq, reason);
    }

    private void TellEnded(int session, int instrument, Text40 requestID, bool wasAnswered, Reason reason) => log.Add(new RequestEnded
    {
        Header = Header<RequestEnded>(EventType.RequestEnded, session, instrument), RequestID = requestID, Reason = reason, WasAnswered = wasAnswered ? (byte)1 : (byte)0,
    });

    private void TellOfferEnded(int session, int instrument, Text40 quoteID, long request, Reason reason) => log.Add(new OfferEnded
    {
        Header = Header<OfferEnded>(EventType.OfferEnded, session, instrument), QuoteID = quoteID, Request = request, Reason = reason,
    });
}
