using System.Runtime.InteropServices;

namespace Venue.Messages;

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
