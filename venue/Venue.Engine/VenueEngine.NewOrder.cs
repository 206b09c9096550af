using System.Runtime.CompilerServices;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>New orders: checked in the order that README.md has, then accepted, matched and rested.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private void On(in NewOrder c)
    {
        if (NeedsLongPath(in c))
        {
            EnterLong(in c);
            return;
        }
        var session = c.Header.Session;
        var hash = _ids.HashOf(session, in c.ClOrdID);
        var reason = Check(in c, hash, out var instrument, out var limit, out var need, out var isFillable);
        if (reason != Reason.None)
        {
            RefuseNew(in c, hash, instrument?.Number ?? 0, reason);
            return;
        }

        var slot = _orders.Take();
        ref var order = ref _orders[slot];
        order.Instrument = (ushort)instrument!.Number;
        order.Lots = c.Lots;
        order.Ticks = c.OrdType == OrdType.Limit ? (int)c.PriceTicks : 0;
        var rates = RatesOf(FirmOf(session), instrument);
        order.Session = session;
        order.ClOrdID = c.ClOrdID;
        order.IDPlace = _ids.Add(in hash, slot);
        order.Open(c.Side, c.OrdType, c.TimeInForce, rates.MakerPpm, rates.TakerPpm);
        Link(slot, session);
        if (_watches) CountNew(slot, in c, 0, c.Lots);
        Report(slot, ExecType.New, Reason.None);

        _touchedCount = 0;
        if (Rests(in c))
        {
            ref var balance = ref _balances.Of(FirmOf(session), instrument.PaidAsset(c.Side));
            balance.Available -= need;
            balance.Held += need;
            Enter(slot, instrument);
        }
        else
        {
            if (isFillable) Match(slot, instrument, limit, isHeld: false);
            Finish(slot);
            if (order.CumLots < order.Lots) Report(slot, ExecType.Canceled, Reason.Unfilled);
        }
        EndShort(instrument);
    }

    /// <summary>The end of a command that went the short path: nothing waits for its trades but protections.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EndShort(Instrument<Fills> instrument)
    {
        PullTripped(instrument);
        ReportLevels(instrument);
        _touchesAnyOrder = false;
    }

    /// <summary>True when the order, or what is open on its instrument, asks for more than plain matching.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool NeedsLongPath(in NewOrder c)
    {
        if (c.TimeInForce is not (TimeInForce.GoodTillCancel or TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill)) return true;
        var instrument = InstrumentOf(c.Instrument);
        return (instrument is not null && instrument.Special != 0) || _selfTrades.Of(c.Header.Session).Group != 0;
    }

    /// <summary>The first fault, if there is one. Nothing is changed.</summary>
    /// <param name="c">The order.</param>
    /// <param name="hash">Of its ClOrdID.</param>
    /// <param name="instrument">Set when it is known.</param>
    /// <param name="limit">How far it may trade when it cannot rest; nothing else.</param>
    /// <param name="need">What it must hold, or what it costs when it cannot rest.</param>
    /// <param name="isFillable">False for a fill-or-kill order that cannot fill: it costs nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Reason Check(in NewOrder c, in IDHash hash, out Instrument<Fills>? instrument, out Price limit, out Int128 need, out bool isFillable)
    {
        limit = default;
        isFillable = true;
        need = 0;
        instrument = InstrumentOf(c.Instrument);
        var firm = FirmOf(c.Header.Session);
        if (firm == 0) return Reason.UnknownSession;
        if (instrument is null) return Reason.UnknownInstrument;
        if (_ids.Find(in hash) != 0) return Reason.DuplicateClOrdID;
        if (!IsSupported(c.OrdType, c.TimeInForce) || c.Side is not (Side.Buy or Side.Sell)) return Reason.UnsupportedOrder;
        var reason = instrument.Check(c.OrdType, c.PriceTicks, c.Lots, c.Flags);
        if (reason != Reason.None) return reason;

        if (Rests(in c))
        {
            need = instrument.Hold(c.Side, c.PriceTicks, c.Lots, RatesOf(firm, instrument).HoldPpm);
        }
        else
        {
            var quantity = new Quantity(c.Lots);
            limit = instrument.Book.Within(c.Side, LimitOf(in c, instrument), quantity, Reach);
            isFillable = c.TimeInForce != TimeInForce.FillOrKill || instrument.Book.Fillable(c.Side, limit, quantity) == quantity;
            if (isFillable) need = CostNow(instrument, c.Side, limit, quantity, RatesOf(firm, instrument).TakerPpm);
        }
        var isCovered = _balances.Of(firm, instrument.PaidAsset(c.Side)).Available >= need;
        if (_watches && CheckLimits(in c, 0, c.Lots, instrument, isCovered) is not Reason.None and var limited) return limited;
        if (!isCovered) return Reason.InsufficientBalance;
        if (_margins.Any && CheckMargin(firm, c.Side, Rests(in c) ? c.PriceTicks : limit.Ticks, c.Lots, Rests(in c), isFillable, need, instrument) is not Reason.None and var exceeded) return exceeded;
        if (!_orders.HasRoom || (Rests(in c) && !instrument.Book.HasRoom(c.Side, new Price(c.PriceTicks)))) return Reason.VenueFull;
        return _kills.Cover(firm, c.Header.Session, instrument.Number) ? Reason.Killed : Reason.None;
    }

    /// <summary>The most that matching now could take from the firm, a fee on each price's total included, in atoms of what it pays with.</summary>
    /// <remarks>What it would earn in the same sweep by trading with itself is not counted: that comes after the payment.</remarks>
    private static Int128 CostNow(Instrument<Fills> instrument, Side side, Price limit, Quantity quantity, int takerPpm)
    {
        ref var definition = ref instrument.Definition;
        if (side == Side.Sell) return Money.BaseAtoms(instrument.Book.Fillable(side, limit, quantity).Lots, definition.LotAtoms);
        var cost = new BuyCost(definition.TickLotAtoms, takerPpm);
        instrument.Book.Walk(side, limit, quantity, ref cost);
        return cost.Atoms;
    }

    /// <summary>A market order stops at the edge of the price band, if there is one.</summary>
    private static Price LimitOf(in NewOrder c, Instrument<Fills> instrument) => new(
        c.OrdType == OrdType.Limit ? c.PriceTicks
        : c.Side == Side.Buy ? instrument.HighestTicks
        : instrument.LowestTicks);

    /// <summary>Market orders never rest, whatever their TimeInForce(59) says: clients send 59=0 or 1 with them by habit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Rests(in NewOrder c) => c.OrdType == OrdType.Limit && c.TimeInForce == TimeInForce.GoodTillCancel;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSupported(OrdType ordType, TimeInForce timeInForce) =>
        ordType is OrdType.Market or OrdType.Limit
        && timeInForce is TimeInForce.GoodTillCancel or TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;

    private void RefuseNew(in NewOrder c, in IDHash hash, int instrument, Reason reason)
    {
        if (reason == Reason.DuplicateClOrdID && (c.Flags & OrderFlags.PossResend) != 0)
        {
            // FIX 4.4 vol 4 appendix D, F.1.b: sent again because the sender did not know whether it had come.
            ReportStatus(c.Header.Session, Find(c.Header.Session, in c.ClOrdID, 0, 0, 0), in c.ClOrdID, c.Side, reason);
            return;
        }
        if (_ids.Find(in hash) == 0) Remember(in hash, reason);
        ref var e = ref BeginReport(c.Header.Session, instrument);
        e.ClOrdID = c.ClOrdID;
        e.OrderLots = c.Lots;
        e.PriceTicks = c.OrdType == OrdType.Limit ? c.PriceTicks : 0;
        e.Side = c.Side;
        e.OrdType = c.OrdType;
        e.TimeInForce = c.TimeInForce;
        EndRejected(ref e, reason);
    }

    private void On(in RefuseOrder c)
    {
        var session = c.Header.Session;
        var hash = _ids.HashOf(session, in c.ClOrdID);
        var isUsed = _ids.Find(in hash) != 0;
        var reason = FirmOf(session) == 0 ? Reason.UnknownSession
            : c.Reason > Reason.DuplicateClOrdID && isUsed ? Reason.DuplicateClOrdID
            : c.Reason;
        if (!isUsed) Remember(in hash, reason);
        ref var e = ref BeginReport(session, 0);
        e.ClOrdID = c.ClOrdID;
        e.OrigClOrdID = c.Symbol;
        e.Side = c.Side;
        e.OrdType = c.OrdType;
        EndRejected(ref e, reason);
    }

    /// <summary>
    /// The ClOrdID of a refused order or of any cancel counts as used (FIX 4.4 vol 4: it is unique over all requests of the
    /// session), unless the session is unknown or the venue full: then the client may send the same request again.
    /// The caller has searched it in vain, or the reason says that it is there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Remember(in IDHash hash, Reason reason)
    {
        if (reason is Reason.UnknownSession or Reason.DuplicateClOrdID or Reason.VenueFull) return;
        _ids.Release(_ids.Add(in hash, 0));
    }

    private struct BuyCost(long tickLotAtoms, int feePpm) : IFillVisitor
    {
        public Int128 Atoms;

        public void Visit(Price price, Quantity quantity)
        {
            var notional = Money.Notional(price.Ticks, quantity.Lots, tickLotAtoms);
            Atoms += notional + Money.Fee(notional, feePpm);
        }
    }
}
