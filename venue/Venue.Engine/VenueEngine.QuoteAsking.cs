using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Requests for quotes: a client asks, providers answer, the client takes one answer or none.</summary>
/// <remarks>An answer holds no money: what both sides need is asked for when it is hit, and a provider that cannot trade any more is counted.</remarks>
public sealed partial class VenueEngine<TEvents>
{
    private readonly RequestBook _requests = new();

    private void On(in WatchRequests c)
    {
        var session = c.Header.Session;
        var quoter = _quoters.Of(session);
        if (FirmOf(session) == 0 || quoter is null || InstrumentOf(c.Instrument) is null)
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        quoter.On(c.Instrument).Watches = c.IsOn != 0;
    }

    private void On(in RequestQuotes c) => Ask(in c, 0, RequestBook.ProvidersMax);

    private void On(in RequestBestQuotes c) => Ask(in c.Request, c.WindowNs, c.AnswersMax);

    private void Ask(in RequestQuotes c, long windowNs, int answersMax)
    {
        var session = c.Header.Session;
        var instrument = InstrumentOf(c.Instrument);
        var reason = CheckRequest(in c, windowNs, answersMax, instrument);
        if (reason != Reason.None)
        {
            TellEnded(session, instrument?.Number ?? 0, in c.RequestID, wasAnswered: false, reason);
            return;
        }
        var request = new OpenRequest
        {
            RequestID = c.RequestID,
            Number = _seq,
            Lots = c.Lots,
            ExpireNs = c.ExpireNs,
            // Half of a short life is for the client to choose in.
            WindowEndNs = windowNs == 0 ? 0 : _timeNs + Math.Min(windowNs, (c.ExpireNs - _timeNs) / 2),
            AnswersMax = answersMax,
            Session = session,
            Instrument = c.Instrument,
            Side = c.Side,
        };
        _requests.Add(in request);
        Await(request.Collects ? request.WindowEndNs : c.ExpireNs);
        var asked = 0;
        for (var provider = 1; provider < _quoters.Sessions && asked < RequestBook.ProvidersMax; provider++)
        {
            if (!IsAsked(provider, session, c.Instrument)) continue;
            asked++;
            _quoters.Of(provider)!.Requests.Asked++;
            _requests.Add(new OpenOffer { Request = _seq, Session = provider });
            _events.On(new QuoteRequested
            {
                Header = Header<QuoteRequested>(EventType.QuoteRequested, provider, c.Instrument),
                Request = _seq,
                Lots = c.Lots,
                ExpireNs = c.ExpireNs,
                Asker = session,
                Side = c.Side,
            });
        }
    }

    private Reason CheckRequest(in RequestQuotes c, long windowNs, int answersMax, Instrument<Fills>? instrument)
    {
        var session = c.Header.Session;
        if (FirmOf(session) == 0) return Reason.UnknownSession;
        if (instrument is null) return Reason.UnknownInstrument;
        if (c.Side > Side.Sell || windowNs < 0 || answersMax is < 1 or > RequestBook.ProvidersMax) return Reason.UnsupportedOrder;
        if (instrument.Phase != Phase.Continuous) return Reason.Phase;
        if ((c.Lots != 0 || c.Flags != OrderFlags.None) && instrument.CheckLots(c.Lots, c.Flags) is not Reason.None and var size) return size;
        if (_requests.Requests.Length == RequestBook.RequestsMax || _requests.CountOf(session) == RequestBook.RequestsOfSessionMax) return Reason.TooManyQuotes;
        if (_kills.Cover(FirmOf(session), session, c.Instrument)) return Reason.Killed;
        if (c.ExpireNs <= _timeNs) return Reason.ExpireTimePassed;
        for (var provider = 1; provider < _quoters.Sessions; provider++)
            if (IsAsked(provider, session, c.Instrument)) return Reason.None;
        return Reason.NoProvider;
    }

    /// <summary>Providers of other firms that watch the instrument, are there and may trade.</summary>
    private bool IsAsked(int provider, int asker, int instrument) =>
        _quoters.Of(provider) is { } quoter && instrument < quoter.Instruments && quoter.On(instrument).Watches
        && _presences[provider].IsConnected && FirmOf(provider) != FirmOf(asker) && !_kills.Cover(FirmOf(provider), provider, instrument);

    private void On(in OfferQuote c)
    {
        var session = c.Header.Session;
        var asked = _requests.FindAsked(c.Request, session);
        var instrument = InstrumentOf(c.Instrument);
        var reason = FirmOf(session) == 0 ? Reason.UnknownSession
            : _quoters.Of(session) is null || HasMargin(session) ? Reason.NotAuthorized
            : asked < 0 ? Reason.UnknownQuote
            : CheckOffer(in c, asked, instrument);
        if (reason != Reason.None)
        {
            TellOfferEnded(session, instrument?.Number ?? 0, in c.QuoteID, c.Request, reason);
            return;
        }
        ref var request = ref _requests.Requests[_requests.Find(c.Request)];
        ref var offer = ref _requests.Offers[asked];
        var quoter = _quoters.Of(session)!;
        if (!offer.HasAnswered) quoter.Requests.Answered++;
        var replacesTold = offer is { IsOpen: true, WasTold: true };
        (offer.HasAnswered, offer.WasTold, offer.LastLookMs) = (true, false, quoter.LastLookMs);
        (offer.QuoteID, offer.Number) = (c.QuoteID, _seq);
        (offer.BidTicks, offer.BidLots, offer.AskTicks, offer.AskLots) = (c.BidTicks, c.BidLots, c.AskTicks, c.AskLots);
        offer.ValidUntilNs = c.ValidUntilNs == 0 ? request.ExpireNs : Math.Min(c.ValidUntilNs, request.ExpireNs);
        Await(offer.ValidUntilNs);
        // Who was told the one before must know that it is another now.
        if (replacesTold) Tell(ref request, ref offer);
        GoOn(ref request);
    }

    private Reason CheckOffer(in OfferQuote c, int asked, Instrument<Fills>? instrument)
    {
        ref readonly var request = ref _requests.Requests[_requests.Find(c.Request)];
        if (_requests.Offers[asked].IsHeld) return Reason.LookPending;
        if (instrument is null || c.Instrument != request.Instrument) return Reason.UnknownInstrument;
        var (hasBid, hasAsk) = (c.BidTicks != 0 || c.BidFlags != OrderFlags.None, c.AskTicks != 0 || c.AskFlags != OrderFlags.None);
        // Who wants to buy needs an offer.
        if (request.Side switch { Side.Buy => !hasAsk, Side.Sell => !hasBid, _ => !hasBid && !hasAsk }) return Reason.UnsupportedOrder;
        if (hasBid && instrument.Check(OrdType.Limit, c.BidTicks, c.BidLots, c.BidFlags) is not Reason.None and var bid) return bid;
        if (hasAsk && instrument.Check(OrdType.Limit, c.AskTicks, c.AskLots, c.AskFlags) is not Reason.None and var ask) return ask;
        if (hasBid && hasAsk && c.BidTicks >= c.AskTicks) return Reason.QuoteCrossed;
        // A request outlives its time only while somebody looks at a hit.
        return (c.ValidUntilNs != 0 && c.ValidUntilNs <= _timeNs) || request.ExpireNs <= _timeNs ? Reason.ExpireTimePassed : Reason.None;
    }

    private void On(in DeclineRequest c)
    {
        var session = c.Header.Session;
        var asked = _requests.FindAsked(c.Request, session);
        var reason = FirmOf(session) == 0 ? Reason.UnknownSession
            : _quoters.Of(session) is null ? Reason.NotAuthorized
            : asked < 0 ? Reason.UnknownQuote
            : _requests.Offers[asked].IsHeld ? Reason.LookPending
            : Reason.None;
        if (reason != Reason.None)
        {
            Text40 none = default;
            TellOfferEnded(session, 0, in none, c.Request, reason);
            return;
        }
        _quoters.Of(session)!.Requests.Declined++;
        var offer = _requests.Offers[asked];
        _requests.RemoveOffer(asked);
        var at = _requests.Find(c.Request);
        if (offer.IsOpen) TellOfferEnded(session, _requests.Requests[at].Instrument, in offer.QuoteID, c.Request, Reason.Declined);
        if (_requests.OffersOf(c.Request).IsEmpty) End(at, Reason.Declined);
        else GoOn(ref _requests.Requests[at]);
    }

    private void TellOfferEnded(int session, int instrument, in Text40 quoteID, long request, Reason reason) => _events.On(new OfferEnded
    {
        Header = Header<OfferEnded>(EventType.OfferEnded, session, instrument),
        QuoteID = quoteID,
        Request = request,
        Reason = reason,
    });
}
