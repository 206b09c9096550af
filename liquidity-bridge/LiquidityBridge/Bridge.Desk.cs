using Venue.Messages;

namespace LiquidityBridge;

/// <content>The desk's view.</content>
public sealed partial class Bridge
{
    /// <summary>Everything that the risk desk looks at.</summary>
    /// <param name="nowNs">The time.</param>
    /// <param name="alerts">The last alerts, newest first; the core does not keep them.</param>
    public DeskState Snapshot(long nowNs, IReadOnlyList<Alert> alerts) => new(
        nowNs, _venueUp, _feedUp, _feedThrough,
        [.. _options.Limits.Select(l => new DeskAsset(l.Asset, NetAtoms(l.Asset), ValueAtoms(l.Asset, nowNs), l.SoftAtoms, l.HardAtoms))],
        [.. _options.Instruments.Select(i => DeskOf(i, nowNs))],
        [.. _options.Exchanges.Select((name, number) => DeskOf(name, number, nowNs))],
        [.. _hedges.Open.Concat(_hedges.Recent.Reverse()).Select(DeskOf)],
        [.. _switches.Engaged],
        TwiceProfitAtoms(nowNs) / 2, _drawdown.Atoms, _options.DrawdownMaxAtoms, alerts);

    private Int128? ValueAtoms(string asset, long nowNs)
    {
        Int128 sum = 0;
        foreach (var instrument in _options.Instruments)
        {
            var position = _inventories[instrument.Id].Position;
            if (instrument.BaseAsset != asset || position == 0) continue;
            var twiceMid = _books[instrument.Id].TwiceMid(nowNs, _options.BookStaleNs);
            if (twiceMid == 0) return null;
            sum += instrument.Notional(twiceMid, position) / 2;
        }
        return sum;
    }

    private DeskExchange DeskOf(string name, int number, long nowNs)
    {
        var unknown = _hedges.Open.Count(o => o.Intent.Exchange == number && o.State == HedgeState.Unknown);
        var isKilled = _switches.IsEngaged(KillLevel.Exchange, name);
        var books = _books.Select(b => b.Of(number)?.StateAt(nowNs, _options.BookStaleNs)).OfType<BookState>().ToList();
        return new DeskExchange(name, _health[number].StateAt(nowNs, books, _tradingUp[number], isKilled, unknown > 0), _tradingUp[number], isKilled, unknown,
            _health[number].Counts(-1), [.. _health[number].Balances.Select(b => (b.Key, b.Value))]);
    }

    private DeskInstrument DeskOf(Instrument instrument, long nowNs)
    {
        var inventory = _inventories[instrument.Id];
        return new DeskInstrument(
            instrument.Symbol, instrument.PriceDecimals, instrument.QuantityDecimals, inventory.Position, instrument.Hedging.Band,
            _hedges.PendingSigned(instrument.Id), _books[instrument.Id].TwiceMid(nowNs, _options.BookStaleNs), WhyNotQuoted(instrument, nowNs),
            DeskOf(SlotOf(instrument.Id, Side.Buy)), DeskOf(SlotOf(instrument.Id, Side.Sell)),
            [.. _books[instrument.Id].Sources.Select(s => DeskOf(s, instrument.Id, nowNs))],
            inventory.RealisedAtoms, inventory.MarkupAtoms, inventory.SlippageAtoms, inventory.FeesAtoms, inventory.VenueQuantity, inventory.HedgeQuantity,
            [.. _assetFees.All.Where(f => f.Key.Instrument == instrument.Id).Select(f => new DeskFee(_options.Exchanges[f.Key.Exchange], f.Key.Asset, f.Value.PaidAtoms, f.Value.UnpricedAtoms))]);
    }

    private DeskBook DeskOf(OutsideBooks.Source source, int instrument, long nowNs)
    {
        var state = source.StateAt(nowNs, _options.BookStaleNs);
        var why = state == BookState.Live ? OutsideReason.None : state == BookState.Stale ? OutsideReason.Stale : source.Image?.Why ?? OutsideReason.None;
        var counts = _health[source.Market.Exchange].Counts(instrument);
        if (source.Stales > 0) counts = [.. counts, new ReasonCount(instrument, OutsideReason.Stale, source.Stales)];
        // Copies: an image is written anew once a newer one took its place.
        return new DeskBook(_options.Exchanges[source.Market.Exchange], state, why, IsUsable(source, nowNs), nowNs - source.ProvenNs,
            [.. source.Image?.Bids ?? []], [.. source.Image?.Asks ?? []], counts, source.LastTrade?.Price ?? 0);
    }

    private static DeskQuote DeskOf(QuoteSlot slot) => new(slot.State, slot.State == QuoteState.Empty ? 0 : slot.Price, slot.Leaves);

    private DeskHedge DeskOf(HedgeOrder order) => new(
        order.Intent.ClientId, _options.Instruments[order.Intent.Instrument].Symbol, _options.Exchanges[order.Intent.Exchange], order.Intent.Side,
        order.Intent.Quantity, order.Intent.Limit, order.Cum, order.State, order.Intent.Attempt, order.Intent.NowNs, order.ChangedNs);
}
