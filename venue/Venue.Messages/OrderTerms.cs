using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>What ExecInst(18) and the venue's own tags ask of an order.</summary>
[Flags]
public enum OrderInstructions : ushort
{
    None = 0,
    /// <summary>18=6, participate don't initiate: refused when it would trade at once.</summary>
    PostOnly = 1,
    /// <summary>With <see cref="PostOnly"/>: instead of being refused the order goes one tick behind the best price of the other side.</summary>
    Slide = 2,
    /// <summary>Never shown; behind the shown orders at its price.</summary>
    Hidden = 4,
    /// <summary>18=a: the stop price follows the market at a distance.</summary>
    TrailingStop = 8,
    /// <summary>18=M, pegged to the middle of the shown book.</summary>
    PegMid = 16,
    /// <summary>18=R, pegged to the best shown price of its own side.</summary>
    PegPrimary = 32,
    /// <summary>A side of a provider's quote.</summary>
    Quote = 64,
    /// <summary>A provider's answer to a request for quotes.</summary>
    Offer = 128,
}

/// <summary>What happens when an order meets one of its own group; the incoming order's mode decides. The value is the character of tag 8000.</summary>
public enum SelfTradeMode : byte
{
    None = 0,
    CancelNewest = (byte)'N',
    CancelOldest = (byte)'O',
    CancelBoth = (byte)'B',
    /// <summary>Both go down by the smaller quantity, and the smaller one is canceled.</summary>
    Decrement = (byte)'D',
}

/// <summary>Which price a stop order watches, TriggerPriceType(1107).</summary>
public enum TriggerPrice : byte
{
    None = 0,
    /// <summary>Best offer for a buy, best bid for a sell.</summary>
    Quote = 1,
    LastTrade = 2,
    /// <summary>The index price that commands bring.</summary>
    Index = 100,
}

/// <summary>What an order can say beyond side, price, quantity and TimeInForce(59). Zero means not said.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct OrderTerms
{
    /// <summary>MaxFloor(111), DisplayQty(1138): how much is shown at a time.</summary>
    public long DisplayLots;
    /// <summary>MinQty(110): how much must trade on entry, or none does and the order is canceled.</summary>
    public long MinLots;
    /// <summary>ExpireTime(126), nanoseconds since 1970-01-01 UTC: from then on the order is gone.</summary>
    public long ExpireNs;
    /// <summary>StopPx(99). No price has more than 28 bits.</summary>
    public int StopTicks;
    /// <summary>PegOffsetValue(211): added to the peg's price; the distance of a trailing stop.</summary>
    public int OffsetTicks;
    /// <summary>Orders of one firm and one group do not trade with each other.</summary>
    public int SelfTradeGroup;
    public OrderInstructions Instructions;
    public SelfTradeMode SelfTradeMode;
    public TriggerPrice Trigger;
}

/// <summary>NewOrderSingle (35=D) with terms that <see cref="NewOrder"/> has no room for.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct NewSpecialOrder
{
    public NewOrder Order;
    public OrderTerms Terms;
    /// <summary>ClOrdLinkID(583): ClOrdID of the open order that this one is to cancel, or be canceled by; empty for none.</summary>
    public Text40 LinkClOrdID;
    /// <summary>CashOrderQty(152) in quote atoms, low and high words; then Lots is 0.</summary>
    public ulong CashAtomsLow;
    public long CashAtomsHigh;

    /// <summary>CashOrderQty(152) in quote atoms; 0 for none.</summary>
    public Amount Cash
    {
        readonly get => new(new Int128((ulong)CashAtomsHigh, CashAtomsLow));
        set => (CashAtomsHigh, CashAtomsLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}

/// <summary>OrderCancelReplaceRequest (35=G) with terms; what is zero stays as it is.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ReplaceSpecialOrder
{
    public ReplaceOrder Order;
    public OrderTerms Terms;
}

/// <summary>A match did not happen, because both orders are of one firm and one self-trade group. What became of them is reported by order.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MatchPrevented
{
    public EventHeader Header;
    public long RestingOrderID;
    public long IncomingOrderID;
    public long PriceTicks;
    /// <summary>What would have traded.</summary>
    public long Lots;
    public int SelfTradeGroup;
    /// <summary>The incoming order's.</summary>
    public SelfTradeMode Mode;
    public Side IncomingSide;
    public ushort Reserved;
}
