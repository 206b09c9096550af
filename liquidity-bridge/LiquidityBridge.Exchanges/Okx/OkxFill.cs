namespace LiquidityBridge.Exchanges.Okx;

/// <summary>Reads a fill, from a push of the orders channel or from GET /trade/fills: the same fill has the same identifier in both.</summary>
internal static class OkxFill
{
    /// <summary>The report; null when a number is not what it must be, which is counted.</summary>
    /// <param name="fill">Has instId, ordId, tradeId, fillSz, fillPx.</param>
    /// <param name="feeName">Member with the fee: negative for a charge.</param>
    /// <param name="clientId">Our id of the order; its ordId when it is not ours.</param>
    public static HedgeReport? Read(JsonNode fill, string feeName, string clientId, Instrument instrument, int exchange, Tally tally, long nowNs)
    {
        if (!DecimalText.TryScaled(fill["fillSz"].Digits, instrument.QuantityDecimals, out var quantity) || quantity <= 0
            || !DecimalText.TryScaled(fill["fillPx"].Digits, instrument.PriceDecimals, out var price) || price <= 0
            || !DecimalText.TryAtoms(fill[feeName].Digits, Instrument.AmountDecimals, out var fee))
        {
            tally.Count(OutsideReason.BadNumber, instrument.Id);
            return null;
        }
        return new HedgeReport
        {
            NowNs = nowNs, Exchange = exchange, Kind = HedgeReportKind.Filled, ClientId = clientId,
            // docs-v5: a tradeId is unique within its instrument, and both sides of a trade have it.
            ExecId = $"{fill["instId"].Text}/{fill["tradeId"].Text}/{fill["ordId"].Text}",
            Quantity = quantity, Price = price,
        }.Paying(instrument, fill[feeName + "Ccy"].Text, -fee);
    }
}
