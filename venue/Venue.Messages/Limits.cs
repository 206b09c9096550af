using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>
/// Sets what one scope may do: a firm, a session, an instrument or any of these together; 0 means all of them. May be changed
/// at any time; the same scope again takes the place of what was set. A limit of 0 is none, all 0 removes the scope.
/// </summary>
/// <remarks>An order is asked by every scope that it lies in.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct DefineLimits
{
    public CommandHeader Header;
    /// <summary>The firm, which is the account; 0 for all.</summary>
    public int Firm;
    /// <summary>0 for all.</summary>
    public int LimitedSession;
    /// <summary>0 for all; sizes, notionals and positions need one, since each instrument counts in units of its own.</summary>
    public int Instrument;
    /// <summary>How far a limit may be on the wrong side of the reference price (a buy above, a sell below), in 1e-6 of it.</summary>
    public int FatFingerPpm;
    /// <summary>How far a limit may be on either side of the middle of the best prices (without both: the last trade), in 1e-6 of it.</summary>
    public int CollarPpm;
    /// <summary>Open orders at once.</summary>
    public int OpenOrdersMax;
    /// <summary>New orders and replaces taken within <see cref="RateWindowNs"/>, at most 65,536.</summary>
    public int RateMax;
    public int Reserved;
    public long RateWindowNs;
    /// <summary>How long the same order of the same firm (instrument, side, type, prices, quantity) is refused, of the last 4,096.</summary>
    public long RepeatWindowNs;
    public long MinLots;
    public long MaxLots;
    /// <summary>Low and high words of the smallest notional in quote atoms.</summary>
    public ulong MinNotionalLow;
    public long MinNotionalHigh;
    /// <summary>Low and high words of the largest notional in quote atoms.</summary>
    public ulong MaxNotionalLow;
    public long MaxNotionalHigh;
    /// <summary>Largest position of a firm on an instrument to either side, all its open orders of that side filled; needs both.</summary>
    public long PositionMaxLots;
    /// <summary>Who, for the record.</summary>
    public Text40 Operator;
    /// <summary>Why, for the record.</summary>
    public Text40 Reason;

    /// <summary>Smallest price times quantity in quote atoms; an order without a limit is counted at the reference price.</summary>
    public Amount MinNotional
    {
        readonly get => new(new Int128((ulong)MinNotionalHigh, MinNotionalLow));
        set => (MinNotionalHigh, MinNotionalLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }

    /// <summary>Largest price times quantity in quote atoms; an order without a limit is counted at the reference price.</summary>
    public Amount MaxNotional
    {
        readonly get => new(new Int128((ulong)MaxNotionalHigh, MaxNotionalLow));
        set => (MaxNotionalHigh, MaxNotionalLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}

/// <summary>An operator's command was taken and is in force: limits, fees, accounts, credit lines, busts.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OperationDone
{
    public EventHeader Header;
    /// <summary>The command as it came, its own header first; what is longer than it is zero.</summary>
    public CommandSlot Command;
}
