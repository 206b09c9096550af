using System.Globalization;

namespace LiquidityBridge.Exchanges.Kraken;

/// <content>What the executions and balances channels say.</content>
internal sealed partial class KrakenOrders
{
    private void OnExecutions(JsonNode root, long nowNs)
    {
        if (!root["sequence"].TryLong(out var sequence)) return;
        var isSnapshot = root["type"].Is("snapshot");
        if (!isSnapshot && sequence != _nextSequence)
        {
            // A message is missing: what was told is still true, what was not told is in the next snapshot.
            tally.Count(OutsideReason.Gap);
            SetUp(false, $"executions: sequence {sequence} instead of {_nextSequence}", nowNs);
            _nextSequence = sequence + 1;
            _isSnapshotComing = false;
            AskSnapshot(nowNs);
            return;
        }
        _nextSequence = sequence + 1;
        if (isSnapshot) OnSnapshot(root["data"], nowNs);
        else foreach (var execution in root["data"]) OnExecution(execution, nowNs);
    }

    private void OnSnapshot(JsonNode data, long nowNs)
    {
        _isSnapshotComing = false;
        var tradesCount = 0;
        var oldestNs = long.MaxValue;
        foreach (var trade in data)
        {
            if (trade["exec_id"].Text.Length == 0) continue;
            tradesCount++;
            oldestNs = Math.Min(oldestNs, TimeNs(trade["timestamp"]) - _aheadNs);
        }
        foreach (var intent in _asked.Values.ToList())
        {
            var (instrument, _) = MarketOf(intent);
            long cum = 0;
            var open = default(JsonNode);
            foreach (var execution in data)
            {
                if (!execution["cl_ord_id"].Is(intent.ClientId)) continue;
                if (execution["exec_id"].Text.Length == 0)
                {
                    open = execution;
                    continue;
                }
                Fill(execution, nowNs);
                if (DecimalText.TryScaled(execution["last_qty"].Digits, instrument.QuantityDecimals, out var quantity)) cum += quantity;
            }
            if (open.IsObject)
            {
                if (DecimalText.TryScaled(open["cum_qty"].Digits, instrument.QuantityDecimals, out var openCum)) Report(intent.ClientId, HedgeReportKind.Open, nowNs, cum: openCum);
            }
            else if (tradesCount < SnapshotTrades || oldestNs < intent.NowNs - ClockMarginNs)
            {
                Report(intent.ClientId, HedgeReportKind.Gone, nowNs, cum: cum);
            }
        }
        _asked.Clear();
        SetUp(true, "", nowNs);
    }

    private void OnExecution(JsonNode execution, long nowNs)
    {
        var clientId = execution["cl_ord_id"].Text;
        switch (execution["exec_type"].Text)
        {
            case "new" when clientId.Length > 0:
                Report(clientId, HedgeReportKind.Acknowledged, nowNs);
                break;
            case "trade":
                Fill(execution, nowNs);
                break;
            // docs.kraken.com, "Executions": the end is an event of its own, after the last trade.
            case "filled" or "canceled" or "expired" when clientId.Length > 0:
                if (TryCum(execution, clientId, out var cum)) Report(clientId, HedgeReportKind.Canceled, nowNs, cum: cum, text: execution["reason"].Text);
                break;
        }
    }

    /// <summary>cum_qty on the grid of the order's instrument. Such a message need not name the symbol: the id's first part does.</summary>
    private bool TryCum(JsonNode execution, string clientId, out long cum)
    {
        cum = 0;
        var dash = clientId.IndexOf('-');
        if (dash <= 0 || !int.TryParse(clientId.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > instruments.Count) return false;
        if (DecimalText.TryScaled(execution["cum_qty"].Digits, instruments[number - 1].QuantityDecimals, out cum) && cum >= 0) return true;
        tally.Count(OutsideReason.BadNumber, instruments[number - 1].Id);
        return false;
    }

    private void Fill(JsonNode trade, long nowNs)
    {
        if (!_markets.TryGetValue(trade["symbol"].Text, out var market)) return;
        var (instrument, _) = market;
        var clientId = trade["cl_ord_id"].Text;
        if (!DecimalText.TryScaled(trade["last_qty"].Digits, instrument.QuantityDecimals, out var quantity) || quantity <= 0
            || !DecimalText.TryScaled(trade["last_price"].Digits, instrument.PriceDecimals, out var price) || price <= 0)
        {
            tally.Count(OutsideReason.BadNumber, instrument.Id);
            return;
        }
        var fill = new HedgeReport
        {
            NowNs = nowNs, Exchange = exchange, ClientId = clientId.Length > 0 ? clientId : trade["order_id"].Text, Kind = HedgeReportKind.Filled,
            ExecId = trade["exec_id"].Text, Quantity = quantity, Price = price,
        };
        foreach (var fee in trade["fees"])
        {
            if (DecimalText.TryAtoms(fee["qty"].Digits, Instrument.AmountDecimals, out var atoms)) fill = fill.Paying(instrument, fee["asset"].Text, atoms);
            else tally.Count(OutsideReason.BadNumber, instrument.Id);
        }
        inbox(fill);
    }

    /// <summary>What we own there, in a snapshot and then after each change.</summary>
    private void OnBalances(JsonNode root, long nowNs)
    {
        if (root["sequence"].TryLong(out var sequence))
        {
            // A total that was missed comes with the asset's next change; until then the desk is told an old one, which is counted.
            if (!root["type"].Is("snapshot") && sequence != _nextBalance) tally.Count(OutsideReason.Gap);
            _nextBalance = sequence + 1;
        }
        foreach (var data in root["data"])
        {
            if (data["asset"].Text is { Length: > 0 } asset && DecimalText.TryAtoms(data["balance"].Digits, Instrument.AmountDecimals, out var atoms))
                inbox(new ExchangeBalance { NowNs = nowNs, Exchange = exchange, Asset = asset, Atoms = atoms });
            else tally.Count(OutsideReason.BadNumber);
        }
    }

    /// <summary>RFC 3339 in nanoseconds since 1970 UTC; 0 when it is absent or malformed.</summary>
    private static long TimeNs(JsonNode text) =>
        DateTimeOffset.TryParse(text.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? (time.UtcTicks - DateTime.UnixEpoch.Ticks) * 100 : 0;
}
