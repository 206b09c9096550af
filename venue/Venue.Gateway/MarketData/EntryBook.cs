using Venue.Messages;

namespace Venue.Gateway;

/// <summary>One instrument's shown orders one by one, folded from steps: for a thread that does not own the engine's book.</summary>
/// <remarks>At one price lower numbers trade first, so that a level is a list in the order of its numbers. No allocation once it was as large before.</remarks>
public sealed class EntryBook
{
    private sealed class Level
    {
        public int Ticks;
        public readonly List<EntryStep> Orders = [];
    }

    // Best level last: changes happen near the touch, where an insertion moves least.
    private readonly List<Level> _bids = [], _asks = [];
    private readonly Stack<Level> _free = new();

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        foreach (var levels in (ReadOnlySpan<List<Level>>)[_bids, _asks])
        {
            foreach (var level in levels) Free(level);
            levels.Clear();
        }
    }

    /// <summary>An order came, changed or went.</summary>
    /// <exception cref="InvalidOperationException">The book does not have the order that the step is about: they are of different moments.</exception>
    public void On(in EntryStep step)
    {
        var levels = step.Side == Side.Buy ? _bids : _asks;
        var at = Find(levels, step.Side, step.Ticks);
        var isThere = at < levels.Count && levels[at].Ticks == step.Ticks;
        if (step.Step == BookStep.Came)
        {
            if (!isThere) levels.Insert(at, Take(step.Ticks));
            Add(levels[at].Orders, step);
            return;
        }
        var orders = isThere ? levels[at].Orders : null;
        var place = orders is null ? -1 : Find(orders, step.Entry);
        if (orders is null || place == orders.Count || orders[place].Entry != step.Entry)
            throw new InvalidOperationException($"Order {step.Entry} of instrument {step.Instrument} {(step.Step == BookStep.Left ? "left" : "changed")} and is not in the book.");
        if (step.Step == BookStep.Changed)
        {
            orders[place] = step with { Step = BookStep.Came };
            return;
        }
        orders.RemoveAt(place);
        if (orders.Count > 0) return;
        Free(levels[at]);
        levels.RemoveAt(at);
    }

    /// <summary>Adds all orders of one side, best price first, oldest first.</summary>
    public void CopyTo(Side side, List<EntryStep> to)
    {
        var levels = side == Side.Buy ? _bids : _asks;
        for (var i = levels.Count - 1; i >= 0; i--) to.AddRange(levels[i].Orders);
    }

    // What comes stands last, but for an image that is folded again.
    private static void Add(List<EntryStep> orders, in EntryStep step)
    {
        if (orders.Count == 0 || orders[^1].Entry < step.Entry) orders.Add(step);
        else orders.Insert(Find(orders, step.Entry), step);
    }

    private Level Take(int ticks)
    {
        if (!_free.TryPop(out var level)) level = new Level();
        level.Ticks = ticks;
        return level;
    }

    private void Free(Level level)
    {
        level.Orders.Clear();
        _free.Push(level);
    }

    private static int Find(List<Level> levels, Side side, int ticks)
    {
        // Bids stand ascending and asks descending.
        int low = 0, high = levels.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (side == Side.Buy ? levels[middle].Ticks < ticks : levels[middle].Ticks > ticks) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static int Find(List<EntryStep> orders, long entry)
    {
        int low = 0, high = orders.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (orders[middle].Entry < entry) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
