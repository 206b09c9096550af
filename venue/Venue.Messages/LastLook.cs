using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>Allows a provider to look at hits of its answers to requests for quotes before they trade, or no longer; an operator's.</summary>
/// <remarks>For its answers from now on. Quotes in the book have no last look.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct DefineLastLook
{
    /// <summary>The longest that there may be, in milliseconds.</summary>
    public const int HoldMsMax = 200;

    public CommandHeader Header;
    /// <summary>A provider's.</summary>
    public int DefinedSession;
    /// <summary>How long it may look, in milliseconds, 0 to <see cref="HoldMsMax"/>; 0 for no last look.</summary>
    public int HoldMs;
}

/// <summary>QuoteStatusReport (35=AI) with QuoteRespID(693): a provider accepts a hit that it was asked about, or refuses it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AnswerHit
{
    public CommandHeader Header;
    /// <summary>QuoteID(117), the provider's.</summary>
    public Text40 QuoteID;
    /// <summary>The hit's number.</summary>
    public long Hit;
    /// <summary>None to accept it; LookPrice or LookValidity to refuse it.</summary>
    public Reason Reason;
    public ushort Reserved1;
    public int Reserved2;
}

/// <summary>An answer was hit, and its provider may look: both sides' money is held until it has answered, or the hold time is over.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OfferHit
{
    public EventHeader Header;
    /// <summary>QuoteID(117), the provider's.</summary>
    public Text40 QuoteID;
    /// <summary>The hit's number: the sequence number of the command that brought it.</summary>
    public long Hit;
    /// <summary>The request's number.</summary>
    public long Request;
    public long PriceTicks;
    public long Lots;
    /// <summary>End of the hold time.</summary>
    public long UntilNs;
    /// <summary>Of who hits: the provider trades the other one.</summary>
    public Side Side;
    public byte Reserved1;
    public ushort Reserved2;
    public int Reserved3;
}
