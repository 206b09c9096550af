using Venue.Messages;

namespace LiquidityBridge;

/// <summary>
/// What the house holds of one instrument from its fills in the venue and outside, and what it earned with it, first in
/// first out.
/// </summary>
/// <remarks>
/// A fill has a price and a reference: what the hedge was expected to cost when the quote was made. Outside, both are the
/// same. When a piece that was bought meets one that was sold, the difference of their prices is earned, and is the sum
/// of what the two gained on their references (markup) and of what the references moved (slippage). Whole numbers, no
/// division: the parts sum exactly.
/// </remarks>
public sealed class Inventory(Instrument instrument)
{
    private readonly Queue<Piece> _open = new();
    private Piece _first;           // the oldest piece; what is left of it
    private Int128 _baseFeeAtoms;   // paid in the base asset and less than one unit of the grid

    /// <summary>Net quantity, on the grid; negative when more was sold than bought.</summary>
    public long Position { get; private set; }

    /// <summary>Earned between prices and their references, in quote atoms.</summary>
    public Int128 MarkupAtoms { get; private set; }

    /// <summary>Earned, or lost when negative, between the references, in quote atoms.</summary>
    public Int128 SlippageAtoms { get; private set; }

    /// <summary>Paid to the venue and the exchanges in whatever asset, in quote atoms.</summary>
    public Int128 FeesAtoms { get; private set; }

    /// <summary>Part of <see cref="FeesAtoms"/> that was paid in assets that are neither of the market's own: a cost, and no cash of this instrument.</summary>
    public Int128 OtherFeesAtoms { get; private set; }

    /// <summary>Markup + slippage - fees, in quote atoms.</summary>
    public Int128 RealisedAtoms => MarkupAtoms + SlippageAtoms - FeesAtoms;

    /// <summary>All that was received for sales less all that was paid for purchases and fees, in quote atoms; without <see cref="OtherFeesAtoms"/>.</summary>
    public Int128 CashAtoms { get; private set; }

    /// <summary>Traded in the venue, both sides, on the grid.</summary>
    public long VenueQuantity { get; private set; }

    /// <summary>Traded outside, both sides, on the grid.</summary>
    public long HedgeQuantity { get; private set; }

    /// <summary>Books a fill of the venue.</summary>
    public void AddVenueFill(Side side, long quantity, long price, long reference, Int128 feeAtoms)
    {
        VenueQuantity += quantity;
        Add(side, quantity, price, reference, feeAtoms);
    }

    /// <summary>Books a fill of an exchange.</summary>
    /// <param name="side">What we did.</param>
    /// <param name="quantity">On the grid.</param>
    /// <param name="price">On the grid.</param>
    /// <param name="feeAtoms">Paid in the quote asset.</param>
    /// <param name="baseFeeAtoms">Paid in the base asset: it changes the position, and is worth the fill's price.</param>
    public void AddHedgeFill(Side side, long quantity, long price, Int128 feeAtoms, Int128 baseFeeAtoms = default)
    {
        HedgeQuantity += quantity;
        Add(side, quantity, price, price, feeAtoms);
        _baseFeeAtoms += baseFeeAtoms;
        var unit = instrument.BaseAtoms(1);
        var paid = (long)(_baseFeeAtoms / unit);
        if (paid == 0) return;
        _baseFeeAtoms -= paid * unit;
        // As if it had been sold at the fill's price to pay a fee of the same value: cash stays, the position falls.
        var value = instrument.Notional(price, paid);
        Add(paid > 0 ? Side.Sell : Side.Buy, Math.Abs(paid), price, price, value);
    }

    /// <summary>Books a fee that was paid in another asset, at what that was worth in quote atoms.</summary>
    public void AddOtherFee(Int128 valueAtoms)
    {
        FeesAtoms += valueAtoms;
        OtherFeesAtoms += valueAtoms;
    }

    /// <summary>Open pieces, oldest first.</summary>
    public IEnumerable<Piece> Pieces => Position == 0 ? [] : _open.Prepend(_first);

    /// <summary>The sums, for the journal.</summary>
    public InstrumentState State(long nowNs, long retrySeq, int retryAttempts, Side retrySide) => new()
    {
        NowNs = nowNs, Instrument = instrument.Id, MarkupAtoms = MarkupAtoms, SlippageAtoms = SlippageAtoms, FeesAtoms = FeesAtoms, OtherFeesAtoms = OtherFeesAtoms, CashAtoms = CashAtoms, BaseFeeAtoms = _baseFeeAtoms,
        VenueQuantity = VenueQuantity, HedgeQuantity = HedgeQuantity, RetrySeq = retrySeq, RetryAttempts = retryAttempts, RetrySide = retrySide,
    };

    /// <summary>The sums, from the journal.</summary>
    public void Restore(InstrumentState state) => (MarkupAtoms, SlippageAtoms, FeesAtoms, OtherFeesAtoms, CashAtoms, _baseFeeAtoms, VenueQuantity, HedgeQuantity) =
        (state.MarkupAtoms, state.SlippageAtoms, state.FeesAtoms, state.OtherFeesAtoms, state.CashAtoms, state.BaseFeeAtoms, state.VenueQuantity, state.HedgeQuantity);

    /// <summary>Open pieces, from the journal, behind those that are there.</summary>
    public void Restore(PiecesState state)
    {
        foreach (var piece in state.Pieces)
        {
            if (Position == 0) _first = piece;
            else _open.Enqueue(piece);
            Position += state.Side == Side.Buy ? piece.Quantity : -piece.Quantity;
        }
    }

    /// <summary>What the open pieces would earn at this price (times two, so that a mid price is whole), in quote atoms times two.</summary>
    public Int128 TwiceUnrealisedAtoms(long twicePrice)
    {
        if (Position == 0) return 0;
        Int128 sum = Unrealised(_first, twicePrice);
        foreach (var piece in _open) sum += Unrealised(piece, twicePrice);
        return Position > 0 ? sum : -sum;
    }

    private Int128 Unrealised(Piece piece, long twicePrice) => instrument.Notional(twicePrice, piece.Quantity) - 2 * instrument.Notional(piece.Price, piece.Quantity);

    private void Add(Side side, long quantity, long price, long reference, Int128 feeAtoms)
    {
        FeesAtoms += feeAtoms;
        var isBuy = side == Side.Buy;
        CashAtoms += (isBuy ? -instrument.Notional(price, quantity) : instrument.Notional(price, quantity)) - feeAtoms;
        while (quantity > 0 && Position != 0 && Position > 0 != isBuy)
        {
            var matched = Math.Min(quantity, _first.Quantity);
            var bought = isBuy ? new Piece(matched, price, reference) : _first;
            var sold = isBuy ? _first : new Piece(matched, price, reference);
            MarkupAtoms += instrument.Notional(sold.Price - sold.Reference, matched) + instrument.Notional(bought.Reference - bought.Price, matched);
            SlippageAtoms += instrument.Notional(sold.Reference - bought.Reference, matched);
            Position += isBuy ? matched : -matched;
            quantity -= matched;
            _first = _first with { Quantity = _first.Quantity - matched };
            if (_first.Quantity == 0) _first = _open.TryDequeue(out var next) ? next : default;
        }
        if (quantity == 0) return;
        var piece = new Piece(quantity, price, reference);
        if (Position == 0) _first = piece;
        else _open.Enqueue(piece);
        Position += isBuy ? quantity : -quantity;
    }
}
