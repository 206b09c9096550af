using System.Globalization;
using Venue.Messages;

namespace LiquidityBridge;

/// <summary>
/// The decision core: it is told what happens outside and in the venue, and says what to quote, what to hedge, and what
/// to write down first. No clock, no I/O: the same inputs give the same outputs.
/// </summary>
/// <remarks>
/// What must survive the process are records. A live step writes a record and applies it; a start applies the journal's
/// records in the same way (<see cref="Recover"/>) and then goes on (<see cref="Start"/>). Books are not written down:
/// they come anew. One thread owns it.
/// </remarks>
public sealed partial class Bridge
{
    private readonly BridgeOptions _options;
    private readonly VenueTerms _venue;
    private readonly Hedges _hedges;
    private readonly Switches _switches = new();
    private readonly Inventory[] _inventories;
    private readonly Rates _rates;
    private readonly OutsideBooks[] _books;
    private readonly QuoteSlot[] _slots;            // bid and ask of instrument i at 2i and 2i + 1
    private readonly bool[] _tradingUp;
    private readonly ExchangeHealth[] _health;
    private readonly AssetFees _assetFees = new();
    private readonly long[] _pausedUntilNs;
    private readonly HashSet<string> _recovered = [];   // hedges of the last run that are not settled
    private readonly List<Output> _outputs = [];
    private readonly Drawdown _drawdown;
    private readonly IndexPrices _index;
    private readonly Rate _quoteRate, _hedgeRate;

    private (long Seq, int Index, Side Side) _lastFill;
    private long _feedThrough, _loggedThrough, _loggedThroughNs;
    private long _foldedNs;                          // of the last record before the start
    private long _owedSeq, _owedSinceNs;             // a fill that the order session told and the feed has not
    private bool _feedUp, _venueUp, _isStarted;
    private string _idPrefix = "";
    private long _quoteIds;

    /// <summary>Makes a core that knows nothing yet.</summary>
    public Bridge(BridgeOptions options)
    {
        _options = options;
        _venue = new VenueTerms(options);
        _hedges = new Hedges(options);
        _inventories = options.Instruments.Select(i => new Inventory(i)).ToArray();
        _rates = new Rates(options.Rates);
        _books = options.Instruments.Select(i => new OutsideBooks(i, _rates)).ToArray();
        _slots = options.Instruments.SelectMany(i => new[] { new QuoteSlot(i, Side.Buy), new QuoteSlot(i, Side.Sell) }).ToArray();
        _tradingUp = new bool[options.Exchanges.Count];
        _health = options.Exchanges.Select(_ => new ExchangeHealth(options.SuspendAfterRejects, options.SuspendNs)).ToArray();
        _pausedUntilNs = new long[options.Instruments.Count];
        _index = new IndexPrices(options.Index, options.Instruments.Count);
        _drawdown = new Drawdown(options.DrawdownMaxAtoms);
        _quoteRate = new Rate(options.QuotesPerSecond);
        _hedgeRate = new Rate(options.HedgesPerSecond);
    }

    /// <summary>What the core was told once.</summary>
    public BridgeOptions Options => _options;

    /// <summary>The venue's feed is to be read from after this sequence number on.</summary>
    public long FeedAfterSeq => Math.Max(_loggedThrough, _lastFill.Seq - 1);

    /// <summary>Folds one record of the journal. Only before <see cref="Start"/>.</summary>
    public void Recover(Record record)
    {
        if (_isStarted) throw new InvalidOperationException("A record of the journal after the start.");
        _foldedNs = record.NowNs;
        Apply(record);
        _outputs.Clear();   // what was to be said about it was said then
    }

    /// <summary>The journal is read: from here on inputs are taken. Hedges without an end are of unknown outcome.</summary>
    public IReadOnlyList<Output> Start(long nowNs)
    {
        _outputs.Clear();
        _isStarted = true;
        _idPrefix = string.Create(CultureInfo.InvariantCulture, $"{nowNs / 1_000_000:x}");
        foreach (var order in _hedges.Open.ToArray())
        {
            _recovered.Add(order.Intent.ClientId);
            Write(new HedgeReport { NowNs = nowNs, Exchange = order.Intent.Exchange, ClientId = order.Intent.ClientId, Kind = HedgeReportKind.Lost, Text = "restart" });
        }
        return _outputs;
    }

    /// <summary>One step. The list is good until the next one.</summary>
    public IReadOnlyList<Output> On(Input input)
    {
        if (!_isStarted) throw new InvalidOperationException("An input before the start.");
        _outputs.Clear();
        switch (input)
        {
            case Tick:
                break;
            case BookImage image:
                _books[image.Instrument].On(image);
                if (_options.Rates.Count > 0) _rates.On(_options.Instruments[image.Instrument], _books[image.Instrument].TwiceMid(image.NowNs, _options.BookStaleNs), image.NowNs);
                break;
            case ExchangeHeard heard:
                foreach (var books in _books) books.On(heard);
                break;
            case ExchangeTrading trading:
                On(trading);
                break;
            case OutsideTrade trade:
                _books[trade.Instrument].On(trade);
                break;
            case ExchangeBalance balance:
                _health[balance.Exchange].On(balance);
                break;
            case ExchangeCounts counts:
                _health[counts.Exchange].On(counts);
                break;
            case VenueSessionChanged session:
                On(session);
                break;
            case FeedChanged feed:
                _feedUp = feed.IsUp;
                break;
            case QuoteReport report:
                On(report);
                break;
            // Other firms' trades are not ours to keep.
            case VenueFill fill when fill.Firm != _venue.Firm || !IsNew(fill):
                break;
            case FeedPosition position when !IsWorthWriting(position):
                Reach(position.ThroughSeq);
                break;
            case HedgeReport { FeeAsset.Length: > 0 } report:
                Write(WithRate(report));
                break;
            case Record record:
                Write(record);
                break;
            default:
                throw new InvalidOperationException($"{input.GetType().Name} is not an input that the core knows.");
        }
        Decide(input.NowNs);
        return _outputs;
    }

    /// <summary>The process is about to stop: cancels for every quote that may rest.</summary>
    public IReadOnlyList<Output> Pull(long nowNs)
    {
        _outputs.Clear();
        foreach (var slot in _slots)
        {
            if (!_venueUp || slot.State == QuoteState.Empty) continue;
            foreach (var id in slot.Ids) _outputs.Add(new CancelQuote(slot.Instrument.Id, slot.Side, NextId('C', 0), id));
            slot.Lose(nowNs);
        }
        return _outputs;
    }

    private void Write(Record record)
    {
        _outputs.Add(new Log(record));
        Apply(record);
    }

    private void Apply(Record record)
    {
        switch (record)
        {
            case VenueAssetDefined defined: _venue.On(defined); break;
            case VenueFirmDefined defined: _venue.On(defined); break;
            case VenueInstrumentDefined defined:
                if (_venue.On(defined) is { } fault) throw new InvalidOperationException(fault);
                break;
            case VenueFill fill: Apply(fill); break;
            case FeedPosition position:
                _loggedThrough = position.ThroughSeq;
                _loggedThroughNs = position.NowNs;
                Reach(position.ThroughSeq);
                break;
            case Switched act:
                _switches.On(act);
                if (act is { Level: KillLevel.Quoting or KillLevel.Bridge, Engaged: false }) _drawdown.Reset();
                break;
            case HedgeIntent intent: _hedges.On(intent); break;
            case HedgeReport report: Apply(report); break;
            case FeesPriced priced: Apply(priced); break;
            case QuoteSent sent when !_isStarted: SlotOf(sent.Instrument, sent.Side).Recover(sent.ClOrdID); break;
            case QuoteClosed closed when !_isStarted: SlotOf(closed.Instrument, closed.Side).RecoverClosed(); break;
            case var state when !_isStarted: Restore(state); break;
        }
    }

    private void Apply(VenueFill fill)
    {
        _lastFill = (fill.Seq, fill.Index, fill.Side);
        if (_venue.Find(fill.Number) is not { } instrument)
        {
            Say(fill.NowNs, Severity.Critical, "fill-foreign", $"the firm traded the venue's instrument {fill.Number}, which this bridge does not hedge");
            return;
        }
        var price = fill.Ticks * instrument.VenueTick;
        _inventories[instrument.Id].AddVenueFill(fill.Side, fill.Lots * instrument.VenueLot, price, ReferenceOf(fill.ClOrdID, price), _venue.QuoteAtoms(fill.Number, fill.FeeAtoms));
        // A new exposure deserves its own attempts.
        if (_hedges.PendingSigned(instrument.Id) == 0) _hedges.ForgetRetry(instrument.Id);
    }

    private bool IsNew(VenueFill fill) => (fill.Seq, fill.Index, fill.Side).CompareTo(_lastFill) > 0;

    private bool IsWorthWriting(FeedPosition position) =>
        position.ThroughSeq - _loggedThrough >= 4096 || position.ThroughSeq > _loggedThrough && position.NowNs - _loggedThroughNs >= 60_000_000_000;

    private void Reach(long throughSeq)
    {
        _feedThrough = Math.Max(_feedThrough, throughSeq);
        if (_owedSeq <= _feedThrough) _owedSeq = 0;
    }

    private QuoteSlot SlotOf(int instrument, Side side) => _slots[instrument * 2 + (side == Side.Buy ? 0 : 1)];

    private void Say(long nowNs, Severity severity, string code, string text) => _outputs.Add(new Alert(nowNs, severity, code, text));

    /// <summary>
    /// The reference price stands at the end of the quote's ClOrdID, so that a fill that is told after a restart is
    /// attributed like any other. An order that is not a quote has no markup.
    /// </summary>
    private static long ReferenceOf(string clOrdID, long otherwise)
    {
        var at = clOrdID.LastIndexOf('-');
        return clOrdID.StartsWith('Q') && at > 0 && long.TryParse(clOrdID.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var reference) ? reference : otherwise;
    }
}
