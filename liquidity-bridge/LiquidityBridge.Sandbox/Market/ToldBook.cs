using Venue.Messages;

namespace LiquidityBridge.Sandbox.Market;

/// <summary>
/// What of one book has been told to its subscribers: changes at most so often, the same to all of them, and a snapshot is
/// what was last told. Here a change is lost, late, doubled or crossed on purpose.
/// </summary>
internal sealed class ToldBook<TLine>(Exchange exchange, Faults faults, Instrument instrument, int depth, long everyNs) where TLine : WebSocketLine
{
    private readonly DepthView _view = new(exchange, instrument, depth);
    private readonly Dictionary<TLine, byte[]> _heldBack = [];
    private bool _isDirty = true;
    private long _atNs, _crossedTicks;

    /// <summary>Levels of one side: ticks and lots.</summary>
    internal readonly record struct Sides(IReadOnlyList<(long Ticks, long Lots)> Bids, IReadOnlyList<(long Ticks, long Lots)> Asks);

    /// <summary>The instrument.</summary>
    public Instrument Instrument { get; } = instrument;

    /// <summary>The book is not what it was.</summary>
    public void Touch() => _isDirty = true;

    /// <summary>A snapshot for a new subscriber.</summary>
    /// <param name="isFirst">Nobody has been told of changes: the book as it is now.</param>
    public Sides Snapshot(bool isFirst)
    {
        if (!faults.IsFrozen && isFirst) Advance();
        return faults.Take(FaultKind.OldSnapshot) ? new Sides(_view.Before.Bids, _view.Before.Asks) : new Sides(_view.Bids, _view.Asks);
    }

    /// <summary>Tells what is due; to be called often.</summary>
    /// <param name="subscribers">Who is told.</param>
    /// <param name="message">The next message to one of them.</param>
    /// <param name="lose">One of them is told nothing, and counts it.</param>
    public void Publish(IReadOnlyList<TLine> subscribers, Func<TLine, Sides, byte[]> message, Action<TLine> lose)
    {
        if (faults.IsFrozen || !_isDirty && _crossedTicks == 0 || exchange.NowNs - _atNs < everyNs || subscribers.Count == 0) return;
        _atNs = exchange.NowNs;
        var changes = Advance();
        List<(long, long)> bids = [.. Of(changes, Side.Buy)], asks = [.. Of(changes, Side.Sell)];
        if (_crossedTicks != 0)
        {
            bids.Add((_crossedTicks, 0));
            _crossedTicks = 0;
        }
        else if (_view.Asks.Count > 0 && faults.Take(FaultKind.BookCrossed))
        {
            _crossedTicks = _view.Asks[0].Ticks + 1;
            bids.Add((_crossedTicks, Instrument.MinLots));
        }
        if (bids.Count + asks.Count == 0) return;
        var (isLost, isLate, isTwice) = (faults.Take(FaultKind.BookGap), faults.Take(FaultKind.BookReorder), faults.Take(FaultKind.BookDuplicate));
        foreach (var line in subscribers)
        {
            if (isLost)
            {
                lose(line);
                continue;
            }
            var bytes = message(line, new Sides(bids, asks));
            if (isLate)
            {
                _heldBack[line] = bytes;
                continue;
            }
            line.Send(bytes, exchange.NowNs);
            if (isTwice) line.Send(bytes, exchange.NowNs);
            if (_heldBack.Remove(line, out var late)) line.Send(late, exchange.NowNs);
        }
    }

    private List<LevelChange> Advance()
    {
        _isDirty = false;
        return _view.Advance();
    }

    private static IEnumerable<(long, long)> Of(IEnumerable<LevelChange> changes, Side side) => changes.Where(c => c.Side == side).Select(c => (c.Ticks, c.Lots));
}
