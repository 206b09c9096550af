using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>An order as one would write it down.</summary>
internal sealed class NaiveOrder
{
    public required int Slot;
    public required int Session;
    public required int Firm;
    public required Text40 ClOrdID;
    public required NaiveInstrument Instrument;
    public required Side Side;
    public required OrdType OrdType;
    public required TimeInForce TimeInForce;
    public required long Ticks;
    public required long Lots;
    public required int MakerPpm;
    public required int TakerPpm;
    public required bool IsOpen;
    public long OrderID;
    public long Cum;
    public BigInteger CumTickLots;
    public BigInteger Hold;

    public long Leaves => Lots - Cum;

    public bool IsResting => OrdType == OrdType.Limit && TimeInForce == TimeInForce.GoodTillCancel;

    public BigInteger Need => Instrument.Need(Side, Ticks, Leaves, Math.Max(MakerPpm, TakerPpm));

    public OrdStatus Status => Cum == Lots ? OrdStatus.Filled : !IsOpen ? OrdStatus.Canceled : Cum > 0 ? OrdStatus.PartiallyFilled : OrdStatus.New;
}

/// <summary>A book of lists in sorted dictionaries, and the money rules in big integers.</summary>
internal sealed class NaiveInstrument
{
    private readonly SortedDictionary<long, List<NaiveOrder>> _bids = new(Comparer<long>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedDictionary<long, List<NaiveOrder>> _asks = [];

    public DefineInstrument Definition;
    public long Reference;
    public long LastTradeID;

    /// <summary>The levels of a side, best first; in each the oldest order first.</summary>
    public SortedDictionary<long, List<NaiveOrder>> Book(Side side) => side == Side.Buy ? _bids : _asks;

    public void Add(NaiveOrder order)
    {
        if (!Book(order.Side).TryGetValue(order.Ticks, out var level)) Book(order.Side)[order.Ticks] = level = [];
        level.Add(order);
    }

    public void Remove(NaiveOrder order)
    {
        var level = Book(order.Side)[order.Ticks];
        level.Remove(order);
        if (level.Count == 0) Book(order.Side).Remove(order.Ticks);
    }

    /// <summary>What an order would trade with, and how much.</summary>
    public IEnumerable<(NaiveOrder Maker, long Lots)> Fills(Side side, long limit, long lots)
    {
        foreach (var (ticks, level) in Book(side == Side.Buy ? Side.Sell : Side.Buy))
        {
            if (side == Side.Buy ? ticks > limit : ticks < limit) yield break;
            foreach (var maker in level)
            {
                if (lots == 0) yield break;
                var fill = Math.Min(lots, maker.Leaves);
                lots -= fill;
                yield return (maker, fill);
            }
        }
    }

    public BigInteger Notional(long ticks, long lots) => (BigInteger)ticks * lots * Definition.TickLotAtoms;

    public BigInteger BaseAtoms(long lots) => (BigInteger)lots * Definition.LotAtoms;

    public BigInteger Fee(long ticks, long lots, int ppm) => Notional(ticks, lots) * ppm / 1_000_000;

    public BigInteger Need(Side side, long ticks, long leaves, int ppm) =>
        side == Side.Sell ? BaseAtoms(leaves) : Notional(ticks, leaves) + Fee(ticks, leaves, ppm);

    public int Paid(Side side) => side == Side.Buy ? Definition.QuoteAsset : Definition.BaseAsset;

    public BigInteger Highest => HasBand ? BigInteger.Min(1 << 28, (BigInteger)Reference * (1_000_000 + Definition.BandPpm) / 1_000_000) : 1 << 28;

    /// <summary>The smallest positive price p with p * 1e6 at least reference * (1e6 - band).</summary>
    public BigInteger Lowest
    {
        get
        {
            if (!HasBand) return 1;
            var edge = (BigInteger)Reference * (1_000_000 - Definition.BandPpm);
            var lowest = edge / 1_000_000;
            return BigInteger.Max(1, lowest * 1_000_000 < edge ? lowest + 1 : lowest);
        }
    }

    private bool HasBand => Definition.BandPpm > 0 && Reference > 0;

    public Reason Check(OrdType ordType, long ticks, long lots, OrderFlags flags)
    {
        var isLimit = ordType == OrdType.Limit;
        if (isLimit && flags.HasFlag(OrderFlags.PriceOffTick)) return Reason.PriceIncrement;
        if (isLimit && (flags.HasFlag(OrderFlags.PriceTooLarge) || ticks <= 0 || ticks > Definition.MaxPriceTicks)) return Reason.PriceOutOfRange;
        if (isLimit && (ticks < Lowest || ticks > Highest)) return Reason.PriceBand;
        if (flags.HasFlag(OrderFlags.QuantityOffLot)) return Reason.QuantityIncrement;
        if (flags.HasFlag(OrderFlags.QuantityTooLarge)) return Reason.QuantityTooLarge;
        if (lots < Definition.MinLots) return Reason.QuantityTooSmall;
        return lots > Definition.MaxLots ? Reason.QuantityTooLarge : Reason.None;
    }
}
