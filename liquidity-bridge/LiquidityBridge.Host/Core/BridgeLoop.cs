using LiquidityBridge.Exchanges;

namespace LiquidityBridge.Host;

/// <summary>What carries out the core's wishes about quotes.</summary>
public interface IQuoteSender
{
    /// <summary>Sends it now, or not at all.</summary>
    void Send(Output quote);
}

/// <summary>The thread that owns the core: takes inputs, writes what must survive, and has the rest done.</summary>
public sealed class BridgeLoop
{
    private const int AlertsMax = 100;
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(20);
    private const long DeskEveryNs = 250_000_000;

    private readonly Bridge _bridge;
    private readonly IntentsJournal _journal;
    private readonly Inputs _inputs;
    private readonly IReadOnlyList<IExchange> _exchanges;
    private readonly IQuoteSender _quotes;
    private readonly Action<TellIndex> _tellIndex;
    private readonly Action<string> _log;
    private readonly LinkedList<Alert> _alerts = [];
    private readonly List<Record> _records = [];
    private volatile bool _stop;
    private volatile DeskState _desk;
    private long _nowNs, _deskNs;

    /// <summary>The core has folded the journal and was not started yet.</summary>
    public BridgeLoop(Bridge bridge, IntentsJournal journal, Inputs inputs, IReadOnlyList<IExchange> exchanges, IQuoteSender quotes, Action<TellIndex> tellIndex, Action<string> log)
    {
        (_bridge, _journal, _inputs, _exchanges, _quotes, _tellIndex, _log) = (bridge, journal, inputs, exchanges, quotes, tellIndex, log);
        _desk = bridge.Snapshot(Clock.NowNs(), []);
    }

    /// <summary>What the desk looks at: immutable, made anew a few times a second. Any thread.</summary>
    public DeskState Desk => _desk;

    /// <summary>Engages a kill switch. Any thread.</summary>
    /// <param name="level">What it covers.</param>
    /// <param name="target">Name of the exchange or symbol of the instrument; empty for the others.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why.</param>
    public void Kill(KillLevel level, string target, string by, string reason) => Switch(level, target, engaged: true, by, reason);

    /// <summary>Lifts a kill switch. Any thread.</summary>
    /// <inheritdoc cref="Kill"/>
    public void Resume(KillLevel level, string target, string by, string reason) => Switch(level, target, engaged: false, by, reason);

    /// <summary>Ends <see cref="Run"/>. Any thread.</summary>
    public void Stop() => _stop = true;

    /// <summary>Runs until stopped; quotes are pulled before it returns.</summary>
    public void Run()
    {
        _nowNs = Clock.NowNs();
        CarryOut(_bridge.Start(_nowNs));
        while (!_stop)
        {
            var input = _inputs.Take(TickEvery);
            _nowNs = Math.Max(_nowNs, Clock.NowNs());
            // Threads stamp before they queue: two inputs can have passed each other.
            input ??= new Tick { NowNs = _nowNs };
            input.NowNs = _nowNs;
            if (input is InboundMark mark) Keep(mark);
            else CarryOut(_bridge.On(input));
            if (_nowNs - _deskNs < DeskEveryNs) continue;
            _deskNs = _nowNs;
            _desk = _bridge.Snapshot(_nowNs, [.. _alerts]);
        }
        CarryOut(_bridge.Pull(_nowNs));
    }

    private void Keep(InboundMark mark)
    {
        _journal.Flush();
        mark.Keep();
    }

    private void Switch(KillLevel level, string target, bool engaged, string by, string reason) =>
        _inputs.Post(new Switched { NowNs = Clock.NowNs(), Level = level, Target = target, Engaged = engaged, By = by, Reason = reason });

    private void CarryOut(IReadOnlyList<Output> outputs)
    {
        _records.Clear();
        var durable = false;
        foreach (var output in outputs)
        {
            if (output is not Log log) continue;
            _records.Add(log.Record);
            // An intent that we forgot is an order that nobody asks about; a switch that we forgot is one that a person engaged.
            durable |= log.Record is HedgeIntent or Switched;
        }
        if (_records.Count > 0) _journal.Append(_records, durable);
        foreach (var output in outputs)
        {
            switch (output)
            {
                case SendHedge send: _exchanges[send.Intent.Exchange].Send(send.Intent); break;
                case CancelHedge cancel: _exchanges[cancel.Intent.Exchange].Cancel(cancel.Intent); break;
                case QueryHedge query: _exchanges[query.Intent.Exchange].Query(query.Intent); break;
                case NewQuote or ReplaceQuote or CancelQuote: _quotes.Send(output); break;
                case TellIndex tell: _tellIndex(tell); break;
                case Alert alert:
                    _alerts.AddFirst(alert);
                    if (_alerts.Count > AlertsMax) _alerts.RemoveLast();
                    _log($"{alert.Severity} {alert.Code}: {alert.Text}");
                    break;
            }
        }
        _journal.CompactWhenDue();
    }
}
