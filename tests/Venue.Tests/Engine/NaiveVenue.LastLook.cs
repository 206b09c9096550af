using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>A hit that its provider looks at.</summary>
internal sealed record NaiveHit(long Number, long Since, long Until, int Provider, NaiveOrder Maker, NaiveOrder Taker);

/// <summary>What a provider did with requests and hits.</summary>
internal sealed class NaiveCounts
{
    public long Asked, Answered, Missed, Declined, Taken, Gone, Held, Accepted, RefusedPrice, RefusedValidity, TimedOut, Ended;

    /// <summary>How long each hit was held that was accepted, refused or timed out, in nanoseconds.</summary>
    public List<long> HoldTimes { get; } = [];

    public long Mean => HoldTimes.Count == 0 ? 0 : (HoldTimes.Sum() + HoldTimes.Count - 1) / HoldTimes.Count;

    public long Longest => HoldTimes.Count == 0 ? 0 : HoldTimes.Max();

    /// <summary>The class of the time that so many of a thousand were not longer than, in milliseconds.</summary>
    public int At(int perMille)
    {
        if (HoldTimes.Count == 0) return 0;
        var time = HoldTimes.Order().ElementAt((HoldTimes.Count * perMille + 999) / 1000 - 1);
        int[] classes = [1, 2, 5, 10, 20, 50, 100, 200];
        return classes.FirstOrDefault(ms => time <= ms * 1_000_000L, -1);
    }
}

/// <summary>The best answers, and hits that providers look at.</summary>
internal sealed partial class NaiveVenue
{
    private readonly Dictionary<int, int> _lookMs = [];
    private readonly Dictionary<long, int> _lookMsOf = [];
    private readonly HashSet<long> _told = [];

    private NaiveCounts CountsOf(int provider)
    {
        if (!RequestCounts.TryGetValue(provider, out var counts)) RequestCounts[provider] = counts = new NaiveCounts();
        return counts;
    }

    private void Define(in DefineLastLook c)
    {
        if (!IsQuoter(c.DefinedSession) || c.HoldMs is < 0 or > 200)
        {
            Refuse(Reason.Contradiction);
            return;
        }
        _lookMs[c.DefinedSession] = c.HoldMs;
        Done(in c);
    }

    /// <summary>Whatever has changed: the best answers are told that were not, unless they are still collected.</summary>
    private void GoOn(NaiveRequest request)
    {
        var isAwaited = request.Offers.Any(offer => !request.Answered.Contains(offer.Provider) && _connected.ContainsKey(offer.Provider));
        if (request.WindowEnd > _command.TimeNs && isAwaited) return;
        request.WindowEnd = 0;
        if (request.Asked.ExpireNs <= _command.TimeNs) return;
        foreach (var side in request.Asked.Side == 0 ? new[] { Side.Buy, Side.Sell } : [request.Asked.Side])
            foreach (var (provider, answer) in Ranked(request, side).Take(request.AnswersMax))
                if (!_told.Contains(answer.Header.Seq)) Tell(request, provider, answer);
    }

    private static List<(int Provider, OfferQuote Answer)> Ranked(NaiveRequest request, Side side) =>
        [.. request.Offers.Where(offer => offer.Answer is not null).Select(offer => (offer.Provider, Answer: offer.Answer!.Value)).Where(offer => PriceOf(offer.Answer, side).Ticks != 0)
            .OrderByDescending(offer => PriceOf(offer.Answer, side).Lots >= request.Asked.Lots)
            .ThenBy(offer => side == Side.Buy ? offer.Answer.AskTicks : -offer.Answer.BidTicks)
            .ThenByDescending(offer => PriceOf(offer.Answer, side).Lots).ThenBy(offer => offer.Answer.Header.Seq)];

    private static (long Ticks, long Lots) PriceOf(in OfferQuote answer, Side side) => side == Side.Buy ? (answer.AskTicks, answer.AskLots) : (answer.BidTicks, answer.BidLots);

    private void Tell(NaiveRequest request, int provider, in OfferQuote c)
    {
        _told.Add(c.Header.Seq);
        request.WasAnswered = true;
        var counts = CountsOf(provider);
        log.Add(new QuoteOffered
        {
            Header = Header<QuoteOffered>(EventType.QuoteOffered, request.Session, request.Asked.Instrument), RequestID = request.Asked.RequestID, Offer = c.Header.Seq,
            BidTicks = c.BidTicks, BidLots = c.BidLots, AskTicks = c.AskTicks, AskLots = c.AskLots, ValidUntilNs = c.ValidUntilNs, Provider = provider,
            LastLookMs = (byte)_lookMsOf[c.Header.Seq], Looks = (byte)Math.Min(counts.HoldTimes.Count, 255),
            AcceptedPercent = (byte)(counts.Accepted * 100 / Math.Max(counts.HoldTimes.Count, 1)), HoldMeanMs = (byte)Math.Min((counts.Mean + 999_999) / 1_000_000, 255),
        });
    }

    private void Decline(DeclineRequest c)
    {
        var session = _command.Session;
        var request = _asked.Find(r => r.Asked.Header.Seq == c.Request && r.Offers.Any(offer => offer.Provider == session));
        var reason = _firmOf.GetValueOrDefault(session) == 0 ? Reason.UnknownSession
            : !IsQuoter(session) ? Reason.NotAuthorized
            : request is null ? Reason.UnknownQuote
            : request.Hit?.Provider == session ? Reason.LookPending
            : Reason.None;
        if (reason != Reason.None)
        {
            TellOfferEnded(session, 0, default, c.Request, reason);
            return;
        }
        CountsOf(session).Declined++;
        var at = request!.Offers.FindIndex(offer => offer.Provider == session);
        if (request.Offers[at].Answer is not null) EndAnswer(request, at, Reason.Declined);
        request.Offers.RemoveAt(at);
        if (request.Offers.Count == 0) EndRequest(request, Reason.Declined);
        else GoOn(request);
    }

    private void Hold(NaiveRequest request, int provider, in OfferQuote answer, NaiveOrder maker, NaiveOrder taker)
    {
        Settle(taker);
        maker.IsLookedAt = taker.IsLookedAt = true;
        var until = _command.TimeNs + _lookMsOf[answer.Header.Seq] * 1_000_000L;
        request.Hit = new NaiveHit(_command.Seq, _command.TimeNs, until, provider, maker, taker);
        CountsOf(provider).Held++;
        Report(taker, ExecType.PendingNew);
        log.Add(new OfferHit
        {
            Header = Header<OfferHit>(EventType.OfferHit, provider, request.Asked.Instrument), QuoteID = answer.QuoteID, Hit = _command.Seq, Request = request.Asked.Header.Seq,
            PriceTicks = taker.Ticks, Lots = taker.Lots, UntilNs = until, Side = taker.Side,
        });
    }

    private void Answer(AnswerHit c)
    {
        var session = _command.Session;
        var request = _asked.Find(r => r.Hit is { } hit && hit.Number == c.Hit && hit.Provider == session);
        if (request is null || c.Reason is not (Reason.None or Reason.LookPrice or Reason.LookValidity))
        {
            TellOfferEnded(session, 0, c.QuoteID, 0, _firmOf.GetValueOrDefault(session) == 0 ? Reason.UnknownSession : Reason.UnknownQuote);
            return;
        }
        var hit = request.Hit!;
        var counts = CountsOf(session);
        counts.HoldTimes.Add(_command.TimeNs - hit.Since);
        if (c.Reason == Reason.None)
        {
            counts.Accepted++;
            hit.Maker.IsLookedAt = hit.Taker.IsLookedAt = false;
            TradeHit(request, session, hit.Maker, hit.Taker);
            return;
        }
        if (c.Reason == Reason.LookPrice) counts.RefusedPrice++;
        else counts.RefusedValidity++;
        LoseHit(request, c.Reason, c.Reason, isDecided: true);
        GoOn(request);
    }

    private void TimeOut(NaiveRequest request)
    {
        var counts = CountsOf(request.Hit!.Provider);
        counts.HoldTimes.Add(_command.TimeNs - request.Hit.Since);
        counts.TimedOut++;
        LoseHit(request, Reason.LookTimedOut, Reason.LookTimedOut, isDecided: true);
    }

    private void LoseHit(NaiveRequest request, Reason toProvider, Reason toTaker, bool isDecided = false)
    {
        var hit = request.Hit!;
        request.Hit = null;
        if (!isDecided) CountsOf(hit.Provider).Ended++;
        TakeOut(hit.Maker);
        TakeOut(hit.Taker);
        hit.Taker.IsRefused = true;
        EndAnswer(request, request.Offers.FindIndex(offer => offer.Provider == hit.Provider), toProvider);
        Report(hit.Taker, ExecType.Rejected, toTaker);
    }

    private void EndHits(Func<NaiveRequest, bool> which, Reason toProvider, Reason toTaker)
    {
        foreach (var request in _asked.Where(r => r.Hit is not null && which(r)).ToList())
        {
            LoseHit(request, toProvider, toTaker);
            GoOn(request);
        }
    }

    private void EndKilledHits()
    {
        foreach (var request in _asked.Where(r => r.Hit is not null).ToList())
        {
            var (provider, taker) = (IsKilled(request.Hit!.Provider), IsKilled(request.Session));
            if (provider || taker) EndHits(r => r == request, provider ? Reason.Killed : Reason.Unfilled, taker ? Reason.Killed : Reason.QuoteGone);

            bool IsKilled(int session) => Switches(session, request.Asked.Instrument).Any(_kills.Contains);
        }
    }

    private void EndLiquidatedHit(NaiveOrder order)
    {
        var request = _asked.Single(r => r.Hit is { } hit && (hit.Maker == order || hit.Taker == order));
        var isTaker = request.Hit!.Taker == order;
        LoseHit(request, isTaker ? Reason.Unfilled : Reason.MarginCanceled, isTaker ? Reason.MarginCanceled : Reason.QuoteGone);
        GoOn(request);
    }
}
