using System.Globalization;
using Venue.Messages;

namespace LiquidityBridge;

/// <summary>All hedge orders that are not done, the numbers of those to come, and which fills were booked already.</summary>
/// <remarks>Changed by records alone, so that folding the journal gives the same again.</remarks>
public sealed class Hedges(BridgeOptions options)
{
    /// <summary>Fills remembered per exchange: many times what a snapshot or a resend can bring again.</summary>
    private const int ExecIdsMax = 1 << 16;
    private const int RecentMax = 200;
    private const int BookedCharsMax = 1 << 17;   // of one record

    private readonly Dictionary<string, HedgeOrder> _open = [];
    private readonly List<HedgeOrder> _order = [];
    private readonly Queue<HedgeOrder> _recent = new();
    private readonly HashSet<(int, string)> _execIds = [];
    private readonly Queue<(int, string)> _execIdsByAge = new();
    private readonly Retry[] _retries = new Retry[options.Instruments.Count];
    private long _lastSeq;

    private record struct Retry(long Seq, int Attempts, Side Side);

    /// <summary>Not done, oldest first.</summary>
    public IReadOnlyList<HedgeOrder> Open => _order;

    /// <summary>The last that were done, oldest first.</summary>
    public IEnumerable<HedgeOrder> Recent => _recent;

    /// <summary>The order of this id: one that is not done, or was done lately.</summary>
    public HedgeOrder? Find(string clientId) =>
        _open.TryGetValue(clientId, out var order) ? order : _recent.LastOrDefault(o => o.Intent.ClientId == clientId);

    /// <summary>What all open orders of an instrument could still trade, on the grid; positive to buy.</summary>
    public long PendingSigned(int instrument)
    {
        long sum = 0;
        foreach (var order in _order)
            if (order.Intent.Instrument == instrument) sum += order.PendingSigned;
        return sum;
    }

    /// <summary>What open orders on this side could still take there, on the grid.</summary>
    public long PendingAt(int instrument, int exchange, Side side)
    {
        long sum = 0;
        foreach (var order in _order)
            if (order.Intent.Instrument == instrument && order.Intent.Exchange == exchange && order.Intent.Side == side) sum += Math.Abs(order.PendingSigned);
        return sum;
    }

    /// <summary>True when the outcome of an order there is unknown: nothing more is sent there until it is.</summary>
    public bool IsUnknownAt(int exchange)
    {
        foreach (var order in _order)
            if (order.Intent.Exchange == exchange && order.State == HedgeState.Unknown) return true;
        return false;
    }

    /// <summary>
    /// The id of the instrument's next hedge: another attempt when the last one on this side fell short, otherwise a new
    /// number. False when the attempts are used up.
    /// </summary>
    /// <remarks>
    /// Numbers begin at the second in which the journal begins, so that a journal that was lost does not use an id
    /// twice. parent-seq-attempt stays within 18 characters of letters, digits and hyphens: the narrowest rule of the
    /// exchanges (Kraken's free-text cl_ord_id).
    /// </remarks>
    public bool TryNext(int instrument, Side side, long nowNs, out string clientId, out long seq, out int attempt)
    {
        var retry = _retries[instrument];
        var isRetry = retry.Seq != 0 && retry.Side == side;
        attempt = isRetry ? retry.Attempts + 1 : 1;
        seq = isRetry ? retry.Seq : Math.Max(_lastSeq + 1, nowNs / 1_000_000_000);
        clientId = string.Create(CultureInfo.InvariantCulture, $"{instrument + 1}-{seq}-{attempt}");
        return attempt <= options.Instruments[instrument].Hedging.AttemptsMax;
    }

    /// <summary>The next hedge of the instrument gets a new number.</summary>
    public void ForgetRetry(int instrument) => _retries[instrument] = default;

    /// <summary>An order was written down.</summary>
    public void On(HedgeIntent intent)
    {
        var order = new HedgeOrder(intent);
        _open.Add(intent.ClientId, order);
        _order.Add(order);
        _lastSeq = Math.Max(_lastSeq, intent.Seq);
        // While it is open, what else needs a hedge is another one.
        _retries[intent.Instrument] = default;
    }

    /// <summary>Remembers a fill; false when it was booked before.</summary>
    public bool TryBook(int exchange, string execId)
    {
        if (!_execIds.Add((exchange, execId))) return false;
        _execIdsByAge.Enqueue((exchange, execId));
        if (_execIdsByAge.Count > ExecIdsMax) _execIds.Remove(_execIdsByAge.Dequeue());
        return true;
    }

    /// <summary>Number of the last hedge.</summary>
    public long LastSeq => _lastSeq;

    /// <summary>The hedge of an instrument that fell short: number (0 for none), attempts, side.</summary>
    public (long Seq, int Attempts, Side Side) RetryOf(int instrument) => (_retries[instrument].Seq, _retries[instrument].Attempts, _retries[instrument].Side);

    /// <summary>Orders and booked fills, for the journal.</summary>
    public IEnumerable<Record> State(long nowNs)
    {
        foreach (var order in _recent.Concat(_order)) yield return order.StateNow(nowNs);
        var fills = new List<string>();
        var chars = 0;
        foreach (var (exchange, execId) in _execIdsByAge)
        {
            fills.Add(string.Create(CultureInfo.InvariantCulture, $"{exchange} {execId}"));
            chars += fills[^1].Length;
            if (chars < BookedCharsMax) continue;
            yield return new BookedState { NowNs = nowNs, Fills = [.. fills] };
            (chars, fills) = (0, []);
        }
        if (fills.Count > 0) yield return new BookedState { NowNs = nowNs, Fills = fills };
    }

    /// <summary>From the journal.</summary>
    public void Restore(CountersState state) => _lastSeq = state.HedgeSeq;

    /// <summary>From the journal.</summary>
    public void Restore(InstrumentState state) => _retries[state.Instrument] = new Retry(state.RetrySeq, state.RetryAttempts, state.RetrySide);

    /// <summary>From the journal.</summary>
    public void Restore(BookedState state)
    {
        foreach (var fill in state.Fills)
        {
            var blank = fill.IndexOf(' ');
            TryBook(int.Parse(fill.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture), fill[(blank + 1)..]);
        }
    }

    /// <summary>From the journal.</summary>
    public void Restore(HedgeOrderState state)
    {
        var order = HedgeOrder.Restored(state);
        if (order.State.IsDone())
        {
            _recent.Enqueue(order);
            return;
        }
        _open.Add(order.Intent.ClientId, order);
        _order.Add(order);
    }

    /// <summary>Takes a done order out of the open ones, and notes that it fell short.</summary>
    public void Settle(HedgeOrder order)
    {
        if (!order.State.IsDone() || !_open.Remove(order.Intent.ClientId)) return;
        _order.Remove(order);
        _recent.Enqueue(order);
        if (_recent.Count > RecentMax) _recent.Dequeue();
        if (order.Cum < order.Intent.Quantity) _retries[order.Intent.Instrument] = new Retry(order.Intent.Seq, order.Intent.Attempt, order.Intent.Side);
    }
}
