using Venue.Messages;

namespace Venue.Engine;

/// <summary>How requests for quotes end: a pass, the time, a lost session.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private void On(in EndRequest c)
    {
        var offer = _requests.FindOffer(c.Offer);
        var request = offer < 0 || !_requests.Offers[offer].WasTold ? -1 : _requests.Find(_requests.Offers[offer].Request);
        var reason = request < 0 || _requests.Requests[request].Session != c.Header.Session ? Reason.UnknownQuote
            : _requests.Requests[request].Hit != 0 ? Reason.LookPending
            : Reason.None;
        if (reason != Reason.None)
        {
            Text40 none = default;
            TellEnded(c.Header.Session, 0, in none, wasAnswered: false, reason);
            return;
        }
        End(request, Reason.ClientRequest);
    }

    /// <summary>A request is over without a trade: its answers are gone, and who never answered is counted.</summary>
    private void End(int at, Reason reason)
    {
        if (_requests.Requests[at].Hit != 0) LoseHit(at, reason, reason);
        var request = _requests.Requests[at];
        _requests.RemoveRequest(at);
        TellEnded(request.Session, request.Instrument, in request.RequestID, request.WasAnswered, reason);
        EndOffers(request.Number, request.Instrument, reason);
    }

    private void EndOffers(long request, int instrument, Reason reason)
    {
        foreach (ref readonly var offer in _requests.OffersOf(request))
        {
            if (!offer.HasAnswered) _quoters.Of(offer.Session)!.Requests.Missed++;
            if (offer.IsOpen) TellOfferEnded(offer.Session, instrument, in offer.QuoteID, request, reason);
        }
        _requests.RemoveOffers(request);
    }

    /// <summary>What is over by its time: hold times by the age of their requests, answers by age, then requests by age.</summary>
    private void EndDueRequests()
    {
        var anyEnded = false;
        for (var at = 0; at < _requests.Requests.Length; at++)
        {
            ref readonly var request = ref _requests.Requests[at];
            if (request.Hit == 0 || request.HitUntilNs > _timeNs) continue;
            anyEnded = true;
            TimeOutHit(at);
        }
        foreach (ref var offer in _requests.Offers)
        {
            if (!offer.IsOpen || offer.IsHeld || offer.ValidUntilNs > _timeNs) continue;
            offer.Number = 0;
            anyEnded = true;
            TellOfferEnded(offer.Session, _requests.Requests[_requests.Find(offer.Request)].Instrument, in offer.QuoteID, offer.Request, Reason.Expired);
        }
        for (var at = 0; at < _requests.Requests.Length;)
        {
            ref var request = ref _requests.Requests[at];
            if (request.ExpireNs <= _timeNs && request.Hit == 0)
            {
                End(at, Reason.Expired);
                continue;
            }
            if (anyEnded || (request.Collects && request.WindowEndNs <= _timeNs)) GoOn(ref request);
            at++;
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
        foreach (ref var offer in _requests.Offers)
        {
            if (offer.Session != session) continue;
            var at = _requests.Find(offer.Request);
            ref var request = ref _requests.Requests[at];
            if (offer.IsHeld) LoseHit(at, Reason.Disconnected, Reason.QuoteGone);
            else if (offer.IsOpen)
            {
                offer.Number = 0;
                TellOfferEnded(session, request.Instrument, in offer.QuoteID, offer.Request, Reason.Disconnected);
            }
            // It is not waited for any more.
            GoOn(ref request);
        }
    }

    private void TellEnded(int session, int instrument, in Text40 requestID, bool wasAnswered, Reason reason) => _events.On(new RequestEnded
    {
        Header = Header<RequestEnded>(EventType.RequestEnded, session, instrument),
        RequestID = requestID,
        Reason = reason,
        WasAnswered = wasAnswered ? (byte)1 : (byte)0,
    });
}
