using System.Globalization;
using System.Text;
using LiquidityBridge.Sandbox.Market;
using Venue.Fix;
using Venue.Matching;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Fix;

/// <summary>A maker's streaming quotes: QuoteRequest(R) in; Quote(S) each time the price of the whole quantity changes, and before it expires.</summary>
/// <remarks>
/// The price of a quantity is that of its last piece in the book. An order that names a quote is taken while that quote
/// is the last one of its stream and still good; the book then fills it at that price or better.
/// </remarks>
internal sealed class FixQuoting(Exchange exchange, Faults faults, IReadOnlyList<FixMember> members)
{
    private const long GoodNs = 2_000_000_000, RenewNs = 1_000_000_000;
    private const int StreamsMax = 100;

    private long _quotes = exchange.FirstNumber;

    /// <summary>Begins a stream.</summary>
    public void Request(FixMember member, in Message message)
    {
        message.TryGet(131, out var id);
        var name = Encoding.Latin1.GetString(id);
        if (member.Streams.Exists(s => s.RequestID == name) || member.Streams.Count >= StreamsMax)
        {
            Refuse(member, name, 99, "QuoteReqID(131) is in use, or there are too many");
            return;
        }
        foreach (var entry in message.Groups(146))
        {
            entry.TryGet(55, out var symbol);
            entry.TryGet(38, out var quantity);
            if (exchange.Find(Encoding.ASCII.GetString(symbol)) is not { } instrument)
            {
                Refuse(member, name, 1, "Unknown symbol");
                return;
            }
            if (!Decimals.TryScale(Encoding.ASCII.GetString(quantity), instrument.QtyDecimals, out var lots) || lots < instrument.MinLots || lots > instrument.MaxLots)
            {
                Refuse(member, name, 99, "OrderQty(38) cannot be quoted");
                return;
            }
            var stream = new FixStream(name, instrument, lots);
            member.Streams.Add(stream);
            Quote(member, stream);
        }
    }

    /// <summary>The book has changed.</summary>
    public void OnBook(Instrument instrument)
    {
        foreach (var member in members)
            foreach (var stream in member.Streams)
                if (stream.Instrument == instrument) Quote(member, stream);
    }

    /// <summary>Quotes are renewed before they expire.</summary>
    public void Poll()
    {
        foreach (var member in members)
            foreach (var stream in member.Streams)
                if (exchange.NowNs - stream.AtNs >= RenewNs) Quote(member, stream, isRenewed: true);
    }

    /// <summary>True when the order may be entered: it names no quote, or the last one of a stream that covers it and is still good.</summary>
    public bool Covers(FixMember member, FixOrderRequest request) => request.QuoteID.Length == 0 || member.Streams.Exists(s =>
        s.QuoteID == request.QuoteID && exchange.NowNs < s.AtNs + GoodNs && s.Instrument.Symbol == request.Symbol
        && Decimals.TryScale(request.OrderQty, s.Instrument.QtyDecimals, out var lots) && lots <= s.Lots);

    private void Quote(FixMember member, FixStream stream, bool isRenewed = false)
    {
        if (faults.IsFrozen) return;
        var (bid, offer) = (Worst(stream, Side.Sell), Worst(stream, Side.Buy));
        if (!isRenewed && (bid, offer) == (stream.Bid, stream.Offer)) return;
        var had = stream.QuoteID.Length > 0;
        if (bid == 0 || offer == 0)
        {
            if (had) Cancel(member, stream);
            stream.AtNs = exchange.NowNs;
            return;
        }
        (stream.Bid, stream.Offer, stream.AtNs) = (bid, offer, exchange.NowNs);
        stream.QuoteID = (++_quotes).ToString(CultureInfo.InvariantCulture);
        ref var w = ref member.Begin("S"u8, exchange.NowNs);
        w.Add(131, stream.RequestID);
        w.Add(117, stream.QuoteID);
        w.Add(537, 1);
        w.Add(55, stream.Instrument.Symbol);
        w.AddDecimal(132, bid, stream.Instrument.PriceDecimals);
        w.AddDecimal(133, offer, stream.Instrument.PriceDecimals);
        w.AddDecimal(134, stream.Lots, stream.Instrument.QtyDecimals);
        w.AddDecimal(135, stream.Lots, stream.Instrument.QtyDecimals);
        w.AddTime(62, member.ByItsClock(exchange.NowNs + GoodNs));
        w.AddTime(60, member.ByItsClock(exchange.NowNs));
        member.Session.End(keep: false);
    }

    private void Cancel(FixMember member, FixStream stream)
    {
        ref var w = ref member.Begin("Z"u8, exchange.NowNs);
        w.Add(131, stream.RequestID);
        w.Add(117, stream.QuoteID);
        w.Add(298, 1);   // for one symbol
        member.Session.End(keep: false);
        (stream.QuoteID, stream.Bid, stream.Offer) = ("", 0, 0);
    }

    /// <summary>Ticks of the last piece that an order of this side would take for the whole quantity; 0 when there is not so much.</summary>
    private long Worst(FixStream stream, Side taker)
    {
        var (book, left, maker) = (exchange.Book(stream.Instrument), stream.Lots, taker == Side.Buy ? Side.Sell : Side.Buy);
        for (var more = book.TryBest(maker, out var price); more; more = book.TryNext(maker, price, out price))
        {
            left -= book.QuantityAt(maker, price).Lots;
            if (left <= 0) return price.Ticks;
        }
        return 0;
    }

    private void Refuse(FixMember member, string requestID, int reason, string text)
    {
        ref var w = ref member.Begin("AG"u8, exchange.NowNs);
        w.Add(131, requestID);
        w.Add(658, reason);
        w.Add(58, text);
        member.Session.End(keep: false);
    }
}

/// <summary>One stream of quotes.</summary>
internal sealed class FixStream(string requestID, Instrument instrument, long lots)
{
    /// <summary>QuoteReqID(131).</summary>
    public string RequestID { get; } = requestID;

    /// <summary>What is quoted.</summary>
    public Instrument Instrument { get; } = instrument;

    /// <summary>For how much.</summary>
    public long Lots { get; } = lots;

    /// <summary>QuoteID(117) of the last quote; empty when there is none.</summary>
    public string QuoteID { get; set; } = "";

    /// <summary>Its prices, in ticks.</summary>
    public long Bid { get; set; }

    /// <inheritdoc cref="Bid"/>
    public long Offer { get; set; }

    /// <summary>When it was told, nanoseconds.</summary>
    public long AtNs { get; set; }
}
