namespace LiquidityBridge.Exchanges;

/// <summary>A book that is subscribed on its own, and asked for anew when what is known of it does not count any more.</summary>
public class SubscribedBook(Instrument instrument, Market market, int depth, Inbox inbox, Tally tally) : MarketBook(instrument, market, depth, inbox, tally)
{
    /// <summary>The exchange has told its steps, on this connection.</summary>
    public bool IsKnown { get; set; }

    /// <summary>A snapshot has come since it was last asked for.</summary>
    public bool HasSnapshot { get; set; }

    /// <summary>When it was subscribed on this connection; 0 when it was not.</summary>
    public long SubscribedNs { get; set; }

    /// <summary>When it is to be asked for anew; 0 when there is no need.</summary>
    public long ResubscribeAtNs { get; set; }
}

/// <summary>The books of one connection.</summary>
/// <param name="books">All of them.</param>
/// <param name="subscribe">Sends the subscription of one, and before it the end of the former one when there was one (true).</param>
internal sealed class Subscriptions<TBook>(TBook[] books, Action<TBook, bool> subscribe) where TBook : SubscribedBook
{
    /// <summary>A book is asked for anew at most so often, nanoseconds.</summary>
    public const long EveryNs = 1_000_000_000;

    /// <summary>All of them.</summary>
    public ReadOnlySpan<TBook> All => books;

    /// <summary>The book of this symbol; null when it is not ours.</summary>
    public TBook? Find(JsonNode symbol)
    {
        foreach (var book in books)
            if (symbol.Is(book.Market.Symbol)) return book;
        return null;
    }

    /// <summary>Something happened to the connection.</summary>
    public void Move(BookEvent on, OutsideReason why, long nowNs)
    {
        foreach (var book in books)
        {
            if (on is BookEvent.Lost or BookEvent.Connecting)
            {
                book.HasSnapshot = false;
                book.SubscribedNs = book.ResubscribeAtNs = 0;
            }
            book.Move(on, why, nowNs);
        }
    }

    /// <summary>The exchange has told a book's steps and state: whether they fit, and whether it can be traded. A book that can is subscribed.</summary>
    public void Tell(TBook book, bool fits, bool halted, long nowNs)
    {
        var isNew = !book.IsKnown;
        book.IsKnown = true;
        if (!fits)
        {
            book.Move(BookEvent.Misfit, OutsideReason.Misfit, nowNs);
            return;
        }
        if (halted != (book.State == BookState.Suspended)) book.Move(halted ? BookEvent.Halted : BookEvent.Resumed, halted ? OutsideReason.Halted : OutsideReason.None, nowNs);
        else if (!isNew) return;
        // What it showed before a halt is old: only a new snapshot is taken.
        if (!halted) Subscribe(book, nowNs);
        else book.HasSnapshot = false;
    }

    /// <summary>Nothing that is known of it counts any more.</summary>
    public void Void(TBook book, OutsideReason why, long nowNs)
    {
        book.Move(BookEvent.Broken, why, nowNs);
        Renew(book, nowNs);
    }

    /// <summary>It is asked for anew, at most once a second.</summary>
    public void Renew(TBook book, long nowNs)
    {
        book.HasSnapshot = false;
        if (book.ResubscribeAtNs == 0) book.ResubscribeAtNs = Math.Max(nowNs, book.SubscribedNs + EveryNs);
        if (nowNs >= book.ResubscribeAtNs) Subscribe(book, nowNs);
    }

    /// <summary>Asks for those that are due.</summary>
    public void Poll(long nowNs)
    {
        foreach (var book in books)
            if (book.ResubscribeAtNs != 0 && nowNs >= book.ResubscribeAtNs) Subscribe(book, nowNs);
    }

    /// <summary>It is asked for now.</summary>
    public void Subscribe(TBook book, long nowNs)
    {
        book.ResubscribeAtNs = 0;
        book.HasSnapshot = false;
        var isAgain = book.SubscribedNs != 0;
        book.SubscribedNs = nowNs;
        subscribe(book, isAgain);
    }
}
