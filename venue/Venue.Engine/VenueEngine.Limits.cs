using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Limits that operators set, asked before an order costs anything. README.md has the order of all checks.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private const int RateMaxMax = 1 << 16;

    private readonly Limits _limits = new();
    private readonly Positions _positions = new();
    // True when somebody counts orders, lots or fills: one test where nobody does.
    private bool _watches;

    private void On(in DefineLimits c)
    {
        if (!IsSound(in c))
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        var definition = c;
        (definition.Header, definition.Operator, definition.Reason) = (default, default, default);
        var scope = new LimitScope(definition);
        var before = _limits.Find(c.Firm, c.LimitedSession, c.Instrument);
        (definition.Firm, definition.LimitedSession, definition.Instrument) = (0, 0, 0);
        if (MemoryMarshal.AsBytes(new ReadOnlySpan<DefineLimits>(in definition)).ContainsAnyExcept((byte)0))
        {
            _limits.Set(scope);
            if (scope.CountsOpen && before is { CountsOpen: true }) scope.GoOnFrom(before);
            else if (scope.CountsOpen) BeginCount(scope);
        }
        else _limits.Remove(in c);
        if (!scope.CountsOpen) EndCount(in c);
        if (c.PositionMaxLots > 0) _positions.Keep(c.Firm);
        Watch();
        TellDone(in c);
    }

    private void Watch() => _watches = _limits.AreSet || _positions.AnyKept || _margins.Any;

    private bool IsSound(in DefineLimits c)
    {
        var isKnown = (c.Firm == 0 || IsKnown(c.Firm, _firms.Count)) && (c.LimitedSession == 0 || IsKnown(c.LimitedSession, _sessions.Count))
            && (c.Instrument == 0 || InstrumentOf(c.Instrument) is not null);
        if (!isKnown) return false;
        var counts = c is { FatFingerPpm: >= 0, CollarPpm: >= 0, OpenOrdersMax: >= 0, RateMax: >= 0 and <= RateMaxMax, RateWindowNs: >= 0 and <= Definitions.LongestNs, RepeatWindowNs: >= 0 and <= Definitions.LongestNs }
            && c.RateMax > 0 == c.RateWindowNs > 0;
        var sizes = c is { MinLots: >= 0, MaxLots: >= 0, PositionMaxLots: >= 0 and <= 1L << 60 } && c.MinNotional.Atoms >= 0 && c.MaxNotional.Atoms >= 0;
        var hasSizes = c.MinLots > 0 || c.MaxLots > 0 || c.MinNotional.Atoms > 0 || c.MaxNotional.Atoms > 0;
        if (!counts || !sizes || (hasSizes && c.Instrument == 0)) return false;
        return c.PositionMaxLots == 0 || (c.Firm != 0 && c.Instrument != 0 && c.LimitedSession == 0);
    }

    /// <summary>Counts what is open in a scope when a limit first asks for it: a walk over the open orders of its sessions.</summary>
    private void BeginCount(LimitScope scope)
    {
        ref readonly var c = ref scope.Definition;
        var walk = c.LimitedSession != 0 ? NewWalk(MassScope.Session, c.LimitedSession, c.Instrument, 0)
            : NewWalk(c.Firm != 0 ? MassScope.Firm : MassScope.Venue, c.Firm, c.Instrument, 0);
        (walk.Kind, walk.LimitedFirm, walk.LimitedSession) = (WalkKind.Count, c.Firm, c.LimitedSession);
        scope.BeginCount(walk.Through);
        // A session that does not trade for the firm has nothing in the scope.
        if (c.Firm != 0 && c.LimitedSession != 0 && FirmOf(c.LimitedSession) != c.Firm) scope.SeeAll();
        else Begin(walk, -1);
    }

    /// <summary>Nobody asks any more for what a walk counts.</summary>
    private void EndCount(in DefineLimits c)
    {
        for (var i = 0; i < _walks.Count; i++)
        {
            var walk = _walks[i];
            if (walk.Kind != WalkKind.Count || (walk.LimitedFirm, walk.LimitedSession, walk.Instrument) != (c.Firm, c.LimitedSession, c.Instrument)) continue;
            _walks.RemoveAt(i);
            return;
        }
    }

    /// <summary>What is open in a scope, as far as it has seen it, counted anew.</summary>
    private LimitScope CountAgain(LimitScope scope)
    {
        var counted = new LimitScope(scope.Definition);
        if (!scope.CountsOpen) return counted;
        ref readonly var c = ref scope.Definition;
        for (var session = 1; session < _sessions.Count; session++)
        {
            if ((c.LimitedSession != 0 && c.LimitedSession != session) || (c.Firm != 0 && c.Firm != FirmOf(session))) continue;
            for (var slot = _sessionOrders.First(session); slot != 0; slot = _sessionOrders.Next(slot))
                if ((c.Instrument == 0 || c.Instrument == _orders[slot].Instrument) && scope.HasSeen(session, _orders[slot].Entered)) counted.Count(session, 0, _orders[slot].Side, 1, _orders[slot].LeavesLots);
        }
        return counted;
    }

    /// <summary>The first fault of a new order from its limits on: those before credit, credit, position.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Reason CheckLimits(in NewOrder c, long stopTicks, long lots, Instrument<Fills> instrument, bool isCovered) =>
        CheckLimits(new LimitQuestion(FirmOf(c.Header.Session), c.Header.Session, instrument.Number, c.Side, c.OrdType, LimitTicks(c.OrdType, c.PriceTicks), stopTicks, lots, lots, IsNew: true), instrument, isCovered);

    /// <summary>The same of a replace.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Reason CheckLimits(in ReplaceOrder c, OrdType ordType, long stopTicks, int slot, Instrument<Fills> instrument, bool isCovered)
    {
        ref var order = ref _orders[slot];
        var leaves = Math.Max(c.Lots - order.CumLots, 0);
        // One that ends the order, or leaves less of it at the same price, is no risk and is always taken.
        if (leaves == 0 || (leaves <= order.LeavesLots && c.PriceTicks == order.Ticks)) return isCovered ? Reason.None : Reason.InsufficientBalance;
        return CheckLimits(new LimitQuestion(FirmOf(c.Header.Session), c.Header.Session, instrument.Number, order.Side, ordType, LimitTicks(ordType, c.PriceTicks), stopTicks, c.Lots, leaves - order.LeavesLots, IsNew: false), instrument, isCovered);
    }

    private Reason CheckLimits(in LimitQuestion q, Instrument<Fills> instrument, bool isCovered)
    {
        var bid = instrument.BestTicks(Side.Buy);
        var ask = instrument.BestTicks(Side.Sell);
        var prices = new LimitPrices(instrument.ReferenceTicks, bid > 0 && ask > 0 ? bid + ask : instrument.LastTicks * 2);
        var reason = _limits.Check(in q, in prices, instrument.Definition.TickLotAtoms, _timeNs);
        if (reason != Reason.None) return reason;
        if (!isCovered) return Reason.InsufficientBalance;
        return _limits.FitsPosition(in q, _positions.LotsOf(q.Firm, q.Instrument)) ? Reason.None : Reason.PositionLimit;
    }

    private static long LimitTicks(OrdType ordType, long priceTicks) => ordType is OrdType.Limit or OrdType.StopLimit or OrdType.Pegged ? priceTicks : 0;

    /// <summary>A new order was taken: all of it is open, and it counts for rates and repetitions.</summary>
    private void CountNew(int slot, in NewOrder c, long stopTicks, long lots)
    {
        var session = c.Header.Session;
        Count(slot, 1, lots);
        _margins.Of(FirmOf(session))?.Add(slot);
        _limits.Take(new LimitQuestion(FirmOf(session), session, c.Instrument, c.Side, c.OrdType, LimitTicks(c.OrdType, c.PriceTicks), stopTicks, lots, lots, IsNew: true), _timeNs);
    }

    /// <summary>A replace was taken, which left the order so many lots more (or less).</summary>
    private void CountReplace(int slot, long lots)
    {
        var session = SessionOf(slot);
        Count(slot, 0, lots);
        _limits.Take(new LimitQuestion(FirmOf(session), session, _orders[slot].Instrument, _orders[slot].Side, default, 0, 0, 0, 0, IsNew: false), _timeNs);
    }

    /// <summary>An order was closed; what was left of it is open no more.</summary>
    private void CountClosed(int slot)
    {
        Count(slot, -1, -_orders[slot].LeavesLots);
        if (_margins.Of(FirmOf(SessionOf(slot))) is { } account) NoteClosed(account, slot);
    }

    /// <summary>A fill of an open order: less of it is open, and its firm's position has moved.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CountFill(ref Order order, int firm, Instrument<Fills> instrument, long lots, Int128 notional, Int128 fee)
    {
        _limits.Count(firm, in order, 0, -lots);
        if (_margins.Of(firm) is { } account) NoteDue(account);
        if (!_positions.Keeps(firm)) return;
        var tickLotAtoms = instrument.Definition.TickLotAtoms;
        _positions.Book(firm, instrument.Number, order.Side == Side.Buy ? lots : -lots, (long)(notional / tickLotAtoms / lots), tickLotAtoms, fee);
    }

    /// <summary>An open order has so many lots more (or less) left than before.</summary>
    private void CountLots(int slot, long lots) => Count(slot, 0, lots);

    private void Count(int slot, int orders, long lots)
    {
        ref var order = ref _orders[slot];
        _limits.Count(FirmOf(order.Session), in order, orders, lots);
    }

    private int SessionOf(int slot) => _orders[slot].Session;

    /// <summary>Tells an operator's command as it was taken.</summary>
    private void TellDone<T>(in T command) where T : unmanaged
    {
        var e = new OperationDone { Header = Header<OperationDone>(EventType.OperationDone, 0, 0) };
        MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)).CopyTo(MemoryMarshal.AsBytes(new Span<CommandSlot>(ref e.Command)));
        _events.On(in e);
    }

    private void HashLimits(ref StateHasher hasher)
    {
        foreach (var scope in _limits.All()) HashDefinition(in scope.Definition, ref hasher);
        _limits.HashInto(ref hasher);
    }

    private void CheckCounts()
    {
        foreach (var scope in _limits.All())
        {
            var counted = CountAgain(scope);
            if ((counted.OpenOrders, counted.OpenBuyLots, counted.OpenSellLots) != (scope.OpenOrders, scope.OpenBuyLots, scope.OpenSellLots))
                throw new InvalidOperationException($"Limits of firm {scope.Definition.Firm} session {scope.Definition.LimitedSession} instrument {scope.Definition.Instrument}: counted {scope.OpenOrders} orders {scope.OpenBuyLots}/{scope.OpenSellLots}, there are {counted.OpenOrders} {counted.OpenBuyLots}/{counted.OpenSellLots}");
        }
    }
}
