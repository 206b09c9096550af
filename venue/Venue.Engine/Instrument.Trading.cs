using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>What an instrument has beside its shown book, and how it trades.</summary>
/// <remarks>Its other books are made when the first order needs them, since most instruments never have one.</remarks>
internal sealed partial class Instrument<TBookEvents>
{
    /// <summary>Pegged orders, and trailing stops, that one instrument may have: each move of its prices looks at all of them.</summary>
    public const int FollowMax = 1024;

    // Parts of Special that are no orders.
    private const int RulesBit = 1 << 30, PhaseBit = 1 << 29;
    private const int KindsOfTrigger = 3;

    private readonly Book<TBookEvents>?[] _stops = new Book<TBookEvents>?[KindsOfTrigger];

    /// <summary>How it trades; all zero until it is defined.</summary>
    public DefineTrading Trading;

    /// <summary>Hidden orders; null before the first.</summary>
    public Book<TBookEvents>? Dark;

    /// <summary>
    /// Zero when orders may go the short path: the instrument is in continuous trading under the plain rules, and no order is
    /// open that a plain match would treat wrongly or that a match could wake.
    /// </summary>
    public int Special;

    public Phase Phase;

    /// <summary>How long it was in continuous trading.</summary>
    public DayClock Open;

    /// <summary>When the phase ends by itself; 0 for never.</summary>
    public long PhaseUntilNs;

    /// <summary>Price of the last trade, in ticks; 0 before the first.</summary>
    public long LastTicks;

    /// <summary>The last index price, in ticks; 0 before the first.</summary>
    public long IndexTicks;

    /// <summary>Centre of the static band: the last auction's price; before it, or when a definition changes it, the definer's reference; 0 for none.</summary>
    public long StaticTicks = definition.ReferenceTicks;

    /// <summary>Centre of the dynamic band: the last trade's price before what trades now, for its checks and its matching alike; 0 for none.</summary>
    public long DynamicTicks;

    /// <summary>The last indicative price told in this phase, and when; 0 before the first.</summary>
    public AuctionResult Indicative;
    public long IndicativeToldNs;

    /// <summary>When the next one may be told, if one waits for that; 0 otherwise.</summary>
    public long IndicativeDueNs;

    /// <summary>Pegged orders, trailing stops, orders for an auction: each in the order in which they came.</summary>
    public SlotList Pegs, Trails, ForAuction;

    /// <summary>The best shown prices that the pegged orders were put by.</summary>
    public (long Bid, long Ask) PeggedTo;

    /// <summary>True while orders rest without matching.</summary>
    public bool IsInAuction => Phase is Phase.PreOpen or Phase.VolatilityAuction or Phase.CloseAuction;

    public Depth<TBookEvents> Depth => new(Book, Dark);

    /// <summary>When something of this instrument happens by itself; the highest number for never.</summary>
    public long DueNs => Math.Min(PhaseUntilNs == 0 ? long.MaxValue : PhaseUntilNs, IndicativeDueNs == 0 ? long.MaxValue : IndicativeDueNs);

    public void ForgetIndicative()
    {
        Indicative = default;
        IndicativeToldNs = 0;
        IndicativeDueNs = 0;
    }

    /// <summary>Best shown price of a side in ticks; 0 for none.</summary>
    public long BestTicks(Side side) => Book.TryBest(side, out var price) ? price.Ticks : 0;

    public void SetPhase(Phase phase, long untilNs)
    {
        Phase = phase;
        PhaseUntilNs = untilNs;
        Special = phase == Phase.Continuous ? Special & ~PhaseBit : Special | PhaseBit;
    }

    public void SetTrading(in DefineTrading trading)
    {
        Trading = trading;
        DynamicTicks = LastTicks;
        var isPlain = trading.Allocation == Allocation.PriceTime && trading.StaticBandPpm == 0 && trading.DynamicBandPpm == 0;
        Special = isPlain ? Special & ~RulesBit : Special | RulesBit;
    }

    /// <summary>The stop orders that watch one kind of price; null before the first.</summary>
    public Book<TBookEvents>? Stops(TriggerPrice trigger) => _stops[KindOf(trigger)];

    /// <summary>The same, made when it is not there yet.</summary>
    public Book<TBookEvents> StopsFor(TriggerPrice trigger, OrderSlab slab, LevelPages pages) =>
        _stops[KindOf(trigger)] ??= new Book<TBookEvents>(slab, pages, new Price(TicksEver), default);

    /// <summary>What a stop order watches, in ticks; 0 for none.</summary>
    public long Watched(TriggerPrice trigger, Side side) => trigger switch
    {
        TriggerPrice.LastTrade => LastTicks,
        TriggerPrice.Index => IndexTicks,
        _ => BestTicks(side == Side.Buy ? Side.Sell : Side.Buy),
    };

    /// <summary>The worst price, in ticks, that an order of this limit may trade at now without breaking a band.</summary>
    public long Edge(Side side, long limitTicks)
    {
        var edge = Narrow(side, limitTicks, DynamicTicks, Trading.DynamicBandPpm);
        return Narrow(side, edge, StaticTicks, Trading.StaticBandPpm);
    }

    /// <summary>The limit, in ticks, that a market order has which must wait: the price band's edge around <paramref name="centreTicks"/>.</summary>
    public long Protection(Side side, long centreTicks)
    {
        var open = side == Side.Buy ? Definition.MaxPriceTicks : 1;
        return Narrow(side, open, centreTicks, Definition.BandPpm);
    }

    /// <summary>When the day that <paramref name="nowNs"/> lies in ends; after now.</summary>
    public long DayEndNs(long nowNs)
    {
        const long second = 1_000_000_000, day = 86_400;
        var end = Trading.DayEnd - 1;
        return ((nowNs / second - end + day) / day * day + end) * second;
    }

    private static long Narrow(Side side, long limitTicks, long centreTicks, int ppm)
    {
        if (ppm == 0 || centreTicks == 0) return limitTicks;
        return side == Side.Buy ? Math.Min(limitTicks, Upper(centreTicks, ppm)) : Math.Max(limitTicks, Lower(centreTicks, ppm));
    }

    private static int KindOf(TriggerPrice trigger) => trigger switch { TriggerPrice.LastTrade => 0, TriggerPrice.Quote => 1, _ => 2 };
}
