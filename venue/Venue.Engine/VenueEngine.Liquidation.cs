using System.Globalization;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Liquidating a margin account, one turn at a time: its orders away, then the venue's own by slices, in the end the insurance fund.</summary>
public sealed partial class VenueEngine<TEvents>
{
    /// <summary>What comes after a turn.</summary>
    private enum Turn : byte
    {
        /// <summary>The account is liquidated no more.</summary>
        Last,
        /// <summary>Another one soon.</summary>
        Again,
        /// <summary>Another one when something has changed: a price, a phase, a window, a definition.</summary>
        Later,
    }

    /// <summary>An order that would liquidate.</summary>
    private readonly record struct LiquidationOrder(Side Side, long Ticks, long Lots);

    private Turn Liquidate(MarginAccount account)
    {
        if (account.AuctionInstrument != 0)
        {
            if (_instruments[account.AuctionInstrument]!.IsInAuction && !account.Orders.IsEmpty) return Turn.Later;
            account.AuctionInstrument = 0;
        }
        if (!account.Orders.IsEmpty)
        {
            CancelOrders(account);
            return Turn.Again;
        }
        var view = ViewOf(account.Firm);
        if (StateFor(account, in view) == MarginState.Healthy)
        {
            Move(account, MarginState.Healthy, in view);
            return Turn.Last;
        }
        if (view.Net < 0 || Choose(account.Firm, out var order) is not { } instrument) return TakeOver(account, in view);
        // The prices have come back.
        if (account.State == MarginState.Stranded) Move(account, MarginState.Liquidating, in view);
        return Enter(account, instrument, in order);
    }

    /// <summary>Cancels as many orders as a slice has, the oldest first.</summary>
    private void CancelOrders(MarginAccount account)
    {
        _walkedCount = 0;
        _canceledOnCount = 0;
        for (var left = SliceMax; left > 0 && !account.Orders.IsEmpty; left--)
        {
            var slot = account.Orders[0];
            if (_orders[slot].IsSpecial && _specials[slot].Look != HitLook.None) EndLiquidatedHit(slot);
            else CancelWalked(slot, Reason.MarginCanceled);
        }
        ReportWalkedLevels();
    }

    /// <summary>What is to be traded next: the most valuable collateral is sold for the unit, then the largest debt is bought back with it; null when nothing can be.</summary>
    private Instrument<Fills>? Choose(int firm, out LiquidationOrder order)
    {
        var (sale, debt) = (LargestOf(firm, isDebt: false), LargestOf(firm, isDebt: true));
        var unit = _balances.Of(firm, _margins.Assets[0].Asset).Own;
        if (debt != 0 && unit > 0)
        {
            var instrument = _instruments[debt]!;
            order = Purchase(firm, instrument, unit);
            if (order.Lots >= instrument.Definition.MinLots) return instrument;
        }
        if (sale != 0 && (unit < 0 || debt != 0))
        {
            var instrument = _instruments[sale]!;
            order = Sale(firm, instrument, unit);
            if (order.Lots >= instrument.Definition.MinLots) return instrument;
        }
        order = default;
        return null;
    }

    /// <summary>The instrument on which a firm's most valuable balance above zero that can be sold is sold, or its largest debt is bought back; of equals the first that was defined. 0 for none.</summary>
    private int LargestOf(int firm, bool isDebt)
    {
        Int128 most = 0;
        var instrument = 0;
        foreach (ref readonly var asset in _margins.Assets[1..])
        {
            ref var definition = ref _instruments[asset.Instrument]!.Definition;
            var atoms = isDebt ? -_balances.Of(firm, asset.Asset).Own : _balances.Of(firm, asset.Asset).Own;
            if (isDebt ? atoms <= 0 : atoms < Money.BaseAtoms(definition.MinLots, definition.LotAtoms)) continue;
            var value = ValueOf(in asset, atoms, roundsUp: isDebt);
            if (value > most) (most, instrument) = (value, asset.Instrument);
        }
        return instrument;
    }

    /// <summary>Sells a slice, but no more than pays what is owed of the unit.</summary>
    private LiquidationOrder Sale(int firm, Instrument<Fills> instrument, Int128 unit)
    {
        ref var definition = ref instrument.Definition;
        ref var rule = ref _margins.RuleOf(instrument.Number);
        var ticks = Math.Min(Math.Max(MarginMath.Below(instrument.IndexTicks, rule.SlippageBps), instrument.LowestTicks), definition.MaxPriceTicks);
        var has = _balances.Of(firm, definition.BaseAsset).Own / definition.LotAtoms;
        var lots = Slice(in rule, instrument);
        if (unit < 0) lots = Math.Min(lots, Math.Max(MarginMath.LotsToRaise(-unit, ticks, definition.TickLotAtoms, RatesOf(firm, instrument).HoldPpm), definition.MinLots));
        return new LiquidationOrder(Side.Sell, ticks, (long)Int128.Min(has, lots));
    }

    /// <summary>Buys a slice back, but no more than is owed and the unit pays for.</summary>
    private LiquidationOrder Purchase(int firm, Instrument<Fills> instrument, Int128 unit)
    {
        ref var definition = ref instrument.Definition;
        ref var rule = ref _margins.RuleOf(instrument.Number);
        var ticks = Math.Min(Math.Min(MarginMath.Above(instrument.IndexTicks, rule.SlippageBps), instrument.HighestTicks), definition.MaxPriceTicks);
        var owes = -_balances.Of(firm, definition.BaseAsset).Own;
        var owed = Int128.Max((owes + definition.LotAtoms - 1) / definition.LotAtoms, definition.MinLots);
        var lots = (long)Int128.Min(owed, Slice(in rule, instrument));
        return new LiquidationOrder(Side.Buy, ticks, ticks < 1 ? 0 : Math.Min(lots, Money.LotsFor(unit, ticks, definition.TickLotAtoms, RatesOf(firm, instrument).HoldPpm)));
    }

    private static long Slice(in LiquidationRule rule, Instrument<Fills> instrument) =>
        Math.Clamp(rule.SliceLots, instrument.Definition.MinLots, instrument.Definition.MaxLots);

    /// <summary>Enters one order: at once or not at all while trading goes on, for the one price of an auction while there is one.</summary>
    private Turn Enter(MarginAccount account, Instrument<Fills> instrument, in LiquidationOrder order)
    {
        ref var rule = ref _margins.RuleOf(instrument.Number);
        var isAuction = instrument.IsInAuction;
        if (rule.SliceLots == 0 || (instrument.Phase != Phase.Continuous && !isAuction) || _kills.Cover(account.Firm, account.ToldSession, instrument.Number)) return Turn.Later;
        if (!TakeFromWindow(ref rule)) return Turn.Later;
        _new = default;
        _new.Order.Header.Session = account.ToldSession;
        _new.Order.ClOrdID = NextLiquidationID(account.ToldSession);
        (_new.Order.Instrument, _new.Order.Side, _new.Order.OrdType) = (instrument.Number, order.Side, OrdType.Limit);
        (_new.Order.PriceTicks, _new.Order.Lots) = (order.Ticks, order.Lots);
        _new.Order.TimeInForce = isAuction ? TimeInForce.GoodTillCancel : TimeInForce.ImmediateOrCancel;
        var before = _balances.Of(account.Firm, instrument.PaidAsset(order.Side)).Own;
        _isLiquidation = true;
        EnterLong();
        _isLiquidation = false;
        if (isAuction)
        {
            account.AuctionInstrument = instrument.Number;
            return Turn.Later;
        }
        // It traded, or what it met began an auction that it takes part in.
        if (before != _balances.Of(account.Firm, instrument.PaidAsset(order.Side)).Own || instrument.IsInAuction) return Turn.Again;
        WakeAt(_timeNs + rule.WindowNs);
        return Turn.Later;
    }

    /// <summary>Counts an order; false when the window has as many as it may have.</summary>
    private bool TakeFromWindow(ref LiquidationRule rule)
    {
        if (_timeNs >= rule.WindowEndNs) (rule.WindowEndNs, rule.Orders) = (_timeNs + rule.WindowNs, 0);
        if (rule.Orders >= rule.OrdersMax)
        {
            WakeAt(rule.WindowEndNs);
            return false;
        }
        rule.Orders++;
        return true;
    }

    private void WakeAt(long timeNs)
    {
        _margins.WakeNs = Math.Min(_margins.WakeNs, timeNs);
        Await(timeNs);
    }

    /// <summary>An id that the session has not used, whatever it used to keep the venue from it.</summary>
    private Text40 NextLiquidationID(int session)
    {
        for (var attempt = 0; ; attempt++)
        {
            var id = Text40.From(string.Create(CultureInfo.InvariantCulture, $"LIQUIDATION-{_seq}-{attempt}"));
            if (_ids.Find(_ids.HashOf(session, in id)) == 0) return id;
        }
    }

    /// <summary>The fund takes what is there and owes what is owed; when it cannot, nothing happens, and nothing does again before an operator says so.</summary>
    private Turn TakeOver(MarginAccount account, in MarginView view)
    {
        var fund = _margins.Fund;
        if (fund == 0 || _margins.IsFundExhausted || !CanTakeOver(account.Firm, fund))
        {
            _margins.IsFundExhausted = true;
            if (account.State != MarginState.Stranded) Move(account, MarginState.Stranded, in view);
            return Turn.Later;
        }
        foreach (ref readonly var asset in _margins.Assets) Transfer(account, fund, asset.Asset, _balances.Of(account.Firm, asset.Asset).Own, isInterest: false);
        Move(account, MarginState.Bankrupt, default);
        return Turn.Last;
    }

    private bool CanTakeOver(int firm, int fund)
    {
        foreach (ref readonly var asset in _margins.Assets)
            if (_balances.Of(fund, asset.Asset).Available + _balances.Of(firm, asset.Asset).Own < 0) return false;
        return true;
    }
}
