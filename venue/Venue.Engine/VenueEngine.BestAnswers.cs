using Venue.Messages;

namespace Venue.Engine;

/// <summary>Which answers to a request are told: the best of those that stand, once those that were waited for are in.</summary>
public sealed partial class VenueEngine<TEvents>
{
    /// <summary>When a client or a provider is to be told by the clock that a hold time or a window is over; the highest number for never.</summary>
    public long NextAnswerNs => _requests.NextAnswerNs;

    /// <summary>A request's answers have changed, or who is waited for, or its time: tells what is to be told now.</summary>
    private void GoOn(ref OpenRequest request)
    {
        if (request.Collects && request.WindowEndNs > _timeNs && IsAnyAwaited(request.Number)) return;
        request.WindowEndNs = 0;
        Await(request.ExpireNs);
        // It outlives its time only while somebody looks at a hit.
        if (request.ExpireNs <= _timeNs) return;
        if (request.Side != Side.Sell) TellBest(ref request, Side.Buy);
        if (request.Side != Side.Buy) TellBest(ref request, Side.Sell);
    }

    /// <summary>True while somebody who was asked is there and has said nothing.</summary>
    private bool IsAnyAwaited(long request)
    {
        foreach (ref readonly var offer in _requests.OffersOf(request))
            if (!offer.HasAnswered && _presences[offer.Session].IsConnected) return true;
        return false;
    }

    /// <summary>Tells those of the best answers that were not told yet, best first.</summary>
    /// <param name="request">Whose answers.</param>
    /// <param name="side">That the client would trade: who buys wants the lowest offers.</param>
    private void TellBest(ref OpenRequest request, Side side)
    {
        var offers = _requests.OffersOf(request.Number);
        // By rank; at most as many as are asked.
        Span<int> best = stackalloc int[RequestBook.ProvidersMax];
        best.Fill(-1);
        for (var i = 0; i < offers.Length; i++)
        {
            if (!offers[i].IsOpen || offers[i].WasTold || offers[i].For(side).Ticks == 0) continue;
            var rank = 0;
            for (var other = 0; other < offers.Length; other++)
                if (other != i && offers[other].IsBetter(in offers[i], side, request.Lots)) rank++;
            if (rank < request.AnswersMax) best[rank] = i;
        }
        foreach (var i in best)
            if (i >= 0) Tell(ref request, ref offers[i]);
    }

    private void Tell(ref OpenRequest request, ref OpenOffer offer)
    {
        offer.WasTold = request.WasAnswered = true;
        ref readonly var looks = ref _quoters.Of(offer.Session)!.Requests.Looks;
        _events.On(new QuoteOffered
        {
            Header = Header<QuoteOffered>(EventType.QuoteOffered, request.Session, request.Instrument),
            RequestID = request.RequestID,
            Offer = offer.Number,
            BidTicks = offer.BidTicks,
            BidLots = offer.BidLots,
            AskTicks = offer.AskTicks,
            AskLots = offer.AskLots,
            ValidUntilNs = offer.ValidUntilNs,
            Provider = offer.Session,
            LastLookMs = (byte)offer.LastLookMs,
            Looks = (byte)Math.Min(looks.Decided, byte.MaxValue),
            AcceptedPercent = (byte)looks.AcceptedPercent,
            HoldMeanMs = (byte)Math.Min((looks.HoldMeanNs + 999_999) / 1_000_000, byte.MaxValue),
        });
    }
}
