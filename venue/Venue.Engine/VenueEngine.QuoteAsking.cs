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

    private void On(in RequestQuotes c)
    {
        var session = c.Header.Session;
        var instrument = InstrumentOf(c.Instrument);
        var reason = CheckRequest(in c, instrument);
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
            Session = session,
            Instrument = c.Instrument,
            Side = c.Side,
        };
        _requests.Add(in request);
        Await(c.ExpireNs);
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

    private Reason CheckRequest(in RequestQuotes c, Instrument<Fills>? instrument)
    {
        var session = c.Header.Session;
        if (FirmOf(session) == 0) return Reason.UnknownSession;
        if (instrument is null) return Reason.UnknownInstrument;
        if (c.Side > Side.Sell) return Reason.UnsupportedOrder;
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
            : CheckOffer(in c, instrument);
        if (reason != Reason.None)
        {
            TellOfferEnded(session, instrument?.Number ?? 0, in c.QuoteID, c.Request, reason);
            return;
        }
        ref var request = ref _requests.Requests[_requests.Find(c.Request)];
        ref var offer = ref _requests.Offers[asked];
        if (!offer.HasAnswered) _quoters.Of(session)!.Requests.Answered++;
        offer.HasAnswered = request.WasAnswered = true;
        (offer.QuoteID, offer.Number) = (c.QuoteID, _seq);
        (offer.BidTicks, offer.BidLots, offer.AskTicks, offer.AskLots) = (c.BidTicks, c.BidLots, c.AskTicks, c.AskLots);
        offer.ValidUntilNs = c.ValidUntilNs == 0 ? request.ExpireNs : Math.Min(c.ValidUntilNs, request.ExpireNs);
        Await(offer.ValidUntilNs);
        _events.On(new QuoteOffered
        {
            Header = Header<QuoteOffered>(EventType.QuoteOffered, request.Session, request.Instrument),
            RequestID = request.RequestID,
            Offer = _seq,
            BidTicks = c.BidTicks,
            BidLots = c.BidLots,
            AskTicks = c.AskTicks,
            AskLots = c.AskLots,
            ValidUntilNs = offer.ValidUntilNs,
            Provider = session,
        });
    }

    private Reason CheckOffer(in OfferQuote c, Instrument<Fills>? instrument)
    {
        ref readonly var request = ref _requests.Requests[_requests.Find(c.Request)];
        if (instrument is null || c.Instrument != request.Instrument) return Reason.UnknownInstrument;
        var (hasBid, hasAsk) = (c.BidTicks != 0 || c.BidFlags != OrderFlags.None, c.AskTicks != 0 || c.AskFlags != OrderFlags.None);
        // Who wants to buy needs an offer.
        if (request.Side switch { Side.Buy => !hasAsk, Side.Sell => !hasBid, _ => !hasBid && !hasAsk }) return Reason.UnsupportedOrder;
        if (hasBid && instrument.Check(OrdType.Limit, c.BidTicks, c.BidLots, c.BidFlags) is not Reason.None and var bid) return bid;
        if (hasAsk && instrument.Check(OrdType.Limit, c.AskTicks, c.AskLots, c.AskFlags) is not Reason.None and var ask) return ask;
        if (hasBid && hasAsk && c.BidTicks >= c.AskTicks) return Reason.QuoteCrossed;
        return c.ValidUntilNs != 0 && c.ValidUntilNs <= _timeNs ? Reason.ExpireTimePassed : Reason.None;
    }

    private void On(in EndRequest c)
    {
        var offer = _requests.FindOffer(c.Offer);
        var request = offer < 0 ? -1 : _requests.Find(_requests.Offers[offer].Request);
        if (request < 0 || _requests.Requests[request].Session != c.Header.Session)
        {
            Text40 none = default;
            TellEnded(c.Header.Session, 0, in none, wasAnswered: false, Reason.UnknownQuote);
            return;
        }
        End(request, Reason.ClientRequest);
    }

    /// <summary>A request is over without a trade: its answers are gone, and who never answered is counted.</summary>
    private void End(int at, Reason reason)
    {
        var request = _requests.Requests[at];
        _requests.RemoveRequest(at);
        TellEnded(request.Session, request.Instrument, in request.RequestID, request.WasAnswered, reason);
        EndOffers(request.Number, request.Instrument, reason);
    }

    private void EndOffers(long request, int instrument, Reason reason)
    {
        for (var i = 0; i < _requests.Offers.Length;)
        {
            var offer = _requests.Offers[i];
            if (offer.Request != request)
            {
                i++;
                continue;
            }
            _requests.RemoveOffer(i);
            if (!offer.HasAnswered) _quoters.Of(offer.Session)!.Requests.Missed++;
            if (offer.Number != 0) TellOfferEnded(offer.Session, instrument, in offer.QuoteID, request, reason);
        }
    }

    /// <summary>What is over by its time: answers by age, then requests by age.</summary>
    private void EndDueRequests()
    {
        for (var i = 0; i < _requests.Offers.Length; i++)
        {
            ref var offer = ref _requests.Offers[i];
            if (offer.Number == 0 || offer.ValidUntilNs > _timeNs) continue;
            offer.Number = 0;
            var request = _requests.Requests[_requests.Find(offer.Request)];
            TellOfferEnded(offer.Session, request.Instrument, in offer.QuoteID, offer.Request, Reason.Expired);
        }
        for (var at = 0; at < _requests.Requests.Length;)
        {
            if (_requests.Requests[at].ExpireNs <= _timeNs) End(at, Reason.Expired);
            else at++;
        }
    }

    /// <summary>A session is gone: with it what it asked for, and its answers.</summary>
    private void EndRequestsOf(int session)
    {
        for (var at = 0; at < _requests.Requests.Length;)
        {
            if (_requests.Requests[at].Session == session) End(at, Reason.Disconnected);
            else at++;
        }
        for (var i = 0; i < _requests.Offers.Length; i++)
        {
            ref var offer = ref _requests.Offers[i];
            if (offer.Session != session || offer.Number == 0) continue;
            offer.Number = 0;
            var request = _requests.Requests[_requests.Find(offer.Request)];
            TellOfferEnded(session, request.Instrument, in offer.QuoteID, offer.Request, Reason.Disconnected);
        }
    }

    private void TellEnded(int session, int instrument, in Text40 requestID, bool wasAnswered, Reason reason) => _events.On(new RequestEnded
    {
        Header = Header<RequestEnded>(EventType.RequestEnded, session, instrument),
        RequestID = requestID,
        Reason = reason,
        WasAnswered = wasAnswered ? (byte)1 : (byte)0,
    });

    private void TellOfferEnded(int session, int instrument, in Text40 quoteID, long request, Reason reason) => _events.On(new OfferEnded
    {
        Header = Header<OfferEnded>(EventType.OfferEnded, session, instrument),
        QuoteID = quoteID,
        Request = request,
        Reason = reason,
    });
}
