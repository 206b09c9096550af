using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>What can be asked of the engine. Numbers are part of the journal's format and never change their meaning.</summary>
public enum CommandType : byte
{
    None = 0,
    DefineAsset = 1,
    DefineInstrument = 2,
    DefineFirm = 3,
    DefineSession = 4,
    Credit = 5,
    DefineVenue = 6,
    HoldWithdrawal = 7,
    SettleWithdrawal = 8,
    ReleaseWithdrawal = 9,
    Kill = 10,
    NewOrder = 16,
    RefuseOrder = 17,
    CancelOrder = 18,
    ReplaceOrder = 19,
    OrderStatus = 20,
    MassCancel = 32,
    MassStatus = 33,
    ContinueWalk = 34,
    Connect = 35,
    Disconnect = 36,
    NewSpecialOrder = 48,
    ReplaceSpecialOrder = 49,
    DefineTrading = 50,
    SetPhase = 51,
    SetIndexPrice = 52,
    DefineSelfTrade = 53,
    Tick = 54,
    DefineLimits = 64,
    DefineFees = 65,
    DefineAccount = 66,
    SetCreditLine = 67,
    CorrectTrade = 68,
    DefineQuoting = 96,
    Quote = 97,
    CancelQuotes = 98,
    QuoteStatus = 99,
    ResetProtection = 100,
    WatchRequests = 101,
    RequestQuotes = 102,
    OfferQuote = 103,
    TakeOffer = 104,
    EndRequest = 105,
    RequestBestQuotes = 106,
    DeclineRequest = 107,
    DefineLastLook = 108,
    AnswerHit = 109,
    DefineMarginAsset = 112,
    DefineMarginAccount = 113,
    DefineLiquidation = 114,
    DefineInsurance = 115,
    ChargeInterest = 116,
    ContinueMargin = 117,
}

/// <summary>The first 32 bytes of every command.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CommandHeader
{
    /// <summary>Venue-wide sequence number, from 1 without gaps. Stamped by the sequencer.</summary>
    public long Seq;
    /// <summary>Nanoseconds since 1970-01-01 UTC, never less than the command before. Stamped by the sequencer.</summary>
    public long TimeNs;
    /// <summary>Session that asked; 0 for the venue itself.</summary>
    public int Session;
    /// <summary>MsgSeqNum(34) of the FIX message that carried it; 0 when none did.</summary>
    public int MsgSeqNum;
    public CommandType Type;
    /// <summary>Layout version of this type, from 1.</summary>
    public byte Version;
    /// <summary>Bytes of the whole command, header included.</summary>
    public ushort Length;
    /// <summary>Number by which whoever asked, other than over FIX, finds the outcome; 0 for nobody.</summary>
    public int Request;
}

/// <summary>Room for any command: the slot of the inbound ring.</summary>
[InlineArray(Size)]
public struct CommandSlot
{
    /// <summary>Largest command, in bytes.</summary>
    public const int Size = 256;

    private byte _first;
}

/// <summary>Typed views over a command's bytes.</summary>
public static class Command
{
    /// <summary>The header of <paramref name="bytes"/>.</summary>
    public static ref CommandHeader Header(Span<byte> bytes) => ref MemoryMarshal.AsRef<CommandHeader>(bytes);

    /// <summary>The header of <paramref name="bytes"/>.</summary>
    public static ref readonly CommandHeader Header(ReadOnlySpan<byte> bytes) => ref MemoryMarshal.AsRef<CommandHeader>(bytes);

    /// <summary>The command itself; the caller has looked at <see cref="CommandHeader.Type"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer bytes than the type has.</exception>
    public static ref readonly T As<T>(ReadOnlySpan<byte> bytes) where T : unmanaged => ref MemoryMarshal.AsRef<T>(bytes);

    /// <summary>Clears <paramref name="slot"/> and writes type, version and length; the caller fills in the rest.</summary>
    public static ref T Begin<T>(Span<byte> slot, CommandType type) where T : unmanaged
    {
        var bytes = slot[..Unsafe.SizeOf<T>()];
        bytes.Clear();
        ref var header = ref Header(bytes);
        header.Type = type;
        header.Version = 1;
        header.Length = (ushort)bytes.Length;
        return ref MemoryMarshal.AsRef<T>(bytes);
    }

    /// <summary>True when <paramref name="bytes"/> is a whole command of a known type, version and length.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Unsafe.SizeOf<CommandHeader>()) return false;
        ref readonly var header = ref Header(bytes);
        return header.Version == 1 && header.Length == bytes.Length && header.Length == LengthOf(header.Type);
    }

    /// <summary>What is wrong with bytes that are not well formed, for who must find out which program wrote them.</summary>
    public static string FaultOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Unsafe.SizeOf<CommandHeader>()) return $"has {bytes.Length} bytes";
        ref readonly var header = ref Header(bytes);
        if (LengthOf(header.Type) == 0) return $"is of type {(int)header.Type}, which this program does not know";
        return header.Version != 1 ? $"is a {header.Type} in layout version {header.Version}, and this program reads 1" : $"is a {header.Type} of {bytes.Length} bytes that says {header.Length}, and should have {LengthOf(header.Type)}";
    }

    /// <summary>Bytes of a command of this type; 0 for an unknown type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthOf(CommandType type) => Lengths[(byte)type];

    // Looked up, not switched on: which type comes next is chance, and a jump that was not foreseen costs more than the rest of the check.
    private static readonly ushort[] Lengths = [.. Enumerable.Range(0, byte.MaxValue + 1).Select(type => (ushort)SizeOf((CommandType)type))];

    private static int SizeOf(CommandType type) => type switch
    {
        CommandType.DefineAsset => Unsafe.SizeOf<DefineAsset>(),
        CommandType.DefineInstrument => Unsafe.SizeOf<DefineInstrument>(),
        CommandType.DefineFirm => Unsafe.SizeOf<DefineFirm>(),
        CommandType.DefineSession => Unsafe.SizeOf<DefineSession>(),
        CommandType.Credit => Unsafe.SizeOf<Credit>(),
        CommandType.HoldWithdrawal => Unsafe.SizeOf<HoldWithdrawal>(),
        CommandType.SettleWithdrawal => Unsafe.SizeOf<SettleWithdrawal>(),
        CommandType.ReleaseWithdrawal => Unsafe.SizeOf<ReleaseWithdrawal>(),
        CommandType.Kill => Unsafe.SizeOf<Kill>(),
        CommandType.DefineVenue => Unsafe.SizeOf<DefineVenue>(),
        CommandType.NewOrder => Unsafe.SizeOf<NewOrder>(),
        CommandType.RefuseOrder => Unsafe.SizeOf<RefuseOrder>(),
        CommandType.CancelOrder => Unsafe.SizeOf<CancelOrder>(),
        CommandType.ReplaceOrder => Unsafe.SizeOf<ReplaceOrder>(),
        CommandType.OrderStatus => Unsafe.SizeOf<OrderStatusRequest>(),
        CommandType.MassCancel => Unsafe.SizeOf<MassCancel>(),
        CommandType.MassStatus => Unsafe.SizeOf<MassStatus>(),
        CommandType.ContinueWalk => Unsafe.SizeOf<ContinueWalk>(),
        CommandType.Connect => Unsafe.SizeOf<Connect>(),
        CommandType.Disconnect => Unsafe.SizeOf<Disconnect>(),
        CommandType.NewSpecialOrder => Unsafe.SizeOf<NewSpecialOrder>(),
        CommandType.ReplaceSpecialOrder => Unsafe.SizeOf<ReplaceSpecialOrder>(),
        CommandType.DefineTrading => Unsafe.SizeOf<DefineTrading>(),
        CommandType.SetPhase => Unsafe.SizeOf<SetPhase>(),
        CommandType.SetIndexPrice => Unsafe.SizeOf<SetIndexPrice>(),
        CommandType.DefineSelfTrade => Unsafe.SizeOf<DefineSelfTrade>(),
        CommandType.Tick => Unsafe.SizeOf<Tick>(),
        CommandType.DefineLimits => Unsafe.SizeOf<DefineLimits>(),
        CommandType.DefineFees => Unsafe.SizeOf<DefineFees>(),
        CommandType.DefineAccount => Unsafe.SizeOf<DefineAccount>(),
        CommandType.SetCreditLine => Unsafe.SizeOf<SetCreditLine>(),
        CommandType.CorrectTrade => Unsafe.SizeOf<CorrectTrade>(),
        CommandType.DefineQuoting => Unsafe.SizeOf<DefineQuoting>(),
        CommandType.Quote => Unsafe.SizeOf<Quote>(),
        CommandType.CancelQuotes => Unsafe.SizeOf<CancelQuotes>(),
        CommandType.QuoteStatus => Unsafe.SizeOf<QuoteStatus>(),
        CommandType.ResetProtection => Unsafe.SizeOf<ResetProtection>(),
        CommandType.WatchRequests => Unsafe.SizeOf<WatchRequests>(),
        CommandType.RequestQuotes => Unsafe.SizeOf<RequestQuotes>(),
        CommandType.OfferQuote => Unsafe.SizeOf<OfferQuote>(),
        CommandType.TakeOffer => Unsafe.SizeOf<TakeOffer>(),
        CommandType.EndRequest => Unsafe.SizeOf<EndRequest>(),
        CommandType.RequestBestQuotes => Unsafe.SizeOf<RequestBestQuotes>(),
        CommandType.DeclineRequest => Unsafe.SizeOf<DeclineRequest>(),
        CommandType.DefineLastLook => Unsafe.SizeOf<DefineLastLook>(),
        CommandType.AnswerHit => Unsafe.SizeOf<AnswerHit>(),
        CommandType.DefineMarginAsset => Unsafe.SizeOf<DefineMarginAsset>(),
        CommandType.DefineMarginAccount => Unsafe.SizeOf<DefineMarginAccount>(),
        CommandType.DefineLiquidation => Unsafe.SizeOf<DefineLiquidation>(),
        CommandType.DefineInsurance => Unsafe.SizeOf<DefineInsurance>(),
        CommandType.ChargeInterest => Unsafe.SizeOf<ChargeInterest>(),
        CommandType.ContinueMargin => Unsafe.SizeOf<ContinueMargin>(),
        _ => 0,
    };
}

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

/// <summary>The first command of every journal: what the engine was sized for, since that decides what it refuses.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DefineVenue
{
    public CommandHeader Header;
    /// <summary>Drawn once for this venue: what its tables of client-chosen ids are hashed with, so that nobody can aim at one slot.</summary>
    public ulong HashKey;
    /// <summary>Orders held at once: open ones, and closed ones kept for status requests and late cancels.</summary>
    public int Orders;
    /// <summary>Used ClOrdIDs remembered, for duplicate detection.</summary>
    public int ClOrdIDs;
    /// <summary>Pages of 64 neighbouring price levels, of all books together.</summary>
    public int LevelPages;
    /// <summary>Zero.</summary>
    public int Reserved;
}

/// <summary>Makes an asset known: numbers are 1, 2, 3 in order. The same again is accepted and changes nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DefineAsset
{
    public CommandHeader Header;
    public int Asset;
    /// <summary>One unit is 10^Decimals atoms; 0 to 18.</summary>
    public int Decimals;
    public Text16 Code;
}

/// <summary>Makes an instrument known, or changes its limits and fees. Numbers are 1, 2, 3 in order.</summary>
/// <remarks>Base, quote, tick and lot never change once defined, since resting orders are counted in them.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct DefineInstrument
{
    public CommandHeader Header;
    public int Instrument;
    public int BaseAsset;
    public int QuoteAsset;
    /// <summary>Tick size = TickMantissa / 10^TickDecimals quote units.</summary>
    public int TickDecimals;
    public long TickMantissa;
    /// <summary>Lot size = LotMantissa / 10^LotDecimals base units.</summary>
    public long LotMantissa;
    public int LotDecimals;
    /// <summary>Maker fee in hundredths of a basis point (1e-6 of the notional), 0 to 999,999.</summary>
    public int MakerFeePpm;
    /// <summary>Taker fee in hundredths of a basis point (1e-6 of the notional), 0 to 999,999.</summary>
    public int TakerFeePpm;
    /// <summary>Half width of the price band in 1e-6 of the reference price; 0 for none.</summary>
    public int BandPpm;
    public long MinLots;
    public long MaxLots;
    public long MaxPriceTicks;
    /// <summary>Centre of the price band until the first trade, which takes its place.</summary>
    public long ReferenceTicks;
    /// <summary>Base atoms in one lot; the definer computed it and the engine checks it.</summary>
    public long LotAtoms;
    /// <summary>Quote atoms in one tick times one lot; the definer computed it and the engine checks it.</summary>
    public long TickLotAtoms;
    public Text16 Symbol;
}

/// <summary>Makes a firm known. Numbers are 1, 2, 3 in order; firm 0 is the house, which collects the fees.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DefineFirm
{
    public CommandHeader Header;
    public int Firm;
    public int Reserved;
    public Text40 Name;
}

/// <summary>Makes a FIX session known and binds it to a firm. Numbers are 1, 2, 3 in order.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DefineSession
{
    public CommandHeader Header;
    public int DefinedSession;
    public int Firm;
    /// <summary>The client's SenderCompID(49).</summary>
    public Text40 ClientCompID;
    /// <summary>The venue's SenderCompID(49) on this session.</summary>
    public Text40 VenueCompID;
}

/// <summary>Adds to a firm's balance (a deposit) or takes from it (a withdrawal, negative). Once per key.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Credit
{
    public CommandHeader Header;
    public int Firm;
    public int Asset;
    /// <summary>Low and high words of the signed 128-bit amount in atoms.</summary>
    public ulong AtomsLow;
    public long AtomsHigh;
    /// <summary>Idempotency key: the same key and content again changes nothing, the same key with other content is refused.</summary>
    public Text40 Key;

    /// <summary>The amount in atoms.</summary>
    public Amount Amount
    {
        readonly get => new(new Int128((ulong)AtomsHigh, AtomsLow));
        set => (AtomsHigh, AtomsLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}

/// <summary>Moves an amount from a firm's available balance to a withdrawal on its way. Once per key.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct HoldWithdrawal
{
    public CommandHeader Header;
    public int Firm;
    public int Asset;
    /// <summary>Low and high words of the positive 128-bit amount in atoms.</summary>
    public ulong AtomsLow;
    public long AtomsHigh;
    /// <summary>Names the withdrawal for ever; idempotency key.</summary>
    public Text40 Key;

    /// <summary>The amount in atoms.</summary>
    public Amount Amount
    {
        readonly get => new(new Int128((ulong)AtomsHigh, AtomsLow));
        set => (AtomsHigh, AtomsLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}

/// <summary>The withdrawal is final on its chain: the held amount leaves the venue. Once per key.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SettleWithdrawal
{
    public CommandHeader Header;
    /// <summary>The key of the hold.</summary>
    public Text40 Key;
}

/// <summary>The withdrawal will never happen: the held amount is available again. Once per key.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ReleaseWithdrawal
{
    public CommandHeader Header;
    /// <summary>The key of the hold.</summary>
    public Text40 Key;
}

/// <summary>Engages a kill switch (cancels every open order that it covers, refuses new ones) or lifts it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Kill
{
    public CommandHeader Header;
    public KillScope Scope;
    /// <summary>1 to engage, 0 to lift.</summary>
    public byte Engaged;
    /// <summary>Zero.</summary>
    public ushort Reserved;
    /// <summary>Number of the firm, session or instrument; 0 for the venue.</summary>
    public int Target;
    /// <summary>Who and why, for the record.</summary>
    public Text40 Reason;
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
