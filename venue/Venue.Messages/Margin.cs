using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>Where a margin account stands. The engine's README.md has the moves.</summary>
public enum MarginState : byte
{
    /// <summary>No margin account: it owes within its credit lines and nobody asks for collateral.</summary>
    None = 0,
    /// <summary>Its collateral meets the initial requirement, or it owes nothing.</summary>
    Healthy = 1,
    /// <summary>Below the initial requirement, not below maintenance: it may do only what makes it owe no more.</summary>
    MarginCall = 2,
    /// <summary>Below maintenance: its orders are canceled, the venue trades for it, it may enter nothing.</summary>
    Liquidating = 3,
    /// <summary>The insurance fund has taken over all that it had and owed.</summary>
    Bankrupt = 4,
    /// <summary>It is worth less than nothing and the insurance fund cannot take it over: it stays as it is for operators. An alarm.</summary>
    Stranded = 5,
}

/// <summary>Makes an asset count for margin, or changes how. The first one is the unit that all values are counted in.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DefineMarginAsset
{
    public CommandHeader Header;
    public int Asset;
    /// <summary>The instrument whose index price values it and on which it is liquidated: base the asset, quote the unit. 0 for the unit itself.</summary>
    public int Instrument;
    /// <summary>What is taken off a balance above zero and added to one below, in 1e-4 of its value; 0 to 10,000.</summary>
    public int HaircutBps;
    public int Reserved;
    /// <summary>Who, for the record.</summary>
    public Text40 Operator;
    /// <summary>Why, for the record.</summary>
    public Text40 Reason;
}

/// <summary>Makes an account, which is a firm, a margin account, changes its ratios, or ends that.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DefineMarginAccount
{
    public CommandHeader Header;
    public int Firm;
    /// <summary>The firm's session that is told of its state and of the orders that liquidate it.</summary>
    public int ToldSession;
    /// <summary>Equity that new debts need, in 1e-4 of all debts, orders included; at least the maintenance ratio, at most 100,000. 0 ends margin.</summary>
    public int InitialBps;
    /// <summary>Equity below which it is liquidated, in 1e-4 of its debts; at least 1.</summary>
    public int MaintenanceBps;
    /// <summary>Who, for the record.</summary>
    public Text40 Operator;
    /// <summary>Why, for the record.</summary>
    public Text40 Reason;
}

/// <summary>Sets how accounts are liquidated on an instrument.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DefineLiquidation
{
    public CommandHeader Header;
    public int Instrument;
    /// <summary>How far from the index price an order's limit lies, in 1e-4 of it; 0 to 9,999.</summary>
    public int SlippageBps;
    /// <summary>Largest order; 0 stops liquidation on the instrument.</summary>
    public long SliceLots;
    /// <summary>How long a window lasts; what found nobody is tried again after as long.</summary>
    public long WindowNs;
    /// <summary>Orders in one window, 1 to 1,000,000.</summary>
    public int OrdersMax;
    public int Reserved;
    /// <summary>Who, for the record.</summary>
    public Text40 Operator;
    /// <summary>Why, for the record.</summary>
    public Text40 Reason;
}

/// <summary>Names the insurance fund's account, or lets it go on after it was exhausted.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DefineInsurance
{
    public CommandHeader Header;
    /// <summary>The fund, which is no margin account; 0 for none: then every bankrupt account is stranded.</summary>
    public int Firm;
    public int Reserved;
    /// <summary>Who, for the record.</summary>
    public Text40 Operator;
    /// <summary>Why, for the record.</summary>
    public Text40 Reason;
}

/// <summary>Charges every margin account for what it owes of an asset at this moment; the house earns it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ChargeInterest
{
    public CommandHeader Header;
    public int Asset;
    /// <summary>For the time since the last charge, in 1e-6 of what is owed, rounded up; 1 to 1,000,000.</summary>
    public int RatePpm;
    /// <summary>Who, for the record.</summary>
    public Text40 Operator;
    /// <summary>Why, for the record.</summary>
    public Text40 Reason;
}

/// <summary>Goes on with what margin has left to do: a bounded slice of accounts to look at, of interest and of liquidations.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ContinueMargin
{
    public CommandHeader Header;
}

/// <summary>A margin account's state has changed. To its session, and to everybody who keeps books.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarginChanged
{
    public EventHeader Header;
    public int Firm;
    public MarginState State;
    public MarginState Before;
    public ushort Reserved;
    /// <summary>Low and high words of the collateral's value after haircuts less what it owes, in atoms of the unit.</summary>
    public ulong EquityLow;
    public long EquityHigh;
    /// <summary>Low and high words of the value of what it owes, in atoms of the unit.</summary>
    public ulong DebtLow;
    public long DebtHigh;

    /// <summary>Value after haircuts, in atoms of the unit.</summary>
    public Amount Equity
    {
        readonly get => new(new Int128((ulong)EquityHigh, EquityLow));
        set => (EquityHigh, EquityLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }

    /// <summary>Value of what it owes, in atoms of the unit.</summary>
    public Amount Debt
    {
        readonly get => new(new Int128((ulong)DebtHigh, DebtLow));
        set => (DebtHigh, DebtLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}

/// <summary>Money moved between two accounts without a trade: interest to the house, or a bankrupt account's balance to the insurance fund.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarginTransferred
{
    public EventHeader Header;
    public int FromFirm;
    public int ToFirm;
    public int Asset;
    /// <summary>1 interest, 0 taken over.</summary>
    public byte IsInterest;
    public byte Reserved1;
    public ushort Reserved2;
    /// <summary>Low and high words of the amount in atoms; negative when it is a debt that is taken over.</summary>
    public ulong AtomsLow;
    public long AtomsHigh;

    /// <summary>The amount in atoms.</summary>
    public Amount Amount
    {
        readonly get => new(new Int128((ulong)AtomsHigh, AtomsLow));
        set => (AtomsHigh, AtomsLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}
