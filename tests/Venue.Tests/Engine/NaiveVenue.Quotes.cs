using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>A provider's quote on one instrument, or what it has of all together.</summary>
internal sealed class NaiveQuote
{
    public DefineQuoting Terms;
    public Text40 QuoteID;
    public Text16 QuoteSetID;
    public Text16 QuoteEntryID;
    public bool IsTripped;
    public long WindowBegan;
    public List<(long Lots, BigInteger Notional)> Fills { get; } = [];

    /// <summary>Open sides, and since when they stand as they are.</summary>
    public Dictionary<Side, (NaiveOrder Order, long Since)> Sides { get; } = [];
}

/// <summary>Quotes: two orders of a session that have no ClOrdID of their own.</summary>
internal sealed partial class NaiveVenue
{
    private readonly Dictionary<(int Session, int Instrument), NaiveQuote> _quotes = [];
    private readonly List<(int Session, int Instrument)> _trips = [];

    private NaiveQuote QuoteOn(int session, int instrument)
    {
        if (!_quotes.TryGetValue((session, instrument), out var quote)) _quotes[(session, instrument)] = quote = new NaiveQuote();
        foreach (var (side, (order, _)) in quote.Sides.ToList())
            if (!order.IsOpen) quote.Sides.Remove(side);
        return quote;
    }

    private bool IsQuoter(int session) => _quotes.ContainsKey((session, 0));

    private void Define(in DefineQuoting c)
    {
        const long week = 604_800_000_000_000;
        var isKnown = _firmOf.GetValueOrDefault(c.DefinedSession) != 0 && (c.Instrument == 0 || _instruments.ContainsKey(c.Instrument));
        var hasWindow = c.FillsMax > 0 || c.LotsMax > 0 || c.NotionalMax.Atoms > 0;
        var isPositive = c.FillsMax >= 0 && c.LotsMax >= 0 && c.NotionalMax.Atoms >= 0 && c.WindowNs is >= 0 and <= week && c.LifeMinNs is >= 0 and <= week && c.SizeMinLots >= 0 && c.SpreadMaxPpm is >= 0 and <= 2_000_000;
        var isForOne = c.LotsMax != 0 || c.NotionalMax.Atoms != 0 || c.SpreadMaxPpm != 0 || c.SizeMinLots != 0;
        if (!isKnown || !isPositive || hasWindow != c.WindowNs > 0 || c.SpreadMaxPpm > 0 != c.SizeMinLots > 0 || (isForOne && c.Instrument == 0))
        {
            Refuse(Reason.Contradiction);
            return;
        }
        QuoteOn(c.DefinedSession, 0);
        var quote = QuoteOn(c.DefinedSession, c.Instrument);
        quote.Terms = c;
        quote.Fills.Clear();
        log.Add(new QuotingDefined { Header = Header<QuotingDefined>(EventType.QuotingDefined, 0, c.Instrument), Definition = c });
    }

    private void Take(in Quote c)
    {
        var session = _command.Session;
        var instrument = _instruments.GetValueOrDefault(c.Instrument);
        var reason = _firmOf.GetValueOrDefault(session) == 0 ? Reason.UnknownSession
            : !IsQuoter(session) ? Reason.NotAuthorized
            : instrument is null ? Reason.UnknownInstrument
            : CheckQuote(in c, instrument);
        if (reason != Reason.None)
        {
            Tell(in c, instrument, null, null, reason);
            return;
        }
        var quote = QuoteOn(session, c.Instrument);
        (quote.QuoteID, quote.QuoteSetID, quote.QuoteEntryID) = (c.QuoteID, c.QuoteSetID, c.QuoteEntryID);
        Begin(instrument!);
        var entering = new List<NaiveOrder>();
        foreach (var side in new[] { Side.Buy, Side.Sell })
            if (Amend(in c, quote, instrument!, side) is { } order) entering.Add(order);
        Tell(in c, instrument, quote.Sides.TryGetValue(Side.Buy, out var bid) ? bid.Order : null, quote.Sides.TryGetValue(Side.Sell, out var ask) ? ask.Order : null, Reason.None);
        foreach (var order in entering)
        {
            if (order.IsOpen) Put(order);
            PullTripped(instrument!);
        }
        Done(instrument!);
    }

    /// <summary>Changes one side; returns the order that has to come in.</summary>
    private NaiveOrder? Amend(in Quote c, NaiveQuote quote, NaiveInstrument instrument, Side side)
    {
        var (isSaid, ticks, lots, _) = Asked(in c, side);
        var has = quote.Sides.TryGetValue(side, out var stands) ? stands.Order : null;
        if (!isSaid || (has is null && lots * ticks == 0)) return null;
        if (lots * ticks == 0)
        {
            TakeOut(has!);
            quote.Sides.Remove(side);
            return null;
        }
        var (group, mode) = SelfTradeDefault();
        var terms = new OrderTerms { Instructions = OrderInstructions.Quote, ExpireNs = c.ValidUntilNs, SelfTradeGroup = group, SelfTradeMode = group != 0 && mode == 0 ? SelfTradeMode.CancelNewest : mode };
        var timeInForce = c.ValidUntilNs == 0 ? TimeInForce.GoodTillCancel : TimeInForce.GoodTillDate;
        if (has is not null && has.Ticks == ticks && lots <= has.Leaves)
        {
            (has.ClOrdID, has.TimeInForce, has.Terms.ExpireNs) = (c.QuoteID, timeInForce, c.ValidUntilNs);
            if (!_expiring.Contains(has)) _expiring.Add(has);
            if (lots == has.Leaves) return null;
            has.Lots = has.Cum + lots;
            Settle(has);
            Shrink(has);
            return null;
        }
        if (has is { Cum: > 0 })
        {
            TakeOut(has);
            has = null;
        }
        if (has is not null) Lift(has);
        var (maker, taker) = RatesOf(_firmOf[_command.Session], instrument);
        var order = has ?? Open(instrument, side, _command.Session);
        (order.ClOrdID, order.Ticks, order.Lots, order.MakerPpm, order.TakerPpm) = (c.QuoteID, ticks, lots, maker, taker);
        (order.Terms, order.TimeInForce, order.Age) = (terms, timeInForce, _command.Seq);
        if (!_expiring.Contains(order)) _expiring.Add(order);
        Settle(order);
        Take(order, default, 0, 0, isNew: false);
        quote.Sides[side] = (order, _command.TimeNs);
        return order;
    }

    private NaiveOrder Open(NaiveInstrument instrument, Side side, int session)
    {
        var order = new NaiveOrder
        {
            Slot = TakeSlot(), Session = session, Firm = _firmOf[session], ClOrdID = default, Instrument = instrument, Side = side,
            OrdType = OrdType.Limit, TimeInForce = default, Ticks = 0, Lots = 0, MakerPpm = 0, TakerPpm = 0, IsOpen = true, Terms = default, Age = 0, IsHeld = true,
        };
        order.OrderID = (long)++_generationOf[order.Slot] << 32 | (uint)order.Slot;
        _orderIn[order.Slot] = order;
        _entered.Add(order);
        return order;
    }

    private bool HasMargin(int session) => MarginOf(_firmOf[session]) is not null;

    private Reason CheckQuote(in Quote c, NaiveInstrument instrument)
    {
        var quote = QuoteOn(_command.Session, c.Instrument);
        if ((c.Flags & (QuoteFlags.Bid | QuoteFlags.Ask)) == 0 || c.ValidUntilNs < 0) return Reason.UnsupportedOrder;
        var added = new List<Side>();
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            var (isSaid, ticks, lots, flags) = Asked(in c, side);
            if (isSaid && (flags != 0 || (ticks != 0 && lots != 0))) added.Add(side);
        }
        if (added.Count == 0) return instrument is { Phase: Phase.Halt, Trading.HaltRefusesCancels: 1 } ? Reason.Phase : CheckLife(in c, quote);
        if (instrument.Phase != Phase.Continuous && !instrument.IsInAuction) return Reason.Phase;
        if (HasMargin(_command.Session)) return Reason.NotAuthorized;
        foreach (var side in added)
        {
            var (_, ticks, lots, flags) = Asked(in c, side);
            var reason = CheckNumbers(instrument, new NewOrder { OrdType = OrdType.Limit, Side = side, PriceTicks = ticks, Flags = flags }, default, ticks, lots);
            if (reason != Reason.None) return reason;
        }
        var entering = new List<NaiveOrder>();
        foreach (var side in added)
        {
            if (Enters(in c, quote, instrument, side) is not { } order) continue;
            var reason = CheckMoney(quote, order, entering);
            if (reason != Reason.None) return reason;
            entering.Add(order);
        }
        var free = capacity.Orders - (_generationOf.Count - 1) + _closedSlots.Count;
        if (entering.Count(order => !quote.Sides.ContainsKey(order.Side)) > free || entering.Any(order => !HasLevelRoom(instrument, Stand.Lit, order, order.Ticks))) return Reason.VenueFull;
        if (Switches(_command.Session, c.Instrument).Any(_kills.Contains)) return Reason.Killed;
        var (bid, ask) = (After(in c, quote, Side.Buy), After(in c, quote, Side.Sell));
        if (bid > 0 && ask > 0 && bid >= ask) return Reason.QuoteCrossed;
        if (c.ValidUntilNs != 0 && c.ValidUntilNs <= _command.TimeNs) return Reason.ExpireTimePassed;
        return quote.IsTripped || QuoteOn(_command.Session, 0).IsTripped ? Reason.Protected : CheckLife(in c, quote);
    }

    /// <summary>The order that a side would become; null when what stands there stays or shrinks.</summary>
    private NaiveOrder? Enters(in Quote c, NaiveQuote quote, NaiveInstrument instrument, Side side)
    {
        var (_, ticks, lots, _) = Asked(in c, side);
        if (quote.Sides.TryGetValue(side, out var stands) && stands.Order.Ticks == ticks && lots <= stands.Order.Leaves) return null;
        var firm = _firmOf[_command.Session];
        var (maker, taker) = RatesOf(firm, instrument);
        return new NaiveOrder
        {
            Slot = 0, Session = _command.Session, Firm = firm, ClOrdID = c.QuoteID, Instrument = instrument, Side = side, OrdType = OrdType.Limit,
            TimeInForce = TimeInForce.GoodTillCancel, Ticks = ticks, Lots = lots, MakerPpm = maker, TakerPpm = taker, IsOpen = false, Terms = default, Age = 0,
        };
    }

    private Reason CheckMoney(NaiveQuote quote, NaiveOrder order, List<NaiveOrder> before)
    {
        var stands = quote.Sides.TryGetValue(order.Side, out var side) ? side.Order : null;
        var isCovered = Available(order.Firm, order.Instrument.Paid(order.Side)) + (stands?.Hold ?? 0) >= order.Need;
        var asNew = new NewOrder { OrdType = OrdType.Limit, Side = order.Side, PriceTicks = order.Ticks };
        return CheckLimits(order, asNew, 0, order.Lots, order.Lots - (stands?.Leaves ?? 0), isNew: stands is null, isCovered, isQuote: true,
            before: (before.Count(other => !quote.Sides.ContainsKey(other.Side)), before.Count));
    }

    private static (bool IsSaid, long Ticks, long Lots, OrderFlags Flags) Asked(in Quote c, Side side) => side == Side.Buy
        ? (c.Flags.HasFlag(QuoteFlags.Bid), c.BidTicks, c.BidLots, c.BidFlags)
        : (c.Flags.HasFlag(QuoteFlags.Ask), c.AskTicks, c.AskLots, c.AskFlags);

    private static long After(in Quote c, NaiveQuote quote, Side side)
    {
        var (isSaid, ticks, lots, _) = Asked(in c, side);
        if (isSaid) return lots == 0 ? 0 : ticks;
        return quote.Sides.TryGetValue(side, out var stands) ? stands.Order.Ticks : 0;
    }

    private Reason CheckLife(in Quote c, NaiveQuote quote)
    {
        foreach (var (side, (order, _)) in quote.Sides)
        {
            var (isSaid, ticks, lots, _) = Asked(in c, side);
            var isWorse = lots < order.Leaves || ticks == 0 || (side == Side.Buy ? ticks < order.Ticks : ticks > order.Ticks);
            if (isSaid && isWorse && IsYoung(order)) return Reason.QuoteTooYoung;
        }
        return Reason.None;
    }

    private bool IsYoung(NaiveOrder order)
    {
        if (!order.Is(OrderInstructions.Quote)) return false;
        var quote = QuoteOn(order.Session, order.Instrument.Definition.Instrument);
        return _command.TimeNs - quote.Sides[order.Side].Since < Math.Max(quote.Terms.LifeMinNs, QuoteOn(order.Session, 0).Terms.LifeMinNs);
    }

    private void Tell(in Quote c, NaiveInstrument? instrument, NaiveOrder? bid, NaiveOrder? ask, Reason reason) => log.Add(new QuoteReport
    {
        Header = Header<QuoteReport>(EventType.QuoteReport, _command.Session, instrument?.Definition.Instrument ?? 0),
        QuoteID = c.QuoteID, QuoteSetID = c.QuoteSetID, QuoteEntryID = c.QuoteEntryID, BidOrderID = bid?.OrderID ?? 0, AskOrderID = ask?.OrderID ?? 0,
        Reason = reason, Flags = c.Flags, ResponseLevel = c.ResponseLevel,
    });
}
