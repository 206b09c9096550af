using Venue.Messages;

namespace Venue.Engine;

/// <summary>Last look: hits of answers whose provider may look before it accepts. Both sides' money is held meanwhile, so that neither can fail.</summary>
/// <remarks>FX Global Code, principle 17: the hold time is for the price and whether the trade may be made, and for nothing else. README.md has the rules.</remarks>
public sealed partial class VenueEngine<TEvents>
{
    private void On(in DefineLastLook c)
    {
        if (_quoters.Of(c.DefinedSession) is not { } quoter || c.HoldMs is < 0 or > DefineLastLook.HoldMsMax)
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        quoter.LastLookMs = c.HoldMs;
        TellDone(in c);
    }

    /// <summary>A hit waits for its provider; the taker's money is taken too.</summary>
    private void Hold(int at, int maker, int taker)
    {
        ref var offer = ref _requests.Offers[at];
        ref var request = ref _requests.Requests[_requests.Find(offer.Request)];
        var instrument = _instruments[request.Instrument]!;
        MoveHold(ref _orders[taker], instrument, HoldOf(in _orders[taker], instrument));
        (_specials[maker].Look, _specials[taker].Look) = (HitLook.Pending, HitLook.Pending);
        offer.IsHeld = true;
        (request.Hit, request.HitNs, request.HitUntilNs) = (_seq, _timeNs, _timeNs + offer.LastLookMs * 1_000_000L);
        (request.Maker, request.Taker) = (maker, taker);
        Await(request.HitUntilNs);
        _quoters.Of(offer.Session)!.Requests.Looks.Held++;
        Report(taker, ExecType.PendingNew, Reason.None);
        _events.On(new OfferHit
        {
            Header = Header<OfferHit>(EventType.OfferHit, offer.Session, request.Instrument),
            QuoteID = offer.QuoteID,
            Hit = request.Hit,
            Request = request.Number,
            PriceTicks = _orders[taker].Ticks,
            Lots = _orders[taker].Lots,
            UntilNs = request.HitUntilNs,
            Side = _orders[taker].Side,
        });
    }

    private void On(in AnswerHit c)
    {
        var session = c.Header.Session;
        var at = _requests.FindHit(c.Hit);
        if (FirmOf(session) == 0 || at < 0 || _orders[_requests.Requests[at].Maker].Session != session || c.Reason is not (Reason.None or Reason.LookPrice or Reason.LookValidity))
        {
            TellOfferEnded(session, 0, in c.QuoteID, 0, FirmOf(session) == 0 ? Reason.UnknownSession : Reason.UnknownQuote);
            return;
        }
        var request = _requests.Requests[at];
        ref var looks = ref _quoters.Of(session)!.Requests.Looks;
        looks.Add(_timeNs - request.HitNs);
        if (c.Reason == Reason.None)
        {
            looks.Accepted++;
            (_specials[request.Maker].Look, _specials[request.Taker].Look) = (HitLook.None, HitLook.None);
            Trade(_requests.FindAsked(request.Number, session), request.Maker, request.Taker, isHeld: true);
            return;
        }
        if (c.Reason == Reason.LookPrice) looks.RefusedPrice++;
        else looks.RefusedValidity++;
        LoseHit(at, c.Reason, c.Reason, isDecided: true);
        GoOn(ref _requests.Requests[at]);
    }

    /// <summary>The hold time is over and its provider has said nothing.</summary>
    private void TimeOutHit(int at)
    {
        ref readonly var request = ref _requests.Requests[at];
        ref var looks = ref _quoters.Of(_orders[request.Maker].Session)!.Requests.Looks;
        looks.Add(_timeNs - request.HitNs);
        looks.TimedOut++;
        LoseHit(at, Reason.LookTimedOut, Reason.LookTimedOut, isDecided: true);
    }

    /// <summary>A hit comes to nothing: both sides' money is free again, the answer is gone, the request goes on.</summary>
    private void LoseHit(int at, Reason toProvider, Reason toTaker, bool isDecided = false)
    {
        ref var request = ref _requests.Requests[at];
        var (maker, taker, instrument) = (request.Maker, request.Taker, _instruments[request.Instrument]!);
        (request.Hit, request.HitNs, request.HitUntilNs, request.Maker, request.Taker) = (0, 0, 0, 0, 0);
        var session = _orders[maker].Session;
        ref var offer = ref _requests.Offers[_requests.FindAsked(request.Number, session)];
        (offer.Number, offer.IsHeld) = (0, false);
        if (!isDecided) _quoters.Of(session)!.Requests.Looks.Ended++;
        // Whatever its time was: the next command ends it if that is over.
        Await(request.ExpireNs);
        TakeOut(maker, instrument);
        TakeOut(taker, instrument);
        _specials[taker].Look = HitLook.Refused;
        TellOfferEnded(session, request.Instrument, in offer.QuoteID, request.Number, toProvider);
        Report(taker, ExecType.Rejected, toTaker);
    }

    /// <summary>An instrument's trading was interrupted.</summary>
    private void EndHits(Instrument<Fills> instrument)
    {
        for (var at = 0; at < _requests.Requests.Length; at++)
        {
            ref var request = ref _requests.Requests[at];
            if (request.Hit == 0 || request.Instrument != instrument.Number) continue;
            LoseHit(at, Reason.Phase, Reason.Phase);
            GoOn(ref request);
        }
    }

    /// <summary>A kill switch was engaged: no hit that it covers on either side may trade.</summary>
    private void EndKilledHits()
    {
        for (var at = 0; at < _requests.Requests.Length; at++)
        {
            ref var request = ref _requests.Requests[at];
            if (request.Hit == 0) continue;
            var (coversProvider, coversTaker) = (IsCovered(request.Maker), IsCovered(request.Taker));
            if (!coversProvider && !coversTaker) continue;
            LoseHit(at, coversProvider ? Reason.Killed : Reason.Unfilled, coversTaker ? Reason.Killed : Reason.QuoteGone);
            GoOn(ref request);
        }
    }

    /// <summary>The firm of one of a hit's orders is liquidated.</summary>
    private void EndLiquidatedHit(int slot)
    {
        var at = 0;
        while (_requests.Requests[at].Maker != slot && _requests.Requests[at].Taker != slot) at++;
        var isTaker = _requests.Requests[at].Taker == slot;
        LoseHit(at, isTaker ? Reason.Unfilled : Reason.MarginCanceled, isTaker ? Reason.MarginCanceled : Reason.QuoteGone);
        GoOn(ref _requests.Requests[at]);
    }

    private int CheckHits(Dictionary<(int Firm, int Asset), Int128> holds)
    {
        var (open, counted) = (0, 0);
        foreach (ref readonly var request in _requests.Requests)
        {
            if (request.Hit == 0) continue;
            foreach (var slot in (ReadOnlySpan<int>)[request.Maker, request.Taker])
            {
                if (!_orders[slot].IsOpen || _specials[slot].Look != HitLook.Pending) throw new InvalidOperationException($"Slot {slot} is no side of hit {request.Hit}");
                CheckOrder(slot, _instruments[request.Instrument]!, holds, ref counted);
                open++;
            }
        }
        return open;
    }
}
