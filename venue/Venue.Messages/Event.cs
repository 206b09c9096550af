using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>What the engine says happened. Numbers are part of the feed's format and never change their meaning.</summary>
public enum EventType : byte
{
    None = 0,
    AssetDefined = 1,
    InstrumentDefined = 2,
    FirmDefined = 3,
    SessionDefined = 4,
    Credited = 5,
    Refused = 6,
    WithdrawalHeld = 7,
    WithdrawalSettled = 8,
    WithdrawalReleased = 9,
    Killed = 10,
    ExecReport = 16,
    CancelReject = 17,
    Trade = 18,
    LevelChanged = 19,
    MassCancelReport = 32,
    MassStatusReport = 33,
    SessionConnected = 34,
    SessionDisconnected = 35,
    MatchPrevented = 48,
    TradingDefined = 49,
    PhaseChanged = 50,
    Indicative = 51,
    SelfTradeDefined = 52,
    OperationDone = 64,
    QuotingDefined = 96,
    QuoteReport = 97,
    QuotesCanceled = 98,
    QuoteStatusReport = 99,
    ProtectionTripped = 100,
    ProtectionReset = 101,
    QuoteRequested = 102,
    QuoteOffered = 103,
    RequestEnded = 104,
    OfferEnded = 105,
    OfferHit = 106,
    MarginChanged = 112,
    MarginTransferred = 113,
}

/// <summary>The first 32 bytes of every event. (Seq, Index) names it for ever: it is what ExecID(17) is made of.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct EventHeader
{
    /// <summary>Sequence number of the command that caused it.</summary>
    public long Seq;
    /// <summary>Time of that command, nanoseconds since 1970-01-01 UTC.</summary>
    public long TimeNs;
    /// <summary>Place among the command's events, from 0.</summary>
    public int Index;
    /// <summary>Session that it is addressed to; 0 for all (public) or none.</summary>
    public int Session;
    public EventType Type;
    /// <summary>Layout version of this type, from 1.</summary>
    public byte Version;
    /// <summary>Bytes of the whole event, header included.</summary>
    public ushort Length;
    /// <summary>Instrument, 0 when none is meant.</summary>
    public int Instrument;

    /// <summary>The header of an event, whatever its type.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><typeparamref name="T"/> is smaller than a header.</exception>
    public static ref readonly EventHeader Of<T>(in T e) where T : unmanaged => ref MemoryMarshal.AsRef<EventHeader>(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in e)));
}

/// <summary>A definition or credit was taken; the engine's state now holds it. The body is the command's own.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AssetDefined
{
    public EventHeader Header;
    public DefineAsset Definition;
}

/// <inheritdoc cref="AssetDefined"/>
[StructLayout(LayoutKind.Sequential)]
public struct InstrumentDefined
{
    public EventHeader Header;
    public DefineInstrument Definition;
}

/// <inheritdoc cref="AssetDefined"/>
[StructLayout(LayoutKind.Sequential)]
public struct FirmDefined
{
    public EventHeader Header;
    public DefineFirm Definition;
}

/// <inheritdoc cref="AssetDefined"/>
[StructLayout(LayoutKind.Sequential)]
public struct SessionDefined
{
    public EventHeader Header;
    public DefineSession Definition;
}

/// <inheritdoc cref="AssetDefined"/>
[StructLayout(LayoutKind.Sequential)]
public struct Credited
{
    public EventHeader Header;
    public Credit Definition;
}

/// <summary>An amount is on its way out, once per key.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct WithdrawalHeld
{
    public EventHeader Header;
    public HoldWithdrawal Withdrawal;
}

/// <summary>The withdrawal's amount has left the venue, once per key.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct WithdrawalSettled
{
    public EventHeader Header;
    /// <summary>As it was held.</summary>
    public HoldWithdrawal Withdrawal;
}

/// <summary>The withdrawal's amount is available again, once per key.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct WithdrawalReleased
{
    public EventHeader Header;
    /// <summary>As it was held.</summary>
    public HoldWithdrawal Withdrawal;
}

/// <summary>A kill switch was engaged or lifted; the cancels that it caused come before this.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Killed
{
    public EventHeader Header;
    public Kill Switch;
}

/// <summary>A definition, credit, withdrawal or kill switch was refused and changed nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Refused
{
    public EventHeader Header;
    public CommandType CommandType;
    public byte Reserved1;
    public Reason Reason;
    public int Reserved2;
}

/// <summary>One report on one order, to the session that owns it.</summary>
/// <remarks>OrderQty = CumQty + LeavesQty while the order works; LeavesQty = 0 once it is done.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct ExecReport
{
    public EventHeader Header;
    public Text40 ClOrdID;
    /// <summary>
    /// Set on the answer to a cancel or a replace: the ClOrdID that it named. On a rejection without an instrument,
    /// which never names one: Symbol(55) as received. On reports of a quote's sides: QuoteEntryID(299). On a corrected or canceled trade: ExecID(17) of the report that it was told by.
    /// </summary>
    public Text40 OrigClOrdID;
    /// <summary>Unique for ever; 0 for an order that never came to be.</summary>
    public long OrderID;
    /// <summary>Limit price; 0 for a market or stop order.</summary>
    public long PriceTicks;
    public long OrderLots;
    public long CumLots;
    public long LeavesLots;
    /// <summary>This fill; 0 unless ExecType is Trade.</summary>
    public long LastLots;
    public long LastTicks;
    /// <summary>Sum of price times quantity over all fills, in tick-lots: AvgPx(6) = CumTickLots / CumLots ticks.</summary>
    public ulong CumTickLotsLow;
    public ulong CumTickLotsHigh;
    /// <summary>Fee of this fill in quote atoms, paid by the order's firm; negative when it is paid to it (a rebate, or given back with a trade).</summary>
    public ulong FeeAtomsLow;
    public long FeeAtomsHigh;
    /// <summary>Number of this match on its instrument, equal on both sides, from 1; 0 unless ExecType is Trade.</summary>
    public long TradeID;
    public Side Side;
    public OrdType OrdType;
    public TimeInForce TimeInForce;
    public ExecType ExecType;
    public OrdStatus OrdStatus;
    public Liquidity Liquidity;
    /// <summary>Why it was rejected, or why it was canceled.</summary>
    public Reason Reason;
    /// <summary>All zero unless the order has terms beyond price, quantity and TimeInForce(59).</summary>
    public OrderTerms Terms;

    /// <summary>Sum of price times quantity over all fills, in ticks times lots.</summary>
    public UInt128 CumTickLots
    {
        readonly get => new(CumTickLotsHigh, CumTickLotsLow);
        set => (CumTickLotsHigh, CumTickLotsLow) = ((ulong)(value >> 64), (ulong)value);
    }

    /// <summary>Fee of this fill in quote atoms.</summary>
    public Amount Fee
    {
        readonly get => new(new Int128((ulong)FeeAtomsHigh, FeeAtomsLow));
        set => (FeeAtomsHigh, FeeAtomsLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}

/// <summary>OrderCancelReject (35=9): a cancel or replace was refused and the order, if there is one, stays as it was.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CancelReject
{
    public EventHeader Header;
    public Text40 ClOrdID;
    public Text40 OrigClOrdID;
    /// <summary>0 when the order is unknown (37=NONE).</summary>
    public long OrderID;
    /// <summary>The real status of the order; Rejected when it is unknown.</summary>
    public OrdStatus OrdStatus;
    public CancelRejectTo ResponseTo;
    public Reason Reason;
    public int Reserved;
}

/// <summary>A match, for the public: emitted after the two execution reports of it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Trade
{
    public EventHeader Header;
    public long TradeID;
    public long PriceTicks;
    public long Lots;
    /// <summary>0 for a trade of an auction.</summary>
    public Side AggressorSide;
    public byte Reserved1;
    public ushort Reserved2;
    public int Reserved3;
}

/// <summary>The total quantity that rests at one price is now this; emitted once per level that a command changed.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LevelChanged
{
    public EventHeader Header;
    public long PriceTicks;
    /// <summary>0 when the level is gone.</summary>
    public long Lots;
    public Side Side;
    public byte Reserved1;
    public ushort Reserved2;
    public int Reserved3;
}

/// <summary>Takes the engine's events one by one, in order. A struct, so that the JIT binds the calls directly.</summary>
public interface IEvents
{
    void On(in AssetDefined e);
    void On(in InstrumentDefined e);
    void On(in FirmDefined e);
    void On(in SessionDefined e);
    void On(in Credited e);
    void On(in WithdrawalHeld e);
    void On(in WithdrawalSettled e);
    void On(in WithdrawalReleased e);
    void On(in Killed e);
    void On(in Refused e);
    void On(in ExecReport e);
    void On(in CancelReject e);
    void On(in Trade e);
    void On(in LevelChanged e);
    void On(in MassCancelReport e);
    void On(in MassStatusReport e);
    void On(in SessionConnected e);
    void On(in SessionDisconnected e);
    void On(in MatchPrevented e);
    void On(in TradingDefined e);
    void On(in PhaseChanged e);
    void On(in Indicative e);
    void On(in SelfTradeDefined e);
    void On(in OperationDone e);
    void On(in QuotingDefined e);
    void On(in QuoteReport e);
    void On(in QuotesCanceled e);
    void On(in QuoteStatusReport e);
    void On(in ProtectionTripped e);
    void On(in ProtectionReset e);
    void On(in QuoteRequested e);
    void On(in QuoteOffered e);
    void On(in RequestEnded e);
    void On(in OfferEnded e);
    void On(in OfferHit e);
    void On(in MarginChanged e);
    void On(in MarginTransferred e);
}
