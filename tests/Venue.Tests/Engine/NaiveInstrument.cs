using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Where an open order stands.</summary>
internal enum Stand { Nowhere, Lit, Dark, Stops }

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
    public long ReachTicks;
    public required long Lots;
    public required int MakerPpm;
    public required int TakerPpm;
    public required bool IsOpen;
    public required OrderTerms Terms;
    public required long Age;
    public long OrderID;
    public long Cum;
    public BigInteger CumTickLots;
    public BigInteger Hold;
    public bool IsHeld;
    public bool IsTriggered;
    public bool IsExpired;
    /// <summary>True while a provider looks at the hit that it is a side of.</summary>
    public bool IsLookedAt;
    /// <summary>True when such a hit came to nothing.</summary>
    public bool IsRefused;
    public Stand Stand;
    /// <summary>Where it stands in that book.</summary>
    public long At;
    public long Shown;
    public NaiveOrder? Partner;

    public long Leaves => IsOpen ? Lots - Cum : 0;

    public bool IsStop => OrdType is OrdType.Stop or OrdType.StopLimit && !IsTriggered;

    public bool IsDark => Is(OrderInstructions.Hidden) || OrdType == OrdType.Pegged;

    public bool IsForAuction => TimeInForce is TimeInForce.AtTheOpening or TimeInForce.AtTheClose;

    /// <summary>What it would have to hold alone.</summary>
    public BigInteger Need => Instrument.Need(Side, Ticks, Lots - Cum, Math.Max(MakerPpm, TakerPpm));

    public OrdStatus Status => IsRefused ? OrdStatus.Rejected : IsLookedAt ? OrdStatus.PendingNew : Cum == Lots ? OrdStatus.Filled : IsExpired ? OrdStatus.Expired : !IsOpen ? OrdStatus.Canceled : Cum > 0 ? OrdStatus.PartiallyFilled : OrdStatus.New;

    /// <summary>A side of a quote, or of an answer: it has no ClOrdID of its own.</summary>
    public bool IsQuoted => Is(OrderInstructions.Quote) || Is(OrderInstructions.Offer);

    public bool Is(OrderInstructions instruction) => Terms.Instructions.HasFlag(instruction);
}

/// <summary>Orders by price and time: one side of one book.</summary>
internal sealed class NaiveBook(bool highestFirst)
{
    public SortedDictionary<long, List<NaiveOrder>> Levels { get; } = new(Comparer<long>.Create((a, b) => highestFirst ? b.CompareTo(a) : a.CompareTo(b)));

    public NaiveOrder? First => Levels.Count == 0 ? null : Levels.First().Value[0];

    public void Add(NaiveOrder order, long ticks)
    {
        if (!Levels.TryGetValue(ticks, out var level)) Levels[ticks] = level = [];
        level.Add(order);
        order.At = ticks;
    }

    public void Remove(NaiveOrder order)
    {
        var level = Levels[order.At];
        level.Remove(order);
        if (level.Count == 0) Levels.Remove(order.At);
    }
}

/// <summary>Books of lists in sorted dictionaries, and the money rules in big integers.</summary>
internal sealed class NaiveInstrument
{
    private readonly Dictionary<(Stand Stand, TriggerPrice Trigger, Side Side), NaiveBook> _books = [];

    public DefineInstrument Definition;
    public DefineTrading Trading;
    public Phase Phase;
    public long PhaseUntil;
    public long Reference;
    public long Last;
    public long Index;
    public long StaticCentre;
    public long DynamicCentre;
    public long LastTradeID;
    public (long Bid, long Ask) PeggedTo;
    public (long Price, long Lots, long Surplus) Indicative;
    public long IndicativeTold;
    public long IndicativeDue;
    public List<NaiveOrder> Pegs { get; } = [];
    public List<NaiveOrder> Trails { get; } = [];
    public List<NaiveOrder> ForAuction { get; } = [];

    /// <summary>The highest of all highest prices so far.</summary>
    public long HighestEver;

    /// <summary>When it does something by itself.</summary>
    public long Due => Math.Min(PhaseUntil == 0 ? long.MaxValue : PhaseUntil, IndicativeDue == 0 ? long.MaxValue : IndicativeDue);

    public bool IsInAuction => Phase is Phase.PreOpen or Phase.VolatilityAuction or Phase.CloseAuction;

    /// <summary>The levels of the shown book's side, best first; in each the oldest order first.</summary>
    public SortedDictionary<long, List<NaiveOrder>> Book(Side side) => BookOf(Stand.Lit, default, side).Levels;

    /// <summary>A stop that buys waits for a rise, so the lowest comes first.</summary>
    public NaiveBook BookOf(Stand stand, TriggerPrice trigger, Side side)
    {
        if (!_books.TryGetValue((stand, trigger, side), out var book))
            _books[(stand, trigger, side)] = book = new NaiveBook(side == Side.Buy != (stand == Stand.Stops));
        return book;
    }

    public NaiveBook BookOf(NaiveOrder order) => BookOf(order.Stand, order.Stand == Stand.Stops ? order.Terms.Trigger : default, order.Side);

    /// <summary>Every page of 64 prices in use.</summary>
    public IEnumerable<object> Pages() => _books.SelectMany(book => book.Value.Levels.Keys.Select(ticks => (object)(this, book.Key, ticks >> 6)));

    /// <summary>What rests on a side, price by price, shown and hidden together, best first; at each price the shown orders first.</summary>
    public IEnumerable<(long Ticks, List<NaiveOrder> Orders)> Depth(Side side)
    {
        var lit = BookOf(Stand.Lit, default, side).Levels;
        var dark = BookOf(Stand.Dark, default, side).Levels;
        var prices = dark.Count == 0 ? lit.Keys : side == Side.Buy ? lit.Keys.Union(dark.Keys).OrderDescending() : (IEnumerable<long>)lit.Keys.Union(dark.Keys).Order();
        foreach (var ticks in prices) yield return (ticks, [.. lit.GetValueOrDefault(ticks) ?? [], .. dark.GetValueOrDefault(ticks) ?? []]);
    }

    public long Best(Side side) => Book(side).Count == 0 ? 0 : Book(side).First().Key;

    public long Watched(TriggerPrice trigger, Side side) => trigger switch
    {
        TriggerPrice.LastTrade => Last,
        TriggerPrice.Index => Index,
        _ => Best(side == Side.Buy ? Side.Sell : Side.Buy),
    };

    public static bool Reaches(Side side, long ticks, BigInteger limit) => side == Side.Buy ? ticks <= limit : ticks >= limit;

    public bool Crosses(Side side, long limit) => Depth(side == Side.Buy ? Side.Sell : Side.Buy).Take(1).Any(level => Reaches(side, level.Ticks, limit));

    /// <summary>The limit, or a band's edge when that is closer.</summary>
    public BigInteger Edge(Side side, BigInteger limit)
    {
        foreach (var (centre, ppm) in new[] { (DynamicCentre, Trading.DynamicBandPpm), (StaticCentre, Trading.StaticBandPpm) })
            if (ppm > 0 && centre > 0) limit = side == Side.Buy ? BigInteger.Min(limit, Upper(centre, ppm)) : BigInteger.Max(limit, Lower(centre, ppm));
        return limit;
    }

    public long Protection(Side side, long centre)
    {
        BigInteger open = side == Side.Buy ? Definition.MaxPriceTicks : 1;
        if (Definition.BandPpm == 0 || centre == 0) return (long)open;
        return (long)(side == Side.Buy ? BigInteger.Min(open, Upper(centre, Definition.BandPpm)) : Lower(centre, Definition.BandPpm));
    }

    public BigInteger Notional(long ticks, long lots) => (BigInteger)ticks * lots * Definition.TickLotAtoms;

    public BigInteger BaseAtoms(long lots) => (BigInteger)lots * Definition.LotAtoms;

    public BigInteger Fee(long ticks, long lots, int ppm) => Notional(ticks, lots) * ppm / 1_000_000;

    public BigInteger Need(Side side, long ticks, long leaves, int ppm) =>
        side == Side.Sell ? BaseAtoms(leaves) : Notional(ticks, leaves) + Fee(ticks, leaves, ppm);

    public int Paid(Side side) => side == Side.Buy ? Definition.QuoteAsset : Definition.BaseAsset;

    public BigInteger Highest => HasBand ? Upper(Reference, Definition.BandPpm) : 1 << 28;

    public BigInteger Lowest => HasBand ? Lower(Reference, Definition.BandPpm) : 1;

    private bool HasBand => Definition.BandPpm > 0 && Reference > 0;

    private static BigInteger Upper(long centre, int ppm) => BigInteger.Min(1 << 28, (BigInteger)centre * (1_000_000 + ppm) / 1_000_000);

    /// <summary>The smallest positive price p with p * 1e6 at least centre * (1e6 - ppm).</summary>
    private static BigInteger Lower(long centre, int ppm)
    {
        var edge = (BigInteger)centre * (1_000_000 - ppm);
        if (edge <= 0) return 1;
        var lowest = edge / 1_000_000;
        return BigInteger.Max(1, lowest * 1_000_000 < edge ? lowest + 1 : lowest);
    }

    public Reason CheckLots(long lots, OrderFlags flags)
    {
        if (flags.HasFlag(OrderFlags.QuantityOffLot)) return Reason.QuantityIncrement;
        if (flags.HasFlag(OrderFlags.QuantityTooLarge)) return Reason.QuantityTooLarge;
        if (lots < Definition.MinLots) return Reason.QuantityTooSmall;
        return lots > Definition.MaxLots ? Reason.QuantityTooLarge : Reason.None;
    }
}
