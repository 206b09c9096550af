using System.Globalization;
using System.Numerics;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Busts and corrections: a trade's money is moved back, and moved again for what it should have been.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private readonly HashSet<(int Instrument, long TradeID)> _corrected = [];

    private void On(in CorrectTrade c)
    {
        var instrument = InstrumentOf(c.Instrument);
        var reason = _corrected.Contains((c.Instrument, c.TradeID)) ? Reason.AlreadyEnded
            : instrument is null || !IsSound(in c, instrument) ? Reason.Contradiction
            : Reason.None;
        var (buyFee, sellFee) = (NewFee(in c, c.BuyFee), NewFee(in c, c.SellFee));
        if (reason == Reason.None && !TryMove(in c, instrument!, buyFee, sellFee)) reason = Reason.AmountOutOfRange;
        if (reason != Reason.None)
        {
            Refuse(in c.Header, reason);
            return;
        }
        _corrected.Add((c.Instrument, c.TradeID));
        NoteChange(FirmOf(c.BuySession));
        NoteChange(FirmOf(c.SellSession));
        Amend(in c, c.BuyOrderID);
        Amend(in c, c.SellOrderID);
        BookCorrection(in c, instrument!, FirmOf(c.BuySession), 1, c.BuyFee.Atoms, buyFee);
        BookCorrection(in c, instrument!, FirmOf(c.SellSession), -1, c.SellFee.Atoms, sellFee);
        ReportCorrection(in c, c.BuyOrderID, c.BuySession, c.BuyIndex, Side.Buy, c.NewLots == 0 ? -c.BuyFee.Atoms : buyFee);
        ReportCorrection(in c, c.SellOrderID, c.SellSession, c.SellIndex, Side.Sell, c.NewLots == 0 ? -c.SellFee.Atoms : sellFee);
        TellDone(in c);
    }

    /// <summary>True when such a trade can have been, and what is known of its orders does not speak against it.</summary>
    private bool IsSound(in CorrectTrade c, Instrument<Fills> instrument)
    {
        if (c.TradeID < 1 || c.TradeID > instrument.LastTradeID || c.TradeSeq < 1 || c.TradeSeq >= _seq || c.BuyIndex < 0 || c.SellIndex < 0) return false;
        if (FirmOf(c.BuySession) == 0 || FirmOf(c.SellSession) == 0) return false;
        if (c.Lots < 1 || c.Lots > instrument.LotsEver || c.PriceTicks < 1 || c.PriceTicks > instrument.TicksEver) return false;
        if (c.NewLots < 0 || c.NewLots > c.Lots || (c.NewLots == 0 ? c.NewPriceTicks != 0 : c.NewPriceTicks < 1 || c.NewPriceTicks > instrument.TicksEver)) return false;
        var most = Money.Notional(c.PriceTicks, c.Lots, instrument.Definition.TickLotAtoms);
        foreach (var fee in (ReadOnlySpan<Amount>)[c.BuyFee, c.SellFee])
            if (fee.Atoms > most || fee.Atoms < -most) return false;
        return c.BuyFee.Atoms + c.SellFee.Atoms >= 0 && Fits(in c, c.BuyOrderID, c.BuySession, Side.Buy) && Fits(in c, c.SellOrderID, c.SellSession, Side.Sell);
    }

    private bool Fits(in CorrectTrade c, long orderID, int session, Side side)
    {
        var slot = KnownSlot(orderID);
        if (slot == 0) return true;
        ref var order = ref _orders[slot];
        return order.Instrument == c.Instrument && order.Side == side && SessionOf(slot) == session && order.CumLots >= c.Lots
            && order.CumTickLots >= Math.BigMul((ulong)c.PriceTicks, (ulong)c.Lots);
    }

    /// <summary>The slot that still has this order; 0 when it was needed for another.</summary>
    private int KnownSlot(long orderID)
    {
        var slot = (int)(uint)orderID;
        return slot >= 1 && slot <= _orders.Used && _orders.OrderIDOf(slot) == orderID ? slot : 0;
    }

    /// <summary>What a side pays for the corrected trade: in proportion to the notional, rounded down.</summary>
    private static Int128 NewFee(in CorrectTrade c, Amount fee)
    {
        if (c.NewLots <= 0 || c.Lots <= 0 || c.PriceTicks <= 0) return 0;
        return (Int128)((BigInteger)fee.Atoms * c.NewPriceTicks * c.NewLots / ((BigInteger)c.PriceTicks * c.Lots));
    }

    /// <summary>Moves the difference between what was and what should have been; false, and nothing is moved, when a balance does not cover it.</summary>
    private bool TryMove(in CorrectTrade c, Instrument<Fills> instrument, Int128 buyFee, Int128 sellFee)
    {
        ref var definition = ref instrument.Definition;
        var notional = c.NewLots == 0 ? 0 : Money.Notional(c.NewPriceTicks, c.NewLots, definition.TickLotAtoms);
        var more = notional - Money.Notional(c.PriceTicks, c.Lots, definition.TickLotAtoms);
        var moreBase = Money.BaseAtoms(c.NewLots, definition.LotAtoms) - Money.BaseAtoms(c.Lots, definition.LotAtoms);
        var (buyMore, sellMore) = (buyFee - c.BuyFee.Atoms, sellFee - c.SellFee.Atoms);
        ReadOnlySpan<(int Firm, int Asset, Int128 Atoms)> moves =
        [
            (FirmOf(c.BuySession), definition.QuoteAsset, -more - buyMore), (FirmOf(c.BuySession), definition.BaseAsset, moreBase),
            (FirmOf(c.SellSession), definition.QuoteAsset, more - sellMore), (FirmOf(c.SellSession), definition.BaseAsset, -moreBase),
            (0, definition.QuoteAsset, buyMore + sellMore),
        ];
        foreach (var (firm, asset, atoms) in moves) _balances.Of(firm, asset).Available += atoms;
        var isCovered = true;
        foreach (var (firm, asset, _) in moves) isCovered &= _balances.Of(firm, asset).Available >= 0;
        if (isCovered) return true;
        foreach (var (firm, asset, atoms) in moves) _balances.Of(firm, asset).Available -= atoms;
        return false;
    }

    /// <summary>What an order has traded becomes less or dearer. What is left of an open one stays, so its OrderQty goes down with it.</summary>
    private void Amend(in CorrectTrade c, long orderID)
    {
        var slot = KnownSlot(orderID);
        if (slot == 0) return;
        ref var order = ref _orders[slot];
        var less = c.Lots - c.NewLots;
        if (order.IsOpen) order.Lots -= less;
        order.CumLots -= less;
        order.SetTickLots(order.CumTickLots - Math.BigMul((ulong)c.PriceTicks, (ulong)c.Lots) + Math.BigMul((ulong)c.NewPriceTicks, (ulong)c.NewLots));
    }

    /// <summary>The opposite of the trade at its price, then the trade that should have been.</summary>
    private void BookCorrection(in CorrectTrade c, Instrument<Fills> instrument, int firm, int sign, Int128 feeAtoms, Int128 newFeeAtoms)
    {
        if (!_positions.Keeps(firm)) return;
        var tickLotAtoms = instrument.Definition.TickLotAtoms;
        _positions.Book(firm, instrument.Number, -sign * c.Lots, c.PriceTicks, tickLotAtoms, -feeAtoms);
        if (c.NewLots > 0) _positions.Book(firm, instrument.Number, sign * c.NewLots, c.NewPriceTicks, tickLotAtoms, newFeeAtoms);
    }

    private void ReportCorrection(in CorrectTrade c, long orderID, int session, int index, Side side, Int128 fee)
    {
        var slot = KnownSlot(orderID);
        var execType = c.NewLots == 0 ? ExecType.TradeCancel : ExecType.TradeCorrect;
        ref var e = ref slot != 0 ? ref BeginReport(slot, execType, Reason.Corrected) : ref BeginReport(session, c.Instrument);
        if (slot == 0)
        {
            // The order was forgotten: what it had beside this trade is not known any more.
            (e.OrderID, e.Side, e.OrdType, e.ExecType, e.OrdStatus, e.Reason) = (orderID, side, OrdType.Limit, execType, OrdStatus.Canceled, Reason.Corrected);
        }
        // ExecRefID(19): the report that this one undoes.
        e.OrigClOrdID = Text40.From(string.Create(CultureInfo.InvariantCulture, $"{c.TradeSeq}-{index}"));
        e.LastLots = c.NewLots == 0 ? c.Lots : c.NewLots;
        e.LastTicks = c.NewLots == 0 ? c.PriceTicks : c.NewPriceTicks;
        e.Fee = new Amount(fee);
        e.TradeID = c.TradeID;
        _events.On(in e);
    }
}
