namespace LiquidityBridge.Exchanges.Okx;

/// <summary>
/// Finds out over REST what became of one order: first its state, then each of its fills. Answers come in, the next path
/// to ask goes out; what is found is told as reports, the missing fills first. No socket inside.
/// </summary>
/// <remarks>
/// An order that OKX does not know is gone with nothing: it carried an expTime, so it cannot arrive any more once the
/// core's GoneAfterNs has passed. OKX forgets a canceled order without fills after two hours, with fills after months.
/// </remarks>
internal sealed class OkxQuery
{
    private const string Unknown = "51603";
    private const int FillsPerPage = 100;

    private readonly HedgeIntent _intent;
    private readonly Instrument _instrument;
    private readonly Inbox _inbox;
    private readonly Tally _tally;
    private readonly JsonFrame _frame = new();
    private readonly string _symbol;
    private bool _isOpen;
    private long _cum, _found;
    private string _ordId = "";

    /// <summary>About one order of ours.</summary>
    public OkxQuery(HedgeIntent intent, Instrument instrument, Inbox inbox, Tally tally)
    {
        (_intent, _instrument, _inbox, _tally) = (intent, instrument, inbox, tally);
        _symbol = instrument.Markets.First(m => m.Exchange == intent.Exchange).Symbol;
        Path = OkxRequest.TryClOrdId(intent.ClientId, out var clOrdId) ? $"/api/v5/trade/order?instId={_symbol}&clOrdId={clOrdId}" : null;
    }

    /// <summary>What to ask next; null when it is settled, or cannot be settled now.</summary>
    public string? Path { get; private set; }

    /// <summary>The answer to <see cref="Path"/>.</summary>
    public void On(ReadOnlyMemory<byte> utf8, long nowNs)
    {
        Path = null;
        if (!_frame.TryRead(utf8, out var fault)) _tally.Count(fault);
        else if (_ordId.Length > 0) OnFills(_frame.Root, nowNs);
        else OnOrder(_frame.Root, nowNs);
    }

    private void OnOrder(JsonNode root, long nowNs)
    {
        var order = root["data"][0];
        if (root["code"].Is(Unknown)) Report(HedgeReportKind.Gone, 0, nowNs);
        else if (!root["code"].Is("0")) _tally.Count(root["code"].Is("50011") ? OutsideReason.RateLimited : OutsideReason.Refused);
        else if (!DecimalText.TryScaled(order["accFillSz"].Digits, _instrument.QuantityDecimals, out _cum) || _cum < 0) _tally.Count(OutsideReason.BadNumber, _instrument.Id);
        else if (State(order) is not { } isOpen || order["ordId"].Text.Length == 0) _tally.Count(OutsideReason.Malformed);
        else
        {
            _isOpen = isOpen;
            if (_cum == 0) Report(isOpen ? HedgeReportKind.Open : HedgeReportKind.Gone, 0, nowNs);
            else AskFills(order["ordId"].Text, "");
        }
    }

    private void OnFills(JsonNode root, long nowNs)
    {
        if (!root["code"].Is("0"))
        {
            _tally.Count(OutsideReason.Refused);
            return;
        }
        var last = "";
        foreach (var fill in root["data"])
        {
            last = fill["billId"].Text;
            if (!fill["ordId"].Is(_ordId) || OkxFill.Read(fill, "fee", _intent.ClientId, _instrument, _intent.Exchange, _tally, nowNs) is not { } report) continue;
            _found += report.Quantity;
            _inbox(report);
        }
        if (_found >= _cum) Report(_isOpen ? HedgeReportKind.Open : HedgeReportKind.Gone, _found, nowNs);
        // docs-v5, "Transaction details": older ones come after the last billId. Fewer than the order says: asked again later.
        else if (root["data"].Count == FillsPerPage && last.Length > 0) AskFills(_ordId, $"&after={last}");
    }

    private void AskFills(string ordId, string after)
    {
        _ordId = ordId;
        Path = $"/api/v5/trade/fills?instId={_symbol}&ordId={ordId}{after}";
    }

    /// <summary>True while it is open; null when the word is not known.</summary>
    private static bool? State(JsonNode order) => order["state"].Text switch
    {
        "live" or "partially_filled" => true,
        "filled" or "canceled" or "mmp_canceled" => false,
        _ => null,
    };

    private void Report(HedgeReportKind kind, long cum, long nowNs) =>
        _inbox(new HedgeReport { NowNs = nowNs, Exchange = _intent.Exchange, ClientId = _intent.ClientId, Kind = kind, Cum = cum });
}
