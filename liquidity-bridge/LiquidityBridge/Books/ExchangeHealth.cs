namespace LiquidityBridge;

/// <summary>Where one exchange stands as a whole.</summary>
public enum ExchangeState : byte
{
    /// <summary>No connection.</summary>
    Disconnected,
    /// <summary>Connecting, or waiting to.</summary>
    Connecting,
    /// <summary>Connected; no book is proven yet.</summary>
    Syncing,
    /// <summary>Every book is proven, orders can be sent, and what was sent was taken.</summary>
    Live,
    /// <summary>Used, but not all of it works: a book is missing, orders cannot be sent, an outcome is unknown, or many orders are refused.</summary>
    Degraded,
    /// <summary>Put aside for a while: it refused too many orders in a row, or it says itself that it does not trade.</summary>
    Suspended,
    /// <summary>Not used until a person changes something: its kill switch is engaged, or no market fits the configuration.</summary>
    Disabled,
}

/// <summary>What the core remembers of one exchange: its orders' fortune and how often what went wrong.</summary>
public sealed class ExchangeHealth(int suspendAfterRejects, long suspendNs)
{
    /// <summary>Outcomes that the share of refusals is taken over.</summary>
    private const int Window = 16;

    private readonly long[] _counts = new long[Enum.GetValues<OutsideReason>().Length];
    private readonly SortedDictionary<string, Int128> _balances = new(StringComparer.Ordinal);
    private IReadOnlyList<ReasonCount> _adapters = [];
    private uint _outcomes;   // one bit each, the newest lowest: 1 for a refusal
    private int _outcomesSeen, _rejectsInARow;

    /// <summary>No hedge goes there before this time, nanoseconds.</summary>
    public long SuspendedUntilNs { get; private set; }

    /// <summary>What became of its orders, for the journal.</summary>
    public ExchangeFortune State(int exchange, long nowNs) => new()
    {
        NowNs = nowNs, Exchange = exchange, Outcomes = _outcomes, OutcomesSeen = _outcomesSeen, RejectsInARow = _rejectsInARow, SuspendedUntilNs = SuspendedUntilNs,
        Counts = [.. _counts.Select((count, reason) => new ReasonCount(-1, (OutsideReason)reason, count)).Where(c => c.Count > 0)],
    };

    /// <summary>From the journal.</summary>
    public void Restore(ExchangeFortune state)
    {
        (_outcomes, _outcomesSeen, _rejectsInARow, SuspendedUntilNs) = (state.Outcomes, state.OutcomesSeen, state.RejectsInARow, state.SuspendedUntilNs);
        foreach (var count in state.Counts) _counts[(int)count.Reason] = count.Count;
    }

    /// <summary>True when at least half of the last orders were refused, of four or more.</summary>
    public bool IsRefusing => _outcomesSeen >= 4 && uint.PopCount(_outcomes) * 2 >= _outcomesSeen;

    /// <summary>Counts something that the core itself noticed.</summary>
    public void Count(OutsideReason reason) => _counts[(int)reason]++;

    /// <summary>The adapter's counts; they replace those before.</summary>
    public void On(ExchangeCounts counts) => _adapters = counts.Counts;

    /// <summary>What the house owns there, by asset, in atoms; empty when the exchange does not say.</summary>
    public IReadOnlyDictionary<string, Int128> Balances => _balances;

    /// <summary>A balance; it replaces the one before.</summary>
    public void On(ExchangeBalance balance) => _balances[balance.Asset] = balance.Atoms;

    /// <summary>An order was refused. True when that suspends the exchange.</summary>
    public bool OnReject(long nowNs)
    {
        Count(OutsideReason.OrderRejected);
        Outcome(isReject: true);
        if (++_rejectsInARow < suspendAfterRejects) return false;
        _rejectsInARow = 0;
        SuspendedUntilNs = nowNs + suspendNs;
        return true;
    }

    /// <summary>An order was taken.</summary>
    public void OnTaken()
    {
        _rejectsInARow = 0;
        Outcome(isReject: false);
    }

    /// <summary>Everything that was counted about an instrument, or about the exchange as a whole (-1), most frequent first.</summary>
    public IReadOnlyList<ReasonCount> Counts(int instrument)
    {
        var counts = _adapters.Where(c => c.Instrument == instrument);
        if (instrument < 0) counts = counts.Concat(_counts.Select((count, reason) => new ReasonCount(-1, (OutsideReason)reason, count)).Where(c => c.Count > 0));
        return [.. counts.OrderByDescending(c => c.Count).ThenBy(c => c.Reason)];
    }

    /// <summary>Where the exchange stands, from the states of its books and what is known of its orders.</summary>
    public ExchangeState StateAt(long nowNs, IReadOnlyCollection<BookState> books, bool isTradingUp, bool isKilled, bool isUnknown)
    {
        var usable = books.Where(b => b != BookState.Disabled).ToList();
        if (isKilled || usable.Count == 0) return ExchangeState.Disabled;
        if (nowNs < SuspendedUntilNs || usable.TrueForAll(b => b == BookState.Suspended)) return ExchangeState.Suspended;
        if (!usable.Contains(BookState.Live))
        {
            if (usable.Exists(b => b is BookState.Syncing or BookState.Suspended)) return ExchangeState.Syncing;
            if (usable.Contains(BookState.Stale)) return ExchangeState.Degraded;
            return usable.Contains(BookState.Connecting) || isTradingUp ? ExchangeState.Connecting : ExchangeState.Disconnected;
        }
        return usable.TrueForAll(b => b == BookState.Live) && isTradingUp && !isUnknown && !IsRefusing ? ExchangeState.Live : ExchangeState.Degraded;
    }

    private void Outcome(bool isReject)
    {
        _outcomes = (_outcomes << 1 | (isReject ? 1u : 0)) & ((1u << Window) - 1);
        _outcomesSeen = Math.Min(Window, _outcomesSeen + 1);
    }
}
