using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>RFQRequest (35=AH): from now on a provider is asked for quotes on an instrument, or no longer.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct WatchRequests
{
    public CommandHeader Header;
    public int Instrument;
    /// <summary>1 to be asked, 0 not to be.</summary>
    public byte IsOn;
    public byte Reserved1;
    public ushort Reserved2;
}

/// <summary>QuoteRequest (35=R): asks the providers that watch an instrument. The request's number is the sequence number of this command.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RequestQuotes
{
    public CommandHeader Header;
    /// <summary>QuoteReqID(131).</summary>
    public Text40 RequestID;
    /// <summary>OrderQty(38); 0 for any.</summary>
    public long Lots;
    /// <summary>ExpireTime(126): answers are taken until then.</summary>
    public long ExpireNs;
    public int Instrument;
    /// <summary>0 for both.</summary>
    public Side Side;
    public OrderFlags Flags;
    public ushort Reserved;
}

/// <summary>A <see cref="RequestQuotes"/> of which the best answers are wanted, together.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RequestBestQuotes
{
    /// <summary>Its header says that it is this command.</summary>
    public RequestQuotes Request;
    /// <summary>How long answers are collected before the best are told, at most half of the request's life; 0 to tell each as it comes.</summary>
    public long WindowNs;
    /// <summary>How many of them, 1 to 16; of a request for both sides, of each side.</summary>
    public int AnswersMax;
    public int Reserved;
}

/// <summary>QuoteRequestReject (35=AG) from a provider: it will not answer a request, or takes back what it answered.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DeclineRequest
{
    public CommandHeader Header;
    /// <summary>The request's number.</summary>
    public long Request;
}

/// <summary>Quote (35=S) with QuoteReqID(131): a provider's answer to a request. Its number is the sequence number of this command; it takes the place of its earlier one.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OfferQuote
{
    public CommandHeader Header;
    /// <summary>QuoteID(117), the provider's.</summary>
    public Text40 QuoteID;
    /// <summary>The request's number.</summary>
    public long Request;
    public long BidTicks;
    public long BidLots;
    public long AskTicks;
    public long AskLots;
    /// <summary>ValidUntilTime(62); 0 for as long as the request lasts.</summary>
    public long ValidUntilNs;
    public int Instrument;
    public OrderFlags BidFlags;
    public OrderFlags AskFlags;
    public ushort Reserved;
}

/// <summary>NewOrderSingle (35=D) with OrdType(40)=D, or QuoteResponse (35=AJ) with QuoteRespType(694)=1: hits an answer.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TakeOffer
{
    public CommandHeader Header;
    public Text40 ClOrdID;
    /// <summary>The answer's number, QuoteID(117) as the venue told it; 0 for one that cannot be.</summary>
    public long Offer;
    /// <summary>Price(44), which must be the answer's; 0 for whatever it is.</summary>
    public long PriceTicks;
    /// <summary>OrderQty(38).</summary>
    public long Lots;
    public int Instrument;
    public Side Side;
    public OrderFlags Flags;
    public ushort Reserved;
}

/// <summary>QuoteResponse (35=AJ) with QuoteRespType(694)=6: who asked wants none of the answers.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct EndRequest
{
    public CommandHeader Header;
    /// <summary>Number of one of the request's answers.</summary>
    public long Offer;
}

/// <summary>A provider is asked.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct QuoteRequested
{
    public EventHeader Header;
    /// <summary>The request's number, the same for all providers.</summary>
    public long Request;
    public long Lots;
    public long ExpireNs;
    /// <summary>Session that asks.</summary>
    public int Asker;
    public Side Side;
    public byte Reserved1;
    public ushort Reserved2;
}

/// <summary>A provider's answer, to who asked.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct QuoteOffered
{
    public EventHeader Header;
    /// <summary>QuoteReqID(131).</summary>
    public Text40 RequestID;
    /// <summary>The answer's number: what a hit names.</summary>
    public long Offer;
    /// <summary>0 for no bid.</summary>
    public long BidTicks;
    public long BidLots;
    /// <summary>0 for no offer.</summary>
    public long AskTicks;
    public long AskLots;
    public long ValidUntilNs;
    /// <summary>Session that answers.</summary>
    public int Provider;
    /// <summary>How long its provider may look at a hit before it accepts or refuses, in milliseconds; 0 for no look: a hit trades.</summary>
    public byte LastLookMs;
    /// <summary>Hits that this provider has looked at so far, 255 for as many or more; 0: the next two say nothing.</summary>
    public byte Looks;
    /// <summary>Of all those: how many it accepted, in percent, rounded down.</summary>
    public byte AcceptedPercent;
    /// <summary>Of all those: how long it looked in the mean, in milliseconds, rounded up.</summary>
    public byte HoldMeanMs;
}

/// <summary>A request was refused, or it is over without a trade. Its answers are gone.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RequestEnded
{
    public EventHeader Header;
    /// <summary>QuoteReqID(131).</summary>
    public Text40 RequestID;
    public Reason Reason;
    /// <summary>1 when an answer was told.</summary>
    public byte WasAnswered;
    public byte Reserved1;
    public int Reserved2;
}

/// <summary>A provider's answer was refused, or is gone without a trade.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OfferEnded
{
    public EventHeader Header;
    /// <summary>QuoteID(117), the provider's.</summary>
    public Text40 QuoteID;
    /// <summary>The request's number.</summary>
    public long Request;
    public Reason Reason;
    public ushort Reserved1;
    public int Reserved2;
}
