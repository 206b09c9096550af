using Venue.Messages;

namespace Venue.Gateway;

/// <summary>The engine's shown books, order by order.</summary>
public interface IOrderBooks
{
    /// <summary>From now on the steps of this instrument's orders are told (<see cref="Gateway.On(ReadOnlySpan{EntryStep})"/>), or not.</summary>
    void Follow(int instrument, bool isFollowed);

    /// <summary>True when the orders of this instrument, which is followed, are there; false while they are on their way.</summary>
    bool Has(int instrument);

    /// <summary>All orders of one side, best price first, oldest first. Good until the next call.</summary>
    ReadOnlySpan<EntryStep> Entries(int instrument, Side side);
}
