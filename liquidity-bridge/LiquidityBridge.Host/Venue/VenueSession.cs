using System.Globalization;
using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Fix;
using Venue.Fix;
using Venue.Messages;

namespace LiquidityBridge.Host;

/// <summary>The house's order session at the venue: quotes out, reports in.</summary>
public sealed class VenueSession : IFixPeer, IQuoteSender, IDisposable
{
    private const int SentMax = 4096;

    private readonly IReadOnlyList<Instrument> _instruments;
    private readonly Inbox _inbox;
    private readonly SequenceFile _store;
    private readonly FixInitiator _initiator;
    private readonly Dictionary<int, Output> _sent = [];   // by MsgSeqNum(34): a Reject names only that
    private readonly Queue<int> _sentByAge = new();

    /// <summary>Nothing is connected before <see cref="Start"/>.</summary>
    public VenueSession(string host, int port, SessionSettings settings, FixDictionary dictionary, string sequenceFile, IReadOnlyList<Instrument> instruments, Inbox inbox, Action<string> log)
    {
        (_instruments, _inbox) = (instruments, inbox);
        _store = new SequenceFile(sequenceFile);
        _initiator = new FixInitiator(host, port, settings, dictionary, _store, this, log);
    }

    /// <summary>Begins to connect.</summary>
    public void Start() => _initiator.Start();

    /// <inheritdoc/>
    public void Send(Output quote) => _initiator.Do(() =>
    {
        var number = quote switch
        {
            NewQuote q => _initiator.Send("D"u8, (ref MessageWriter w, long nowNs) => Write(ref w, q, nowNs)),
            ReplaceQuote q => _initiator.Send("G"u8, (ref MessageWriter w, long nowNs) => Write(ref w, q, nowNs)),
            CancelQuote q => _initiator.Send("F"u8, (ref MessageWriter w, long nowNs) => Write(ref w, q, nowNs)),
            _ => throw new InvalidOperationException($"{quote.GetType().Name} is not about a quote."),
        };
        // Not sent: the core hears that the session is down, or waits in vain for an answer, and clears up.
        if (number == 0) return;
        _sent[number] = quote;
        _sentByAge.Enqueue(number);
        if (_sentByAge.Count > SentMax) _sent.Remove(_sentByAge.Dequeue());
    });

    void IFixPeer.Up(long nowNs) => _inbox(new VenueSessionChanged { NowNs = nowNs, IsUp = true });

    void IFixPeer.Down(string reason, long nowNs) => _inbox(new VenueSessionChanged { NowNs = nowNs, IsUp = false });

    void IFixPeer.Poll(long heardNs, long nowNs)
    {
        // Fills are booked from the feed alone, so that nothing is lost with a report; and the session has its own heartbeats.
        if (_store.IsBehind) _store.Mark()();
    }

    void IFixPeer.OnReject(int refSeqNum, string text, long nowNs)
    {
        if (!_sent.Remove(refSeqNum, out var sent)) return;
        _inbox(sent switch
        {
            NewQuote q => new QuoteReport { NowNs = nowNs, Kind = QuoteReportKind.Rejected, Instrument = q.Instrument, Side = q.Side, ClOrdID = q.ClOrdID, Text = text },
            ReplaceQuote q => new QuoteReport { NowNs = nowNs, Kind = QuoteReportKind.RequestRefused, Instrument = q.Instrument, Side = q.Side, ClOrdID = q.ClOrdID, OrigClOrdID = q.OrigClOrdID, Text = text },
            CancelQuote q => new QuoteReport { NowNs = nowNs, Kind = QuoteReportKind.RequestRefused, Instrument = q.Instrument, Side = q.Side, ClOrdID = q.ClOrdID, OrigClOrdID = q.OrigClOrdID, Text = text },
            _ => throw new InvalidOperationException($"{sent.GetType().Name} is not about a quote."),
        });
    }

    void IFixPeer.On(in Message message, long nowNs)
    {
        switch ((char)message.MsgType[0])
        {
            case '8': OnReport(message, nowNs); break;
            case '9': OnCancelReject(message, nowNs); break;
            case 'j':
                message.TryGetInt(45, out var number);
                ((IFixPeer)this).OnReject(number, Text(message, 58), nowNs);
                break;
        }
    }

    private void OnReport(in Message message, long nowNs)
    {
        message.TryGetChar(150, out var type);
        QuoteReportKind? kind = (char)type switch
        {
            '0' => QuoteReportKind.Accepted,
            '4' => QuoteReportKind.Canceled,
            '5' => QuoteReportKind.Replaced,
            '8' => QuoteReportKind.Rejected,
            'F' => QuoteReportKind.Traded,
            _ => null,
        };
        var symbol = Text(message, 55);
        if (kind is null || _instruments.FirstOrDefault(i => i.Symbol == symbol) is not { } instrument) return;
        message.TryGetChar(54, out var side);
        _inbox(new QuoteReport
        {
            NowNs = nowNs, Kind = kind.Value, Instrument = instrument.Id, Side = (Side)(side - '0'),
            ClOrdID = Text(message, 11), OrigClOrdID = Text(message, 41),
            Cum = Quantity(instrument, message, 14), Leaves = Quantity(instrument, message, 151),
            Seq = kind == QuoteReportKind.Traded ? SeqOf(Text(message, 17)) : 0, Text = Text(message, 58),
        });
    }

    private void OnCancelReject(in Message message, long nowNs)
    {
        var orig = Text(message, 41);
        // A cancel reject names no symbol: the ids say whose it is.
        _inbox(new QuoteReport { NowNs = nowNs, Kind = QuoteReportKind.RequestRefused, Instrument = 0, Side = Side.Buy, ClOrdID = Text(message, 11), OrigClOrdID = orig, Text = Text(message, 58) });
    }

    private static long Quantity(Instrument instrument, in Message message, int tag) =>
        message.TryGetDecimal(tag, out var mantissa, out var decimals) && instrument.TryQuantity(mantissa, decimals, out var quantity) ? quantity : 0;

    // The venue's ExecID(17) is the command's sequence number and the event's place: 4711-2.
    private static long SeqOf(string execId)
    {
        var dash = execId.IndexOf('-');
        return dash > 0 && long.TryParse(execId.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : 0;
    }

    private void Write(ref MessageWriter w, NewQuote q, long nowNs)
    {
        var instrument = _instruments[q.Instrument];
        w.Add(11, q.ClOrdID);
        w.Add(55, instrument.Symbol);
        w.Add(54, (byte)('0' + (byte)q.Side));
        w.AddTime(60, nowNs);
        Decimal(ref w, 38, q.Quantity, instrument.QuantityDecimals);
        w.Add(40, '2');
        Decimal(ref w, 44, q.Price, instrument.PriceDecimals);
        w.Add(59, '1');
    }

    private void Write(ref MessageWriter w, ReplaceQuote q, long nowNs)
    {
        var instrument = _instruments[q.Instrument];
        w.Add(41, q.OrigClOrdID);
        w.Add(11, q.ClOrdID);
        w.Add(55, instrument.Symbol);
        w.Add(54, (byte)('0' + (byte)q.Side));
        w.AddTime(60, nowNs);
        Decimal(ref w, 38, q.Quantity, instrument.QuantityDecimals);
        w.Add(40, '2');
        Decimal(ref w, 44, q.Price, instrument.PriceDecimals);
    }

    private void Write(ref MessageWriter w, CancelQuote q, long nowNs)
    {
        w.Add(41, q.OrigClOrdID);
        w.Add(11, q.ClOrdID);
        w.Add(55, _instruments[q.Instrument].Symbol);
        w.Add(54, (byte)('0' + (byte)q.Side));
        w.AddTime(60, nowNs);
    }

    private static void Decimal(ref MessageWriter w, int tag, long units, int decimals)
    {
        for (; decimals > 0 && units % 10 == 0; decimals--) units /= 10;
        w.AddDecimal(tag, units, decimals);
    }

    private static string Text(in Message message, int tag) => message.TryGet(tag, out var value) ? Encoding.ASCII.GetString(value) : "";

    public void Dispose()
    {
        _initiator.Dispose();
        _store.Dispose();
    }
}
