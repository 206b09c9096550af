using Venue.Messages;

namespace LiquidityBridge;

/// <summary>Where one side of an instrument's quote stands.</summary>
public enum QuoteState : byte
{
    /// <summary>Nothing of it rests at the venue, nor can come to rest.</summary>
    Empty,
    /// <summary>The new order was sent.</summary>
    NewSent,
    /// <summary>It rests.</summary>
    Working,
    /// <summary>It rests; a replacement was sent.</summary>
    ReplaceSent,
    /// <summary>A cancel was sent.</summary>
    CancelSent,
    /// <summary>The connection was lost, the venue did not answer, or this process has just started: it may rest.</summary>
    Uncertain,
    /// <summary>Cancels were sent for every id under which it may rest; the answers have not all come.</summary>
    Clearing,
}

/// <summary>What happens to a quote.</summary>
public enum QuoteEvent : byte
{
    /// <summary>A new order was sent.</summary>
    NewSent,
    /// <summary>A replacement was sent.</summary>
    ReplaceSent,
    /// <summary>A cancel was sent.</summary>
    CancelSent,
    /// <summary>The venue took what was sent last.</summary>
    Accepted,
    /// <summary>The venue refused what was sent last.</summary>
    Refused,
    /// <summary>Filled, canceled, or never there.</summary>
    Closed,
    /// <summary>Connection lost, or no answer.</summary>
    Lost,
    /// <summary>Cancels were sent for all its ids.</summary>
    Clearing,
}

/// <summary>One side of one instrument's quote: at most one order at the venue.</summary>
public sealed class QuoteSlot(Instrument instrument, Side side)
{
    /// <summary>What is quoted.</summary>
    public Instrument Instrument { get; } = instrument;

    /// <summary>Buy for the bid.</summary>
    public Side Side { get; } = side;

    /// <summary>Where it stands.</summary>
    public QuoteState State { get; private set; }

    /// <summary>When <see cref="State"/> last changed, nanoseconds.</summary>
    public long ChangedNs { get; private set; }

    /// <summary>ClOrdID(11) under which it rests, or the new order was sent.</summary>
    public string ClOrdID { get; private set; } = "";

    /// <summary>ClOrdID(11) of the replacement that was sent; empty when there is none.</summary>
    public string PendingClOrdID { get; private set; } = "";

    /// <summary>Price, on the grid.</summary>
    public long Price { get; private set; }

    /// <summary>Price of the replacement, on the grid; equal to <see cref="Price"/> when there is none.</summary>
    public long PendingPrice { get; private set; }

    /// <summary>What rests, or was sent, on the grid.</summary>
    public long Leaves { get; private set; }

    /// <summary>What was filled of the order, on the grid.</summary>
    public long Cum { get; private set; }

    /// <summary>After a refusal: nothing is sent before this time, nanoseconds.</summary>
    public long HoldUntilNs { get; private set; }

    /// <summary>Answers to come while clearing.</summary>
    private int _awaited;

    /// <summary>The ids under which it may rest.</summary>
    public IEnumerable<string> Ids
    {
        get
        {
            if (ClOrdID.Length > 0) yield return ClOrdID;
            if (PendingClOrdID.Length > 0) yield return PendingClOrdID;
        }
    }

    /// <summary>True when an order of this id may rest here.</summary>
    public bool Has(string clOrdID) => clOrdID.Length > 0 && (clOrdID == ClOrdID || clOrdID == PendingClOrdID);

    /// <summary>The most aggressive price at which it may rest; 0 when it cannot.</summary>
    public long MostAggressivePrice => State == QuoteState.Empty ? 0
        : PendingClOrdID.Length == 0 ? Price
        : Side == Side.Buy ? Math.Max(Price, PendingPrice) : Math.Min(Price, PendingPrice);

    /// <summary>A new order goes out.</summary>
    public void SendNew(string clOrdID, long price, long quantity, long nowNs)
    {
        Move(QuoteEvent.NewSent, nowNs);
        (ClOrdID, PendingClOrdID, Price, PendingPrice, Leaves, Cum) = (clOrdID, "", price, price, quantity, 0);
    }

    /// <summary>A replacement goes out.</summary>
    public void SendReplace(string clOrdID, long price, long nowNs)
    {
        Move(QuoteEvent.ReplaceSent, nowNs);
        (PendingClOrdID, PendingPrice) = (clOrdID, price);
    }

    /// <summary>A cancel goes out.</summary>
    public void SendCancel(long nowNs) => Move(QuoteEvent.CancelSent, nowNs);

    /// <summary>Cancels go out for all <see cref="Ids"/>.</summary>
    public void SendClearing(long nowNs)
    {
        Move(QuoteEvent.Clearing, nowNs);
        _awaited = Ids.Count();
    }

    /// <summary>Whether it rests is not known any more.</summary>
    public void Lose(long nowNs)
    {
        if (State != QuoteState.Empty) Move(QuoteEvent.Lost, nowNs);
    }

    /// <summary>Of the last run: an order of this id may rest. A replacement is sent only after the last was answered, so two ids are all that can.</summary>
    public void Recover(string clOrdID)
    {
        Move(QuoteEvent.Lost, 0);
        (ClOrdID, PendingClOrdID) = (PendingClOrdID.Length > 0 ? PendingClOrdID : ClOrdID, clOrdID);
    }

    /// <summary>Of the last run: nothing rests.</summary>
    public void RecoverClosed() => Close(0);

    /// <summary>What the venue says. Belongs to this slot by <see cref="Has"/>.</summary>
    /// <param name="report">The report.</param>
    /// <param name="holdNs">After a refusal, nothing is sent for so long.</param>
    public void On(QuoteReport report, long holdNs)
    {
        var nowNs = report.NowNs;
        switch (report.Kind)
        {
            case QuoteReportKind.Accepted:
                if (State == QuoteState.NewSent) Move(QuoteEvent.Accepted, nowNs);
                break;
            case QuoteReportKind.Replaced when report.ClOrdID == PendingClOrdID:
                (ClOrdID, PendingClOrdID, Price) = (PendingClOrdID, "", PendingPrice);
                (Leaves, Cum) = (report.Leaves, report.Cum);
                if (report.Leaves == 0) Close(nowNs);
                else if (State == QuoteState.ReplaceSent) Move(QuoteEvent.Accepted, nowNs);
                break;
            case QuoteReportKind.Traded:
                (Leaves, Cum) = (report.Leaves, report.Cum);
                if (report.Leaves == 0) Close(nowNs);
                break;
            case QuoteReportKind.Canceled:
                Close(nowNs);
                break;
            case QuoteReportKind.Rejected:
                HoldUntilNs = nowNs + holdNs;
                Close(nowNs);
                break;
            case QuoteReportKind.RequestRefused when State == QuoteState.Clearing:
                // Not known under this id. It is gone when it is known under none.
                if (--_awaited == 0) Close(nowNs);
                break;
            case QuoteReportKind.RequestRefused when State == QuoteState.ReplaceSent && report.ClOrdID == PendingClOrdID:
                HoldUntilNs = nowNs + holdNs;
                (PendingClOrdID, PendingPrice) = ("", Price);
                Move(QuoteEvent.Refused, nowNs);
                break;
            case QuoteReportKind.RequestRefused when report.ClOrdID == PendingClOrdID:
                (PendingClOrdID, PendingPrice) = ("", Price);   // a cancel was sent since
                break;
            case QuoteReportKind.RequestRefused when State == QuoteState.CancelSent:
                Move(QuoteEvent.Refused, nowNs);
                break;
        }
    }

    private void Close(long nowNs)
    {
        Move(QuoteEvent.Closed, nowNs);
        (ClOrdID, PendingClOrdID, Leaves, Cum, _awaited) = ("", "", 0, 0, 0);
    }

    private void Move(QuoteEvent on, long nowNs)
    {
        State = Next(State, on);
        ChangedNs = nowNs;
    }

    /// <summary>Every legal move. What the venue says is looked at before it becomes one, so a pair not listed is a bug.</summary>
    public static QuoteState Next(QuoteState from, QuoteEvent on) => (from, on) switch
    {
        (QuoteState.Empty, QuoteEvent.NewSent) => QuoteState.NewSent,
        (QuoteState.NewSent, QuoteEvent.Accepted) => QuoteState.Working,
        (QuoteState.Working, QuoteEvent.ReplaceSent) => QuoteState.ReplaceSent,
        (QuoteState.ReplaceSent, QuoteEvent.Accepted or QuoteEvent.Refused) => QuoteState.Working,
        (QuoteState.NewSent or QuoteState.Working or QuoteState.ReplaceSent, QuoteEvent.CancelSent) => QuoteState.CancelSent,
        // The cancel named an id that a replacement had taken away, or that never became one: what is there now is asked for again.
        (QuoteState.CancelSent, QuoteEvent.Refused) => QuoteState.Uncertain,
        (QuoteState.Uncertain, QuoteEvent.Clearing) => QuoteState.Clearing,
        (_, QuoteEvent.Closed) => QuoteState.Empty,
        (_, QuoteEvent.Lost) => QuoteState.Uncertain,
        _ => throw new InvalidOperationException($"Quote: {on} while {from}"),
    };
}
