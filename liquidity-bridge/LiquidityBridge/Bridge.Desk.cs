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
        [.. _options.Exchanges.Select((name, number) => new DeskExchange(name, _tradingUp[number], _switches.IsEngaged(KillLevel.Exchange, name),
            _hedges.Open.Count(o => o.Intent.Exchange == number && o.State == HedgeState.Unknown)))],
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

    private DeskInstrument DeskOf(Instrument instrument, long nowNs)
    {
        var inventory = _inventories[instrument.Id];
        return new DeskInstrument(
            instrument.Symbol, instrument.PriceDecimals, instrument.QuantityDecimals, inventory.Position, instrument.Hedging.Band,
            _hedges.PendingSigned(instrument.Id), _books[instrument.Id].TwiceMid(nowNs, _options.BookStaleNs), WhyNotQuoted(instrument, nowNs),
            DeskOf(SlotOf(instrument.Id, Side.Buy)), DeskOf(SlotOf(instrument.Id, Side.Sell)),
            [.. _books[instrument.Id].Sources.Select(s => new DeskBook(_options.Exchanges[s.Market.Exchange], s.StateAt(nowNs, _options.BookStaleNs),
                IsUsable(s, nowNs), nowNs - s.ProvenNs, s.Image?.Bids ?? [], s.Image?.Asks ?? []))],
            inventory.RealisedAtoms, inventory.MarkupAtoms, inventory.SlippageAtoms, inventory.FeesAtoms, inventory.VenueQuantity, inventory.HedgeQuantity);
    }

    private static DeskQuote DeskOf(QuoteSlot slot) => new(slot.State, slot.State == QuoteState.Empty ? 0 : slot.Price, slot.Leaves);

    private DeskHedge DeskOf(HedgeOrder order) => new(
        order.Intent.ClientId, _options.Instruments[order.Intent.Instrument].Symbol, _options.Exchanges[order.Intent.Exchange], order.Intent.Side,
        order.Intent.Quantity, order.Intent.Limit, order.Cum, order.State, order.Intent.Attempt, order.Intent.NowNs, order.ChangedNs);
}
