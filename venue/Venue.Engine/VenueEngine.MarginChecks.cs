using System.Runtime.CompilerServices;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>What margin asks before an order is taken or money goes out: the worst that the account's open orders can do, fees included.</summary>
/// <remarks>
/// An order that trades gives what it pays and gets what it receives at its limit. Balances count less above zero than below, so that no
/// set of orders that trade takes more from the equity than the sum of what each of them takes at its worst: what it pays with the
/// haircut on top (taken off where the balance stays above zero whatever trades), less what it receives, but not below zero.
/// </remarks>
public sealed partial class VenueEngine<TEvents>
{
    // True while the venue enters an order for an account: what clients are asked is not asked then.
    private bool _isLiquidation;

    /// <summary>Asked of a new order that its balance and line cover.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Reason CheckMargin(int firm, Side side, long limitTicks, long lots, bool rests, bool isFillable, Int128 need, Instrument<Fills> instrument)
    {
        if (_isLiquidation || _margins.Of(firm) is not { } account) return Reason.None;
        if (account.IsClosed) return Reason.MarginLiquidating;
        if (!account.HasRoom) return Reason.TooManyOrders;
        var rates = RatesOf(firm, instrument);
        var terms = rests ? AtLimit(instrument, side, limitTicks, lots, rates.HoldPpm) : isFillable ? AtOnce(instrument, side, limitTicks, lots, rates.TakerPpm) : default;
        return CheckMargin(account, instrument.PaidAsset(side), need, instrument.PaidAsset(Opposite(side)), terms, 0);
    }

    /// <summary>Asked of a replace; one that leaves less at the same price is asked nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Reason CheckMargin(int slot, long ticks, long leaves, Int128 more, Instrument<Fills> instrument)
    {
        ref var order = ref _orders[slot];
        if (_margins.Of(FirmOf(order.Session)) is not { } account || (leaves <= order.LeavesLots && ticks == order.Ticks)) return Reason.None;
        return CheckMargin(account, instrument.PaidAsset(order.Side), more, instrument.PaidAsset(Opposite(order.Side)), AtLimit(instrument, order.Side, ticks, leaves, order.HoldFeePpm), slot);
    }

    /// <summary>Asked of a request about an order: nobody else touches the venue's own.</summary>
    private Reason CheckMargin(int session) => _margins.Of(FirmOf(session)) is { IsClosed: true } ? Reason.MarginLiquidating : Reason.None;

    /// <summary>Asked before so much of an asset goes out; whether there is as much is asked elsewhere.</summary>
    private Reason CheckMargin(int firm, int asset, Int128 atoms)
    {
        if (_margins.Of(firm) is not { } account || atoms <= 0 || atoms > _balances.Of(firm, asset).Own) return Reason.None;
        return account.IsClosed ? Reason.MarginLiquidating : CheckMargin(account, asset, atoms, 0, (atoms, 0), 0);
    }

    /// <param name="account">Whose collateral is asked.</param>
    /// <param name="paidAsset">That the order pays with.</param>
    /// <param name="need">By how much its hold grows, or what it costs at once.</param>
    /// <param name="receivedAsset">That it gets; 0 for none.</param>
    /// <param name="terms">All that the order can pay, and what it gets for it at least.</param>
    /// <param name="replaced">The order whose place it takes; 0 for none.</param>
    private Reason CheckMargin(MarginAccount account, int paidAsset, Int128 need, int receivedAsset, (Int128 Paid, Int128 Received) terms, int replaced)
    {
        var left = _balances.Of(account.Firm, paidAsset).Own - need;
        if (left < 0 && _margins.AssetOf(paidAsset) is null) return Reason.MarginExceeded;
        Int128 debt = 0, equity = 0;
        foreach (ref readonly var asset in _margins.Assets)
        {
            ref var balance = ref _balances.Of(account.Firm, asset.Asset);
            var free = asset.Asset == paidAsset ? left : balance.Own;
            if (free < 0) debt += ValueOf(in asset, -free, roundsUp: true);
            var atoms = balance.Own + balance.Held;
            var value = ValueOf(in asset, Int128.Abs(atoms), roundsUp: atoms < 0);
            equity += atoms < 0 ? -MarginMath.More(value, asset.HaircutBps) : MarginMath.Less(value, asset.HaircutBps);
        }
        if (debt == 0) return Reason.None;
        var loss = Loss(paidAsset, terms.Paid, left >= 0, receivedAsset, terms.Received);
        // It makes the account neither owe more nor have less.
        if (loss == 0 && (left >= 0 || need <= 0)) return Reason.None;
        foreach (var slot in account.Orders)
        {
            if (slot == replaced) continue;
            ref var order = ref _orders[slot];
            var instrument = _instruments[order.Instrument]!;
            var paid = instrument.PaidAsset(order.Side);
            var (pays, gets) = AtLimit(instrument, order.Side, order.Ticks, order.LeavesLots, order.HoldFeePpm);
            loss += Loss(paid, pays, (paid == paidAsset ? left : _balances.Of(account.Firm, paid).Own) >= 0, instrument.PaidAsset(Opposite(order.Side)), gets);
        }
        return MarginMath.IsPayable(debt) && equity - loss >= MarginMath.Required(debt, account.InitialBps) ? Reason.None : Reason.MarginExceeded;
    }

    /// <summary>What an order takes from the equity at most when it trades; 0 when it adds to it.</summary>
    private Int128 Loss(int paidAsset, Int128 paid, bool staysPositive, int receivedAsset, Int128 received)
    {
        Int128 loss = 0;
        if (_margins.AssetOf(paidAsset) is { } given)
        {
            var value = ValueOf(in given, paid, roundsUp: true);
            loss = staysPositive ? MarginMath.LessUp(value, given.HaircutBps) : MarginMath.More(value, given.HaircutBps);
        }
        if (_margins.AssetOf(receivedAsset) is { } taken) loss -= MarginMath.Less(ValueOf(in taken, received, roundsUp: false), taken.HaircutBps);
        return Int128.Max(loss, 0);
    }

    /// <summary>What an order pays and gets when all of it trades at its limit.</summary>
    private static (Int128 Paid, Int128 Received) AtLimit(Instrument<Fills> instrument, Side side, long ticks, long lots, int feePpm)
    {
        ref var definition = ref instrument.Definition;
        var baseAtoms = Money.BaseAtoms(lots, definition.LotAtoms);
        var notional = Money.Notional(ticks, lots, definition.TickLotAtoms);
        var fee = Money.Fee(notional, feePpm);
        return side == Side.Buy ? (notional + fee, baseAtoms) : (baseAtoms, notional - fee);
    }

    /// <summary>What an order pays and gets when it trades now, as the books stand.</summary>
    private static (Int128 Paid, Int128 Received) AtOnce(Instrument<Fills> instrument, Side side, long limitTicks, long lots, int feePpm)
    {
        ref var definition = ref instrument.Definition;
        var makers = Opposite(side);
        var depth = instrument.Depth;
        var edge = instrument.Edge(side, limitTicks);
        var left = lots;
        Int128 notional = 0, fees = 0;
        for (var more = depth.TryBest(makers, out var price, out _); more && left > 0 && Reaches(side, price.Ticks, edge); more = depth.TryNext(makers, price, out price))
        {
            var fill = Math.Min(left, depth.TotalAt(makers, price));
            left -= fill;
            var cost = Money.Notional(price.Ticks, fill, definition.TickLotAtoms);
            notional += cost;
            fees += Money.Fee(cost, feePpm);
        }
        var baseAtoms = Money.BaseAtoms(lots - left, definition.LotAtoms);
        return side == Side.Buy ? (notional + fees, baseAtoms) : (baseAtoms, notional - fees);
    }
}
