using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>What the engine knows of one order besides its place in the book: 48 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Order
{
    private ulong _cumTickLotsLow;
    /// <summary>OrderQty(38), in lots.</summary>
    public long Lots;
    /// <summary>CumQty(14), in lots.</summary>
    public long CumLots;
    /// <summary>How many orders stood in this slot, this one included.</summary>
    public int Generation;
    /// <summary>Limit price in ticks, what its hold is counted with; 0 for a market order that cannot rest.</summary>
    public int Ticks;
    /// <summary>Its current ClOrdID among <see cref="ClOrdIDs"/>; another one's by now when the order closed long ago.</summary>
    public int ClOrdID;
    /// <summary>The rates when it was accepted, in 1e-6 of the notional: a later change is for later orders.</summary>
    public int MakerFeePpm;
    public int TakerFeePpm;
    public ushort Instrument;
    // CumTickLots < 2^40 lots * 2^28 ticks, so one byte above 64 bits is enough.
    private byte _cumTickLotsHigh;
    private byte _bits;

    private const byte SellBit = 1, MarketBit = 2, OpenBit = 4, ImmediateBit = 8, FillOrKillBit = 16, SpecialBit = 32, ExpiredBit = 64;

    /// <summary>LeavesQty(151) while the order is open, in lots.</summary>
    public readonly long LeavesLots => IsOpen ? Lots - CumLots : 0;

    /// <summary>Sum of price times quantity over its fills.</summary>
    public UInt128 CumTickLots
    {
        readonly get => new(_cumTickLotsHigh, _cumTickLotsLow);
        set => (_cumTickLotsHigh, _cumTickLotsLow) = (checked((byte)(ulong)(value >> 64)), (ulong)value);
    }

    /// <summary>The rate that its hold must cover: an order can trade both ways in its life.</summary>
    public readonly int HoldFeePpm => Math.Max(MakerFeePpm, TakerFeePpm);

    public readonly Side Side => (_bits & SellBit) != 0 ? Side.Sell : Side.Buy;

    /// <summary>True when the slot has a <see cref="SpecialOrder"/> too, which says its OrdType and TimeInForce.</summary>
    public readonly bool IsSpecial => (_bits & SpecialBit) != 0;

    public readonly OrdType OrdType => (_bits & MarketBit) != 0 ? OrdType.Market : OrdType.Limit;

    public readonly TimeInForce TimeInForce =>
        (_bits & FillOrKillBit) != 0 ? TimeInForce.FillOrKill
        : (_bits & ImmediateBit) != 0 ? TimeInForce.ImmediateOrCancel
        : TimeInForce.GoodTillCancel;

    /// <summary>True until it is filled or canceled.</summary>
    public readonly bool IsOpen => (_bits & OpenBit) != 0;

    public readonly OrdStatus Status =>
        CumLots == Lots ? OrdStatus.Filled
        : (_bits & ExpiredBit) != 0 ? OrdStatus.Expired
        : !IsOpen ? OrdStatus.Canceled
        : CumLots > 0 ? OrdStatus.PartiallyFilled
        : OrdStatus.New;

    /// <summary>Sets what never changes and opens the order.</summary>
    public void Open(Side side, OrdType ordType, TimeInForce timeInForce) =>
        _bits = (byte)(OpenBit
            | (side == Side.Sell ? SellBit : 0)
            | (ordType == OrdType.Market ? MarketBit : 0)
            | (timeInForce == TimeInForce.FillOrKill ? FillOrKillBit : timeInForce == TimeInForce.ImmediateOrCancel ? ImmediateBit : 0));

    public void MakeSpecial() => _bits |= SpecialBit;

    /// <summary>It ends because its time is over.</summary>
    public void Expire() => _bits |= ExpiredBit;

    public void Close() => _bits &= unchecked((byte)~OpenBit);

    /// <summary>All bits that decide later behaviour, for the state hash.</summary>
    public readonly void HashInto(ref StateHasher hasher)
    {
        hasher.Add(_cumTickLotsLow);
        hasher.Add(Lots);
        hasher.Add(CumLots);
        hasher.Add(Generation, Ticks);
        hasher.Add(MakerFeePpm, TakerFeePpm);
        hasher.Add(Instrument, _cumTickLotsHigh << 8 | _bits);
    }
}
