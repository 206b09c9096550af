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
            var reason = CheckNumbers(instrument, new NewOrder { OrdType = OrdType.Limit, PriceTicks = ticks, Flags = flags }, default, ticks, lots);
            if (reason != Reason.None) return reason;
        }
        if (hasBid && hasAsk && c.BidTicks >= c.AskTicks) return Reason.QuoteCrossed;
        return (c.ValidUntilNs != 0 && c.ValidUntilNs <= _command.TimeNs) || asked.ExpireNs <= _command.TimeNs ? Reason.ExpireTimePassed : Reason.None;
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
