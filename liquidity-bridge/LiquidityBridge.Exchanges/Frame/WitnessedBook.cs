namespace LiquidityBridge.Exchanges;

/// <summary>What follows from the answer of REST.</summary>
internal enum Witness : byte
{
    /// <summary>It proves nothing against the book, or not yet.</summary>
    Open,
    /// <summary>It shows the book for the first time since its snapshot: it is proven.</summary>
    Proven,
    /// <summary>The snapshot is not what REST shows, and has not come to it: it was older than the stream.</summary>
    OldSnapshot,
    /// <summary>REST shows another book again and again.</summary>
    Stale,
}

/// <summary>
/// A book whose feed cannot prove it by itself: it is live once REST has shown the best levels that it had at some moment
/// since its snapshot, or that it then gets, and it is compared again and again.
/// </summary>
/// <param name="instrument">What it is a book of.</param>
/// <param name="market">Where.</param>
/// <param name="depth">Levels of each side that are told.</param>
/// <param name="compared">Best levels of each side that are compared.</param>
/// <param name="isNumbered">Messages are counted, so that a book that changes needs no comparison: only a quiet one can stand still unseen.</param>
/// <param name="inbox">Where images go.</param>
/// <param name="tally">Counts what goes wrong.</param>
internal sealed class WitnessedBook(Instrument instrument, Market market, int depth, int compared, bool isNumbered, Inbox inbox, Tally tally) : SubscribedBook(instrument, market, depth, inbox, tally)
{
    /// <summary>A book is compared after so long, nanoseconds; a numbered one when it did not change for so long.</summary>
    public const long EveryNs = 2_000_000_000;

    private const int HistoryMax = 256;
    private const long ConfirmNs = 400_000_000, RenewNs = 3_000_000_000, ApartNs = 1_000_000_000;

    private readonly (long Hash, long UntilNs)[] _history = new (long, long)[HistoryMax];   // of the best levels since the snapshot
    private readonly Tally _tally = tally;
    private long _states, _askedNs, _askAtNs, _differentSinceNs, _expected, _beganNs;       // _expected: what REST has shown and the feed has not; 0 for none

    /// <summary>REST has shown this book since its snapshot.</summary>
    public bool IsWitnessed { get; private set; }

    /// <summary>A snapshot comes.</summary>
    public void Begin(long nowNs)
    {
        Levels.Clear();
        HasSnapshot = true;
        IsWitnessed = false;
        _expected = _differentSinceNs = _states = 0;
        _askAtNs = _beganNs = nowNs;
    }

    /// <summary>A message has changed it.</summary>
    public void Changed(long nowNs)
    {
        var hash = Add(Add(1, Levels.BidSpan), Levels.AskSpan);
        if (_states > 0) _history[(_states - 1) % HistoryMax].UntilNs = nowNs;
        _history[_states++ % HistoryMax] = (hash, long.MaxValue);
        if (isNumbered || hash == _expected) _differentSinceNs = 0;
        if (hash == _expected) (IsWitnessed, _expected) = (true, 0);
        if (isNumbered && IsWitnessed) _askAtNs = nowNs + EveryNs;
    }

    /// <summary>True when REST must be asked now, which is noted.</summary>
    public bool TryAsk(ILimit questions, long nowNs)
    {
        if (!HasSnapshot || nowNs < _askAtNs || !questions.TryTake(1, nowNs)) return false;
        _askedNs = nowNs;
        _askAtNs = nowNs + (IsWitnessed ? EveryNs : ConfirmNs);
        return true;
    }

    /// <summary>What REST shows; a level is a list that begins with price and size, or has members of these names.</summary>
    public Witness Show(JsonNode bids, JsonNode asks, long nowNs)
    {
        if (!TryAdd(1, bids, out var hash) || !TryAdd(hash, asks, out hash))
        {
            _tally.Count(OutsideReason.BadNumber, Instrument.Id);
            return Witness.Open;
        }
        // Of a numbered book that is quiet only what it is counts; one that changes is compared with what it lately was.
        if (Had(hash, IsWitnessed ? isNumbered ? nowNs : _askedNs - ApartNs : 0))
        {
            _differentSinceNs = _expected = 0;
            if (IsWitnessed) return Witness.Open;
            IsWitnessed = true;
            return Witness.Proven;
        }
        // The feed may be a moment behind REST: what REST shows may come yet.
        _expected = hash;
        _askAtNs = nowNs + ConfirmNs;
        if (!IsWitnessed) return nowNs - _beganNs >= RenewNs ? Witness.OldSnapshot : Witness.Open;
        if (_differentSinceNs == 0) _differentSinceNs = nowNs;
        else if (nowNs - _differentSinceNs >= ConfirmNs) return Witness.Stale;
        return Witness.Open;
    }

    private bool Had(long hash, long sinceNs)
    {
        for (var state = _states - 1; state >= Math.Max(0, _states - HistoryMax); state--)
        {
            var (had, untilNs) = _history[state % HistoryMax];
            if (untilNs <= sinceNs) return false;
            if (had == hash) return true;
        }
        return false;
    }

    private long Add(long hash, ReadOnlySpan<Level> levels)
    {
        for (var n = 0; n < levels.Length && n < compared; n++) hash = Mix(hash, levels[n].Price, levels[n].Quantity);
        return Mix(hash, 0, 0);
    }

    private bool TryAdd(long from, JsonNode levels, out long hash)
    {
        hash = from;
        var left = compared;
        foreach (var level in levels)
        {
            if (left-- == 0) break;
            var (at, of) = level.IsList ? (level[0], level[1]) : (level["price"], level["size"]);
            if (!DecimalText.TryScaled(at.Digits, PriceDecimals, out var price) || !DecimalText.TryScaled(of.Digits, QuantityDecimals, out var quantity)) return false;
            hash = Mix(hash, price, quantity);
        }
        hash = Mix(hash, 0, 0);
        return levels.IsList;
    }

    // SplitMix64's last steps; never 0, which stands for none.
    private static long Mix(long hash, long price, long quantity)
    {
        var z = (ulong)hash + 0x9E3779B97F4A7C15 + (ulong)price * 0xBF58476D1CE4E5B9 + (ulong)quantity * 0x94D049BB133111EB;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return (long)(z ^ z >> 31) | 1;
    }
}
