using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>What the long path asks of a new order, in the order that README.md has. Nothing is changed.</summary>
public sealed partial class VenueEngine<TEvents>
{
    /// <summary>Orders that a fill-or-kill or MinQty(110) order of a self-trade group looks at before it gives up.</summary>
    private const int LookAheadMax = 4096;

    /// <summary>What the checks found out on their way.</summary>
    private struct Plan
    {
        /// <summary>The limit, in ticks, that its hold and its matching go by; 0 when there is none to be had.</summary>
        public long Ticks;
        /// <summary>The same, or nearer: how far it looks and trades at once.</summary>
        public long ReachTicks;
        public long Lots;
        /// <summary>False when what must trade at once cannot: then nothing trades and nothing rests.</summary>
        public bool IsFillable;
        /// <summary>True when it may rest or wait, so that it needs a hold.</summary>
        public bool Rests;
        /// <summary>The other order of its pair; 0 for none.</summary>
        public int Partner;
    }

    private Reason CheckLong(in IDHash hash, out Instrument<Fills>? instrument, out Plan plan)
    {
        ref var c = ref _new.Order;
        plan = default;
        instrument = InstrumentOf(c.Instrument);
        var session = c.Header.Session;
        var firm = FirmOf(session);
        if (firm == 0) return Reason.UnknownSession;
        if (instrument is null) return Reason.UnknownInstrument;
        if (_ids.Find(in hash) != 0) return Reason.DuplicateClOrdID;
        FillIn(instrument);
        if (!Terms.IsSupported(in _new)) return Reason.UnsupportedOrder;

        ref var terms = ref _new.Terms;
        if (!TakesNew(instrument.Phase, in c, in terms)) return Reason.Phase;
        plan.Rests = c.OrdType == OrdType.Market ? Terms.IsForAuction(c.TimeInForce) : c.TimeInForce is not (TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill);
        plan.Ticks = LimitFor(instrument, in c, in terms);
        var takerPpm = RatesOf(firm, instrument).TakerPpm;
        plan.ReachTicks = Within(instrument, c.Side, plan.Ticks, _new.Cash.Atoms == 0 ? c.Lots : instrument.Definition.MaxLots);
        plan.Lots = _new.Cash.Atoms == 0 ? c.Lots : LotsFor(instrument, c.Side, plan.ReachTicks, _new.Cash.Atoms, takerPpm);
        var reason = CheckNumbers(instrument, in c, in terms, plan.Ticks, plan.Lots);
        if (reason != Reason.None) return reason;
        plan.Partner = _new.LinkClOrdID.IsEmpty ? 0 : PartnerFor(instrument, in _new);

        plan.IsFillable = CanFill(instrument, in c, in terms, plan.ReachTicks, plan.Lots);
        var need = plan.Rests ? HoldOfPair(instrument, in c, in plan) : plan.IsFillable ? CostOfDepth(instrument, c.Side, plan.ReachTicks, plan.Lots, takerPpm) : 0;
        var isCovered = _balances.Of(firm, instrument.PaidAsset(c.Side)).Available >= need;
        if (_watches && !_isLiquidation && CheckLimits(in c, terms.StopTicks, plan.Lots, instrument, isCovered) is not Reason.None and var limited) return limited;
        if (!isCovered) return Reason.InsufficientBalance;
        if (_margins.Any && CheckMargin(firm, c.Side, plan.Rests ? plan.Ticks : plan.ReachTicks, plan.Lots, plan.Rests, plan.IsFillable, need, instrument) is not Reason.None and var exceeded) return exceeded;
        if (!_orders.HasRoom || (plan.Rests && !HasRoomFor(instrument, in c, in terms, plan.Ticks))) return Reason.VenueFull;
        if (_kills.Cover(firm, session, instrument.Number)) return Reason.Killed;

        var isPostOnly = (terms.Instructions & OrderInstructions.PostOnly) != 0;
        if (isPostOnly && (plan.Ticks == 0 || Crosses(instrument, c.Side, plan.Ticks))) return Reason.PostOnly;
        if (c.OrdType == OrdType.MarketToLimit && plan.Ticks == 0) return Reason.NoOpposite;
        if (plan.Partner == 0 && !_new.LinkClOrdID.IsEmpty) return Reason.UnknownLink;
        var isFull = c.OrdType == OrdType.Pegged ? instrument.Pegs.Count == Instrument<Fills>.FollowMax
            : (terms.Instructions & OrderInstructions.TrailingStop) != 0 && instrument.Trails.Count == Instrument<Fills>.FollowMax;
        if (isFull) return Reason.TooManyFollow;
        return terms.ExpireNs != 0 && terms.ExpireNs <= _timeNs ? Reason.ExpireTimePassed : Reason.None;
    }

    /// <summary>The defaults of the instrument and the session, where the order says nothing itself.</summary>
    private void FillIn(Instrument<Fills> instrument)
    {
        ref var c = ref _new.Order;
        ref var terms = ref _new.Terms;
        if (c.TimeInForce == TimeInForce.Day)
        {
            if (instrument.Trading.DayEnd == 0) c.TimeInForce = TimeInForce.GoodTillCancel;
            else if (c.OrdType != OrdType.Market && terms.ExpireNs == 0) terms.ExpireNs = instrument.DayEndNs(_timeNs);
        }
        if (terms.Trigger == TriggerPrice.None && c.OrdType is OrdType.Stop or OrdType.StopLimit) terms.Trigger = TriggerPrice.LastTrade;
        var (group, mode) = _selfTrades.Of(c.Header.Session);
        if (terms.SelfTradeGroup == 0) terms.SelfTradeGroup = group;
        if (terms.SelfTradeGroup != 0 && terms.SelfTradeMode == SelfTradeMode.None) terms.SelfTradeMode = mode == SelfTradeMode.None ? SelfTradeMode.CancelNewest : mode;
    }

    /// <summary>The limit that an order goes by, its own or what stands for one.</summary>
    private static long LimitFor(Instrument<Fills> instrument, in NewOrder c, in OrderTerms terms) => c.OrdType switch
    {
        OrdType.Market when Terms.IsForAuction(c.TimeInForce) => instrument.Protection(c.Side, instrument.ReferenceTicks),
        OrdType.Market => c.Side == Side.Buy ? instrument.HighestTicks : instrument.LowestTicks,
        OrdType.MarketToLimit => instrument.BestTicks(Opposite(c.Side)),
        OrdType.Stop => instrument.Protection(c.Side, terms.StopTicks),
        OrdType.Limit when (terms.Instructions & OrderInstructions.Slide) != 0 => Slid(instrument, c.Side, c.PriceTicks),
        _ => c.PriceTicks,
    };

    /// <summary>The price one tick behind the other side, when the order's own would trade; 0 when there is none.</summary>
    private static long Slid(Instrument<Fills> instrument, Side side, long ticks)
    {
        if (!instrument.Depth.TryBest(Opposite(side), out var best, out _)) return ticks;
        return side == Side.Buy ? Math.Min(ticks, best.Ticks - 1) : best.Ticks < instrument.Definition.MaxPriceTicks ? Math.Max(ticks, best.Ticks + 1) : 0;
    }

    private static Reason CheckNumbers(Instrument<Fills> instrument, in NewOrder c, in OrderTerms terms, long limitTicks, long lots)
    {
        var highest = instrument.Definition.MaxPriceTicks;
        var hasLimit = c.OrdType is OrdType.Limit or OrdType.StopLimit or OrdType.Pegged;
        if (hasLimit || c.OrdType == OrdType.Stop)
        {
            if ((c.Flags & OrderFlags.PriceOffTick) != 0) return Reason.PriceIncrement;
            var isHigh = (c.Flags & OrderFlags.PriceTooLarge) != 0 || terms.StopTicks > highest || terms.OffsetTicks > highest || terms.OffsetTicks < -highest;
            if (isHigh || (hasLimit && (c.PriceTicks < 1 || c.PriceTicks > highest))) return Reason.PriceOutOfRange;
        }
        // A limit that only protects may lie anywhere; one that rests or trades at once may not.
        if (c.OrdType == OrdType.Limit && instrument.CheckBand(c.PriceTicks) is not Reason.None and var band) return band;
        // What the other side's prices make of it neither.
        if (c.OrdType is OrdType.Limit or OrdType.MarketToLimit && limitTicks > 0 && instrument.CheckBand(limitTicks) is not Reason.None and var beyond) return beyond;
        return instrument.CheckLots(lots, c.Flags);
    }

    /// <summary>False when FillOrKill or MinQty(110) asks for more than would trade at once.</summary>
    /// <remarks>
    /// Orders of its own group are no liquidity: with CancelOldest they do not count, with any other mode nothing counts that is
    /// met after the first of them, and where a price is not shared by time nothing at its price in the same book.
    /// </remarks>
    private bool CanFill(Instrument<Fills> instrument, in NewOrder c, in OrderTerms terms, long limitTicks, long lots)
    {
        var wanted = c.TimeInForce == TimeInForce.FillOrKill ? lots : terms.MinLots;
        if (wanted == 0) return true;
        var edge = instrument.Edge(c.Side, limitTicks);
        var makers = Opposite(c.Side);
        var depth = instrument.Depth;
        var firm = FirmOf(c.Header.Session);
        long found = 0;
        var looked = 0;
        for (var more = depth.TryBest(makers, out var price, out _); more && found < wanted && Reaches(c.Side, price.Ticks, edge); more = depth.TryNext(makers, price, out price))
        {
            if (terms.SelfTradeGroup == 0)
            {
                found += depth.TotalAt(makers, price);
                continue;
            }
            foreach (var book in (ReadOnlySpan<Book<Fills>?>)[instrument.Book, instrument.Dark])
            {
                var isByTime = book == instrument.Dark || instrument.Trading.Allocation == Allocation.PriceTime;
                long others = 0, before = 0;
                for (var slot = book?.LevelAt(makers, price).Head ?? 0; slot != 0; slot = _slab[slot].Next)
                {
                    if (++looked > LookAheadMax) return false;
                    if (!IsOwn(slot, firm, terms.SelfTradeGroup))
                    {
                        others += _orders[slot].LeavesLots;
                        // What an iceberg does not show goes to the end of the queue first.
                        if (isByTime) before += _slab[slot].Lots;
                    }
                    else if (terms.SelfTradeMode != SelfTradeMode.CancelOldest) return found + before >= wanted;
                }
                found += others;
            }
        }
        return found >= wanted;
    }

    /// <summary>The limit, or the price of the last level that an order looks at when they hold less than it wants.</summary>
    private long Within(Instrument<Fills> instrument, Side side, long limitTicks, long lots)
    {
        var makers = Opposite(side);
        var depth = instrument.Depth;
        var levels = Reach;
        long found = 0;
        for (var more = depth.TryBest(makers, out var price, out _); more && found < lots && Reaches(side, price.Ticks, limitTicks); more = depth.TryNext(makers, price, out price))
        {
            if (--levels == 0) return price.Ticks;
            found += depth.TotalAt(makers, price);
        }
        return limitTicks;
    }

    /// <summary>The most that trading now could take, in atoms of what the order pays with, fees included.</summary>
    private static Int128 CostOfDepth(Instrument<Fills> instrument, Side side, long limitTicks, long lots, int takerPpm)
    {
        ref var definition = ref instrument.Definition;
        var cost = new BuyCost(definition.TickLotAtoms, takerPpm);
        var makers = Opposite(side);
        var depth = instrument.Depth;
        var edge = instrument.Edge(side, limitTicks);
        var left = lots;
        for (var more = depth.TryBest(makers, out var price, out _); more && left > 0 && Reaches(side, price.Ticks, edge); more = depth.TryNext(makers, price, out price))
        {
            var fill = Math.Min(left, depth.TotalAt(makers, price));
            left -= fill;
            cost.Visit(price, new Quantity(fill));
        }
        return side == Side.Buy ? cost.Atoms : Money.BaseAtoms(lots - left, definition.LotAtoms);
    }

    /// <summary>What a cash amount buys, fees included, or must be sold for it, as the books stand.</summary>
    private static long LotsFor(Instrument<Fills> instrument, Side side, long limitTicks, Int128 cash, int takerPpm)
    {
        ref var definition = ref instrument.Definition;
        var ppm = side == Side.Buy ? takerPpm : 0;
        var makers = Opposite(side);
        var depth = instrument.Depth;
        var edge = instrument.Edge(side, limitTicks);
        long lots = 0;
        for (var more = depth.TryBest(makers, out var price, out _); more && lots <= definition.MaxLots && Reaches(side, price.Ticks, edge); more = depth.TryNext(makers, price, out price))
        {
            var total = depth.TotalAt(makers, price);
            var fill = Math.Min(total, Money.LotsFor(cash, price.Ticks, definition.TickLotAtoms, ppm));
            lots += fill;
            if (fill < total) break;
            cash -= Money.BuyHold(price.Ticks, fill, definition.TickLotAtoms, ppm);
        }
        return lots;
    }

    /// <summary>Which orders a phase takes.</summary>
    private static bool TakesNew(Phase phase, in NewOrder c, in OrderTerms terms)
    {
        if (phase == Phase.Continuous) return c.TimeInForce != TimeInForce.AtTheOpening;
        if (phase is not (Phase.PreOpen or Phase.VolatilityAuction or Phase.CloseAuction)) return false;
        if (c.TimeInForce == TimeInForce.AtTheOpening && phase != Phase.PreOpen) return false;
        // What must trade at once, or must not, has no meaning while nothing trades.
        var isNow = c.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill || terms.MinLots != 0
            || (c.OrdType == OrdType.Market && !Terms.IsForAuction(c.TimeInForce)) || c.OrdType == OrdType.MarketToLimit;
        return !isNow && (terms.Instructions & OrderInstructions.PostOnly) == 0;
    }

    private bool HasRoomFor(Instrument<Fills> instrument, in NewOrder c, in OrderTerms terms, long ticks)
    {
        if (c.OrdType is OrdType.Stop or OrdType.StopLimit)
            return instrument.StopsFor(terms.Trigger, _slab, _pages).HasRoom(Opposite(c.Side), new Price(terms.StopTicks));
        // Where a pegged order will stand is not known yet.
        if (ticks == 0 || c.OrdType == OrdType.Pegged) return true;
        var isDark = (terms.Instructions & OrderInstructions.Hidden) != 0;
        return (isDark ? DarkOf(instrument) : instrument.Book).HasRoom(c.Side, new Price(ticks));
    }

    private static bool Crosses(Instrument<Fills> instrument, Side side, long ticks) =>
        instrument.Depth.TryBest(Opposite(side), out var best, out _) && Reaches(side, best.Ticks, ticks);

    /// <summary>True when an order of this side and limit would trade at a price.</summary>
    private static bool Reaches(Side side, long ticks, long limitTicks) => side == Side.Buy ? ticks <= limitTicks : ticks >= limitTicks;

    private static Side Opposite(Side side) => side == Side.Buy ? Side.Sell : Side.Buy;
}
