using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>
/// The shown books order by order, for who shows them to others. The numbers of places are state, so that a replay gives the
/// same; who follows is not, and changes no event.
/// </summary>
public sealed partial class VenueEngine<TEvents>
{
    [NotState] private EntryStep[] _steps = [];
    [NotState] private int _stepCount;

    /// <summary>The steps of all followed books since the owner last called <see cref="ForgetSteps"/>, in order.</summary>
    public ReadOnlySpan<EntryStep> Steps => _steps.AsSpan(0, _stepCount);

    /// <summary>The owner has seen to <see cref="Steps"/>.</summary>
    public void ForgetSteps() => _stepCount = 0;

    /// <summary>From now on this instrument's steps are told, or not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such instrument.</exception>
    public void Follow(int instrument, bool isFollowed) => Known(instrument).Book.IsFollowed = isFollowed;

    /// <summary>Adds all that one side of a shown book has, best price first, oldest first: what a follower begins with.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such instrument.</exception>
    public void CopyEntries(int instrument, Side side, List<EntryStep> to)
    {
        ArgumentNullException.ThrowIfNull(to);
        var book = Known(instrument).Book;
        for (var more = book.TryBest(side, out var price); more; more = book.TryNext(side, price, out price))
            for (var slot = book.LevelAt(side, price).Head; slot != 0; slot = _slab[slot].Next)
                to.Add(new EntryStep(instrument, BookStep.Came, side, (int)price.Ticks, _slab[slot].Lots, EntryOf(slot)));
    }

    private Instrument<Fills> Known(int instrument) =>
        InstrumentOf(instrument) ?? throw new ArgumentOutOfRangeException(nameof(instrument), instrument, "no such instrument");

    /// <summary>An order that never left its first place is known by its own number: nothing is written for it.</summary>
    private long EntryOf(int slot) => _orders[slot].IsRequeued ? _places[slot] : _orders[slot].Entered;

    /// <summary>The order is about to stand last at a price, and not for the first time, or later than it came.</summary>
    private void Requeue(int slot)
    {
        _orders[slot].Requeue();
        _places[slot] = _sessionOrders.NextPlace();
    }

    private void AddStep(int slot, BookStep step)
    {
        if (_stepCount == _steps.Length) Array.Resize(ref _steps, Math.Max(256, _stepCount * 2));
        ref var order = ref _slab[slot];
        _steps[_stepCount++] = new EntryStep(_orders[slot].Instrument, step, order.Side, order.Ticks, step == BookStep.Left ? 0 : order.Lots, EntryOf(slot));
    }
}
