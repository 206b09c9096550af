namespace LiquidityBridge.Exchanges.CoinbaseFeed;

/// <summary>
/// Finds out over REST what became of one order: first the order itself, then its fills. Answers come in, the next path to
/// ask goes out; what is found is told as reports, the fills first. No socket inside.
/// </summary>
/// <remarks>
/// Documentation, "Get single order": by client:UUID as well, and an order that ended without a fill is purged, so that
/// 404 means that it is gone with nothing. A request is good for a few seconds only, so it cannot arrive any more once
/// the core's GoneAfterNs has passed.
/// </remarks>
internal sealed class FeedQuery
{
    private const int Page = 100;

    private readonly string _clientId;
    private readonly Instrument _instrument;
    private readonly int _exchange;
    private readonly Inbox _inbox;
    private readonly Tally _tally;
    private readonly bool _isDone;
    private readonly JsonFrame _frame = new();
    private readonly List<HedgeReport> _fills = [];   // newest first, as they come
    private HedgeReportKind _end;
    private bool _isFills;
    private long _cum, _found;

    /// <summary>About an order whose outcome is not known.</summary>
    public FeedQuery(HedgeIntent intent, Instrument instrument, Inbox inbox, Tally tally) : this(intent.ClientId, instrument, intent.Exchange, false, inbox, tally)
    {
        if (FeedId.ToUuid(intent.ClientId) is { } uuid) Path = $"/orders/client:{uuid}";
        else Report(HedgeReportKind.Gone, 0, intent.NowNs);   // it was never sent
    }

    private FeedQuery(string clientId, Instrument instrument, int exchange, bool isDone, Inbox inbox, Tally tally)
    {
        (_clientId, _instrument, _exchange, _isDone, _inbox, _tally) = (clientId, instrument, exchange, isDone, inbox, tally);
    }

    /// <summary>About an order that is done, as the user channel has told.</summary>
    public static FeedQuery Order(string clientId, string orderId, Instrument instrument, int exchange, Inbox inbox, Tally tally) =>
        new(clientId, instrument, exchange, true, inbox, tally) { Path = $"/orders/{orderId}" };

    /// <summary>What to ask next; null when it is settled, or cannot be settled now.</summary>
    public string? Path { get; private set; }

    /// <summary>The answer to <see cref="Path"/>.</summary>
    public void On(FeedAnswer answer, long nowNs)
    {
        var path = Path!;
        Path = null;
        if (!_isFills && answer.Status == 404) Report(_isDone ? HedgeReportKind.Canceled : HedgeReportKind.Gone, 0, nowNs);
        else if (!answer.IsGood) _tally.Count(answer.Status == 429 ? OutsideReason.RateLimited : OutsideReason.Refused);
        else if (!(_isFills ? _frame.TryReadList(answer.Body, out var fault) : _frame.TryRead(answer.Body, out fault))) _tally.Count(fault);
        else if (_isFills) OnFills(_frame.Root, path, answer.After, nowNs);
        else OnOrder(_frame.Root, nowNs);
    }

    private void OnOrder(JsonNode order, long nowNs)
    {
        var (id, status) = (order["id"].Text, order["status"].Text);
        if (id.Length == 0 || status is not ("received" or "pending" or "open" or "active" or "done" or "settled" or "rejected")) _tally.Count(OutsideReason.Malformed);
        else if (!DecimalText.TryScaled(order["filled_size"].Digits, _instrument.QuantityDecimals, out _cum) || _cum < 0) _tally.Count(OutsideReason.BadNumber, _instrument.Id);
        else
        {
            var isOver = status is "done" or "settled" or "rejected";
            _end = _isDone && isOver ? HedgeReportKind.Canceled : isOver ? HedgeReportKind.Gone : HedgeReportKind.Open;
            _isFills = _cum > 0;
            if (_cum == 0) Report(_end, 0, nowNs);
            else Path = $"/fills?order_id={id}&limit={Page}";
        }
    }

    private void OnFills(JsonNode fills, string path, string after, long nowNs)
    {
        foreach (var fill in fills)
        {
            if (!DecimalText.TryScaled(fill["size"].Digits, _instrument.QuantityDecimals, out var quantity) || quantity <= 0
                || !DecimalText.TryScaled(fill["price"].Digits, _instrument.PriceDecimals, out var price) || price <= 0
                || !DecimalText.TryAtoms(fill["fee"].Digits, Instrument.AmountDecimals, out var fee) || !fill["trade_id"].TryLong(out var tradeId))
            {
                _tally.Count(OutsideReason.BadNumber, _instrument.Id);
                continue;
            }
            _found += quantity;
            _fills.Add(new HedgeReport
            {
                // Both sides of a trade have its trade_id, which counts within a product. Fees are in the quote currency.
                NowNs = nowNs, Exchange = _exchange, ClientId = _clientId, Kind = HedgeReportKind.Filled, ExecId = $"{fill["product_id"].Text}/{tradeId}/{fill["order_id"].Text}", Quantity = quantity, Price = price, FeeAtoms = fee,
            });
        }
        if (_found < _cum && after.Length > 0)
        {
            Path = $"{path.Split("&after=")[0]}&after={Uri.EscapeDataString(after)}";
            return;
        }
        for (var n = _fills.Count - 1; n >= 0; n--) _inbox(_fills[n]);
        // Fewer than the order says: they are not all there yet, and the core asks again.
        if (_found >= _cum) Report(_end, _found, nowNs);
    }

    private void Report(HedgeReportKind kind, long cum, long nowNs) =>
        _inbox(new HedgeReport { NowNs = nowNs, Exchange = _exchange, ClientId = _clientId, Kind = kind, Cum = cum });
}
