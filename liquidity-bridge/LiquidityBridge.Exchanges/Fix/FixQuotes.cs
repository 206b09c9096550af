using System.Globalization;
using System.Text;
using Venue.Fix;
using Venue.Messages;

namespace LiquidityBridge.Exchanges.Fix;

/// <summary>
/// A maker's streaming quotes over FIX 4.4: a QuoteRequest(R) for each quantity, then Quote(S) after Quote(S), each in the
/// place of the one before it, until QuoteCancel(Z). No socket inside.
/// </summary>
/// <remarks>
/// A level is a price for its whole quantity. A quote is good until its ValidUntilTime(62), or for a few seconds, and not a
/// moment longer; a book without one that is good on both sides is not live. An order names the quote that it is for.
/// </remarks>
internal sealed class FixQuotes(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally)
{
    private const long GoodNs = 5_000_000_000;        // a quote without 62
    private const long AskAgainNs = 3_000_000_000;    // a request that was refused, canceled or not answered

    private readonly List<Book> _books = [.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange && m.QuoteSizes.Count > 0).Select(m => new Book(i, m, inbox, tally)))];
    private FixSend? _send;
    private long _requests;

    /// <summary>Logged on.</summary>
    public void Up(FixSend send, long nowNs)
    {
        _send = send;
        foreach (var book in _books)
        {
            book.Move(BookEvent.Connecting, OutsideReason.None, nowNs);
            book.Move(BookEvent.Subscribed, OutsideReason.None, nowNs);
            foreach (var tier in book.Tiers) Ask(book, tier, nowNs);
        }
    }

    /// <summary>Logged out, or lost.</summary>
    public void Down(long nowNs)
    {
        _send = null;
        foreach (var book in _books)
        {
            foreach (var tier in book.Tiers) (tier.RequestId, tier.UntilNs) = ("", 0);
            book.Move(BookEvent.Lost, OutsideReason.Lost, nowNs);
        }
    }

    /// <summary>Timers: what is not good any more is pulled, what does not come is asked for again.</summary>
    public void Poll(long nowNs)
    {
        if (_send is null) return;
        foreach (var book in _books)
        {
            var hasEnded = false;
            foreach (var tier in book.Tiers)
            {
                if (tier.UntilNs != 0 && nowNs >= tier.UntilNs)
                {
                    tier.UntilNs = 0;
                    hasEnded = true;
                }
                if (tier.UntilNs == 0 && nowNs - tier.AskedNs >= AskAgainNs) Ask(book, tier, nowNs);
            }
            if (hasEnded) Show(book, OutsideReason.Expired, nowNs);
        }
    }

    /// <summary>A message about quotes; false when it is of another kind.</summary>
    public bool On(in Message message, long nowNs)
    {
        if (message.MsgType.SequenceEqual("S"u8)) OnQuote(message, nowNs);
        else if (message.MsgType.SequenceEqual("Z"u8)) OnEnd(message, OutsideReason.Expired, nowNs);
        else if (message.MsgType.SequenceEqual("AG"u8)) OnEnd(message, OutsideReason.Refused, nowNs);
        else return false;
        return true;
    }

    /// <summary>The quote that an order is for: that of the smallest quantity that covers it; empty where there are none.</summary>
    public string IdFor(HedgeIntent intent, long nowNs)
    {
        foreach (var book in _books)
        {
            if (book.Instrument.Id != intent.Instrument) continue;
            foreach (var tier in book.Tiers)
                if (tier.Quantity >= intent.Quantity && nowNs < tier.UntilNs && (intent.Side == Side.Buy ? tier.Offer > 0 : tier.Bid > 0)) return tier.QuoteId;
        }
        return "";
    }

    private void OnQuote(in Message message, long nowNs)
    {
        if (Find(message) is not ({ } book, { } tier)) return;
        if (!TryPrice(book, message, 132, out var bid) | !TryPrice(book, message, 133, out var offer) || bid + offer == 0 || bid > 0 && offer > 0 && bid >= offer)
        {
            tier.UntilNs = 0;
            Show(book, bid >= offer && offer > 0 ? OutsideReason.Crossed : OutsideReason.BadNumber, nowNs);
            return;
        }
        tier.QuoteId = message.TryGet(117, out var id) ? Encoding.ASCII.GetString(id) : "";
        (tier.Bid, tier.Offer) = (bid, offer);
        // For as long as the maker means it, by its own clock, whatever ours says.
        tier.UntilNs = nowNs + (message.TryGetTime(62, out var untilNs) ? untilNs - (message.TryGetTime(52, out var sentNs) ? sentNs : nowNs) : GoodNs);
        Show(book, OutsideReason.Expired, nowNs);
    }

    private static bool TryPrice(Book book, in Message message, int tag, out long price)
    {
        price = 0;
        return !message.TryGetDecimal(tag, out var mantissa, out var decimals) || book.Instrument.TryPrice(mantissa, decimals, out price) && price >= 0;
    }

    private void OnEnd(in Message message, OutsideReason why, long nowNs)
    {
        if (Find(message) is not ({ } book, { } tier)) return;
        (tier.UntilNs, tier.AskedNs) = (0, nowNs);
        Show(book, why, nowNs);
    }

    /// <summary>What is good now is told; where two quantities have one price, the larger covers both.</summary>
    private static void Show(Book book, OutsideReason whyNot, long nowNs)
    {
        book.Levels.Clear();
        var isTwoSided = false;
        foreach (var tier in book.Tiers)
        {
            if (nowNs >= tier.UntilNs) continue;
            if (tier.Bid > 0) book.Levels.Set(true, tier.Bid, tier.Quantity);
            if (tier.Offer > 0) book.Levels.Set(false, tier.Offer, tier.Quantity);
            isTwoSided |= tier.Bid > 0 && tier.Offer > 0;
        }
        if (isTwoSided) book.Prove(nowNs);
        else book.Move(BookEvent.Broken, whyNot, nowNs);
    }

    private void Ask(Book book, Tier tier, long nowNs)
    {
        tier.AskedNs = nowNs;
        tier.RequestId = string.Create(CultureInfo.InvariantCulture, $"{book.Market.Symbol}-Q{++_requests}");
        _send?.Invoke("R"u8, (ref MessageWriter w, long _) =>
        {
            w.Add(131, tier.RequestId);
            w.Add(146, 1);
            w.Add(55, book.Market.Symbol);
            w.Add(303, 2);     // QuoteRequestType: automatic, quote after quote
            w.Add(537, 1);     // QuoteType: tradeable
            var (units, decimals) = (tier.Quantity, book.Instrument.QuantityDecimals);
            for (; decimals > 0 && units % 10 == 0; decimals--) units /= 10;
            w.AddDecimal(38, units, decimals);
        });
    }

    private (Book? Book, Tier? Tier) Find(in Message message)
    {
        var id = message.TryGet(131, out var text) ? Encoding.ASCII.GetString(text) : "";
        foreach (var book in _books)
            foreach (var tier in book.Tiers)
                if (id.Length > 0 && tier.RequestId == id) return (book, tier);
        return (null, null);
    }

    /// <summary>One quantity, and its last quote.</summary>
    private sealed class Tier(long quantity)
    {
        public long Quantity { get; } = quantity;
        public string RequestId { get; set; } = "";   // QuoteReqID(131); empty when not asked
        public string QuoteId { get; set; } = "";
        public long Bid { get; set; }                  // 0 for none
        public long Offer { get; set; }
        public long UntilNs { get; set; }              // 0 when there is no quote that is good
        public long AskedNs { get; set; }
    }

    private sealed class Book(Instrument instrument, Market market, Inbox inbox, Tally tally) : MarketBook(instrument, market, market.QuoteSizes.Count, inbox, tally)
    {
        public IReadOnlyList<Tier> Tiers { get; } = [.. market.QuoteSizes.Order().Select(q => new Tier(q))];
    }
}
