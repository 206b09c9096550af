using System.Globalization;
using System.Text;
using Venue.Fix;
using Venue.Messages;

namespace LiquidityBridge.Exchanges.Fix;

/// <summary>
/// Hedges over FIX 4.4: NewOrderSingle(D), OrderCancelRequest(F), OrderStatusRequest(H); ExecutionReport(8). What was
/// missed while disconnected is resent by the exchange before it answers an H, since a session keeps its order. No
/// socket inside.
/// </summary>
internal sealed class FixOrders(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox, Tally tally, FixDialect dialect, FixQuotes quotes)
{
    private const int SentMax = 1024;

    private readonly Dictionary<int, string> _sent = [];   // ids of orders by MsgSeqNum(34)
    private readonly Queue<int> _sentByAge = new();
    private FixSend? _send;
    private long _cancels;

    /// <summary>Logged on.</summary>
    public void Up(FixSend send, long nowNs)
    {
        _send = send;
        inbox(new ExchangeTrading { NowNs = nowNs, Exchange = exchange, IsUp = true });
    }

    /// <summary>Logged out, or lost.</summary>
    public void Down(string reason, long nowNs)
    {
        _send = null;
        inbox(new ExchangeTrading { NowNs = nowNs, Exchange = exchange, IsUp = false, Reason = reason });
    }

    /// <summary>An order, immediate-or-cancel.</summary>
    public void Send(HedgeIntent intent, long nowNs)
    {
        var (instrument, market) = MarketOf(intent);
        var quoteId = quotes.IdFor(intent, nowNs);
        var number = _send?.Invoke("D"u8, (ref MessageWriter w, long timeNs) =>
        {
            w.Add(11, intent.ClientId);
            w.Add(55, market.Symbol);
            w.Add(54, intent.Side == Side.Buy ? '1' : '2');
            w.AddTime(60, timeNs);
            Number(ref w, 38, intent.Quantity, instrument.QuantityDecimals);
            w.Add(40, '2');
            Number(ref w, 44, intent.Limit, instrument.PriceDecimals);
            w.Add(59, '3');
            if (quoteId.Length > 0) w.Add(117, quoteId);
            foreach (var field in dialect.OrderFields) w.Add(field.Tag, field.Value);
        }) ?? 0;
        if (number == 0)
        {
            Report(intent.ClientId, HedgeReportKind.Rejected, nowNs, text: "not logged on: never sent");
            return;
        }
        _sent[number] = intent.ClientId;
        _sentByAge.Enqueue(number);
        if (_sentByAge.Count > SentMax) _sent.Remove(_sentByAge.Dequeue());
        Report(intent.ClientId, HedgeReportKind.Sent, nowNs);
    }

    /// <summary>A cancel.</summary>
    public void Cancel(HedgeIntent intent)
    {
        var (_, market) = MarketOf(intent);
        var id = string.Create(CultureInfo.InvariantCulture, $"{intent.ClientId}-C{Clock.NowNs() / 1_000_000:x}{++_cancels}");
        _send?.Invoke("F"u8, (ref MessageWriter w, long timeNs) =>
        {
            w.Add(41, intent.ClientId);
            w.Add(11, id);
            w.Add(55, market.Symbol);
            w.Add(54, intent.Side == Side.Buy ? '1' : '2');
            w.AddTime(60, timeNs);
        });
    }

    /// <summary>What became of it?</summary>
    public void Query(HedgeIntent intent)
    {
        var (_, market) = MarketOf(intent);
        _send?.Invoke("H"u8, (ref MessageWriter w, long _) =>
        {
            w.Add(11, intent.ClientId);
            w.Add(55, market.Symbol);
            w.Add(54, intent.Side == Side.Buy ? '1' : '2');
        });
    }

    /// <summary>The exchange rejected a message that we sent under this number.</summary>
    public void OnReject(int refSeqNum, string text, long nowNs)
    {
        if (_sent.Remove(refSeqNum, out var clientId)) Refused(clientId, text, nowNs);
    }

    // FIX has no number for it: exchanges say it in words, in an 8 (Revolut X), a j (Kraken) or a 3 (Binance).
    private void Refused(string clientId, string text, long nowNs)
    {
        if (text.Contains("rate limit", StringComparison.OrdinalIgnoreCase) || text.Contains("too many", StringComparison.OrdinalIgnoreCase) || text.Contains("throttl", StringComparison.OrdinalIgnoreCase)) tally.Count(OutsideReason.RateLimited);
        Report(clientId, HedgeReportKind.Rejected, nowNs, text: text);
    }

    /// <summary>A message about orders.</summary>
    public void On(in Message message, long nowNs)
    {
        switch ((char)message.MsgType[0])
        {
            case '8': OnReport(message, nowNs); break;
            case 'j':
                // Some exchanges refuse an order before their engine with j instead of 8.
                message.TryGetInt(45, out var number);
                OnReject(number, Text(message, 58), nowNs);
                break;
        }
    }

    private void OnReport(in Message message, long nowNs)
    {
        message.TryGetChar(150, out var type);
        message.TryGetChar(39, out var status);
        message.TryGet(55, out var symbol);
        // A cancel's report has the cancel's own id in 11.
        var clientId = Text(message, 41) is { Length: > 0 } orig ? orig : Text(message, 11);
        var name = Encoding.ASCII.GetString(symbol);
        if (instruments.FirstOrDefault(i => i.Markets.Any(m => m.Exchange == exchange && m.Symbol == name)) is not { } instrument) return;
        message.TryGetDecimal(14, out var mantissa, out var decimals);
        if (!instrument.TryQuantity(mantissa, decimals, out var cum) || cum < 0)
        {
            tally.Count(OutsideReason.BadNumber, instrument.Id);
            return;
        }
        switch ((char)type)
        {
            case '0': Report(clientId, HedgeReportKind.Acknowledged, nowNs); break;
            case '8': Refused(clientId, Text(message, 58), nowNs); break;
            case 'F': Fill(clientId, instrument, message, nowNs); break;
            case '4' or 'C' or '3': Report(clientId, HedgeReportKind.Canceled, nowNs, cum, Text(message, 58)); break;
            case 'I':
                var isOpen = status is (byte)'0' or (byte)'1' or (byte)'6' or (byte)'A' or (byte)'E';
                Report(clientId, isOpen ? HedgeReportKind.Open : HedgeReportKind.Gone, nowNs, cum, Text(message, 58), Average(instrument, message));
                break;
        }
    }

    private void Fill(string clientId, Instrument instrument, in Message message, long nowNs)
    {
        if (!message.TryGetDecimal(32, out var mantissa, out var decimals) || !instrument.TryQuantity(mantissa, decimals, out var quantity) || quantity <= 0
            || !message.TryGetDecimal(31, out mantissa, out decimals) || !instrument.TryPrice(mantissa, decimals, out var price) || price <= 0)
        {
            tally.Count(OutsideReason.BadNumber, instrument.Id);
            return;
        }
        var fill = new HedgeReport
        {
            NowNs = nowNs, Exchange = exchange, ClientId = clientId, Kind = HedgeReportKind.Filled,
            ExecId = Text(message, 17), Quantity = quantity, Price = price,
        };
        foreach (var entry in message.Groups(136))
        {
            entry.TryGet(137, out var amount);
            entry.TryGet(138, out var asset);
            if (DecimalText.TryAtoms(amount, Instrument.AmountDecimals, out var atoms)) fill = fill.Paying(instrument, Encoding.ASCII.GetString(asset), atoms);
            else tally.Count(OutsideReason.BadNumber, instrument.Id);
        }
        inbox(fill);
    }

    private void Report(string clientId, HedgeReportKind kind, long nowNs, long cum = 0, string text = "", long average = 0) =>
        inbox(new HedgeReport { NowNs = nowNs, Exchange = exchange, ClientId = clientId, Kind = kind, Cum = cum, AveragePrice = average, Text = text });

    /// <summary>AvgPx(6) on the grid, to the nearest; 0 when it is not there. An average has more digits than prices have.</summary>
    private static long Average(Instrument instrument, in Message message)
    {
        if (!message.TryGetDecimal(6, out var mantissa, out var decimals)) return 0;
        for (; decimals > instrument.PriceDecimals + 1; decimals--) mantissa /= 10;
        if (decimals > instrument.PriceDecimals) (mantissa, decimals) = ((mantissa + 5) / 10, decimals - 1);
        return instrument.TryPrice(mantissa, decimals, out var price) ? price : 0;
    }

    private (Instrument Instrument, Market Market) MarketOf(HedgeIntent intent) => (instruments[intent.Instrument], instruments[intent.Instrument].Markets.First(m => m.Exchange == exchange));

    private static void Number(ref MessageWriter w, int tag, long units, int decimals)
    {
        // 10.0 and 10 are the same number: digits that the exchange's step does not have are zeros.
        for (; decimals > 0 && units % 10 == 0; decimals--) units /= 10;
        w.AddDecimal(tag, units, decimals);
    }

    private static string Text(in Message message, int tag) => message.TryGet(tag, out var value) ? Encoding.ASCII.GetString(value) : "";
}
