namespace LiquidityBridge.Exchanges.Binance;

/// <content>What the user data stream and the answers about orders say.</content>
internal sealed partial class BinanceOrders
{
    private void OnEvent(JsonNode told, long nowNs)
    {
        var kind = told["e"];
        if (kind.Is("executionReport")) OnExecution(told, nowNs);
        else if (kind.Is("outboundAccountPosition"))
        {
            foreach (var balance in told["B"]) OnBalance(balance["a"], balance["f"], nowNs);
        }
        else if (kind.Is("eventStreamTerminated"))
        {
            tally.Count(OutsideReason.Expired);
            SetUp(false, "the user data stream was ended", nowNs);
            _wantsClose = true;
        }
        else if (kind.Is("serverShutdown")) IsEnding = true;
    }

    private void OnExecution(JsonNode told, long nowNs)
    {
        if (!_markets.TryGetValue(told["s"].Text, out var market)) return;
        // user-data-stream.md: a cancel has a name of its own in c, and the order's in C.
        var clientId = told["C"].Text is { Length: > 0 } original ? original : told["c"].Text;
        switch (told["x"].Text)
        {
            case "NEW":
                Report(clientId, HedgeReportKind.Acknowledged, nowNs);
                break;
            case "REJECTED":
                Report(clientId, HedgeReportKind.Rejected, nowNs, text: told["r"].Text);
                break;
            case "TRADE":
                Fill(clientId, market.Instrument, told["t"], told["l"], told["L"], told["n"], told["N"], nowNs);
                break;
            case "CANCELED" or "EXPIRED" or "TRADE_PREVENTION":
                if (DecimalText.TryScaled(told["z"].Digits, market.Instrument.QuantityDecimals, out var cum)) Report(clientId, HedgeReportKind.Canceled, nowNs, cum, told["x"].Text);
                else tally.Count(OutsideReason.BadNumber, market.Instrument.Id);
                break;
        }
    }

    private void OnStatus(HedgeIntent intent, JsonNode order, long nowNs)
    {
        var (instrument, market) = MarketOf(intent);
        if (!DecimalText.TryScaled(order["executedQty"].Digits, instrument.QuantityDecimals, out var cum) || !order["orderId"].TryLong(out var orderId))
        {
            tally.Count(OutsideReason.BadNumber, instrument.Id);
            return;
        }
        var isOpen = order["status"].Text is "NEW" or "PARTIALLY_FILLED" or "PENDING_NEW" or "PENDING_CANCEL";
        if (cum == 0) Report(intent.ClientId, isOpen ? HedgeReportKind.Open : HedgeReportKind.Gone, nowNs);
        else Send(Ask.Trades, Secured(new BinanceRequest("myTrades").With("symbol", market.Symbol).With("orderId", orderId), nowNs), TradesWeight, nowNs, intent, cum, isOpen);
    }

    /// <summary>The fills first, then what the order's status was.</summary>
    private void OnTrades(Asked asked, JsonNode trades, long nowNs)
    {
        var instrument = MarketOf(asked.Intent!).Instrument;
        long sum = 0;
        foreach (var trade in trades)
        {
            Fill(asked.Intent!.ClientId, instrument, trade["id"], trade["qty"], trade["price"], trade["commission"], trade["commissionAsset"], nowNs);
            if (DecimalText.TryScaled(trade["qty"].Digits, instrument.QuantityDecimals, out var quantity)) sum += quantity;
        }
        // A trade can be missing from the list for a moment: then the question stays open.
        if (sum >= asked.Cum) Report(asked.Intent!.ClientId, asked.IsOpen ? HedgeReportKind.Open : HedgeReportKind.Gone, nowNs, asked.Cum);
    }

    private void Fill(string clientId, Instrument instrument, JsonNode tradeId, JsonNode lastQuantity, JsonNode lastPrice, JsonNode commission, JsonNode asset, long nowNs)
    {
        if (!DecimalText.TryScaled(lastQuantity.Digits, instrument.QuantityDecimals, out var quantity) || quantity <= 0
            || !DecimalText.TryScaled(lastPrice.Digits, instrument.PriceDecimals, out var price) || price <= 0
            || !tradeId.TryLong(out var id) || !DecimalText.TryAtoms(commission.Digits, Instrument.AmountDecimals, out var fee))
        {
            tally.Count(OutsideReason.BadNumber, instrument.Id);
            return;
        }
        var market = instrument.Markets.First(m => m.Exchange == exchange);
        inbox(new HedgeReport
        {
            NowNs = nowNs, Exchange = exchange, ClientId = clientId, Kind = HedgeReportKind.Filled,
            // Trade ids are counted by symbol.
            ExecId = $"{market.Symbol}-{id}", Quantity = quantity, Price = price,
        }.Paying(instrument, asset.Text, fee));
    }

    private void OnBalance(JsonNode asset, JsonNode free, long nowNs)
    {
        if (asset.Text is { Length: > 0 } code && DecimalText.TryAtoms(free.Digits, Instrument.AmountDecimals, out var atoms))
            inbox(new ExchangeBalance { NowNs = nowNs, Exchange = exchange, Asset = code, Atoms = atoms });
        else tally.Count(OutsideReason.BadNumber);
    }
}

/// <summary>Orders that one account may place: in each ten seconds, and in each day. Any thread.</summary>
internal sealed class BinanceOrderLimits
{
    /// <summary>rateLimits of exchangeInfo: ORDERS.</summary>
    public const int PerTenSeconds = 100, PerDay = 200_000;

    private readonly Lock _lock = new();
    private readonly WindowLimit _tenSeconds = new(PerTenSeconds, 10_000_000_000), _day = new(PerDay, 86_400_000_000_000);

    /// <summary>Takes one; false when that would be too many.</summary>
    public bool TryTake(long nowNs)
    {
        lock (_lock) return _tenSeconds.TryTake(1, nowNs) && _day.TryTake(1, nowNs);
    }

    /// <summary>What the exchange says was used.</summary>
    public void OnUsed(bool isDay, int count, long nowNs)
    {
        lock (_lock) (isDay ? _day : _tenSeconds).OnUsed(count, nowNs);
    }
}
