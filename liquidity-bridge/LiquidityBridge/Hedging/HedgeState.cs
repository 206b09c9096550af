namespace LiquidityBridge;

/// <summary>Where a hedge order stands.</summary>
public enum HedgeState : byte
{
    /// <summary>Written down; perhaps not sent.</summary>
    Intended,
    /// <summary>Its bytes went to the socket.</summary>
    Sent,
    /// <summary>The exchange has it.</summary>
    Acknowledged,
    /// <summary>Open, with a part traded.</summary>
    PartlyFilled,
    /// <summary>All of it traded.</summary>
    Filled,
    /// <summary>Refused, or certainly never sent; nothing traded.</summary>
    Rejected,
    /// <summary>Ended with less than all.</summary>
    Canceled,
    /// <summary>
    /// Nobody knows. What is not booked as traded counts as if it could still trade, and is not hedged again, until the
    /// exchange says what became of the order.
    /// </summary>
    Unknown,
}

/// <summary>What happens to a hedge order.</summary>
public enum HedgeEvent : byte
{
    /// <summary>Its bytes went to the socket.</summary>
    Sent,
    /// <summary>The exchange has it, or says that it is open.</summary>
    Acknowledged,
    /// <summary>A part traded.</summary>
    TradedPart,
    /// <summary>The last part traded.</summary>
    TradedAll,
    /// <summary>It ended, and every fill of it is booked.</summary>
    Ended,
    /// <summary>The exchange refused it, or it was certainly never sent.</summary>
    Refused,
    /// <summary>Timeout or disconnect, or the exchange says of it what does not fit together.</summary>
    Lost,
}

/// <summary>The hedge order's transition table.</summary>
public static class HedgeTable
{
    /// <summary>True when nothing more can trade.</summary>
    public static bool IsDone(this HedgeState state) => state is HedgeState.Filled or HedgeState.Rejected or HedgeState.Canceled;

    /// <summary>The state after <paramref name="on"/>; null when it does not belong there, which a person must look at.</summary>
    public static HedgeState? Next(HedgeState from, HedgeEvent on) => (from, on) switch
    {
        (HedgeState.Intended, HedgeEvent.Sent) => HedgeState.Sent,
        (HedgeState.Sent or HedgeState.Acknowledged, HedgeEvent.Sent) => from,   // reports of two connections can overtake each other
        (HedgeState.PartlyFilled or HedgeState.Filled or HedgeState.Canceled or HedgeState.Rejected or HedgeState.Unknown, HedgeEvent.Sent) => from,
        (HedgeState.Intended or HedgeState.Sent or HedgeState.Acknowledged, HedgeEvent.Acknowledged) => HedgeState.Acknowledged,
        (HedgeState.PartlyFilled, HedgeEvent.Acknowledged) => HedgeState.PartlyFilled,
        (HedgeState.Unknown, HedgeEvent.Acknowledged) => HedgeState.Acknowledged,
        (HedgeState.Filled or HedgeState.Canceled, HedgeEvent.Acknowledged) => from,   // the answer came after the fills
        (HedgeState.Intended or HedgeState.Sent or HedgeState.Acknowledged or HedgeState.PartlyFilled, HedgeEvent.TradedPart) => HedgeState.PartlyFilled,
        // A fill tells nothing of the rest: only an answer does.
        (HedgeState.Unknown, HedgeEvent.TradedPart) => HedgeState.Unknown,
        (HedgeState.Intended or HedgeState.Sent or HedgeState.Acknowledged or HedgeState.PartlyFilled or HedgeState.Unknown, HedgeEvent.TradedAll) => HedgeState.Filled,
        (HedgeState.Intended or HedgeState.Sent or HedgeState.Acknowledged or HedgeState.PartlyFilled or HedgeState.Unknown, HedgeEvent.Ended) => HedgeState.Canceled,
        (HedgeState.Filled or HedgeState.Canceled, HedgeEvent.Ended) => from,
        // Also after it was acknowledged: a maker's last look.
        (HedgeState.Intended or HedgeState.Sent or HedgeState.Acknowledged or HedgeState.Unknown, HedgeEvent.Refused) => HedgeState.Rejected,
        (HedgeState.Rejected, HedgeEvent.Refused or HedgeEvent.Ended) => HedgeState.Rejected,
        (HedgeState.Intended or HedgeState.Sent or HedgeState.Acknowledged or HedgeState.PartlyFilled or HedgeState.Unknown, HedgeEvent.Lost) => HedgeState.Unknown,
        (HedgeState.Filled or HedgeState.Canceled or HedgeState.Rejected, HedgeEvent.Lost) => from,
        _ => null,
    };
}
