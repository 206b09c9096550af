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
    public int Session;
    public int Instrument;
    public Side Side;
    /// <summary>True when the client was told an answer.</summary>
    public bool WasAnswered;

    public readonly void HashInto(ref StateHasher hasher)
    {
        hasher.AddWords(in RequestID);
        hasher.Add(Number);
        hasher.Add(Lots);
        hasher.Add(ExpireNs);
        hasher.Add(Session, Instrument);
        hasher.Add((int)Side, WasAnswered ? 1 : 0);
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
    /// <summary>True when it answered at least once.</summary>
    public bool HasAnswered;

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
        hasher.Add(Session, HasAnswered ? 1 : 0);
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
            foreach (ref readonly var request in Requests) next = Math.Min(next, request.ExpireNs);
            foreach (ref readonly var offer in Offers)
                if (offer.Number != 0) next = Math.Min(next, offer.ValidUntilNs);
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

    public void HashInto(ref StateHasher hasher)
    {
        foreach (ref readonly var request in Requests) request.HashInto(ref hasher);
        foreach (ref readonly var offer in Offers) offer.HashInto(ref hasher);
    }
}
