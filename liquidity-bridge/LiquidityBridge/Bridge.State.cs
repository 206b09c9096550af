using System.Globalization;
using Venue.Messages;

namespace LiquidityBridge;

/// <content>Where all records had led, as records: what a journal that grew too long is written anew from.</content>
public sealed partial class Bridge
{
    private const int PiecesMax = 4096;   // of one record

    /// <summary>
    /// The state as records: folded into a core that knows nothing they give it again, to the last byte of this list.
    /// Only of a core that was never started, since only its state comes from records alone.
    /// </summary>
    public IReadOnlyList<Record> State()
    {
        if (_isStarted) throw new InvalidOperationException("A core that was started has more in it than its journal.");
        List<Record> state =
        [
            .. _venue.Definitions,
            new CountersState { NowNs = _foldedNs, FillSeq = _lastFill.Seq, FillIndex = _lastFill.Index, FillSide = _lastFill.Side, HedgeSeq = _hedges.LastSeq },
            new FeedPosition { NowNs = _loggedThroughNs, ThroughSeq = _loggedThrough },
            .. _switches.Engaged,
        ];
        foreach (var instrument in _options.Instruments)
        {
            var inventory = _inventories[instrument.Id];
            var (seq, attempts, side) = _hedges.RetryOf(instrument.Id);
            state.Add(inventory.State(_foldedNs, seq, attempts, side));
            foreach (var pieces in inventory.Pieces.Chunk(PiecesMax))
                state.Add(new PiecesState { NowNs = _foldedNs, Instrument = instrument.Id, Side = inventory.Position > 0 ? Side.Buy : Side.Sell, Pieces = pieces });
        }
        state.AddRange(_hedges.State(_foldedNs));
        foreach (var slot in _slots)
            foreach (var id in slot.Ids) state.Add(new QuoteSent { NowNs = _foldedNs, Instrument = slot.Instrument.Id, Side = slot.Side, ClOrdID = id });
        for (var exchange = 0; exchange < _health.Length; exchange++) state.Add(_health[exchange].State(exchange, _foldedNs));
        for (var id = 0; id < _books.Length; id++)
            foreach (var source in _books[id].Sources)
                if (source.CoolUntilNs > 0) state.Add(new MarketCooling { NowNs = _foldedNs, Instrument = id, Exchange = source.Market.Exchange, UntilNs = source.CoolUntilNs });
        foreach (var ((instrument, exchange, asset), fee) in _assetFees.All)
            state.Add(new FeeState { NowNs = _foldedNs, Instrument = instrument, Exchange = exchange, Asset = asset, PaidAtoms = fee.PaidAtoms, UnpricedAtoms = fee.UnpricedAtoms });
        return [new StateBegun { NowNs = _foldedNs, Records = state.Count, Exchanges = _options.Exchanges, Instruments = [.. _options.Instruments.Select(NameOf)] }, .. state];
    }

    private void Restore(Record record)
    {
        switch (record)
        {
            case StateBegun state: Check(state); break;
            case CountersState state:
                _lastFill = (state.FillSeq, state.FillIndex, state.FillSide);
                _hedges.Restore(state);
                break;
            case InstrumentState state:
                _inventories[state.Instrument].Restore(state);
                _hedges.Restore(state);
                break;
            case PiecesState state: _inventories[state.Instrument].Restore(state); break;
            case HedgeOrderState state: _hedges.Restore(state); break;
            case BookedState state: _hedges.Restore(state); break;
            case ExchangeFortune state: _health[state.Exchange].Restore(state); break;
            case MarketCooling state:
                if (_books[state.Instrument].Of(state.Exchange) is { } source) source.CoolUntilNs = state.UntilNs;
                break;
            case FeeState state: _assetFees.Set(state.Instrument, state.Exchange, state.Asset, new AssetFee(state.PaidAtoms, state.UnpricedAtoms)); break;
        }
    }

    // Orders and positions are kept by number: another exchange under an old number would be hedged at for its sake.
    private void Check(StateBegun state)
    {
        for (var exchange = 0; exchange < state.Exchanges.Count; exchange++)
            if (exchange >= _options.Exchanges.Count || _options.Exchanges[exchange] != state.Exchanges[exchange])
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The journal knows exchange {exchange + 1} as {state.Exchanges[exchange]}, and the configuration does not. New ones go behind the old ones; a disabled one stays in its place."));
        for (var id = 0; id < state.Instruments.Count; id++)
            if (id >= _options.Instruments.Count || NameOf(_options.Instruments[id]) != state.Instruments[id])
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The journal knows instrument {id + 1} as {state.Instruments[id]}, and the configuration does not. New ones go behind the old ones, and the decimals of its steps stay."));
    }

    private static string NameOf(Instrument i) => string.Create(CultureInfo.InvariantCulture, $"{i.Symbol} {i.BaseAsset}/{i.QuoteAsset}, {i.PriceDecimals} and {i.QuantityDecimals} decimals");
}
