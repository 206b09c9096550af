using System.Globalization;

namespace LiquidityBridge.Exchanges.Coinbase;

/// <summary>
/// Finds out over REST what became of one order, or which fills it has: first the order, among those since it was sent or
/// by its id, then each fill. Answers come in, the next path to ask goes out; what is found is told as reports, the fills
/// first. No socket inside.
/// </summary>
/// <remarks>
/// Coinbase finds no order by the client's id, so the list of orders since then is read until the id turns up. One that is
/// not in it is gone with nothing: the token of its request was good for a few seconds only, so it cannot arrive any more
/// once the core's GoneAfterNs has passed.
/// </remarks>
internal sealed class CoinbaseQuery
{
    private const long ClockMarginNs = 60_000_000_000;
    private const string Batch = CoinbaseRest.Root + "orders/historical/batch?limit=100&product_ids=", FillsPath = CoinbaseRest.Root + "orders/historical/fills?limit=100&order_ids=";

    private readonly string _clientId;
    private readonly Instrument _instrument;
    private readonly int _exchange;
    private readonly Inbox _inbox;
    private readonly Tally _tally;
    private readonly JsonFrame _frame = new();
    private readonly string _first;
    private readonly List<HedgeReport> _fills = [];   // newest first, as they come
    private HedgeReportKind _end = HedgeReportKind.Gone;
    private bool _isFills;
    private long _cum, _found;

    /// <summary>About an order whose outcome is not known.</summary>
    /// <param name="intent">The order.</param>
    /// <param name="instrument">What it trades.</param>
    /// <param name="inbox">Where reports go.</param>
    /// <param name="tally">Counts what goes wrong.</param>
    /// <param name="aheadNs">How far Coinbase's clock is ahead of ours: the list is read from the earlier of both on.</param>
    public CoinbaseQuery(HedgeIntent intent, Instrument instrument, Inbox inbox, Tally tally, long aheadNs) : this(intent.ClientId, instrument, intent.Exchange, inbox, tally)
    {
        var symbol = instrument.Markets.First(m => m.Exchange == intent.Exchange).Symbol;
        var since = DateTime.UnixEpoch.AddTicks((intent.NowNs + Math.Min(0, aheadNs) - ClockMarginNs) / 100).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        Path = _first = $"{Batch}{symbol}&start_date={since}";
    }

    private CoinbaseQuery(string clientId, Instrument instrument, int exchange, Inbox inbox, Tally tally)
    {
        (_clientId, _instrument, _exchange, _inbox, _tally, _first) = (clientId, instrument, exchange, inbox, tally, "");
    }

    /// <summary>About the fills of an order that is over, as the user channel has told.</summary>
    /// <param name="clientId">Our id.</param>
    /// <param name="orderId">Coinbase's.</param>
    /// <param name="cum">All that was filled, on the grid.</param>
    /// <param name="instrument">What it trades.</param>
    /// <param name="exchange">Number of the exchange.</param>
    /// <param name="inbox">Where reports go.</param>
    /// <param name="tally">Counts what goes wrong.</param>
    public static CoinbaseQuery Fills(string clientId, string orderId, long cum, Instrument instrument, int exchange, Inbox inbox, Tally tally) =>
        new(clientId, instrument, exchange, inbox, tally) { _isFills = true, _end = HedgeReportKind.Canceled, _cum = cum, Path = FillsPath + orderId };

    /// <summary>What to ask next; null when it is settled, or cannot be settled now.</summary>
    public string? Path { get; private set; }

    /// <summary>The answer to <see cref="Path"/>.</summary>
    public void On(CoinbaseAnswer answer, long nowNs)
    {
        var path = Path;
        Path = null;
        if (!answer.IsGood) _tally.Count(answer.Status == 429 ? OutsideReason.RateLimited : OutsideReason.Refused);
        else if (!_frame.TryRead(answer.Body, out var fault)) _tally.Count(fault);
        else if (_isFills) OnFills(_frame.Root, path!, nowNs);
        else OnOrders(_frame.Root, nowNs);
    }

    private void OnOrders(JsonNode root, long nowNs)
    {
        if (!root["orders"].IsList)
        {
            _tally.Count(OutsideReason.Malformed);
            return;
        }
        foreach (var order in root["orders"])
        {
            if (!order["client_order_id"].Is(_clientId)) continue;
            OnOrder(order, nowNs);
            return;
        }
        if (!root["has_next"].IsTrue) Report(HedgeReportKind.Gone, 0, nowNs);
        else if (root["cursor"].Text is { Length: > 0 } cursor) Path = $"{_first}&cursor={Uri.EscapeDataString(cursor)}";
    }

    private void OnOrder(JsonNode order, long nowNs)
    {
        var id = order["order_id"].Text;
        if (IsOver(order["status"]) is not { } isOver || id.Length == 0) _tally.Count(OutsideReason.Malformed);
        else if (!DecimalText.TryScaled(order["filled_size"].Digits, _instrument.QuantityDecimals, out _cum) || _cum < 0) _tally.Count(OutsideReason.BadNumber, _instrument.Id);
        else
        {
            (_isFills, _end) = (true, isOver ? HedgeReportKind.Gone : HedgeReportKind.Open);
            if (_cum == 0) Report(_end, 0, nowNs);
            else Path = FillsPath + id;
        }
    }

    private void OnFills(JsonNode root, string path, long nowNs)
    {
        foreach (var fill in root["fills"])
        {
            if (!DecimalText.TryScaled(fill["size"].Digits, _instrument.QuantityDecimals, out var quantity) || quantity <= 0
                || !DecimalText.TryScaled(fill["price"].Digits, _instrument.PriceDecimals, out var price) || price <= 0
                || !DecimalText.TryAtoms(fill["commission"].Digits, Instrument.AmountDecimals, out var fee) || fill["trade_id"].Text.Length == 0)
            {
                _tally.Count(OutsideReason.BadNumber, _instrument.Id);
                continue;
            }
            _found += quantity;
            _fills.Add(new HedgeReport
            {
                // Both sides of a trade have its trade_id.
                NowNs = nowNs, Exchange = _exchange, ClientId = _clientId, Kind = HedgeReportKind.Filled, ExecId = $"{fill["trade_id"].Text}/{fill["order_id"].Text}", Quantity = quantity, Price = price, FeeAtoms = fee,
            });
        }
        if (_found < _cum && root["cursor"].Text is { Length: > 0 } cursor)
        {
            Path = $"{path.Split("&cursor=")[0]}&cursor={Uri.EscapeDataString(cursor)}";
            return;
        }
        for (var n = _fills.Count - 1; n >= 0; n--) _inbox(_fills[n]);
        // Fewer than the order says: they are not all there yet, and the core asks again.
        if (_found >= _cum) Report(_end, _found, nowNs);
    }

    /// <summary>True when nothing more can trade; null when the word is not known.</summary>
    public static bool? IsOver(JsonNode status) => status.Text switch
    {
        "PENDING" or "OPEN" or "QUEUED" or "CANCEL_QUEUED" or "EDIT_QUEUED" => false,
        "FILLED" or "CANCELLED" or "EXPIRED" or "FAILED" => true,
        _ => null,
    };

    private void Report(HedgeReportKind kind, long cum, long nowNs) =>
        _inbox(new HedgeReport { NowNs = nowNs, Exchange = _exchange, ClientId = _clientId, Kind = kind, Cum = cum });
}
