using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Margin: who is looked at when, interest, liquidations, the insurance fund.</summary>
internal sealed partial class NaiveVenue
{
    private bool _isLiquidation;
    private int _round;
    private int _sweepNext;
    private int _sweepLeft;
    private long _wake = long.MaxValue;
    private (int Asset, int Ppm, int Next) _interest;

    public bool HasMarginWork => _due.Count > 0 || _sweepLeft > 0 || _round > 0 || _interest.Asset != 0;

    private void Wake() => _round = _liquidating.Count;

    private void LookAtAll() => _sweepLeft = _margins.Count;

    private void WakeAt(long time) => _wake = Math.Min(_wake, time);

    private void WakeWhenDue()
    {
        if (_command.TimeNs < _wake) return;
        _wake = long.MaxValue;
        Wake();
    }

    /// <summary>Money came or went otherwise than by a trade.</summary>
    private void NoteChange(int firm)
    {
        if (MarginOf(firm) is { } account && _liquidating.Contains(account)) Wake();
        else NoteDue(firm);
    }

    private void NoteDue(int firm)
    {
        if (MarginOf(firm) is { IsClosed: false } account && !_due.Contains(account)) _due.Add(account);
    }

    private void NoteClosed(int firm)
    {
        if (MarginOf(firm) is { } account && _liquidating.Contains(account)) Wake();
    }

    private void ContinueMargins()
    {
        for (var looked = 0; looked < 64 && (_due.Count > 0 || _sweepLeft > 0); looked++)
        {
            NaiveMargin account;
            if (_due.Count > 0)
            {
                account = _due[0];
                _due.RemoveAt(0);
            }
            else
            {
                account = _margins[_sweepNext];
                _sweepLeft--;
                _sweepNext = (_sweepNext + 1) % _margins.Count;
            }
            if (account.IsClosed || account.HasEnded || StateFor(account) == account.State) continue;
            Move(account, StateFor(account));
            if (account.State == MarginState.Liquidating) Queue(account, isForNow: true);
        }
        for (var charged = 0; charged < 64 && _interest.Asset != 0; charged++) ChargeNext();
        for (var turns = 0; turns < 16 && _round > 0; turns++)
        {
            _round--;
            var account = _liquidating[0];
            _liquidating.RemoveAt(0);
            if (Liquidate(account) is { } again) Queue(account, again);
        }
    }

    private void Queue(NaiveMargin account, bool isForNow)
    {
        _liquidating.Add(account);
        if (isForNow) _round++;
    }

    private void Charge(in ChargeInterest c)
    {
        var reason = !IsMarginAsset(c.Asset) || c.RatePpm is < 1 or > 1_000_000 ? Reason.Contradiction : _interest.Asset != 0 ? Reason.TooManyRequests : Reason.None;
        if (reason != Reason.None)
        {
            Refuse(reason);
            return;
        }
        Done(in c);
        _interest = (c.Asset, c.RatePpm, 0);
    }

    private void ChargeNext()
    {
        var (asset, ppm, next) = _interest;
        if (next == _margins.Count)
        {
            _interest = default;
            return;
        }
        _interest.Next++;
        var account = _margins[next];
        var owed = -(Own(account.Firm, asset) + Balances.GetValueOrDefault((account.Firm, asset)).Held);
        if (owed <= 0 || account.HasEnded) return;
        Transfer(account, 0, asset, BigInteger.Min(CeilingOf(owed * ppm, 1_000_000), Available(account.Firm, asset)), isInterest: true);
        NoteDue(account.Firm);
    }

    private void Transfer(NaiveMargin account, int to, int asset, BigInteger atoms, bool isInterest)
    {
        if (atoms == 0) return;
        Move(account.Firm, asset, -atoms);
        Move(to, asset, atoms);
        log.Add(new MarginTransferred
        {
            Header = Header<MarginTransferred>(EventType.MarginTransferred, account.Session, 0), FromFirm = account.Firm, ToFirm = to, Asset = asset,
            IsInterest = isInterest ? (byte)1 : (byte)0, Amount = new Amount((Int128)atoms),
        });
    }

    /// <summary>Null when it is over, else whether there is more to do at once.</summary>
    private bool? Liquidate(NaiveMargin account)
    {
        if (account.Auction is { IsInAuction: true } && OrdersOf(account.Firm).Count > 0) return false;
        account.Auction = null;
        if (OrdersOf(account.Firm) is { Count: > 0 } orders)
        {
            var left = new Leavers();
            foreach (var order in orders.Take(64))
            {
                if (order.IsLookedAt) EndLiquidatedHit(order);
                else Leave(order, Reason.MarginCanceled, left);
            }
            TellLeft(left);
            return true;
        }
        if (StateFor(account) == MarginState.Healthy)
        {
            Move(account, MarginState.Healthy);
            return null;
        }
        if (ViewOf(account.Firm).Net < 0 || Choose(account.Firm) is not { } chosen) return TakeOver(account);
        if (account.State == MarginState.Stranded) Move(account, MarginState.Liquidating);
        return Enter(account, chosen.Instrument, chosen.Side, chosen.Ticks, chosen.Lots);
    }

    private (NaiveInstrument Instrument, Side Side, long Ticks, long Lots)? Choose(int firm)
    {
        var unit = Own(firm, _marginAssets[0].Asset);
        var others = _marginAssets.Skip(1).Where(known => Value(known.Asset, BigInteger.Abs(Own(firm, known.Asset)), isDebt: Own(firm, known.Asset) < 0) > 0).ToList();
        var debts = others.Where(known => Own(firm, known.Asset) < 0).OrderByDescending(known => Value(known.Asset, -Own(firm, known.Asset), isDebt: true)).ToList();
        var sales = others.Where(known => Own(firm, known.Asset) >= known.Instrument!.BaseAtoms(known.Instrument.Definition.MinLots))
            .OrderByDescending(known => Value(known.Asset, Own(firm, known.Asset), isDebt: false)).ToList();
        if (debts.Count > 0 && unit > 0)
        {
            var instrument = debts[0].Instrument!;
            var definition = instrument.Definition;
            var rule = _liquidations.GetValueOrDefault(instrument).Rule;
            var ticks = (long)new[] { (BigInteger)instrument.Index * (10_000 + rule.SlippageBps) / 10_000, instrument.Highest, definition.MaxPriceTicks }.Min();
            var owed = BigInteger.Max(CeilingOf(-Own(firm, debts[0].Asset), definition.LotAtoms), definition.MinLots);
            var (maker, taker) = RatesOf(firm, instrument);
            var lots = ticks < 1 ? 0 : new[] { owed, Slice(rule, definition), Affordable(instrument, ticks, unit, Math.Max(maker, taker)) }.Min();
            if (lots >= definition.MinLots) return (instrument, Side.Buy, ticks, (long)lots);
        }
        if (sales.Count > 0 && (unit < 0 || debts.Count > 0))
        {
            var instrument = sales[0].Instrument!;
            var definition = instrument.Definition;
            var rule = _liquidations.GetValueOrDefault(instrument).Rule;
            var ticks = (long)BigInteger.Min(BigInteger.Max(BigInteger.Max(1, CeilingOf((BigInteger)instrument.Index * (10_000 - rule.SlippageBps), 10_000)), instrument.Lowest), definition.MaxPriceTicks);
            var lots = BigInteger.Min(Own(firm, sales[0].Asset) / definition.LotAtoms, Slice(rule, definition));
            var (maker, taker) = RatesOf(firm, instrument);
            // What a lot brings after its fee, counted in millionths of an atom.
            var each = instrument.Notional(ticks, 1) * (1_000_000 - Math.Max(maker, taker));
            if (unit < 0) lots = BigInteger.Min(lots, BigInteger.Max(CeilingOf(BigInteger.Min(-unit, ValueMax) * 1_000_000, each), definition.MinLots));
            if (lots >= definition.MinLots) return (instrument, Side.Sell, ticks, (long)lots);
        }
        return null;
    }

    private static BigInteger Slice(DefineLiquidation rule, DefineInstrument definition) => Math.Clamp(rule.SliceLots, definition.MinLots, definition.MaxLots);

    private bool Enter(NaiveMargin account, NaiveInstrument instrument, Side side, long ticks, long lots)
    {
        var (rule, end, orders) = _liquidations.GetValueOrDefault(instrument);
        var isAuction = instrument.IsInAuction;
        if (rule.SliceLots == 0 || (instrument.Phase != Phase.Continuous && !isAuction) || Switches(account.Session, instrument.Definition.Instrument).Any(_kills.Contains)) return false;
        if (_command.TimeNs >= end) (end, orders) = (_command.TimeNs + rule.WindowNs, 0);
        var isFull = orders >= rule.OrdersMax;
        _liquidations[instrument] = (rule, end, isFull ? orders : orders + 1);
        if (isFull)
        {
            WakeAt(end);
            return false;
        }
        var before = Own(account.Firm, instrument.Paid(side));
        var asked = _command.Session;
        var attempt = 0;
        while (_used.ContainsKey((account.Session, Text40.From($"LIQUIDATION-{_command.Seq}-{attempt}")))) attempt++;
        (_command.Session, _isLiquidation) = (account.Session, true);
        New(new NewSpecialOrder
        {
            Order = new NewOrder
            {
                ClOrdID = Text40.From($"LIQUIDATION-{_command.Seq}-{attempt}"), Instrument = instrument.Definition.Instrument, Side = side, OrdType = OrdType.Limit,
                PriceTicks = ticks, Lots = lots, TimeInForce = isAuction ? TimeInForce.GoodTillCancel : TimeInForce.ImmediateOrCancel,
            },
        });
        (_command.Session, _isLiquidation) = (asked, false);
        if (isAuction) account.Auction = instrument;
        else if (before != Own(account.Firm, instrument.Paid(side)) || instrument.IsInAuction) return true;
        else WakeAt(_command.TimeNs + rule.WindowNs);
        return false;
    }

    private bool? TakeOver(NaiveMargin account)
    {
        _isFundExhausted |= _fund == 0 || _marginAssets.Any(known => Available(_fund, known.Asset) + Own(account.Firm, known.Asset) < 0);
        if (_isFundExhausted)
        {
            if (account.State != MarginState.Stranded) Move(account, MarginState.Stranded);
            return false;
        }
        foreach (var (asset, _, _) in _marginAssets) Transfer(account, _fund, asset, Own(account.Firm, asset), isInterest: false);
        Move(account, MarginState.Bankrupt);
        return null;
    }
}
