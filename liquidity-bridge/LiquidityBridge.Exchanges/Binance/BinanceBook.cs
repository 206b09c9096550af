namespace LiquidityBridge.Exchanges.Binance;

/// <summary>One market's book: diffs on top of a snapshot, each beginning where the last one ended.</summary>
internal sealed class BinanceBook(Instrument instrument, Market market, Inbox inbox, Tally tally) : MarketBook(instrument, market, Depth, inbox, tally)
{
    /// <summary>Best levels that are told.</summary>
    public const int Depth = 25;

    /// <summary>Levels of a side that a snapshot is asked for.</summary>
    public const int SnapshotLevels = 1000;

    private const int WaitingMax = 2000;

    private readonly Tally _tally = tally;
    private readonly List<byte[]> _waiting = [];   // diffs that came before their snapshot
    private bool _isFirst;                         // no diff was applied to the snapshot yet
    private long _last;                            // u of the last diff, or lastUpdateId
    private long _knownBid, _knownAsk;             // what lies beyond was not in the snapshot; 0 and the largest when it had all

    /// <summary>Name of its streams.</summary>
    public string Stream { get; } = market.Symbol.ToLowerInvariant();

    /// <summary>It is in the exchange's last list of what is traded.</summary>
    public bool IsListed { get; set; }

    /// <summary>Its filters were seen on this connection.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Diffs are applied as they come.</summary>
    public bool HasSnapshot { get; private set; }

    /// <summary>The snapshot is not older than the first diff of this connection.</summary>
    public bool IsWithin { get; private set; }

    /// <summary>Number of the question that is not answered; 0 for none.</summary>
    public long Asked { get; set; }

    /// <summary>When it was asked last.</summary>
    public long AskedNs { get; set; }

    /// <summary>None of the levels that are told lies beyond what the snapshot covered.</summary>
    private bool ShowsOnlyKnown => IsKnownTo(Levels.Bids, _knownBid, 1) && IsKnownTo(Levels.Asks, _knownAsk, -1);

    /// <summary>A new connection.</summary>
    public void Forget()
    {
        Restart();
        IsKnown = false;
        AskedNs = 0;
    }

    /// <summary>A new snapshot is needed; diffs are kept for it from here on.</summary>
    public void Restart()
    {
        HasSnapshot = false;
        Asked = 0;
        _waiting.Clear();
    }

    /// <summary>The configured steps and smallest order are those that the filters say.</summary>
    public bool Fits(JsonNode symbol)
    {
        var (i, m) = (Instrument, Market);
        long tick = 0, lot = 0, min = long.MaxValue;
        foreach (var filter in symbol["filters"])
        {
            if (filter["filterType"].Is("PRICE_FILTER")) DecimalText.TryScaled(filter["tickSize"].Digits, i.PriceDecimals, out tick);
            if (!filter["filterType"].Is("LOT_SIZE")) continue;
            DecimalText.TryScaled(filter["stepSize"].Digits, i.QuantityDecimals, out lot);
            if (!DecimalText.TryScaled(filter["minQty"].Digits, i.QuantityDecimals, out min)) min = long.MaxValue;
        }
        return tick > 0 && m.Tick % tick == 0 && lot > 0 && m.Lot % lot == 0 && m.Min >= min;
    }

    /// <summary>A depthUpdate.</summary>
    public void OnDiff(JsonNode diff, ReadOnlyMemory<byte> utf8, long nowNs)
    {
        if (!HasSnapshot)
        {
            // Kept until the snapshot tells which of them are news.
            if (_waiting.Count < WaitingMax) _waiting.Add(utf8.ToArray());
            return;
        }
        if (Apply(diff, nowNs)) ProveKnown(nowNs);
    }

    /// <summary>An answer of REST; the frame is used again for the diffs that waited for it.</summary>
    public void OnSnapshot(JsonFrame frame, long nowNs)
    {
        var root = frame.Root;
        if (!root["lastUpdateId"].TryLong(out var last) || !root["bids"].IsList || !root["asks"].IsList)
        {
            _tally.Count(OutsideReason.Malformed, Instrument.Id);
            return;
        }
        if (HasSnapshot)
        {
            // The same again, and no diff in between: nothing has happened since. One that is newer takes its place.
            var isSame = !IsWithin && last == _last;
            if (isSame) IsWithin = true;
            if (isSame) ProveKnown(nowNs);
            if (IsWithin || last <= _last) return;
        }
        Levels.Clear();
        if (!Read(root["bids"], isBid: true) || !Read(root["asks"], isBid: false))
        {
            Void(OutsideReason.BadNumber, nowNs);
            return;
        }
        // What lies beyond a snapshot that was cut off is not known until it changes.
        _knownBid = root["bids"].Count < SnapshotLevels ? 0 : Levels.Bids[^1].Price;
        _knownAsk = root["asks"].Count < SnapshotLevels ? long.MaxValue : Levels.Asks[^1].Price;
        _last = last;
        HasSnapshot = true;
        (_isFirst, IsWithin) = (true, false);
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var utf8 in waiting)
        {
            if (!frame.TryRead(utf8, out _) || Apply(frame.Root, nowNs)) continue;
            if (!HasSnapshot) return;
        }
        if (IsWithin) ProveKnown(nowNs);
    }

    /// <summary>False when it neither changed nor proved anything, or voided the book.</summary>
    private bool Apply(JsonNode diff, long nowNs)
    {
        if (!diff["U"].TryLong(out var first) || !diff["u"].TryLong(out var last) || last < first)
        {
            Void(OutsideReason.Malformed, nowNs);
            return false;
        }
        if (last <= _last)
        {
            if (!_isFirst) _tally.Count(OutsideReason.Repeated, Instrument.Id);
            // In the snapshot already, which therefore lies within what this connection hears.
            IsWithin = true;
            return _isFirst;
        }
        if (first > _last + 1)
        {
            Void(IsWithin ? OutsideReason.Gap : OutsideReason.OldSnapshot, nowNs);
            return false;
        }
        // One that begins within what is known fits to a snapshot; after that each begins where the last one ended.
        if (first <= _last && !_isFirst)
        {
            Void(OutsideReason.Gap, nowNs);
            return false;
        }
        if (!Read(diff["b"], isBid: true) || !Read(diff["a"], isBid: false))
        {
            Void(OutsideReason.BadNumber, nowNs);
            return false;
        }
        _last = last;
        (_isFirst, IsWithin) = (false, true);
        return true;
    }

    private bool Read(JsonNode levels, bool isBid)
    {
        foreach (var level in levels)
            if (!Set(isBid, level[0].Digits, level[1].Digits)) return false;
        return true;
    }

    private void ProveKnown(long nowNs)
    {
        if (!ShowsOnlyKnown) Void(OutsideReason.OldSnapshot, nowNs);
        else if (!Prove(nowNs)) Restart();
    }

    private void Void(OutsideReason why, long nowNs)
    {
        Move(BookEvent.Broken, why, nowNs);
        Restart();
    }

    private static bool IsKnownTo(IReadOnlyList<Level> levels, long bound, int sign) =>
        bound is 0 or long.MaxValue || levels.Count >= Depth && levels[Depth - 1].Price * sign >= bound * sign;
}
