using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>One order, all that the engine knows of it but its terms: 128 bytes, two neighbouring cache lines.</summary>
/// <remarks>The first has what matching and cancels change, the second what its reports say of it and the list of its session's orders.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct Order
{
    private const int RateBits = 24;
    private const uint RateMask = (1 << RateBits) - 1;

    /// <summary>Its place in the book. First: books see the slot as this.</summary>
    public RestingOrder Resting;
    /// <summary>OrderQty(38), in lots.</summary>
    public long Lots;
    /// <summary>CumQty(14), in lots.</summary>
    public long CumLots;
    /// <summary>Limit price in ticks, what its hold is counted with; 0 for a market order that cannot rest.</summary>
    public int Ticks;
    /// <summary>Session that owns it.</summary>
    public int Session;
    // The rates when it was accepted, in 1e-6 of the notional: a later change is for later orders. They have 20 bits.
    private uint _makerFeeAndCum;
    private uint _takerFeeAndBits;
    /// <summary>How many orders stood in this slot, this one included.</summary>
    public int Generation;
    /// <summary>Where its current ClOrdID stands among <see cref="ClOrdIDs"/>; another one's place by now when the order closed long ago.</summary>
    public int IDPlace;

    /// <summary>Its current ClOrdID(11).</summary>
    public Text40 ClOrdID;
    // CumTickLots < 2^40 lots * 2^28 ticks, so one byte above 64 bits is enough: it is above the maker's rate, and the bit above both says that this is a rebate.
    private ulong _cumTickLotsLow;
    private uint _enteredLow;
    private ushort _enteredHigh;
    public ushort Instrument;
    /// <summary>Its session's open orders before and after it; 0 at the ends.</summary>
    public int Previous, Next;

    private const uint RebateBit = 1u << 31;
    private const uint SellBit = 1u << RateBits, MarketBit = 2u << RateBits, OpenBit = 4u << RateBits, ImmediateBit = 8u << RateBits,
        FillOrKillBit = 16u << RateBits, SpecialBit = 32u << RateBits, ExpiredBit = 64u << RateBits, RequeuedBit = 128u << RateBits;
    // Rates have 20 bits: of the four above the taker's one is a mark.
    private const uint TakerRateMask = (1 << 20) - 1, QuoteBit = 1 << 20;

    /// <summary>The rate of its fills while it rests, in 1e-6 of the notional; negative for a rebate.</summary>
    public readonly int MakerFeePpm => (int)_makerFeeAndCum >= 0 ? (int)(_makerFeeAndCum & RateMask) : -(int)(_makerFeeAndCum & RateMask);

    /// <summary>The rate of its fills as it comes in, in 1e-6 of the notional.</summary>
    public readonly int TakerFeePpm => (int)(_takerFeeAndBits & TakerRateMask);

    /// <summary>Which order of the venue it is, in the order in which they came; it stands in its session's list by it.</summary>
    public long Entered
    {
        readonly get => (long)_enteredHigh << 32 | _enteredLow;
        set => (_enteredHigh, _enteredLow) = ((ushort)(value >> 32), (uint)value);
    }

    /// <summary>LeavesQty(151) while the order is open, in lots.</summary>
    public readonly long LeavesLots => IsOpen ? Lots - CumLots : 0;

    /// <summary>Sum of price times quantity over its fills.</summary>
    public readonly UInt128 CumTickLots => new((_makerFeeAndCum & ~RebateBit) >> RateBits, _cumTickLotsLow);

    /// <summary>Adds one fill's price times quantity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTickLots(long ticks, long lots)
    {
        var high = Math.BigMul((ulong)ticks, (ulong)lots, out var low);
        var sum = _cumTickLotsLow + low;
        if (sum < low) high++;
        _cumTickLotsLow = sum;
        _makerFeeAndCum += (uint)high << RateBits;
    }

    /// <summary>Puts another sum in its place: a trade was undone or corrected.</summary>
    public void SetTickLots(UInt128 tickLots)
    {
        _cumTickLotsLow = (ulong)tickLots;
        _makerFeeAndCum = (_makerFeeAndCum & (RateMask | RebateBit)) | (uint)(tickLots >> 64) << RateBits;
    }

    /// <summary>The rate that its hold must cover: an order can trade both ways in its life.</summary>
    public readonly int HoldFeePpm => Math.Max(MakerFeePpm, TakerFeePpm);

    public readonly Side Side => (_takerFeeAndBits & SellBit) != 0 ? Side.Sell : Side.Buy;

    /// <summary>True when the slot has a <see cref="SpecialOrder"/> too, which says its OrdType and TimeInForce.</summary>
    public readonly bool IsSpecial => (_takerFeeAndBits & SpecialBit) != 0;

    public readonly OrdType OrdType => (_takerFeeAndBits & MarketBit) != 0 ? OrdType.Market : OrdType.Limit;

    public readonly TimeInForce TimeInForce =>
        (_takerFeeAndBits & FillOrKillBit) != 0 ? TimeInForce.FillOrKill
        : (_takerFeeAndBits & ImmediateBit) != 0 ? TimeInForce.ImmediateOrCancel
        : TimeInForce.GoodTillCancel;

    /// <summary>True until it is filled or canceled.</summary>
    public readonly bool IsOpen => (_takerFeeAndBits & OpenBit) != 0;

    public readonly OrdStatus Status =>
        CumLots == Lots ? OrdStatus.Filled
        : (_takerFeeAndBits & ExpiredBit) != 0 ? OrdStatus.Expired
        : !IsOpen ? OrdStatus.Canceled
        : CumLots > 0 ? OrdStatus.PartiallyFilled
        : OrdStatus.New;

    /// <summary>Sets what never changes and opens the order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Open(Side side, OrdType ordType, TimeInForce timeInForce, int makerFeePpm, int takerFeePpm)
    {
        _makerFeeAndCum = makerFeePpm >= 0 ? (uint)makerFeePpm : (uint)-makerFeePpm | RebateBit;
        _takerFeeAndBits = (uint)takerFeePpm | OpenBit
            | (side == Side.Sell ? SellBit : 0)
            | (ordType == OrdType.Market ? MarketBit : 0)
            | (timeInForce == TimeInForce.FillOrKill ? FillOrKillBit : timeInForce == TimeInForce.ImmediateOrCancel ? ImmediateBit : 0);
    }

    public void MakeSpecial() => _takerFeeAndBits |= SpecialBit;

    /// <summary>True for a side of a quote: it has no ClOrdID(11) of its own, and its terms stand beside it.</summary>
    public readonly bool IsQuote => (_takerFeeAndBits & QuoteBit) != 0;

    public void MakeQuote() => _takerFeeAndBits |= QuoteBit | SpecialBit;

    /// <summary>True once it has gone to the end of a queue again: its place has a number of its own.</summary>
    public readonly bool IsRequeued => (_takerFeeAndBits & RequeuedBit) != 0;

    public void Requeue() => _takerFeeAndBits |= RequeuedBit;

    /// <summary>It ends because its time is over.</summary>
    public void Expire() => _takerFeeAndBits |= ExpiredBit;

    public void Close() => _takerFeeAndBits &= ~OpenBit;

    /// <summary>All bits that decide later behaviour, for the state hash.</summary>
    public readonly void HashInto(ref StateHasher hasher)
    {
        hasher.Add(_cumTickLotsLow);
        hasher.Add(Lots);
        hasher.Add(CumLots);
        hasher.Add(Generation, Ticks);
        hasher.Add((int)_makerFeeAndCum, (int)_takerFeeAndBits);
        hasher.Add(Instrument, Session);
        hasher.AddWords(in ClOrdID);
    }
}
