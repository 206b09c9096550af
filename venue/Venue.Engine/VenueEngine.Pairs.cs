using Venue.Messages;

namespace Venue.Engine;

/// <summary>Pairs of which one cancels the other: a limit order that rests and a stop order that waits. Together they hold what the dearer one needs.</summary>
public sealed partial class VenueEngine<TEvents>
{
    /// <summary>What an open order and its partner, if it has one, hold together, in atoms.</summary>
    private Int128 HoldOf(int slot, Instrument<Fills> instrument)
    {
        var own = HoldOf(in _orders[slot], instrument);
        var partner = _orders[slot].IsSpecial ? _specials[slot].Partner : 0;
        return partner == 0 ? own : Int128.Max(own, HoldOf(in _orders[partner], instrument));
    }

    /// <summary>The open order that ClOrdLinkID(583) names, if it can be the other one; 0 otherwise.</summary>
    private int PartnerFor(Instrument<Fills> instrument, in NewSpecialOrder c)
    {
        var slot = Find(c.Order.Header.Session, in c.LinkClOrdID, 0, instrument.Number, c.Order.Side);
        if (slot == 0 || !_orders[slot].IsOpen) return 0;
        var isStop = c.Order.OrdType is OrdType.Stop or OrdType.StopLimit;
        if (!_orders[slot].IsSpecial) return isStop ? slot : 0;
        ref var other = ref _specials[slot];
        if (other.Partner != 0) return 0;
        var canPair = isStop ? other.Place is Place.Lit or Place.Dark && other.OrdType == OrdType.Limit && !other.IsForAuction : other.IsStop;
        return canPair ? slot : 0;
    }

    /// <summary>What the pair's hold would have to grow by, for an order that is on its way.</summary>
    private Int128 HoldOfPair(Instrument<Fills> instrument, in NewOrder c, in Plan plan)
    {
        var own = instrument.Hold(c.Side, plan.Ticks, plan.Lots, RatesOf(FirmOf(c.Header.Session), instrument).HoldPpm);
        if (plan.Partner == 0) return own;
        var other = HoldOf(in _orders[plan.Partner], instrument);
        return Int128.Max(own, other) - other;
    }

    /// <summary>Makes two orders a pair; returns what their hold grows by.</summary>
    private Int128 Join(int slot, int partner, Instrument<Fills> instrument)
    {
        if (!_orders[partner].IsSpecial)
        {
            _specials[partner] = new SpecialOrder { Age = _seq, OrdType = OrdType.Limit, TimeInForce = TimeInForce.GoodTillCancel, Place = Place.Lit };
            _orders[partner].MakeSpecial();
        }
        var before = HoldOf(partner, instrument);
        (_specials[slot].Partner, _specials[partner].Partner) = (partner, slot);
        SetPlace(slot, instrument, _specials[slot].Place);
        SetPlace(partner, instrument, _specials[partner].Place);
        return HoldOf(slot, instrument) - before;
    }

    /// <summary>Parts an order that goes from its partner, which holds what it needs itself from now on.</summary>
    private void Split(int slot, Instrument<Fills> instrument)
    {
        var partner = _specials[slot].Partner;
        ref var order = ref _orders[slot];
        MoveHold(ref order, instrument, HoldOf(in order, instrument) + HoldOf(in _orders[partner], instrument) - HoldOf(slot, instrument));
        (_specials[slot].Partner, _specials[partner].Partner) = (0, 0);
        SetPlace(slot, instrument, _specials[slot].Place);
        SetPlace(partner, instrument, _specials[partner].Place);
    }

    /// <summary>An order is about to trade or was triggered: its partner gives up its place and its hold. Returns it, for <see cref="EndParted"/>; 0 for none.</summary>
    private int PartWith(int slot, Instrument<Fills> instrument)
    {
        var partner = _orders[slot].IsSpecial ? _specials[slot].Partner : 0;
        if (partner == 0) return 0;
        ref var order = ref _orders[partner];
        Lift(partner, instrument);
        Split(partner, instrument);
        MoveHold(ref order, instrument, -HoldOf(in order, instrument));
        return partner;
    }

    private void EndParted(int slot)
    {
        if (slot == 0) return;
        Finish(slot);
        Report(slot, ExecType.Canceled, Reason.Linked);
    }
}
