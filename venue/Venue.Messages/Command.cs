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
