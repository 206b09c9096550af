using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>Sets the rates of a fee tier on an instrument, for orders taken from now on. Tier 0, which every account begins in, has the instrument's own until it is set.</summary>
/// <remarks>A rebate is never more than what the other side pays in the same match: no match may cost the house.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct DefineFees
{
    public CommandHeader Header;
    public int Instrument;
    /// <summary>0 to 15.</summary>
    public int Tier;
    /// <summary>In 1e-6 of the notional; negative is a rebate, paid to the maker. In auctions a rebate counts as 0.</summary>
    public int MakerFeePpm;
    /// <summary>In 1e-6 of the notional, not negative.</summary>
    public int TakerFeePpm;
    /// <summary>Who, for the record.</summary>
    public Text40 Operator;
    /// <summary>Why, for the record.</summary>
    public Text40 Reason;
}

/// <summary>Sets what an account, which is a firm, is charged and what is kept of it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DefineAccount
{
    public CommandHeader Header;
    public int Firm;
    /// <summary>0 to 15.</summary>
    public int FeeTier;
    /// <summary>1: positions and realised P&amp;L are kept from now on, beginning with none; they are never given up again.</summary>
    public byte KeepsPositions;
    public byte Reserved1;
    public ushort Reserved2;
    public int Reserved3;
    /// <summary>Who, for the record.</summary>
    public Text40 Operator;
    /// <summary>Why, for the record.</summary>
    public Text40 Reason;
}

/// <summary>Sets how far an account's balance of an asset may go below zero by trading; withdrawals never use it.</summary>
/// <remarks>One that is lower than what is used of it is refused.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct SetCreditLine
{
    public CommandHeader Header;
    public int Firm;
    public int Asset;
    /// <summary>Low and high words of the amount in atoms, not negative.</summary>
    public ulong AtomsLow;
    public long AtomsHigh;
    /// <summary>Who, for the record.</summary>
    public Text40 Operator;
    /// <summary>Why, for the record.</summary>
    public Text40 Reason;

    /// <summary>The amount in atoms.</summary>
    public Amount Amount
    {
        readonly get => new(new Int128((ulong)AtomsHigh, AtomsLow));
        set => (AtomsHigh, AtomsLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}

/// <summary>Undoes a trade (a bust: NewLots 0) or puts another price and a quantity that is not larger in its place; once per trade.</summary>
/// <remarks>
/// The trade is named by what its two execution reports said, since the engine does not remember trades. Orders that it still knows
/// are amended; what was undone is not put into the book again.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public struct CorrectTrade
{
    public CommandHeader Header;
    /// <summary>Seq of the command that traded, and Index of the two reports: their ExecID(17).</summary>
    public long TradeSeq;
    public int BuyIndex;
    public int SellIndex;
    public long TradeID;
    public long PriceTicks;
    public long Lots;
    /// <summary>0 with a bust.</summary>
    public long NewPriceTicks;
    public long NewLots;
    public long BuyOrderID;
    public long SellOrderID;
    public int BuySession;
    public int SellSession;
    public int Instrument;
    public int Reserved;
    /// <summary>What each side paid, low and high words in quote atoms; a correction charges in proportion to the notional.</summary>
    public ulong BuyFeeLow;
    public long BuyFeeHigh;
    public ulong SellFeeLow;
    public long SellFeeHigh;
    /// <summary>Who, for the record.</summary>
    public Text40 Operator;
    /// <summary>Why, for the record.</summary>
    public Text40 Reason;

    /// <summary>What the buyer paid as a fee, in quote atoms.</summary>
    public Amount BuyFee
    {
        readonly get => new(new Int128((ulong)BuyFeeHigh, BuyFeeLow));
        set => (BuyFeeHigh, BuyFeeLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }

    /// <summary>What the seller paid as a fee, in quote atoms.</summary>
    public Amount SellFee
    {
        readonly get => new(new Int128((ulong)SellFeeHigh, SellFeeLow));
        set => (SellFeeHigh, SellFeeLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}
