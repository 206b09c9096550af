using Venue.Messages;

namespace LiquidityBridge;

/// <content>What is hedged, and what became of it.</content>
public sealed partial class Bridge
{
    private const string FromStatus = "status:";   // ExecId of what was booked without a fill

    private void On(ExchangeTrading trading)
    {
        var wasUp = _tradingUp[trading.Exchange];
        _tradingUp[trading.Exchange] = trading.IsUp;
        if (wasUp == trading.IsUp) return;
        Say(trading.NowNs, trading.IsUp ? Severity.Info : Severity.Warning, trading.IsUp ? "exchange-up" : "exchange-down", $"{_options.Exchanges[trading.Exchange]}: {(trading.IsUp ? "orders can be sent" : trading.Reason)}");
        foreach (var order in _hedges.Open.ToArray())
        {
            if (order.Intent.Exchange != trading.Exchange) continue;
            if (!trading.IsUp) Lose(order, "disconnected", trading.NowNs);
            else order.AskedNs = 0;
        }
    }

    private void Apply(HedgeReport report)
    {
        if (_hedges.Find(report.ClientId) is not { } order || order.Intent.Exchange != report.Exchange)
        {
            Say(report.NowNs, Severity.Critical, "hedge-unknown-order", $"{_options.Exchanges[report.Exchange]} reports {report.Kind} of {report.ClientId}, which this bridge never sent");
            return;
        }
        switch (report.Kind)
        {
            case HedgeReportKind.Sent: Move(order, HedgeEvent.Sent, report); break;
            case HedgeReportKind.Acknowledged:
                if (!order.WasAcknowledged) _health[report.Exchange].OnTaken();
                Move(order, HedgeEvent.Acknowledged, report);
                break;
            case HedgeReportKind.Lost:
                _health[report.Exchange].Count(OutsideReason.OutcomeUnknown);
                Move(order, HedgeEvent.Lost, report);
                break;
            case HedgeReportKind.Rejected when order.Cum > 0:
                Move(order, HedgeEvent.Lost, report);
                Say(report.NowNs, Severity.Critical, "hedge-contradiction", $"{report.ClientId}: rejected ({report.Text}), and yet {order.Cum} was filled");
                break;
            case HedgeReportKind.Rejected:
                Move(order, HedgeEvent.Refused, report);
                if (_books[order.Intent.Instrument].Of(order.Intent.Exchange) is { } source) source.CoolUntilNs = report.NowNs + _options.RejectCoolDownNs;
                Say(report.NowNs, Severity.Warning, "hedge-rejected", $"{report.ClientId}: {report.Text}");
                if (_health[report.Exchange].OnReject(report.NowNs))
                    Say(report.NowNs, Severity.Critical, "exchange-suspended", $"{_options.Exchanges[report.Exchange]}: {_options.SuspendAfterRejects} orders refused in a row, not used for {_options.SuspendNs / 1_000_000_000} s");
                break;
            case HedgeReportKind.Filled: Trade(order, report); break;
            case HedgeReportKind.Open:
                if (report.Cum == order.Cum) Move(order, HedgeEvent.Acknowledged, report);
                else order.MissFills(report);
                break;
            case HedgeReportKind.Canceled:
            case HedgeReportKind.Gone when order.WasAcknowledged || report.NowNs - order.Intent.NowNs >= _options.GoneAfterNs:
                End(order, report);
                break;
        }
        _hedges.Settle(order);
        if (order.State.IsDone()) _recovered.Remove(report.ClientId);
    }

    private void Trade(HedgeOrder order, HedgeReport report)
    {
        if (!_hedges.TryBook(report.Exchange, report.ExecId))
        {
            _health[report.Exchange].Count(OutsideReason.FillRepeated);
            return;
        }
        var isFromStatus = report.ExecId.StartsWith(FromStatus, StringComparison.Ordinal);
        if (!isFromStatus && order.FromStatus >= report.Quantity)
        {
            order.FromStatus -= report.Quantity;
            Say(report.NowNs, Severity.Warning, "hedge-late-fill", $"{report.ClientId}: the fill {report.ExecId} came after it was booked from the order's status");
            return;
        }
        if (isFromStatus) order.FromStatus += report.Quantity;
        order.AddFill(report.Quantity, report.Price);
        // Booked whatever the order's state says: money moved.
        var (price, fee) = InOurs(order.Intent, report.Price, report.FeeAtoms);
        _inventories[order.Intent.Instrument].AddHedgeFill(order.Intent.Side, report.Quantity, price, fee, report.BaseFeeAtoms);
        if (report.FeeAsset.Length > 0) PayOtherFee(order.Intent, report);
        if (report.Text.Length > 0) Say(report.NowNs, Severity.Warning, "hedge-fee", $"{report.ClientId}: {report.Text}, and is not booked");
        if (order.Cum > order.Intent.Quantity)
            Say(report.NowNs, Severity.Critical, "hedge-overfilled", $"{report.ClientId}: {order.Cum} of {order.Intent.Quantity} traded");
        Move(order, order.Cum >= order.Intent.Quantity ? HedgeEvent.TradedAll : HedgeEvent.TradedPart, report);
    }

    /// <summary>The rate of now goes into the record, so that the journal gives the same again.</summary>
    private HedgeReport WithRate(HedgeReport report) =>
        _hedges.Find(report.ClientId) is { } order ? report with { FeeRatePpb = _rates.Ppb(report.FeeAsset, _options.Instruments[order.Intent.Instrument].QuoteAsset, report.NowNs) } : report;

    private void PayOtherFee(HedgeIntent intent, HedgeReport report)
    {
        var isPriced = report.FeeRatePpb > 0;
        _assetFees.Pay(intent.Instrument, report.Exchange, report.FeeAsset, report.AssetFeeAtoms, isPriced);
        if (isPriced) _inventories[intent.Instrument].AddOtherFee(Valued(report.AssetFeeAtoms, report.FeeRatePpb));
        else Say(report.NowNs, Severity.Warning, "hedge-fee", $"{report.ClientId}: its fee was paid in {report.FeeAsset}, which has no rate into {_options.Instruments[intent.Instrument].QuoteAsset} now; it is booked when there is one");
    }

    private void Apply(FeesPriced priced)
    {
        _assetFees.Price(priced.Instrument, priced.Exchange, priced.Asset, priced.Atoms);
        _inventories[priced.Instrument].AddOtherFee(Valued(priced.Atoms, priced.RatePpb));
    }

    /// <summary>Books fees that had no rate when they were paid, once they have one.</summary>
    private void PriceFees(long nowNs)
    {
        if (!_assetFees.HasUnpriced) return;
        foreach (var ((instrument, exchange, asset), fee) in _assetFees.All.ToArray())
        {
            if (fee.UnpricedAtoms == 0 || _rates.Ppb(asset, _options.Instruments[instrument].QuoteAsset, nowNs) is not (> 0 and var rate)) continue;
            Write(new FeesPriced { NowNs = nowNs, Instrument = instrument, Exchange = exchange, Asset = asset, Atoms = fee.UnpricedAtoms, RatePpb = rate });
        }
    }

    /// <summary>Rounded up, against us.</summary>
    private static Int128 Valued(Int128 atoms, long ratePpb)
    {
        var product = atoms * ratePpb;
        return product / Rates.Par + (product % Rates.Par > 0 ? 1 : 0);
    }

    /// <summary>Price and fee of a fill in the instrument's quote asset, rounded against us.</summary>
    private static (long Price, Int128 FeeAtoms) InOurs(HedgeIntent intent, long price, Int128 feeAtoms)
    {
        if (intent.RatePpb == Rates.Par) return (price, feeAtoms);
        return (OutsideBooks.Source.Converted(price, intent.RatePpb, roundUp: intent.Side == Side.Buy), Valued(feeAtoms, intent.RatePpb));
    }

    /// <summary>It is over, if what the exchange says was filled is what is booked. Otherwise fills are still to come, or somebody is wrong.</summary>
    private void End(HedgeOrder order, HedgeReport report)
    {
        if (report.Cum == order.Cum)
        {
            Move(order, HedgeEvent.Ended, report);
            return;
        }
        Move(order, HedgeEvent.Lost, report);
        order.MissFills(report);
        if (report.Cum < order.Cum)
            Say(report.NowNs, Severity.Critical, "hedge-contradiction", $"{report.ClientId}: {_options.Exchanges[report.Exchange]} says {report.Cum} was filled, its fills say {order.Cum}");
    }

    private void Move(HedgeOrder order, HedgeEvent on, HedgeReport report)
    {
        if (!order.Move(on, report.NowNs))
            Say(report.NowNs, Severity.Critical, "hedge-out-of-turn", $"{report.ClientId}: {on} while {order.State} ({report.Text})");
    }

    private void Lose(HedgeOrder order, string why, long nowNs) =>
        Write(new HedgeReport { NowNs = nowNs, Exchange = order.Intent.Exchange, ClientId = order.Intent.ClientId, Kind = HedgeReportKind.Lost, Text = why });

    /// <summary>Orders that are silent for too long become unknown; unknown ones are asked about.</summary>
    private void WatchHedges(long nowNs)
    {
        for (var i = _hedges.Open.Count - 1; i >= 0; i--)
        {
            var order = _hedges.Open[i];
            var isUp = _tradingUp[order.Intent.Exchange];
            if (order.State != HedgeState.Unknown)
            {
                if (nowNs - order.ChangedNs < _options.HedgeTimeoutNs) continue;
                // It should have ended by itself: it is immediate-or-cancel.
                if (order.State is HedgeState.Acknowledged or HedgeState.PartlyFilled && isUp) _outputs.Add(new CancelHedge(order.Intent));
                Lose(order, "no answer", nowNs);
            }
            if (isUp && nowNs - order.AskedNs >= _options.QueryRetryNs)
            {
                order.AskedNs = nowNs;
                _outputs.Add(new QueryHedge(order.Intent));
            }
            if (order.Missing is { } missing && missing.LastNs - missing.SinceNs >= _options.MissingFillsNs)
                BookFromStatus(order, missing, nowNs);
            if (nowNs - order.ChangedNs < _options.UnknownAlertNs || order.IsAlerted) continue;
            order.IsAlerted = true;
            Say(nowNs, Severity.Critical, "hedge-unknown", $"{order.Intent.ClientId} at {_options.Exchanges[order.Intent.Exchange]}: outcome unknown, {Math.Abs(order.PendingSigned)} units blocked");
        }
    }

    /// <summary>Books what the exchange counts and never told, at the price that its average implies, rounded against us, with the fee that its terms say. What is left of the order is settled by the next answer.</summary>
    private void BookFromStatus(HedgeOrder order, Missing missing, long nowNs)
    {
        var intent = order.Intent;
        var quantity = missing.Cum - order.Cum;
        var value = (Int128)missing.AveragePrice * missing.Cum - order.CumValue;
        var price = (long)Int128.Max(1, intent.Side == Side.Buy ? (value + quantity - 1) / quantity : value / quantity);
        var instrument = _options.Instruments[intent.Instrument];
        var market = instrument.Markets.First(m => m.Exchange == intent.Exchange);
        Say(nowNs, Severity.Warning, "hedge-from-status", $"{intent.ClientId}: {_options.Exchanges[intent.Exchange]} counts {missing.Cum} filled and told {order.Cum}; {quantity} at {price} are booked from the order's status");
        Write(new HedgeReport
        {
            NowNs = nowNs, Exchange = intent.Exchange, ClientId = intent.ClientId, Kind = HedgeReportKind.Filled, ExecId = $"{FromStatus}{intent.ClientId}-{missing.Cum}", Quantity = quantity, Price = price,
            FeeAtoms = (instrument.Notional(price, quantity) * market.TakerFeePpm + Million - 1) / Million,
        });
    }

    private void HedgeWhatIsDue(Instrument instrument, long nowNs)
    {
        var books = _books[instrument.Id];
        // Each turn adds an order, which counts as pending: the loop ends at the latest when no exchange has depth left.
        while (nowNs >= _pausedUntilNs[instrument.Id])
        {
            var net = _inventories[instrument.Id].Position + _hedges.PendingSigned(instrument.Id);
            if (Math.Abs(net) <= instrument.Hedging.Band) return;
            var side = net > 0 ? Side.Sell : Side.Buy;
            if (!_hedges.TryNext(instrument.Id, side, nowNs, out var clientId, out var seq, out var attempt))
            {
                _hedges.ForgetRetry(instrument.Id);
                _pausedUntilNs[instrument.Id] = nowNs + instrument.Hedging.PauseNs;
                Say(nowNs, Severity.Critical, "hedge-gave-up", $"{instrument}: {attempt - 1} attempts fell short, {net} units stay unhedged for {instrument.Hedging.PauseNs / 1_000_000_000} s");
                return;
            }
            var route = Router.Choose(instrument, books.Sources.Where(s => IsUsable(s, nowNs)), side, Math.Abs(net), attempt, nowNs, m => _hedges.PendingAt(instrument.Id, m.Exchange, side), (m, limit) => Affordable(instrument, m, side, limit));
            if (route is not { } r || !_hedgeRate.TryTake(nowNs)) return;
            var intent = new HedgeIntent
            {
                NowNs = nowNs, ClientId = clientId, Instrument = instrument.Id, Exchange = r.Market.Exchange,
                Side = side, Quantity = r.Quantity, Limit = r.Limit, RatePpb = r.RatePpb, Seq = seq, Attempt = attempt,
            };
            Write(intent);
            _outputs.Add(new SendHedge(intent));
        }
    }

    /// <summary>Most that what the house owns there pays for, after what its open orders could still take; no bound where the exchange does not say.</summary>
    private long Affordable(Instrument instrument, Market market, Side side, long limit)
    {
        if (!_health[market.Exchange].Balances.TryGetValue(side == Side.Buy ? market.QuoteAsset ?? instrument.QuoteAsset : instrument.BaseAsset, out var atoms)) return long.MaxValue;
        var perUnit = side == Side.Sell ? instrument.BaseAtoms(1) : instrument.Notional(limit, 1) + instrument.Notional(limit, 1) * market.TakerFeePpm / Million;
        var most = atoms / Int128.Max(1, perUnit) - _hedges.PendingAt(instrument.Id, market.Exchange, side);
        return (long)Int128.Clamp(most, 0, long.MaxValue);
    }

    /// <summary>True when a hedge can be sent there now and its book says what it would cost.</summary>
    private bool IsUsable(OutsideBooks.Source source, long nowNs) =>
        _tradingUp[source.Market.Exchange]
        && source.IsLive(nowNs, _options.BookStaleNs)
        && nowNs >= source.CoolUntilNs
        && nowNs >= _health[source.Market.Exchange].SuspendedUntilNs
        && !_hedges.IsUnknownAt(source.Market.Exchange)
        && !_switches.IsEngaged(KillLevel.Exchange, _options.Exchanges[source.Market.Exchange]);
}
