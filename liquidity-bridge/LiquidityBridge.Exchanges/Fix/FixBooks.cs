using System.Globalization;
using System.Text;
using Venue.Fix;

namespace LiquidityBridge.Exchanges.Fix;

/// <summary>
/// Books over FIX 4.4 market data: SecurityList first, then MarketDataRequest(V), snapshot (W) and increments (X), proven
/// by RptSeq(83), which counts the entries of a subscription without a gap. No socket inside.
/// </summary>
internal sealed class FixBooks(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally)
{
    private const int Depth = 25;
    private const long HeardEveryNs = 500_000_000;
    private const long AnswerNs = 3_000_000_000;
    private const long ResubscribeEveryNs = 1_000_000_000;

    private readonly List<Book> _books = [.. instruments.SelectMany(i => i.Markets.Where(m => m.Exchange == exchange && m.QuoteSizes.Count == 0).Select(m => new Book(i, m, inbox, tally)))];
    private FixSend? _send;
    private long _requests, _toldHeardNs, _listAskedNs;   // when the list was asked for and did not come yet

    /// <summary>Logged on.</summary>
    public void Up(FixSend send, long nowNs)
    {
        _send = send;
        foreach (var book in _books) book.Move(BookEvent.Connecting, OutsideReason.None, nowNs);
        Move(BookEvent.Subscribed, OutsideReason.None, nowNs);
        // A maker that only streams quotes has no list.
        if (_books.Count > 0) AskList(nowNs);
    }

    private void AskList(long nowNs)
    {
        _listAskedNs = nowNs;
        var id = (++_requests).ToString(CultureInfo.InvariantCulture);
        _send?.Invoke("x"u8, (ref MessageWriter w, long _) =>
        {
            w.Add(320, id);
            w.Add(559, 4);   // SecurityListRequestType: all securities
        });
    }

    /// <summary>Logged out, or lost.</summary>
    public void Down(long nowNs)
    {
        _send = null;
        _listAskedNs = 0;
        foreach (var book in _books) book.RequestId = "";
        Move(BookEvent.Lost, OutsideReason.Lost, nowNs);
    }

    /// <summary>Timers.</summary>
    public void Poll(long heardNs, long nowNs)
    {
        if (heardNs - _toldHeardNs >= HeardEveryNs)
        {
            _toldHeardNs = heardNs;
            inbox(new ExchangeHeard { NowNs = nowNs, Exchange = exchange });
        }
        // While the session resends what was missed nothing new is sent: what is not answered is asked again.
        if (_listAskedNs != 0 && nowNs - _listAskedNs > AnswerNs) AskList(nowNs);
        foreach (var book in _books)
        {
            var isUnanswered = book.RequestId.Length > 0 && book.State == BookState.Syncing && nowNs - book.SubscribedNs > AnswerNs;
            if (isUnanswered || book.ResubscribeAtNs != 0 && nowNs >= book.ResubscribeAtNs) Subscribe(book, nowNs);
        }
    }

    /// <summary>A message of market data; false when it is of another kind.</summary>
    public bool On(in Message message, long nowNs)
    {
        switch ((char)message.MsgType[0])
        {
            case 'y': OnSecurities(message, nowNs); return true;
            case 'W': OnSnapshot(message, nowNs); return true;
            case 'X': OnIncrement(message, nowNs); return true;
            case 'f': OnStatus(message, nowNs); return true;
            case 'Y':
                if (BookOf(message) is { } book) Void(book, OutsideReason.Refused, nowNs);
                return true;
            default: return false;
        }
    }

    private void OnSecurities(in Message message, long nowNs)
    {
        foreach (var entry in message.Groups(146))
        {
            entry.TryGet(55, out var symbol);
            if (Find(symbol) is not { } book) continue;
            book.IsListed = true;
            if (!Fits(book, entry)) book.Move(BookEvent.Misfit, OutsideReason.Misfit, nowNs);
        }
        message.TryGetChar(893, out var isLast);
        if (isLast == 'N') return;
        _listAskedNs = 0;
        foreach (var book in _books)
        {
            if (!book.IsListed) book.Move(BookEvent.Misfit, OutsideReason.Misfit, nowNs);
            if (book.State != BookState.Disabled) Subscribe(book, nowNs);
        }
    }

    /// <summary>The configured steps and smallest order are those of the exchange; what it does not say is not compared.</summary>
    private static bool Fits(Book book, in FieldView entry)
    {
        var (i, m) = (book.Instrument, book.Market);
        if (entry.TryGetDecimal(969, out var mantissa, out var decimals) && (!i.TryPrice(mantissa, decimals, out var tick) || m.Tick % tick != 0)) return false;
        if (entry.TryGetDecimal(561, out mantissa, out decimals) && (!i.TryQuantity(mantissa, decimals, out var lot) || m.Lot % lot != 0)) return false;
        return !entry.TryGetDecimal(562, out mantissa, out decimals) || i.TryQuantity(mantissa, decimals, out var min) && m.Min >= min;
    }

    private void OnSnapshot(in Message message, long nowNs)
    {
        if (BookOf(message) is not { } book) return;
        book.Levels.Clear();
        book.HasSnapshot = true;
        message.TryGetInt(83, out var rptSeq);
        book.RptSeq = rptSeq;
        foreach (var entry in message.Groups(268))
        {
            if (Set(book, entry, '0')) continue;
            Void(book, OutsideReason.BadNumber, nowNs);
            return;
        }
        Prove(book, nowNs);
    }

    private void OnIncrement(in Message message, long nowNs)
    {
        if (BookOf(message) is not { HasSnapshot: true } book) return;
        foreach (var entry in message.Groups(268))
        {
            entry.TryGetChar(279, out var action);
            var isNext = entry.TryGetInt(83, out var rptSeq) && rptSeq == book.RptSeq + 1;
            if (isNext && Set(book, entry, (char)action))
            {
                book.RptSeq = rptSeq;
                continue;
            }
            Void(book, isNext ? OutsideReason.BadNumber : OutsideReason.Gap, nowNs);
            return;
        }
        Prove(book, nowNs);
    }

    private static bool Set(Book book, in FieldView entry, char action)
    {
        entry.TryGetChar(269, out var type);
        if (type is not ((byte)'0' or (byte)'1')) return true;   // trades and the like
        if (!entry.TryGetDecimal(270, out var mantissa, out var decimals) || !book.Instrument.TryPrice(mantissa, decimals, out var price) || price <= 0) return false;
        if (action == '2') return book.Levels.Set(type == '0', price, 0);
        return entry.TryGetDecimal(271, out mantissa, out decimals) && book.Instrument.TryQuantity(mantissa, decimals, out var quantity) && quantity > 0
            && book.Levels.Set(type == '0', price, quantity);
    }

    private void OnStatus(in Message message, long nowNs)
    {
        message.TryGet(55, out var symbol);
        if (Find(symbol) is not { } book || !message.TryGetInt(326, out var status)) return;
        // SecurityTradingStatus: 17 ready to trade; 2 halt, 18 not available, 21 pre-open and the rest are not.
        var isHalted = status != 17;
        if (isHalted == (book.State == BookState.Suspended)) return;
        book.Move(isHalted ? BookEvent.Halted : BookEvent.Resumed, isHalted ? OutsideReason.Halted : OutsideReason.None, nowNs);
        if (!isHalted) Subscribe(book, nowNs);
    }

    private static void Prove(Book book, long nowNs)
    {
        if (!book.Prove(nowNs)) Renew(book, nowNs);
    }

    private static void Void(Book book, OutsideReason why, long nowNs)
    {
        book.Move(BookEvent.Broken, why, nowNs);
        Renew(book, nowNs);
    }

    private static void Renew(Book book, long nowNs)
    {
        book.HasSnapshot = false;
        if (book.ResubscribeAtNs == 0) book.ResubscribeAtNs = Math.Max(nowNs, book.SubscribedNs + ResubscribeEveryNs);
    }

    private void Subscribe(Book book, long nowNs)
    {
        if (book.RequestId.Length > 0) Request(book, '2');
        book.RequestId = string.Create(CultureInfo.InvariantCulture, $"{book.Market.Symbol}-{++_requests}");
        book.HasSnapshot = false;
        book.ResubscribeAtNs = 0;
        book.SubscribedNs = nowNs;
        Request(book, '1');
    }

    private void Request(Book book, char type) => _send?.Invoke("V"u8, (ref MessageWriter w, long _) =>
    {
        w.Add(262, book.RequestId);
        w.Add(263, type);
        w.Add(264, Depth);
        w.Add(265, '1');   // MDUpdateType: incremental
        w.Add(267, 2);
        w.Add(269, '0');
        w.Add(269, '1');
        w.Add(146, 1);
        w.Add(55, book.Market.Symbol);
    });

    private void Move(BookEvent on, OutsideReason why, long nowNs)
    {
        foreach (var book in _books)
        {
            book.HasSnapshot = book.IsListed = false;
            book.ResubscribeAtNs = 0;
            book.Move(on, why, nowNs);
        }
    }

    private Book? Find(ReadOnlySpan<byte> symbol)
    {
        var text = Encoding.ASCII.GetString(symbol);
        return _books.Find(b => b.Market.Symbol == text);
    }

    private Book? BookOf(in Message message)
    {
        message.TryGet(262, out var id);
        var text = Encoding.ASCII.GetString(id);
        return _books.Find(b => b.RequestId == text && text.Length > 0);
    }

    private sealed class Book(Instrument instrument, Market market, Inbox inbox, Tally tally) : MarketBook(instrument, market, Depth, inbox, tally)
    {
        public string RequestId { get; set; } = "";   // MDReqID(262) of the subscription; empty for none
        public int RptSeq { get; set; }
        public bool IsListed { get; set; }
        public bool HasSnapshot { get; set; }
        public long SubscribedNs { get; set; }
        public long ResubscribeAtNs { get; set; }     // 0 when there is no need
    }
}

/// <summary>Sends an application message now; gives its MsgSeqNum(34), or 0 when it was not sent.</summary>
internal delegate int FixSend(ReadOnlySpan<byte> msgType, MessageBody body);
