using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>A client's request for quotes that is not over yet.</summary>
internal struct OpenRequest
{
    public Text40 RequestID;
    /// <summary>Sequence number of the command that brought it.</summary>
    public long Number;
    public long Lots;
    public long ExpireNs;
    /// <summary>Until when answers are collected and none is told; 0 from then on.</summary>
    public long WindowEndNs;
    /// <summary>Number of the hit that its provider looks at; 0 for none.</summary>
    public long Hit;
    /// <summary>When it came, and until when it may be looked at.</summary>
    public long HitNs, HitUntilNs;
    public int Session;
    public int Instrument;
    /// <summary>Slots of the hit's two orders, which hold both sides' money.</summary>
    public int Maker, Taker;
    /// <summary>How many of the best answers are told.</summary>
    public int AnswersMax;
    public Side Side;
    /// <summary>True when the client was told an answer.</summary>
    public bool WasAnswered;

    /// <summary>True while answers are kept back.</summary>
    public readonly bool Collects => WindowEndNs != 0;

    public readonly void HashInto(ref StateHasher hasher)
    {
        hasher.AddWords(in RequestID);
        hasher.Add(Number);
        hasher.Add(Lots);
        hasher.Add(ExpireNs);
        hasher.Add(WindowEndNs);
        hasher.Add(Hit);
        hasher.Add(HitNs);
        hasher.Add(HitUntilNs);
        hasher.Add(Session, Instrument);
        hasher.Add(Maker, Taker);
        hasher.Add(AnswersMax, (int)Side << 1 | (WasAnswered ? 1 : 0));
    }
}

/// <summary>A provider's answer to a request, or that it was asked: then its number is 0.</summary>
internal struct OpenOffer
{
    public Text40 QuoteID;
    /// <summary>Sequence number of the command that brought it.</summary>
    public long Number;
    /// <summary>Of the request.</summary>
    public long Request;
    public long BidTicks, BidLots, AskTicks, AskLots;
    public long ValidUntilNs;
    public int Session;
    /// <summary>How long its provider may look at a hit of it, in milliseconds; 0 for no last look.</summary>
    public int LastLookMs;
    /// <summary>True when it answered at least once.</summary>
    public bool HasAnswered;
    /// <summary>True when the client was told this answer: others cannot be hit.</summary>
    public bool WasTold;
    /// <summary>True while its provider looks at a hit of it.</summary>
    public bool IsHeld;

    public readonly bool IsOpen => Number != 0;

    /// <summary>Price and size for who wants to trade this side.</summary>
    public readonly (long Ticks, long Lots) For(Side side) => side == Side.Buy ? (AskTicks, AskLots) : (BidTicks, BidLots);

    /// <summary>True when it is a better answer than another for who wants to trade this side: one that covers what was asked for, the price, the size, the older one.</summary>
    public readonly bool IsBetter(in OpenOffer other, Side side, long lotsAsked)
    {
        var ((ticks, lots), (otherTicks, otherLots)) = (For(side), other.For(side));
        if (!IsOpen || ticks == 0) return false;
        if (lots >= lotsAsked != otherLots >= lotsAsked) return lots >= lotsAsked;
        if (ticks != otherTicks) return side == Side.Buy ? ticks < otherTicks : ticks > otherTicks;
        return lots != otherLots ? lots > otherLots : Number < other.Number;
    }

    public readonly void HashInto(ref StateHasher hasher)
    {
        hasher.AddWords(in QuoteID);
        hasher.Add(Number);
        hasher.Add(Request);
        hasher.Add(BidTicks);
        hasher.Add(BidLots);
        hasher.Add(AskTicks);
        hasher.Add(AskLots);
        hasher.Add(ValidUntilNs);
        hasher.Add(Session, LastLookMs << 3 | (HasAnswered ? 4 : 0) | (WasTold ? 2 : 0) | (IsHeld ? 1 : 0));
    }
}

/// <summary>Requests for quotes and their answers, each in the order in which they came. Few: they are searched.</summary>
internal sealed class RequestBook
{
    /// <summary>Requests that may be open at once, and those of one session.</summary>
    public const int RequestsMax = 256, RequestsOfSessionMax = 16;

    /// <summary>Providers that one request may go to.</summary>
    public const int ProvidersMax = 16;

    private readonly List<OpenRequest> _requests = new(RequestsMax);
    private readonly List<OpenOffer> _offers = new(RequestsMax * 4);

    public Span<OpenRequest> Requests => CollectionsMarshal.AsSpan(_requests);

    public Span<OpenOffer> Offers => CollectionsMarshal.AsSpan(_offers);

    /// <summary>When the next request or answer is over by itself; the highest number for never.</summary>
    public long NextDueNs
    {
        get
        {
            var next = long.MaxValue;
            foreach (ref readonly var request in Requests)
            {
                next = Math.Min(next, request.Hit != 0 ? request.HitUntilNs : request.ExpireNs);
                if (request.Collects) next = Math.Min(next, request.WindowEndNs);
            }
            foreach (ref readonly var offer in Offers)
                if (offer is { IsOpen: true, IsHeld: false }) next = Math.Min(next, offer.ValidUntilNs);
            return next;
        }
    }

    /// <summary>When the next hold time or window is over; the highest number for never.</summary>
    public long NextAnswerNs
    {
        get
        {
            var next = long.MaxValue;
            foreach (ref readonly var request in Requests)
            {
                if (request.Hit != 0) next = Math.Min(next, request.HitUntilNs);
                if (request.Collects) next = Math.Min(next, request.WindowEndNs);
            }
            return next;
        }
    }

    public void Add(in OpenRequest request) => _requests.Add(request);

    public void Add(in OpenOffer offer) => _offers.Add(offer);

    /// <summary>Place of a request; -1 when it is over.</summary>
    public int Find(long number)
    {
        for (var at = 0; at < _requests.Count; at++)
            if (_requests[at].Number == number) return at;
        return -1;
    }

    /// <summary>Place of the request whose hit this is; -1 when it is over.</summary>
    public int FindHit(long number)
    {
        for (var at = 0; number != 0 && at < _requests.Count; at++)
            if (_requests[at].Hit == number) return at;
        return -1;
    }

    /// <summary>What the providers of one request have answered, in the order in which they were asked: they stand together, requests by number.</summary>
    public Span<OpenOffer> OffersOf(long request)
    {
        var (first, count) = RangeOf(request);
        return Offers.Slice(first, count);
    }

    private (int First, int Count) RangeOf(long request)
    {
        var offers = Offers;
        var (first, end) = (0, offers.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            if (offers[middle].Request < request) first = middle + 1;
            else end = middle;
        }
        while (end < offers.Length && offers[end].Request == request) end++;
        return (first, end - first);
    }

    /// <summary>Place of an answer; -1 when it is gone.</summary>
    public int FindOffer(long number)
    {
        for (var at = 0; number != 0 && at < _offers.Count; at++)
            if (_offers[at].Number == number) return at;
        return -1;
    }

    /// <summary>Place of what a provider was asked by a request; -1 when it was not.</summary>
    public int FindAsked(long request, int session)
    {
        for (var at = 0; at < _offers.Count; at++)
            if (_offers[at].Request == request && _offers[at].Session == session) return at;
        return -1;
    }

    public int CountOf(int session)
    {
        var count = 0;
        foreach (ref readonly var request in Requests)
            if (request.Session == session) count++;
        return count;
    }

    public void RemoveRequest(int at) => _requests.RemoveAt(at);

    public void RemoveOffer(int at) => _offers.RemoveAt(at);

    /// <summary>Removes all that the providers of one request have answered.</summary>
    public void RemoveOffers(long request)
    {
        var (first, count) = RangeOf(request);
        _offers.RemoveRange(first, count);
    }

    public void HashInto(ref StateHasher hasher)
    {
        foreach (ref readonly var request in Requests) request.HashInto(ref hasher);
        foreach (ref readonly var offer in Offers) offer.HashInto(ref hasher);
    }
}
