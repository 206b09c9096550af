using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>What an instrument does with orders now.</summary>
public enum Phase : byte
{
    /// <summary>Orders match as they come.</summary>
    Continuous = 0,
    /// <summary>Orders rest and nothing matches; leaving for continuous is the opening auction.</summary>
    PreOpen = 1,
    /// <summary>As pre-open, begun by a trade that would have broken a band.</summary>
    VolatilityAuction = 2,
    /// <summary>As pre-open, and orders at the close join; leaving for continuous or closed is the closing auction.</summary>
    CloseAuction = 3,
    /// <summary>Nothing is taken but cancels, and those only where the instrument's setting says so.</summary>
    Halt = 4,
    /// <summary>Nothing is taken but cancels.</summary>
    CancelOnly = 5,
    /// <summary>As cancel-only; orders for an auction are gone.</summary>
    Closed = 6,
}

/// <summary>How a price's orders share what comes in.</summary>
public enum Allocation : byte
{
    /// <summary>The oldest first.</summary>
    PriceTime = 0,
    /// <summary>Each by its size, what rounding leaves to the oldest.</summary>
    ProRata = 1,
    /// <summary>The largest first, of equals the oldest.</summary>
    PriceSizeTime = 2,
}

/// <summary>Sets how an instrument trades; may be changed at any time.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DefineTrading
{
    public CommandHeader Header;
    public int Instrument;
    /// <summary>Half width of the static band in 1e-6 of the last auction's price; 0 for none.</summary>
    public int StaticBandPpm;
    /// <summary>Half width of the dynamic band in 1e-6 of the last trade's price before the command; 0 for none.</summary>
    public int DynamicBandPpm;
    /// <summary>When the day ends, in seconds after midnight UTC, plus one; 0 for never.</summary>
    public int DayEnd;
    /// <summary>How long a volatility auction lasts.</summary>
    public long VolatilityAuctionNs;
    /// <summary>Least time between two indicative prices; 0: after every command that changed something.</summary>
    public long IndicativeNs;
    public Allocation Allocation;
    /// <summary>1 when cancels are refused in a halt.</summary>
    public byte HaltRefusesCancels;
    public ushort Reserved1;
    public int Reserved2;
}

/// <summary>Moves an instrument to another phase.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetPhase
{
    public CommandHeader Header;
    public int Instrument;
    public Phase Phase;
    public byte Reserved1;
    public ushort Reserved2;
    /// <summary>Who and why, for the record.</summary>
    public Text40 Reason;
}

/// <summary>An index price, which stop orders may watch.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetIndexPrice
{
    public CommandHeader Header;
    public long PriceTicks;
    public int Instrument;
    public int Reserved;
}

/// <summary>The self-trade group and mode of a session's orders that say nothing themselves; may be changed at any time.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DefineSelfTrade
{
    public CommandHeader Header;
    public int DefinedSession;
    /// <summary>0 for none.</summary>
    public int Group;
    public SelfTradeMode Mode;
    public byte Reserved1;
    public ushort Reserved2;
    public int Reserved3;
}

/// <summary>Only brings its time: what is due by then happens, as with any other command.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Tick
{
    public CommandHeader Header;
}

/// <summary>How an instrument trades from now on.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TradingDefined
{
    public EventHeader Header;
    public DefineTrading Definition;
}

/// <summary>A session's defaults from now on.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SelfTradeDefined
{
    public EventHeader Header;
    public DefineSelfTrade Definition;
}

/// <summary>The instrument is in another phase; what leaving the old one did comes before this, what entering did comes after.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PhaseChanged
{
    public EventHeader Header;
    /// <summary>When the phase ends by itself, nanoseconds since 1970-01-01 UTC; 0 for never.</summary>
    public long UntilNs;
    public Phase Phase;
    public Phase Before;
    public ushort Reserved1;
    public int Reserved2;
}

/// <summary>What an auction would do now. All zero when nothing would trade.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Indicative
{
    public EventHeader Header;
    public long PriceTicks;
    public long Lots;
    /// <summary>What buyers would not get at that price.</summary>
    public long BuySurplusLots;
    /// <summary>What sellers would not sell at that price.</summary>
    public long SellSurplusLots;
}
