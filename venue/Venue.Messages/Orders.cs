using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>What a gateway found while turning a message into a command; the engine refuses in its own order.</summary>
[Flags]
public enum OrderFlags : byte
{
    None = 0,
    /// <summary>Price(44) is no multiple of the tick; <c>Price</c> is 0.</summary>
    PriceOffTick = 1,
    /// <summary>Price(44) does not fit 64-bit ticks; <c>Price</c> is 0.</summary>
    PriceTooLarge = 2,
    /// <summary>OrderQty(38) is no multiple of the lot; <c>Quantity</c> is 0.</summary>
    QuantityOffLot = 4,
    /// <summary>OrderQty(38) does not fit 64-bit lots; <c>Quantity</c> is 0.</summary>
    QuantityTooLarge = 8,
    /// <summary>
    /// PossResend(97)=Y: may have come under another MsgSeqNum. A new order whose ClOrdID is known is answered with the
    /// status of what came first, and nothing else happens (FIX 4.4 vol 4 appendix D, matrix F.1.b).
    /// </summary>
    PossResend = 16,
}

/// <summary>NewOrderSingle (35=D).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct NewOrder
{
    public CommandHeader Header;
    public Text40 ClOrdID;
    public long PriceTicks;
    public long Lots;
    public int Instrument;
    public Side Side;
    public OrdType OrdType;
    public TimeInForce TimeInForce;
    public OrderFlags Flags;
}

/// <summary>
/// A NewOrderSingle that cannot be put as <see cref="NewOrder"/> because its symbol is unknown. It changes no
/// balance and no book, but goes through the log so that its ExecID comes from there.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct RefuseOrder
{
    public CommandHeader Header;
    public Text40 ClOrdID;
    /// <summary>Symbol(55) as received, cut to 39 bytes.</summary>
    public Text40 Symbol;
    public Reason Reason;
    public Side Side;
    public OrdType OrdType;
    public int Reserved;
}

/// <summary>OrderCancelRequest (35=F).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CancelOrder
{
    public CommandHeader Header;
    public Text40 ClOrdID;
    public Text40 OrigClOrdID;
    /// <summary>OrderID(37) when the client gave one, else 0. When given it must name the same order.</summary>
    public long OrderID;
    /// <summary>0 when Symbol(55) is unknown: then the order is unknown too.</summary>
    public int Instrument;
    public Side Side;
    public byte Reserved1;
    public ushort Reserved2;
}

/// <summary>OrderCancelReplaceRequest (35=G).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ReplaceOrder
{
    public CommandHeader Header;
    public Text40 ClOrdID;
    public Text40 OrigClOrdID;
    /// <summary>OrderID(37) when the client gave one, else 0. When given it must name the same order.</summary>
    public long OrderID;
    public long PriceTicks;
    /// <summary>The new OrderQty(38) of the whole order, what is filled included.</summary>
    public long Lots;
    public int Instrument;
    public Side Side;
    public OrdType OrdType;
    /// <summary>0 when the client did not say: it stays as it is.</summary>
    public TimeInForce TimeInForce;
    public OrderFlags Flags;
}

/// <summary>OrderStatusRequest (35=H).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OrderStatusRequest
{
    public CommandHeader Header;
    public Text40 ClOrdID;
    /// <summary>OrderID(37) when the client gave one, else 0. When given it must name the same order.</summary>
    public long OrderID;
    public int Instrument;
    public Side Side;
    public byte Reserved1;
    public ushort Reserved2;
}
