using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>What a <see cref="Quote"/> is about and how it is answered.</summary>
[Flags]
public enum QuoteFlags : byte
{
    None = 0,
    /// <summary>The bid is said; else what stands there stays.</summary>
    Bid = 1,
    /// <summary>The offer is said; else what stands there stays.</summary>
    Ask = 2,
    /// <summary>The last entry of its message: the answer to all of them goes out.</summary>
    Last = 4,
    /// <summary>A Quote (S), not an entry of a MassQuote (i).</summary>
    Single = 8,
}

/// <summary>Which quotes a <see cref="CancelQuotes"/> is about. The value is QuoteCancelType(298).</summary>
public enum QuoteCancelScope : byte
{
    Instrument = 1,
    All = 4,
    /// <summary>298=5 (FIX 5.0): those that the message with this QuoteID(117) set.</summary>
    QuoteID = 5,
}

/// <summary>Makes a session a liquidity provider's, and says what protects it and what it owes; may be changed at any time.</summary>
/// <remarks>Without an instrument: for the session, all of its instruments together. With one: for that instrument alone, beside the session's.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct DefineQuoting
{
    public CommandHeader Header;
    public int DefinedSession;
    /// <summary>0 for all of the session's together.</summary>
    public int Instrument;
    /// <summary>Protection: quotes are pulled at so many fills within the window; 0 for never.</summary>
    public int FillsMax;
    /// <summary>Obligation: widest spread that counts, in 1e-6 of the middle; 0 for no obligation. With an instrument only.</summary>
    public int SpreadMaxPpm;
    /// <summary>Protection: quotes are pulled at so many lots traded within the window; 0 for never. With an instrument only.</summary>
    public long LotsMax;
    /// <summary>Protection: the same at this notional, in quote atoms, low and high words. With an instrument only.</summary>
    public ulong NotionalMaxLow;
    public long NotionalMaxHigh;
    /// <summary>How long a window lasts; it begins with a fill.</summary>
    public long WindowNs;
    /// <summary>How long a quote must stand before its owner may pull it or make it worse; 0 for no time.</summary>
    public long LifeMinNs;
    /// <summary>Obligation: smallest size of either side that counts.</summary>
    public long SizeMinLots;

    /// <summary>Protection: quotes are pulled at this notional traded within the window, in quote atoms; 0 for never.</summary>
    public Amount NotionalMax
    {
        readonly get => new(new Int128((ulong)NotionalMaxHigh, NotionalMaxLow));
        set => (NotionalMaxHigh, NotionalMaxLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}

/// <summary>One entry of a MassQuote (35=i), or a Quote (35=S): what a provider bids and offers on one instrument from now on.</summary>
/// <remarks>A side with price or size 0 is pulled. A refused entry changes nothing.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct Quote
{
    public CommandHeader Header;
    /// <summary>QuoteID(117) of the message.</summary>
    public Text40 QuoteID;
    /// <summary>QuoteSetID(302).</summary>
    public Text16 QuoteSetID;
    /// <summary>QuoteEntryID(299).</summary>
    public Text16 QuoteEntryID;
    public long BidTicks;
    public long BidLots;
    public long AskTicks;
    public long AskLots;
    /// <summary>ValidUntilTime(62): from then on both sides are gone; 0 for never.</summary>
    public long ValidUntilNs;
    public int Instrument;
    public OrderFlags BidFlags;
    public OrderFlags AskFlags;
    public QuoteFlags Flags;
    /// <summary>QuoteResponseLevel(301): 0 no answer, 1 refusals alone, 2 always.</summary>
    public byte ResponseLevel;
}

/// <summary>QuoteCancel (35=Z): pulls quotes of the session that sends it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CancelQuotes
{
    public CommandHeader Header;
    /// <summary>QuoteID(117): which quotes, or only what the request is called.</summary>
    public Text40 QuoteID;
    public int Instrument;
    public QuoteCancelScope Scope;
    /// <inheritdoc cref="Quote.ResponseLevel"/>
    public byte ResponseLevel;
    public ushort Reserved;
}

/// <summary>QuoteStatusRequest (35=a): changes nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct QuoteStatus
{
    public CommandHeader Header;
    /// <summary>QuoteStatusReqID(649).</summary>
    public Text40 RequestID;
    /// <summary>QuoteID(117); when it is given the quote must be of that message.</summary>
    public Text40 QuoteID;
    public int Instrument;
    public int Reserved;
}

/// <summary>MMProtectionReset(9773)=Y: quotes are taken again after a protection has pulled them, and all windows begin anew.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ResetProtection
{
    public CommandHeader Header;
    /// <summary>QuoteID(117) of the message.</summary>
    public Text40 QuoteID;
    /// <summary><see cref="QuoteFlags.Last"/> when no entry follows.</summary>
    public QuoteFlags Flags;
    /// <inheritdoc cref="Quote.ResponseLevel"/>
    public byte ResponseLevel;
    public ushort Reserved1;
    public int Reserved2;
}

/// <summary>A session quotes by these terms from now on.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct QuotingDefined
{
    public EventHeader Header;
    public DefineQuoting Definition;
}

/// <summary>A <see cref="Quote"/> was taken or refused; what it traded comes after this.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct QuoteReport
{
    public EventHeader Header;
    public Text40 QuoteID;
    public Text16 QuoteSetID;
    public Text16 QuoteEntryID;
    /// <summary>OrderID(37) of what stands there or comes in now; 0 for nothing.</summary>
    public long BidOrderID;
    /// <inheritdoc cref="BidOrderID"/>
    public long AskOrderID;
    /// <summary>None when it was taken.</summary>
    public Reason Reason;
    public QuoteFlags Flags;
    /// <inheritdoc cref="Quote.ResponseLevel"/>
    public byte ResponseLevel;
    public int Reserved;
}

/// <summary>A <see cref="CancelQuotes"/> was carried out or refused.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct QuotesCanceled
{
    public EventHeader Header;
    public Text40 QuoteID;
    /// <summary>Sides that were pulled.</summary>
    public int Sides;
    /// <summary>None when all were; the fault of what was left otherwise.</summary>
    public Reason Reason;
    public QuoteCancelScope Scope;
    /// <inheritdoc cref="Quote.ResponseLevel"/>
    public byte ResponseLevel;
}

/// <summary>QuoteStatusReport (35=AI): how a session's quote on one instrument stands.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct QuoteStatusReport
{
    public EventHeader Header;
    /// <summary>QuoteStatusReqID(649).</summary>
    public Text40 RequestID;
    public Text40 QuoteID;
    /// <summary>0 for no bid.</summary>
    public long BidTicks;
    /// <summary>What is left of it.</summary>
    public long BidLots;
    /// <summary>0 for no offer.</summary>
    public long AskTicks;
    /// <summary>What is left of it.</summary>
    public long AskLots;
    public long ValidUntilNs;
    /// <summary>None when there is a quote.</summary>
    public Reason Reason;
    public ushort Reserved1;
    public int Reserved2;
}

/// <summary>A protection's window is full: what it covers is pulled by the same command, and quotes are refused until a reset.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ProtectionTripped
{
    public EventHeader Header;
    /// <summary>What the window has, in quote atoms, low and high words; 0 for a session's.</summary>
    public ulong NotionalLow;
    public long NotionalHigh;
    public long Lots;
    public int Fills;
    public int Reserved;

    /// <summary>What the window has, in quote atoms.</summary>
    public Amount Notional
    {
        readonly get => new(new Int128((ulong)NotionalHigh, NotionalLow));
        set => (NotionalHigh, NotionalLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}

/// <summary>A <see cref="ResetProtection"/> was carried out or refused.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ProtectionReset
{
    public EventHeader Header;
    public Text40 QuoteID;
    /// <summary>None when it was taken.</summary>
    public Reason Reason;
    public QuoteFlags Flags;
    /// <inheritdoc cref="Quote.ResponseLevel"/>
    public byte ResponseLevel;
    public int Reserved;
}
